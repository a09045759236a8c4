//! FR-001, FR-012: a provider that is away is the server's trouble and not the players'. Nobody can
//! sign in, so the server is not ready and says why; a token against which nothing is known is
//! refused for now, not for good; and when the provider is back, the server is ready without
//! anybody having to try.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_persist::testing::CertificateAuthority;
use tilemud_support::player::{call, exchange, until};
use tilemud_support::process::Process;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Well-formed, and signed by nobody.
fn token(issuer: &str, expires_at: u64) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "iss": issuer, "aud": "tilemud", "sub": "ann", "exp": expires_at });
    format!("{}.{}.{}", part(json!({ "alg": "ES256", "kid": "one" })), part(claims), URL_SAFE_NO_PAD.encode([7; 64]))
}

/// Answers for a provider from now on.
fn open_provider(listener: TcpListener, issuer: String) {
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer_as_provider(stream, &issuer).await;
        }
    });
}

async fn answer_as_provider(mut stream: impl AsyncRead + AsyncWrite + Unpin, issuer: &str) {
    // The public key of RFC 7515, A.3.
    let key = json!({
        "kty": "EC", "crv": "P-256", "kid": "one", "alg": "ES256", "use": "sig",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { break };
        head.push(byte);
    }
    let body = if head.starts_with(b"GET /keys") {
        json!({ "keys": [key] })
    } else {
        json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") })
    }
    .to_string();
    let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_provider_away_the_server_is_not_ready_and_nobody_is_told_that_their_token_is_bad() {
    // A port that is ours, and that nobody listens on for now.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let issuer = format!("http://{}", socket.local_addr().unwrap());
    let data = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--log-filter", "warn", "--oidc-issuer", &issuer]);
    command.args(["--oidc-audience", "tilemud", "--data-dir"]).arg(data.path());
    let server = Process::run(command);
    let url = &server.url;
    let post = async |token: &str| {
        let body = json!({ "client_version": tilemud_schema::version() });
        call(url, Method::POST, "/api/session/bootstrap", Some(token), Some(body)).await
    };
    let readiness = async || exchange(url, Method::GET, "/readyz", None, None).await;

    let mut body = String::new();
    until(async || {
        let (status, _, bytes) = readiness().await;
        body = String::from_utf8(bytes.to_vec()).unwrap();
        status == StatusCode::SERVICE_UNAVAILABLE
    })
    .await;
    assert!(body.contains("identity: the identity provider cannot be reached"), "{body}");
    let (_, health) = call(url, Method::GET, "/api/health", None, None).await;
    assert_eq!(health["dependencies"]["identity"]["status"], "unavailable", "{health}");
    assert_eq!(health["status"], "degraded", "those who are in play on: {health}");
    let year_9999 = 253_370_764_800;
    let (status, refused) = post(&token(&issuer, year_9999)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{refused}");
    assert_eq!((&refused["code"], &refused["retryable"]), (&json!("UNAVAILABLE"), &json!(true)), "{refused}");
    let words = refused["message"].as_str().unwrap_or_default();
    assert!(words.contains("the identity provider cannot be reached"), "{refused}");
    // What could never be good is not put off.
    assert_eq!(post(&token(&issuer, 1)).await.1["code"], "AUTH_TOKEN_EXPIRED");
    assert_eq!(post(&token("http://127.0.0.1:1", year_9999)).await.1["code"], "AUTH_TOKEN_INVALID");
    assert_eq!(post("not.a.token").await.1["code"], "AUTH_TOKEN_INVALID");

    open_provider(socket.listen(16).unwrap(), issuer.clone());
    until(async || readiness().await.0 == StatusCode::OK).await;
    let (status, refused) = post(&token(&issuer, year_9999)).await;
    assert_eq!((status, &refused["code"]), (StatusCode::UNAUTHORIZED, &json!("AUTH_TOKEN_INVALID")));
    let (_, health) = call(url, Method::GET, "/api/health", None, None).await;
    assert_eq!((&health["status"], &health["dependencies"]["identity"]["status"]), (&json!("ok"), &json!("available")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_under_an_authority_of_its_own_is_believed_when_that_is_named_and_else_it_is_said_what_to_do() {
    let authority = CertificateAuthority::new();
    let files = authority.issue("localhost", 30);
    let tls = tilemud_net::tls::acceptor(&files.cert, &files.key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let named = issuer.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not believe it hangs up.
            if let Ok(stream) = tls.accept(stream).await {
                answer_as_provider(stream, &named).await;
            }
        }
    });
    let data = tempfile::tempdir().unwrap();
    let serve = |further: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "text", "--log-filter", "warn"]);
        command.args(["--oidc-issuer", &issuer, "--oidc-audience", "tilemud", "--data-dir"]).arg(data.path());
        command.args(further).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        command
    };
    let authority_file = authority.path().display().to_string();
    let mut by_variable = serve(&[]);
    by_variable.env("SSL_CERT_FILE", &authority_file);
    for command in [serve(&["--tls-ca", &authority_file]), by_variable] {
        let server = Process::run(command);
        until(async || exchange(&server.url, Method::GET, "/readyz", None, None).await.0 == StatusCode::OK).await;
        let body = json!({ "client_version": tilemud_schema::version() });
        let stranger = token(&issuer, 253_370_764_800);
        let (status, refused) =
            call(&server.url, Method::POST, "/api/session/bootstrap", Some(&stranger), Some(body)).await;
        // Its keys are known: this token is none of theirs.
        assert_eq!((status, &refused["code"]), (StatusCode::UNAUTHORIZED, &json!("AUTH_TOKEN_INVALID")), "{refused}");
        assert_eq!(server.terminate().code(), Some(0));
    }
    let output = tokio::task::block_in_place(|| serve(&["--wait", "1"]).output().unwrap());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for fragment in [&*issuer, "signed by an authority that is not known here", "--tls-ca"] {
        assert!(said.contains(fragment), "{fragment:?} in: {said}");
    }
}
