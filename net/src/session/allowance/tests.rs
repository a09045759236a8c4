//! What one player may do in how much time, by a clock that the test moves.

use tilemud_schema::IntentClass;

use super::*;

/// `chats` a second, and 20 of everything else.
fn rates(chats: u32) -> Rates {
    let intents = PerClass::of(|class| if class == IntentClass::Chat { chats } else { 20 });
    Rates { intents, whispers: 1, messages: 90, calls: 10 }
}

fn step() -> Intent {
    Intent::Move { direction: tilemud_schema::Direction::East }
}

fn whisper(to: &str) -> Intent {
    Intent::Chat { channel: ChatChannel::Whisper, text: "psst".into(), to: Some(to.into()) }
}

fn user(name: &str) -> UserId {
    UserId(name.into())
}

/// How many steps go at once.
fn steps(allowance: &Allowance) -> usize {
    (0..1_000).take_while(|_| allowance.intent(&step(), Instant::now()).is_ok()).count()
}

#[tokio::test(start_paused = true)]
async fn buckets_are_found_as_they_were_left_however_often_the_user_comes_back() {
    let allowances = Allowances::with_users_max(rates(5), 100);
    let mut allowed = 0;
    for _ in 0..50 {
        // Nobody holds it in between.
        allowed += steps(&allowances.of(&user("ann"), Instant::now()));
        tokio::time::advance(Duration::from_millis(100)).await;
    }
    assert_eq!(allowed, 20 + 49 * 2, "one second's worth, and 20 for each second");
    assert_eq!(steps(&allowances.of(&user("ben"), Instant::now())), 20, "others have their own");
}

#[tokio::test(start_paused = true)]
async fn being_forgotten_is_worth_nothing_and_a_full_table_slows_only_those_who_are_not_in_it() {
    let allowances = Allowances::with_users_max(rates(5), 10);
    for number in 0..10 {
        assert_eq!(steps(&allowances.of(&user(&number.to_string()), Instant::now())), 20);
    }
    // No room: all others together have what one has.
    assert_eq!(steps(&allowances.of(&user("x"), Instant::now())), 20);
    assert_eq!(steps(&allowances.of(&user("y"), Instant::now())), 0);
    // Nobody was pushed out for them.
    tokio::time::advance(Duration::from_millis(50)).await;
    assert_eq!(steps(&allowances.of(&user("3"), Instant::now())), 1);
    assert_eq!(allowances.table.lock().users.len(), 10);
    // Once their buckets are full again they are forgotten, and there is room; one whose connection
    // lives stays.
    let held = allowances.of(&user("3"), Instant::now());
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(steps(&allowances.of(&user("y"), Instant::now())), 20);
    let names: Vec<_> = allowances.table.lock().users.keys().map(|user| user.0.to_string()).collect();
    assert!(names.len() == 2 && names.contains(&"3".to_owned()), "{names:?}");
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn one_player_can_whisper_only_so_much_to_another_and_goes_on_with_the_rest() {
    let allowance = Allowance::new(rates(100), Instant::now());
    let says =
        |to: &str| allowance.intent(&whisper(to), Instant::now()).map_err(|(limit, wait)| (limit, wait.as_millis()));
    for _ in 0..WHISPER_BURST_S {
        assert_eq!(says("Zoe"), Ok(()));
    }
    assert_eq!(says("Zoe"), Err(("whisper", 1_000)));
    assert_eq!(says(" zOE "), Err(("whisper", 1_000)), "the same name, written otherwise");
    assert_eq!(says("Ann"), Ok(()));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(says("zoe"), Ok(()));
    assert_eq!(says("zoe"), Err(("whisper", 1_000)));
}

#[tokio::test(start_paused = true)]
async fn the_listeners_that_are_remembered_are_bounded() {
    let allowance = Allowance::new(rates(1_000), Instant::now());
    for number in 0..LISTENERS_MAX {
        assert!(allowance.intent(&whisper(&format!("Name {number}")), Instant::now()).is_ok());
    }
    assert_eq!(allowance.intent(&whisper("One more"), Instant::now()), Err(("whisper", Duration::from_secs(1))));
    assert!(allowance.intent(&whisper("Name 0"), Instant::now()).is_ok());
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(allowance.intent(&whisper("One more"), Instant::now()).is_ok());
    assert!(allowance.buckets.lock().whispers.len() <= 2);
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_user_are_counted_and_come_back() {
    let allowance = Allowance::new(rates(5), Instant::now());
    let calls = || (0..1_000).take_while(|_| allowance.call(Instant::now()).is_ok()).count();
    assert_eq!(calls(), 60);
    assert_eq!(allowance.call(Instant::now()), Err(("user", Duration::from_millis(100))));
    tokio::time::advance(Duration::from_millis(1_000)).await;
    assert_eq!(calls(), 10);
    assert!(!allowance.is_full(Instant::now()));
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(allowance.is_full(Instant::now()));
}
