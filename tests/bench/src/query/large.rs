//! A month of hours of 2,000 endpoints in one answer: how much memory reading it takes.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, ExitCode};
use std::thread;

use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};

use crate::figures::Figure;
use crate::process::peak_memory;
use crate::service::{HOUR, NEW_YEAR, accounts, client, runtime};

const METRICS: [&str; 3] = ["PromptTokens", "CompletionTokens", "CachedTokens"];
const ENDPOINTS: usize = 2_000;
const HOURS: i64 = 744;

/// Serves the answer, and lets a process of its own read it.
pub fn measure() -> Vec<Figure> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut length = Counter(0);
    write_body(&mut length).expect("counting cannot fail");
    let length = length.0;
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        serve(stream, length).expect("the client reads");
    });
    let program = std::env::current_exe().expect("this program");
    let child = Command::new(program).args(["--read-large", &url]).output().expect("it starts");
    assert!(child.status.success(), "{child:?}");
    server.join().expect("the server ends");
    let told = String::from_utf8(child.stdout).expect("a number");
    let peak: f64 = told.trim().parse().expect("a number");
    vec![
        Figure::at_most("a large answer, peak memory", peak / length as f64, "x bytes", 1.6),
        Figure::noted("a large answer, bytes", length as f64 / 1e6, "MB"),
    ]
}

/// Asks for everything at once and says how much memory that took.
pub fn read(url: &str) -> ExitCode {
    let window =
        Window::new(Interval::Hour, NEW_YEAR, NEW_YEAR + (HOURS - 1) * HOUR).expect("aligned");
    let options = QueryOptions { max_window_hours: HOURS as u32, ..QueryOptions::default() };
    let targets = vec![Target::new(AccountId(0))];
    let base_url = url.parse().expect("a base URL");
    let query = UsageQuery::new(targets, window, base_url, options).expect("a query");
    let client = client(&accounts(1));
    let report = runtime().block_on(client.run(query, &mut ()));
    assert!(report.coverage.complete, "{:?}", report.coverage);
    let points: usize = report.series.iter().map(|series| series.points.len()).sum();
    assert_eq!(points, METRICS.len() * ENDPOINTS * HOURS as usize);
    println!("{}", peak_memory());
    ExitCode::SUCCESS
}

/// Answers one request, byte by byte as it is made up: the whole never lies in this process.
fn serve(stream: TcpStream, length: u64) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    write!(
        out,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )?;
    write_body(&mut out)?;
    out.flush()
}

fn write_body(out: &mut impl Write) -> std::io::Result<()> {
    write!(
        out,
        r#"{{"ResponseMetadata":{{"RequestId":"20250101000000000000000000000001","Action":"GetUsage"}},"Result":{{"UsageResults":["#
    )?;
    for (metric, name) in METRICS.iter().enumerate() {
        let comma = if metric > 0 { "," } else { "" };
        write!(out, r#"{comma}{{"Name":"{name}","MetricItems":["#)?;
        for endpoint in 0..ENDPOINTS {
            let comma = if endpoint > 0 { "," } else { "" };
            write!(
                out,
                r#"{comma}{{"Tags":[{{"Key":"EndpointId","Value":"ep-20240801120000-{endpoint:05}"}}],"Values":["#
            )?;
            for hour in 0..HOURS {
                let comma = if hour > 0 { "," } else { "" };
                let (timestamp, value) =
                    (NEW_YEAR + hour * HOUR, 100_000 + (endpoint as i64 * 7 + hour) % 900_000);
                write!(out, r#"{comma}{{"Timestamp":{timestamp},"Value":{value}}}"#)?;
            }
            write!(out, "]}}")?;
        }
        write!(out, "]}}")?;
    }
    write!(out, "]}}}}")
}

/// Counts bytes.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
