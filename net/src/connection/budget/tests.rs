//! Every kind of frame that costs something and says nothing is paid for, and what players send is
//! never in the way of it.

use bytes::BytesMut;
use proptest::prelude::*;

use super::*;
use crate::connection::frame_reader::{FrameReader, masked};
use crate::places::{Bounds, Places};

fn rates() -> Rates {
    Rates { frames: 220, bytes: 90 * 1_024 }
}

fn budget() -> Budget {
    let places = Arc::new(Places::new(Bounds::of(100)));
    let (place, _) = places.admit([192, 0, 2, 1].into(), false).unwrap();
    Budget::stranger(rates(), place, Arc::default(), Instant::now())
}

fn known() -> Budget {
    let mut budget = budget();
    budget.welcome();
    budget
}

/// How many of these frames are taken before it is a flood, and how long that takes; all of them
/// are there at once.
async fn taken(budget: Budget, frame: &[u8], count: usize) -> (usize, Option<Fault>, Duration) {
    let mut frames = FrameReader::new(Box::new(std::io::Cursor::new(frame.repeat(count))));
    frames.meter(budget);
    let begun = Instant::now();
    for number in 0.. {
        match frames.frame().await {
            Ok(_) => {}
            Err(Fault::Gone) => return (number, None, begun.elapsed()),
            Err(fault) => return (number, Some(fault), begun.elapsed()),
        }
    }
    unreachable!()
}

/// Everything that costs a frame and carries nothing.
fn empties() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("pongs nobody asked for", masked(0x8a, &[0x80], b"")),
        ("long pongs", masked(0x8a, &[0x80 | 125], &[7; 125])),
        ("empty continuations", masked(0x00, &[0x80], b"")),
        ("fragments of a byte", masked(0x00, &[0x81], b" ")),
        ("empty messages", masked(0x82, &[0x80], b"")),
        ("pings", masked(0x89, &[0x80], b"")),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_frames_that_carry_nothing_ends_within_a_second() {
    for (what, frame) in empties() {
        let (frames, fault, took) = taken(known(), &frame, 1_000_000).await;
        assert_eq!((frames, fault), (440, Some(Fault::Flood)), "{what}");
        assert!(took < Duration::from_secs(1), "{what}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn before_a_session_is_known_any_frames_are_soon_too_many() {
    let message = masked(0x82, &[0x85], b"hello");
    for (what, frame) in empties().into_iter().chain([("messages", message)]) {
        let (frames, fault, took) = taken(budget(), &frame, 1_000_000).await;
        assert_eq!((frames, fault), (STRANGER_FRAMES_MAX, Some(Fault::Flood)), "{what}");
        assert!(took < Duration::from_secs(1), "{what}: {took:?}");
    }
    let (_, fault, _) = taken(budget(), &masked(0x82, &[0x80 | 126, 0x10, 0], &[7; 4_096]), 1_000).await;
    assert_eq!(fault, Some(Fault::Flood), "bytes");
}

#[tokio::test(start_paused = true)]
async fn what_all_strangers_of_an_address_send_is_counted_together_and_slowed() {
    let places = Arc::new(Places::new(Bounds { connects_per_s: 10, ..Bounds::of(1_000) }));
    let pongs = masked(0x8a, &[0x80], b"");
    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        let (place, _) = places.admit([192, 0, 2, 1].into(), false).unwrap();
        let budget = Budget::stranger(rates(), place, Arc::default(), Instant::now());
        let mut frames = FrameReader::new(Box::new(std::io::Cursor::new(pongs.repeat(20))));
        frames.meter(budget);
        let begun = Instant::now();
        while frames.frame().await.is_ok() {}
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest >= INBOUND_PAUSE_MIN, "{slowest:?}");
}

#[tokio::test(start_paused = true)]
async fn bytes_and_reads_beyond_the_budget_slow_the_reading_down_to_the_rate() {
    // Messages of the largest size, all there at once.
    let large = masked(0x82, &[0x80 | 126, 0x10, 0], &[7; 4_096]);
    let (frames, fault, took) = taken(known(), &large, 200).await;
    assert_eq!((frames, fault), (200, None));
    let least_s = (200.0 * 4_104.0 - 2.0 * 90.0 * 1_024.0) / (90.0 * 1_024.0);
    assert!((least_s - 1.0..least_s + 1.0).contains(&took.as_secs_f64()), "{took:?}, not about {least_s} s");

    // A byte a segment.
    let (mut peer, socket) = tokio::io::duplex(1);
    let writing =
        tokio::spawn(async move { while tokio::io::AsyncWriteExt::write_all(&mut peer, &[0x82]).await.is_ok() {} });
    let mut budget = known();
    let mut reads = 0;
    let begun = Instant::now();
    let mut frames = FrameReader::new(Box::new(socket));
    while begun.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(budget.pause(Instant::now())).await;
        frames.read().await.unwrap();
        budget.read(1, Instant::now()).unwrap();
        reads += 1;
    }
    writing.abort();
    assert!(reads <= 440 + 2_200 + 440, "{reads} reads in ten seconds");
}

#[tokio::test(start_paused = true)]
async fn what_players_send_is_neither_slowed_nor_ended() {
    // Each tick an answer to a ping, a move, now and then the rest; after a hold-up of ten seconds
    // all of it at once.
    let move_ = masked(0x82, &[0x80 | 60], &[7; 60]);
    let action = masked(0x82, &[0x80 | 126, 0x08, 0], &[7; 2_048]);
    let pong = masked(0x8a, &[0x88], &[7; 8]);
    let mut budget = known();
    for tick in 0..1_200 {
        let due: &[&Vec<u8>] = if tick % 2 == 0 { &[&pong, &move_, &action] } else { &[&pong, &move_] };
        for frame in due {
            let now = Instant::now();
            budget.read(frame.len(), now).unwrap();
            let (fin, opcode) = (true, if frame[0] == 0x8a { OpCode::Pong } else { OpCode::Binary });
            budget.frame(&InFrame { fin, opcode, payload: BytesMut::from(&frame[..]) }, now).unwrap();
            assert_eq!(budget.pause(now), Duration::ZERO, "tick {tick}");
        }
        tokio::time::advance(Duration::from_millis(50)).await;
    }
    let held_up = [pong.repeat(200), move_.repeat(200)].concat();
    let (frames, fault, _) = taken(known(), &held_up, 1).await;
    assert_eq!((frames, fault), (400, None));
}

proptest! {
    #[test]
    fn a_message_in_a_few_fragments_with_controls_in_between_is_no_flood(cuts in 1_usize..60, pings in 0_usize..4) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let mut bytes = Vec::new();
        for number in 0..cuts {
            bytes.extend(masked(if number == 0 { 0x02 } else { 0x00 }, &[0x81], b"x"));
            bytes.extend(masked(0x89, &[0x80], b"").repeat(usize::from(number < pings)));
        }
        let (_, fault, _) = runtime.block_on(async { taken(budget(), &bytes, 1).await });
        prop_assert_eq!(fault, None);
    }
}
