//! From trades to accounts: what each event moves, by the instrument that it is about.
//!
//! Knows every instrument that was listed, since a trade is told in ticks and lots. Whoever has all events, an exchange
//! or a store, comes to the same accounts by it.

use std::collections::HashMap;

use super::account::{Account, AccountId, AccountOpened, Accounts, Transferred};
use super::ledger::{AccountNumber, CurrencyNumber, InstrumentNumber, Ledger, Party, Payments, Settlement};
use super::position::Position;
use crate::event::{Body, Event, Filled, HouseTrade};
use crate::market::book::Side;
use crate::market::by_hand::HandQuote;
use crate::market::hours::Hours;
use crate::market::instrument::{Class, Instrument, InstrumentChanged, Listing};
use crate::values::{Money, Quantity, Symbol, Time};

/// All instruments, and the accounts that trade them.
#[derive(Clone, Debug)]
pub struct Clearing {
    instruments: Vec<Listed>,
    /// Clients choose symbols: hashed so that none can make the table slow. Looked up, never iterated.
    by_symbol: HashMap<Symbol, InstrumentNumber>,
    /// The first instrument in which each code is paid in each other one. Looked up, never iterated.
    pairs: HashMap<(Symbol, Symbol), InstrumentNumber>,
    /// Whether an instrument is sold by whoever has it.
    has_unshortable: bool,
    /// The hours of an instrument that does not trade always.
    hours: Option<Hours>,
    /// The same by a mark that is quickly made and that clients can make meet: looked at first, and no more than once.
    by_mark: Vec<InstrumentNumber>,
    currencies: Vec<Symbol>,
    accounts: Accounts,
    ledger: Ledger,
}

#[derive(Clone, Debug)]
struct Listed {
    instrument: Instrument,
    currency: CurrencyNumber,
    /// The price of the last trade, in ticks.
    last_ticks: Option<u64>,
    /// What the house quotes by hand, and what is left of it.
    by_hand: Option<HandQuote>,
}

/// The house pays no fee.
pub(crate) const HOUSE: Party = Party { account: Ledger::HOUSE, fee: Money::ZERO };

impl Clearing {
    /// The account of whoever names none.
    pub const DEFAULT: AccountNumber = 2;

