//! The kinds of request that a run sends.
//!
//! Owns their names, which the table, the failures and the page share, and how each is spelt in HTTP.

use std::fmt;

use hyper::{Method, StatusCode};

/// A kind of request, in the order of the table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Places an order.
    Post,
    /// Amends one in place.
    Patch,
    /// Replaces one by another.
    Replace,
    /// Cancels one.
    Delete,
}

impl Kind {
    /// The name of its row.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Post => "POST",
            Kind::Patch => "PATCH",
            Kind::Replace => "REPL",
            Kind::Delete => "DEL",
        }
    }

    pub(super) fn method(self) -> Method {
        match self {
            Kind::Post | Kind::Replace => Method::POST,
            Kind::Patch => Method::PATCH,
            Kind::Delete => Method::DELETE,
        }
    }

    /// The status that tells that it was done.
    pub(super) fn success(self) -> StatusCode {
        match self {
            Kind::Post | Kind::Patch | Kind::Replace => StatusCode::OK,
            Kind::Delete => StatusCode::NO_CONTENT,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
