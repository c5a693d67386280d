//! Every read beside the twin's.

use std::sync::mpsc::channel;

use tradepit_engine::{
    ActivitiesOf, Activity, Bar, BarsOf, ChangeFilter, Changes, Direction, Event, Exchange, Fill, FillsOf, Found,
    Holdings, Label, Lost, Name, Named, Number, OpenOrders, Order, OrderFilter, OrderId, Page, PageOf, PageStart,
    Print, PrintsOf, Seq, State, Status, Stretch, Symbol, Time, Trace, TraceOf,
};
use tradepit_kit::Dice;
use tradepit_store::{Answer, Archive, Folder, Recovered, Running, Store, check};

use crate::life::SYMBOLS;
use crate::past;
use crate::twin::Twin;
use crate::{bars, fills};

/// A list that was asked for piece by piece; the gap, where there is one.
type Told<T> = Result<Vec<T>, Lost>;

/// Whoever answers: a running store, or an archive.
pub(crate) trait Reads {
    fn order(&self, accepted: Number) -> Option<Order>;
    fn named(&self, name: &Name) -> Named;
    fn page(&self, question: PageOf) -> Option<Page>;
    fn changes(&self, after: Number, filter: ChangeFilter) -> Changes;
    fn number_of(&self, seq: Seq) -> Option<Number>;
    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter) -> OpenOrders;
    fn fills(&self, question: FillsOf) -> Stretch<Fill>;
    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize) -> Vec<Fill>;
    fn prints(&self, question: PrintsOf) -> Stretch<Print>;
    fn bars(&self, question: BarsOf) -> Vec<Bar>;
    fn activities(&self, question: ActivitiesOf) -> Stretch<Activity>;
    fn trace(&self, question: TraceOf) -> Stretch<Trace>;
}

impl Reads for Archive {
    fn order(&self, accepted: Number) -> Option<Order> {
        self.order(accepted).unwrap()
    }

    fn named(&self, name: &Name) -> Named {
        self.named(name).unwrap()
    }

    fn page(&self, question: PageOf) -> Option<Page> {
        self.page(&question).unwrap()
    }

    fn changes(&self, after: Number, filter: ChangeFilter) -> Changes {
        self.changes(after, &filter).unwrap()
    }

    fn number_of(&self, seq: Seq) -> Option<Number> {
        self.number_of(seq).unwrap()
    }

    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter) -> OpenOrders {
        self.open_orders(as_of, after, &filter).unwrap()
    }

    fn fills(&self, question: FillsOf) -> Stretch<Fill> {
        self.fills(&question).unwrap()
    }

    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize) -> Vec<Fill> {
        self.newest_fills(accepted, upto, at_most).unwrap()
    }

    fn prints(&self, question: PrintsOf) -> Stretch<Print> {
        self.prints(&question).unwrap()
    }

    fn bars(&self, question: BarsOf) -> Vec<Bar> {
        self.bars(&question).unwrap()
    }

    fn activities(&self, question: ActivitiesOf) -> Stretch<Activity> {
        self.activities(&question).unwrap()
    }

    fn trace(&self, question: TraceOf) -> Stretch<Trace> {
        self.trace(&question).unwrap()
    }
}

impl Reads for Running {
    fn order(&self, accepted: Number) -> Option<Order> {
        told(|answer| Store::order(self, accepted, answer))
    }

    fn named(&self, name: &Name) -> Named {
        told(|answer| Store::named(self, name.clone(), answer))
    }

    fn page(&self, question: PageOf) -> Option<Page> {
        told(|answer| Store::page(self, question, answer))
    }

    fn changes(&self, after: Number, filter: ChangeFilter) -> Changes {
        told(|answer| Store::changes(self, after, filter, answer))
    }

    fn number_of(&self, seq: Seq) -> Option<Number> {
        told(|answer| Store::number_of(self, seq, answer))
    }

    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter) -> OpenOrders {
        told(|answer| Store::open_orders(self, as_of, after, filter, answer))
    }

    fn fills(&self, question: FillsOf) -> Stretch<Fill> {
        told(|answer| Store::fills(self, question, answer))
    }

    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize) -> Vec<Fill> {
        told(|answer| Store::newest_fills(self, accepted, upto, at_most, answer))
    }

    fn prints(&self, question: PrintsOf) -> Stretch<Print> {
        told(|answer| Store::prints(self, question, answer))
    }

    fn bars(&self, question: BarsOf) -> Vec<Bar> {
        told(|answer| Store::bars(self, question, answer))
    }

    fn activities(&self, question: ActivitiesOf) -> Stretch<Activity> {
        told(|answer| Store::activities(self, question, answer))
    }

    fn trace(&self, question: TraceOf) -> Stretch<Trace> {
        told(|answer| Store::trace(self, question, answer))
    }
}

fn told<T: Send + 'static>(ask: impl FnOnce(Answer<T>)) -> T {
    let (tell, told) = channel();
    ask(Box::new(move |answer| tell.send(answer).expect("the test waits")));
    told.recv().expect("every question is answered").unwrap()
}

