//! [`Work`]: how much may still be computed, in steps and never in time, so that results do not depend on the machine.

/// What is left of a budget of steps, some nanoseconds each, and whether somebody still waits for the result.
pub(super) struct Work<'a> {
    left: u64,
    until_asked: u64,
    stop: &'a (dyn Fn() -> bool + Sync),
    stopped: bool,
}

const ASK_EVERY: u64 = 1_000_000;

impl<'a> Work<'a> {
    pub(super) fn new(steps: u64, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { left: steps, until_asked: 0, stop, stopped: false }
    }

    /// So many steps; false where there is nothing left.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        self.until_asked = self.until_asked.saturating_sub(steps);
        if self.until_asked == 0 {
            self.until_asked = ASK_EVERY;
            self.stopped |= (self.stop)();
        }
        self.left = self.left.saturating_sub(steps);
        !self.over()
    }

    pub(super) fn over(&self) -> bool {
        self.stopped || self.left == 0
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }
}
