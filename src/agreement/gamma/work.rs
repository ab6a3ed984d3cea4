//! [`Work`]: how much may still be computed, in steps and never in time, so that results do not depend on the machine.

/// What is left of a budget of steps, and whether somebody still waits for the result.
pub(super) struct Work<'a> {
    left: u64,
    until_asked: u32,
    stop: &'a (dyn Fn() -> bool + Sync),
    stopped: bool,
}

const ASK_EVERY: u32 = 4_096;

impl<'a> Work<'a> {
    pub(super) fn new(steps: u64, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { left: steps, until_asked: 0, stop, stopped: false }
    }

    /// One step; false where there is nothing left.
    pub(super) fn step(&mut self) -> bool {
        if self.until_asked == 0 {
            self.until_asked = ASK_EVERY;
            self.stopped |= (self.stop)();
        }
        self.until_asked -= 1;
        if self.over() {
            return false;
        }
        self.left -= 1;
        true
    }

    pub(super) fn over(&self) -> bool {
        self.stopped || self.left == 0
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }
}
