//! Who is not there is shown as away and is gone in time, however the connection was lost: also
//! without a word, behind a middlebox that forwards nothing any more.

use std::sync::Arc;

use tilemud_schema::{Encoding, EntityId, StateDelta};
use tilemud_support::player::{Player, until};
use tilemud_support::process::Local;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::world::meadow;

/// A way to the server on which packets can get lost, without either side being told.
struct Way {
    url: String,
    is_open: Arc<watch::Sender<bool>>,
}

impl Way {
    async fn to(url: &str) -> Self {
        let server = url.strip_prefix("http://").expect("plain").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            is_open: Arc::new(watch::Sender::new(true)),
        };
        let is_open = Arc::clone(&way.is_open);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&server).await else { return };
                let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(near_read, far_write, is_open.subscribe()));
                tokio::spawn(carry(far_read, near_write, is_open.subscribe()));
            }
        });
        way
    }
}

/// Carries bytes while the way is open; ends are packets too.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut is_open: watch::Receiver<bool>) {
    let mut bytes = [0; 4_096];
    loop {
        let read = from.read(&mut bytes).await.unwrap_or(0);
        if is_open.wait_for(|is_open| *is_open).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
        if read == 0 {
            let _ = to.shutdown().await;
            return;
        }
    }
}

fn shows(delta: &StateDelta, id: EntityId, away: bool) -> bool {
    delta.update.iter().any(|update| update.id == id && update.away == Some(away))
}

#[tokio::test]
async fn a_lost_connection_is_shown_as_away_at_once_and_as_back_with_the_resume() {
    let server = Local::plain(meadow(), &[]).await;
    for encoding in [Encoding::Postcard, Encoding::Json] {
        let mut bob = Player::join(&server.url, "Bob", encoding).await;
        let ann = Player::join(&server.url, "Ann", encoding).await;
        let (id, token) = (ann.entity_id, ann.reconnect_token.clone());
        drop(ann);
        bob.delta_where(|delta| shows(delta, id, true)).await;
        let mut cid = Player::join(&server.url, "Cid", encoding).await;
        cid.connection.send(&tilemud_schema::ClientMessage::Resync {}).await;
        let full = cid.delta_where(|delta| delta.full).await;
        assert_eq!(full.enter.iter().find(|entity| entity.id == id).expect("Ann").away, Some(true));
        let _ann = Player::resume(&server.url, "Ann", &token, encoding, None).await;
        bob.delta_where(|delta| shows(delta, id, false)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_without_a_word_is_away_after_ten_seconds_then_gone_and_its_place_is_free() {
    let server = Local::plain(meadow(), &["--max-sessions", "3", "--reconnect-window-s", "2"]).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    let (way_of_ann, way_of_cid) = (Way::to(&server.url).await, Way::to(&server.url).await);
    let ann = Player::join(&way_of_ann.url, "Ann", Encoding::Postcard).await;
    let mut cid = Player::join(&way_of_cid.url, "Cid", Encoding::Json).await;
    way_of_ann.is_open.send_replace(false);
    // Cid never says anything, but answers pings.
    let (mut is_cid_away, id_of_cid) = (false, cid.entity_id);
    let watching = async {
        loop {
            let delta = bob.delta().await;
            is_cid_away |= shows(&delta, id_of_cid, true);
            if shows(&delta, ann.entity_id, true) {
                return bob;
            }
        }
    };
    let reading = async {
        loop {
            cid.next().await;
        }
    };
    let mut bob = tokio::select! {
        bob = watching => bob,
        () = reading => unreachable!("it ends only with the test"),
    };
    assert!(!is_cid_away);
    bob.delta_where(|delta| delta.leave.contains(&ann.entity_id)).await;
    until(async || {
        let bearer = tilemud_support::player::token(&server.url, "Dan").await;
        tilemud_support::player::try_bootstrap_as(&server.url, &bearer, "Dan", None).await.is_ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_connection_that_is_heard_again_is_back() {
    let server = Local::plain(meadow(), &[]).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    let way = Way::to(&server.url).await;
    let mut ann = Player::join(&way.url, "Ann", Encoding::Postcard).await;
    way.is_open.send_replace(false);
    bob.delta_where(|delta| shows(delta, ann.entity_id, true)).await;
    way.is_open.send_replace(true);
    ann.heartbeat(1).await;
    bob.delta_where(|delta| shows(delta, ann.entity_id, false)).await;
    ann.say("here I am").await;
}
