//! Anything that a record can be of, drawn from a seed.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Account, AccountId, AccountKind, AccountOpened, Amended, Arrived, Body, Bought, Class, Decimal, Ended,
    Ending, Event, Filled, First, Group, GroupClass, HandQuote, Hours, HouseTrade, InLine, InstrumentChanged, Kin,
    Label, Legs, Listing, Loss, Money, Number, Offer, Order, OrderId, OrderRef, OrderType, Origin, Party, Progress,
    Quantity, QuoteRow, Quoted, ReasonText, Refused, Replaced, Rescheduled, Rich, Role, RowsChanged, RulesSet,
    Scripted, SelfTrade, Seq, Side, State, Step, Symbol, Terms, Then, Time, TimeInForce, Trading, Trail, Transferred,
    Triggered,
};
use tradepit_kit::Dice;

use super::sample_rules::{noticed, reason, rule};
use super::version_3::Word;

/// How many kinds of events there are.
pub(super) const KINDS: i64 = 20;

/// Some events, after the numbers before the first, in a row of some time.
pub(super) fn events(dice: &mut Dice) -> ((Number, Seq), Time, Vec<Event>) {
    let before = (number(dice), Seq(number(dice).0));
    let ((mut number, mut seq), row_at) = (before, time(dice));
    let mut events = Vec::new();
    for _ in 0..1 + dice.below(5) {
        let body = body(dice);
        number = Number(number.0 + body.changes());
        seq = Seq(seq.0 + u64::from(body.status().is_some()));
        events.push(Event { number, seq, at: time(dice), body });
    }
    (before, row_at, events)
}

pub(super) fn orders(dice: &mut Dice) -> Vec<Order> {
    (0..1 + dice.below(5)).map(|_| order(dice)).collect()
}

fn order(dice: &mut Dice) -> Order {
    let OrderRef { accepted_number, id, symbol, quantity } = reference(dice);
    let (state, accepted_seq) = (dice.of(&State::ALL), Seq(number(dice).0));
    let rich = dice.once_in(2).then(|| rich(dice));
    let later = |dice: &mut Dice, number: u64| number.saturating_add(wide(dice)).min(u64::MAX >> 1);
    Order {
        id,
        symbol,
        quantity,
        accepted_at: time(dice),
        accepted_number,
        accepted_seq,
        due_at: due_at(dice),
        state,
        closed_at: state.is_closed().then(|| time(dice)),
        number: Number(later(dice, accepted_number.0)),
        seq: Seq(later(dice, accepted_seq.0)),
        origin: origin(dice),
        bought: dice.once_in(2).then(|| Bought { ticks: wide(dice), tick: step(dice), fee: paid(dice) }),
        reason_text: if rich.is_some() { reason_text(dice) } else { None },
        put_off: None,
        rich,
    }
}

/// Mostly there: few wait for an act.
fn due_at(dice: &mut Dice) -> Option<Time> {
    (!dice.once_in(4)).then(|| time(dice))
}

fn reason_text(dice: &mut Dice) -> Option<ReasonText> {
    let texts = ["insufficient margin", "a \"quoted\" \\ one", "too late", " "];
    dice.once_in(2).then(|| ReasonText::new(dice.of(&texts)).expect("it is one"))
}

/// Mostly nothing: so it is of orders.
fn paid(dice: &mut Dice) -> Money {
    if dice.once_in(2) { money(dice) } else { Money::ZERO }
}

fn body(dice: &mut Dice) -> Body {
    let order = reference(dice);
    match dice.below(KINDS) {
        0 => {
            let OrderRef { id, symbol, quantity, .. } = order;
            let rich = dice.once_in(2).then(|| rich(dice));
            Body::Accepted(Accepted { id, symbol, quantity, due_at: due_at(dice), origin: origin(dice), rich })
        }
        1 => Body::Executed(order),
        2 => Body::Cancelled(order),
        3 => Body::Bought(HouseTrade { order, ticks: wide(dice), tick: step(dice), fee: money(dice) }),
        4 => {
            let rich = dice.once_in(2).then(|| rich(dice));
            let [rests, waited, is_partly] = [(); 3].map(|()| dice.once_in(2));
            Body::Arrived(Arrived { order, rests, waited, is_partly, rich })
        }
        5 => Body::Filled(Box::new(filled(dice, order))),
        6 => Body::Ended(Ended { order, ending: dice.of(Ending::ALL) }),
        7 => {
            let (rich, place) = (Arc::unwrap_or_clone(rich(dice)), dice.of(InLine::ALL));
            Body::Amended(Box::new(Amended { order, rich, place }))
        }
        8 => Body::Triggered(Triggered { order, rests: dice.once_in(2) }),
        9 => Body::Quoted(Box::new(quoted(dice))),
        10 => Body::Listed(Box::new(listing(dice))),
        11 => Body::AccountOpened(Box::new(opened(dice))),
        12 => Body::InstrumentChanged(Box::new(InstrumentChanged {
            symbol: symbol(dice),
            status: dice.of(Trading::ALL),
            maker_fee: decimal(dice),
            taker_fee: decimal(dice),
            short: dice.once_in(2),
        })),
        13 => Body::Replaced(Box::new(Replaced {
            order,
            by: id(dice),
            rich: dice.once_in(2).then(|| Arc::unwrap_or_clone(rich(dice))),
        })),
        15 => Body::Rescheduled(Rescheduled { order, due_at: due_at(dice), rich: dice.once_in(2).then(|| rich(dice)) }),
        16 => Body::Scripted(Box::new(Scripted {
            order,
            ending: dice.of(Ending::ALL),
            text: reason_text(dice),
            rich: dice.once_in(2).then(|| Arc::unwrap_or_clone(rich(dice))),
        })),
        14 => Body::RowsChanged(Box::new(rows_changed(dice))),
        17 => Body::RulesSet(Box::new(RulesSet {
            rules: (0..dice.below(4)).map(|_| rule(dice)).collect(),
            seed: dice.number() >> 1,
        })),
        18 => Body::Refused(Box::new(Refused { reason: reason(dice), noticed: noticed(dice) })),
        _ => {
            let (account, currency, amount) = (party(dice).account, symbol(dice), money(dice));
            Body::Transferred(Box::new(Transferred { account, currency, amount }))
        }
    }
}

