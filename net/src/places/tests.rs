//! Who gets a place, who gives way, and who never does.

use super::*;
use crate::limits::TURN_WAIT_MAX;

fn places(connections: usize, strangers_per_address: usize) -> Arc<Places> {
    Arc::new(Places::new(Bounds { strangers_per_address, ..Bounds::of(connections) }))
}

fn address(number: u8) -> IpAddr {
    [192, 0, 2, number].into()
}

fn admitted(places: &Arc<Places>, from: IpAddr) -> Arc<Place> {
    places.admit(from, false).expect("a place").0
}

fn ended(held: &[Arc<Place>]) -> Vec<usize> {
    (0..held.len()).filter(|index| held[*index].gives_way.is_cancelled()).collect()
}

#[tokio::test(start_paused = true)]
async fn of_an_address_with_too_many_the_one_that_was_quiet_the_longest_gives_way() {
    let places = places(100, 3);
    let held: Vec<_> = (0..3).map(|_| admitted(&places, address(1))).collect();
    held[0].has_answered();
    let (_fourth, made_room) = places.admit(address(1), false).unwrap();
    assert_eq!((ended(&held), made_room), (vec![1], Some(Crowded::Address)));
    let _other = admitted(&places, address(2));
    assert_eq!((ended(&held).len(), places.counts()), (1, (4, 0)));
}

