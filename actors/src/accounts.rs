//! Which accounts there are, by name and by number: for whoever writes an order, or reads for which account one is.
//!
//! The OrderBook adds each as it is opened; none ever goes. So nobody has to ask for what does not change.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tradepit_engine::{AccountId, AccountNumber, Clearing};

/// The accounts of a venue.
#[derive(Debug, Default)]
pub struct AccountIds(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    ids: Vec<AccountId>,
    numbers: HashMap<AccountId, AccountNumber>,
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