fn quoted(dice: &mut Dice) -> Quoted {
    let offer = |dice: &mut Dice| Offer { ticks: wide(dice), lots: wide(dice) };
    let quote = dice.once_in(2).then(|| HandQuote { bid: offer(dice), ask: offer(dice) });
    Quoted { symbol: symbol(dice), tick: step(dice), lot: step(dice), quote }
}

fn rows_changed(dice: &mut Dice) -> RowsChanged {
    let offer = |dice: &mut Dice| Offer { ticks: wide(dice), lots: wide(dice) };
    let row = |dice: &mut Dice| QuoteRow { at: time(dice), quote: HandQuote { bid: offer(dice), ask: offer(dice) } };
    let rows = dice.once_in(2).then(|| (0..1 + dice.below(3)).map(|_| row(dice)).collect());
    RowsChanged { symbol: symbol(dice), tick: step(dice), lot: step(dice), rows }
}

fn filled(dice: &mut Dice, order: OrderRef) -> Filled {
    Filled {
        order,
        trade: number(dice),
        ticks: wide(dice),
        tick: step(dice),
        lots: lots(dice),
        lot: step(dice),
        side: dice.of(Side::ALL),
        party: party(dice),
        settles_with: dice.once_in(2).then(|| party(dice)),
        is_maker: dice.once_in(2),
        filled: lots(dice),
        cost: money(dice),
        then: dice.of(Then::ALL),
    }
}

fn party(dice: &mut Dice) -> Party {
    Party { account: dice.number() as u32 >> dice.below(32), fee: money(dice) }
}

fn rich(dice: &mut Dice) -> Arc<Rich> {
    let terms = terms(dice);
    let waits = terms.order_type.waits().is_some();
    let first = dice.once_in(3).then(|| First { quantity: reference(dice).quantity, terms: self::terms(dice) });
    let id_or_none = |dice: &mut Dice| dice.once_in(2).then(|| id(dice));
    let kin = if dice.once_in(3) {
        let (replaces, replaced_by) = (id_or_none(dice), id_or_none(dice));
        Kin { replaces, replaced_by, group: dice.once_in(2).then(|| group(dice)) }
    } else {
        Kin::default()
    };
    let progress = Progress {
        filled: lots(dice),
        cost: money(dice),
        arrived_at: dice.once_in(2).then(|| time(dice)),
        updated_at: time(dice),
        line: dice.once_in(2).then(|| number(dice)),
        ending: dice.once_in(2).then(|| dice.of(Ending::ALL)),
        triggered: waits && dice.once_in(2),
        mark: (waits && dice.once_in(2)).then(|| wide(dice)),
    };
    Arc::new(Rich { account: party(dice).account, tick: step(dice), lot: step(dice), terms, progress, first, kin })
}

fn group(dice: &mut Dice) -> Group {
    let id_or_none = |dice: &mut Dice| dice.once_in(2).then(|| id(dice));
    let price = |dice: &mut Dice| dice.once_in(2).then(|| wide(dice));
    let loss = |dice: &mut Dice| Loss { stop: wide(dice), limit: price(dice) };
    let legs = |dice: &mut Dice| Legs { take_profit: price(dice), stop_loss: dice.once_in(2).then(|| loss(dice)) };
    Group {
        class: dice.of(&GroupClass::ALL),
        first: number(dice),
        role: dice.of(&Role::ALL),
        held: dice.once_in(2),
        parent: id_or_none(dice),
        legs: [id_or_none(dice), id_or_none(dice)],
        asked: dice.once_in(2).then(|| legs(dice)),
    }
}

