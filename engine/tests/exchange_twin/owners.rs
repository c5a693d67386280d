//! Accounts as they are drawn, and what of them is met.

use tradepit_engine::{
    AccountFault, AccountId, AccountKind, Body, Clearing, Command, Decimal, Ending, Event, Money, OpenAccount,
    Rejection, SelfTrade, Symbol, Transferred,
};
use tradepit_kit::symbol;

use crate::commands::Drawing;
use crate::market::ONE;
use crate::naive::Naive;

impl Drawing {
    /// One that is open, mostly; seldom one that nobody may trade with, or that is not there.
    pub(crate) fn account(&mut self) -> u32 {
        match self.world.accounts {
            0 => Clearing::DEFAULT,
            _ if self.dice.once_in(40) => self.dice.of(&[0, 1, 99]),
            all => Clearing::DEFAULT + self.dice.below(u32::try_from(all).expect("few") + 1),
        }
    }

    /// Whether an account is opened, or money moves, and not all that are wanted are there.
    pub(crate) fn moves(&mut self, twin: &Naive) -> Option<Command> {
        let (all, open) = (self.world.accounts as usize, twin.owners.len() - 3);
        if all == 0 {
            return None;
        }
        if open < all && self.dice.once_in(3) {
            return Some(Command::OpenAccount(self.opening()));
        }
        self.dice.once_in(25).then(|| match self.dice.below(4) {
            0 => Command::OpenAccount(OpenAccount { id: AccountId::new("a0").ok(), ..self.opening() }),
            _ => {
                let account = self.account();
                let amount = ONE * (self.dice.below(600_i64) as i128 - 300) / 7;
                // At times about all that may go.
                let all = twin.owners.get(account as usize).and_then(|_| twin.buying_power(account, twin.last_at));
                let all = all.filter(|_| self.dice.once_in(2)).map(|all| -all / 3);
                let amount = if self.dice.once_in(15) { 0 } else { all.unwrap_or(amount) };
                Command::Transfer(Transferred { account, currency: self.code(), amount: Money(amount) })
            }
        })
    }

    fn opening(&mut self) -> OpenAccount {
        let kind = self.dice.of(&[AccountKind::Margin, AccountKind::Spot]);
        let leverage = match kind {
            _ if self.dice.once_in(12) => self.dice.of(&["0.5", "100.5", "1.0000000001"]),
            AccountKind::Margin => self.dice.of(&["1", "2.5", "3.333333333"]),
            AccountKind::Spot => self.dice.of(&["1", "1", "1", "1", "2"]),
        };
        let id = self.dice.of(&["a0", "a1", "a2", "house", "fees", "default", ""]);
        let all = [
            SelfTrade::CancelNewest,
            SelfTrade::CancelOldest,
            SelfTrade::CancelOldest,
            SelfTrade::CancelBoth,
            SelfTrade::Allow,
        ];
        let currency = self.dice.of(&["EUR", "EUR", "EUR", "USD", "USD", "ZZZ"]);
        let mut cash: Vec<(Symbol, Money)> = Vec::new();
        for _ in 0..self.dice.below(4_usize) {
            let code = self.code();
            let amount = if self.dice.once_in(20) { -1 } else { self.dice.below(900_000_i64) as i128 * ONE / 997 };
            if cash.iter().all(|(other, _)| *other != code) {
                cash.push((code, Money(amount)));
            }
        }
        OpenAccount {
            id: AccountId::new(id).ok(),
            kind,
            currency: symbol(currency),
            leverage: Decimal::parse(leverage).expect("a number"),
            self_trade: self.dice.of(&all),
            cash,
        }
    }

    fn code(&mut self) -> Symbol {
        symbol(self.dice.of(&["EUR", "EUR", "EUR", "USD", "USD", "ODD", "ZZZ"]))
    }
}

/// What came about for accounts by this command.
pub(crate) fn met_by_accounts(
    command: &Command,
    done: &Result<Vec<Event>, Rejection>,
    twin: &Naive,
) -> Vec<&'static str> {
    let changes = matches!(command, Command::Amend { .. } | Command::Replace(_));
    let events = match done {
        Err(Rejection::InsufficientBuyingPower) if matches!(command, Command::Transfer(_)) => {
            return vec!["a transfer beyond buying power"];
        }
        Err(Rejection::InsufficientBuyingPower) if changes => return vec!["changed beyond buying power"],
        Err(Rejection::InsufficientBuyingPower) => return vec!["beyond buying power"],
        Err(Rejection::ShortNotAllowed) if changes => return vec!["changed to sell short"],
        Err(Rejection::ShortNotAllowed) => return vec!["sold short"],
        Err(Rejection::NoConversion) => return vec!["no conversion"],
        Err(Rejection::UnknownAccount) => return vec!["no such account"],
        Err(Rejection::AccountTaken) => return vec!["an account taken"],
        Err(Rejection::AccountFaulty(faults)) => {
            let each = faults.iter().map(|fault| match fault {
                AccountFault::Reserved => "a reserved name",
                AccountFault::Currency => "an unknown currency",
                AccountFault::CashCurrency(_) => "cash that leads nowhere",
                AccountFault::CashAmount(_) => "cash below zero",
                AccountFault::Leverage => "a faulty leverage",
                AccountFault::Amount => "a transfer of nothing",
            });
            return each.collect();
        }
        Err(_) => return vec![],
        Ok(events) => events,
    };
    let is_limited = |event: &Event| {
        let place = event.order().and_then(|order| twin.find(order.accepted_number));
        place.is_some_and(|place| twin.orders[place].account > Clearing::DEFAULT)
    };
    let of = |event: &Event| match &event.body {
        Body::AccountOpened(opened) if opened.kind == AccountKind::Spot => Some("a spot account"),
        Body::AccountOpened(_) => Some("a margin account"),
        Body::Transferred(transferred) if transferred.amount < Money::ZERO => Some("money out"),
        Body::Transferred(_) => Some("money in"),
        Body::Ended(ended) if ended.ending == Ending::InsufficientBuyingPower => {
            let place = twin.find(ended.order.accepted_number)?;
            Some(if twin.orders[place].filled > 0 { "can pay for a part" } else { "cannot pay" })
        }
        Body::Ended(ended) if ended.ending == Ending::SelfTrade => Some("met itself"),
        Body::Filled(_) if is_limited(event) => Some("traded with a limit"),
        _ => None,
    };
    let selves =
        events.iter().filter(|event| matches!(&event.body, Body::Ended(own) if own.ending == Ending::SelfTrade));
    let clears = selves.clone().count() > 1;
    let amends = selves.count() > 0 && changes;
    let also = [clears.then_some("several went for one"), amends.then_some("went for an amended one")];
    events.iter().filter_map(of).chain(also.into_iter().flatten()).collect()
}
