//! Random lives of several accounts: after every event nothing is created or lost, and whatever an account may still
//! take on is what a plain count of its orders leaves.

use std::collections::BTreeMap;

use tradepit_engine::{
    AccountKind, AccountNumber, AccountStanding, Amendment, Asked, AskedStop, Body, Clearing, Command, Ending,
    Exchange, Instrument, Listing, Money, Number, Offered, Order, OrderId, PositionStanding, Quoting, Rejection, Rules,
    Side, Submit, Time, TimeInForce, Transferred, Waits,
};
use tradepit_kit::Dice;

use crate::door::{World, number, open, rounded_up, symbol};

const SYMBOLS: [&str; 3] = ["EURUSD", "AAPL", "BTC/USD"];
const ACCOUNTS: [(&str, &str, &[&str]); 4] = [
    ("alice", "margin", &["leverage", "1.5"]),
    ("bob", "margin", &["self", "cancel_oldest"]),
    ("carol", "spot", &["self", "cancel_both"]),
    ("dave", "spot", &["self", "allow"]),
];

#[test]
fn what_accounts_may_take_on_is_what_a_plain_count_leaves_invariant_9() {
    let (mut refused, mut met, mut unpaid) = (0, 0, 0);
    for seed in 0..8 {
        let quoting = if seed % 2 == 0 { Quoting::Nobody } else { Quoting::Frozen };
        let fee = |listing: Listing| match seed % 4 {
            0 | 1 => listing,
            _ => Listing { maker_fee: number("0.0005"), taker_fee: number("0.002"), ..listing },
        };
        let rules = Rules::default();
        let listings = rules.listings.iter().map(|listing| fee(*listing)).collect();
        let mut world = World::begin(Rules { quoting, listings, ..rules });
        for (id, kind, words) in ACCOUNTS {
            world.decide(&Command::OpenAccount(open(id, kind, ("3000", "USD"), words)));
        }
        let mut dice = Dice::seeded(seed);
        for step in 0..500 {
            world.now = Time(world.now.0 + dice.below(60_000) as i64);
            let command = command(&mut dice, &world);
            let what = format!("seed {seed}, step {step}: {command:?}");
            refused += i32::from(obey(&mut world, &command, &what) == Some(Rejection::InsufficientBuyingPower));
            while obey(&mut world, &Command::ExecuteDue, &what).is_none() && is_due(&world) {}
            if step % 100 == 99 {
                goes_on_from_a_store(&world, &what);
            }
        }
        let ended = |ending| {
            let is_it = |body: &Body| matches!(body, Body::Ended(ended) if ended.ending == ending);
            world.record.iter().filter(|event| is_it(&event.body)).count()
        };
        met += ended(Ending::SelfTrade);
        unpaid += ended(Ending::InsufficientBuyingPower);
    }
    assert!(refused > 100 && met > 20 && unpaid > 3, "{refused} refused, {met} met themselves, {unpaid} unpaid");
}

fn is_due(world: &World) -> bool {
    world.exchange.next_due().is_some_and(|due_at| due_at <= world.now)
}

/// Looks after every single event.
fn obey(world: &mut World, command: &Command, what: &str) -> Option<Rejection> {
    let events = match world.exchange.decide(world.now, command) {
        Ok(events) => events,
        Err(rejection) => return Some(rejection),
    };
    for event in events {
        world.exchange.apply(&event);
        world.record.push(event);
        nothing_is_created_or_lost(&world.exchange, what);
        for number in Clearing::DEFAULT + 1..world.exchange.ledger().len() as AccountNumber {
            let standing = world.exchange.account_standing(number, world.now).expect("it is open");
            assert_eq!(
                standing.buying_power,
                Some(plain(&world.exchange, &standing, world.now)),
                "{what}: {standing:?}"
            );
            for balance in standing.balances.iter().filter(|_| standing.account.kind == AccountKind::Spot) {
                assert!(balance.total >= Money::ZERO, "{what}: it borrowed {balance:?}");
            }
        }
    }
    None
}

