//! The scenarios: what each makes of the options that are not given.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::course::RIVALS_SEED;
use crate::generate::Behaviour;

/// A scenario on a server, a database and a load generator started for it
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// What is measured
    #[arg(value_enum)]
    pub scenario: Scenario,
    /// Sessions; several sizes, separated by commas. Each scenario has a size of its own
    #[arg(long, value_delimiter = ',')]
    pub sessions: Vec<usize>,
    /// Seconds that are measured; 20 but for soak
    #[arg(long)]
    pub seconds: Option<u64>,
    /// Seconds of the same load before, not measured
    #[arg(long, default_value_t = 10)]
    pub warmup_s: u64,
    /// The server has core 0 for itself, all else shares core 1
    #[arg(long)]
    pub pin: bool,
    /// Ticks per second
    #[arg(long)]
    pub tick_hz: Option<u32>,
    /// Deltas of the neighbours per second
    #[arg(long)]
    pub delta_hz: Option<u32>,
    /// Items, NPCs that wander and doors that stand around
    #[arg(long, default_value_t = 0)]
    pub entities: usize,
    /// Moves per second and session
    #[arg(long)]
    pub moves_per_s: Option<f64>,
    /// Moves of a session under way at once in a burst; as many as the server's limits let through
    /// when absent
    #[arg(long)]
    pub window: Option<u32>,
    /// Chooses where sessions start, which way they go and when; as the rival of `compare` has it
    /// when absent
    #[arg(long, default_value_t = RIVALS_SEED)]
    pub seed: u64,
    /// Folder for the reports; below target/perf, named after the scenario and the time, when
    /// absent
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// The server; beside this program when absent
    #[arg(long)]
    pub server_bin: Option<PathBuf>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// 512 x 512 tiles, 20 ticks and 2 moves a second; each sees what is near
    Steady,
    /// The same on 32 x 32 tiles: everyone sees everyone
    Crowd,
    /// 12,000 sessions, 10 ticks and one move a second
    Wide,
    /// Nobody moves
    Idle,
    /// 1,000 sessions as in steady; how old what they see is
    Freshness,
    /// Moves back to back, a window of them under way: durable actions per second
    Burst,
    /// All connections are cut at once and everybody comes back
    Storm,
    /// Steady for long; memory over time
    Soak,
    /// Steady on 256 x 256 tiles, and the map is edited every three seconds
    Edited,
}

/// A scenario at a size, everything settled.
#[derive(Debug, Clone)]
pub struct Point {
    pub scenario: Scenario,
    pub sessions: usize,
    /// Tiles of a side of the map.
    pub edge: i32,
    /// What the sessions do.
    pub behaviour: Behaviour,
    /// Ticks per second.
    pub tick_hz: u32,
    /// Moves per second and session.
    pub moves_per_s: f64,
    /// Moves under way at once in a burst.
    pub window: u32,
    /// Load before the measured time, seconds.
    pub warmup_s: u64,
    /// Measured time, seconds.
    pub seconds: u64,
}

impl Scenario {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Crowd => "crowd",
            Self::Wide => "wide",
            Self::Idle => "idle",
            Self::Freshness => "freshness",
            Self::Burst => "burst",
            Self::Storm => "storm",
            Self::Soak => "soak",
            Self::Edited => "edited",
        }
    }

    /// How many sessions when nobody says.
    #[must_use]
    pub fn sessions(self) -> usize {
        match self {
            Self::Steady | Self::Crowd | Self::Burst | Self::Edited => 500,
            Self::Wide => 12_000,
            Self::Idle | Self::Soak => 2_000,
            Self::Freshness => 1_000,
            Self::Storm => 10_000,
        }
    }
}

/// Moves a session may make in a second at most, by the server's own bound on that setting.
pub const MOVE_PER_S_MAX: u32 = 1_000;

/// Ticks that the moves of a window take from their sending to their acknowledgement and the next
/// sending, at least.
const TICKS_OF_A_WINDOW: u32 = 1;

impl Point {
    /// What the options leave open is as the scenario has it.
    #[must_use]
    pub fn of(options: &Options, sessions: usize) -> Self {
        let scenario = options.scenario;
        let (tick_hz, moves_per_s, seconds) = match scenario {
            Scenario::Wide => (10, 1.0, 20),
            Scenario::Idle => (20, 0.0, 20),
            Scenario::Soak => (20, 2.0, 600),
            _ => (20, 2.0, 20),
        };
        let tick_hz = options.tick_hz.unwrap_or(tick_hz);
        // As many as the limit on moves lets through.
        let window = (MOVE_PER_S_MAX * TICKS_OF_A_WINDOW / tick_hz.max(1)).clamp(1, 48);
        Self {
            scenario,
            sessions,
            edge: match scenario {
                Scenario::Crowd => 32,
                Scenario::Edited => 256,
                _ => 512,
            },
            behaviour: match scenario {
                Scenario::Burst => Behaviour::Burst,
                Scenario::Storm => Behaviour::Storm,
                _ => Behaviour::Load,
            },
            tick_hz,
            moves_per_s: options.moves_per_s.unwrap_or(moves_per_s),
            window: options.window.unwrap_or(window),
            warmup_s: options.warmup_s,
            seconds: options.seconds.unwrap_or(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn point(line: &[&str]) -> Point {
        let options = Line::parse_from([&["perf"], line].concat()).options;
        Point::of(&options, options.sessions.first().copied().unwrap_or_else(|| options.scenario.sessions()))
    }

    #[test]
    fn what_is_given_goes_before_what_the_scenario_has() {
        let own = point(&["wide"]);
        assert_eq!((own.sessions, own.tick_hz, own.moves_per_s, own.seconds), (12_000, 10, 1.0, 20));
        let given = point(&["wide", "--sessions", "7", "--tick-hz", "50", "--moves-per-s", "3", "--seconds", "2"]);
        assert_eq!((given.sessions, given.tick_hz, given.moves_per_s, given.seconds), (7, 50, 3.0, 2));
    }

    #[test]
    fn a_burst_stays_within_the_limit_on_moves() {
        for tick_hz in ["10", "20", "100"] {
            let point = point(&["burst", "--tick-hz", tick_hz]);
            assert!(point.window * point.tick_hz <= MOVE_PER_S_MAX, "{point:?}");
        }
    }
}
