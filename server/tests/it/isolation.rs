//! T077, FR-013, NFR-006, and T072, T082, NFR-007: two players do everything a player can do;
//! whatever reaches one of them, and whatever the server logs at its most talkative, is searched
//! for what is private to the other.

use std::path::Path;

use hyper::Method;
use serde_json::{Value, json};
use tilemud_schema::codec::encode_client;
use tilemud_schema::{Ack, Action, ClientMessage, Direction, Encoding, Hello, Intent, Resume, Seq, ServerMessage};
use tilemud_support::player::{Closed, Connection, exchange, hello, token};
use tilemud_support::process::Process;

/// Everything one player ever receives, and the secrets handed to them.
struct Party {
    name: String,
    encoding: Encoding,
    bearer: String,
    received: Vec<Vec<u8>>,
    /// What nobody else may see, with a word for what it is.
    private: Vec<(&'static str, String)>,
    connection: Option<Connection>,
    session_id: Value,
    character_id: Value,
    reconnect_token: String,
    seq: Seq,
}

impl Party {
    async fn new(url: &str, name: &str, encoding: Encoding) -> Self {
        let bearer = token(url, &format!("subject of {name}")).await;
        Self {
            name: name.to_owned(),
            encoding,
            private: vec![("access token", bearer.clone()), ("subject", format!("subject of {name}"))],
            bearer,
            received: Vec::new(),
            connection: None,
            session_id: Value::Null,
            character_id: Value::Null,
            reconnect_token: String::new(),
            seq: 0,
        }
    }

    /// A REST call with this player's token.
    async fn call(&mut self, url: &str, method: Method, path: &str, body: Option<Value>) -> Value {
        let (_, headers, body) = exchange(url, method, path, Some(&self.bearer), body).await;
        self.received.push(format!("{headers:?}").into_bytes());
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        self.received.push(body.to_vec());
        json
    }

    /// Bootstraps and shakes hands.
    async fn enter(&mut self, url: &str, reconnect_token: Option<String>) -> Resume {
        let body = json!({
            "client_version": tilemud_schema::version(), "display_name": self.name, "reconnect_token": reconnect_token,
        });
        let boot = self.call(url, Method::POST, "/api/session/bootstrap", Some(body)).await;
        let secret = |pointer: &str| boot.pointer(pointer).and_then(Value::as_str).expect(pointer).to_owned();
        for (what, pointer) in [
            ("session id", "/session/session_id"),
            ("user id", "/session/user_id"),
            ("character id", "/state/character/character_id"),
            ("ticket", "/realtime/ticket"),
            ("reconnect token", "/reconnect/token"),
        ] {
            self.private.push((what, secret(pointer)));
        }
        (self.session_id, self.character_id) =
            (boot["session"]["session_id"].clone(), boot["state"]["character"]["character_id"].clone());
        let mut connection = Connection::open(url, self.encoding).await;
        let hello = hello(serde_json::from_value(self.session_id.clone()).unwrap(), &secret("/realtime/ticket"));
        connection.send(&ClientMessage::Hello(hello)).await;
        self.connection = Some(connection);
        loop {
            if let ServerMessage::Ack(Ack::Handshake { reconnect, resume, last_seq, .. }) = self.next().await {
                self.private.push(("reconnect token", reconnect.token.clone()));
                self.reconnect_token = reconnect.token;
                self.seq = last_seq;
                return resume;
            }
        }
    }

    async fn next(&mut self) -> ServerMessage {
        let connection = self.connection.as_mut().unwrap();
        let payload = connection.next_payload().await.expect("the connection lives");
        let message = connection.read(&payload);
        self.received.push(payload);
        message
    }

    /// Sends an intent and waits for its answer.
    async fn act(&mut self, make: impl FnOnce(Seq) -> ClientMessage) {
        self.seq += 1;
        self.connection.as_mut().unwrap().send(&make(self.seq)).await;
        self.answered(self.seq).await;
    }

    async fn answered(&mut self, wanted: Seq) {
        loop {
            match self.next().await {
                ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| ack.seq == wanted) => return,
                ServerMessage::Error { seq: Some(seq), .. } if seq == wanted => return,
                _ => {}
            }
        }
    }

    async fn heartbeat(&mut self) {
        self.connection.as_mut().unwrap().send(&ClientMessage::Heartbeat { nonce: 77 }).await;
        while !matches!(self.next().await, ServerMessage::Heartbeat { nonce: 77, .. }) {}
    }