#[tokio::test(start_paused = true)]
async fn all_addresses_of_a_v6_subscriber_count_as_one() {
    let places = places(100, 2);
    let held: Vec<_> =
        ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:9::"].map(|it| admitted(&places, it.parse().unwrap())).into();
    assert_eq!(ended(&held), [0]);
    let _neighbour = admitted(&places, "2001:db8:0:1::1".parse().unwrap());
    assert_eq!(ended(&held), [0]);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_with_one_connection_comes_in_and_the_address_with_most_gives_way() {
    let places = places(100, 50);
    let hoard: Vec<_> = (0..45).map(|_| admitted(&places, address(1))).collect();
    let singles: Vec<_> = (2..=31).map(|number| admitted(&places, address(number))).collect();
    let newcomers: Vec<_> = (100..140).map(|number| places.admit(address(number), false).unwrap()).collect();
    assert!(newcomers.iter().all(|(_, made_room)| *made_room == Some(Crowded::Everywhere)));
    assert_eq!((ended(&hoard), ended(&singles)), ((0..40).collect(), vec![]));
    drop(newcomers);
    let (_one_more, made_room) = places.admit(address(141), false).unwrap();
    assert_eq!(made_room, None, "whoever went left a place");
}

#[tokio::test(start_paused = true)]
async fn strangers_of_many_addresses_leave_a_quarter_to_those_who_come_back() {
    let places = places(40, 10);
    admitted(&places, address(200)).live();
    let crowd: Vec<_> = (0..60).map(|number| admitted(&places, address(number))).collect();
    assert_eq!((ended(&crowd), places.counts()), ((0..30).collect(), (30, 0)));
    let returning: Vec<_> = (0..10).map(|_| places.admit(address(200), false).unwrap()).collect();
    assert!(returning.iter().all(|(_, made_room)| made_room.is_none()), "there was room for them");
    let _more = admitted(&places, address(61));
    assert!(!returning.iter().any(|(place, _)| place.gives_way.is_cancelled()));
    // After a while it is an address like any other.
    drop(returning);
    tokio::time::advance(Duration::from_secs(61)).await;
    let (_place, made_room) = places.admit(address(200), false).unwrap();
    assert_eq!(made_room, Some(Crowded::Everywhere));
}

#[tokio::test(start_paused = true)]
async fn one_whose_request_is_under_way_gives_way_after_all_that_are_silent() {
    let places = places(40, 10);
    let crowd: Vec<_> = (0..30).map(|number| admitted(&places, address(number))).collect();
    crowd[0].serves(address(0));
    crowd[1].serves(address(1));
    let newcomers: Vec<_> = (100..128).map(|number| admitted(&places, address(number))).collect();
    assert_eq!(ended(&crowd), (2..30).collect::<Vec<_>>());
    // An answer is a place earned, and one that goes on without an answer is silent again.
    crowd[0].has_answered();
    crowd[1].goes_on();
    let _two: Vec<_> = (130..132).map(|number| admitted(&places, address(number))).collect();
    assert_eq!((crowd[0].gives_way.is_cancelled(), crowd[1].gives_way.is_cancelled()), (false, true));
    assert_eq!(ended(&newcomers), [0]);
    // When all are under way, the oldest goes.
    let places = Arc::new(Places::new(Bounds { strangers_per_address: 10, ..Bounds::of(4) }));
    let crowd: Vec<_> = (0..3).map(|number| admitted(&places, address(number))).collect();
    for (place, number) in crowd.iter().zip(0..) {
        place.serves(address(number));
    }
    let _newcomer = admitted(&places, address(9));
    assert_eq!(ended(&crowd), [0]);
}

#[tokio::test(start_paused = true)]
async fn a_few_known_addresses_that_hold_every_place_keep_no_newcomer_out() {
    let places = Arc::new(Places::new(Bounds::of(4_256)));
    let known = [1, 2, 3, 4].map(address);
    [&known[..], &[address(5)]].concat().into_iter().for_each(|address| admitted(&places, address).live());
    let single = admitted(&places, address(5));
    let hoard: Vec<_> = (0..4_256).map(|number| admitted(&places, known[number % 4])).collect();
    assert_eq!(places.counts(), (4_256, 0));
    let newcomers: Vec<_> = (100..200).map(|number| admitted(&places, address(number))).collect();
    // They come back at once.
    let again: Vec<_> = (0..400).map(|number| admitted(&places, known[number % 4])).collect();
    assert_eq!((ended(&newcomers), single.gives_way.is_cancelled()), (vec![], false));
    assert_eq!(ended(&hoard).len() + ended(&again).len(), 501);
    // Somebody who plays there, or did until just now, still comes in before those nobody knows.
    let returning = admitted(&places, address(5));
    assert_eq!((ended(&newcomers).len(), returning.gives_way.is_cancelled()), (1, false));
}

#[tokio::test(start_paused = true)]
async fn a_live_session_never_gives_way_and_when_all_are_live_nobody_comes_in() {
    let places = places(4, 10);
    let played = |_| {
        let player = admitted(&places, address(1));
        player.live();
        player
    };
    let players: Vec<_> = (0..4).map(played).collect();
    assert!(places.admit(address(1), false).is_none());
    assert!(places.admit(address(2), false).is_none());
    assert_eq!((ended(&players), places.counts()), (vec![], (0, 4)));
    players[2].is_over();
    let _newcomer = admitted(&places, address(1));
    assert_eq!(ended(&players), [2], "a session that is over gives way while its goodbye is sent");
}

#[tokio::test(start_paused = true)]
async fn a_proxys_own_connections_are_not_bounded_and_its_visitors_are_one_by_one() {
    let places = places(100, 2);
    let proxy = |_| places.admit(address(9), true).unwrap().0;
    let held: Vec<_> = (0..10).map(proxy).collect();
    assert_eq!(ended(&held), [] as [usize; 0]);
    let visitors = held.iter().zip([1, 1, 1, 2, 2]);
    let made_room: Vec<_> = visitors.map(|(place, visitor)| place.serves(address(visitor))).collect();
    assert_eq!(ended(&held), [0]);
    assert_eq!(made_room, [None, None, Some(Crowded::Address), None, None]);
    held[1].has_answered();
    held[5].serves(address(1));
    assert_eq!(ended(&held), [0], "an answered visitor holds nothing");
    assert_eq!(held[5].address(), address(1));
    assert!(held[6..].iter().all(|place| place.serves(address(9)).is_none()), "what the proxy asks for itself");
}

#[tokio::test(start_paused = true)]
async fn a_proxy_behind_a_proxy_is_not_bounded_either_and_its_visitors_are() {
    let places = places(100, 2);
    let proxy = |_| places.admit(address(9), true).unwrap().0;
    let held: Vec<_> = (0..10).map(proxy).collect();
    assert!(held.iter().all(|place| place.came_for(address(8), true).is_none()));
    let visitors = held.iter().zip([1, 1, 1, 2, 2]);
    let made_room: Vec<_> = visitors.map(|(place, visitor)| place.serves(address(visitor))).collect();
    assert_eq!(made_room, [None, None, Some(Crowded::Address), None, None]);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_more_than_there_is_time_for_is_refused_and_owes_nothing_for_it() {
    let places = places(100, 2);
    let place = admitted(&places, address(1));
    let per_s = u64::from(Bounds::of(100).requests_per_s);
    let served = (0..per_s * 100).take_while(|_| places.turn(address(1)).is_ok()).count() as u64;
    assert_eq!(served, per_s * (TURN_WAIT_MAX.as_secs() + 1) - 1, "one second's worth at once, and what waits");
    assert_eq!(place.turn(address(1)).await, Err(TURN_WAIT_MAX));
    assert_eq!(places.turn(address(2)), Ok(Duration::ZERO));
    tokio::time::advance(TURN_WAIT_MAX).await;
    assert!(places.turn(address(1)).is_ok(), "whoever comes later waits for nobody who has gone");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_refused_requests_takes_nothing_from_the_rate_of_its_address() {
    let places = places(100, 2);
    let mut served = Vec::new();
    for _ in 0..40 {
        served.push((0..2_000).filter(|_| places.turn(address(1)).is_ok()).count());
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert!(served.iter().all(|count| *count >= 800), "{served:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_has_to_end_takes_no_place_for_what_it_still_does() {
    let places = places(100, 2);
    let held: Vec<_> = (0..3).map(|_| admitted(&places, address(1))).collect();
    held[0].has_answered();
    held[0].came_for(address(2), false);
    assert_eq!((ended(&held), places.counts()), (vec![0], (2, 0)));
    drop(held);
    assert_eq!(places.counts(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn everything_is_given_back_and_nothing_is_remembered_of_those_who_are_gone() {
    let places = places(20, 5);
    for round in 0..50_u8 {
        let held: Vec<_> = (0..7).map(|step| admitted(&places, address(round.wrapping_add(step)))).collect();
        held[0].live();
        held[1].live();
        held[1].is_over();
        held[2].has_answered();
    }
    assert_eq!(places.counts(), (0, 0));
    let inner = places.inner.lock();
    assert!(inner.by_number.iter().all(BTreeSet::is_empty));
    assert!(inner.addresses.values().all(|it| it.known_until.is_some()), "those who played are remembered for a while");
}

#[tokio::test(start_paused = true)]
async fn requests_of_an_address_beyond_its_rate_wait_for_their_turn_and_others_do_not() {
    let places = places(20, 5);
    let waits: Vec<_> = (0..802).map(|_| places.turn(address(1)).unwrap().as_micros()).collect();
    assert_eq!((waits[799], waits[800], waits[801]), (0, 1_250, 2_500));
    assert_eq!(places.turn(address(2)), Ok(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn handshakes_of_an_address_cost_as_much_as_many_requests_and_take_nothing_from_them() {
    let places = places(20, 5);
    let waits: Vec<_> = (0..402).map(|_| places.handshake_turn(address(1)).unwrap().as_millis()).collect();
    assert_eq!((waits[399], waits[400], waits[401]), (0, 5, 10));
    let served = (0..10_000).filter(|_| places.handshake_turn(address(1)).is_ok()).count();
    assert_eq!(served, 200 * 10 - 1 - 2);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!((0..10_000).filter(|_| places.handshake_turn(address(1)).is_ok()).count(), 200);
    assert_eq!((places.turn(address(1)), places.handshake_turn(address(2))), (Ok(Duration::ZERO), Ok(Duration::ZERO)));
    let proxy = places.admit(address(1), true).unwrap().0;
    assert_eq!(proxy.handshake_turn().await, Ok(()), "it encrypts for many");
    let player = admitted(&places, address(1));
    assert_eq!(player.handshake_turn().await, Err(TURN_WAIT_MAX));
}

#[tokio::test(start_paused = true)]
async fn connections_opened_over_and_over_are_refused_until_there_was_time_for_them() {
    let places = places(20, 5);
    assert_eq!((0..5_000).filter(|_| places.may_connect(address(1))).count(), 1_601);
    assert!(places.may_connect(address(2)));
    tokio::time::advance(Duration::from_millis(100)).await;
    let later = (0..5_000).filter(|_| places.may_connect(address(1))).count();
    assert!((79..=81).contains(&later), "{later}");
}
