//! What is said is heard as people write it, and nothing in it is invisible, turns text round or
//! towers over its line.

use tilemud_schema::{ChatChannel, Details, Direction, Effect, Encoding, ErrorCode};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

async fn next_line(player: &mut Player) -> String {
    loop {
        let delta = player.delta().await;
        if let Some(line) = delta.effects.iter().find_map(|effect| match effect {
            Effect::Chat { text, .. } => Some(text.to_string()),
            _ => None,
        }) {
            return line;
        }
    }
}

#[tokio::test]
async fn lines_are_heard_as_they_are_written_without_what_cannot_be_seen_or_turns_them_round() {
    let server = Local::plain(meadow(), &["--chat-per-s", "100", "--whisper-per-s", "100"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut ben = Player::join(&server.url, "Ben", Encoding::Postcard).await;
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{2764}\u{fe0f}";
    let persian = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}";
    for channel in [ChatChannel::Say, ChatChannel::Zone, ChatChannel::Whisper] {
        let to = (channel == ChatChannel::Whisper).then_some("Ben");
        for (text, heard) in [
            (family, family),
            (persian, persian),
            ("pay \u{202e}001\u{202c}\u{2066} now\u{2069}", "pay 001 now"),
            ("h\u{200b}i\u{ad}\u{feff}\u{e0041}", "hi"),
            ("Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{304}a", "Z\u{351}\u{36b}\u{343}a"),
        ] {
            let seq = ann.speak(channel, text, to).await;
            ann.answer(seq).await.expect("it may be said");
            assert_eq!(next_line(&mut ben).await, heard);
        }
        for text in ["\u{200b}", "\u{202e}\u{2066}", "\u{2800}\u{2800}", "\u{3164}", "a\u{2028}b", "\u{301}\u{302}"] {
            let seq = ann.speak(channel, text, to).await;
            let error = ann.answer(seq).await.expect_err("nothing to see, or two lines");
            assert_eq!(error.code, ErrorCode::IntentInvalid);
            assert!(matches!(error.details, Some(Details::Field { field, .. }) if field == "text"), "{text:?}");
        }
    }
    ann.walk(Direction::East).await;
}
