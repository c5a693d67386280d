//! One timer that is set again and again, as fine as the machine allows.
//!
//! tokio counts in milliseconds and rounds up: an order would execute half a millisecond late whatever the load. Linux
//! has timers that are descriptors; the reactor waits for them as for sockets. Elsewhere, and where the clock is not
//! the machine's (a test owns tokio's), tokio's timer does.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep};

/// A timer for one moment, which may change at any time.
pub(crate) enum Timer {
    /// A descriptor, and the moment that it was set to last.
    #[cfg(target_os = "linux")]
    Fine(fine::Descriptor, Instant),
    /// tokio's.
    Coarse(Pin<Box<Sleep>>),
}

impl Timer {
    /// A timer that counts in milliseconds, on tokio's clock.
    pub(crate) fn coarse(now: Instant) -> Timer {
        Timer::Coarse(Box::pin(tokio::time::sleep_until(now)))
    }

    /// A timer of the machine's clock, where the machine has one to give.
    pub(crate) fn fine(now: Instant) -> Timer {
        #[cfg(target_os = "linux")]
        match fine::Descriptor::new() {
            Ok(descriptor) => return Timer::Fine(descriptor, now),
            Err(error) => log::warn!("orders execute up to a millisecond late: there is no timer descriptor: {error}"),
        }
        Timer::coarse(now)
    }

    /// Whether it is `at` by `now`; whoever asks is woken when it is, or before.
    pub(crate) fn poll(&mut self, at: Instant, now: Instant, task: &mut Context<'_>) -> Poll<()> {
        if at <= now {
            return Poll::Ready(());
        }
        match self {
            #[cfg(target_os = "linux")]
            Timer::Fine(descriptor, set_to) => {
                // One that fires too early does no harm, and setting it at every change would cost more.
                if at < *set_to || *set_to <= now {
                    descriptor.set(at - now);
                    *set_to = at;
                }
                descriptor.wake(task);
                Poll::Pending
            }
            Timer::Coarse(sleep) => {
                if sleep.deadline() != at {
                    sleep.as_mut().reset(at);
                }
                sleep.as_mut().poll(task)
            }
        }
    }
}

#[cfg(target_os = "linux")]
mod fine {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A timer of the kernel, as a descriptor that can be read once it has fired. It is never read: setting it anew
    /// empties it, and the reactor is told of each time that it fires.
    pub(crate) struct Descriptor(AsyncFd<OwnedFd>);

    impl Descriptor {
        #[expect(deprecated, reason = "unsound for types that close or change their descriptor; an OwnedFd does not")]
        pub(super) fn new() -> io::Result<Descriptor> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = rustix::time::timerfd_create(TimerfdClockId::Monotonic, flags)?;
            Ok(Descriptor(AsyncFd::with_interest(timer, Interest::READABLE)?))
        }

        /// Fires after this time, which is not zero: that would stop it.
        pub(super) fn set(&self, after: Duration) {
            const NONE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
            let after = Timespec::try_from(after).expect("a year fits");
            let once = Itimerspec { it_interval: NONE, it_value: after };
            rustix::time::timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)
                .expect("the descriptor is a timer");
        }

        /// Lets the task be woken the next time that it fires.
        pub(super) fn wake(&self, task: &mut Context<'_>) {
            while let Poll::Ready(Ok(mut fired)) = self.0.poll_read_ready(task) {
                fired.clear_ready();
            }
        }
    }
}
