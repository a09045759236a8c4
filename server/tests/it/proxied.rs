//! Real proxies with TLS in front of a real server: nginx, Caddy and HAProxy, each set up in the
//! ways that operators do (FR-032). What a browser sends must open the realtime channel, and what a
//! program is told must lead back through the proxy.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tempfile::TempDir;
use tilemud_support::player::until;
use tilemud_support::process::Local;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::http::{Answer, ask_on, upgrade};
use crate::world::meadow;

/// The name in the certificate, which players use.
const NAME: &str = "localhost";

/// A folder with a certificate, and what a client needs to believe it.
struct Ground {
    folder: TempDir,
    roots: RootCertStore,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
        let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        std::fs::write(folder.path().join("cert.pem"), &cert).unwrap();
        std::fs::write(folder.path().join("key.pem"), &key).unwrap();
        std::fs::write(folder.path().join("both.pem"), cert + &key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(made.cert.der().to_vec())).unwrap();
        Self { folder, roots }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn connect(&self, port: u16) -> TlsStream<TcpStream> {
        self.encrypt(TcpStream::connect(("127.0.0.1", port)).await.unwrap()).await
    }

    async fn encrypt(&self, stream: TcpStream) -> TlsStream<TcpStream> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(self.roots.clone()).with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap()
    }

    /// Starts a proxy from the text of its configuration, which `{port}` and `{folder}` stand in
    /// for. `None` when it ends, because another program has taken the port.
    async fn start_at(&self, port: u16, (program, arguments): (&str, &[&str]), config: &str) -> Option<Proxy> {
        let folder = self.path().to_str().unwrap();
        let config = config.replace("{port}", &port.to_string()).replace("{folder}", folder);
        std::fs::write(self.path().join("config"), config).unwrap();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.path()).env("HOME", folder).stdout(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}; see cargo xtask doctor"));
        let mut proxy = Proxy { child, port };
        let mut has_ended = false;
        until(async || {
            has_ended = proxy.child.try_wait().unwrap().is_some();
            has_ended || TcpStream::connect(("127.0.0.1", port)).await.is_ok()
        })
        .await;
        (!has_ended).then_some(proxy)
    }

    async fn start(&self, program: (&str, &[&str]), config: &str) -> Proxy {
        for _ in 0..5 {
            if let Some(proxy) = self.start_at(free_port(), program, config).await {
                return proxy;
            }
        }
        panic!("{program:?} does not start");
    }

    async fn nginx(&self, server: &str) -> Proxy {
        self.start(NGINX, &NGINX_CONFIG.replace("{server}", server)).await
    }

    async fn haproxy(&self, mode: &str, backend: &str, upstream: &str) -> Proxy {
        let config = HAPROXY.replace("{mode}", mode).replace("{backend}", backend).replace("{upstream}", upstream);
        self.start(("/usr/sbin/haproxy", &["-q", "-db", "-f", "config"]), &config).await
    }

    async fn caddy(&self, site: &str) -> Proxy {
        let config = CADDY.replace("{site}", site);
        self.start(("/usr/bin/caddy", &["run", "--config", "config", "--adapter", "caddyfile"]), &config).await
    }
}

/// A running proxy; ended when dropped.
struct Proxy {
    child: Child,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

const NGINX: (&str, &[&str]) = ("/usr/sbin/nginx", &["-p", ".", "-e", "stderr", "-c", "config"]);

/// One process, nothing outside its folder.
const NGINX_CONFIG: &str = "
daemon off; master_process off; pid nginx.pid; error_log stderr error;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:{port} ssl;
    server_name localhost;
    ssl_certificate cert.pem; ssl_certificate_key key.pem;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    {server}
  }
}";

const HAPROXY: &str = "
global
  maxconn 64
defaults
  mode {mode}
  timeout connect 10s
  timeout client 60s
  timeout server 60s
frontend players
  bind 127.0.0.1:{port} ssl crt {folder}/both.pem
  default_backend game
backend game
  {backend}
  server game {upstream}
";

const CADDY: &str = "
{
  admin off
  auto_https off
  skip_install_trust
  log {
    level ERROR
  }
}
https://localhost:{port} {
  tls {folder}/cert.pem {folder}/key.pem
  {site}
}";

/// A server whose development issuer answers through proxies.
async fn behind(flags: &[&str]) -> Local {
    Local::plain(meadow(), &[&["--dev-issuer-anywhere"], flags].concat()).await
}

fn upstream(server: &Local) -> &str {
    server.url.strip_prefix("http://").unwrap()
}

