//! The lane beside the general way: the same commands to two exchanges, of which one has its lane closed.

use std::cell::Cell;

use tradepit_kit::Dice;

use crate::accounts::account::AccountKind;
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::AccountNumber;
use crate::command::{Command, OpenAccount, Submit};
use crate::event::{Body, Event};
use crate::exchange::{Exchange, Rules};
use crate::market::book::Side;
use crate::market::by_hand::AskedQuote;
use crate::market::instrument::{InstrumentChange, Listing, Trading};
use crate::market::matching::SelfTrade;
use crate::market::quoting::Quoting;
use crate::orders::terms::{Amendment, Asked, AskedStop, TimeInForce};
use crate::told::Told;
use crate::values::{Decimal, Number, OrderId, Quantity, Symbol, Time};

thread_local! {
    /// Whether plain orders may go along the lane.
    pub(super) static IS_OPEN: Cell<bool> = const { Cell::new(true) };
    /// How often one did.
    pub(super) static TAKEN: Cell<u64> = const { Cell::new(0) };
}

const SYMBOLS: [&str; 2] = ["ONE", "TWO"];

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("it is a symbol")
}

fn number(units: u64, decimals: u32) -> Decimal {
    Decimal::new(units.into(), decimals).expect("it is short")
}

/// One exchange that has a lane, and one that has none.
struct Pair {
    exchanges: [Exchange; 2],
    told: [Told; 2],
    dice: Dice,
    now: i64,
    /// Orders that were accepted.
    accepted: Vec<Number>,
}

impl Pair {
    fn seeded(seed: u64, quoting: Quoting) -> Pair {
        let fee = |listing: Listing| Listing { taker_fee: number(1, 3), ..listing };
        let listings = SYMBOLS.map(|text| Listing::of_unknown(symbol(text)));
        let listings = vec![listings[0], fee(listings[1])];
        let exchange = || {
            let rules = Rules { quoting, listings: listings.clone(), ..Rules::default() };
            Exchange::with_rules(60, rules).in_front_of_store(3)
        };
        let (exchanges, told) = ([exchange(), exchange()], [Told::default(), Told::default()]);
        Pair { exchanges, told, dice: Dice::seeded(seed), now: 0, accepted: Vec::new() }
    }

    /// Both are asked the same, and must answer the same; what that brings about is made true.
    fn ask(&mut self, command: &Command) {
        for (place, (exchange, told)) in self.exchanges.iter_mut().zip(&mut self.told).enumerate() {
            IS_OPEN.set(place == 0);
            let decided = exchange.decide_into(Time(self.now), command, told);
            let events = if decided.is_ok() { &told[..] } else { &[] };
            events.iter().for_each(|event| exchange.apply(event));
            if place == 0 {
                self.accepted
                    .extend(events.iter().filter(|event| event.accepted().is_some()).map(|event| event.number));
            }
        }
        let [one, other] = self.told.each_ref().map(|told| told.to_vec());
        assert_eq!(one, other, "{command:?}");
        self.compare(command);
    }

    fn compare(&self, command: &Command) {
        let [one, other] = &self.exchanges;
        assert!(one.orders_after(Number(0)).eq(other.orders_after(Number(0))), "{command:?}");
        assert_eq!(one.ledger(), other.ledger(), "{command:?}");
        assert_eq!(one.reserved, other.reserved, "{command:?}");
        let rest = |exchange: &Exchange| {
            (exchange.at_stake, exchange.open, exchange.acting, exchange.next_due(), exchange.agenda.len())
        };
        assert_eq!(rest(one), rest(other), "{command:?}");
        assert_eq!((&one.closed, one.forgotten, one.accepted), (&other.closed, other.forgotten, other.accepted));
        for (symbol, side) in SYMBOLS.into_iter().flat_map(|text| [Side::Buy, Side::Sell].map(|side| (text, side))) {
            assert!(one.levels(self::symbol(symbol), side).eq(other.levels(self::symbol(symbol), side)), "{command:?}");
        }
    }

    /// Everything that is due happens.
    fn execute(&mut self) {
        for _ in 0..1_000 {
            self.ask(&Command::ExecuteDue);
            if self.told[0].is_empty() {
                return;
            }
        }
        panic!("it goes on and on");
    }

    fn submit(&mut self) -> Command {
        let side = self.dice.of(&[Side::Buy, Side::Sell]);
        let tifs = [TimeInForce::GoodTillCancelled; 5].into_iter();
        let tifs: Vec<_> =
            tifs.chain([TimeInForce::Day, TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill]).collect();
        let account: AccountNumber = self.dice.of(&[Clearing::DEFAULT, Clearing::DEFAULT, Clearing::DEFAULT, 3, 4]);
        // Now and then between two ticks, or two lots, or none at all.
        let price = if self.dice.once_in(30) { number(1_000_005, 4) } else { self.price() };
        let stop = self.dice.once_in(12).then(|| AskedStop::At(self.price()));
        let lots = 1 + self.dice.below(9_u64);
        let id = OrderId(u128::from(self.dice.number()).to_be_bytes());
        let asked = Asked {
            account,
            side,
            limit_price: (!self.dice.once_in(15)).then_some(price),
            stop,
            time_in_force: self.dice.of(&tifs),
            post_only: self.dice.once_in(9),
            qty: if self.dice.once_in(40) { number(5, 1) } else { number(lots, 0) },
            notional: None,
        };
        let (symbol, quantity) = (symbol(self.dice.of(&SYMBOLS)), Quantity::new(lots).expect("in range"));
        let delay_us = self.dice.of(&[0, 0, 0, 70]);
        let asked = (!self.dice.once_in(20)).then_some(asked);
        Command::Submit(Submit { id, symbol, quantity, delay_us, origin: None, asked })
    }

