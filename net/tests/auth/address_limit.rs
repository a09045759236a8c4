//! The limit per network address, on a clock of its own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::FakeRelativeClock;
use tilemud_net::auth::{AddressLimitConfig, AddressLimiter};

fn limiter(
    per_second: u32,
    burst: u32,
    addresses_max: usize,
) -> (AddressLimiter<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    // Away from the clock's zero, as any real one is.
    clock.advance(Duration::from_secs(1_000));
    let config = AddressLimitConfig {
        per_second: NonZeroU32::new(per_second).unwrap(),
        burst: NonZeroU32::new(burst).unwrap(),
        addresses_max,
        count_loopback: true,
    };
    (AddressLimiter::with_clock(config, clock.clone()), clock)
}

fn v4(last: u32) -> IpAddr {
    Ipv4Addr::from_bits(0xc633_6400 + last).into()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn a_burst_passes_and_then_the_rate() {
    let (limiter, clock) = limiter(50, 200, 100);
    for _ in 0..200 {
        limiter.check(v4(1)).unwrap();
    }
    assert_eq!(limiter.check(v4(1)), Err(20));
    clock.advance(Duration::from_millis(19));
    assert_eq!(limiter.check(v4(1)), Err(1));
    clock.advance(Duration::from_millis(1));
    limiter.check(v4(1)).unwrap();
    assert_eq!(limiter.check(v4(1)), Err(20));
    clock.advance(Duration::from_secs(1));
    assert_eq!((0..100).filter(|_| limiter.check(v4(1)).is_ok()).count(), 50);
}

#[test]
fn what_was_given_back_was_never_taken_and_no_more_than_that() {
    let (limiter, _) = limiter(50, 200, 100);
    for _ in 0..200 {
        limiter.check(v4(1)).unwrap();
    }
    limiter.give_back(v4(1));
    assert_eq!((limiter.check(v4(1)), limiter.check(v4(1))), (Ok(()), Err(20)));
    limiter.check(v4(2)).unwrap();
    for address in [2, 2, 3] {
        limiter.give_back(v4(address));
    }
    for address in [2, 3] {
        assert_eq!((0..300).filter(|_| limiter.check(v4(address)).is_ok()).count(), 200, "{address}");
    }
}

#[test]
fn a_wait_is_never_said_to_be_nothing() {
    let (limiter, clock) = limiter(1000, 1, 100);
    limiter.check(v4(1)).unwrap();
    clock.advance(Duration::from_micros(999));
    assert_eq!(limiter.check(v4(1)), Err(1));
}

#[test]
fn addresses_do_not_share_but_one_subscriber_does() {
    let (limiter, _) = limiter(1, 1, 100);
    limiter.check(ip("198.51.100.1")).unwrap();
    limiter.check(ip("198.51.100.2")).unwrap();
    limiter.check(ip("2001:db8:1:1::1")).unwrap();
    limiter.check(ip("2001:db8:1:2::1")).unwrap();
    assert!(limiter.check(ip("2001:db8:1:1:ffff::2")).is_err(), "the same /64");
    assert!(limiter.check(ip("::ffff:198.51.100.1")).is_err(), "the same v4 address, mapped");
    // A v6 prefix with the same bits as a v4 address is somebody else.
    limiter.check(Ipv6Addr::from_bits(u128::from(0xc633_6401_u32) << 64).into()).unwrap();
}

#[test]
fn quiet_addresses_are_forgotten() {
    let (limiter, clock) = limiter(10, 10, 1000);
    for last in 0..100 {
        limiter.check(v4(last)).unwrap();
    }
    assert_eq!(limiter.addresses(), 100);
    clock.advance(Duration::from_secs(10));
    limiter.check(v4(200)).unwrap();
    assert_eq!(limiter.addresses(), 1);
}

#[test]
fn a_flood_of_addresses_takes_bounded_memory_and_leaves_known_ones_alone() {
    let (limiter, clock) = limiter(1, 5, 10);
    for last in 0..10 {
        limiter.check(v4(last)).unwrap();
    }
    let passed = (1000..2000).filter(|&last| limiter.check(v4(last)).is_ok()).count();
    assert_eq!(limiter.addresses(), 10);
    assert_eq!(passed, 5, "newcomers share one bucket");
    for last in 0..10 {
        limiter.check(v4(last)).unwrap();
    }
    // Once the known ones have been quiet there is room again.
    clock.advance(Duration::from_secs(6));
    limiter.check(v4(3000)).unwrap();
    assert_eq!(limiter.addresses(), 1);
}

#[test]
fn loopback_is_counted_unless_told_otherwise() {
    let clock = FakeRelativeClock::default();
    let one = NonZeroU32::MIN;
    let config = AddressLimitConfig { per_second: one, burst: one, addresses_max: 10, count_loopback: true };
    let counting = AddressLimiter::with_clock(config, clock.clone());
    let exempting = AddressLimiter::with_clock(AddressLimitConfig { count_loopback: false, ..config }, clock);
    for address in ["127.0.0.1", "::1", "::ffff:127.0.0.2"] {
        counting.check(ip(address)).unwrap();
        assert!(counting.check(ip(address)).is_err(), "{address}");
        for _ in 0..3 {
            exempting.check(ip(address)).unwrap();
        }
    }
    exempting.check(v4(1)).unwrap();
    assert!(exempting.check(v4(1)).is_err());
}

#[test]
fn by_default_two_hundred_at_once_and_fifty_a_second() {
    let config = AddressLimitConfig::default();
    assert_eq!((config.per_second.get(), config.burst.get(), config.count_loopback), (50, 200, true));
    let limiter = AddressLimiter::new(config);
    assert!((0..200).all(|_| limiter.check(v4(1)).is_ok()));
}
