//! How busy this thread is, as the kernel counts it.
//!
//! Owns the reading of `/proc/thread-self/schedstat`: how long the thread ran, and how long it wanted to and waited for
//! a processor. Where the kernel does not tell that (no Linux, some sandboxes), nothing is known.

use std::fs;

use super::clock::Micros;

/// What a thread has used so far, or used over a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// How long it ran.
    pub(super) ran: Micros,
    /// How long it could have run, had a processor been free.
    pub(super) waited: Micros,
}

impl Usage {
    /// What the calling thread has used so far.
    pub(super) fn now() -> Option<Self> {
        read(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
    }

    pub(super) fn since(self, then: Self) -> Self {
        Self { ran: self.ran - then.ran, waited: self.waited - then.waited }
    }
}

/// Three numbers: nanoseconds run, nanoseconds waited, turns.
fn read(text: &str) -> Option<Usage> {
    let mut micros = text.split_ascii_whitespace().map(|field| Some(field.parse::<Micros>().ok()? / 1_000));
    let (ran, waited) = (micros.next()??, micros.next()??);
    // A kernel that does not count says 0; a thread that reads this has run.
    (ran > 0).then_some(Usage { ran, waited })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_line_is_read_and_what_does_not_count_is_nothing() {
        assert_eq!(read("248230177 293096760 131\n"), Some(Usage { ran: 248_230, waited: 293_096 }));
        for text in ["", "0 0 0\n", "1", "a b c\n"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
