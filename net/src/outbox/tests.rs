//! The bounds of the outbox, and whole frames in order over real sockets that take little at a
//! time.

use bytes::Bytes;

use super::*;
use crate::limits::{OWED_BYTES_MAX, OWED_SHARE_BYTES};

fn frame(mark: u8) -> OutFrame {
    OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![mark])])
}

async fn marks(outbox: &Outbox) -> Vec<u8> {
    let mut frames = Vec::new();
    outbox.take(&mut frames).await;
    frames.iter().map(|frame| *frame.parts().concat().last().unwrap()).collect()
}

#[tokio::test]
async fn a_backlog_of_deltas_becomes_one_full_delta_and_keeps_the_acks() {
    let outbox = Outbox::new(Encoding::Postcard, 2, Arc::default());
    assert_eq!(outbox.queue_delta(1, false, frame(1)), Verdict::Accepted);
    outbox.queue(frame(100));
    assert_eq!(outbox.queue_delta(3, false, frame(3)), Verdict::Accepted);
    assert_eq!(outbox.queue_delta(4, false, frame(4)), Verdict::NeedsFull { since: 1 });
    assert!(outbox.awaits_full());
    assert_eq!(outbox.queue_delta(5, false, frame(5)), Verdict::Covered);
    assert_eq!(outbox.queue_delta(6, true, frame(6)), Verdict::Accepted);
    assert_eq!(marks(&outbox).await, [100, 6]);
}

#[tokio::test]
async fn a_second_backlog_in_a_row_ends_the_connection_with_4008() {
    let outbox = Outbox::new(Encoding::Postcard, 2, Arc::default());
    outbox.queue_delta(1, false, frame(1));
    assert_eq!(outbox.queue_delta(4, false, frame(4)), Verdict::NeedsFull { since: 1 });
    assert_eq!(outbox.queue_delta(5, true, frame(5)), Verdict::Accepted);
    assert_eq!(outbox.queue_delta(8, false, frame(8)), Verdict::Closed);
    let mut frames = Vec::new();
    assert!(outbox.take(&mut frames).await);
    let close = frames.last().unwrap().parts().concat();
    assert_eq!(&close[..4], &[0x88, 2 + 8, (4008_u16 >> 8) as u8, 4008_u16 as u8]);
    assert!(!outbox.take(&mut frames).await);
}

#[tokio::test]
async fn an_outbox_that_ran_empty_in_between_may_fall_behind_again() {
    let outbox = Outbox::new(Encoding::Postcard, 2, Arc::default());
    outbox.queue_delta(1, false, frame(1));
    assert_eq!(outbox.queue_delta(4, false, frame(4)), Verdict::NeedsFull { since: 1 });
    outbox.queue_delta(5, true, frame(5));
    assert_eq!(marks(&outbox).await, [5]);
    outbox.queue_delta(6, false, frame(6));
    assert_eq!(outbox.queue_delta(9, false, frame(9)), Verdict::NeedsFull { since: 6 });
}

#[tokio::test]
async fn unread_answers_end_the_connection_instead_of_growing() {
    let outbox = Outbox::new(Encoding::Postcard, 2, Arc::default());
    for _ in 0..=RELIABLE_FRAMES_MAX {
        outbox.queue(frame(1));
    }
    assert_eq!(outbox.queue_delta(1, false, frame(2)), Verdict::Closed);
}

/// A plain connection whose sending side holds few bytes, its outbox, and its peer.
async fn plain(backlog_ticks_max: u64) -> (Arc<Outbox>, tokio::net::TcpStream) {
    let [listener, socket] = [(); 2].map(|()| tokio::net::TcpSocket::new_v4().unwrap());
    listener.set_recv_buffer_size(16_384).unwrap();
    listener.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = listener.listen(1).unwrap();
    socket.set_send_buffer_size(16_384).unwrap();
    socket.set_nodelay(true).unwrap();
    let socket = socket.connect(listener.local_addr().unwrap()).await.unwrap();
    let (peer, _) = listener.accept().await.unwrap();
    let (_, write) = socket.into_split();
    (Arc::new(Outbox::direct(write, Encoding::Postcard, backlog_ticks_max, Arc::default())), peer)
}

