//! How the server ends a WebSocket: with a close frame that says why, or from outside.

use std::net::Shutdown;

/// Shuts a subscriber's socket from outside: the only way to end one that takes no more bytes, and to tell a client
/// that a close is complete.
pub type Disconnect = Box<dyn Fn(Shutdown)>;

/// Why the server closes a WebSocket (RFC 6455 section 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseCode {
    /// The number on the wire.
    pub code: u16,
    /// A word to the client.
    pub reason: &'static str,
}

impl CloseCode {
    /// The server stops.
    pub const GOING_AWAY: CloseCode = CloseCode { code: 1001, reason: "the server is stopping" };
    /// The venue is no more.
    pub const REMOVED: CloseCode = CloseCode { code: 1001, reason: "the venue was removed" };
    /// The venue begins anew: whoever comes again finds another history.
    pub const BEGUN_ANEW: CloseCode = CloseCode { code: 1012, reason: "the venue was reset" };
    /// The venue's store has failed.
    pub const BROKEN: CloseCode = CloseCode { code: 1011, reason: "the venue cannot be used" };
    /// A fault closes it.
    pub(super) fn of_fault(code: u16) -> CloseCode {
        CloseCode { code, reason: "a fault closes it" }
    }

    /// It read too slowly.
    pub(super) const TRY_AGAIN_LATER: CloseCode = CloseCode { code: 1013, reason: "you read too slowly" };
}
