//! Time and ids: the one place where the program asks the machine for either, so that a screenshot or a test can fix both.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// The present, and ids that sort by it.
#[derive(Debug)]
pub struct Clock {
    source: Source,
    last: ulid::Ulid,
}

#[derive(Debug)]
enum Source {
    Machine,
    Fixed(Timestamp),
    /// Milliseconds since 1970, moved by somebody else.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's.
    pub fn system() -> Self {
        Self::of(Source::Machine)
    }

    /// One that stands still: the same ids in every run.
    pub fn fixed(at: Timestamp) -> Self {
        Self::of(Source::Fixed(at))
    }

    /// One that shows what `milliseconds` since 1970 hold: a test lets hours pass in no time.
    pub fn by_hand(milliseconds: Arc<AtomicI64>) -> Self {
        Self::of(Source::Hand(milliseconds))
    }

    fn of(source: Source) -> Self {
        Self { source, last: ulid::Ulid::nil() }
    }

    /// Now, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        let now = match &self.source {
            Source::Machine => Timestamp::now(),
            Source::Fixed(at) => *at,
            Source::Hand(milliseconds) => {
                Timestamp::from_millisecond(milliseconds.load(Ordering::Relaxed)).unwrap_or_default()
            }
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// An id greater than every one before it, even when the machine's clock jumps back.
    pub fn id(&mut self) -> String {
        let millisecond = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let fresh = match self.source {
            Source::Machine => ulid::Ulid::from_datetime(SystemTime::UNIX_EPOCH + Duration::from_millis(millisecond)),
            Source::Fixed(_) | Source::Hand(_) => ulid::Ulid::from_parts(millisecond, 0),
        };
        let next = if fresh > self.last { fresh } else { self.last.increment().unwrap_or(fresh) };
        self.last = next;
        next.to_string()
    }

    /// So many ids, for another thread: none of them is given out here.
    pub fn ids(&mut self, count: usize) -> Ids {
        let ids = Ids(ulid::Ulid::from_string(&self.id()).unwrap_or(self.last));
        self.last = ulid::Ulid(self.last.0.saturating_add(count as u128));
        ids
    }
}

/// Ids that were set aside.
#[derive(Clone, Debug)]
pub struct Ids(ulid::Ulid);

impl Ids {
    /// The next one, greater than those before.
    pub fn take(&mut self) -> String {
        let next = self.0;
        self.0 = ulid::Ulid(next.0.saturating_add(1));
        next.to_string()
    }
}