/// Requires of every read that it says what the twin says.
pub(crate) fn agree(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let last = twin.last_number();
    for _ in 0..60 {
        let number = Number(dice.below(last.0 + 2));
        assert_eq!(reads.order(number).as_ref(), twin.order(number), "order of change {}", number.0);
    }
    let names = twin.names();
    for (name, found) in names.iter().rev().take(30).chain(names.iter().take(30)) {
        assert_eq!(reads.named(name), Named { as_of: last, found: found.clone() }, "{name:?}");
    }
    let key = Label::new("nobody").unwrap();
    for name in [Name::ClientOrderId(key.clone()), Name::IdempotencyKey(key)] {
        assert_eq!(reads.named(&name), Named { as_of: last, found: Found::Nothing });
    }
    agree_on_lists(reads, twin, dice);
    agree_on_changes(reads, twin, dice);
    fills::agree(reads, twin, dice);
    bars::agree(reads, twin, dice);
    past::agree(reads, twin, dice);
}

/// Requires that all is there: every order, change and name, once.
pub(crate) fn all_is_there(archive: &Archive, twin: &Twin) {
    let (orders, all) = (OrderFilter::default(), ChangeFilter::default());
    assert_eq!(list(archive, Number(0), orders, 1_000, Direction::OldestFirst), twin.orders);
    assert_eq!(changes(archive, twin.horizon, all), Ok(twin.changes(twin.horizon, &all)));
    assert_eq!(open_orders(archive, twin.last_number(), all), Ok(twin.open_at(twin.last_number(), &all)));
    for (name, found) in twin.names() {
        assert_eq!(Reads::named(archive, &name).found, found, "{name:?}");
    }
}

fn agree_on_lists(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    for _ in 0..4 {
        let status = dice.of(&[None, Some(Status::Pending), Some(Status::Executed), Some(Status::Cancelled)]);
        let (from, until) = (time(twin, dice), time(twin, dice));
        let filter = OrderFilter { status, symbol: symbol(dice), from, until, ..OrderFilter::default() };
        let direction = dice.of(&[Direction::OldestFirst, Direction::NewestFirst]);
        let after = Number(dice.below(twin.last_number().0 + 1));
        let limit = dice.of(&[1, 7, 50, 1_000]);
        let limit = if twin.orders.len() > 300 { limit.max(1_000) } else { limit };
        for start in [direction.start(), after] {
            let orders = list(reads, start, filter, limit, direction);
            let expected = twin.list(start, &filter, direction);
            assert_eq!(orders, expected, "{filter:?} after {start:?} by {limit}, {direction:?}");
        }
    }
    if !twin.orders.is_empty() {
        let order = dice.of(&twin.orders);
        let ask = |number, id| {
            let (start, filter) = (PageStart::AfterOrder(number, id), OrderFilter::default());
            let direction = Direction::OldestFirst;
            reads.page(PageOf { start, filter, limit: 10_000, direction }).map(|page| page.orders)
        };
        let younger = twin.list(order.accepted_number, &OrderFilter::default(), Direction::OldestFirst);
        assert_eq!(ask(order.accepted_number, order.id), Some(younger));
        assert_eq!(ask(order.accepted_number, OrderId([0; 16])), None);
        assert_eq!(ask(twin.last_number().next(), order.id), None);
    }
}

fn agree_on_changes(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let (last, horizon) = (twin.last_number(), twin.horizon);
    let kept = twin.events.iter().find(|event| event.number > horizon);
    let before = kept.map_or(twin.last_seq(), |event| Seq(event.seq.0 - u64::from(event.status().is_some())));
    let lost = Lost { before: horizon, oldest: before.next(), as_of: last, as_of_seq: twin.last_seq() };
    for _ in 0..4 {
        let order = (dice.once_in(3) && last > Number(0)).then(|| dice.of(&twin.events).order());
        let order = order.flatten().map(|order| order.id);
        let filter = ChangeFilter { order, symbol: symbol(dice) };
        let number = Number(dice.below(last.0 + 1));
        let expected = if number < horizon { Err(lost) } else { Ok(twin.changes(number, &filter)) };
        assert_eq!(changes(reads, number, filter), expected, "changes after {number:?} of {filter:?}");
        let expected = if number < horizon { Err(lost) } else { Ok(twin.open_at(number, &filter)) };
        assert_eq!(open_orders(reads, number, filter), expected, "open at {number:?} of {filter:?}");
    }
    agree_on_numbers(reads, twin, dice);
    let all = ChangeFilter::default();
    let whole = if horizon > Number(0) { Err(lost) } else { Ok(twin.events.clone()) };
    assert_eq!(changes(reads, Number(0), all), whole);
    assert_eq!(changes(reads, horizon, all), Ok(twin.changes(horizon, &all)));
    assert_eq!(open_orders(reads, last, all), Ok(twin.open_at(last, &all)));
}

