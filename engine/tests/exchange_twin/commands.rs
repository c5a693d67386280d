//! The commands of a life, drawn from a seed and from how the twin stands.

use std::sync::Arc;

use tradepit_engine::{
    Amendment, Asked, AskedQuote, AskedStop, Command, Decimal, Listing, Money, Number, OrderId, Origin, Quantity,
    Replace, Side, Submit, SubmitGroup, Symbol, Time, TimeInForce,
};
use tradepit_kit::{Dice, label, symbol};

use crate::market::{Market, times};
use crate::naive::hours::next_change;
use crate::naive::{Entry, Naive};
use crate::worlds::World;

const DAY_US: i64 = 86_400_000_000;

/// Draws one command after the other.
pub(crate) struct Drawing {
    pub(crate) world: World,
    /// What is listed at first.
    markets: Vec<Market>,
    pub(crate) dice: Dice,
    now: i64,
    /// What was submitted last: some of it is sent again.
    sent: Vec<Submit>,
    /// What was to be placed last in place of another order, under a name.
    replaced: Option<Replace>,
    /// The last order that has legs.
    pub(crate) grouped: Option<SubmitGroup>,
    /// Whether what is due is being executed.
    executes: bool,
}

impl Drawing {
    pub(crate) fn of(world: World) -> Drawing {
        let markets = world.rules().listings.iter().map(Market::of).collect();
        Drawing {
            world,
            markets,
            dice: Dice::seeded(world.seed),
            now: 1_000_000_000_000,
            sent: Vec::new(),
            replaced: None,
            grouped: None,
            executes: false,
        }
    }

    pub(crate) fn next(&mut self, twin: &Naive) -> (Time, Command) {
        // Once it begins, it mostly goes on as long as something is due.
        let is_due = twin.next_due().is_some_and(|due_at| due_at.0 <= self.now);
        if self.executes && is_due && (self.world.has_hours || !self.dice.once_in(20)) {
            return (Time(self.now), Command::ExecuteDue);
        }
        self.now += self.step_us();
        // Where there are sessions, what is due by then is done before anything else.
        if self.world.has_hours && twin.next_due().is_some_and(|due_at| due_at.0 <= self.now) {
            self.executes = true;
            return (Time(self.now), Command::ExecuteDue);
        }
        let moves = self.moves(twin);
        let command = match self.dice.below(20) {
            _ if let Some(moves) = moves => moves,
            _ if self.halts() => self.change(twin),
            _ if self.quotes() => self.quote(),
            _ if self.dice.once_in(self.world.executes_once_in) => Command::ExecuteDue,
            draw if draw < self.world.cancels => Command::Cancel { accepted_number: self.number(twin) },
            draw if draw < self.world.cancels + self.world.amends => self.amendment(twin),
            draw if draw < self.world.cancels + self.world.amends + self.world.replaces => self.replacement(twin),
            _ if self.world.acts_once_in > 0 && self.dice.once_in(self.world.acts_once_in) => self.act(twin),
            _ => {
                let submit = self.submit(twin);
                self.with_legs(submit)
            }
        };
        self.executes = command == Command::ExecuteDue;
        (Time(self.now), command)
    }

    /// Mostly none or little, at times some steps of the market, seldom days, and backwards too.
    fn step_us(&mut self) -> i64 {
        if self.dice.once_in(self.world.days_once_in) {
            if self.world.has_hours {
                // To the very moment when a session begins or ends, or about.
                return next_change(self.now) - self.now + self.dice.of(&[-1, 0, 0, 0, 1, 1_000_000]);
            }
            // Often to the very moment when a day ends.
            let midnight = (self.now.div_euclid(DAY_US) + 1) * DAY_US - self.now;
            return midnight + self.dice.of(&[-1, 0, 0, 1, DAY_US, DAY_US / 2]);
        }
        match self.dice.below(10) {
            0..5 => 0,
            5..8 => self.dice.below(3_000),
            8 => self.dice.below(150_000),
            _ => -self.dice.below(20_000_i64),
        }
    }

