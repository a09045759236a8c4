//! Names at the socket (FR-031): who may be called what, and who hears a whisper to which name.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::{ChatChannel, Details, Effect, Encoding, ErrorCode, IntentAck, WireError};
use tilemud_support::player::{Player, call, token};
use tilemud_support::process::Local;

use crate::world::meadow;

async fn named(url: &str, user: &str, name: &str) -> (StatusCode, Value) {
    let bearer = token(url, user).await;
    let body = json!({ "client_version": tilemud_schema::version(), "display_name": name });
    call(url, Method::POST, "/api/session/bootstrap", Some(&bearer), Some(body)).await
}

#[tokio::test]
async fn nobody_takes_a_name_that_looks_like_anothers() {
    let server = Local::plain(meadow(), &[]).await;
    for (user, name) in [("real-1", "Andr\u{e9}"), ("real-2", "Ann"), ("real-3", "Ann Lee"), ("real-4", "Robin")] {
        assert_eq!(named(&server.url, user, name).await.0, StatusCode::OK, "{name}");
    }
    for (number, (name, taken)) in [
        ("Andre\u{301}", true),
        ("\u{410}nn", false),
        ("Ann\u{200b}", false),
        ("An\u{ad}n", false),
        ("An\u{2060}n", false),
        ("Ann  Lee", true),
        ("\u{3164}", false),
        ("\u{2800}", false),
        ("\u{200b}", false),
        ("\u{202e}nnA", false),
        ("\u{ff21}\u{ff4e}\u{ff4e}", true),
        ("Ann\u{fe0f}", false),
        ("Ann\u{e0061}\u{e0062}", false),
        ("A\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}nn", false),
        ("Ann ", true),
        ("Ann\u{a0}Lee", false),
        ("ROBIN", true),
        ("R\u{43e}bin", false),
        ("admin", false),
        ("\u{ff33}ystem", false),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, body) = named(&server.url, &format!("other-{number}"), name).await;
        if taken {
            assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("NAME_TAKEN")), "{name:?}: {body}");
        } else {
            let expected = (StatusCode::UNPROCESSABLE_ENTITY, &json!("INTENT_INVALID"), &json!("display_name"));
            assert_eq!((status, &body["code"], &body["details"]["field"]), expected, "{name:?}: {body}");
            assert!(body["details"]["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{body}");
        }
    }
}

#[tokio::test]
async fn a_name_is_kept_in_its_normal_form_and_the_operator_reserves_others() {
    let server = Local::plain(meadow(), &["--reserved-name", "Queen", "--reserved-name", "Herald"]).await;
    let (status, body) = named(&server.url, "one", "  Jose\u{301}  Luis ").await;
    assert_eq!((status, &body["state"]["character"]["display_name"]), (StatusCode::OK, &json!("Jos\u{e9} Luis")));
    assert_eq!(named(&server.url, "two", "q u e e n").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(named(&server.url, "two", "Admin").await.0, StatusCode::OK, "the list replaces the default");
    // From whom the server's own lines are.
    let (status, error) = named(&server.url, "three", "Server").await;
    assert_eq!(
        (status, &error["details"]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("display_name")),
        "{error}"
    );
}

async fn whisper(player: &mut Player, to: &str, text: &str) -> Result<IntentAck, WireError> {
    let seq = player.speak(ChatChannel::Whisper, text, Some(to)).await;
    player.answer(seq).await
}

#[tokio::test]
async fn a_whisper_finds_its_listener_however_the_name_is_typed() {
    let server = Local::plain(meadow(), &[]).await;
    let mut zoe = Player::join(&server.url, "Zo\u{eb} STRASSE", Encoding::Json).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let decomposed = "a\u{308}".repeat(24);
    let mut long = Player::join(&server.url, &decomposed, Encoding::Json).await;
    for to in ["Zo\u{eb} STRASSE", "zoe\u{308} stra\u{df}e", " ZOE\u{308}  strasse ", "\u{ff3a}o\u{eb} Strasse"] {
        whisper(&mut ann, to, to).await.expect(to);
        let is_heard = |effect: &Effect| matches!(effect, Effect::Chat { text, .. } if **text == *to);
        zoe.delta_where(|delta| delta.effects.iter().any(is_heard)).await;
    }
    whisper(&mut ann, &decomposed, "psst").await.expect("as it was typed at the sign-in");
    long.delta_where(|delta| !delta.effects.is_empty()).await;

    let nobody = whisper(&mut ann, "Zoe Strasse", "psst").await.expect_err("another name");
    assert_eq!(nobody.code, ErrorCode::TargetAway);
    let too_long = whisper(&mut ann, &"n".repeat(25), "psst").await.expect_err("no name");
    assert_eq!(too_long.code, ErrorCode::IntentInvalid);
    assert!(matches!(too_long.details, Some(Details::Field { field, .. }) if field == "to"));
}
