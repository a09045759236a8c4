//! What an intent must be before the world looks at it (FR-010).

use tilemud_schema::{Action, ChatChannel, Details, Direction, ErrorCode, Intent};

fn chat(channel: ChatChannel, text: &str, to: Option<&str>) -> Intent {
    Intent::Chat { channel, text: text.into(), to: to.map(Into::into) }
}

#[test]
fn good_intents_pass() {
    let longest = "é".repeat(280);
    for intent in [
        Intent::Move { direction: Direction::North },
        chat(ChatChannel::Say, "a", None),
        chat(ChatChannel::Zone, &longest, None),
        chat(ChatChannel::Whisper, "psst", Some("Zoë Ångström")),
        chat(ChatChannel::Whisper, "psst", Some(&"e\u{301}".repeat(24))),
        Intent::Action { steps: vec![Action::Open { x: 1, y: 1 }; 16] },
    ] {
        assert_eq!(intent.check(), Ok(()), "{intent:?}");
    }
}

#[test]
fn bad_intents_are_refused_with_the_field_at_fault() {
    let too_long = "a".repeat(281);
    let long_kind = "k".repeat(49);
    let drop = |item: &str| Intent::Action { steps: vec![Action::Drop { item: item.into(), quantity: None }] };
    for (intent, at_fault) in [
        (chat(ChatChannel::Say, "", None), "text"),
        (chat(ChatChannel::Say, " \u{3000} ", None), "text"),
        (chat(ChatChannel::Say, &too_long, None), "text"),
        (chat(ChatChannel::Say, "a\u{0}b", None), "text"),
        (chat(ChatChannel::Say, "two\nlines", None), "text"),
        (chat(ChatChannel::Say, "hi", Some("Bob")), "to"),
        (chat(ChatChannel::Whisper, "hi", None), "to"),
        (chat(ChatChannel::Whisper, "hi", Some("a\u{0}")), "to"),
        (chat(ChatChannel::Whisper, "hi", Some(&"n".repeat(145))), "to"),
        (Intent::Action { steps: Vec::new() }, "steps"),
        (Intent::Action { steps: vec![Action::Open { x: 0, y: 0 }; 17] }, "steps"),
        (drop(""), "item"),
        (drop(&long_kind), "item"),
        (drop("a\u{0}"), "item"),
    ] {
        let (code, details) = intent.check().expect_err("refused");
        assert_eq!(code, ErrorCode::IntentInvalid);
        assert!(matches!(details, Details::Field { field, .. } if field == at_fault), "{intent:?}");
    }
}