    /// Lists these, and opens the accounts that are always there: the house, the fees and the one of whoever names
    /// none.
    #[must_use]
    pub fn of(listings: &[Listing]) -> Clearing {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.open(), Clearing::DEFAULT, "the house and the fees come before it");
        let (instruments, by_symbol, pairs) = (Vec::new(), HashMap::new(), HashMap::new());
        let (by_mark, currencies, accounts) = (Vec::new(), Vec::new(), Accounts::default());
        let (has_unshortable, hours) = (false, None);
        let mut clearing =
            Clearing { has_unshortable, hours, instruments, by_symbol, by_mark, pairs, currencies, accounts, ledger };
        for listing in listings {
            let _ = clearing.list(listing);
        }
        clearing
    }

    /// The number of the instrument of this symbol.
    #[must_use]
    pub fn find(&self, symbol: Symbol) -> Option<InstrumentNumber> {
        let marked = *self.by_mark.get(self.place_of(symbol))?;
        let is_it = |listed: &&Listed| listed.instrument.listing().symbol == symbol;
        match self.instruments.get(marked as usize).filter(is_it) {
            Some(_) => Some(marked),
            None => self.by_symbol.get(&symbol).copied(),
        }
    }

    /// Where the number of a symbol's instrument stands, unless another one's has the place.
    fn place_of(&self, symbol: Symbol) -> usize {
        symbol.mark() as usize & self.by_mark.len().wrapping_sub(1)
    }

    /// The instrument of this number.
    #[must_use]
    pub fn instrument(&self, number: InstrumentNumber) -> &Instrument {
        &self.instruments[number as usize].instrument
    }

    /// A whole quantity in lots of the instrument of this number.
    pub(crate) fn whole_lots(&self, number: InstrumentNumber, quantity: Quantity) -> u128 {
        self.instrument(number).whole_lots(quantity)
    }

    /// All instruments, in the order in which they were listed.
    pub fn instruments(&self) -> impl ExactSizeIterator<Item = &Instrument> {
        self.instruments.iter().map(|listed| &listed.instrument)
    }

    /// The price of the last trade in an instrument, in ticks.
    #[must_use]
    pub fn last_ticks(&self, number: InstrumentNumber) -> Option<u64> {
        self.instruments[number as usize].last_ticks
    }

    /// What the house quotes by hand in an instrument, and what is left of it.
    #[must_use]
    pub fn by_hand(&self, number: InstrumentNumber) -> Option<&HandQuote> {
        self.instruments[number as usize].by_hand.as_ref()
    }

    /// The code of a currency.
    #[must_use]
    pub fn currency(&self, number: CurrencyNumber) -> Option<Symbol> {
        self.currencies.get(number as usize).copied()
    }

    /// The number of the currency of this code, if it came up.
    #[must_use]
    pub fn find_currency(&self, code: Symbol) -> Option<CurrencyNumber> {
        let place = self.currencies.iter().position(|known| *known == code)?;
        CurrencyNumber::try_from(place).ok()
    }

    /// Whether something is paid in this code, or it is a currency that is traded.
    #[must_use]
    pub fn is_currency(&self, code: Symbol) -> bool {
        self.find_currency(code).is_some()
    }

    /// The instrument in which one code is paid in another, the first of them where there are more.
    #[must_use]
    pub fn pair(&self, base: Symbol, quote: Symbol) -> Option<InstrumentNumber> {
        self.pairs.get(&(base, quote)).copied()
    }

    /// The number of the account of this id.
    #[must_use]
    pub fn find_account(&self, id: AccountId) -> Option<AccountNumber> {
        self.accounts.find(id)
    }

    /// The account of this number.
    #[must_use]
    pub fn account(&self, number: AccountNumber) -> Option<&Account> {
        self.accounts.get(number)
    }

    /// Whether there is any account, or any instrument, that has a limit: where there is none, none is looked for.
    pub(crate) fn has_limits(&self) -> bool {
        self.has_unshortable || self.ledger.len() > Clearing::DEFAULT as usize + 1
    }

    /// The hours of those instruments that do not trade always: there is one kind of these.
    pub(crate) fn hours(&self) -> Option<Hours> {
        self.hours
    }

    /// Who has what.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Brings the accounts, and what is listed, on by an event.
    pub fn apply(&mut self, event: &Event) {
        match &event.body {
            Body::Listed(listing) => {
                let _ = self.list(listing);
            }
            Body::InstrumentChanged(changed) => {
                if let Some(number) = self.find(changed.symbol) {
                    self.change(number, changed);
                }
            }
            // What was accepted before there were instruments lists its own.
            Body::Accepted(accepted) => {
                let _ = self.find_or_list(accepted.symbol);
            }
            Body::Bought(HouseTrade { order, .. }) => self.settle_in(order.symbol, event),
            Body::Filled(filled) => self.settle_in(filled.order.symbol, event),
            Body::Quoted(quoted) => {
                if let Some(number) = self.find(quoted.symbol) {
                    self.instruments[number as usize].by_hand = quoted.quote;
                }
            }
            Body::AccountOpened(opened) => self.open(opened, event.at),
            Body::Transferred(transferred) => self.transfer(transferred),
            Body::Executed(_)
            | Body::Cancelled(_)
            | Body::Arrived(_)
            | Body::Ended(_)
            | Body::Amended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Triggered(_)
            | Body::RowsChanged(_)
            | Body::Followed(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => {}
        }
    }

    fn settle_in(&mut self, symbol: Symbol, event: &Event) {
        if let Some(instrument) = self.find(symbol) {
            self.settle(instrument, event);
        }
    }

    /// Settles a trade in the instrument of this number, if this event tells of one.
    pub(crate) fn settle(&mut self, instrument: InstrumentNumber, event: &Event) {
        match &event.body {
            Body::Bought(trade) => self.settle_house_trade(instrument, trade, event.at),
            Body::Filled(filled) => self.settle_part(instrument, filled, event.at),
            _ => {}
        }
    }

    /// Lists an instrument; what is listed already stays as it is, and what cannot be listed is not.
    pub fn list(&mut self, listing: &Listing) -> Option<InstrumentNumber> {
        if let Some(known) = self.find(listing.symbol) {
            return Some(known);
        }
        let instrument = Instrument::new(*listing).ok()?;
        let currency = self.currency_number(listing.quote);
        let number = InstrumentNumber::try_from(self.instruments.len()).ok()?;
        self.by_symbol.insert(listing.symbol, number);
        let listed = self.instruments.len() + 1;
        if self.by_mark.len() < 2 * listed {
            self.by_mark = vec![InstrumentNumber::MAX; 4 * listed.next_power_of_two()];
            for (known, listed) in (0..).zip(&self.instruments) {
                let place = self.place_of(listed.instrument.listing().symbol);
                self.by_mark[place] = known;
            }
        }
        let place = self.place_of(listing.symbol);
        self.by_mark[place] = number;
        self.has_unshortable |= !listing.short;
        if listing.hours != Hours::Always {
            self.hours = Some(listing.hours);
        }
        if listing.class != Class::Equity {
            let _ = self.currency_number(listing.base);
            self.pairs.entry((listing.base, listing.quote)).or_insert(number);
        }
        self.instruments.push(Listed { instrument, currency, last_ticks: None, by_hand: None });
        Some(number)
    }

    /// The number of the instrument of this symbol; one that nobody knows is listed.
    pub(crate) fn find_or_list(&mut self, symbol: Symbol) -> InstrumentNumber {
        let known = self.find(symbol).or_else(|| self.list(&Listing::of_unknown(symbol)));
        known.expect("instruments are fewer than 2^32")
    }

    /// An instrument is this from now on.
    pub fn change(&mut self, number: InstrumentNumber, changed: &InstrumentChanged) {
        if let Some(listed) = self.instruments.get_mut(number as usize) {
            listed.instrument.change(changed);
            self.has_unshortable |= !changed.short;
        }
    }

    /// An instrument last traded at this price, and this is left of what is quoted by hand: as a store knows it.
    pub fn restore_market(&mut self, number: InstrumentNumber, last_ticks: Option<u64>, by_hand: Option<HandQuote>) {
        if let Some(listed) = self.instruments.get_mut(number as usize) {
            (listed.last_ticks, listed.by_hand) = (last_ticks, by_hand);
        }
    }

    fn open(&mut self, opened: &AccountOpened, at: Time) {
        let number = self.add_account(opened.account(at));
        for &(currency, amount) in &opened.cash {
            self.transfer(&Transferred { account: number, currency, amount });
        }
    }

    fn transfer(&mut self, transferred: &Transferred) {
        let Transferred { account, currency, amount } = *transferred;
        let currency = self.currency_number(currency);
        self.ledger.transfer(account, currency, amount);
    }

    /// There is this account, which has nothing yet: as a store knows it. Its number is the next one.
    pub fn add_account(&mut self, account: Account) -> AccountNumber {
        let number = self.ledger.open();
        assert_eq!(self.accounts.add(account), number, "every account is in the ledger");
        number
    }

    /// An account has this much cash: as a store knows it.
    pub fn restore_cash(&mut self, account: AccountNumber, currency: Symbol, amount: Money) {
        let currency = self.currency_number(currency);
        self.ledger.restore_cash(account, currency, amount);
    }

    /// An account had these payments: as a store knows it.
    pub fn restore_payments(&mut self, account: AccountNumber, currency: Symbol, payments: Payments) {
        let currency = self.currency_number(currency);
        self.ledger.restore_payments(account, currency, payments);
    }

    /// An account has this position: as a store knows it.
    pub fn restore_position(&mut self, account: AccountNumber, symbol: Symbol, position: Position) {
        let instrument = self.find_or_list(symbol);
        self.ledger.restore_position(account, instrument, position);
    }

    fn currency_number(&mut self, code: Symbol) -> CurrencyNumber {
        let place = self.currencies.iter().position(|known| *known == code).unwrap_or_else(|| {
            self.currencies.push(code);
            self.currencies.len() - 1
        });
        CurrencyNumber::try_from(place).expect("currencies are fewer than 2^32")
    }

    fn settle_house_trade(&mut self, number: InstrumentNumber, trade: &HouseTrade, at: Time) {
        let Listed { instrument, currency, last_ticks, by_hand } = &mut self.instruments[number as usize];
        let buyer = Party { account: Clearing::DEFAULT, fee: trade.fee };
        let lots = instrument.whole_lots(trade.order.quantity);
        *last_ticks = Some(trade.ticks);
        // What does not trade is sold by the house beside its quote.
        let quote = by_hand.as_mut().filter(|_| instrument.trades(at));
        quote.into_iter().for_each(|quote| quote.take(Side::Sell, lots));
        let (currency, lot_price) = (*currency, instrument.lot_price(trade.ticks));
        self.ledger.settle(&Settlement { instrument: number, currency, lots, lot_price, buyer, seller: HOUSE });
    }

    /// Settles a trade, if this is its first part.
    pub(crate) fn settle_part(&mut self, number: InstrumentNumber, filled: &Filled, at: Time) {
        let Filled { ticks, lots, side, party, settles_with, .. } = *filled;
        let Some(other) = settles_with else { return };
        let Listed { instrument, currency, last_ticks, by_hand } = &mut self.instruments[number as usize];
        *last_ticks = Some(ticks);
        if other.account == Ledger::HOUSE {
            // Where the house was made to trade at a price that it does not quote, nothing of its quote is gone.
            let is_of_quote = |quote: &HandQuote| side.takes(ticks, quote.offer(side.other()).ticks);
            let quote = by_hand.as_mut().filter(|quote| instrument.trades(at) && is_of_quote(quote));
            quote.into_iter().for_each(|quote| quote.take(side.other(), lots));
        }
        let (buyer, seller) = match side {
            Side::Buy => (party, other),
            Side::Sell => (other, party),
        };
        let (currency, lot_price) = (*currency, instrument.lot_price(ticks));
        self.ledger.settle(&Settlement { instrument: number, currency, lots, lot_price, buyer, seller });
    }
}
