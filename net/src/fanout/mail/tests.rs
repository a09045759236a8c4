//! Lines wait in order, arrive once, and are reported when they cannot be kept.

use super::*;

const OWN: EntityId = EntityId(1);

fn line(channel: ChatChannel, text: &str) -> Arc<Effect> {
    Arc::new(Effect::Chat { channel, from: "Ann".into(), id: None, text: text.into() })
}

fn whisper(text: &str) -> Arc<Effect> {
    line(ChatChannel::Whisper, text)
}

fn zone(text: &str) -> Arc<Effect> {
    line(ChatChannel::Zone, text)
}

fn texts(effects: &[Arc<Effect>]) -> Vec<String> {
    let text = |effect: &Arc<Effect>| match &**effect {
        Effect::Chat { text, .. } => text.to_string(),
        Effect::Missed { lines } => format!("missed {lines}"),
        other => format!("{other:?}"),
    };
    effects.iter().map(text).collect()
}

fn taken(mail: &mut Mail, tick: Tick) -> Vec<String> {
    let mut effects = Vec::new();
    mail.take(tick, &mut effects);
    texts(&effects)
}

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

fn push_zone(mail: &mut Mail, tick: Tick, range: std::ops::Range<usize>) {
    for text in numbers(range) {
        mail.push(tick, zone(&text), Some(OWN)).unwrap();
    }
}

#[test]
fn what_is_over_the_bound_of_a_frame_comes_with_the_next_in_order() {
    let mut mail = Mail::default();
    push_zone(&mut mail, 1, 0..150);
    assert_eq!(taken(&mut mail, 1), numbers(0..64));
    assert_eq!(taken(&mut mail, 2), numbers(64..128));
    assert!(mail.is_waiting());
    assert_eq!(taken(&mut mail, 3), numbers(128..150));
    assert!(!mail.is_waiting());
    assert_eq!(taken(&mut mail, 4), [""; 0]);
}

#[test]
fn what_is_for_one_alone_does_not_wait_behind_what_others_hear_too() {
    let mut mail = Mail::default();
    push_zone(&mut mail, 1, 0..70);
    mail.push(1, whisper("psst"), Some(OWN)).unwrap();
    mail.push(1, Arc::new(Effect::Damage { id: OWN, amount: 5 }), Some(OWN)).unwrap();
    mail.push(1, Arc::new(Effect::Damage { id: EntityId(2), amount: 6 }), Some(OWN)).unwrap();
    let first = taken(&mut mail, 1);
    assert_eq!(first[..64], numbers(0..64));
    assert_eq!(first[64], "psst");
    assert!(first[65].contains("amount: 5"), "{}", first[65]);
    assert_eq!(first.len(), 66);
    assert!(taken(&mut mail, 2).last().unwrap().contains("amount: 6"));
}

#[test]
fn within_a_frame_all_stands_in_the_order_in_which_it_happened() {
    let mut mail = Mail::default();
    push_zone(&mut mail, 1, 0..1);
    mail.push(1, whisper("one"), Some(OWN)).unwrap();
    push_zone(&mut mail, 1, 1..3);
    mail.push(1, whisper("two"), Some(OWN)).unwrap();
    push_zone(&mut mail, 1, 3..4);
    assert_eq!(taken(&mut mail, 1), ["0", "one", "1", "2", "two", "3"]);
}

#[test]
fn a_client_that_says_what_it_holds_gets_exactly_the_rest_again_in_order() {
    let mut mail = Mail::default();
    mail.push(5, whisper("held"), None).unwrap();
    taken(&mut mail, 5);
    mail.push(6, whisper("lost on the way"), None).unwrap();
    push_zone(&mut mail, 6, 0..1);
    taken(&mut mail, 6);
    mail.push(9, whisper("while away"), None).unwrap();
    push_zone(&mut mail, 9, 1..2);
    mail.resume(Some(5), 10);
    assert_eq!(taken(&mut mail, 10), ["lost on the way", "0", "while away", "1"]);
    mail.resume(Some(10), 11);
    assert_eq!(taken(&mut mail, 11), [""; 0]);
}

#[test]
fn a_client_that_says_nothing_has_what_the_answers_to_pings_proved() {
    for last_tick in [None, Some(Tick::MAX)] {
        let mut mail = Mail::default();
        for (tick, text) in [(5, "proved"), (6, "not proved")] {
            mail.push(tick, whisper(text), None).unwrap();
            taken(&mut mail, tick);
        }
        mail.confirm(5, 7);
        mail.resume(last_tick, 10);
        assert_eq!(taken(&mut mail, 10), ["not proved"]);
    }
}

#[test]
fn what_arrived_but_was_not_come_to_is_sent_again_within_a_while() {
    for (now, expected) in [(10, &["arrived"][..]), (5 + HEARD_KEPT_TICKS, &[])] {
        let mut mail = Mail::default();
        mail.push(5, whisper("arrived"), None).unwrap();
        taken(&mut mail, 5);
        mail.confirm(5, now);
        mail.resume(Some(4), now);
        assert_eq!(taken(&mut mail, now), expected);
    }
}

#[test]
fn what_was_in_dropped_frames_is_sent_again_with_what_followed() {
    let mut mail = Mail::default();
    push_zone(&mut mail, 1, 0..1);
    taken(&mut mail, 1);
    push_zone(&mut mail, 2, 1..2);
    taken(&mut mail, 2);
    push_zone(&mut mail, 3, 2..3);
    mail.take_back(2);
    assert_eq!(taken(&mut mail, 4), numbers(1..3));
}

