//! The browser's connector: `fetch` and `WebSocket`, both to where the page came from. Everything
//! runs on the page's one thread; the wake function is called inside the browser's own event, so a
//! hidden tab keeps up without frames.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use tilemud_schema::Encoding;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BinaryType, CloseEvent, Headers, MessageEvent, RequestInit, Response, WebSocket};

use super::place::Home;
use super::{Connector, ConnectorEvent, EVENTS_MAX, INBOUND_BYTES_MAX, WayBack};
use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::sign_in::{Entropy, Pending, page};

/// Bytes the browser may hold unsent before the socket counts as stuck.
const UNSENT_BYTES_MAX: u32 = 256 * 1024;

#[derive(Clone)]
struct Inbox {
    events: Rc<RefCell<VecDeque<ConnectorEvent>>>,
    wake: Rc<dyn Fn()>,
}

impl Inbox {
    /// `false` when the queue is full and the event was dropped.
    fn push(&self, event: ConnectorEvent) -> bool {
        let room = {
            let mut events = self.events.borrow_mut();
            let room = events.len() < EVENTS_MAX;
            if room {
                events.push_back(event);
            }
            room
        };
        (self.wake)();
        room
    }
}

/// A socket with the closures that the browser calls; dropping it detaches and closes.
struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing a socket that is closed already is no error worth knowing.
        drop(self.socket.close());
    }
}

/// Talks to the server the page came from.
pub struct WebConnector {
    home: Home,
    inbox: Inbox,
    socket: Option<Socket>,
}

impl WebConnector {
    /// `wake` is called whenever there is something to poll.
    pub fn new(home: Home, wake: Rc<dyn Fn()>) -> Self {
        Self { home, inbox: Inbox { events: Rc::default(), wake }, socket: None }
    }

    fn try_open(&self, id: CallId) -> Result<Socket, JsValue> {
        let socket = WebSocket::new_with_str(&self.home.realtime(), Encoding::Postcard.subprotocol())?;
        socket.set_binary_type(BinaryType::Arraybuffer);

        let inbox = self.inbox.clone();
        let on_open = Closure::<dyn FnMut()>::new(move || {
            inbox.push(ConnectorEvent::Opened { id });
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));

        let inbox = self.inbox.clone();
        let this = socket.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() else { return };
            let fits = buffer.byte_length() as usize <= INBOUND_BYTES_MAX;
            if !fits
                || !inbox.push(ConnectorEvent::Frame { id, bytes: Uint8Array::new(&buffer).to_vec(), waited_s: 0.0 })
            {
                drop(this.close());
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

        let inbox = self.inbox.clone();
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            inbox.push(ConnectorEvent::Closed { id, code: Some(event.code()) });
        });
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Socket { socket, _on_open: on_open, _on_message: on_message, _on_close: on_close })
    }
}

impl Connector for WebConnector {
    fn request(&mut self, id: CallId, request: HttpRequest) {
        let inbox = self.inbox.clone();
        let address = self.home.address(&request.path);
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = exchange(&address, request).await.map_err(|error| Unreachable(format!("{error:?}")));
            inbox.push(ConnectorEvent::Http { id, outcome });
        });
    }

    /// Ignores the address the server names, because behind proxies only the page's own address is
    /// sure to work.
    fn open_socket(&mut self, id: CallId, _url: &str) {
        self.socket = None;
        match self.try_open(id) {
            Ok(socket) => self.socket = Some(socket),
            Err(_) => drop(self.inbox.push(ConnectorEvent::Closed { id, code: None })),
        }
    }

    fn send(&mut self, frame: Vec<u8>) {
        if let Some(Socket { socket, .. }) = &self.socket
            && (socket.buffered_amount() > UNSENT_BYTES_MAX || socket.send_with_u8_array(&frame).is_err())
        {
            drop(socket.close());
        }
    }

    fn close_socket(&mut self) {
        self.socket = None;
    }

    fn make_way_back(&mut self, id: CallId) {
        let outcome = Ok(WayBack { redirect_uri: self.home.page(), entropy: Entropy::fresh() });
        self.inbox.push(ConnectorEvent::WayBack { id, outcome });
    }

    fn visit(&mut self, id: CallId, pending: &Pending) {
        if let Err(problem) = page::leave(pending) {
            self.inbox.push(ConnectorEvent::WayBack { id, outcome: Err(Unreachable(problem)) });
        }
    }

    /// The page that waits is the one that comes.
    fn stop_waiting(&mut self) {}

    fn poll(&mut self) -> Option<ConnectorEvent> {
        self.inbox.events.borrow_mut().pop_front()
    }
}

async fn exchange(address: &str, request: HttpRequest) -> Result<HttpAnswer, JsValue> {
    let headers = Headers::new()?;
    if let Some(bearer) = &request.bearer {
        headers.set("Authorization", &format!("Bearer {}", bearer.0))?;
    }
    let init = RequestInit::new();
    if let Some(body) = &request.body {
        headers.set("Content-Type", body.content_type)?;
        init.set_method("POST");
        init.set_body(&Uint8Array::from(body.bytes.as_slice()));
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or("no window")?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(address, &init)).await?.dyn_into()?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(HttpAnswer {
        status: response.status(),
        etag: response.headers().get("ETag")?,
        body: Uint8Array::new(&body).to_vec(),
    })
}