/// Says the same to whatever outbox it is, in all ways in which something is said; then, when
/// nothing waits, goodbye.
async fn say_all(outbox: &Outbox) {
    for tick in 1..400_u64 {
        let part = |len: u64| Bytes::from(vec![tick as u8; (tick * len % 1_500) as usize]);
        let frame = OutFrame::payload(Encoding::Postcard, [part(37), part(101), part(tick % 3)]);
        match tick % 4 {
            0 => outbox.send(frame),
            1 => outbox.queue(frame),
            2 => assert_eq!(outbox.queue_delta(tick, false, frame), Verdict::Accepted),
            _ => {
                let whole =
                    OutFrame::encoded(Encoding::Postcard, [], |out| out.resize((tick * 97 % 40_000) as usize, 3));
                let (verdict, waits) = outbox.deliver_delta(tick, &whole);
                assert_eq!(verdict, Verdict::Accepted);
                if waits && tick % 8 == 3 {
                    outbox.flush();
                }
            }
        }
        // The peers read a little, so that there is room again, and sometimes for a part of a frame
        // only.
        for _ in 0..tick % 7 {
            tokio::task::yield_now().await;
        }
    }
    outbox.flush();
    while !outbox.state.lock().frames.is_empty() {
        tokio::task::yield_now().await;
    }
    outbox.close(CloseCode::ShuttingDown);
}

/// Everything that comes to a peer.
fn received(mut peer: impl tokio::io::AsyncRead + Send + Unpin + 'static) -> tokio::task::JoinHandle<Vec<u8>> {
    tokio::spawn(async move {
        let mut bytes = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut peer, &mut bytes).await.unwrap();
        bytes
    })
}

#[tokio::test]
async fn a_plain_socket_is_sent_byte_for_byte_what_a_task_would_have_sent() {
    let (socket, peer_of_task) = tokio::io::duplex(1_000);
    let by_task = Arc::new(Outbox::new(Encoding::Postcard, 1_000, Arc::default()));
    let (direct, peer_of_direct) = plain(1_000).await;
    tokio::spawn(writer::run(socket, Arc::clone(&by_task)));
    tokio::spawn(writer::attend(Arc::clone(&direct)));
    let (expected, sent) = (received(peer_of_task), received(peer_of_direct));
    tokio::join!(say_all(&by_task), say_all(&direct));
    let (expected, sent) = (expected.await.unwrap(), sent.await.unwrap());
    let said = |bytes| frame::before_goodbye(bytes, CloseCode::ShuttingDown).expect("a goodbye");
    assert!(expected.len() > 100_000, "{} bytes", expected.len());
    assert!(said(&sent) == said(&expected), "{} bytes, {} expected", sent.len(), expected.len());
}

#[tokio::test]
async fn what_a_plain_socket_does_not_take_follows_when_the_peer_reads_again_whole_and_in_order() {
    let (outbox, mut peer) = plain(2).await;
    let attendant = tokio::spawn(crate::outbox::writer::attend(Arc::clone(&outbox)));
    let frames: Vec<_> = (0..40_u8).map(|mark| Bytes::from(vec![mark; 20_000])).collect();
    for mark in &frames {
        outbox.send(OutFrame::payload(Encoding::Postcard, [mark.clone()]));
    }
    assert!(!outbox.state.lock().frames.is_empty(), "the socket takes everything");
    outbox.close(CloseCode::ShuttingDown);
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut peer, &mut bytes).await.unwrap();
    attendant.await.unwrap();
    let expected = frames.into_iter().map(|mark| OutFrame::payload(Encoding::Postcard, [mark]));
    let expected: Vec<u8> = expected.flat_map(|frame| frame.parts().concat()).collect();
    let before = crate::outbox::frame::before_goodbye(&bytes, CloseCode::ShuttingDown);
    assert!(before == Some(&expected[..]), "{} bytes, {} expected before the goodbye", bytes.len(), expected.len());
}

