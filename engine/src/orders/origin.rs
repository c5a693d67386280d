//! What the client said of an order beside the order itself: the names by which it knows it again.

use std::fmt;
use std::sync::Arc;

use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::AccountNumber;

/// A name that a client gave: 1 to 255 visible ASCII characters (`!` to `~`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

/// Why a text is no [`Label`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidLabel {
    /// It has no character.
    Empty,
    /// It has more than [`Label::MAX_LEN`] characters.
    TooLong,
    /// It has a character other than `!` to `~`.
    Character,
}

impl Label {
    /// The greatest length, in characters (all of one byte).
    pub const MAX_LEN: usize = 255;

    /// Reads a label; refuses what its characters or length do not allow.
    pub fn new(text: &str) -> Result<Label, InvalidLabel> {
        match text.len() {
            0 => Err(InvalidLabel::Empty),
            _ if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(InvalidLabel::Character),
            1..=Label::MAX_LEN => Ok(Label(text.into())),
            _ => Err(InvalidLabel::TooLong),
        }
    }

    /// The same label in an account: no other account's is equal. One of whoever names no account stays as it is;
    /// others have their account's number before them, and a blank, which no client's label has.
    fn in_account(self, account: AccountNumber) -> Label {
        if account == Clearing::DEFAULT { self } else { Label(format!("{account} {}", self.0).into()) }
    }

    /// The label as the client wrote it, whatever its account.
    #[must_use]
    pub fn as_written(&self) -> &str {
        self.0.rsplit_once(' ').map_or(&self.0, |(_, written)| written)
    }

    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Under which names a client placed an order. At least one is there: an order without has no origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The client's own id of the order, part of the order: never used for two.
    pub client_order_id: Option<Label>,
    /// The name of the request, so that it can be repeated without placing a second order.
    pub idempotency_key: Option<Label>,
}

impl Origin {
    /// An origin of these names; `None` where there is none.
    #[must_use]
    pub fn new(client_order_id: Option<Label>, idempotency_key: Option<Label>) -> Option<Arc<Origin>> {
        let named = client_order_id.is_some() || idempotency_key.is_some();
        named.then(|| Arc::new(Origin { client_order_id, idempotency_key }))
    }

    /// Its names, each with its kind, as they stand for orders of whoever names no account.
    pub fn names(&self) -> impl Iterator<Item = Name> + use<> {
        let client_order_id = self.client_order_id.clone().map(Name::ClientOrderId);
        let idempotency_key = self.idempotency_key.clone().map(Name::IdempotencyKey);
        client_order_id.into_iter().chain(idempotency_key)
    }

    /// The same in an account: no two accounts have a name in common.
    pub fn names_in(&self, account: AccountNumber) -> impl Iterator<Item = Name> + use<> {
        self.names().map(move |name| name.in_account(account))
    }
}

/// A name by which an order can be found. The two kinds do not meet: the same text can be one of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// See [`Origin::client_order_id`].
    ClientOrderId(Label),
    /// See [`Origin::idempotency_key`].
    IdempotencyKey(Label),
}

impl Name {
    /// The same name in an account: no two accounts have one in common.
    #[must_use]
    pub fn in_account(self, account: AccountNumber) -> Name {
        match self {
            Name::ClientOrderId(label) => Name::ClientOrderId(label.in_account(account)),
            Name::IdempotencyKey(label) => Name::IdempotencyKey(label.in_account(account)),
        }
    }
}
