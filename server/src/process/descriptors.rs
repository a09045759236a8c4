//! Open files: every player needs one. Raises the soft limit of this process to its hard one, and
//! compares the limit, less its own needs, with the allowed players. Changes nothing else.

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tilemud_net::limits::{CONNECTIONS_BESIDES, CONNECTIONS_PER_SESSION, PROBE_CONNECTIONS_MAX};

use crate::config::SetWrong;

/// Most files that the process itself has open: database connections, log files, those of threads,
/// and a reserve.
const OWN: usize = 96;

/// Least connections beside the players, for page loads and sign-ins.
const BESIDES_MIN: usize = 32;

/// Raises the limit. Returns how many connections there may be.
///
/// # Errors
/// [`SetWrong`] when not even one connection for each session fits.
pub(crate) fn fit(place: &str, max_sessions: usize) -> Result<usize> {
    let limit = raised();
    let wanted = max_sessions.saturating_mul(CONNECTIONS_PER_SESSION).saturating_add(CONNECTIONS_BESIDES);
    let besides = OWN + PROBE_CONNECTIONS_MAX;
    let fitting = limit.saturating_sub(besides);
    if fitting >= wanted {
        return Ok(wanted);
    }
    if fitting < max_sessions.saturating_add(BESIDES_MIN) {
        let needed = max_sessions.saturating_add(BESIDES_MIN + besides);
        let possible = limit.saturating_sub(BESIDES_MIN + besides);
        let problem = format!("{max_sessions} sessions need {needed} open files, and this process may have {limit}");
        let remedy = format!(
            "raise the hard limit (LimitNOFILE= in systemd, --ulimit nofile= in Docker, ulimit -Hn in a shell){}",
            if possible == 0 { String::new() } else { format!(", or allow {possible} sessions at most") }
        );
        return Err(SetWrong::new(place, problem, remedy).into());
    }
    tracing::warn!(
        open_files = limit,
        connections = fitting,
        wanted,
        "the limit of open files allows {fitting} connections, fewer than the {wanted} that go with this --max-sessions; page loads may \
         have to wait. Raise the hard limit (LimitNOFILE= in systemd, --ulimit nofile= in Docker)"
    );
    Ok(fitting)
}

/// The soft limit, after it was raised to the hard one. Unlimited counts as very many.
fn raised() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let now = match raised {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::debug!(%error, "the soft limit of open files stays as it is");
            limit.current
        }
    };
    now.map_or(usize::MAX, |now| usize::try_from(now).unwrap_or(usize::MAX))
}
