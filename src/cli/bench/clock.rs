//! What the system tells of time and memory: CPU time of a thread and of the process, resident memory, load, free space. What a system
//! does not tell is `None`, or wall time, and the table says so.

use std::fs;
use std::path::Path;
use std::time::Duration;

#[cfg(unix)]
pub(super) use cpu::{KIND, process, thread};
#[cfg(not(unix))]
pub(super) use wall::{KIND, process, thread};

#[cfg(unix)]
mod cpu {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    pub const KIND: &str = "CPU time";

    /// Of this thread since it began.
    pub fn thread() -> Duration {
        read(ClockId::ThreadCPUTime)
    }

    /// Of all threads of the process since it began.
    pub fn process() -> Duration {
        read(ClockId::ProcessCPUTime)
    }

    fn read(clock: ClockId) -> Duration {
        let time = clock_gettime(clock);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
}

#[cfg(not(unix))]
mod wall {
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    pub const KIND: &str = "wall time (this system's CPU time is not read)";

    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub fn thread() -> Duration {
        BEGUN.elapsed()
    }

    pub fn process() -> Duration {
        BEGUN.elapsed()
    }
}

/// The CPU time that this thread takes for some work, and what the work gives.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = thread();
    let done = work();
    (thread().saturating_sub(begun), done)
}

/// Programs that want to run, on average over the last minute.
pub(super) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Resident memory in bytes, now.
pub(super) fn resident() -> Option<u64> {
    status("VmRSS:")
}

/// Most resident memory in bytes since [`forget_peak`].
pub(super) fn peak() -> Option<u64> {
    status("VmHWM:")
}

/// Lets [`peak`] begin anew; where the system does not allow it, the peak is that of the whole run and too high.
pub(super) fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn status(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Free bytes on the disk of a folder.
#[cfg(unix)]
pub(super) fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub(super) fn free(_: &Path) -> Option<u64> {
    None
}
