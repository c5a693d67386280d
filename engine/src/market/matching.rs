//! Who trades with whom: by price, then by time.
//!
//! What arrives is matched trade by trade. The next one is found here, and nothing changes: whoever asks makes it true
//! and asks again.

use super::book::{Book, Resting, Side, Slot};
use super::house::{House, Offer};

/// What becomes of an order that would trade with another one of its account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SelfTrade {
    /// What arrives is cancelled for the rest.
    #[default]
    CancelNewest,
    /// What rests is cancelled.
    CancelOldest,
    /// Both are.
    CancelBoth,
    /// They trade.
    Allow,
}

/// What arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Which side it is on.
    pub side: Side,
    /// The worst price that it takes, in ticks; `None` for any.
    pub limit: Option<u64>,
    /// What is left of it, in lots.
    pub left: u128,
    /// Whose it is.
    pub account: u32,
    /// What that account wants where it meets itself.
    pub self_trade: SelfTrade,
}

/// Whom it trades with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// What rests there.
    Client(Slot),
    /// The house.
    House,
}

/// What comes next for an order that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It trades.
    Trade {
        /// With whom.
        with: With,
        /// At which price, in ticks: the one of whoever was there.
        ticks: u64,
        /// How much, in lots.
        lots: u128,
    },
    /// It meets an order of its own account, and shall not trade with that.
    Meets(Slot),
    /// Nothing that it may trade with is left.
    Nothing,
}

/// Who is there first.
enum Front<'a> {
    Client(Slot, &'a Resting),
    House { ticks: u64, lots: u128 },
}

impl Incoming {
    /// What comes next.
    #[must_use]
    pub fn next(&self, book: &Book, house: &House) -> Next {
        let other = self.side.other();
        if self.left == 0 || self.is_apart(book, house) {
            return Next::Nothing;
        }
        match self.front(book.first(other), house.best(other), house) {
            Some(Front::Client(slot, resting)) if self.spares(resting) => Next::Meets(slot),
            Some(Front::Client(slot, resting)) => {
                let lots = self.left.min(u128::from(resting.left));
                Next::Trade { with: With::Client(slot), ticks: resting.price, lots }
            }
            Some(Front::House { ticks, lots }) => Next::Trade { with: With::House, ticks, lots: self.left.min(lots) },
            None => Next::Nothing,
        }
    }

    /// All that comes next, one after the other, as if each had been done before the one after it.
    pub fn walk<'a>(mut self, book: &'a Book, house: &'a House) -> impl Iterator<Item = Next> + use<'a> {
        let other = self.side.other();
        let (mut line, mut offers) = (book.line(other).peekable(), house.offers(other).peekable());
        let mut is_over = false;
        std::iter::from_fn(move || {
            if is_over || self.left == 0 {
                return None;
            }
            let next = match self.front(line.peek().copied(), offers.peek().copied(), house)? {
                Front::Client(slot, resting) => {
                    line.next();
                    if self.spares(resting) {
                        is_over = self.self_trade != SelfTrade::CancelOldest;
                        return Some(Next::Meets(slot));
                    }
                    let lots = self.left.min(u128::from(resting.left));
                    Next::Trade { with: With::Client(slot), ticks: resting.price, lots }
                }
                Front::House { ticks, lots } => {
                    offers.next();
                    Next::Trade { with: With::House, ticks, lots: self.left.min(lots) }
                }
            };
            if let Next::Trade { lots, .. } = next {
                self.left -= lots;
            }
            Some(next)
        })
    }

    /// Whether it trades, or ends, where it meets what is there; what it has cancelled, as it is the older of the two,
    /// is not there.
    #[must_use]
    pub fn acts(&self, book: &Book, house: &House) -> bool {
        if self.is_apart(book, house) {
            return false;
        }
        match self.self_trade {
            SelfTrade::CancelOldest => self.walk(book, house).any(|next| !matches!(next, Next::Meets(_))),
            SelfTrade::CancelNewest | SelfTrade::CancelBoth | SelfTrade::Allow => {
                !matches!(self.next(book, house), Next::Nothing)
            }
        }
    }

    /// Whether all of it can trade now, as trade follows trade. Only what it may trade with counts.
    #[must_use]
    pub fn fills(&self, book: &Book, house: &House) -> bool {
        let traded = self.walk(book, house).map(|next| match next {
            Next::Trade { lots, .. } => lots,
            Next::Meets(_) | Next::Nothing => 0,
        });
        traded.sum::<u128>() >= self.left
    }

    /// Whether nothing that is offered comes near its limit: so it is with nearly all that rests.
    fn is_apart(&self, book: &Book, house: &House) -> bool {
        let is_beyond = |limit| book.best(self.side.other()).is_none_or(|best| !self.side.takes(limit, best));
        self.limit.is_some_and(is_beyond) && house.is_empty(self.side.other())
    }

    /// Who is first of these two, if it takes that price. At one price clients come before the house; without a limit
    /// the house's last price has no end.
    fn front<'a>(&self, client: Option<(Slot, &'a Resting)>, offer: Option<Offer>, house: &House) -> Option<Front<'a>> {
        let last = house.last_ticks(self.side.other()).filter(|_| self.limit.is_none());
        let endless = last.filter(|&last| offer.is_none_or(|offer| offer.ticks == last));
        let by_house = match (endless, offer) {
            (Some(ticks), _) => Some((ticks, u128::MAX)),
            (None, Some(offer)) => Some((offer.ticks, u128::from(offer.lots))),
            (None, None) => None,
        };
        let front = match (client, by_house) {
            (Some((slot, resting)), by_house)
                if by_house.is_none_or(|(ticks, _)| self.side.takes(ticks, resting.price)) =>
            {
                Front::Client(slot, resting)
            }
            (_, Some((ticks, lots))) => Front::House { ticks, lots },
            (_, None) => return None,
        };
        let ticks = match front {
            Front::Client(_, resting) => resting.price,
            Front::House { ticks, .. } => ticks,
        };
        self.limit.is_none_or(|limit| self.side.takes(limit, ticks)).then_some(front)
    }

    /// Whether it does not trade with this order, which is of its own account.
    fn spares(&self, resting: &Resting) -> bool {
        resting.account == self.account && self.self_trade != SelfTrade::Allow
    }
}
