//! What moved accounts, and where instruments stood, beside the twin's, which looks through all changes.

use std::collections::HashMap;

use tradepit_engine::{
    AccountId, AccountKind, AccountNumber, ActivitiesOf, Activity, ActivityKind, Amendment, Asked, AskedQuote, Body,
    Command, Decimal, Direction, Event, Exchange, Had, InstrumentChange, Money, Number, OpenAccount, Order, OrderId,
    Quantity, Seek, SelfTrade, Side, Stretch, Submit, Symbol, Time, TimeInForce, Trace, TraceOf, Traces, Trading,
    Transferred, Whose,
};
use tradepit_kit::Dice;
use tradepit_store::{Archive, Retain};

use crate::agree::{Reads, check_holds};
use crate::desk::{Desk, EVERYTHING};
use crate::life::{BEGINNING, SYMBOLS};
use crate::twin::Twin;

const KINDS: [Option<ActivityKind>; 4] =
    [None, Some(ActivityKind::Fill), Some(ActivityKind::Fee), Some(ActivityKind::Transfer)];
const DIRECTIONS: [Direction; 2] = [Direction::OldestFirst, Direction::NewestFirst];

/// Requires of every read that it says what the twin says.
pub(crate) fn agree(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let accounts = (0..).map_while(|number| Some((number, twin.clearing.account(number)?.id)));
    for (number, id) in accounts {
        let all = expected(twin, Whose { number, id });
        for kind in KINDS {
            for direction in DIRECTIONS {
                let any = (Number(dice.below(twin.last_number().0 + 2)), dice.below(2_u32));
                for after in [ActivitiesOf::start(direction), any] {
                    let limit = if all.len() > 100 { 300 } else { dice.of(&[1, 3, 300]) };
                    let whose = Whose { number, id };
                    let since = since(twin, dice);
                    let question = ActivitiesOf { whose, kind, after, since, direction, limit, tells_left: true };
                    let mut expected: Vec<Activity> = all.clone();
                    expected.retain(|activity| wants(&question, activity));
                    if direction == Direction::NewestFirst {
                        expected.reverse();
                    }
                    assert_eq!(activities(reads, question), expected, "{question:?}");
                }
            }
        }
    }
    traces_agree(reads, twin, dice);
}

/// The time of some change, or that of none.
fn since(twin: &Twin, dice: &mut Dice) -> Time {
    let amid = (!twin.events.is_empty() && dice.once_in(2)).then(|| dice.of(&twin.events).at);
    amid.unwrap_or(Time(i64::MIN))
}

fn wants(question: &ActivitiesOf, activity: &Activity) -> bool {
    let own = (activity.number, activity.place);
    let is_after = match question.direction {
        Direction::OldestFirst => own > question.after,
        Direction::NewestFirst => own < question.after,
    };
    is_after && activity.at > question.since && question.kind.is_none_or(|kind| kind == activity.kind())
}

/// All that moved an account, as the changes tell it one after the other.
fn expected(twin: &Twin, whose: Whose) -> Vec<Activity> {
    let (mut lots, mut all) = (HashMap::new(), Vec::new());
    for event in &twin.events {
        let asked = match &event.body {
            Body::Accepted(accepted) => accepted.rich.as_deref(),
            Body::Amended(amended) => Some(&amended.rich),
            Body::Arrived(arrived) => arrived.rich.as_deref(),
            _ => None,
        };
        let of = event.order().map(|order| order.accepted_number);
        lots.extend(of.zip(asked).map(|(of, rich)| (of, (event.number, rich.terms.lots))));
        for mut activity in event.activities(whose) {
            if let Some(order) = activity.lacks() {
                let (since, lots) = lots[&order.accepted_number];
                let is_amended = twin.order(order.accepted_number).is_some_and(was_amended);
                // What it asked for before it was amended is gone with the change that said it.
                if since > twin.horizon || !is_amended {
                    activity.complete(lots);
                }
            }
            all.extend((event.number > twin.horizon).then_some(activity));
        }
    }
    all
}

fn was_amended(order: &Order) -> bool {
    order.rich.as_ref().is_some_and(|rich| rich.first.is_some())
}

fn activities(reads: &impl Reads, mut question: ActivitiesOf) -> Vec<Activity> {
    let mut all = Vec::new();
    loop {
        let Stretch { items, next } = reads.activities(question);
        all.extend(items);
        let Some(next) = next else { return all };
        let goes_on = question.go_on(next);
        let is_further = match question.direction {
            Direction::OldestFirst => goes_on.after > question.after,
            Direction::NewestFirst => goes_on.after < question.after,
        };
        assert!(is_further, "a piece goes on");
        question = goes_on;
    }
}

