//! Which accounts there are, by name and by number: for whoever writes an order, or reads for which account one is.
//! And what a venue is asked of them.
//!
//! The OrderBook adds each as it is opened; none ever goes. So nobody has to ask for what does not change.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tradepit_engine::{
    AccountId, AccountNumber, AccountStanding, Clearing, Number, OpenAccount as OpenedAs, PositionStanding, Rejection,
    Time,
};

use crate::ask::{ClosePosition, Closing, OpenAccount, Piece, ReadAccounts, ReadPositions, Transfer, Would};
use crate::order_book::addr::Refused;
use crate::venue::Venue;

/// The accounts of a venue.
#[derive(Debug, Default)]
pub struct AccountIds(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    ids: Vec<AccountId>,
    numbers: HashMap<AccountId, AccountNumber>,
    /// Those that were opened since the venue started, and with what.
    opened: Vec<OpenedAs>,
}

impl AccountIds {
    /// The number of the account of this id.
    #[must_use]
    pub fn number(&self, id: AccountId) -> Option<AccountNumber> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).numbers.get(&id).copied()
    }

    /// The id of the account of this number.
    #[must_use]
    pub fn id(&self, number: AccountNumber) -> Option<AccountId> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).ids.get(number as usize).copied()
    }

    /// Those that it has now.
    #[must_use]
    pub fn of(clearing: &Clearing) -> AccountIds {
        let accounts = AccountIds::default();
        accounts.learn(clearing);
        accounts
    }

    /// Those that were opened since the venue started, in that order, each with the id that it got.
    #[must_use]
    pub fn opened(&self) -> Vec<OpenedAs> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).opened.clone()
    }

    /// Those of a copy: which were opened is known there too.
    pub(crate) fn of_copy(clearing: &Clearing, opened: Vec<OpenedAs>) -> AccountIds {
        let accounts = AccountIds::of(clearing);
        accounts.0.write().unwrap_or_else(PoisonError::into_inner).opened = opened;
        accounts
    }

    /// Notes with what the newest account was opened.
    pub(crate) fn note_opened(&self, mut open: OpenedAs) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        open.id = known.ids.last().copied();
        known.opened.push(open);
    }

    /// Adds those that are not yet known.
    pub(crate) fn learn(&self, clearing: &Clearing) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for number in known.ids.len()..clearing.ledger().len() {
            let number = AccountNumber::try_from(number).expect("accounts are fewer than 2^32");
            let Some(account) = clearing.account(number) else { return };
            known.ids.push(account.id);
            known.numbers.insert(account.id, number);
        }
    }
}

impl Venue {
    /// Opens an account; returns how it stands.
    pub async fn open_account(&self, open: OpenAccount) -> Result<Result<AccountStanding, Rejection>, Refused> {
        self.order_book.ask(open).await
    }

    /// Lets money come in from outside, or go out; returns the number of that change, and when it was.
    pub async fn transfer(&self, transfer: Transfer) -> Result<Result<(Number, Time), Rejection>, Refused> {
        self.order_book.ask(transfer).await
    }

    /// What a command would be refused for, if it were given now.
    pub async fn would(&self, would: Would) -> Result<Option<Rejection>, Refused> {
        self.order_book.ask(would).await
    }

    /// How accounts stand, of which all that there are are held; `None` where the one that is asked for is unknown.
    pub async fn read_accounts(&self, read: ReadAccounts) -> Result<Option<Piece<AccountStanding>>, Refused> {
        self.order_book.ask(read).await
    }

    /// How positions stand; `None` where the one that is asked for is flat, or the one to start after is unknown.
    pub async fn read_positions(&self, read: ReadPositions) -> Result<Option<Piece<PositionStanding>>, Refused> {
        self.order_book.ask(read).await
    }

    /// Closes a position, or a part of it, by an order at any price.
    pub async fn close_position(&self, close: ClosePosition) -> Result<Closing, Refused> {
        self.order_book.ask(close).await
    }
}
