//! Where Redis is and how it is spoken to: address, user, password, database, TLS. And what its refusals mean, in words.

use std::error::Error;
use std::io;

use redis::{Client, ConnectionAddr, ErrorKind, IntoConnectionInfo as _, RedisError, TlsCertificates};

use super::CacheError;
use crate::Access;
use crate::advice::{in_one_line, system_words};
use crate::authorities::{certificate_problem, certificate_problem_in};

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

/// Why Redis did not do it.
pub(super) fn words(error: &(dyn Error + 'static)) -> String {
    if error.is::<tokio::time::error::Elapsed>() {
        return "it does not answer in time".to_owned();
    }
    let Some(error) = error.downcast_ref::<RedisError>() else { return in_one_line(error) };
    if let Some(advice) = certificate_problem(error).or_else(|| certificate_problem_in(&error.to_string())) {
        return format!("its certificate cannot be trusted: {}; {}", advice.problem, advice.remedy);
    }
    let said = error.detail().unwrap_or_default();
    let told = error.to_string();
    match error.code() {
        Some("NOAUTH") => return "it wants a password (--redis-password-file, or in --redis-url)".to_owned(),
        Some("WRONGPASS") => return "user or password is wrong (--redis-url, --redis-password-file)".to_owned(),
        Some("NOPERM") => return format!("its user may not do this (NOPERM {said})"),
        Some("READONLY") => return "it is a read-only replica; name the primary in --redis-url".to_owned(),
        _ => {}
    }
    // The library words a refused sign-in itself, whatever the server said.
    if error.kind() == ErrorKind::AuthenticationFailed {
        return "user or password is wrong (--redis-url, --redis-password-file)".to_owned();
    }
    let out_of_range = |text: &str| text.contains("DB index") || text.contains("database number");
    if out_of_range(said) || out_of_range(&told) {
        return "it has no database of the number in --redis-url".to_owned();
    }
    if error.is_connection_refusal() {
        return "nothing listens at the address of --redis-url".to_owned();
    }
    if error.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => system_words(source),
        None => told,
    }
}
