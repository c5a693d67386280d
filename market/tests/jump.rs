//! A jump of the clock gives what waiting would have given: whoever waits for a price gets it when that is there.

use std::ops::Range;

use tradepit_engine::{
    Asked, AskedQuote, AskedRow, AskedStop, Awaited, Body, Class, Clearing, Command, Decimal, Event, Exchange, Hours,
    House, Instrument, Listing, Moves, Moving, OrderId, Quantity, Quoting, Rules, Side, Submit, Symbol, Time,
    TimeInForce, Touch, begin_of_step,
};
use tradepit_kit::Dice;
use tradepit_market::{Market, Preset, Simulated};

/// A step in November 2026.
const NOW: u64 = 17_957_000_000;

const SYMBOLS: [&str; 3] = ["EURUSD", "AAPL", "BTC/USD"];
const HOUR: u64 = 36_000;

/// The same market, where what is waited for is looked for step by step.
#[derive(Debug)]
struct Walked(Market);

impl Moves for Walked {
    fn touch(&self, step: u64) -> Touch {
        self.0.touch(step)
    }

    fn house(&self, step: u64) -> House {
        Moves::house(&self.0, step)
    }

    fn first_reached(&self, awaited: &Awaited, steps: Range<u64>) -> Option<u64> {
        // Nothing here lasts longer.
        (steps.start..NOW + 2 * HOUR).find(|&step| awaited.is_reached(self.0.touch(step)))
    }
}

fn searched(seed: u64) -> Moving {
    Simulated { seed, preset: Preset::Volatile }.moving()
}

fn walked(seed: u64) -> Moving {
    Moving { seed, of: |seed, instrument| Box::new(Walked(Market::of(seed, Preset::Volatile, instrument))) }
}

struct World {
    exchange: Exchange,
    events: Vec<Event>,
}

impl World {
    fn begin(moving: Moving) -> World {
        let rules = Rules { quoting: Quoting::Moving(moving), ..Rules::default() };
        World { exchange: Exchange::with_rules(usize::MAX, rules), events: Vec::new() }
    }

    fn obey(&mut self, now: Time, command: &Command) -> usize {
        // What is refused in one world is in the other.
        let told = self.exchange.decide(now, command).unwrap_or_default();
        told.iter().for_each(|event| self.exchange.apply(event));
        let count = told.len();
        self.events.extend(told);
        count
    }

    /// All that is due by then happens.
    fn wait_until(&mut self, now: Time) {
        while self.exchange.next_due().is_some_and(|due| due <= now) && self.obey(now, &Command::ExecuteDue) > 0 {}
    }

    fn instrument(&self, symbol: Symbol) -> &Instrument {
        self.exchange.instrument(symbol).expect("it is built in")
    }
}

/// An order about where the market is: a limit, a stop, or one that trails.
fn some_order(dice: &mut Dice, world: &World, seed: u64, number: u64) -> Command {
    let symbol = Symbol::new(SYMBOLS[dice.below(3) as usize]).expect("a symbol");
    let instrument = world.instrument(symbol);
    let Touch { bid, .. } = Market::of(seed, Preset::Volatile, instrument).touch(NOW);
    let side = if dice.below(2) == 0 { Side::Buy } else { Side::Sell };
    let around = instrument.price(bid - bid / 400 + dice.below(bid / 200));
    let (limit_price, stop) = match dice.below(8) {
        0 => (None, Some(AskedStop::At(around))),
        1 => (Some(around), Some(AskedStop::At(around))),
        2 => (None, Some(AskedStop::Behind(instrument.price(1 + dice.below(bid / 400))))),
        3 => (None, None),
        _ => (Some(around), None),
    };
    let quantity = Quantity::new(1 + dice.below(2_000)).expect("in range");
    let qty = Decimal::parse(&quantity.get().to_string()).expect("a number");
    let asked = Asked {
        account: Clearing::DEFAULT,
        side,
        limit_price,
        stop,
        time_in_force: if dice.below(5) == 0 { TimeInForce::Day } else { TimeInForce::GoodTillCancelled },
        post_only: false,
        qty,
        notional: None,
    };
    let delay_us = dice.below(5_000_000);
    let id = OrderId(u128::from(number).to_be_bytes());
    Command::Submit(Submit { id, symbol, quantity, delay_us, origin: None, asked: Some(asked) })
}

fn place_some(world: &mut World, seed: u64, count: u64) {
    let mut dice = Dice::seeded(seed);
    for number in 0..count {
        let command = some_order(&mut dice, world, seed, number);
        let at = Time(begin_of_step(NOW).0 + number.cast_signed() * 1_000);
        world.wait_until(at);
        world.obey(at, &command);
    }
}

