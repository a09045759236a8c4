//! Which process is hit when: drawn from the seed before anything starts. Moments are told by what
//! has happened, because how long that takes is the machine's affair; only what is still starting
//! has nothing to be told by but time.

use std::time::Duration;

use crate::chance::Chance;
use crate::crowd::PLAYERS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The server, with SIGKILL.
    Server,
    /// Postgres with all of its processes, with SIGKILL. The server stays.
    Postgres,
    Both,
    /// The server, with SIGTERM: it drains and ends by itself.
    Drain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long after the server's process was started, or when it gets ready if that is sooner.
    Starting(Duration),
    /// When so many players are back since the server started, with the rest on their way.
    Returning(usize),
    /// When everybody is back, everything has been checked, and then so many acknowledgements have
    /// arrived.
    Playing(u64),
    /// When everybody is back, everything has been checked, and nobody does anything: what is there
    /// afterwards must be what was there before.
    Resting,
}

#[derive(Debug, Clone)]
pub struct Blow {
    pub target: Target,
    pub moment: Moment,
    /// Postgres is started again at once, before anybody has been told that it is away.
    pub is_blip: bool,
    /// Postgres is hit once more, so long after it was started again.
    pub again_after: Option<Duration>,
    /// The server goes before Postgres does.
    pub server_first: bool,
    /// Players whose connections go as well while the server lives on.
    pub dropouts: Vec<usize>,
}

/// Longest time into a start. Ready servers are hit at once, so that it only has to be longer than
/// most starts are.
const STARTING_MS_MAX: u64 = 250;

/// Longest time into a recovery of Postgres.
const RECOVERING_MS_MAX: u64 = 120;

/// Acknowledgements that are waited for, at 20 to 600 ms of play.
const ACKS: (u64, u64) = (10, 400);

/// So many kills, and a drain after each five of them.
pub fn draw(kills: usize, targets: &[Target], chance: &mut Chance) -> Vec<Blow> {
    let mut hits: Vec<Target> = targets.iter().copied().cycle().take(kills).collect();
    hits.extend(std::iter::repeat_n(Target::Drain, kills.div_ceil(5)));
    chance.shuffle(&mut hits);
    let mut before = Target::Drain;
    let next = |target| blow(target, std::mem::replace(&mut before, target), chance);
    let mut blows: Vec<Blow> = hits.into_iter().map(next).collect();
    // However short the run, there is load in it, and one world is compared with how it was left.
    if let Some(first) = blows.first_mut() {
        first.moment = Moment::Playing(ACKS.1);
    }
    if let Some(last) = blows.iter_mut().skip(1).rfind(|blow| blow.target != Target::Postgres) {
        last.moment = Moment::Resting;
    }
    blows
}

fn blow(target: Target, before: Target, chance: &mut Chance) -> Blow {
    let moment = match chance.below(10) {
        9 => Moment::Resting,
        0 | 1 => Moment::Starting(Duration::from_millis(chance.between(0, STARTING_MS_MAX))),
        2 | 3 => Moment::Returning(usize::try_from(chance.between(0, PLAYERS as u64)).expect("a small number")),
        _ => Moment::Playing(chance.between(ACKS.0, ACKS.1)),
    };
    // Without Postgres a server does not start, without a server there is nobody to drain, and one
    // that is there is past its start.
    let moment = match (target, before, moment) {
        (Target::Postgres | Target::Drain, _, Moment::Starting(_)) => Moment::Returning(0),
        (_, Target::Postgres, Moment::Starting(_)) | (Target::Postgres, _, Moment::Resting) => Moment::Playing(ACKS.0),
        (_, _, moment) => moment,
    };
    let mut dropouts: Vec<usize> = (0..PLAYERS).collect();
    chance.shuffle(&mut dropouts);
    dropouts.truncate(usize::try_from(chance.below(4)).expect("a small number"));
    Blow {
        target,
        moment,
        is_blip: chance.once_in(3),
        again_after: chance.once_in(4).then(|| Duration::from_millis(chance.between(0, RECOVERING_MS_MAX))),
        server_first: chance.once_in(2),
        dropouts,
    }
}
