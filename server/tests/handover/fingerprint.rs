//! A number that stands for a state in the search: every part of the state goes into it, packed
//! into words. That two states of a search share one has a chance below 1 in 10^24. A search by
//! whole states is the plain version, and the oracle of a test.

use crate::plan::{CHARACTERS_MAX, Faults, NUMBER_MAX, SEQ_MAX};
use crate::state::{Deed, Moving, Phase, Profile, QUEUE_MAX, Queue, State};

/// Two sums of the same words (splitmix64, Steele et al. 2014).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fingerprint {
    first: u64,
    second: u64,
}

impl Fingerprint {
    fn add(&mut self, word: u64) {
        self.first = mixed(self.first.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ word);
        self.second = mixed(self.second.wrapping_add(0xd1b5_4a32_d192_ed03) ^ word.rotate_left(32));
    }
}

impl State {
    pub fn fingerprint(&self) -> Fingerprint {
        let mut sum = Fingerprint::default();
        let mut rest = 0_u64;
        for shard in &self.shards {
            let place = u64::from(shard.epoch) << 4 | u64::from(shard.ground);
            sum.add(place << 56 | profiles(&shard.profiles));
            rest = rest << 28 | queue(&shard.late) << 12 | u64::from(shard.log[0]) << 6 | u64::from(shard.log[1]);
        }
        sum.add(rest);
        rest = u64::from(self.shards[0].late_epoch) << 4 | u64::from(self.shards[1].late_epoch);
        for process in self.processes.iter().flatten() {
            sum.add(u64::from(process.epoch) << 60 | u64::from(process.ground) << 56 | profiles(&process.profiles));
            let connections = [process.is_attached, process.was_attached];
            let flags = connections.iter().flatten().fold(0, |flags, flag| flags << 1 | u64::from(*flag));
            let mail = u64::from(process.mailbox[0]) << 3 | u64::from(process.mailbox[1]);
            let phase = match process.phase {
                Phase::Applied => 0,
                Phase::Unknown(count) => 4 + u64::from(count),
                Phase::Missing(count) => 8 + u64::from(count),
                Phase::Committed(count) => 12 + u64::from(count),
            };
            rest = rest.rotate_left(30) ^ (queue(&process.queue) << 14 | phase << 10 | mail << 4 | flags);
            sum.add(rest);
        }
        for transits in &self.transits {
            let [first, second, third, fourth, fifth] =
                transits.map(|transit| moving(&transit.moving) << 2 | transit.stage as u64);
            sum.add(first << 40 | second << 20 | third);
            sum.add(fourth << 20 | fifth);
        }
        let Faults { crashes, takeovers, lost_answers, refusals, cuts } = self.faults;
        let left = [crashes, takeovers, lost_answers, refusals, cuts, self.directory[0], self.directory[1]];
        rest = left.iter().fold(0, |sum, left| sum << 4 | u64::from(*left));
        for client in &self.clients {
            rest = rest << 12 | u64::from(client.answered) << 6 | u64::from(client.refused);
        }
        sum.add(rest);
        sum.add(self.wrong.map_or(0, |wrong| wrong as u64 + 1));
        sum
    }
}

fn moving(moving: &Moving) -> u64 {
    let Moving { bag, deeds, last_seq, answers } = *moving;
    u64::from(bag) << 15 | u64::from(last_seq) << 12 | u64::from(deeds) << 6 | u64::from(answers)
}

/// 44 bits.
fn profiles(both: &[Profile; CHARACTERS_MAX]) -> u64 {
    both.iter().fold(0, |sum, profile| {
        sum << 22 | (profile.presence as u64) << 20 | u64::from(profile.number) << 17 | moving(&profile.moving)
    })
}

/// 16 bits.
fn queue(queue: &Queue) -> u64 {
    let deeds = queue.deeds().iter().map(|deed| match *deed {
        Deed::None => 0,
        Deed::Apply { character, seq } => 1 << 4 | u64::from(character) << 3 | u64::from(seq),
        Deed::Refuse { character, seq } => 2 << 4 | u64::from(character) << 3 | u64::from(seq),
        Deed::Arrive { character, number } => 3 << 4 | u64::from(character) << 3 | u64::from(number),
        Deed::SendBack { character, number } => 4 << 4 | u64::from(character) << 3 | u64::from(number),
    });
    deeds.fold(0, |sum, deed| sum << 8 | deed)
}

const _: () = assert!(SEQ_MAX <= 6 && NUMBER_MAX == 5 && CHARACTERS_MAX == 2 && QUEUE_MAX == 2);

fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