#[test]
fn a_jump_of_an_hour_gives_what_waiting_would_have_given() {
    let (mut fills, mut triggers, mut followed) = (0, 0, 0);
    for seed in 0..6 {
        let [mut jumps, mut waits, mut walks] = [searched(seed), searched(seed), walked(seed)].map(World::begin);
        for world in [&mut jumps, &mut waits, &mut walks] {
            place_some(world, seed, 120);
        }
        jumps.wait_until(begin_of_step(NOW + HOUR));
        for step in NOW..=NOW + HOUR {
            waits.wait_until(begin_of_step(step));
            walks.wait_until(begin_of_step(step));
        }
        assert!(jumps.events == waits.events, "seed {seed}: {:?}", differ(&jumps, &waits));
        assert!(walks.events == waits.events, "seed {seed}: {:?}", differ(&walks, &waits));
        for event in &jumps.events {
            match &event.body {
                Body::Filled(filled) => fills += usize::from(filled.is_maker),
                Body::Triggered(_) => triggers += 1,
                Body::Followed(_) => followed += 1,
                _ => {}
            }
        }
    }
    assert!(fills > 60 && triggers > 60 && followed > 200, "{fills} fills, {triggers} triggers, {followed} followed");
}

/// The first of what one has and the other has not.
fn differ<'a>(one: &'a World, other: &'a World) -> Option<(&'a Event, &'a Event)> {
    one.events.iter().zip(&other.events).find(|(one, other)| one != other)
}

#[test]
fn a_year_with_a_thousand_resting_orders_passes() {
    let seed = 9;
    let mut world = World::begin(searched(seed));
    place_some(&mut world, seed, 1_000);
    let year = Time(begin_of_step(NOW).0 + 365 * 86_400_000_000);
    world.wait_until(year);
    assert!(world.exchange.next_due().is_none_or(|due| due > year));
    assert!(world.events.iter().is_sorted_by_key(|event| event.at));
}

#[test]
fn what_rests_meets_the_house_in_its_hours_only() {
    let rules = Rules { quoting: Quoting::Moving(searched(4)), ..Rules::default() };
    let (listings, equity_hours) = (rules.listings.clone(), Hours::Nyse);
    let of_shares = |mut listing: Listing| {
        if listing.class == Class::Equity {
            listing.hours = equity_hours;
        }
        listing
    };
    let listings = listings.into_iter().map(of_shares).collect();
    let exchange = Exchange::with_rules(usize::MAX, Rules { listings, equity_hours, ..rules });
    let mut world = World { exchange, events: Vec::new() };
    place_some(&mut world, 4, 300);
    world.wait_until(Time(begin_of_step(NOW).0 + 30 * 86_400_000_000));
    let apple = Symbol::new("AAPL").expect("a symbol");
    let is_its = |event: &&Event| matches!(&event.body, Body::Filled(filled) if filled.order.symbol == apple);
    let times: Vec<Time> = world.events.iter().filter(is_its).map(|event| event.at).collect();
    assert!(times.len() > 20, "{} fills", times.len());
    assert!(times.iter().all(|at| equity_hours.is_open(*at)));
}

#[test]
fn a_jump_over_rows_of_quotes_gives_what_waiting_would_have_given() {
    let mut fills = 0;
    for (seed, quoting) in [Quoting::Frozen, Quoting::Moving(searched(2)), Quoting::Nobody].into_iter().enumerate() {
        let seed = seed as u64 + 1;
        let of = || {
            let rules = Rules { quoting, ..Rules::default() };
            World { exchange: Exchange::with_rules(usize::MAX, rules), events: Vec::new() }
        };
        let [mut jumps, mut waits] = [of(), of()];
        for world in [&mut jumps, &mut waits] {
            place_some(world, seed, 100);
            append_rows(world, seed);
        }
        let end = begin_of_step(NOW + 20 * 60 * 10);
        jumps.wait_until(end);
        let mut now = begin_of_step(NOW);
        while now < end {
            // Now and then, at any moment.
            now = Time(now.0 + 37_000);
            waits.wait_until(now.min(end));
        }
        assert!(jumps.events == waits.events, "seed {seed}: {:?}", differ(&jumps, &waits));
        let is_fill = |event: &&Event| matches!(&event.body, Body::Filled(filled) if filled.is_maker);
        fills += jumps.events.iter().filter(is_fill).count();
    }
    assert!(fills > 50, "{fills} fills");
}

/// A quote a second or so for the next quarter of an hour, from the tenth second on, in the euro.
fn append_rows(world: &mut World, seed: u64) {
    let mut dice = Dice::seeded(seed);
    let symbol = Symbol::new("EURUSD").expect("a symbol");
    let instrument = world.instrument(symbol);
    let (mut bid, mut at) = (instrument.reference_ticks(), begin_of_step(NOW + 100).0);
    let mut rows = Vec::new();
    for _ in 0..900 {
        bid = bid + dice.below(61) - 30;
        at += 1 + dice.below(2_000_000) as i64;
        let (bid, ask) = (instrument.price(bid), instrument.price(bid + 1 + dice.below(9)));
        let size = Some(Decimal::parse(&(100 + dice.below(5_000)).to_string()).expect("a number"));
        rows.push(AskedRow { at: Time(at), quote: AskedQuote { bid, ask, bid_size: size, ask_size: size } });
    }
    let command = Command::AppendRows { symbol, rows };
    assert_eq!(world.obey(begin_of_step(NOW + 2), &command), 1);
}
