//! How the OrderBook answers what is asked of accounts: all there are it holds.

use tradepit_engine::{
    AccountNumber, AccountStanding, Asked, Command, InstrumentNumber, Number, PositionStanding, Quantity, Rejection,
    Side, Time, TimeInForce,
};

use super::OrderBook;
use super::answers::Answers;
use crate::ask::{
    self, ClosePosition, Closing, Delay, OpenAccount, Piece, Placed, ReadAccounts, ReadPositions, Transfer,
    WhichAccount, WhichPositions, Would,
};

/// An account is shown with all its positions at their marks. A page ends with the account by which so many were looked
/// up: others wait meanwhile.
const MARKED_AT_MOST: usize = 1_024;

impl Answers<OpenAccount> for OrderBook {
    type Answer = Result<AccountStanding, Rejection>;

    fn answer(&mut self, OpenAccount(open): OpenAccount) -> Result<AccountStanding, Rejection> {
        let number = AccountNumber::try_from(self.exchange.ledger().len()).map_err(|_| Rejection::TooManyAccounts)?;
        self.commit(&Command::OpenAccount(open.clone()))?;
        self.accounts.learn(self.exchange.clearing());
        self.accounts.note_opened(open);
        self.exchange.account_standing(number, self.now).ok_or(Rejection::UnknownAccount)
    }
}

impl Answers<Transfer> for OrderBook {
    /// The number of the change, and when it was.
    type Answer = Result<(Number, Time), Rejection>;

    fn answer(&mut self, Transfer(transferred): Transfer) -> Result<(Number, Time), Rejection> {
        self.commit(&Command::Transfer(transferred))?;
        Ok((self.exchange.last_number(), self.now))
    }
}

impl Answers<Would> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Option<Rejection>;

    fn answer(&mut self, Would(command): Would) -> Option<Rejection> {
        self.exchange.decide(self.now, &command).err()
    }
}

impl Answers<ReadAccounts> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where the one that was asked for is unknown.
    type Answer = Option<Piece<AccountStanding>>;

    fn answer(&mut self, ReadAccounts(which): ReadAccounts) -> Option<Piece<AccountStanding>> {
        let show = |number| self.exchange.account_standing(number, self.now);
        match which {
            WhichAccount::One(number) => Some(Piece { items: vec![show(number)?], has_more: false }),
            WhichAccount::Page { after, limit } => {
                let end = AccountNumber::try_from(self.exchange.ledger().len()).unwrap_or(AccountNumber::MAX);
                let mut numbers = after.map_or(0, |after| after.saturating_add(1))..end;
                let (mut items, mut marked) = (Vec::new(), 0);
                while items.len() < limit && marked < MARKED_AT_MOST {
                    let Some(number) = numbers.next() else { break };
                    marked += self.exchange.ledger().holdings(number).map_or(0, |holdings| holdings.positions.len());
                    items.extend(show(number));
                }
                Some(Piece { items, has_more: !numbers.is_empty() })
            }
        }
    }
}

impl Answers<ReadPositions> for OrderBook {
    const CHANGES: bool = false;

    /// `None` where the one that was asked for is flat, or the one to start after is unknown.
    type Answer = Option<Piece<PositionStanding>>;

    fn answer(&mut self, ReadPositions { account, which }: ReadPositions) -> Option<Piece<PositionStanding>> {
        let show = |number| self.exchange.position_standing(account, number, self.now);
        match which {
            WhichPositions::One(symbol) => {
                let standing = self.exchange.clearing().find(symbol).map(show)?;
                let is_open = standing.position.lots != 0;
                is_open.then(|| Piece { items: vec![standing], has_more: false })
            }
            WhichPositions::Page { after, limit } => {
                let after = match after {
                    Some(symbol) => Some(self.exchange.clearing().find(symbol)?),
                    None => None,
                };
                let is_after = |number: &InstrumentNumber| after.is_none_or(|after| *number > after);
                let mut numbers = self.exchange.open_positions(account).filter(is_after);
                let items = numbers.by_ref().take(limit).map(show).collect();
                Some(Piece { items, has_more: numbers.next().is_some() })
            }
        }
    }
}

impl Answers<ClosePosition> for OrderBook {
    type Answer = Closing;

    /// By an order of the account that takes any price.
    fn answer(&mut self, ClosePosition { account, symbol, qty }: ClosePosition) -> Closing {
        let Some(number) = self.exchange.clearing().find(symbol) else { return Closing::Flat };
        let PositionStanding { position, lot, .. } = self.exchange.position_standing(account, number, self.now);
        if position.lots == 0 {
            return Closing::Flat;
        }
        let Some(held) = lot.times(position.lots.unsigned_abs()) else { return Closing::Beyond };
        let qty = qty.unwrap_or(held);
        // Neither has more decimals than the lot.
        let lots = qty.steps(lot.size()).and_then(|lots| u128::try_from(lots).ok());
        if lots.is_none_or(|lots| lots == 0 || lots > position.lots.unsigned_abs()) {
            return Closing::Beyond;
        }
        let whole = u64::try_from(qty.ceiling()).ok().and_then(|whole| Quantity::new(whole).ok());
        let Some(quantity) = whole else { return Closing::Beyond };
        let side = if position.lots > 0 { Side::Sell } else { Side::Buy };
        let time_in_force = TimeInForce::GoodTillCancelled;
        let (limit_price, stop, notional) = (None, None, None);
        let asked = Asked { account, side, limit_price, stop, time_in_force, post_only: false, qty, notional };
        let asked = Some(Box::new(asked));
        match self.submit(ask::Submit { symbol, quantity, delay: Delay::Usual, origin: None, asked, group: None }) {
            Ok(Placed::New(order) | Placed::Again(order)) => Closing::Closes(Box::new(order)),
            Err(rejection) => Closing::Rejected(rejection),
        }
    }
}
