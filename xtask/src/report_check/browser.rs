//! Headless Chromium, spoken to through its `DevTools` pipe: JSON messages that end with a NUL, on
//! file descriptors 3 and 4.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{at, lacking};
use crate::failure::Failure;

/// One tab of a browser that this program started, and ends when dropped.
pub(super) struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    session: String,
    last_id: u64,
    /// Events not yet read.
    events: VecDeque<Value>,
}

/// The names it goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A page that is not there by then never will be.
const PATIENCE: Duration = Duration::from_mins(1);

impl Browser {
    /// Starts it with a profile of its own in `folder`.
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        let profile = folder.join("profile");
        // What an earlier run left would only be asked about.
        let _ = std::fs::remove_dir_all(&profile);
        let name = NAMES.into_iter().find(|name| is_there(name));
        let name = name.ok_or_else(|| lacking("there is no Chromium to look at pages with"))?;
        // The pipe is on descriptors 3 and 4, which only a shell can arrange without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 1>/dev/null", name])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::other(format!("{name} could not be started: {error}")))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::other(format!("{name} has no pipe")));
        };
        let mut browser = Self {
            child,
            input,
            messages: read(output),
            session: String::new(),
            last_id: 0,
            events: VecDeque::new(),
        };
        browser.open_tab()?;
        Ok(browser)
    }

    fn open_tab(&mut self) -> Result<(), Failure> {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}))?;
        let attach = json!({"targetId": at(&target, "/targetId"), "flatten": true});
        let attached = self.call("Target.attachToTarget", &attach)?;
        self.session = text(at(&attached, "/sessionId"));
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), &json!({}))?;
        }
        Ok(())
    }

    /// Asks for something, and waits for the answer; what happens meanwhile is kept.
    pub(super) fn call(&mut self, method: &str, parameters: &Value) -> Result<Value, Failure> {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if !self.session.is_empty() {
            add(&mut message, "sessionId", &self.session);
        }
        let sent = write!(self.input, "{message}\0").and_then(|()| self.input.flush());
        sent.map_err(|error| Failure::other(format!("Chromium is gone: {error}")))?;
        loop {
            let mut message = self.next()?;
            if *at(&message, "/id") != json!(id) {
                self.events.push_back(message);
            } else if at(&message, "/error").is_null() {
                return Ok(take(&mut message, "/result"));
            } else {
                return Err(Failure::other(format!("{method}: {}", at(&message, "/error"))));
            }
        }
    }

    /// Shows a page, and waits until all of it is there.
    pub(super) fn open(&mut self, url: &str) -> Result<(), Failure> {
        self.events.clear();
        let answer = self.call("Page.navigate", &json!({"url": url}))?;
        if let Some(error) = at(&answer, "/errorText").as_str() {
            return Err(Failure::other(format!("{url}: {error}")));
        }
        while !self.events.iter().any(|event| at(event, "/method") == "Page.loadEventFired") {
            let message = self.next()?;
            self.events.push_back(message);
        }
        Ok(())
    }

    /// Evaluates an expression on the page.
    pub(super) fn evaluate(&mut self, expression: &str) -> Result<Value, Failure> {
        let ask = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", &ask)?;
        if at(&answer, "/exceptionDetails").is_null() {
            return Ok(take(&mut answer, "/result/value"));
        }
        Err(Failure::other(format!("{expression}: {}", at(&answer, "/exceptionDetails"))))
    }

    /// The events since the page was opened.
    pub(super) fn events(&mut self) -> impl Iterator<Item = &Value> {
        self.events.extend(self.messages.try_iter());
        self.events.iter()
    }

    /// The whole page as PNG.
    pub(super) fn picture(&mut self) -> Result<Vec<u8>, Failure> {
        let ask = json!({"format": "png", "captureBeyondViewport": true});
        let answer = self.call("Page.captureScreenshot", &ask)?;
        decoded(&answer)
    }

    /// The page as it is printed, as PDF.
    pub(super) fn paper(&mut self) -> Result<Vec<u8>, Failure> {
        let ask = json!({"preferCSSPageSize": true, "printBackground": false,
            "paperWidth": 8.27, "paperHeight": 11.69});
        let answer = self.call("Page.printToPDF", &ask)?;
        decoded(&answer)
    }

    fn next(&mut self) -> Result<Value, Failure> {
        let message = self.messages.recv_timeout(PATIENCE);
        message.map_err(|_| Failure::other("Chromium says nothing any more"))
    }
}

/// Nothing of its own may go out, and nothing may be left over from before.
const FLAGS: [&str; 12] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
];

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call("Browser.close", &json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_there(name: &str) -> bool {
    let tried = Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// Reads in a thread of its own, so that waiting can come to an end.
fn read(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for message in BufReader::new(output).split(0) {
            let Some(value) = message.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok())
            else {
                return;
            };
            if sender.send(value).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Takes out the value at a path.
fn take(value: &mut Value, path: &str) -> Value {
    value.pointer_mut(path).map(Value::take).unwrap_or_default()
}

fn add(message: &mut Value, key: &str, text: &str) {
    if let Some(object) = message.as_object_mut() {
        object.insert(key.to_owned(), json!(text));
    }
}

/// The file in an answer of the browser.
fn decoded(answer: &Value) -> Result<Vec<u8>, Failure> {
    let text = text(at(answer, "/data"));
    BASE64.decode(text.as_bytes()).map_err(|error| Failure::other(format!("base64: {error}")))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
