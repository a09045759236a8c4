//! Test only: the reader and the writer as an echo, which is what conformance suites of WebSockets
//! talk to. The game itself echoes nothing.
//!
//! The suite of Autobahn (`wstest`, Python 2) runs against it in the long run; the table in `cases`
//! does always.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use fastwebsockets::OpCode;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tilemud_schema::Encoding;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::reader::Reader;
use super::upgrade;
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;

/// Says back what comes until the connection ends. What the game calls 4007, a violation of the
/// protocol, suites know as 1002.
pub(super) async fn echo(mut reader: Reader, outbox: Arc<Outbox>) {
    loop {
        match reader.whole().await {
            Ok((opcode, message)) => {
                let encoding = if opcode == OpCode::Text { Encoding::Json } else { Encoding::Postcard };
                outbox.send(OutFrame::payload(encoding, [message.freeze()]));
            }
            Err(ending) => {
                if ending.code.is_some() {
                    outbox.send(OutFrame::close(1002, ""));
                }
                break;
            }
        }
    }
    outbox.shut();
}

async fn opened(mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let (response, socket) = fastwebsockets::upgrade::upgrade(&mut request).unwrap();
    tokio::spawn(async move {
        let socket = socket.await.unwrap().into_inner();
        let (read, outbox, writer) = upgrade::open(40, Arc::default(), Encoding::Json, socket);
        echo(Reader::new(read, Arc::clone(&outbox)), outbox).await;
        let _ = writer.await;
    });
    Ok(response.map(|_| Full::default()))
}

/// Serves on a free port for as long as the test runs; the port.
async fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let served =
                http1::Builder::new().serve_connection(TokioIo::new(socket), service_fn(opened)).with_upgrades();
            tokio::spawn(served);
        }
    });
    port
}

/// Says hello as a client does, and then these frames; all that comes after the answer to the
/// upgrade.
async fn said_back(port: u16, frames: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    socket.write_all(&[head.as_bytes(), frames].concat()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    answer.split_off(end + 4)
}

#[tokio::test]
async fn the_shim_says_back_what_it_hears_over_a_real_socket() {
    let port = serve().await;
    let frames = [
        super::cases::frame(0x81, "h\u{e9}llo".as_bytes()),
        super::cases::frame(0x82, b"\xff"),
        super::cases::frame(0x88, b"\x03\xe9bye"),
    ];
    assert_eq!(said_back(port, &frames.concat()).await, b"\x81\x06h\xc3\xa9llo\x82\x01\xff\x88\x02\x03\xe9");
}

/// The cases that are not for us: frames beyond 4 KiB, which the contract refuses (1.1.6 to 1.1.8,
/// 1.2.6 to 1.2.8, 7.1.6, all of 9, 10.1.1), and compression, which is never agreed on (12, 13).
const NOT_FOR_US: &str =
    r#"["1.1.6", "1.1.7", "1.1.8", "1.2.6", "1.2.7", "1.2.8", "7.1.6", "9.*", "10.*", "12.*", "13.*"]"#;

/// What `wstest` needs besides itself, the newest for Python 2.
const PACKAGES: [&str; 8] = [
    "autobahntestsuite==25.10.1",
    "autobahn==0.10.9",
    "twisted==20.3.0",
    "pyOpenSSL==19.1.0",
    "cryptography==3.3.2",
    "jinja2==2.11.3",
    "markupsafe==1.1.1",
    "unittest2==1.1.0",
];

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&said));
}

/// Python 2.7: the one that the environment names, or the one of the path; also where `pyenv` looks
/// after several.
fn python() -> Command {
    let program = std::env::var_os("TILEMUD_TEST_PYTHON2").unwrap_or_else(|| "python2.7".into());
    let mut python = Command::new(program);
    python.env("PYENV_VERSION", "2.7.18");
    python
}

/// The suite, installed once.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/autobahn");
    if !folder.join("complete").exists() {
        let remedy = "the suite of Autobahn needs Python 2.7 with pip; name it with TILEMUD_TEST_PYTHON2";
        assert!(python().arg("--version").output().is_ok_and(|it| it.status.success()), "{remedy}");
        run(python().args(["-m", "pip", "install", "--quiet", "--target"]).arg(&folder).args(PACKAGES));
        // The packages of this name are in several folders for pip, and in one for us.
        std::fs::write(folder.join("zope/__init__.py"), "").unwrap();
        std::fs::write(folder.join("complete"), "").unwrap();
    }
    folder
}

/// The verdicts of the suite: which case, how it went, and how it was closed.
async fn verdicts(port: u16) -> Vec<(String, String, String)> {
    let reports = tempfile::tempdir().unwrap();
    let spec = reports.path().join("spec.json");
    let servers = format!(r#"[{{"agent": "tilemud", "url": "ws://127.0.0.1:{port}"}}]"#);
    let outdir = reports.path().display();
    let text = format!(
        r#"{{"outdir": "{outdir}", "servers": {servers}, "cases": ["*"], "exclude-cases": {NOT_FOR_US}, "exclude-agent-cases": {{}}}}"#
    );
    std::fs::write(&spec, text).unwrap();
    let folder = installed();
    let mut wstest = python();
    wstest.args(["-c", "from autobahntestsuite.wstest import run; run()", "-m", "fuzzingclient", "-s"]).arg(&spec);
    wstest.env("PYTHONPATH", folder).current_dir(reports.path());
    tokio::task::spawn_blocking(move || run(&mut wstest)).await.unwrap();
    let index = std::fs::read(reports.path().join("index.json")).unwrap();
    let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
    let cases = index["tilemud"].as_object().unwrap();
    let word = |case: &serde_json::Value, name: &str| case[name].as_str().unwrap_or_default().to_owned();
    cases.iter().map(|(id, case)| (id.clone(), word(case, "behavior"), word(case, "behaviorClose"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_suite_of_autobahn_passes_in_the_long_run() {
    let port = serve().await;
    // In every run: the shim behaves at both ends of what the suite asks.
    assert_eq!(said_back(port, &super::cases::frame(0x88, b"")).await, b"\x88\x02\x03\xe8");
    if std::env::var_os("TILEMUD_LONG").is_none() {
        return;
    }
    let verdicts = verdicts(port).await;
    let good = |behavior: &str| ["OK", "NON-STRICT", "INFORMATIONAL"].contains(&behavior);
    let bad: Vec<_> = verdicts.iter().filter(|(_, behavior, close)| !good(behavior) || !good(close)).collect();
    assert!(bad.is_empty(), "{} of {}: {bad:?}", bad.len(), verdicts.len());
    assert!(verdicts.len() >= 230, "only {} cases were run", verdicts.len());
}
