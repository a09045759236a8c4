//! stub
#![allow(missing_docs)]
use std::borrow::Cow;
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'";
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    pub content_encoding: Option<&'static str>,
    pub cache_control: &'static str,
    pub etag: String,
}
pub trait Assets: Send + Sync {
    fn find(&self, path: &str, accept_encoding: &str) -> Option<Asset>;
}