    /// Of an order that is open, mostly; else of one that may be held, or never was.
    pub(crate) fn number(&mut self, twin: &Naive) -> Number {
        match self.entry(twin) {
            Some(entry) if !self.dice.once_in(6) => Number(entry.accepted),
            _ if self.dice.once_in(2) && !twin.orders.is_empty() => Number(self.dice.of(&twin.orders).accepted),
            _ => Number((twin.last_number + 2).saturating_sub(self.dice.below(60_u64))),
        }
    }

    fn entry<'a>(&mut self, twin: &'a Naive) -> Option<&'a Entry> {
        let mut open: Vec<&Entry> = twin.orders.iter().filter(|entry| entry.is_open()).collect();
        // Half of the time one that has traded, where there is one.
        if self.dice.once_in(2) && open.iter().any(|entry| entry.filled > 0) {
            open.retain(|entry| entry.filled > 0);
        }
        (!open.is_empty()).then(|| self.dice.of(&open))
    }

    fn submit(&mut self, twin: &Naive) -> Submit {
        let id = OrderId(u128::from(self.dice.number()).to_be_bytes());
        if self.world.names > 0 && self.dice.once_in(12) && !self.sent.is_empty() {
            // The same request again.
            return Submit { id, ..self.dice.of(&self.sent) };
        }
        let is_unknown = self.dice.once_in(25);
        let unknown = ["NOBODY", "KNOWS", "ANY.OF/THESE"];
        let text = if is_unknown { self.dice.of(&unknown) } else { self.dice.of(self.world.symbols) };
        let symbol = symbol(text);
        let market = self.market(symbol);
        let is_native = self.dice.once_in(self.world.native_once_in);
        let (asked, quantity) = match self.sweeps(twin) {
            true if self.dice.once_in(4) => (None, rounded_up(times(market.lot, self.much()))),
            false if is_native => (None, self.whole()),
            sweeps => {
                let asked = self.asked(&market, sweeps);
                (Some(asked), if asked.notional.is_some() { Quantity::ONE } else { rounded_up(asked.qty) })
            }
        };
        let submit = Submit { id, symbol, quantity, delay_us: self.delay_us(), origin: self.origin(), asked };
        self.sent.push(submit.clone());
        if self.sent.len() > 8 {
            self.sent.remove(0);
        }
        submit
    }

    pub(crate) fn market(&self, symbol: Symbol) -> Market {
        let known = self.markets.iter().find(|market| market.symbol == symbol);
        known.cloned().unwrap_or_else(|| Market::of(&Listing::of_unknown(symbol)))
    }

    fn sweeps(&mut self, twin: &Naive) -> bool {
        let World { sweeps_once_in, sweeps_beyond, .. } = self.world;
        let draws = sweeps_once_in > 0 && self.dice.once_in(sweeps_once_in);
        draws && twin.orders.iter().filter(|entry| entry.rests()).count() >= sweeps_beyond
    }

    /// More than all that rests, or about as much.
    fn much(&mut self) -> u128 {
        280 * u128::from(self.world.lots) + u128::from(self.dice.below(200_u64))
    }

    /// A price that is far better for whoever is on the other side.
    fn far(market: &Market, side: Side) -> Decimal {
        let reference = u128::from(market.reference_ticks);
        let ticks = if side == Side::Buy { reference + 100 } else { reference.saturating_sub(100).max(1) };
        times(market.tick, ticks.min(100 * reference))
    }

    fn asked(&mut self, market: &Market, sweeps: bool) -> Asked {
        let (account, side) = (self.account(), self.dice.of(&[Side::Buy, Side::Sell]));
        let stop = if sweeps { None } else { self.stop(market, side) };
        let has_none = self.dice.once_in(if self.world.apart { 60 } else { 5 });
        let mut limit_price = (!has_none).then(|| self.price(market, side));
        let mut qty = self.qty(market);
        if sweeps {
            limit_price = (!self.dice.once_in(4)).then(|| Drawing::far(market, side));
            qty = times(market.lot, self.much().min(market.most));
        }
        let time_in_force = self.time_in_force();
        let at_once = matches!(time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill);
        let post_only = limit_price.is_some() && stop.is_none() && !at_once && !sweeps && self.dice.once_in(4);
        if !matches!(stop, None | Some(AskedStop::At(_))) {
            limit_price = None;
        }
        let asked = Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional: None };
        if sweeps || self.world.sweeps_once_in > 0 || !self.dice.once_in(12) {
            asked
        } else {
            self.for_a_sum(market, asked)
        }
    }

    /// The same for a sum of money in place of a quantity: about what it comes to at the reference price.
    fn for_a_sum(&mut self, market: &Market, asked: Asked) -> Asked {
        let lots = Market::count(asked.qty, market.lot).map_or(1, i128::unsigned_abs);
        let about = market.worth(market.reference_ticks, lots).unwrap_or(1);
        let sum = Money(about - about / 7 + i128::from(self.dice.below(3_000_000_u64)));
        let (limit_price, stop, qty) = (None, None, Decimal::ZERO);
        Asked { limit_price, stop, post_only: false, qty, notional: Some(sum), ..asked }
    }

    fn time_in_force(&mut self) -> TimeInForce {
        match self.dice.below(10) {
            0 => TimeInForce::ImmediateOrCancel,
            1 => TimeInForce::FillOrKill,
            2 | 3 => TimeInForce::Day,
            _ => TimeInForce::GoodTillCancelled,
        }
    }

    fn quotes(&mut self) -> bool {
        self.world.quotes_once_in > 0 && self.dice.once_in(self.world.quotes_once_in)
    }

    /// A quote near the reference price, at times one that has a fault, or that nobody can be given.
    fn quote(&mut self) -> Command {
        let named = self.dice.of(self.world.symbols);
        let named = if self.dice.once_in(20) { "NOBODY" } else { named };
        let market = self.market(symbol(named));
        let (reference, spread) = (u128::from(market.reference_ticks), self.world.spread);
        let mut price = |market: &Market| match self.dice.below(6) {
            0 => self.price(market, Side::Sell),
            _ => {
                let ticks = reference + u128::from(self.dice.below(2 * spread + 1));
                times(market.tick, ticks.saturating_sub(spread.into()).max(1))
            }
        };
        let (one, other) = (price(&market), price(&market));
        // Mostly the right way round.
        let is_right = (one.units(13) <= other.units(13)) != self.dice.once_in(10);
        let (bid, ask) = if is_right { (one, other) } else { (other, one) };
        let mut size = || (!self.dice.once_in(3)).then(|| self.qty(&market));
        let (bid_size, ask_size) = (size(), size());
        let quote = (!self.dice.once_in(4)).then_some(AskedQuote { bid, ask, bid_size, ask_size });
        Command::Quote { symbol: symbol(named), quote }
    }

    /// Near the reference price, seldom at a limit, beyond it, or between two ticks.
    pub(crate) fn price(&mut self, market: &Market, side: Side) -> Decimal {
        let reference = u128::from(market.reference_ticks);
        match self.dice.below(80) {
            0 => Decimal::ZERO,
            1 => times(market.tick, 100 * reference + u128::from(self.dice.below(2_u64))),
            2 => Decimal::new(market.tick * 2 + 5, 13).expect("it is short"),
            3 => times(market.tick, 1),
            _ => {
                let World { spread, apart, .. } = self.world;
                let away = u128::from(self.dice.below(spread + 1));
                let is_above = if apart { side == Side::Sell } else { self.dice.once_in(2) };
                let ticks =
                    if is_above { reference + away } else { reference.saturating_sub(away + u128::from(apart)) };
                times(market.tick, ticks.max(1))
            }
        }
    }

    /// A few lots, seldom as many as are allowed, one more, one less than the least, or a part of one.
    fn qty(&mut self, market: &Market) -> Decimal {
        match self.dice.below(60) {
            // Where hundreds of small ones are to rest, one such would be met by all.
            0 if !self.world.apart => times(market.lot, market.most),
            1 => times(market.lot, market.most + 1),
            2 => times(market.lot, market.least - 1),
            3 => Decimal::new(market.lot * 10 + 1, 13).expect("it is short"),
            4 => times(market.lot, market.least),
            // Whole ones: what comes out as a native order among them.
            5..10 => Decimal::new(1 + self.dice.below(4_i64) as i128, 0).expect("it is short"),
            _ => times(market.lot, market.least + u128::from(self.dice.below(self.world.lots))),
        }
    }

    fn whole(&mut self) -> Quantity {
        if self.world.native_bits == 53 && self.dice.once_in(3) {
            return Quantity::new(Quantity::MAX - self.dice.below(3)).expect("in range");
        }
        let bits = self.dice.below(self.world.native_bits + 1);
        Quantity::new(1 + self.dice.below((1_u64 << bits).min(Quantity::MAX))).expect("in range")
    }

    /// None, short ones, some on a coarse grid so that many fall due at once, over midnight, and beyond all time.
    fn delay_us(&mut self) -> u64 {
        match self.dice.below(40) {
            0..16 => 0,
            16..26 => 1_000 * self.dice.below(10_u64),
            26..36 => self.dice.below(100_000),
            36 | 37 => self.dice.below(2 * DAY_US.unsigned_abs()),
            38 if self.world.has_hours => {
                let change = next_change(self.now) - self.now;
                (change + self.dice.of(&[-1, 0, 1, 3_600_000_000])).unsigned_abs()
            }
            38 => {
                let midnight = (self.now.div_euclid(DAY_US) + 1) * DAY_US - self.now;
                midnight.unsigned_abs() - self.dice.below(2_u64)
            }
            _ if self.dice.once_in(10) && !self.world.has_hours => u64::MAX,
            _ => 0,
        }
    }

    fn origin(&mut self) -> Option<Arc<Origin>> {
        let mut name = || {
            let named = self.world.names > 0 && self.dice.once_in(3);
            named.then(|| label(&format!("k{}", self.dice.below(self.world.names))))
        };
        Origin::new(name(), name())
    }

    fn amendment(&mut self, twin: &Naive) -> Command {
        let accepted_number = self.number(twin);
        let entry = twin.find(accepted_number).map(|place| &twin.orders[place]);
        let (market, filled) = match entry {
            Some(entry) => (self.market(entry.symbol), entry.filled),
            None => (self.market(symbol("EURUSD")), 0),
        };
        let has_limit = entry.is_some_and(Entry::has_limit);
        let mut qty = self.dice.once_in(2).then(|| match self.dice.below(6) {
            0 => times(market.lot, filled + u128::from(self.dice.below(2_u64))),
            1 => entry.map_or(Decimal::ONE, |entry| times(market.lot, entry.terms.lots)),
            _ => self.qty(&market),
        });
        let asks_price = if has_limit { self.dice.once_in(2) } else { self.dice.once_in(15) };
        let side = entry.map_or(Side::Buy, |entry| entry.terms.side);
        let mut limit_price = asks_price.then(|| self.price(&market, side));
        let time_in_force = self.dice.once_in(4).then(|| self.time_in_force());
        let stop = entry.and_then(|entry| self.other_stop(&market, entry));
        if has_limit && self.sweeps(twin) {
            limit_price = Some(Drawing::far(&market, side));
            qty = Some(times(market.lot, self.much().min(market.most)));
        }
        // How much in all is at least one.
        let quantity = qty.map(rounded_up);
        Command::Amend { accepted_number, amendment: Amendment { qty, limit_price, stop, time_in_force }, quantity }
    }
}

impl Drawing {
    /// An order in place of another one, which mostly asks for something else; at times the same request again.
    fn replacement(&mut self, twin: &Naive) -> Command {
        let id = OrderId(u128::from(self.dice.number()).to_be_bytes());
        if let Some(again) = self.replaced.clone().filter(|_| self.dice.once_in(8)) {
            return Command::Replace(Replace { id, ..again });
        }
        let Command::Amend { accepted_number, amendment, quantity } = self.amendment(twin) else {
            unreachable!("it is one");
        };
        let replace = Replace { accepted_number, id, amendment, quantity, origin: self.origin() };
        self.replaced = replace.origin.is_some().then(|| replace.clone()).or(self.replaced.take());
        Command::Replace(replace)
    }
}

/// The least whole quantity that is not less; where there is none, the instrument allows it no more.
fn rounded_up(qty: Decimal) -> Quantity {
    Quantity::new(u64::try_from(qty.ceiling()).expect("no sign").clamp(1, Quantity::MAX)).expect("in range")
}
