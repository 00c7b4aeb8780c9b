//! The emulator on a socket, in a thread of its own, and clients for it.

use std::sync::mpsc;
use std::thread;
use std::time::{Instant, SystemTime};

use ark_usage_emulator::{Account, Emulator, EmulatorOptions, Limits, serve_on};
use ark_usage_transport::{Client, HyperOptions, HyperTransport};
use volc_openapi::BaseUrl;
use volc_sign::{Credentials, Signer, SigningTime};

/// The start of 2025 at UTC+8.
pub const NEW_YEAR: i64 = 1_735_660_800;
pub const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;

/// Starts an emulator for the rest of the process. Its seconds begin an eighth of a second before
/// this call, so that calls four times a second do not fall onto their edges.
pub fn start(options: EmulatorOptions, limits: Limits) -> BaseUrl {
    let (tell, told) = mpsc::channel();
    let (begin, unix) = (Instant::now(), unix());
    thread::spawn(move || {
        runtime().block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let clock = move || {
                let seconds = (begin.elapsed().as_millis() + 125) / 1000;
                SigningTime::from_unix(unix + seconds as u64).expect("an instant")
            };
            let server = serve_on(listener, Emulator::new(options), clock, limits).expect("serves");
            tell.send(server.base_url()).expect("somebody waits");
            server.join().await;
        });
    });
    told.recv().expect("it starts").parse().expect("a base URL")
}

/// So many accounts with keys that open nothing.
pub fn accounts(count: usize) -> Vec<Account> {
    let key = |index| {
        let id = format!("AKLTEXAMPLE{index:022}");
        Credentials::new(id, "fake-secret-for-tests-only-0001")
    };
    (0..count).map(|index| Account::new(key(index), 2_100_000_001 + index as u64)).collect()
}

/// A client with the keys of all of them.
pub fn client(accounts: &[Account]) -> Client<HyperTransport, Vec<Signer>> {
    let signer = |account: &Account| Signer::new(account.credentials.clone(), "cn-beijing", "ark");
    Client::new(
        HyperTransport::new(HyperOptions::default()),
        accounts.iter().map(signer).collect::<Vec<_>>(),
    )
}

/// A runtime on the calling thread, as the program has it.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn unix() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}
