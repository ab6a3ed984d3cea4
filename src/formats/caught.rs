//! The door to libraries that panic over damaged input. What they panic over is an answer here; nothing of their state is used after.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// What `ask` gives; `None` where it panicked.
pub(super) fn caught<T>(ask: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get() + 1);
    let answer = catch_unwind(AssertUnwindSafe(ask)).ok();
    DEPTH.set(DEPTH.get() - 1);
    answer
}

/// A panic on this thread would be caught: it is no crash of the program, and needs no report.
pub fn would_be_caught() -> bool {
    DEPTH.get() > 0
}
