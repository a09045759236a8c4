//! Sign-in against a real, independent provider: the certified `oidc-provider` package from npm,
//! run by node in a process of its own (FR-001). Only the 30 s between fetches are made up: the
//! clock of the throttle is moved by hand.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tilemud_net::auth::{
    AuthClock, AuthConfig, AuthError, Authenticator, OidcConfig, PlayerClient, REFRESH_INTERVAL, SystemClock, User,
};

use crate::forge::{ManualClock, bearer, header, private_key, sign};

const NO_KEY: AuthError = AuthError::Invalid("no key of this id for this algorithm");

/// `oidc-provider` and our script beside it; installed once per lock file.
static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/auth/provider");
    let lock = std::fs::read(source.join("package-lock.json")).unwrap();
    let digest = Sha256::digest(lock);
    let name = format!("oidc-provider-{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["package.json", "package-lock.json", "provider.mjs", "sign_in.mjs"] {
        std::fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    // npm writes this file last.
    if !folder.join("node_modules/.package-lock.json").exists() {
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            .output()
            .expect("npm cannot be run: install Node.js 18 or newer with npm (Debian: apt-get install nodejs npm)");
        assert!(npm.status.success(), "npm ci failed:\n{}", String::from_utf8_lossy(&npm.stderr));
    }
    folder
});

