//! A script of faults is read without a panic, and whatever it makes of an answer is an answer.
#![no_main]

use std::sync::LazyLock;

use ark_usage_emulator::faults::Effect;
use ark_usage_emulator::{
    DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Emulator, EmulatorOptions, FaultScript,
};
use fuzz::now;
use http::Request;
use libfuzzer_sys::fuzz_target;
use volc_sign::{Credentials, Signer};

/// One day, signed.
static DAY: LazyLock<Request<Vec<u8>>> = LazyLock::new(|| {
    let body = br#"{"Interval":86400,"StartTime":1731945600,"EndTime":1731945600}"#.to_vec();
    let url = "http://127.0.0.1/?Action=GetUsage&Version=2024-01-01";
    let mut request = Request::post(url).body(body).expect("a request");
    let key = Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY);
    let signer = Signer::new(key, "cn-beijing", "ark");
    signer.sign_request(&mut request, now()).expect("signed");
    request
});

fuzz_target!(|text: &str| {
    let faults = match FaultScript::from_toml(text) {
        Ok(faults) => faults,
        Err(error) => return drop((error.to_string(), format!("{error:?}"))),
    };
    // Megabytes packed for each input would be all that is ever done here.
    let large = |effect: &Effect| matches!(effect, Effect::GzipBomb { bytes } if *bytes > 65_536);
    if faults.faults.iter().any(|fault| large(&fault.effect)) {
        return;
    }
    let emulator = Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() });
    for _ in 0..2 {
        assert!(emulator.handle(&DAY, now()).status().as_u16() >= 200);
    }
});