/// Everything a browser and a program do, through the proxy, at this path.
async fn plays(ground: &Ground, proxy: &Proxy, path: &str, what: &str) {
    let port = proxy.port;
    let host = format!("{NAME}:{port}");
    let site = format!("https://{host}");
    let get = async |path: &str| -> Answer {
        let headers = [("Host", host.as_str()), ("Accept", "text/html"), ("Connection", "close")];
        ask_on(&mut ground.connect(port).await, "GET", path, &headers, "").await
    };
    let page = get(&format!("{path}/")).await;
    assert_eq!((page.status, page.header("content-type").starts_with("text/html")), (200, true), "{what}: {page:?}");
    assert_eq!(get(&format!("{path}/api/world")).await.status, 200, "{what}");
    let nowhere = get(&format!("{path}/no/where")).await;
    assert_eq!((nowhere.status, nowhere.text().contains("href=\"../\"")), (404, true), "{what}: {nowhere:?}");

    let post = async |call: &str, bearer: &str, body: serde_json::Value| {
        let bearer = format!("Bearer {bearer}");
        let headers = [("Host", host.as_str()), ("Authorization", &bearer), ("Origin", &site), ("Connection", "close")];
        let answer =
            ask_on(&mut ground.connect(port).await, "POST", &format!("{path}{call}"), &headers, &body.to_string())
                .await;
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        answer.json()
    };
    let token = post("/dev/token", "-", json!({ "user": "Ann" })).await["access_token"].as_str().unwrap().to_owned();
    let body = json!({ "client_version": tilemud_schema::version(), "display_name": "Ann" });
    let told = post("/api/session/bootstrap", &token, body).await["realtime"]["url"].as_str().unwrap().to_owned();
    assert_eq!(told, format!("wss://{host}{path}/ws"), "{what}");

    for (origin, status) in [(site.as_str(), 101), ("https://evil.example", 403)] {
        let headers = [&[("Host", host.as_str())], &upgrade(origin)[..]].concat();
        let answer = ask_on(&mut ground.connect(port).await, "GET", &format!("{path}/ws"), &headers, "").await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
    }
}

