//! Files of days that come and go by a clock that the test moves.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Mutex;

use super::*;

/// A writer, and what is moved and read beside it.
struct Desk {
    dir: tempfile::TempDir,
    now: Arc<Mutex<Timestamp>>,
    reopen: Arc<AtomicU64>,
    lost: Arc<AtomicU64>,
    files: DailyFiles,
}

const MIB: u64 = 1 << 20;

impl Desk {
    fn at(now: &str, bytes_max: u64, before: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(now.parse().unwrap()));
        let (reopen, lost) = (Arc::default(), Arc::default());
        for name in before {
            std::fs::write(dir.path().join(name), "before\n").unwrap();
        }
        let files = DailyFiles::open(settings(dir.path(), bytes_max, &now, &reopen, &lost)).unwrap();
        Self { dir, now, reopen, lost, files }
    }

    fn set(&self, now: &str) {
        *self.now.lock().unwrap() = now.parse().unwrap();
    }

    fn write(&mut self, line: &str) {
        self.files.write_all(line.as_bytes()).unwrap();
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.dir.path().join(name)).unwrap()
    }
}

fn settings(
    dir: &Path,
    bytes_max: u64,
    now: &Arc<Mutex<Timestamp>>,
    reopen: &Arc<AtomicU64>,
    lost: &Arc<AtomicU64>,
) -> Settings {
    let now = Arc::clone(now);
    Settings {
        dir: dir.to_owned(),
        bytes_max,
        now: Box::new(move || *now.lock().unwrap()),
        reopen: Arc::clone(reopen),
        lost: Arc::clone(lost),
    }
}

#[test]
fn files_older_than_thirty_days_are_removed_and_nothing_else() {
    let names = [
        "tilemud.2026-01-01.log",
        "tilemud.2026-01-29.log",
        "tilemud.2026-01-29.2.log",
        "tilemud.2026-01-30.log",
        "tilemud.2026-03-01.log",
        "tilemud.log",
        "tilemud.2020-01-01.x.log",
        "notes.2020-01-01.log",
        "tilemud.2020-01-01.log.bak",
    ];
    let desk = Desk::at("2026-03-01T00:00:00Z", MIB, &names);
    let mut expected = names[3..].to_vec();
    expected.sort_unstable();
    assert_eq!(desk.names(), expected);
}

#[test]
fn t088_at_midnight_a_new_file_begins_and_the_day_that_is_too_old_by_then_goes() {
    let mut desk = Desk::at("2026-03-01T23:59:59.9Z", MIB, &["tilemud.2026-01-30.log", "tilemud.2026-01-31.log"]);
    desk.write("the last of its day\n");
    assert_eq!(desk.names(), ["tilemud.2026-01-30.log", "tilemud.2026-01-31.log", "tilemud.2026-03-01.log"]);
    desk.set("2026-03-02T00:00:00Z");
    desk.write("the first of the next\n");
    assert_eq!(desk.names(), ["tilemud.2026-01-31.log", "tilemud.2026-03-01.log", "tilemud.2026-03-02.log"]);
    assert_eq!(desk.read("tilemud.2026-03-01.log"), "the last of its day\n");
    assert_eq!(desk.read("tilemud.2026-03-02.log"), "the first of the next\n");
    // A clock that goes back finds the file of its day again.
    desk.set("2026-03-01T12:00:00Z");
    desk.write("once more\n");
    assert_eq!(desk.read("tilemud.2026-03-01.log"), "the last of its day\nonce more\n");
}

#[test]
fn all_files_together_stay_under_their_limit_and_the_oldest_go_first() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", 8_000, &["tilemud.2026-02-28.log"]);
    let line = format!("{}\n", "x".repeat(99));
    for _ in 0..78 {
        desk.write(&line);
    }
    assert_eq!(desk.names().len(), 9, "a day is kept in parts: {:?}", desk.names());
    assert!(desk.names().contains(&"tilemud.2026-03-01.8.log".to_owned()), "{:?}", desk.names());
    let mut largest = 0;
    for _ in 0..500 {
        desk.write(&line);
        let bytes: u64 = list(desk.dir.path()).unwrap().iter().map(|(_, bytes)| bytes).sum();
        largest = largest.max(bytes);
    }
    assert!(largest <= 8_000, "{largest} bytes");
    assert!(largest > 6_500, "no more than needed is deleted: {largest} bytes");
    let names = desk.names();
    assert!(!names.iter().any(|name| name == "tilemud.2026-02-28.log"), "{names:?}");
    assert_eq!(desk.lost.load(Ordering::Relaxed), 0);
}

