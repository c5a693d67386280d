//! Random lives: whatever is asked, these hold after every event.

use std::collections::BTreeMap;

use tradepit_engine::{
    Amendment, Asked, AskedStop, Body, Clearing, Command, Exchange, Number, Order, OrderId, Quoting, Rules, Side,
    Submit, Symbol, Time, TimeInForce, Waits,
};
use tradepit_kit::Dice;

use crate::door::{World, number, rounded_up, symbol};

const SYMBOLS: [&str; 3] = ["EURUSD", "AAPL", "BTC/USD"];

#[test]
fn whatever_is_asked_nothing_is_created_or_lost_and_no_book_is_crossed_invariants_5_and_9() {
    for seed in 0..12 {
        let quoting = if seed % 3 == 0 { Quoting::Nobody } else { Quoting::Frozen };
        let mut world = World::begin(Rules { quoting, ..Rules::default() });
        let mut dice = Dice::seeded(seed);
        for step in 0..600 {
            world.now = Time(world.now.0 + dice.below(60_000) as i64);
            let command = command(&mut dice, &world);
            let before = world.record.len();
            world.decide(&command);
            world.decide(&Command::ExecuteDue);
            look(&world, before, &format!("seed {seed}, step {step}: {command:?}"));
            if step % 100 == 99 {
                assert_eq!(world.reads(&world.replayed()), world.reads(&world.exchange), "seed {seed}, step {step}");
                go_on_from_a_store(&mut world, &format!("seed {seed}, step {step}"));
            }
        }
        let kinds = world.record.iter().filter(|event| matches!(event.body, Body::Filled(_))).count();
        assert!(kinds > 50, "seed {seed} traded only {kinds} times");
    }
}

fn command(dice: &mut Dice, world: &World) -> Command {
    if dice.once_in(5) {
        let newest = world.exchange.last_number().0 + 1;
        return Command::Cancel { accepted_number: Number(dice.below(newest)) };
    }
    if dice.once_in(5) {
        return amendment(dice, world);
    }
    let text = dice.of(&SYMBOLS);
    let instrument = world.exchange.instrument(symbol(text)).expect("it is built in");
    let qty = instrument.lot().times(1 + u128::from(dice.below(20_u64))).expect("a quantity");
    let qty = if text == "AAPL" { number(dice.of(&["1", "2.5", "7", "0.000000001"])) } else { qty };
    let limit_price = (!dice.once_in(4)).then(|| {
        let ticks = instrument.reference_ticks() - 6 + dice.below(12_u64);
        instrument.price(ticks)
    });
    let stop = dice.once_in(4).then(|| match dice.below(3) {
        0 => AskedStop::Behind(instrument.price(1 + dice.below(4_u64))),
        1 => AskedStop::BehindPercent(number(dice.of(&["0.0005", "0.01", "2"]))),
        _ => AskedStop::At(instrument.price(instrument.reference_ticks() - 6 + dice.below(12_u64))),
    });
    let limit_price = limit_price.filter(|_| matches!(stop, None | Some(AskedStop::At(_))));
    let asked = Asked {
        account: Clearing::DEFAULT,
        side: dice.of(&[Side::Buy, Side::Sell]),
        limit_price,
        stop,
        time_in_force: match dice.below(8) {
            0 => TimeInForce::ImmediateOrCancel,
            1 => TimeInForce::FillOrKill,
            2 => TimeInForce::Day,
            _ => TimeInForce::GoodTillCancelled,
        },
        post_only: limit_price.is_some() && stop.is_none() && dice.once_in(10),
        qty,
        notional: None,
    };
    let asked = (!dice.once_in(6)).then_some(asked);
    let quantity = rounded_up(if asked.is_some() { qty } else { number("3") });
    let (id, delay_us) = (OrderId(u128::from(dice.number()).to_be_bytes()), dice.below(150_000));
    Command::Submit(Submit { id, symbol: symbol(text), quantity, delay_us, origin: None, asked })
}

