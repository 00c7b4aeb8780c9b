//! The engines: a real Prometheus and a real `VictoriaMetrics`, on loopback.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::failure::Failure;

/// The time an engine has to start: a hundred looks of a tenth of a second.
const LOOKS: u32 = 300;
const LOOK: Duration = Duration::from_millis(100);

/// One of the engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiverKind {
    Prometheus,
    VictoriaMetrics,
}

/// Takes samples of the past in any order; there is nothing to scrape.
const CONFIGURATION: &str = "storage:\n  tsdb:\n    out_of_order_time_window: 90d\n";

impl ReceiverKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::VictoriaMetrics => "victoria-metrics",
        }
    }

    /// The folder under the target folder that its package was unpacked in.
    const fn folder(self) -> &'static str {
        match self {
            Self::Prometheus => "promtool",
            Self::VictoriaMetrics => "victoria-metrics",
        }
    }

    /// The program that was unpacked, else that of the machine.
    pub(super) fn program(self, target: &Path) -> Option<PathBuf> {
        let unpacked = target.join(self.folder()).join("usr/bin").join(self.name());
        let program = if unpacked.is_file() { unpacked } else { PathBuf::from(self.name()) };
        let version = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
        version.is_ok_and(|output| output.status.success()).then_some(program)
    }

    fn arguments(self, port: u16, folder: &Path) -> Vec<String> {
        let (address, data) = (format!("127.0.0.1:{port}"), folder.join("data"));
        let data = data.display();
        match self {
            Self::Prometheus => vec![
                format!("--config.file={}", folder.join("prometheus.yml").display()),
                format!("--storage.tsdb.path={data}"),
                "--storage.tsdb.retention.time=20y".to_owned(),
                format!("--web.listen-address={address}"),
                "--web.enable-remote-write-receiver".to_owned(),
            ],
            Self::VictoriaMetrics => vec![
                format!("-storageDataPath={data}"),
                "-retentionPeriod=100y".to_owned(),
                format!("-httpListenAddr={address}"),
                "-dedup.minScrapeInterval=1ms".to_owned(),
                "-search.latencyOffset=0s".to_owned(),
            ],
        }
    }
}

/// An engine that is running; dropping it ends it.
pub(super) struct SampleReceiver {
    kind: ReceiverKind,
    child: Child,
    port: u16,
}

impl SampleReceiver {
    /// Starts one with no data, and waits until it answers.
    pub(super) fn start(
        kind: ReceiverKind,
        program: &Path,
        folder: &Path,
    ) -> Result<Self, Failure> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed)?;
        }
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(folder.join("prometheus.yml"), CONFIGURATION).map_err(failed)?;
        // Free a moment ago; the engines do not say which port they take.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.map_err(failed)?.port();
        let log = File::create(folder.join("log")).map_err(failed)?;
        let mut command = Command::new(program);
        command.args(kind.arguments(port, folder)).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.stderr(log).current_dir(folder).spawn().map_err(failed)?;
        let mut engine = Self { kind, child, port };
        for _ in 0..LOOKS {
            if engine.get("/-/ready").or_else(|_| engine.get("/health")).is_ok() {
                return Ok(engine);
            }
            if engine.child.try_wait().map_err(failed)?.is_some() {
                break;
            }
            pause(LOOK);
        }
        let log = folder.join("log");
        Err(Failure::other(format!("{} does not start: see {}", kind.name(), log.display())))
    }

    /// The address for remote write.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1/write", self.port)
    }

    /// The values of an instant query, by project or endpoint and by metric.
    pub(super) fn query(&self, query: &str, time: i64) -> Result<Vec<(String, f64)>, Failure> {
        if self.kind == ReceiverKind::VictoriaMetrics {
            // Samples can be asked for once they are flushed.
            self.get("/internal/force_flush")?;
        }
        let encoded: Vec<String> = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        let text = self.get(&format!("/api/v1/query?query={encoded}&time={time}&nocache=1"))?;
        let answer: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::other(format!("{query}: {error}: {text}")))?;
        let results = answer.pointer("/data/result").and_then(Value::as_array);
        let results = results.ok_or_else(|| Failure::other(format!("{query}: {text}")))?;
        let value = |result: &Value| {
            let label = |name: &str| {
                result.pointer(&format!("/metric/{name}")).and_then(Value::as_str).unwrap_or("")
            };
            let key = format!("{}{} {}", label("project"), label("endpoint_id"), label("metric"));
            let value = result.pointer("/value/1")?.as_str()?.parse().ok()?;
            Some((key, value))
        };
        let mut values: Vec<_> = results.iter().filter_map(value).collect();
        values.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(values)
    }

    fn get(&self, path: &str) -> Result<String, Failure> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(failed)?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.split(' ').nth(1).is_some_and(|s| s.starts_with('2')) => {
                Ok(body.to_owned())
            }
            _ => Err(Failure::other(format!("{}: {path}: {answer}", self.kind.name()))),
        }
    }
}

impl Drop for SampleReceiver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits.
pub(super) fn pause(time: Duration) {
    #[expect(clippy::disallowed_methods, reason = "an engine needs its time, and so does a kill")]
    std::thread::sleep(time);
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
pub(super) fn failed(error: std::io::Error) -> Failure {
    Failure::other(format!("remote-write: {error}"))
}
