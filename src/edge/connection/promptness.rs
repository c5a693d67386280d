//! Whether a request is handled in one go with the read that brought it.
//!
//! actix asks a handler for its answer as soon as it has read the head, then hands over what came of the body, and asks
//! again, all in one go: a body that is not there at the first look nearly always is at the second. Where the request
//! waited, for those before it or for a sleep, nobody asks a second time before more comes, and that may be never.

use std::cell::Cell;

/// What is known of a connection's requests.
#[derive(Debug, Default)]
pub(crate) struct Promptness {
    /// Something was read while no request was in hand and no answer on its way; since then no request has begun, and
    /// nothing was written.
    is_fresh: Cell<bool>,
    /// The client reads an answer more slowly than it was written.
    is_blocked: Cell<bool>,
    in_hand: Cell<usize>,
    is_prompt: Cell<bool>,
}

impl Promptness {
    pub(super) fn read(&self) {
        self.is_fresh.set(self.in_hand.get() == 0 && !self.is_blocked.get());
    }

    /// Something was written, or could not be: what was read before may have waited for that.
    pub(super) fn write(&self, is_blocked: bool) {
        self.is_fresh.set(false);
        self.is_blocked.set(is_blocked);
    }

    /// A request is handed over.
    pub(crate) fn begin(&self) {
        self.in_hand.set(self.in_hand.get() + 1);
        self.is_prompt.set(self.is_fresh.take());
    }

    /// The request in hand sleeps first.
    pub(crate) fn wait(&self) {
        self.is_prompt.set(false);
    }

    pub(crate) fn end(&self) {
        self.in_hand.set(self.in_hand.get() - 1);
    }

    /// Whether the request in hand will be asked for its answer again in one go.
    pub(crate) fn is_prompt(&self) -> bool {
        self.is_prompt.get()
    }
}

#[cfg(test)]
mod tests {
    use super::Promptness;

    #[test]
    fn the_first_request_of_a_read_is_prompt() {
        let promptness = Promptness::default();
        for _ in 0..2 {
            promptness.read();
            promptness.begin();
            assert!(promptness.is_prompt());
            promptness.end();
            // It came with the one before.
            promptness.begin();
            assert!(!promptness.is_prompt());
            promptness.end();
        }
    }

    #[test]
    fn one_that_waited_is_not() {
        let promptness = Promptness::default();
        promptness.read();
        promptness.begin();
        promptness.read();
        promptness.end();
        promptness.begin();
        assert!(!promptness.is_prompt());
        promptness.end();
        promptness.read();
        promptness.write(false);
        promptness.begin();
        assert!(!promptness.is_prompt());
        promptness.end();
        promptness.write(true);
        promptness.read();
        promptness.begin();
        assert!(!promptness.is_prompt(), "it came while the answer before was on its way");
        promptness.end();
        promptness.write(false);
        promptness.read();
        promptness.begin();
        promptness.wait();
        assert!(!promptness.is_prompt());
    }
}
