//! Reads the plain-text announcements of `/ws`.
//!
//! Owns the shape `<id> is <STATUS>`. Every subscriber is sent the frames of
//! every order, so this compares bytes and allocates nothing.

use std::fmt;

/// An order's id as it is spelt on the wire: the 36 characters of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OrderId([u8; 36]);

impl OrderId {
    /// The id spelt by `text`, which must be 36 bytes long.
    pub(super) fn new(text: &[u8]) -> Option<Self> {
        text.try_into().ok().map(Self)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// `is EXECUTED`
    Executed,
    /// `is CANCELLED`
    Cancelled,
}

/// The end that a frame announces; `None` for `PENDING` and whatever else is said.
pub(super) fn end_of(frame: &[u8]) -> Option<(OrderId, End)> {
    let (id, rest) = frame.split_first_chunk::<36>()?;
    let end = match rest {
        b" is EXECUTED" => End::Executed,
        b" is CANCELLED" => End::Cancelled,
        _ => return None,
    };
    Some((OrderId(*id), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1d70aeaa-658c-4799-819f-79c436d2dd18";

    fn end(text: &str) -> Option<(String, End)> {
        end_of(text.as_bytes()).map(|(id, end)| (id.to_string(), end))
    }

    #[test]
    fn the_two_ends_of_an_order_are_told_with_its_id() {
        let own = |end| Some((ID.to_owned(), end));
        assert_eq!(end(&format!("{ID} is EXECUTED")), own(End::Executed));
        assert_eq!(end(&format!("{ID} is CANCELLED")), own(End::Cancelled));
    }

    #[test]
    fn everything_else_is_no_end() {
        for text in [
            format!("{ID} is PENDING"),
            format!("{ID} is EXECUTED "),
            format!("{ID} is executed"),
            format!("{ID}0 is EXECUTED"),
            format!("{} is EXECUTED", &ID[1..]),
            ID.to_owned(),
            String::new(),
        ] {
            assert_eq!(end(&text), None, "{text:?}");
        }
    }

    #[test]
    fn an_id_is_exactly_36_bytes() {
        assert_eq!(OrderId::new(ID.as_bytes()).map(|id| id.to_string()), Some(ID.to_owned()));
        assert_eq!(OrderId::new(&ID.as_bytes()[1..]), None);
    }
}
