//! Logs panics. It does not decide whether the process goes on.

use std::panic::PanicHookInfo;

/// From now on each panic of this process is one line of the log, with its thread and place, and
/// nothing else is printed.
pub fn log() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let place = panic.location().map(ToString::to_string);
        tracing::error!(thread = thread.name(), place, said = said(panic), "a thread has panicked");
    }));
}

/// Only constant messages: a formatted one may hold what players wrote (FR-014).
fn said<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(made at the time, not logged)")
}
