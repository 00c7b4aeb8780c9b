//! A recording is damaged or is replayed to its end, whatever it holds.
#![no_main]

use ark_usage_transport::{BlockingTransport, Clock, ReplayTransport};
use http::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let replay = match ReplayTransport::parse(text) {
        Ok(replay) => replay,
        Err(error) => return drop((error.to_string(), format!("{error:?}"))),
    };
    for _ in 0..3 {
        let request = Request::post("http://127.0.0.1/?Action=GetUsage&Version=2024-01-01");
        let request = request.body(b"{}".to_vec()).expect("a request");
        let before = replay.elapsed();
        let _ = BlockingTransport::send(&replay, request);
        replay.pause(std::time::Duration::from_secs(1));
        assert!(replay.elapsed() > before, "time passes");
    }
});
