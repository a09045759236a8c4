//! Where Redis is and how it is spoken to: address, user, password, database, TLS.

use redis::{Client, ConnectionAddr, IntoConnectionInfo as _, TlsCertificates};

use super::failure::CacheError;
use crate::access::Access;

/// A client; nothing is connected yet.
pub(super) fn client(access: &Access<'_>) -> Result<Client, CacheError> {
    // The error of the parser is not passed on: it may quote the password.
    let mut info = access.url.into_connection_info().map_err(|_| CacheError::UnsupportedUrl)?;
    if let Some(password) = access.password {
        let settings = info.redis_settings().clone().set_password(password);
        info = info.set_redis_settings(settings);
    }
    let ConnectionAddr::TcpTls { insecure, .. } = info.addr() else {
        return Client::open(info).map_err(|_| CacheError::UnsupportedUrl);
    };
    // A certificate that nobody checks protects from nobody.
    if *insecure {
        return Err(CacheError::UnsupportedUrl);
    }
    // The library takes the provider of the process. If there is one already, it is this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root_cert = access.authorities.and_then(crate::Authorities::pem);
    let certificates = TlsCertificates { client_tls: None, root_cert };
    Client::build_with_tls(info, certificates).map_err(|_| CacheError::UnsupportedUrl)
}