#[test]
fn a_full_direct_queue_says_so_before_it_refuses() {
    let mut mail = Mail::default();
    for number in 0..DIRECT_MAX {
        assert_eq!(mail.is_full(), number >= DIRECT_WAITING_MAX, "{number}");
        mail.push(1, whisper(&number.to_string()), None).unwrap();
    }
    assert_eq!(texts(&[mail.push(1, whisper("over"), None).unwrap_err()]), ["over"]);
    assert_eq!(taken(&mut mail, 2), numbers(0..DIRECT_MAX));
    assert!(!mail.is_full());
    mail.push(3, whisper("next"), None).unwrap();
    assert_eq!(taken(&mut mail, 3), ["next"], "what was sent makes room");
    mail.resume(Some(1), 4);
    let again = taken(&mut mail, 4);
    assert_eq!((again.len(), &*again[0], &*again[1]), (DIRECT_MAX + 1, "missed 1", "1"));
}

#[test]
fn bytes_are_bounded_like_numbers() {
    let long = "x".repeat(1_000);
    let mut mail = Mail::default();
    let kept = (0..DIRECT_MAX).take_while(|_| mail.push(1, whisper(&long), None).is_ok()).count();
    assert!(kept < DIRECT_MAX && mail.direct.bytes <= DIRECT_BYTES_MAX && mail.is_full(), "{kept}");
    for _ in 0..COMMON_MAX {
        mail.push(1, zone(&long), None).unwrap();
    }
    assert!(mail.common.bytes <= COMMON_BYTES_MAX);
    assert_eq!(mail.missed as usize + mail.common.entries.len(), COMMON_MAX);
    let empty = |queue: &Queue| queue.entries.is_empty() && queue.bytes == 0;
    for tick in 2..20 {
        taken(&mut mail, tick);
    }
    mail.resume(Some(19), 20);
    assert!(empty(&mail.direct) && empty(&mail.common));
}

#[test]
fn who_misses_lines_is_told_how_many_and_told_again_when_that_was_lost() {
    let mut mail = Mail::default();
    push_zone(&mut mail, 1, 0..COMMON_MAX + 3);
    let first = taken(&mut mail, 2);
    assert_eq!((&*first[0], &*first[1]), ("missed 3", "3"));
    mail.take_back(2);
    assert_eq!(taken(&mut mail, 3)[0], "missed 3");
    mail.resume(Some(2), 5);
    assert_eq!(taken(&mut mail, 5)[0], "missed 3");
    mail.resume(Some(5), 6);
    assert_ne!(taken(&mut mail, 6)[0], "missed 3");
}

fn noise(number: usize) -> Arc<Effect> {
    Arc::new(Effect::Sound { x: number as i32, y: 0, name: "door_open".into() })
}

#[test]
fn no_amount_of_noise_holds_up_or_pushes_out_a_line() {
    let mut mail = Mail::default();
    for tick in 1..=30 {
        (0..NOISE_MAX).for_each(|number| mail.push(tick, noise(number), Some(OWN)).unwrap());
        push_zone(&mut mail, tick, 0..3);
        let frame = taken(&mut mail, tick);
        assert!(!frame[0].starts_with("missed"), "{tick}: {}", frame[0]);
        let lines = frame.iter().filter(|text| !text.contains("door_open")).count();
        assert_eq!((lines, frame.len()), (3, 3 + NOISE_PER_FRAME_MAX), "{tick}");
        assert_eq!(frame[frame.len() - 3..], numbers(0..3), "{tick}: in the order in which it happened");
    }
    push_zone(&mut mail, 31, 0..EFFECTS_PER_FRAME_MAX);
    assert_eq!(taken(&mut mail, 31), numbers(0..EFFECTS_PER_FRAME_MAX));
}

#[test]
fn of_too_much_noise_the_newest_is_kept() {
    let mut mail = Mail::default();
    (0..NOISE_MAX + 5).for_each(|number| mail.push(1, noise(number), Some(OWN)).unwrap());
    assert_eq!(mail.noise.entries.len(), NOISE_MAX);
    assert!(taken(&mut mail, 1)[0].contains("x: 5"));
}

#[test]
fn old_noise_is_forgotten_and_words_are_not() {
    let mut mail = Mail::default();
    let noise = || Arc::new(Effect::Sound { x: 1, y: 1, name: "door".into() });
    mail.push(1, noise(), None).unwrap();
    push_zone(&mut mail, 1, 0..1);
    mail.push(2, noise(), None).unwrap();
    mail.resume(None, 2 + NOISE_KEPT_TICKS - 1);
    let left = taken(&mut mail, 100);
    assert_eq!((left.len(), &*left[0]), (2, "0"));
    assert!(!mail.is_waiting());
}

#[test]
fn what_nobody_will_hear_is_known() {
    let mut mail = Mail::default();
    mail.push(1, whisper("arrived"), None).unwrap();
    taken(&mut mail, 1);
    mail.push(2, whisper("on its way"), None).unwrap();
    taken(&mut mail, 2);
    mail.confirm(1, 2);
    mail.push(3, whisper("waits"), None).unwrap();
    mail.push(3, Arc::new(Effect::Damage { id: OWN, amount: 5 }), Some(OWN)).unwrap();
    let unheard: Vec<_> = mail.unheard().collect();
    assert_eq!(texts(&unheard), ["on its way", "waits"]);
    assert_eq!(mail.unheard().count(), 0);
}
