//! Postgres and Redis that want TLS, users and passwords: what is right works, and what is wrong is
//! told in words, without the password.

use std::time::Duration;

use tilemud_persist::testing::{CertificateAuthority, PostgresServer, RedisServer};
use tilemud_persist::{Access, Authorities, Diagnostic, OpenMode, StoreError, cache};

/// Opens it; or what is wrong, with the remedy.
async fn opened(access: &Access<'_>) -> Result<(), String> {
    match tilemud_persist::open_with(access, "meadow").await {
        Ok(store) => {
            store.ping().await.unwrap();
            Ok(())
        }
        Err(error) => {
            assert!(matches!(error, StoreError::SetWrong(_)), "{error:?}");
            let diagnostic = Diagnostic::within(&error).expect("diagnostic");
            let said = format!("{}; {}", diagnostic.problem, diagnostic.remedy);
            assert!(!said.contains("secret") && !said.contains("at line"), "{said}");
            Err(said)
        }
    }
}

#[tokio::test]
async fn postgres_is_reached_in_every_mode_of_encryption() {
    let authority = CertificateAuthority::new();
    let server = PostgresServer::start_encrypted(&authority.issue("localhost", 30));
    let socket = server.url("postgres");
    server.execute(&socket, "CREATE ROLE player LOGIN PASSWORD 'secret'").await;
    server.execute(&socket, "CREATE DATABASE game OWNER player").await;
    let known = Authorities::with(&[authority.path()]).unwrap();
    let other = CertificateAuthority::new();
    let (own, others) = (authority.path().display().to_string(), other.path().display().to_string());
    let open = async |host: &str, parameters: &str, authorities: Option<&Authorities>| {
        let url = format!("postgres://player@{host}:{}/game?{parameters}", server.port());
        opened(&Access { url: &url, password: Some("secret"), authorities, mode: OpenMode::Create }).await
    };
    for (host, parameters, knows) in [
        ("localhost", "", false),
        ("localhost", "sslmode=allow", false),
        ("localhost", "sslmode=prefer", false),
        ("localhost", "sslmode=require", false),
        ("127.0.0.1", &format!("sslmode=require&sslrootcert={own}"), false),
        ("127.0.0.1", "sslmode=verify-ca", true),
        ("localhost", "sslmode=verify-full", true),
        ("localhost", &format!("sslmode=verify-full&sslrootcert={own}"), false),
        ("localhost", "sslrootcert=system&sslmode=verify-full", true),
    ] {
        open(host, parameters, knows.then_some(&known)).await.unwrap_or_else(|said| panic!("{parameters}: {said}"));
    }
    for (host, parameters, fragments) in [
        ("localhost", "sslmode=disable", ["may not be used", "no encryption"]),
        ("localhost", "sslmode=verify-full", ["authority that is not known", "--tls-ca"]),
        ("localhost", &format!("sslmode=require&sslrootcert={others}"), ["not known here", "sslrootcert"]),
        ("localhost", "sslmode=verify-ca&sslrootcert=/none.pem", ["sslrootcert", "/none.pem cannot be read"]),
        ("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={own}"), ["another name of a host", "have one made"]),
    ] {
        let said = open(host, parameters, None).await.expect_err(parameters);
        assert!(fragments.iter().all(|fragment| said.contains(fragment)), "{parameters}: {said}");
        let place = format!("database \"game\" at {host}:{} as user \"player\"", server.port());
        assert!(said.contains(&place) || said.contains("/none.pem"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_of_ours_that_postgres_does_not_take_is_told() {
    let authority = CertificateAuthority::new();
    let server = PostgresServer::start_encrypted(&authority.issue("localhost", 30));
    // It believes itself only.
    server.execute(&server.url("postgres"), "ALTER SYSTEM SET ssl_ca_file = 'server.crt'").await;
    server.stop();
    server.start_again();
    let ours = authority.issue("player", 30);
    let url = format!(
        "postgres://player@localhost:{}/postgres?sslmode=require&sslcert={}&sslkey={}",
        server.port(),
        ours.cert.display(),
        ours.key.display()
    );
    let said = opened(&Access { password: Some("secret"), ..Access::from(&*url) }).await.expect_err("a stranger's");
    assert!(said.contains("does not take our certificate") && said.contains("sslcert and sslkey"), "{said}");
}

#[tokio::test]
async fn who_may_not_use_a_database_is_told_why() {
    let authority = CertificateAuthority::new();
    let server = PostgresServer::start_encrypted(&authority.issue("localhost", 30));
    server.execute(&server.url("postgres"), "CREATE ROLE player LOGIN PASSWORD 'secret'").await;
    let url = |user: &str, database: &str| {
        format!("postgres://{user}@127.0.0.1:{}/{database}?sslmode=require", server.port())
    };
    for (url, password, fragments) in [
        (url("player:secretive", "postgres"), None, ["the password is wrong", "--database-password-file"]),
        (url("nobody", "postgres"), Some("secret"), ["the password is wrong", "as user \"nobody\""]),
        (url("player", "missing"), Some("secret"), ["there is no database \"missing\"", "CREATE DATABASE"]),
        (url("player", "postgres"), Some("secret"), ["permission denied for schema public", "GRANT CREATE"]),
        (server.url("missing"), None, ["there is no database \"missing\"", "as user \"postgres\""]),
        (
            server.url("postgres").replace("postgres@", "stranger@"),
            None,
            ["role \"stranger\" does not exist", "create the role"],
        ),
    ] {
        let said = opened(&Access { url: &url, password, authorities: None, mode: OpenMode::Create })
            .await
            .expect_err("it is refused");
        assert!(fragments.iter().all(|fragment| said.contains(fragment)), "{said}");
    }
    let plain = PostgresServer::shared();
    let said =
        opened(&Access::from(&*format!("{}?sslmode=require", plain.url("missing")))).await.expect_err("no database");
    assert!(said.contains("there is no database"), "sockets need no TLS: {said}");
}

async fn redis_says(url: &str, password: Option<&str>, authorities: Option<&Authorities>) -> Result<(), String> {
    let access = Access { url, password, authorities, mode: OpenMode::Create };
    let timeout = cache::CallTimeout::new(Duration::from_secs(20));
    let cache = cache::open_with(Some(&access), "meadow", timeout).map_err(|error| error.to_string())?;
    cache.ping().await.map_err(|error| error.causes())
}

#[tokio::test]
async fn a_redis_whose_user_may_run_no_scripts_is_not_available() {
    let authority = CertificateAuthority::new();
    let user = ["--user", "player", "on", ">secret", "~*", "+@all", "-@scripting"];
    let (_server, port) = RedisServer::start_encrypted(&authority.issue("localhost", 30), &user);
    let known = Authorities::with(&[authority.path()]).unwrap();
    let url = format!("rediss://player@localhost:{port}");
    let said = redis_says(&url, Some("secret"), Some(&known)).await.expect_err("profiles are put by a script");
    assert!(said.contains("its user may not do this"), "{said}");
}

#[tokio::test]
async fn redis_is_reached_over_tls_and_with_a_user_and_says_why_it_is_not() {
    let authority = CertificateAuthority::new();
    let user = ["--user", "player", "on", ">secret", "~*", "+@all", "--user", "default", "off"];
    let (server, port) = RedisServer::start_encrypted(&authority.issue("localhost", 30), &user);
    let known = Authorities::with(&[authority.path()]).unwrap();
    let url = format!("rediss://player@localhost:{port}/3");
    redis_says(&url, Some("secret"), Some(&known)).await.unwrap();
    redis_says(&format!("rediss://player:secret@localhost:{port}"), None, Some(&known)).await.unwrap();
    let socket = server.url();
    redis_says(&format!("{socket}?user=player&pass=secret&db=2"), None, None).await.unwrap();
    for (url, password, authorities, fragment) in [
        (&*url, Some("secret"), None, "authority that is not known here"),
        (&*url, Some("other"), Some(&known), "user or password is wrong"),
        (&*format!("rediss://localhost:{port}"), None, Some(&known), "wants a password"),
        (&*format!("rediss://player@localhost:{port}/99"), Some("secret"), Some(&known), "no database of the number"),
        (&*format!("rediss://player@127.0.0.1:{port}"), Some("secret"), Some(&known), "another name of a host"),
        (&*format!("rediss://player@localhost:{port}/#insecure"), Some("secret"), None, "cannot be used"),
        ("redis://127.0.0.1:1", None, None, "nothing listens"),
    ] {
        let said = redis_says(url, password, authorities).await.expect_err(url);
        assert!(said.contains(fragment) && !said.contains("secret"), "{url}: {said}");
    }
}
