//! A provider that misbehaves on command: answers what a test sets, counts what it is asked. For
//! what a real provider would never do; the good cases are in `provider.rs`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

pub const DISCOVERY: &str = "/.well-known/openid-configuration";
pub const JWKS: &str = "/jwks";

#[derive(Clone)]
pub enum Answer {
    Json(String),
    /// The JSON, with this `Cache-Control`.
    Kept(String, &'static str),
    Status(u16),
    Redirect(String),
    /// Bytes without end.
    Endless,
    Silence,
    /// The JSON, once [`Stub::release`] was called.
    Held(String),
}

#[derive(Clone)]
pub struct Stub {
    pub issuer: String,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<HashMap<String, usize>>>,
    gate: Arc<Semaphore>,
}

impl Stub {
    /// A provider with these keys.
    pub async fn start(keys: &serde_json::Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let stub = Self {
            issuer: issuer.clone(),
            answers: Arc::default(),
            asked: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        };
        stub.set(
            DISCOVERY,
            Answer::Json(json!({ "issuer": issuer, "jwks_uri": format!("{issuer}{JWKS}") }).to_string()),
        );
        stub.set(JWKS, Answer::Json(keys.to_string()));
        let serving = stub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stub = serving.clone();
                tokio::spawn(async move { stub.serve(stream).await });
            }
        });
        stub
    }

    pub fn set(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// How often this path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    /// Lets all held answers go.
    pub fn release(&self) {
        self.gate.add_permits(1000);
    }

    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let path = String::from_utf8(head).ok()?.split(' ').nth(1)?.to_owned();
        *self.asked.lock().unwrap().entry(path.clone()).or_default() += 1;
        let answer = self.answers.lock().unwrap().get(&path).cloned().unwrap_or(Answer::Status(404));
        let close = "connection: close\r\ncontent-length";
        let text = match answer {
            Answer::Json(body) => format!("HTTP/1.1 200 OK\r\n{close}: {}\r\n\r\n{body}", body.len()),
            Answer::Kept(body, cache) => {
                format!("HTTP/1.1 200 OK\r\ncache-control: {cache}\r\n{close}: {}\r\n\r\n{body}", body.len())
            }
            Answer::Status(status) => format!("HTTP/1.1 {status} Stub\r\n{close}: 0\r\n\r\n"),
            Answer::Redirect(to) => format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n{close}: 0\r\n\r\n"),
            Answer::Held(body) => {
                self.gate.acquire().await.ok()?.forget();
                format!("HTTP/1.1 200 OK\r\n{close}: {}\r\n\r\n{body}", body.len())
            }
            Answer::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await.ok()?;
                loop {
                    stream.write_all(&[b' '; 4096]).await.ok()?;
                }
            }
            Answer::Silence => std::future::pending().await,
        };
        stream.write_all(text.as_bytes()).await.ok()
    }
}