fn terms(dice: &mut Dice) -> Terms {
    let order_type = match dice.below(7) {
        0 => OrderType::Market,
        1 => OrderType::Limit { ticks: wide(dice) },
        2 => OrderType::Stop { stop: wide(dice) },
        3 => OrderType::StopLimit { stop: wide(dice), limit: wide(dice) },
        4 => OrderType::TrailingStop { trail: Trail::Ticks(wide(dice)) },
        5 => OrderType::Notional { sum: money(dice) },
        _ => OrderType::TrailingStop { trail: Trail::Percent(dice.below(100_000_000)) },
    };
    Terms {
        side: dice.of(Side::ALL),
        order_type,
        time_in_force: dice.of(TimeInForce::ALL),
        post_only: dice.once_in(2),
        lots: lots(dice),
        expires_at: dice.once_in(2).then(|| time(dice)),
    }
}

pub(super) fn listing(dice: &mut Dice) -> Listing {
    let optional = |dice: &mut Dice| dice.once_in(2).then(|| decimal(dice));
    Listing {
        class: dice.of(Class::ALL),
        base: symbol(dice),
        quote: symbol(dice),
        tick: decimal(dice),
        lot: decimal(dice),
        min_quantity: optional(dice),
        max_quantity: optional(dice),
        reference_price: decimal(dice),
        maker_fee: decimal(dice),
        taker_fee: decimal(dice),
        short: dice.once_in(2),
        hours: dice.of(Hours::ALL),
        ..Listing::of_unknown(symbol(dice))
    }
}

pub(super) fn account(dice: &mut Dice) -> Account {
    opened(dice).account(time(dice))
}

fn opened(dice: &mut Dice) -> AccountOpened {
    let id = symbol(dice).as_str().replace('/', "-");
    AccountOpened {
        id: AccountId::new(&id).expect("an id"),
        kind: dice.of(AccountKind::ALL),
        currency: symbol(dice),
        leverage: decimal(dice),
        self_trade: dice.of(SelfTrade::ALL),
        cash: (0..dice.below(3)).map(|_| (symbol(dice), money(dice))).collect(),
    }
}

fn reference(dice: &mut Dice) -> OrderRef {
    let id = id(dice);
    let quantity = 1 + wide(dice) % Quantity::MAX;
    OrderRef {
        accepted_number: number(dice),
        id,
        symbol: symbol(dice),
        quantity: Quantity::new(quantity).expect("in range"),
    }
}

fn id(dice: &mut Dice) -> OrderId {
    OrderId((u128::from(dice.number()) << 64 | u128::from(dice.number())).to_be_bytes())
}

pub(super) fn symbol(dice: &mut Dice) -> Symbol {
    let length = 1 + dice.below(Symbol::MAX_LEN);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./_-";
    let text = (0..length).map(|_| char::from(dice.of(letters))).collect::<String>();
    Symbol::new(&text).expect("a symbol")
}

/// Neither name, one, the other, or both: with what JSON escapes, and as long as may be.
fn origin(dice: &mut Dice) -> Option<Arc<Origin>> {
    let name = |dice: &mut Dice| {
        let length = dice.of(&[1, 3, 9, Label::MAX_LEN]);
        let graphic = |dice: &mut Dice| char::from(b'!' + dice.below(94_u8));
        let text = match dice.below(3) {
            0 => (0..length.min(4)).map(|_| dice.of(&['"', '\\'])).collect(),
            1 => "null".to_owned(),
            _ => (0..length).map(|_| graphic(dice)).collect::<String>(),
        };
        dice.once_in(2).then(|| Label::new(&text).expect("a label"))
    };
    Origin::new(name(dice), name(dice))
}

/// A number of any length.
fn wide(dice: &mut Dice) -> u64 {
    dice.number() >> dice.below(64)
}

fn lots(dice: &mut Dice) -> u128 {
    (u128::from(dice.number()) << 64 | u128::from(dice.number())) >> dice.below(128)
}

fn money(dice: &mut Dice) -> Money {
    if dice.once_in(4) { Money::ZERO } else { Money((lots(dice).cast_signed()) >> dice.below(120)) }
}

pub(super) fn decimal(dice: &mut Dice) -> Decimal {
    let units = i128::from(wide(dice)) - i128::from(wide(dice));
    Decimal::new(units, dice.below(16)).expect("it is short")
}

/// 1 in some digit, mostly, as ticks and lots are.
fn step(dice: &mut Dice) -> Step {
    let units = if dice.once_in(3) { 1 + wide(dice) % u64::from(u32::MAX) } else { 1 };
    Step::new(Decimal::new(units.into(), dice.below(13)).expect("it is short")).expect("it is a step")
}

/// Numbers of changes stay below 2^63.
fn number(dice: &mut Dice) -> Number {
    Number(dice.number() >> (2 + dice.below(62)))
}

pub(super) fn time(dice: &mut Dice) -> Time {
    let any = dice.number().cast_signed() >> dice.below(63);
    Time(if dice.once_in(2) { any } else { 1_767_312_000_000_000 + any % 1_000_000_000 })
}
