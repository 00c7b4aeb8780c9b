//! A service on loopback that takes its time: 200 endpoints of one project, hours of any window.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::year::{self, ENDPOINTS, HOUR, METRICS};

/// The time that the service takes for every answer.
const DELAY: Duration = Duration::from_millis(100);

/// The times at which requests arrived and were answered.
type Calls = Arc<Mutex<Vec<(Instant, Instant)>>>;

pub struct NightServer {
    pub base_url: String,
    calls: Calls,
}

impl NightServer {
    /// Starts a server for the rest of the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let calls = Calls::default();
        let shared = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let calls = Arc::clone(&shared);
                thread::spawn(move || drop(serve(&stream, &calls)));
            }
        });
        Self { base_url, calls }
    }

    /// Takes the calls since the last time: the number of them, and the seconds in which at least one of
    /// them was waiting for its answer.
    pub fn take_calls(&self) -> (usize, f64) {
        let mut calls = std::mem::take(&mut *self.calls.lock().expect("no thread panics with it"));
        calls.sort_unstable();
        let (mut waited, mut until) = (Duration::ZERO, None::<Instant>);
        for (arrived, answered) in &calls {
            let from = until.map_or(*arrived, |until| until.max(*arrived));
            waited += answered.saturating_duration_since(from);
            until = Some(until.map_or(*answered, |until| until.max(*answered)));
        }
        (calls.len(), waited.as_secs_f64())
    }
}

fn serve(mut stream: &TcpStream, calls: &Mutex<Vec<(Instant, Instant)>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut target, mut length, mut head) = (String::new(), 0, String::new());
        while reader.read_line(&mut head)? > 2 {
            if target.is_empty() {
                target.clone_from(&head);
            }
            if let Some(value) = head.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            head.clear();
        }
        if target.is_empty() {
            return Ok(());
        }
        let arrived = Instant::now();
        let mut request = vec![0; length];
        reader.read_exact(&mut request)?;
        let request: Value = serde_json::from_slice(&request).unwrap_or_default();
        let result = result(&target, &request);
        let body = json!({"ResponseMetadata": {"RequestId": "r1"}, "Result": result}).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        thread::sleep(DELAY.saturating_sub(arrived.elapsed()));
        stream.write_all((head + &body).as_bytes())?;
        calls.lock().expect("no thread panics with it").push((arrived, Instant::now()));
    }
}

fn result(target: &str, request: &Value) -> Value {
    if target.contains("Action=GetCallerIdentity") {
        json!({"AccountId": 2_100_000_001_u64, "IdentityType": "Account"})
    } else if target.contains("Action=ListProjects") {
        json!({"Total": 1, "Projects": [{"ProjectName": "default"}]})
    } else if target.contains("Action=ListEndpoints") {
        let number = |name| request[name].as_u64().unwrap_or(1) as usize;
        let (page, size) = (number("PageNumber"), number("PageSize"));
        let shown = (0..ENDPOINTS).skip((page - 1) * size).take(size);
        let items: Vec<Value> =
            shown.map(|number| json!({"Id": year::endpoint(number), "Name": "e"})).collect();
        json!({"TotalCount": ENDPOINTS, "PageNumber": page, "PageSize": size, "Items": items})
    } else {
        usage(request)
    }
}

/// A line for each endpoint that is asked for, or one of them all.
fn usage(request: &Value) -> Value {
    let instant = |name| request[name].as_i64().unwrap_or(0);
    let first = instant("StartTime").div_euclid(HOUR) * HOUR;
    let hours = |endpoint: usize, metric: usize| {
        let starts = (first..instant("EndTime")).step_by(HOUR as usize);
        let value = |at| json!({"Timestamp": at, "Value": year::value(endpoint, metric, at)});
        starts.map(value).collect::<Vec<_>>()
    };
    let asked = request["EndpointIds"].as_array().map_or(&[][..], Vec::as_slice);
    let metrics = METRICS.iter().enumerate().map(|(place, metric)| {
        let of_one = |id: &Value| {
            let number = (0..ENDPOINTS).find(|number| id == &year::endpoint(*number)).unwrap_or(0);
            json!({"Tags": [{"Key": "EndpointId", "Value": id}], "Values": hours(number, place)})
        };
        let mut items: Vec<Value> = asked.iter().map(of_one).collect();
        if items.is_empty() {
            items.push(json!({"Tags": [], "Values": hours(0, place)}));
        }
        json!({"Name": metric.as_str(), "MetricItems": items})
    });
    json!({"UsageResults": metrics.collect::<Vec<_>>()})
}