#[test]
fn what_a_process_before_has_left_counts_and_a_full_part_is_not_gone_on_with() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", 8_000, &[]);
    for _ in 0..15 {
        desk.write(&format!("{}\n", "x".repeat(99)));
    }
    drop(std::mem::replace(
        &mut desk.files,
        DailyFiles::open(settings(desk.dir.path(), 8_000, &desk.now, &desk.reopen, &desk.lost)).unwrap(),
    ));
    desk.write("after\n");
    assert_eq!(desk.names(), ["tilemud.2026-03-01.2.log", "tilemud.2026-03-01.log"]);
    assert!(desk.read("tilemud.2026-03-01.2.log").ends_with("x\nafter\n"));
    assert_eq!(desk.files.bytes, 1_506);
}

#[test]
fn a_file_that_was_moved_away_is_made_anew_when_asked_for() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &[]);
    desk.write("one\n");
    let (from, to) = (desk.dir.path().join("tilemud.2026-03-01.log"), desk.dir.path().join("moved"));
    std::fs::rename(from, to).unwrap();
    desk.write("two\n");
    desk.reopen.fetch_add(1, Ordering::Relaxed);
    desk.write("three\n");
    assert_eq!((desk.read("moved"), desk.read("tilemud.2026-03-01.log")), ("one\ntwo\n".into(), "three\n".into()));
}

#[test]
fn lines_that_cannot_be_written_are_counted_and_later_ones_are_written() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &[]);
    desk.write("one\n");
    let away = desk.dir.path().with_extension("away");
    std::fs::rename(desk.dir.path(), &away).unwrap();
    std::fs::write(desk.dir.path(), "a file where the folder was").unwrap();
    desk.set("2026-03-02T12:00:00Z");
    desk.write("two\n");
    desk.write("three\n");
    assert_eq!(desk.lost.load(Ordering::Relaxed), 2);
    std::fs::remove_file(desk.dir.path()).unwrap();
    std::fs::rename(&away, desk.dir.path()).unwrap();
    desk.write("four\n");
    assert_eq!(desk.read("tilemud.2026-03-02.log"), "four\n");
    assert_eq!(desk.lost.load(Ordering::Relaxed), 2);
}

#[test]
fn a_folder_that_was_deleted_or_moved_is_made_again() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &[]);
    desk.write("one\n");
    std::fs::remove_dir_all(desk.dir.path()).unwrap();
    desk.write("two\n");
    assert_eq!(desk.read("tilemud.2026-03-01.log"), "two\n");
    let away = tempfile::tempdir().unwrap();
    std::fs::rename(desk.dir.path(), away.path().join("logs")).unwrap();
    desk.set("2026-03-02T12:00:00Z");
    desk.write("three\n");
    assert_eq!(desk.read("tilemud.2026-03-02.log"), "three\n");
    assert_eq!(desk.lost.load(Ordering::Relaxed), 0);
    assert_eq!(std::fs::metadata(desk.dir.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

/// Keeps what is written.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn that_lines_are_lost_is_said_once_until_they_are_not() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &[]);
    let said = Said::default();
    let writer = said.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        for round in 1..=2 {
            std::fs::remove_dir_all(desk.dir.path()).unwrap();
            std::fs::write(desk.dir.path(), "a file where the folder was").unwrap();
            desk.write("lost\n");
            desk.write("lost\n");
            let text = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
            assert_eq!(text.matches("--log-dir").count(), round, "{text}");
            std::fs::remove_file(desk.dir.path()).unwrap();
            desk.write("written\n");
        }
    });
    assert_eq!((desk.lost.load(Ordering::Relaxed), desk.read("tilemud.2026-03-01.log")), (4, "written\n".into()));
}

