//! The pretend server with two handles: one for the game, one for a test that controls it.

use std::cell::RefCell;
use std::rc::Rc;

use super::Demo;
use crate::connector::{Connector, ConnectorEvent};
use crate::http::{CallId, HttpRequest};
use crate::sign_in::Pending;

pub struct Shared(pub Rc<RefCell<Demo>>);

impl Connector for Shared {
    fn request(&mut self, id: CallId, request: HttpRequest) {
        self.0.borrow_mut().request(id, request);
    }
    fn open_socket(&mut self, id: CallId, url: &str) {
        self.0.borrow_mut().open_socket(id, url);
    }
    fn send(&mut self, frame: Vec<u8>) {
        self.0.borrow_mut().send(frame);
    }
    fn close_socket(&mut self) {
        self.0.borrow_mut().close_socket();
    }
    fn make_way_back(&mut self, id: CallId) {
        self.0.borrow_mut().make_way_back(id);
    }
    fn visit(&mut self, id: CallId, pending: &Pending) {
        self.0.borrow_mut().visit(id, pending);
    }
    fn stop_waiting(&mut self) {
        self.0.borrow_mut().stop_waiting();
    }
    fn poll(&mut self) -> Option<ConnectorEvent> {
        self.0.borrow_mut().poll()
    }
}