/// A program in another language walks a few steps, on nothing but what it is told.
async fn bot_plays(ground: &Ground, proxy: &Proxy, path: &str) {
    let server = format!("https://{NAME}:{}{path}", proxy.port);
    let bot = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/bot.py");
    let mut command = Command::new("python3");
    command
        .arg("-B")
        .arg(bot)
        .args([server.as_str(), "Rover", "5"])
        .env("SSL_CERT_FILE", ground.path().join("cert.pem"));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("Rover stands at"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_behind_nginx_however_it_names_the_host() {
    let ground = Ground::new();
    let server = behind(&["--trusted-proxy", "127.0.0.1", "--allowed-origin", "https://unrelated.example"]).await;
    let to = upstream(&server);
    let forwarded =
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;";
    for (what, headers) in [
        ("Host kept with its port", "proxy_set_header Host $http_host;"),
        (
            "Host without its port, which another header names",
            "proxy_set_header Host $host; proxy_set_header X-Forwarded-Port $server_port;",
        ),
        ("Host rewritten, another header names it", "proxy_set_header X-Forwarded-Host $http_host;"),
        (
            "Forwarded alone",
            "proxy_set_header X-Forwarded-For ''; proxy_set_header X-Forwarded-Proto ''; proxy_set_header Forwarded 'for=\"$remote_addr\";proto=$scheme;host=\"$http_host\"';",
        ),
    ] {
        let forwarded = if what.starts_with("Forwarded") { "" } else { forwarded };
        let proxy = ground.nginx(&format!("{forwarded} {headers} location / {{ proxy_pass http://{to}; }}")).await;
        plays(&ground, &proxy, "", what).await;
    }
    // Whose name is passed on without a port may come from any, but what a program is told then is
    // for the operator to say.
    let proxy = ground
        .nginx(&format!("{forwarded} proxy_set_header Host $host; location / {{ proxy_pass http://{to}; }}"))
        .await;
    let (site, host) = (format!("https://{NAME}:{}", proxy.port), format!("{NAME}:{}", proxy.port));
    let headers = [&[("Host", host.as_str())], &upgrade(&site)[..]].concat();
    assert_eq!(ask_on(&mut ground.connect(proxy.port).await, "GET", "/ws", &headers, "").await.status, 101);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_under_a_path_that_nginx_takes_off_or_leaves_on() {
    let ground = Ground::new();
    for (what, slash, named) in [
        ("taken off, the proxy names it", "/", true),
        ("left on, the proxy names it", "", true),
        ("taken off, the operator names it", "/", false),
        ("left on, the operator names it", "", false),
    ] {
        let header = if named { "proxy_set_header X-Forwarded-Prefix /game;" } else { "" };
        // The operator's name has the proxy's port in it, and the proxy the server's.
        let (_server, proxy) = loop {
            let port = free_port();
            let public = format!("https://{NAME}:{port}/game/");
            let flags = if named { ["--trusted-proxy", "127.0.0.1"] } else { ["--public-url", public.as_str()] };
            let server = behind(&flags).await;
            let block = format!(
                "proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Host $http_host; {header} \
                 location /game/ {{ proxy_pass http://{}{slash}; }}",
                upstream(&server)
            );
            if let Some(proxy) = ground.start_at(port, NGINX, &NGINX_CONFIG.replace("{server}", &block)).await {
                break (server, proxy);
            }
        };
        plays(&ground, &proxy, "/game", what).await;
        if slash.is_empty() {
            bot_plays(&ground, &proxy, "/game").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_behind_haproxy_with_headers_and_with_either_proxy_protocol() {
    let ground = Ground::new();
    let server = behind(&["--trusted-proxy", "127.0.0.1"]).await;
    let https = "http-request set-header X-Forwarded-Proto https";
    for (what, mode, backend, flags) in [
        ("headers", "http", &format!("option forwardfor\n  {https}")[..], ""),
        ("PROXY v2", "http", https, " send-proxy-v2"),
        ("PROXY v2 that tells of TLS", "tcp", "", " send-proxy-v2-ssl"),
        ("PROXY v1", "http", https, " send-proxy"),
    ] {
        let proxy = ground.haproxy(mode, backend, &format!("{}{flags}", upstream(&server))).await;
        plays(&ground, &proxy, "", what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_see_the_address_that_haproxy_names_before_the_first_request() {
    let ground = Ground::new();
    let server = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1", "--connect-per-s", "1"]).await;
    // The proxy is asked from several addresses of this machine, as several players would.
    let proxy = ground.haproxy("http", "", &format!("{} send-proxy-v2", upstream(&server))).await;
    let open = async |from: [u8; 4]| {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let stream = socket.connect(([127, 0, 0, 1], proxy.port).into()).await.unwrap();
        let mut stream = ground.encrypt(stream).await;
        let headers = [&[("Host", "x")], &upgrade("http://x")[..]].concat();
        ask_on(&mut stream, "GET", "/ws", &headers, "").await.status
    };
    // Also those who come from where the proxy is are not the proxy.
    for player in 2..30 {
        assert_eq!(open([127, 0, 0, player]).await, 101, "player {player}");
    }
    let mut greedy = Vec::new();
    for _ in 0..40 {
        greedy.push(open([127, 0, 1, 1]).await);
    }
    assert!(greedy.contains(&429), "{greedy:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_behind_caddy_at_a_host_of_its_own_and_under_a_path() {
    let ground = Ground::new();
    let server = behind(&["--trusted-proxy", "127.0.0.1"]).await;
    let to = upstream(&server);
    let proxy = ground.caddy(&format!("reverse_proxy {to}")).await;
    plays(&ground, &proxy, "", "as it comes").await;
    bot_plays(&ground, &proxy, "").await;
    let under =
        format!("handle_path /game/* {{\n reverse_proxy {to} {{\n header_up X-Forwarded-Prefix /game\n }}\n }}");
    let proxy = ground.caddy(&under).await;
    plays(&ground, &proxy, "/game", "under a path").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_behind_a_proxy_that_encrypts_again() {
    let ground = Ground::new();
    let (cert, key) = (ground.path().join("cert.pem"), ground.path().join("key.pem"));
    let flags =
        ["--trusted-proxy", "127.0.0.1", "--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let server = behind(&flags).await;
    let to = server.url.strip_prefix("https://").unwrap();
    // The PROXY header comes before TLS.
    let proxy = ground.haproxy("http", "", &format!("{to} ssl verify none send-proxy-v2")).await;
    plays(&ground, &proxy, "", "encrypted again").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_plays_at_the_public_address_whatever_host_a_trusted_proxy_sends_and_nobody_elsewhere() {
    let ground = Ground::new();
    for host in ["inner", "$proxy_host", "$http_host"] {
        // The operator's name has the proxy's port in it, and the proxy the server's.
        let (_server, proxy) = loop {
            let port = free_port();
            let public = format!("https://{NAME}:{port}/");
            let server = behind(&["--trusted-proxy", "127.0.0.1", "--public-url", public.as_str()]).await;
            let block = format!(
                "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; \
                 proxy_set_header Host {host}; location / {{ proxy_pass http://{}; }}",
                upstream(&server)
            );
            if let Some(proxy) = ground.start_at(port, NGINX, &NGINX_CONFIG.replace("{server}", &block)).await {
                break (server, proxy);
            }
        };
        plays(&ground, &proxy, "", host).await;
        // A name that leads to the proxy, and that it passes on.
        let rebound = [&[("Host", "evil.example")], &upgrade("https://evil.example")[..]].concat();
        let refused = ask_on(&mut ground.connect(proxy.port).await, "GET", "/ws", &rebound, "").await;
        assert_eq!(refused.status, 403, "{host}");
    }
}