fn traces_agree(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let (first, last) = match (twin.events.first(), twin.events.last()) {
        (Some(first), Some(last)) => (first.at.0, last.at.0),
        _ => return,
    };
    for symbol in SYMBOLS.map(|symbol| Symbol::new(symbol).unwrap()) {
        for seek in [Seek::Trade, Seek::Quote, Seek::Status] {
            for _ in 0..8 {
                let (amid, any) = (first + dice.below(last - first + 1), dice.below(twin.last_number().0 + 2));
                let by = Time(dice.of(&[first - 1, first, last, i64::MAX, amid, amid]));
                let before = Number(dice.of(&[u64::MAX, any]));
                let question = TraceOf { symbol, seek, by, before };
                let kept = twin.events.iter().rev().filter(|event| event.number > twin.horizon);
                let expected: Vec<Trace> = kept.filter_map(|event| question.found_in(event)).take(1).collect();
                assert_eq!(reads.trace(question), Stretch { items: expected, next: None }, "{question:?}");
            }
        }
    }
}

/// Accounts that trade with each other, and with the house, are paid, and amend what they asked for.
struct Market {
    dice: Dice,
    now: Time,
    exchange: Exchange,
    open: Vec<Number>,
    ids: u8,
}

impl Market {
    fn new(seed: u64, exchange: Exchange) -> Market {
        Market { dice: Dice::seeded(seed), now: BEGINNING, exchange, open: Vec::new(), ids: 0 }
    }

    fn turn(&mut self) -> Vec<Event> {
        self.now = Time(self.now.0 + self.dice.below(50_000));
        let command = self.command();
        let mut all = Vec::new();
        for command in [&command, &Command::ExecuteDue, &Command::ExecuteDue] {
            // What is refused changes nothing.
            let events = self.exchange.decide(self.now, command).unwrap_or_default();
            events.iter().for_each(|event| self.exchange.apply(event));
            self.open.extend(events.iter().filter(|event| event.accepted().is_some()).map(|event| event.number));
            all.extend(events);
        }
        all
    }

    fn command(&mut self) -> Command {
        let symbol = Symbol::new(self.dice.of(&SYMBOLS[..2])).unwrap();
        let accounts = self.exchange.ledger().len() as AccountNumber;
        let account = 2 + self.dice.below(accounts - 2);
        match self.dice.below(20) {
            0 if accounts < 6 => Command::OpenAccount(OpenAccount {
                id: AccountId::new(&format!("a{accounts}")).ok(),
                kind: AccountKind::Margin,
                currency: code("USD"),
                leverage: Decimal::new(50, 0).unwrap(),
                self_trade: self.dice.of(&[SelfTrade::Allow, SelfTrade::CancelOldest]),
                cash: vec![(code("EUR"), Money(0)), (code("USD"), Money(10_i128.pow(20))), (code("JPY"), Money(3))],
            }),
            1 | 2 => {
                let amount = Money(10_i128.pow(13) * (self.dice.below(20_i128) - 9));
                Command::Transfer(Transferred { account, currency: code(self.dice.of(&["USD", "EUR"])), amount })
            }
            3 => Command::Quote { symbol, quote: self.dice.once_in(2).then(|| self.quote(symbol)) },
            4 => {
                let status = Some(self.dice.of(&[Trading::Open, Trading::Open, Trading::Halted]));
                let fee = Decimal::new(self.dice.below(3), 4);
                let change = InstrumentChange { status, maker_fee: fee, taker_fee: fee, ..InstrumentChange::default() };
                Command::ChangeInstrument { symbol, change }
            }
            5..=8 if !self.open.is_empty() => {
                let accepted_number = self.dice.of(&self.open[self.open.len().saturating_sub(12)..]);
                let qty = Decimal::new(1 + self.dice.below(60), 0);
                let quantity = qty.and_then(|qty| Quantity::new(qty.ceiling().try_into().ok()?).ok());
                let amendment = Amendment { qty, limit_price: None, stop: None, time_in_force: None };
                Command::Amend { accepted_number, amendment, quantity }
            }
            _ => Command::Submit(self.submit(symbol, account)),
        }
    }