    /// Everything a player can do in the world, well and badly.
    async fn play(&mut self, other: &str) {
        for direction in Direction::ALL {
            self.act(|seq| ClientMessage::Intent { seq, intent: Intent::Move { direction } }).await;
        }
        let chat = |channel, text: String, to: Option<&str>| {
            let to = to.map(Into::into);
            move |seq| ClientMessage::Intent { seq, intent: Intent::Chat { channel, text: text.into(), to } }
        };
        use tilemud_schema::ChatChannel::{Say, Whisper, Zone};
        self.act(chat(Say, format!("{SPOKEN} say"), None)).await;
        self.act(chat(Zone, format!("{SPOKEN} zone"), None)).await;
        self.act(chat(Whisper, format!("{SPOKEN} whisper"), Some(other))).await;
        self.act(chat(Whisper, format!("{SPOKEN} to nobody"), Some("Nobody There"))).await;
        self.act(chat(Say, String::new(), None)).await;
        for steps in
            [vec![Action::Open { x: 1, y: 1 }], vec![Action::Remove { x: 1, y: 1 }, Action::Close { x: 2, y: 2 }]]
        {
            self.act(|seq| ClientMessage::Intent { seq, intent: Intent::Action { steps } }).await;
        }
        // A repeat, a gap, and nonsense.
        let repeated = self.seq;
        let connection = self.connection.as_mut().unwrap();
        connection.send(&chat(Say, "again".to_owned(), None)(repeated)).await;
        connection.send(&chat(Say, "too early".to_owned(), None)(repeated + 5)).await;
        connection.send_raw(b"nonsense").await;
        self.answered(repeated + 5).await;
        self.connection.as_mut().unwrap().send(&ClientMessage::Resync {}).await;
        self.heartbeat().await;
    }

    /// The forms in which a value may hide: as text, as the bytes of an id, and in the other
    /// encodings of either.
    fn forms(value: &str) -> Vec<Vec<u8>> {
        let mut forms = vec![value.as_bytes().to_vec()];
        if let Ok(id) = value.parse::<uuid::Uuid>() {
            forms.push(id.as_bytes().to_vec());
            forms.push(id.simple().to_string().into_bytes());
        }
        forms
    }

    fn assert_nothing_of(&self, other: &Self) {
        for (what, value) in &other.private {
            for form in Self::forms(value) {
                for bytes in &self.received {
                    assert!(
                        !contains(bytes, &form),
                        "{} got the {what} of {} in {:?}",
                        self.name,
                        other.name,
                        String::from_utf8_lossy(bytes)
                    );
                }
            }
        }
    }
}

const SPOKEN: &str = "Xylophone";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The real binary, with its logs at their most talkative going into a file.
fn talkative(data: &Path, logs: &Path) -> Process {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-filter", "trace", "--log-format", "json"]);
    command.arg("--data-dir").arg(data).arg("--log-dir").arg(logs).stderr(std::process::Stdio::null());
    Process::run(command)
}

