//! What a client can do wrong, in the words of RFC 6455.
//! It says which close frame ends the connection; it never knows how that is sent.

use std::fmt;

/// A breach of the client's framing, by the close codes of RFC 6455 section 7.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The frames are not what section 5 allows.
    Protocol,
    /// A text message or the reason of a close is not UTF-8.
    InvalidUtf8,
    /// A message declares more bytes than are allowed.
    TooBig,
}

impl Breach {
    /// The code to close the connection with.
    pub fn close_code(self) -> u16 {
        match self {
            Breach::Protocol => 1002,
            Breach::InvalidUtf8 => 1007,
            Breach::TooBig => 1009,
        }
    }

    /// The reason to close the connection with, for a person to read.
    pub fn reason(self) -> &'static str {
        match self {
            Breach::Protocol => "protocol error",
            Breach::InvalidUtf8 => "invalid UTF-8",
            Breach::TooBig => "message too big",
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Breach {}