#[tokio::test]
async fn a_delta_that_is_written_in_part_is_not_dropped_with_the_backlog() {
    let (outbox, mut peer) = plain(2).await;
    let big = Bytes::from(vec![1; 500_000]);
    let begun = OutFrame::payload(Encoding::Postcard, [big]);
    assert_eq!(outbox.queue_delta(1, false, begun.clone()), Verdict::Accepted);
    outbox.flush();
    let written = outbox.state.lock().begun;
    assert!(written > 0 && written < begun.len(), "{written} bytes");
    assert_eq!(outbox.queue_delta(4, false, frame(4)), Verdict::NeedsFull { since: 4 }, "the one that has begun stays");
    outbox.queue(frame(100));
    for (tick, full, verdict) in
        [(5, true, Verdict::Accepted), (7, false, Verdict::Accepted), (8, false, Verdict::Closed)]
    {
        assert_eq!(
            outbox.queue_delta(tick, full, frame(200)),
            verdict,
            "{tick}: the full one has two ticks of its own"
        );
    }
    let attendant = tokio::spawn(crate::outbox::writer::attend(Arc::clone(&outbox)));
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut peer, &mut bytes).await.unwrap();
    attendant.await.unwrap();
    assert!(bytes.starts_with(&begun.parts().concat()), "it was torn");
    assert_eq!(bytes[begun.len()..][..3], [0x82, 1, 100]);
}

#[tokio::test]
async fn what_is_owed_to_all_who_do_not_read_has_a_bound_and_whoever_is_owed_little_is_spared() {
    let metrics = Arc::<NetworkMetrics>::default();
    let outbox = || Outbox::new(Encoding::Postcard, 40, Arc::clone(&metrics));
    let quiet: Vec<_> = (0..100).map(|_| outbox()).collect();
    quiet.iter().for_each(|outbox| outbox.queue(frame(1)));
    let greedy: Vec<_> = (0..500).map(|_| outbox()).collect();
    let answer = OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![1; 3_000])]);
    // Each alone would be within its own bounds.
    for _ in 0..100 {
        greedy.iter().for_each(|outbox| outbox.queue(answer.clone()));
        assert!(metrics.outbox_bytes() <= OWED_BYTES_MAX + 600 * OWED_SHARE_BYTES, "{}", metrics.outbox_bytes());
    }
    let ended = |outboxes: &[Outbox]| outboxes.iter().filter(|it| it.ended_with() == Some(CloseCode::TooSlow)).count();
    assert_eq!((ended(&quiet), ended(&greedy)), (0, 500));
    quiet.iter().for_each(|outbox| outbox.queue(frame(1)));
    assert_eq!(ended(&quiet), 0);
    drop((quiet, greedy));
    assert_eq!(metrics.outbox_bytes(), 0, "everything is given back");
}

#[tokio::test]
async fn a_small_frame_counts_for_what_is_kept_for_it() {
    let small = frame(1);
    assert!(small.held() > 20 * small.len(), "{} for {}", small.held(), small.len());
    let outbox = Outbox::new(Encoding::Postcard, 40, Arc::default());
    outbox.queue(small);
    assert!(!outbox.state.lock().owed.is_large());
}

#[tokio::test]
async fn what_a_plain_socket_does_not_take_is_owed_until_it_is_taken_or_given_up() {
    let (outbox, peer) = plain(2).await;
    let big = OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![1; 1_000_000])]);
    outbox.send(big.clone());
    assert!(outbox.metrics.outbox_bytes() > big.len());
    drop(peer);
    outbox.release();
    assert_eq!(outbox.metrics.outbox_bytes(), 0);
}
