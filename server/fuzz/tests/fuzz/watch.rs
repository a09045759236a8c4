//! Tells of an input at which a target breaks: one that panics is told as it goes down, and one
//! that hangs by a watchdog, because who hangs tells nothing.

use std::io::Write as _;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A target under watch.
pub struct Watch {
    name: &'static str,
    shared: Arc<Shared>,
    watchdog: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    under: Mutex<Under>,
    ended: Condvar,
}

/// What is being read.
#[derive(Default)]
struct Under {
    input: Vec<u8>,
    since: Option<Instant>,
    is_over: bool,
}

impl Watch {
    /// Watches over a target; the first input that takes longer than this is given to `hangs`.
    pub fn over(name: &'static str, patience: Duration, hangs: impl FnOnce(&[u8]) + Send + 'static) -> Self {
        let shared = Arc::<Shared>::default();
        let watched = Arc::clone(&shared);
        let watchdog = std::thread::spawn(move || {
            let mut under = watched.under.lock().unwrap();
            while !under.is_over {
                let left = under.since.map_or(patience, |since| patience.saturating_sub(since.elapsed()));
                if left.is_zero() {
                    let input = std::mem::take(&mut under.input);
                    drop(under);
                    return hangs(&input);
                }
                under = watched.ended.wait_timeout(under, left).unwrap().0;
            }
        });
        Self { name, shared, watchdog: Some(watchdog) }
    }

    /// Gives the target an input.
    pub fn run(&self, input: &[u8], body: impl FnOnce(&[u8])) {
        {
            let mut under = self.shared.under.lock().unwrap();
            under.input.clear();
            under.input.extend_from_slice(input);
            under.since = Some(Instant::now());
        }
        body(input);
        self.shared.under.lock().unwrap().since = None;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut under = self.shared.under.lock().unwrap();
        under.is_over = true;
        if std::thread::panicking() {
            tell(self.name, &under.input, "broke on");
        }
        drop(under);
        self.shared.ended.notify_one();
        let _ = self.watchdog.take().map(JoinHandle::join);
    }
}

/// Keeps an input and says where, past whoever captures what tests say.
pub fn tell(name: &str, input: &[u8], what: &str) {
    let file = std::env::temp_dir().join(format!("tilemud-fuzz-{name}-{}", std::process::id()));
    let _ = std::fs::write(&file, input);
    let _ = writeln!(std::io::stderr(), "{name} {what} {}: {}", file.display(), input.escape_ascii());
}

#[test]
fn an_input_that_hangs_is_named_and_one_that_does_not_is_not() {
    let (told, hears) = std::sync::mpsc::channel();
    let watch = Watch::over("patient", Duration::from_millis(20), move |input| told.send(input.to_vec()).unwrap());
    let mut hung = Vec::new();
    watch.run(b"quick", |_| ());
    watch.run(b"hangs", |_| hung = hears.recv_timeout(Duration::from_secs(60)).expect("it is told"));
    assert_eq!(hung, b"hangs");
    watch.run(b"quick again", |_| ());
}