#[test]
fn folder_and_files_are_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("a/b");
    let now = Arc::new(Mutex::new("2026-03-01T12:00:00Z".parse().unwrap()));
    drop(DailyFiles::open(settings(&logs, MIB, &now, &Arc::default(), &Arc::default())).unwrap());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&logs), 0o700);
    assert_eq!(mode(&logs.join("tilemud.2026-03-01.log")), 0o600);
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let now = Arc::new(Mutex::new("2026-03-01T12:00:00Z".parse().unwrap()));
    let settings = settings(&file.path().join("logs"), MIB, &now, &Arc::default(), &Arc::default());
    let Err(error) = DailyFiles::open(settings) else { panic!("it was opened") };
    let error = error.to_string();
    assert!(error.contains("--log-dir") && error.contains(&file.path().display().to_string()), "{error}");
}

#[test]
fn a_clock_that_is_a_year_ahead_removes_no_log() {
    let february: Vec<String> = (1..=28).map(|day| format!("tilemud.2026-02-{day:02}.log")).collect();
    let before: Vec<&str> = february.iter().map(String::as_str).collect();
    let mut desk = Desk::at("2027-02-28T12:00:00Z", MIB, &before);
    desk.write("a year ahead\n");
    assert_eq!(desk.names().len(), 28 + 1);
    // That the clock goes on is no proof until a month has passed under it.
    desk.set("2027-03-15T12:00:00Z");
    desk.write("still there\n");
    assert_eq!(desk.names().len(), 28 + 2);
    desk.set("2027-04-01T12:00:00Z");
    desk.write("so it is true\n");
    assert_eq!(desk.names(), ["tilemud.2027-03-15.log", "tilemud.2027-04-01.log"]);
}

/// Something that has the name of a log file and cannot be removed like one, whoever runs the test.
fn immovable(desk: &Desk, name: &str) {
    std::fs::create_dir_all(desk.dir.path().join(name).join("kept")).unwrap();
}

#[test]
fn a_file_that_cannot_be_removed_does_not_stop_the_log() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &["tilemud.2026-02-10.log"]);
    // Both are due the next day.
    immovable(&desk, "tilemud.2026-01-30.log");
    std::fs::write(desk.dir.path().join("tilemud.2026-01-30.2.log"), "old\n").unwrap();
    desk.set("2026-03-02T00:00:00Z");
    desk.write("one\n");
    desk.set("2026-03-03T00:00:00Z");
    desk.write("two\n");
    assert_eq!(
        (desk.read("tilemud.2026-03-02.log"), desk.read("tilemud.2026-03-03.log")),
        ("one\n".into(), "two\n".into())
    );
    assert_eq!(desk.lost.load(Ordering::Relaxed), 0);
    assert!(!desk.names().contains(&"tilemud.2026-01-30.2.log".to_owned()), "what can be removed is");
}

#[test]
fn files_that_cannot_be_removed_and_take_all_the_room_leave_the_newest_its_share() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", 4_000, &[]);
    // As large as the limit, as far as the folder says.
    immovable(&desk, "tilemud.2026-02-28.log");
    std::fs::write(desk.dir.path().join("tilemud.2026-02-27.log"), "x".repeat(1_000)).unwrap();
    let immovable: u64 = std::fs::metadata(desk.dir.path().join("tilemud.2026-02-28.log")).unwrap().len();
    let limit = immovable.max(800);
    drop(std::mem::replace(
        &mut desk.files,
        DailyFiles::open(settings(desk.dir.path(), limit, &desk.now, &desk.reopen, &desk.lost)).unwrap(),
    ));
    let line = format!("{}\n", "x".repeat(49));
    for number in 0..500 {
        desk.write(&line);
        let bytes: u64 = list(desk.dir.path()).unwrap().iter().map(|(_, bytes)| bytes).sum();
        assert!(bytes <= limit + limit / SHARE + 50, "{bytes} bytes after {number} lines");
        assert!(desk.read("tilemud.2026-03-01.log").ends_with(&line), "line {number} is written");
    }
    assert_eq!(desk.lost.load(Ordering::Relaxed), 0);
    assert!(!desk.names().contains(&"tilemud.2026-02-27.log".to_owned()), "what can be removed is");
}

#[test]
fn a_day_whose_file_cannot_be_opened_goes_on_in_its_next_part() {
    let mut desk = Desk::at("2026-03-01T12:00:00Z", MIB, &[]);
    immovable(&desk, "tilemud.2026-03-02.log");
    desk.set("2026-03-02T00:00:00Z");
    desk.write("one\n");
    assert_eq!(desk.read("tilemud.2026-03-02.2.log"), "one\n");
    assert_eq!(desk.lost.load(Ordering::Relaxed), 0);
}
