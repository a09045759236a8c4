//! What the person sees while a long step runs: a spinner or a bar on a terminal, plain lines
//! anywhere else.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Announces a step whose child prints its own progress (cargo, apt-get, npm).
pub fn announce(step: &str) {
    eprintln!("\n==> {step}");
}

/// A step that this program does itself and that takes longer than a glance.
pub struct Step {
    name: String,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Step {
    /// A step of unknown length.
    pub fn spinner(name: &str) -> Self {
        Self::new(name, || {
            let style = ProgressStyle::with_template("    {spinner} {msg} ({elapsed})").ok();
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            (bar, style)
        })
    }

    /// A step that works through `total` bytes.
    pub fn bytes(name: &str, total: u64) -> Self {
        Self::new(name, || {
            let style = ProgressStyle::with_template("    {msg} [{bar:30}] {bytes}/{total_bytes} ({elapsed})").ok();
            let bar = ProgressBar::new(total);
            bar.enable_steady_tick(Duration::from_millis(250));
            (bar, style)
        })
    }

    fn new(name: &str, bar: impl FnOnce() -> (ProgressBar, Option<ProgressStyle>)) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            let (bar, style) = bar();
            if let Some(style) = style {
                bar.set_style(style);
            }
            bar.set_message(name.to_owned());
            Some(bar)
        } else {
            eprintln!("    {name} ...");
            None
        };
        Self { name: name.to_owned(), started: Instant::now(), bar }
    }

    /// Moves the bar of a step that counts bytes.
    pub fn advance(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
        }
    }

    /// Ends the step and leaves one line about it.
    pub fn done(self, result: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("    {}: {result} ({:.1} s)", self.name, self.started.elapsed().as_secs_f64());
    }
}