fn nothing_is_created_or_lost(exchange: &Exchange, what: &str) {
    let ledger = exchange.ledger();
    let (mut sums, mut lots) = (BTreeMap::new(), BTreeMap::new());
    for holdings in (0..ledger.len()).filter_map(|account| ledger.holdings(account as AccountNumber)) {
        holdings.cash.iter().for_each(|(code, amount)| *sums.entry(*code).or_insert(0) += amount.0);
        holdings.payments.iter().for_each(|(code, own)| *sums.entry(*code).or_insert(0) -= own.paid_in.0);
        holdings.positions.iter().for_each(|(number, own)| *lots.entry(*number).or_insert(0) += own.lots);
    }
    assert!(sums.values().chain(lots.values()).all(|sum| *sum == 0), "{what}: {sums:?} {lots:?}");
}

/// What an account may still take on, from a list of its orders. All that is traded here is paid in dollars.
fn plain(exchange: &Exchange, standing: &AccountStanding, now: Time) -> Money {
    let orders: Vec<Order> = exchange.orders_after(Number(0)).collect();
    let own = orders.iter().filter(|order| order.account() == standing.number && !order.state.is_closed());
    let own: Vec<&Order> = own.collect();
    let cash = standing.balances.iter().find(|balance| balance.code == symbol("USD")).map_or(0, |usd| usd.total.0);
    let (mut equity, mut taken) = (cash, 0);
    for text in SYMBOLS {
        let number = exchange.clearing().find(symbol(text)).expect("it is listed");
        let instrument = exchange.clearing().instrument(number);
        let PositionStanding { position, market_value, .. } = exchange.position_standing(standing.number, number, now);
        let (value, offered) = (market_value.expect("it is little").0, exchange.offered(number, now, 1));
        equity += value;
        taken += value.abs();
        let worth = |side: Side| {
            let of_side = own.iter().filter(|order| order.symbol == symbol(text) && order.side() == side);
            let mut open: Vec<(i128, i128)> =
                of_side.map(|order| (twentieths(order, instrument, &offered), left(order))).collect();
            open.sort_unstable_by(|a, b| b.cmp(a));
            let all: i128 = open.iter().map(|(_, lots)| lots).sum();
            let after = if side == Side::Buy { position.lots + all } else { position.lots - all };
            let further = match standing.account.kind {
                AccountKind::Margin => (after.abs() - position.lots.abs()).max(0),
                AccountKind::Spot => all,
            };
            let counted = open.into_iter().scan(further, |rest, (price, lots)| {
                let counted = lots.min(*rest);
                *rest -= counted;
                Some(price * counted)
            });
            Money(counted.sum()).share(1, 20).expect("it is little")
        };
        let worth = match standing.account.kind {
            AccountKind::Margin => worth(Side::Buy).max(worth(Side::Sell)),
            AccountKind::Spot => worth(Side::Buy),
        };
        let needs = worth.0 + instrument.fee(worth, false).0;
        match standing.account.kind {
            AccountKind::Margin => taken += needs,
            AccountKind::Spot => taken += needs - value.abs(),
        }
    }
    match standing.account.kind {
        AccountKind::Margin => {
            let leverage = standing.account.leverage.units(1).expect("one decimal").unsigned_abs();
            Money(Money(equity).share(leverage, 10).expect("it is little").0 - taken)
        }
        AccountKind::Spot => Money(cash - taken),
    }
}

/// Twentieths of what a lot of an order comes to.
fn twentieths(order: &Order, instrument: &Instrument, offered: &Offered) -> i128 {
    let best = if order.side() == Side::Buy { &offered.asks } else { &offered.bids };
    let mark = || match (offered.bids.first(), offered.asks.first(), offered.last_ticks) {
        (Some(bid), Some(ask), _) => bid.ticks + ask.ticks,
        (_, _, last) => 2 * last.unwrap_or(instrument.reference_ticks()),
    };
    let far = best.first().map_or_else(mark, |best| 2 * best.ticks);
    let rich = order.rich.as_ref().expect("orders of these accounts are rich");
    let waits_for = || match rich.terms.order_type.waits()? {
        Waits::At(ticks) => Some(ticks),
        Waits::Behind(trail) => trail.price(order.side(), rich.progress.mark?),
    };
    match rich.terms.limit_ticks().or_else(waits_for) {
        Some(ticks) => 20 * instrument.lot_price(ticks).0,
        // What lies between two ticks is even here: a tick is an even number of units.
        None => 21 * instrument.lot_price(far).0 / 2,
    }
}

fn left(order: &Order) -> i128 {
    let rich = order.rich.as_ref().expect("orders of these accounts are rich");
    (rich.terms.lots - rich.progress.filled).cast_signed()
}