    fn quote(&mut self, symbol: Symbol) -> AskedQuote {
        let instrument = self.exchange.instrument(symbol).unwrap();
        let bid = instrument.reference_ticks() - 3 + self.dice.below(4);
        let (bid, ask) = (instrument.price(bid), instrument.price(bid + 1 + self.dice.below(3)));
        AskedQuote { bid, ask, bid_size: None, ask_size: None }
    }

    fn submit(&mut self, symbol: Symbol, account: AccountNumber) -> Submit {
        self.ids = self.ids.wrapping_add(1);
        let whole = 1 + self.dice.below(40_u64);
        let (id, quantity) = (OrderId([self.ids; 16]), Quantity::new(whole).unwrap());
        let submit = Submit { id, symbol, quantity, delay_us: 0, origin: None, asked: None };
        if account == 2 && self.dice.once_in(3) {
            return submit;
        }
        let instrument = self.exchange.instrument(symbol).unwrap();
        let limit_price = instrument.price(instrument.reference_ticks() - 4 + self.dice.below(8));
        let asked = Asked {
            account,
            side: self.dice.of(&[Side::Buy, Side::Sell]),
            limit_price: (!self.dice.once_in(6)).then_some(limit_price),
            stop: None,
            time_in_force: TimeInForce::GoodTillCancelled,
            post_only: false,
            qty: Decimal::new(whole.into(), 0).unwrap(),
            notional: None,
        };
        Submit { asked: Some(asked), ..submit }
    }
}

fn code(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

/// What it would be worth now.
fn worth(Market { exchange, now, .. }: &Market, had: &Had) -> String {
    let mut traces = Traces::default();
    for instrument in exchange.instruments() {
        let symbol = instrument.listing().symbol;
        for seek in [Seek::Trade, Seek::Quote, Seek::Status] {
            traces.learn(symbol, seek, Trace { since: Time(i64::MIN), known: exchange.known(symbol, seek) });
        }
    }
    let moment = exchange.worth_then(had, *now, &traces).expect("all is known");
    format!("{:?} {:?}", moment.equity, moment.profit)
}

fn lives(seed: u64, retain: Retain) {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, exchange, _) = Desk::open(dir.path(), retain);
    let (mut twin, mut dice) = (Twin::default(), Dice::seeded(seed));
    let mut market = Market::new(seed, exchange);
    let mut before: Vec<Had> = Vec::new();
    for turn in 0..400 {
        let events = market.turn();
        if events.is_empty() {
            continue;
        }
        twin.extend(&events);
        desk.append(&events.into());
        if turn % 40 == 0 {
            let accounts = market.exchange.ledger().len() as AccountNumber;
            before.extend((0..accounts).filter_map(|number| market.exchange.had(number, market.now)));
        }
        if turn % 150 == 100 {
            let kept = twin_of(&mut desk, &twin, retain);
            agree(&desk.running, &kept, &mut dice);
        }
    }
    desk.settle();
    let kept = twin_of(&mut desk, &twin, retain);
    agree(&desk.running, &kept, &mut dice);
    for then in before.iter().filter(|then| then.as_of >= kept.horizon) {
        let mut had = market.exchange.had(then.whose.number, market.now).expect("it is there");
        let (whose, direction) = (then.whose, Direction::NewestFirst);
        let after = ActivitiesOf::start(direction);
        let since = Time(i64::MIN);
        let question = ActivitiesOf { whose, kind: None, after, since, direction, limit: 50, tells_left: false };
        let later = activities(&desk.running, question).into_iter().filter(|activity| activity.number > then.as_of);
        later.for_each(|activity| market.exchange.take_back(&mut had, &activity));
        // As it was, and as it is now without what came after.
        assert_eq!(worth(&market, &had), worth(&market, then), "{then:?}");
    }
    let folder = desk.folder.clone();
    desk.close();
    let archive = Archive::open(&folder).unwrap();
    agree(&archive, &kept, &mut dice);
    drop(archive);
    check_holds(&folder, &kept);
}

/// What is kept of all that happened, once the store is at rest.
fn twin_of(desk: &mut Desk, twin: &Twin, retain: Retain) -> Twin {
    let mut kept = twin.clone();
    if retain != EVERYTHING {
        kept.trim(retain);
        desk.rest(&kept);
    }
    kept
}

#[test]
fn what_moved_accounts_and_where_instruments_stood_is_what_the_changes_say() {
    (0..2).for_each(|seed| lives(seed, EVERYTHING));
}

#[test]
fn what_is_retained_is_told_as_before() {
    (2..4).for_each(|seed| lives(seed, Retain { age_us: Some(3_000_000), orders: Some(60) }));
}