/// The provider's process; killed when dropped.
struct Provider {
    process: Child,
    issuer: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Provider {
    fn start() -> Self {
        Self::start_on("0")
    }

    /// With fresh keys, on this port.
    fn start_on(port: &str) -> Self {
        let mut process = Command::new("node")
            .args(["provider.mjs", port])
            .current_dir(&*INSTALLED)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("node cannot be run: install Node.js 18 or newer (Debian: apt-get install nodejs)");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the provider ended before it was ready");
        Self { process, issuer: ready["issuer"].as_str().unwrap().to_owned() }
    }

    fn port(&self) -> String {
        self.issuer.rsplit_once(':').unwrap().1.to_owned()
    }

    async fn ask(&self, request: hyper::http::request::Builder, body: &str) -> Value {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let answer = client.request(request.body(Full::from(body.to_owned())).unwrap()).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    async fn control(&self, path: &str) -> Value {
        self.ask(Request::get(format!("{}/control/{path}", self.issuer)), "").await
    }

    /// How often these were asked for: discovery, keys.
    async fn fetches(&self) -> (u64, u64) {
        let seen = self.control("requests").await;
        let count = |path: &str| seen[path].as_u64().unwrap_or(0);
        (count("/.well-known/openid-configuration"), count("/jwks"))
    }

    /// An access token by the client credentials grant.
    async fn bot_token(&self, resource: &str) -> String {
        let request = Request::post(format!("{}/token", self.issuer))
            .header("authorization", "Basic Ym90OmJvdC1zZWNyZXQ=")
            .header("content-type", "application/x-www-form-urlencoded");
        let body = format!("grant_type=client_credentials&scope=play&resource={resource}");
        self.ask(request, &body).await["access_token"].as_str().unwrap().to_owned()
    }

    /// The token answer of an authorization code sign-in with PKCE.
    async fn sign_in(&self, user: &str, resource: &str) -> Value {
        self.control(&format!("sign_in?user={user}&resource={resource}")).await
    }
}

/// The machine's time of day with an hour glass of our own.
#[derive(Default)]
struct HandMoved {
    now: SystemClock,
    glass: ManualClock,
}

impl AuthClock for HandMoved {
    fn unix_s(&self) -> u64 {
        self.now.unix_s()
    }

    fn monotonic(&self) -> Duration {
        self.glass.monotonic()
    }
}

fn authenticator(provider: &Provider) -> (Authenticator, Arc<HandMoved>) {
    let clock = Arc::new(HandMoved::default());
    let oidc = OidcConfig { issuer: provider.issuer.clone(), audience: "tilemud".to_owned(), jwks_file: None };
    let auth = Authenticator::with_clock(AuthConfig { oidc: Some(oidc), dev_issuer: None }, clock.clone()).unwrap();
    (auth, clock)
}

async fn verify(auth: &Authenticator, token: &str) -> Result<User, AuthError> {
    auth.verify(Some(&bearer(token))).await
}

#[tokio::test]
async fn tokens_of_a_real_provider_are_accepted_in_every_algorithm() {
    let provider = Provider::start();
    let (auth, _) = authenticator(&provider);
    let mut bots = Vec::new();
    let mut adas = Vec::new();
    for resource in ["urn:tilemud:rs256", "urn:tilemud:es256", "urn:tilemud:eddsa"] {
        bots.push(verify(&auth, &provider.bot_token(resource).await).await.unwrap().user_id);
        let answer = provider.sign_in("ada", resource).await;
        adas.push(verify(&auth, answer["access_token"].as_str().unwrap()).await.unwrap().user_id);
    }
    assert!(bots.iter().all(|bot| *bot == bots[0]) && adas.iter().all(|ada| *ada == adas[0]));
    let answer = provider.sign_in("bo", "urn:tilemud:es256").await;
    let bo = verify(&auth, answer["access_token"].as_str().unwrap()).await.unwrap().user_id;
    assert!(bo != adas[0] && bo != bots[0] && adas[0] != bots[0]);
    // What the same provider signs for others is not for us.
    let id_token = answer["id_token"].as_str().unwrap();
    assert_eq!(verify(&auth, id_token).await, Err(AuthError::Invalid("another kind of token")));
    let elsewhere = provider.bot_token("urn:other:rs256").await;
    assert_eq!(verify(&auth, &elsewhere).await, Err(AuthError::Invalid("another audience")));
}

#[tokio::test]
async fn rotated_keys_are_found_and_withdrawn_ones_forgotten() {
    let provider = Provider::start();
    let (auth, clock) = authenticator(&provider);
    let first = provider.bot_token("urn:tilemud:es256").await;
    verify(&auth, &first).await.unwrap();

    provider.control("rotate?keep_old").await;
    let second = provider.bot_token("urn:tilemud:es256").await;
    assert_eq!(verify(&auth, &second).await, Err(NO_KEY));
    clock.glass.advance(REFRESH_INTERVAL);
    verify(&auth, &second).await.unwrap();
    verify(&auth, &first).await.unwrap();

    provider.control("rotate").await;
    clock.glass.advance(REFRESH_INTERVAL);
    verify(&auth, &provider.bot_token("urn:tilemud:es256").await).await.unwrap();
    assert_eq!(verify(&auth, &first).await, Err(NO_KEY));
    assert_eq!(verify(&auth, &second).await, Err(NO_KEY));
    assert_eq!(provider.fetches().await, (3, 3));
}

#[tokio::test]
async fn sign_in_goes_on_with_the_known_keys_while_the_provider_is_down() {
    let provider = Provider::start();
    let (auth, clock) = authenticator(&provider);
    let port = provider.port();
    let known = provider.bot_token("urn:tilemud:rs256").await;
    let fetched_later = provider.bot_token("urn:tilemud:eddsa").await;
    verify(&auth, &known).await.unwrap();
    drop(provider);
    for _ in 0..30 {
        verify(&auth, &known).await.unwrap();
        verify(&auth, &fetched_later).await.unwrap();
        // Past the age at which keys are refreshed, which fails now.
        clock.glass.advance(REFRESH_INTERVAL);
    }
    auth.warm_up().await;
    verify(&auth, &known).await.unwrap();

    let provider = Provider::start_on(&port);
    let fresh = provider.bot_token("urn:tilemud:rs256").await;
    clock.glass.advance(REFRESH_INTERVAL);
    verify(&auth, &fresh).await.unwrap();
    assert_eq!(verify(&auth, &known).await, Err(NO_KEY));
}

#[tokio::test]
async fn a_server_started_while_the_provider_is_down_signs_in_once_it_is_up() {
    let port = Provider::start().port();
    let issuer = format!("http://127.0.0.1:{port}");
    let clock = Arc::new(HandMoved::default());
    let oidc = OidcConfig { issuer, audience: "tilemud".to_owned(), jwks_file: None };
    let auth = Authenticator::with_clock(AuthConfig { oidc: Some(oidc), dev_issuer: None }, clock.clone()).unwrap();
    auth.warm_up().await;
    let provider = Provider::start_on(&port);
    let token = provider.bot_token("urn:tilemud:rs256").await;
    let refused = verify(&auth, &token).await;
    assert!(matches!(refused, Err(AuthError::NoKeys(_))), "asked a moment ago: {refused:?}");
    clock.glass.advance(REFRESH_INTERVAL);
    verify(&auth, &token).await.unwrap();
}

#[tokio::test]
async fn players_are_sent_to_the_endpoints_of_the_discovery_document_once_it_could_be_read() {
    let port = Provider::start().port();
    let issuer = format!("http://127.0.0.1:{port}");
    let clock = Arc::new(HandMoved::default());
    let oidc = OidcConfig { issuer: issuer.clone(), audience: "tilemud".to_owned(), jwks_file: None };
    let auth = Authenticator::with_clock(AuthConfig { oidc: Some(oidc), dev_issuer: None }, clock.clone()).unwrap();
    let closed = auth.sign_in_options().await;
    assert!(!closed.development && closed.provider.is_none() && !closed.provider_unavailable, "no client for players");
    let client = PlayerClient { client_id: "game".to_owned(), scope: "openid".to_owned(), resource: None };
    let auth = auth.with_player_client(Some(client));
    let down = auth.sign_in_options().await;
    assert!(down.provider.is_none() && down.provider_unavailable);
    assert_eq!(auth.token_origin(), None);

    let real = Provider::start_on(&port);
    clock.glass.advance(REFRESH_INTERVAL);
    let offered = auth.sign_in_options().await;
    let at = offered.provider.expect("the document was read");
    assert!(!offered.provider_unavailable && !offered.development);
    assert_eq!((at.issuer.as_str(), at.client_id.as_str(), at.scope.as_str()), (issuer.as_str(), "game", "openid"));
    assert_eq!(at.authorization_endpoint, format!("{issuer}/auth"));
    assert_eq!(at.token_endpoint, format!("{issuer}/token"));
    assert_eq!(auth.token_origin(), Some(issuer));
    for _ in 0..5 {
        auth.sign_in_options().await;
    }
    assert_eq!(real.fetches().await, (1, 1), "what is known is not asked for again");
}

#[tokio::test]
async fn the_provider_sees_one_fetch_in_thirty_seconds_whatever_tokens_arrive() {
    assert_eq!(REFRESH_INTERVAL, Duration::from_secs(30));
    let provider = Provider::start();
    let (auth, clock) = authenticator(&provider);
    let good = provider.bot_token("urn:tilemud:rs256").await;
    let claims = serde_json::json!({
        "iss": provider.issuer, "aud": "tilemud", "sub": "x", "exp": clock.unix_s() + 600,
    });
    for second in 0..90 {
        for attempt in 0..5 {
            let header = header("EdDSA", &format!("guess-{second}-{attempt}"));
            let forged = sign(&header, &claims, &private_key("ed-2"), jsonwebtoken::Algorithm::EdDSA);
            assert_eq!(verify(&auth, &forged).await, Err(NO_KEY));
        }
        if second % 10 == 0 {
            verify(&auth, &good).await.unwrap();
        }
        clock.glass.advance(Duration::from_secs(1));
    }
    assert_eq!(provider.fetches().await, (3, 3));
}
