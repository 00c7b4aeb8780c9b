//! A terminal of any width for the program under test: a pseudoterminal for each of its outputs, so
//! that they can be told apart.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use rustix_openpty::openpty;
use rustix_openpty::rustix::termios::Winsize;

use crate::program::{Finished, status_of};

/// Runs `command` to its end on a terminal of `width` columns, with `stdin` from a pipe.
pub fn run_on_terminal(mut command: Command, stdin: &str, width: u16) -> Finished {
    let stdout = Screen::new(width);
    let stderr = Screen::new(width);
    command.stdin(Stdio::piped()).stdout(stdout.user).stderr(stderr.user);
    let mut child = command.spawn().expect("the program can be started");
    // The command keeps its ends of the terminals open, and nobody would see the end.
    drop(command);
    let mut input = child.stdin.take().expect("standard input is a pipe");
    let text = stdin.to_owned();
    // A program that does not read its input may be gone already.
    thread::spawn(move || input.write_all(text.as_bytes()));
    let status = status_of(&mut child);
    let text = |screen: thread::JoinHandle<String>| screen.join().expect("a terminal is readable");
    Finished { status, stdout: text(stdout.shown), stderr: text(stderr.shown) }
}

/// One terminal.
struct Screen {
    user: Stdio,
    shown: thread::JoinHandle<String>,
}

impl Screen {
    fn new(width: u16) -> Self {
        let size = Winsize { ws_row: 40, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(None, Some(&size)).expect("there is a pseudoterminal");
        let controller = File::from(pty.controller);
        Self { user: Stdio::from(pty.user), shown: thread::spawn(|| read(controller)) }
    }
}

/// All that is written to a terminal, with line ends as the program wrote them.
fn read(mut controller: File) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    // Linux says "input/output error" once nobody has the terminal open any more.
    while let Ok(length) = controller.read(&mut piece) {
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(piece.get(..length).unwrap_or_default());
    }
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}
