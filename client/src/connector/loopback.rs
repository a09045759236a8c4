//! The redirect from the provider to a native program: a web server on a port of this machine that
//! answers one request (RFC 8252, 7.3). It accepts only the answer to its own sign-in; other
//! requests get no answer and do not end it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};

use super::RETURN_WAIT_S;
use crate::sign_in::flow::parameter;

/// Connections at a time; browsers open a few ahead.
const CONNECTIONS_MAX: usize = 16;
/// Longest life of a connection.
const CONNECTION_TIME: Duration = Duration::from_secs(20);
/// Wait after the system had no connection to give.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A free port, and the address that leads to it.
pub(super) async fn bind() -> std::io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}/", listener.local_addr()?);
    Ok((listener, address))
}

/// Waits for the one answer with this `state` and gives its query. `None` when nobody came in time.
///
/// # Cancel safety
/// Not cancel safe; dropping it closes the port.
pub(super) async fn answer(listener: TcpListener, state: String) -> Option<String> {
    let (taken, mut answer) = mpsc::channel(1);
    let state: Arc<str> = state.into();
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let accept = async {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
                continue;
            };
            let Ok(permit) = room.clone().try_acquire_owned() else { continue };
            let (state, taken) = (state.clone(), taken.clone());
            let service = service_fn(move |request| {
                let reply = reply(&request, &state, &taken);
                async move { Ok::<_, Infallible>(reply) }
            });
            // Of its own, so that the page still gets there when the answer is taken and the port
            // is closed.
            tokio::spawn(async move {
                let _permit = permit;
                let connection = hyper::server::conn::http1::Builder::new()
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(stream), service);
                drop(tokio::time::timeout(CONNECTION_TIME, connection).await);
            });
        }
    };
    let first = async {
        tokio::select! { query = answer.recv() => query, () = accept => None }
    };
    tokio::time::timeout(Duration::from_secs(RETURN_WAIT_S), first).await.ok().flatten()
}

fn reply(request: &Request<Incoming>, state: &str, taken: &mpsc::Sender<String>) -> Response<Full<Bytes>> {
    let query = request.uri().query().unwrap_or_default();
    if request.method() != Method::GET || request.uri().path() != "/" {
        return page(StatusCode::NOT_FOUND, "Nothing here", "This is only the way back to the game.");
    }
    if parameter(query, "state").as_deref() != Some(state) || taken.try_send(query.to_owned()).is_err() {
        return page(
            StatusCode::BAD_REQUEST,
            "Not this one",
            "The game is not waiting for this answer. Please sign in from the game once more.",
        );
    }
    if parameter(query, "error").is_some() {
        return page(StatusCode::OK, "Not signed in", "Go back to the game; it says more. You can close this page.");
    }
    page(StatusCode::OK, "You are signed in", "Go back to the game; it goes on there. You can close this page.")
}

/// A page in the game's colours, with nothing to load.
fn page(status: StatusCode, title: &str, text: &str) -> Response<Full<Bytes>> {
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>TileMUD</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\
         body{{margin:0;min-height:100vh;display:grid;place-content:center;justify-items:center;gap:14px;\
         background:#10131c;color:#9ea2b2;font:17px system-ui,sans-serif;text-align:center;padding:0 24px}}\
         h1{{margin:0;color:#f6be62;font-size:30px;font-weight:600}}p{{margin:0;line-height:1.5}}\
         i{{display:block;width:44px;height:44px;border-radius:10px;background:linear-gradient(#ffe296,#f6be62 60%,#d6683a)}}\
         </style></head><body><i></i><h1>{title}</h1><p>{text}</p></body></html>"
    );
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ] {
        headers.insert(name, hyper::header::HeaderValue::from_static(value));
    }
    response
}