/// Whoever counts changes of status finds its way.
fn agree_on_numbers(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let newest = twin.last_seq();
    let any: Vec<Seq> = (0..8).map(|_| Seq(dice.below(newest.0 + 1))).collect();
    for seq in any.into_iter().chain([Seq(0), newest, newest.next(), Seq(u64::MAX)]) {
        assert_eq!(reads.number_of(seq), twin.number_of(seq), "{seq:?} of {newest:?}");
    }
}

fn symbol(dice: &mut Dice) -> Option<Symbol> {
    let symbol = dice.of(&[SYMBOLS[0], SYMBOLS[1], SYMBOLS[2], "NONE"]);
    dice.once_in(2).then(|| Symbol::new(symbol).unwrap())
}

/// The time of some order, or a little beside it, or none.
fn time(twin: &Twin, dice: &mut Dice) -> Option<Time> {
    let of = (dice.once_in(2) && !twin.orders.is_empty()).then(|| dice.of(&twin.orders).accepted_at.0);
    of.map(|at| Time(at + dice.of(&[-1, 0, 0, 1])))
}

fn list(reads: &impl Reads, after: Number, filter: OrderFilter, limit: usize, direction: Direction) -> Vec<Order> {
    let (mut orders, mut next) = (Vec::new(), Some(after));
    while let Some(after) = next {
        let start = PageStart::After(after);
        let page = reads.page(PageOf { start, filter, limit, direction }).expect("it starts anywhere");
        assert!(page.orders.len() <= limit);
        assert!(page.next.is_none_or(|next| direction.follows(next, after)), "a list that stands still");
        orders.extend(page.orders);
        next = page.next;
    }
    orders
}

fn changes(reads: &impl Reads, after: Number, filter: ChangeFilter) -> Told<Event> {
    let (mut told, mut after) = (Vec::new(), after);
    loop {
        match reads.changes(after, filter) {
            Changes::Held { events, upto, newest } => {
                told.extend(events);
                if upto >= newest {
                    return Ok(told);
                }
                assert!(upto > after, "a replay that stands still");
                after = upto;
            }
            Changes::Lost(lost) => return Err(lost),
        }
    }
}

fn open_orders(reads: &impl Reads, as_of: Number, filter: ChangeFilter) -> Told<Order> {
    let (mut told, mut next) = (Vec::new(), Some(Number(0)));
    while let Some(after) = next {
        match reads.open_orders(as_of, after, filter) {
            OpenOrders::Held { orders, next: more } => {
                told.extend(orders);
                next = more;
            }
            OpenOrders::Lost(lost) => return Err(lost),
        }
    }
    Ok(told)
}

/// Requires that a check finds nothing wrong, and counts right.
pub(crate) fn check_holds(folder: &Folder, twin: &Twin) {
    let expected = check::Report {
        changes: twin.kept_changes(),
        oldest: twin.horizon.next(),
        newest: twin.last_number(),
        orders: twin.orders.len() as u64,
        open_orders: twin.open_orders() as u64,
        damage: Vec::new(),
    };
    assert_eq!(check::run(&Archive::open(folder).unwrap(), |_, _| {}).unwrap(), expected);
}

/// Requires that the exchange was brought to where the twin is.
pub(crate) fn is_recovered(exchange: &Exchange, recovered: &Recovered, twin: &Twin) {
    let open: Vec<Order> = twin.orders.iter().filter(|order| !order.state.is_closed()).cloned().collect();
    assert_eq!(exchange.orders_after(Number(0)).collect::<Vec<_>>(), open);
    let (number, seq) = (twin.last_number(), twin.last_seq());
    assert_eq!((exchange.last_number(), exchange.last_seq()), (number, seq));
    assert_eq!((recovered.last_number, recovered.last_seq), (number, seq));
    assert_eq!(exchange.next_due(), open.iter().filter_map(awaited).min());
    assert_eq!((exchange.open_orders(), recovered.open_orders), (open.len(), open.len()));
    assert_eq!(exchange.accepted_orders(), twin.accepted);
    if let Some(last) = twin.events.last() {
        assert_eq!(recovered.last_at, last.at);
    }
    has_accounts(exchange, twin);
}

/// Till when an open order waits.
fn awaited(order: &Order) -> Option<Time> {
    let due_at = order.due_at.filter(|_| order.state == State::Accepted);
    let expires_at = order.rich.as_ref().and_then(|rich| rich.terms.expires_at);
    due_at.into_iter().chain(expires_at).min()
}

/// Requires that everybody has what the changes moved, exactly.
fn has_accounts(exchange: &Exchange, twin: &Twin) {
    let ledger = twin.clearing.ledger();
    let expected: Vec<Holdings> = (0..).map_while(|account| ledger.holdings(account).cloned()).collect();
    assert_eq!(of_accounts(exchange), expected);
    let is_listed = |symbol: &Symbol| exchange.instrument(*symbol).is_some();
    assert!(twin.clearing.instruments().all(|instrument| is_listed(&instrument.listing().symbol)));
}

/// What everybody has.
pub(crate) fn of_accounts(exchange: &Exchange) -> Vec<Holdings> {
    (0..).map_while(|account| exchange.ledger().holdings(account).cloned()).collect()
}