fn read_logs(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[tokio::test]
async fn t077_nothing_private_of_one_player_reaches_another_or_the_logs() {
    let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = talkative(data.path(), logs.path());
    let url = server.url.clone();
    let mut ann = Party::new(&url, "Annabel Searchable", Encoding::Json).await;
    let mut bob = Party::new(&url, "Bobby Searchable", Encoding::Postcard).await;
    ann.enter(&url, None).await;
    bob.enter(&url, None).await;
    ann.play("Bobby Searchable").await;
    bob.play("Annabel Searchable").await;

    let others =
        [(bob.session_id.clone(), bob.character_id.clone()), (ann.session_id.clone(), ann.character_id.clone())];
    for (party, (session_id, character_id)) in [&mut ann, &mut bob].into_iter().zip(others) {
        // One's own, and what belongs to the other: the answer to that must not even repeat what it
        // was asked for.
        for path in ["/api/version", "/api/health", "/api/world", "/metrics", "/livez", "/readyz", "/nowhere"] {
            party.call(&url, Method::GET, path, None).await;
        }
        let own = format!("/api/character/{}", party.character_id.as_str().unwrap());
        assert_eq!(party.call(&url, Method::GET, &own, None).await["character_id"], party.character_id);
        let foreign = format!("/api/character/{}", character_id.as_str().unwrap());
        assert_eq!(party.call(&url, Method::GET, &foreign, None).await["code"], json!("FORBIDDEN"));
        let logout = json!({ "session_id": session_id });
        let refused = party.call(&url, Method::POST, "/api/session/logout", Some(logout)).await;
        assert_eq!(refused["code"], json!("FORBIDDEN"));
        let renamed = json!({ "client_version": "0.0.1+00000000", "display_name": "Annabel Searchable" });
        party.call(&url, Method::POST, "/api/session/bootstrap", Some(renamed)).await;
        // Somebody else's session with one's own ticket, and with none.
        let mut thief = Connection::open(&url, Encoding::Json).await;
        let hello = hello(serde_json::from_value(session_id).unwrap(), &party.reconnect_token);
        thief.send(&ClientMessage::Hello(hello)).await;
        loop {
            match thief.next_payload().await {
                Ok(payload) => party.received.push(payload),
                Err(closed) => break assert_eq!(closed, Closed(4001)),
            }
        }
    }

    // Ann is cut off and comes back; Bob comes back with Ann's token and gets a session of his own;
    // both go.
    ann.connection = None;
    bob.heartbeat().await;
    let token = ann.reconnect_token.clone();
    assert_ne!(ann.enter(&url, Some(token)).await, Resume::Fresh);
    ann.play("Bobby Searchable").await;
    let stolen = ann.reconnect_token.clone();
    assert_eq!(bob.enter(&url, Some(stolen)).await, Resume::Fresh);
    bob.play("Annabel Searchable").await;
    ann.heartbeat().await;
    let logout = json!({ "session_id": ann.session_id });
    ann.call(&url, Method::POST, "/api/session/logout", Some(logout)).await;
    bob.heartbeat().await;
    assert_eq!(server.terminate().code(), Some(0));

    assert!(ann.received.len() > 50 && bob.received.len() > 50);
    ann.assert_nothing_of(&bob);
    bob.assert_nothing_of(&ann);
    // What both were told through the world is there, so the search can find something.
    assert!(bob.received.iter().any(|bytes| contains(bytes, SPOKEN.as_bytes())));

    let logged = read_logs(logs.path());
    for event in ["session live", "session disconnected", "session ended", "version rejected"] {
        assert!(logged.contains(event), "{event} is not logged");
    }
    for party in [&ann, &bob] {
        for (what, value) in &party.private {
            // The opaque user id is what a log may have.
            if *what == "user id" {
                assert!(logged.contains(value.as_str()), "the user id is logged");
                continue;
            }
            for form in Party::forms(value) {
                let form = String::from_utf8_lossy(&form);
                let line = logged.lines().find(|line| line.contains(&*form));
                assert!(line.is_none(), "the {what} of {} is logged: {line:?}", party.name);
            }
        }
        let line = logged.lines().find(|line| line.contains(&party.name));
        assert!(line.is_none(), "a name is logged: {line:?}");
    }
    for (what, text) in [("what somebody said", SPOKEN), ("an address", "127.0.0.1"), ("an access token", "eyJ")] {
        let line = logged.lines().find(|line| line.contains(text));
        assert!(line.is_none(), "{what} is logged: {line:?}");
    }
    for line in logged.lines() {
        let line: Value = serde_json::from_str(line).expect("every line is JSON");
        assert!(line["timestamp"].is_string() && line["level"].is_string() && line["service"] == json!("tilemud"));
    }
}

#[test]
fn the_search_finds_an_id_in_either_encoding() {
    let id = uuid::Uuid::from_u128(0x1234_5678_9abc_def0_1122_3344_5566_7788);
    for encoding in Encoding::ALL {
        let message = ClientMessage::Hello(Hello {
            session_id: tilemud_schema::SessionId(id),
            ticket: "a ticket".to_owned(),
            client_version: String::new(),
            last_tick: None,
            oldest_unanswered_seq: None,
            next_seq: None,
        });
        let mut bytes = Vec::new();
        encode_client(encoding, &message, &mut bytes);
        assert!(Party::forms(&id.to_string()).iter().any(|form| contains(&bytes, form)), "{encoding:?}");
        assert!(Party::forms("a ticket").iter().any(|form| contains(&bytes, form)), "{encoding:?}");
    }
}
