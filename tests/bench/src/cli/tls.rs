//! How long it takes from starting a program until a server has read the first byte of its signed
//! request, through TLS.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::figures::Figure;
use crate::pairs::median;
use crate::programs::{Call, Programs};

const RUNS: usize = 21;

/// A whole answer, so that nobody asks again.
const ANSWER: &str = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[{"Name":"PromptTokens","MetricItems":[{"Values":[{"Timestamp":1735660800,"Value":7}]}]}]}}"#;

/// Ours and Python's in turn.
pub fn measure(programs: &Programs) -> Vec<Figure> {
    let server = Server::start();
    let call = Call {
        base_url: format!(
            "https://127.0.0.1:{}",
            server.listener.local_addr().expect("bound").port()
        ),
        ca_bundle: Some(server.ca_bundle.clone()),
    };
    let python = programs.python(&call);
    if python.is_none() {
        println!("first byte over TLS, Python SDK: SKIPPED, because it is not installed");
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(server.first_byte(programs.ours(&call)));
        if let Some(python) = &python {
            theirs.push(server.first_byte(python()));
        }
    }
    std::fs::remove_file(&server.ca_bundle).expect("it was written");
    let ours = median(ours);
    let mut figures = vec![Figure::noted("first signed byte over TLS", ours, "ms")];
    if !theirs.is_empty() {
        let theirs = median(theirs);
        figures.push(Figure::noted("the same, Python SDK", theirs, "ms"));
        figures.push(Figure::noted("the same, to the Python SDK", theirs / ours, "x faster"));
    }
    figures
}

struct Server {
    listener: TcpListener,
    config: Arc<ServerConfig>,
    ca_bundle: PathBuf,
}

impl Server {
    /// With a certificate of its own making.
    fn start() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A server of the same name as its issuer is self-signed to OpenSSL.
        params.distinguished_name.push(DnType::CommonName, "an authority of this bench alone");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
        let issuer = issuer.expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("an address");
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        let ca_bundle = std::env::temp_dir().join(format!("bench-cli-{}.pem", std::process::id()));
        std::fs::write(&ca_bundle, issuer.pem()).expect("a scratch file");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a pair");
        Self {
            listener: TcpListener::bind("127.0.0.1:0").expect("a free port"),
            config: Arc::new(config),
            ca_bundle,
        }
    }

    /// Milliseconds from before it is started until the first byte of its request was read.
    fn first_byte(&self, mut command: Command) -> f64 {
        let begin = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
        let (socket, _) = self.listener.accept().expect("a client");
        let session = ServerConnection::new(Arc::clone(&self.config)).expect("a session");
        let mut stream = StreamOwned::new(session, socket);
        let mut bytes = [0; 16 * 1024];
        let read = match stream.read(&mut bytes) {
            Ok(read) => read,
            Err(error) => panic!("{error}: {:?}", child.wait_with_output()),
        };
        let took = begin.elapsed().as_secs_f64() * 1e3;
        assert!(bytes[..read].starts_with(b"POST /?Action=GetUsage"), "another request came");
        let length = ANSWER.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{ANSWER}"
        )
        .expect("the client reads");
        stream.conn.send_close_notify();
        stream.flush().expect("the client reads");
        // The rest of its request, until it hangs up: closing on it would take the answer away.
        let _ = stream.read_to_end(&mut Vec::new());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{output:?}");
        took
    }
}