    fn price(&mut self) -> Decimal {
        number(9_990 + self.dice.below(20_u64), 2)
    }

    fn amend(&mut self, accepted_number: Number) -> Command {
        let price = self.price();
        let qty = self.dice.once_in(3).then(|| number(1 + self.dice.below(12_u64), 0));
        let time_in_force = self.dice.once_in(10).then_some(TimeInForce::Day);
        let limit_price = (!self.dice.once_in(4)).then_some(price);
        let quantity = qty.and_then(|qty| Quantity::new(u64::try_from(qty.ceiling()).ok()?).ok());
        let amendment = Amendment { qty, limit_price, stop: None, time_in_force };
        Command::Amend { accepted_number, amendment, quantity }
    }

    /// What is seldom asked, and closes the lane for others.
    fn otherwise(&mut self) -> Command {
        let symbol = symbol(self.dice.of(&SYMBOLS));
        match self.dice.below(3_u32) {
            0 => {
                let status = Some(self.dice.of(&[Trading::Halted, Trading::Open, Trading::Open, Trading::Closed]));
                Command::ChangeInstrument { symbol, change: InstrumentChange { status, ..InstrumentChange::default() } }
            }
            1 => {
                let (bid, ask) = (number(9_996, 2), number(10_003, 2));
                let quote = AskedQuote { bid, ask, bid_size: Some(number(5, 0)), ask_size: Some(number(5, 0)) };
                Command::Quote { symbol, quote: self.dice.once_in(2).then_some(quote) }
            }
            _ => Command::Quote { symbol, quote: None },
        }
    }

    fn live(&mut self, commands: usize) {
        for (self_trade, kind) in
            [(SelfTrade::CancelNewest, AccountKind::Margin), (SelfTrade::Allow, AccountKind::Spot)]
        {
            let (currency, cash) = (symbol("USD"), vec![(symbol("USD"), crate::values::Money(10_i128.pow(17)))]);
            let open = OpenAccount { id: None, kind, currency, leverage: Decimal::ONE, self_trade, cash };
            self.ask(&Command::OpenAccount(open));
        }
        for _ in 0..commands {
            self.now += self.dice.of(&[0, 0, 1, 40]);
            let accepted = self.accepted.get(self.dice.below(self.accepted.len().max(1))).copied();
            let command = match (self.dice.below(40_u32), accepted) {
                (0..8, Some(accepted_number)) => Command::Cancel { accepted_number },
                (8..20, Some(accepted)) => self.amend(accepted),
                (20, _) => self.otherwise(),
                (_, _) => self.submit(),
            };
            self.ask(&command);
            self.execute();
            if self.dice.once_in(9) {
                let last = self.exchanges[0].last_number();
                self.exchanges.iter_mut().for_each(|exchange| exchange.stored(last));
                self.accepted.retain(|accepted| self.exchanges[0].order(*accepted).is_some());
            }
        }
    }
}

#[test]
fn the_lane_tells_and_changes_what_the_general_way_does() {
    for seed in 0..40 {
        let quoting = if seed % 4 == 3 { Quoting::Frozen } else { Quoting::Nobody };
        let before = TAKEN.get();
        Pair::seeded(seed, quoting).live(400);
        assert!(TAKEN.get() > before + 100, "hardly anything goes along the lane");
    }
}

#[test]
fn whatever_befalls_a_plain_order_goes_along_the_lane() {
    let mut pair = Pair::seeded(1, Quoting::Nobody);
    let mut kinds = std::collections::BTreeSet::new();
    let [exchange, _] = &mut pair.exchanges;
    let place = |side, price, lots: u64, time_in_force| {
        let (qty, limit_price) = (number(lots, 0), Some(number(price, 2)));
        let (account, stop, post_only, notional) = (Clearing::DEFAULT, None, false, None);
        let asked = Some(Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional });
        let (id, quantity) = (OrderId([7; 16]), Quantity::new(lots).expect("in range"));
        Command::Submit(Submit { id, symbol: symbol("ONE"), quantity, delay_us: 0, origin: None, asked })
    };
    let amendment = Amendment { limit_price: Some(number(10_001, 2)), ..Amendment::default() };
    let due = Command::ExecuteDue;
    let first = Number(1);
    let (gtc, ioc) = (TimeInForce::GoodTillCancelled, TimeInForce::ImmediateOrCancel);
    for command in [
        place(Side::Sell, 10_002, 5, gtc),
        due.clone(),
        Command::Amend { accepted_number: first, amendment, quantity: None },
        place(Side::Buy, 10_001, 2, ioc),
        due.clone(),
        place(Side::Buy, 9_000, 2, ioc),
        due,
        Command::Cancel { accepted_number: first },
    ] {
        IS_OPEN.set(true);
        let before = TAKEN.get();
        let events: Vec<Event> = exchange.decide(Time(0), &command).expect("it is not refused");
        // A cancellation is decided in one way.
        let is_decided = !matches!(command, Command::Cancel { .. });
        events.iter().for_each(|event| exchange.apply(event));
        let all = events.len() as u64 + u64::from(is_decided);
        assert_eq!(TAKEN.get(), before + all, "{command:?} left the lane: {events:?}");
        kinds.extend(events.iter().map(|event| match &event.body {
            Body::Accepted(_) => "accepted",
            Body::Arrived(_) => "arrived",
            Body::Filled(_) => "filled",
            Body::Amended(_) => "amended",
            Body::Ended(_) => "ended",
            Body::Cancelled(_) => "cancelled",
            _ => "another",
        }));
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["accepted", "amended", "arrived", "cancelled", "ended", "filled"]
    );
}