fn command(dice: &mut Dice, world: &World) -> Command {
    let account = Clearing::DEFAULT + dice.below(1 + ACCOUNTS.len() as u32);
    match dice.below(12) {
        0 => {
            let newest = world.exchange.last_number().0 + 1;
            return Command::Cancel { accepted_number: Number(dice.below(newest)) };
        }
        2 if account > Clearing::DEFAULT => {
            let amount = Money::of(number(dice.of(&["-2000", "-100", "150", "900"]))).expect("an amount");
            return Command::Transfer(Transferred { account, currency: symbol("USD"), amount });
        }
        1 | 3 => {
            let open: Vec<Order> =
                world.exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed()).collect();
            if !open.is_empty() {
                return amendment(dice, world, &dice.clone().of(&open));
            }
        }
        _ => {}
    }
    let text = dice.of(&SYMBOLS);
    let instrument = world.exchange.instrument(symbol(text)).expect("it is built in");
    let qty = number(match text {
        "EURUSD" => dice.of(&["1", "100", "700", "1500"]),
        "AAPL" => dice.of(&["0.5", "1", "3", "6.000000001"]),
        _ => dice.of(&["0.001", "0.0125", "0.03"]),
    });
    let limit_price = (!dice.once_in(3)).then(|| {
        let near = instrument.reference_ticks() - 6 + dice.below(12_u64);
        // Sometimes far away, so that marks move.
        instrument.price(if dice.once_in(3) { near * dice.of(&[7, 9, 12, 16]) / 10 } else { near })
    });
    let time_in_force = dice.of(&[
        TimeInForce::GoodTillCancelled,
        TimeInForce::GoodTillCancelled,
        TimeInForce::ImmediateOrCancel,
        TimeInForce::FillOrKill,
    ]);
    let side = dice.of(&[Side::Buy, Side::Sell]);
    let near = instrument.price(instrument.reference_ticks() - 6 + dice.below(12_u64));
    let stop = match dice.below(12) {
        0 => Some(AskedStop::At(near)),
        1 if limit_price.is_none() => Some(AskedStop::BehindPercent(number("0.05"))),
        _ => None,
    };
    let asked = Some(Asked { account, side, limit_price, stop, time_in_force, post_only: false, qty, notional: None });
    let (id, delay_us) = (OrderId(u128::from(dice.number()).to_be_bytes()), dice.below(100_000));
    Command::Submit(Submit { id, symbol: symbol(text), quantity: rounded_up(qty), delay_us, origin: None, asked })
}

fn amendment(dice: &mut Dice, world: &World, order: &Order) -> Command {
    let instrument = world.exchange.instrument(order.symbol).expect("it is listed");
    let has_limit = order.rich.as_ref().is_some_and(|rich| rich.terms.limit_ticks().is_some());
    let ticks = instrument.reference_ticks() - 6 + dice.below(12_u64);
    let limit_price = (has_limit && dice.once_in(2)).then(|| instrument.price(ticks));
    let qty = dice.once_in(2).then(|| number(dice.of(&["1", "2", "5", "300"])));
    let amendment = Amendment { qty, limit_price, stop: None, time_in_force: None };
    Command::Amend { accepted_number: order.accepted_number, amendment, quantity: qty.map(rounded_up) }
}

/// An exchange that goes on from the accounts and the open orders as a store has them stands where this one does.
fn goes_on_from_a_store(world: &World, what: &str) {
    let mut clearing = Clearing::of(&world.rules.listings);
    world.record.iter().for_each(|event| clearing.apply(event));
    assert_eq!(clearing.ledger(), world.exchange.ledger(), "{what}");
    let mut resumed = Exchange::with_rules(1_000, world.rules.clone());
    resumed.restore_accounts(clearing);
    let mut open: Vec<Order> =
        world.exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed()).collect();
    open.sort_by_key(|order| order.rich.as_ref().and_then(|rich| rich.progress.line));
    open.iter().for_each(|order| resumed.restore(order));
    for number in 0..world.exchange.ledger().len() as AccountNumber {
        let own = |exchange: &Exchange| exchange.account_standing(number, world.now).expect("it is open");
        assert_eq!(own(&resumed), own(&world.exchange), "{what}");
    }
    let replayed = world.replayed();
    for number in 0..world.exchange.ledger().len() as AccountNumber {
        let own = |exchange: &Exchange| exchange.account_standing(number, world.now);
        assert_eq!(own(&replayed), own(&world.exchange), "{what}");
    }
}
