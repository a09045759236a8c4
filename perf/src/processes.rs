//! What the kernel counts of other processes: CPU time and resident memory.

use std::time::Duration;

use anyhow::{Context as _, Result};
use sqlx::postgres::PgConnectOptions;

/// Of the kernel's counts of CPU time, which are in hundredths of a second for every program that
/// reads them.
const TICKS_PER_S: f64 = 100.0;

/// How often, and how many times, it is looked whether the memory of a new server still changes.
const SETTLE_EVERY: Duration = Duration::from_secs(1);
const SETTLE_LOOKS_MAX: usize = 8;

/// Less than this is no change, bytes.
const SETTLED_BYTES: u64 = 256 * 1024;

/// CPU seconds of a process and its threads so far, user and system; children that ended are not in
/// it.
///
/// # Errors
/// When it is gone.
pub fn cpu_s(pid: u32) -> Result<f64> {
    Ok(own_ticks(&stat(pid)?) as f64 / TICKS_PER_S)
}

/// CPU seconds of a process and of all its children, those that ended included.
///
/// # Errors
/// When it is gone.
pub fn family_cpu_s(pid: u32) -> Result<f64> {
    let stat = stat(pid)?;
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    // One that ends in between is counted by its parent the next time.
    let living =
        children.split_whitespace().filter_map(|child| child.parse().ok()).filter_map(|child| self::stat(child).ok());
    let ticks = own_ticks(&stat) + stat[2] + stat[3] + living.map(|stat| own_ticks(&stat)).sum::<u64>();
    Ok(ticks as f64 / TICKS_PER_S)
}

/// Resident memory, bytes.
///
/// # Errors
/// When it is gone.
pub fn resident_bytes(pid: u32) -> Result<u64> {
    let status =
        std::fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid} is gone"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .with_context(|| format!("process {pid} has ended"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().context("VmRSS is a number")?;
    Ok(kib * 1024)
}

/// The memory of a server that has just started, once it has given back what it used for that,
/// bytes.
///
/// # Errors
/// When it is gone.
pub fn settled_memory(server: u32) -> Result<u64> {
    let mut resident = resident_bytes(server)?;
    for _ in 0..SETTLE_LOOKS_MAX {
        std::thread::sleep(SETTLE_EVERY);
        let before = std::mem::replace(&mut resident, resident_bytes(server)?);
        if resident.abs_diff(before) < SETTLED_BYTES {
            break;
        }
    }
    Ok(resident)
}

/// The process id of the Postgres that this is the address of, which listens on a socket beside its
/// files.
///
/// # Errors
/// When it is not running.
pub fn postmaster(database: &PgConnectOptions) -> Result<u32> {
    let folder = database.get_socket().context("the private Postgres listens on a socket")?;
    let file = folder.join("data/postmaster.pid");
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.lines().next().and_then(|pid| pid.trim().parse().ok()).context("postmaster.pid begins with a process id")
}

/// User, system, children's user and children's system time, in ticks.
fn stat(pid: u32) -> Result<[u64; 4]> {
    let stat =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    fields(&stat).context("the status of a process has another form")
}

fn fields(stat: &str) -> Option<[u64; 4]> {
    // The name before it may hold anything, brackets and spaces included.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11).map_while(|field| field.parse().ok());
    Some([fields.next()?, fields.next()?, fields.next()?, fields.next()?])
}

fn own_ticks(stat: &[u64; 4]) -> u64 {
    stat[0] + stat[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_shifts_nothing() {
        let stat = "42 (a) b (c)) S 1 42 42 0 -1 4194560 9 8 7 6 101 102 103 104 20 0 1";
        assert_eq!(fields(stat), Some([101, 102, 103, 104]));
        assert_eq!(fields("42 (a) S 1"), None);
    }

    #[test]
    fn this_process_has_memory_and_a_parent_counts_its_children() {
        let own = std::process::id();
        assert!(resident_bytes(own).unwrap() > 1 << 20);
        let before = family_cpu_s(own).unwrap();
        let work = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        assert!(std::process::Command::new("sh").args(["-c", work]).status().unwrap().success());
        assert!(family_cpu_s(own).unwrap() - before >= 0.02, "the child took CPU");
    }
}