/// Of an order that is open, mostly.
fn amendment(dice: &mut Dice, world: &World) -> Command {
    let open = world.exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed());
    let open: Vec<Order> = open.collect();
    let Some(order) = (!open.is_empty()).then(|| dice.of(&open)) else { return Command::ExecuteDue };
    let instrument = world.exchange.instrument(order.symbol).expect("it is listed");
    let lots = instrument.lot().times(1 + u128::from(dice.below(25_u64))).expect("a quantity");
    let qty = dice.once_in(2).then_some(lots);
    let ticks = instrument.reference_ticks() - 6 + dice.below(12_u64);
    let has_limit = order.rich.as_ref().is_some_and(|rich| rich.terms.limit_ticks().is_some());
    let limit_price = (has_limit && dice.once_in(2)).then(|| instrument.price(ticks));
    let time_in_force = dice.once_in(4).then(|| dice.of(&[TimeInForce::Day, TimeInForce::GoodTillCancelled]));
    let waits = order.rich.as_ref().and_then(|rich| rich.terms.order_type.waits());
    let stop = waits.filter(|_| dice.once_in(2)).map(|waits| match waits {
        Waits::At(_) => AskedStop::At(instrument.price(ticks)),
        Waits::Behind(_) => AskedStop::Behind(instrument.price(1 + dice.below(4_u64))),
    });
    let amendment = Amendment { qty, limit_price, stop, time_in_force };
    Command::Amend { accepted_number: order.accepted_number, amendment, quantity: qty.map(rounded_up) }
}

/// What must hold, `since` this event.
fn look(world: &World, since: usize, what: &str) {
    let (exchange, ledger) = (&world.exchange, world.exchange.ledger());
    let (mut cash, mut lots) = (BTreeMap::new(), BTreeMap::new());
    for account in 0..ledger.len() {
        let holdings = ledger.holdings(account as u32).expect("it is there");
        holdings.cash.iter().for_each(|(code, amount)| *cash.entry(*code).or_insert(0) += amount.0);
        holdings.positions.iter().for_each(|(number, own)| *lots.entry(*number).or_insert(0) += own.lots);
    }
    assert!(cash.values().chain(lots.values()).all(|sum| *sum == 0), "{what}: {cash:?} {lots:?}");
    for text in SYMBOLS {
        let best = |side| exchange.levels(symbol(text), side).next().map(|level| level.price);
        if let (Some(bid), Some(ask)) = (best(Side::Buy), best(Side::Sell)) {
            assert!(bid < ask, "{what}: {text} is crossed: {bid} {ask}");
        }
        let resting = |side| exchange.levels(symbol(text), side).map(|level| level.total).sum::<u128>();
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(resting(side), left(exchange, symbol(text), side), "{what}: {text} {side:?}");
        }
    }
    for event in &world.record[since..] {
        if let Body::Filled(filled) = &event.body {
            // An order that was amended since asks for another price now.
            let order = exchange.order(filled.order.accepted_number);
            let order = order.filter(|order| order.rich.as_ref().is_some_and(|rich| rich.first.is_none()));
            let limit = order.and_then(|order| limit(&order));
            let is_beyond = |limit| match filled.side {
                Side::Buy => filled.ticks > limit,
                Side::Sell => filled.ticks < limit,
            };
            assert!(!limit.is_some_and(is_beyond), "{what}: {event:?}");
        }
    }
}

fn limit(order: &Order) -> Option<u64> {
    order.rich.as_ref()?.terms.limit_ticks()
}

/// How much is left of the open orders of one side that have arrived.
fn left(exchange: &Exchange, symbol: Symbol, side: Side) -> u128 {
    let open = exchange.orders_after(Number(0)).filter(|order| order.symbol == symbol && !order.state.is_closed());
    open.filter_map(|order| {
        let rich = order.rich?;
        let waits = rich.terms.order_type.waits().is_some() && !rich.progress.triggered;
        let is_here = rich.terms.side == side && rich.progress.arrived_at.is_some() && !waits;
        is_here.then(|| rich.terms.lots - rich.progress.filled)
    })
    .sum()
}

/// An exchange that goes on from the open orders and the accounts as a store has them stands where this one does.
fn go_on_from_a_store(world: &mut World, what: &str) {
    let open: Vec<Order> = world.exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed()).collect();
    let mut sorted = open.clone();
    sorted.sort_by_key(|order| order.rich.as_ref().and_then(|rich| rich.progress.line));
    let mut resumed = Exchange::with_rules(1_000, world.rules.clone());
    sorted.iter().for_each(|order| resumed.restore(order));
    assert_eq!(resumed.orders_after(Number(0)).collect::<Vec<_>>(), open, "{what}");
    assert_eq!(resumed.next_due(), world.exchange.next_due(), "{what}");
    for text in SYMBOLS {
        for side in [Side::Buy, Side::Sell] {
            let levels = |exchange: &Exchange| exchange.levels(symbol(text), side).collect::<Vec<_>>();
            assert_eq!(levels(&resumed), levels(&world.exchange), "{what}");
        }
    }
    let mut clearing = Clearing::of(&Rules::default().listings);
    world.record.iter().for_each(|event| clearing.apply(event));
    assert_eq!(clearing.ledger(), world.exchange.ledger(), "{what}");
}
