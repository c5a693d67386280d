//! A store that does what it is told to, when it is told to: it holds what was appended and asked until the test lets
//! it confirm, answer or fail.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use tradepit_engine::{
    ActivitiesOf, Activity, Bar, BarsOf, ChangeFilter, Changes, Direction, Event, Fill, FillsOf, Found, Growing,
    KeptChanges, Lost, Name, Named, Number, OpenOrders, Order, OrderId, Page, PageOf, PageStart, Print, PrintsOf, Seq,
    Stretch, Time, Trace, TraceOf,
};
use tradepit_kit::{Dice, has, orders};
use tradepit_store::{Answer, Batch, Confirm, Disk, Error, ReadError, Store, Stored};

use crate::fills::fills;

/// Pieces are this short, so that a few orders and changes make several.
const PIECE: usize = 4;

/// A log that holds what was appended and asked until the test lets it confirm, answer or fail.
pub struct FakeLog {
    held: Mutex<Held>,
}

struct Held {
    confirm: Option<Confirm>,
    /// All that was appended.
    log: Vec<Event>,
    /// What is read is the log up to here.
    durable: usize,
    /// The greatest number that the OrderBook was told.
    confirmed: usize,
    settled: usize,
    /// Changes up to here are no longer held as changes.
    horizon: usize,
    appends: usize,
    fails_at: Option<usize>,
    failed: bool,
    /// With what was durable when each was asked.
    questions: Vec<(usize, Question)>,
    met: BTreeSet<&'static str>,
}

enum Question {
    Order(Number, Answer<Option<Order>>),
    Named(Name, Answer<Named>),
    Page(PageOf, Answer<Option<Page>>),
    NumberOf(Seq, Answer<Option<Number>>),
    Changes(Number, ChangeFilter, Answer<Changes>),
    OpenOrders(Number, Number, ChangeFilter, Answer<OpenOrders>),
    Fills(FillsOf, Answer<Stretch<Fill>>),
    NewestFills(Number, Number, usize, Answer<Vec<Fill>>),
    Prints(PrintsOf, Answer<Stretch<Print>>),
    Bars(BarsOf, Answer<Vec<Bar>>),
    Activities(ActivitiesOf, Answer<Stretch<Activity>>),
    Trace(TraceOf, Answer<Stretch<Trace>>),
    Kept(Number, Answer<KeptChanges>),
}

impl FakeLog {
    /// A store that holds `log`, and fails when something is appended for the `fails_at`th time.
    pub fn new(log: Vec<Event>, fails_at: Option<usize>) -> Arc<FakeLog> {
        let all = log.len();
        let held = Held {
            confirm: None,
            log,
            durable: all,
            confirmed: all,
            settled: all,
            horizon: 0,
            appends: 0,
            fails_at,
            failed: false,
            questions: Vec::new(),
            met: BTreeSet::new(),
        };
        Arc::new(FakeLog { held: Mutex::new(held) })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no panic while it is held")
    }

    /// Tells `confirm` from now on.
    pub fn start(&self, confirm: &Confirm) {
        self.held().confirm = Some(Arc::clone(confirm));
    }

    /// What is durable now.
    pub fn durable(&self) -> usize {
        self.held().durable
    }

    /// What the OrderBook knows to be durable, or will when it reads its mailbox.
    pub fn confirmed(&self) -> usize {
        self.held().confirmed
    }

    /// How much was appended.
    pub fn appended(&self) -> usize {
        self.held().log.len()
    }

    /// The number of the last of so many events.
    pub fn number(&self, events: usize) -> Number {
        self.held().number(events)
    }

    /// How many events there are up to this change.
    pub fn upto(&self, number: Number) -> usize {
        self.held().upto(number)
    }

    /// Whether it failed.
    pub fn has_failed(&self) -> bool {
        self.held().failed
    }

    /// All that was appended.
    pub fn log(&self) -> Vec<Event> {
        self.held().log.clone()
    }

    /// Whether a question waits.
    pub fn is_asked(&self) -> bool {
        !self.held().questions.is_empty()
    }

    /// All kinds of things that came about.
    pub fn met(&self) -> BTreeSet<&'static str> {
        self.held().met.clone()
    }

    /// Everything up to `durable` is durable, and says so; `settled` may be behind.
    pub fn commit(&self, durable: usize, settled: usize) {
        let mut held = self.held();
        if held.failed {
            return;
        }
        held.durable = held.durable.max(durable);
        held.settled = held.settled.max(settled);
        held.confirm(durable, settled);
    }

    /// Commits all, once there is somebody to tell.
    pub fn catch_up_once_started(&self) {
        let started = self.held().confirm.is_some();
        if started {
            self.catch_up();
        }
    }

    /// Commits all, and answers all that was asked.
    pub fn catch_up(&self) {
        let all = self.appended();
        self.commit(all, all);
        let questions = std::mem::take(&mut self.held().questions);
        let held = self.held();
        questions.into_iter().for_each(|(_, question)| held.answer(held.durable, question));
    }

    /// Says something, as chance has it: late, in part, again, or out of step.
    pub fn confirm_some(&self, dice: &mut Dice) {
        let mut held = self.held();
        if held.failed || held.log.is_empty() {
            return;
        }
        let (from, to) = (held.durable, held.log.len());
        let (durable, settled) = match dice.below(9) {
            // It is durable, but the word has not come yet.
            8 => return held.durable = to,
            0..3 => (to, to),
            3..5 => (from + dice.below(to - from + 1), held.settled),
            5 => (to, held.settled + dice.below(to - held.settled + 1)),
            // It was confirmed before.
            6 => (held.confirmed, held.settled),
            // One that was overtaken.
            _ => (dice.below(held.confirmed + 1), dice.below(held.settled + 1)),
        };
        if (from + 1..to).contains(&durable) {
            held.met.insert("a part was confirmed");
        }
        if durable < held.confirmed {
            held.met.insert("an old number was confirmed");
        }
        held.durable = from.max(durable);
        held.settled = held.settled.max(settled.min(durable));
        held.confirm(durable, settled.min(durable));
    }

    /// Answers one of those that wait, not the oldest first, from any moment since it was asked.
    pub fn answer_some(&self, dice: &mut Dice) {
        let mut held = self.held();
        if held.questions.is_empty() {
            return;
        }
        let place = dice.below(held.questions.len());
        let (asked, question) = held.questions.remove(place);
        if dice.below(40) == 0 {
            held.met.insert("the store was busy");
            return question.refuse(ReadError::Busy);
        }
        let moment = asked + dice.below(held.durable - asked + 1);
        held.answer(moment, question);
    }

    /// Changes before some that are settled are no longer held.
    pub fn trim_some(&self, dice: &mut Dice) {
        let mut held = self.held();
        let more = dice.below(held.settled.saturating_sub(held.horizon) + 1);
        held.horizon += more;
    }

    /// What was not durable is gone; whoever waits for an answer gets none.
    pub fn fail(&self) {
        let mut held = self.held();
        if held.failed {
            return;
        }
        held.failed = true;
        let confirm = held.confirm.take().expect("it was started");
        std::mem::take(&mut held.questions).into_iter().for_each(|(_, question)| question.refuse(ReadError::Failed));
        confirm(Err(Error::Full("/nowhere".into())));
    }

    fn ask(&self, kind: &'static str, question: Question) {
        let mut held = self.held();
        if held.failed {
            return question.refuse(ReadError::Failed);
        }
        held.met.insert(kind);
        let asked = held.durable;
        held.questions.push((asked, question));
    }
}

impl Held {
    fn confirm(&mut self, durable: usize, settled: usize) {
        self.confirmed = self.confirmed.max(durable);
        let confirm = self.confirm.as_ref().expect("it was started");
        let kept_orders = orders(&self.log[..durable]).len() as u64;
        let (durable, settled) = (self.number(durable), self.number(settled));
        confirm(Ok(Stored { durable, settled, removed: Number(0), kept_orders }));
    }

    /// The number of the last of so many events.
    fn number(&self, events: usize) -> Number {
        self.log[..events].last().map_or(Number(0), |event| event.number)
    }

    /// The same, as native clients count.
    fn seq(&self, events: usize) -> Seq {
        self.log[..events].last().map_or(Seq(0), |event| event.seq)
    }

    /// How many events there are up to this change.
    fn upto(&self, number: Number) -> usize {
        self.log.partition_point(|event| event.number <= number)
    }

    /// Answers as of the first `moment` changes.
    fn answer(&self, moment: usize, question: Question) {
        let log = &self.log[..moment];
        let (newest, oldest) = (self.number(moment), self.seq(self.horizon).next());
        let lost = Lost { before: self.number(self.horizon), oldest, as_of: newest, as_of_seq: self.seq(moment) };
        match question {
            Question::Order(accepted, answer) => answer(Ok(orders(log).remove(&accepted))),
            Question::Named(name, answer) => {
                let order = orders(log).into_values().find(|order| has(order, &name));
                answer(Ok(Named { as_of: newest, found: order.map_or(Found::Nothing, Found::Order) }));
            }
            Question::Page(PageOf { start, filter, limit, direction }, answer) => {
                let orders = orders(log);
                let known = |number: &Number, id: OrderId| orders.get(number).is_some_and(|order| order.id == id);
                let after = match start {
                    PageStart::After(number) => number,
                    PageStart::AfterOrder(number, id) if known(&number, id) => number,
                    PageStart::AfterOrder(..) => return answer(Ok(None)),
                };
                let mut found: Vec<Order> = orders.into_values().collect();
                found.retain(|order| direction.follows(order.accepted_number, after) && filter.matches(order));
                if direction == Direction::NewestFirst {
                    found.reverse();
                }
                let more = found.len() > limit;
                found.truncate(limit);
                let next = found.last().filter(|_| more).map(|order| order.accepted_number);
                answer(Ok(Some(Page { orders: found, next })));
            }
            Question::NumberOf(seq, answer) => {
                let upto = log.partition_point(|event| event.seq <= seq);
                let is_held = upto >= self.horizon && seq <= self.seq(moment);
                answer(Ok(is_held.then(|| self.number(upto))));
            }
            Question::Changes(after, filter, answer) => {
                assert!(after <= newest, "asked before what it asks about was durable");
                if self.upto(after) < self.horizon {
                    return answer(Ok(Changes::Lost(lost)));
                }
                let piece = || log[self.upto(after)..].iter().take(PIECE);
                let events = piece().filter(|event| filter.matches(event)).cloned().collect();
                let upto = piece().next_back().map_or(after, |event| event.number);
                answer(Ok(Changes::Held { events, upto, newest }));
            }
            Question::OpenOrders(as_of, after, filter, answer) => {
                if self.upto(as_of) < self.horizon {
                    return answer(Ok(OpenOrders::Lost(lost)));
                }
                let mut then = orders(&log[..self.upto(as_of)]).into_values().collect::<Vec<_>>();
                then.retain(|order| order.accepted_number > after && !order.state.is_closed());
                let more = then.len() > PIECE;
                then.truncate(PIECE);
                let next = then.last().filter(|_| more).map(|order| order.accepted_number);
                then.retain(|order| filter.matches_order(order));
                answer(Ok(OpenOrders::Held { orders: then, next }));
            }
            other => self.answer_of_changes(log, lost, other),
        }
    }

    /// The same, of what is asked of fills, trades and kept changes.
    fn answer_of_changes(&self, log: &[Event], lost: Lost, question: Question) {
        let newest = lost.as_of;
        match question {
            Question::Fills(question, answer) => answer(Ok(fills(log, &question, PIECE))),
            Question::NewestFills(accepted, upto, at_most, answer) => {
                let of_it = |fill: &Fill| fill.number <= upto && fill.order.accepted_number == accepted;
                let fills = log.iter().rev().filter_map(Event::fill).filter(of_it);
                answer(Ok(fills.take(at_most).collect()));
            }
            Question::Kept(after, answer) => {
                if self.upto(after) < self.horizon {
                    return answer(Ok(KeptChanges::Lost(lost)));
                }
                let piece = log[self.upto(after)..].iter().take(PIECE);
                let order = |event: &Event| {
                    let mut orders = orders(&log[..self.upto(event.number)]);
                    event.order().and_then(|of| orders.remove(&of.accepted_number)).map(Arc::new)
                };
                let upto = piece.clone().next_back().map_or(after, |event| event.number);
                let changes = piece.map(|event| (event.clone(), order(event))).collect();
                answer(Ok(KeptChanges::Held { changes, upto, newest }));
            }
            Question::Prints(PrintsOf { before, until, symbol, limit }, answer) => {
                let of_it = |print: &Print| print.trade < before && print.symbol == symbol && print.at < until;
                let mut items: Vec<Print> = log.iter().rev().filter_map(Event::print).filter(of_it).collect();
                let more = items.len() > limit.min(PIECE);
                items.truncate(limit.min(PIECE));
                let next = items.last().filter(|_| more).map(|last| last.trade);
                answer(Ok(Stretch { items, next }));
            }
            Question::Bars(question, answer) => answer(Ok(bars(log, &question))),
            Question::Activities(question, answer) => {
                let mut items: Vec<Activity> =
                    log[self.horizon..].iter().flat_map(|event| question.pick(event)).collect();
                items.sort_by_key(|item| (item.number, item.place));
                if question.direction == Direction::NewestFirst {
                    items.reverse();
                }
                // A piece ends with a change.
                let ends = |&end: &usize| items[end].number != items[end - 1].number;
                let end = (question.limit.min(PIECE)..items.len()).find(ends);
                items.truncate(end.unwrap_or(items.len()));
                let next = items.last().filter(|_| end.is_some()).map(|last| last.number);
                answer(Ok(Stretch { items, next }));
            }
            Question::Trace(question, answer) => {
                let kept = log[self.horizon..].iter().rev();
                let items = kept.filter_map(|event| question.found_in(event)).take(1).collect();
                answer(Ok(Stretch { items, next: None }));
            }
            _ => unreachable!("the others are answered before"),
        }
    }
}

fn bars(log: &[Event], question: &BarsOf) -> Vec<Bar> {
    let BarsOf { symbol, timeframe, start, end, direction, limit } = *question;
    let (mut growing, mut bars) = (Growing::default(), Vec::new());
    for (_, trade) in log.iter().filter_map(Event::traded).filter(|(of, _)| *of == symbol) {
        growing.add(&trade, |length, bar| bars.extend((length == timeframe).then_some(bar)));
    }
    bars.extend(growing.bar(timeframe));
    bars.retain(|bar| start <= bar.at && bar.at < end);
    if direction == Direction::NewestFirst {
        bars.drain(..bars.len().saturating_sub(limit));
    }
    bars.truncate(limit);
    bars
}

impl Question {
    fn refuse(self, why: ReadError) {
        match self {
            Question::Order(_, answer) => answer(Err(why)),
            Question::Named(_, answer) => answer(Err(why)),
            Question::Page(_, answer) => answer(Err(why)),
            Question::NumberOf(_, answer) => answer(Err(why)),
            Question::Changes(_, _, answer) => answer(Err(why)),
            Question::OpenOrders(_, _, _, answer) => answer(Err(why)),
            Question::Fills(_, answer) => answer(Err(why)),
            Question::NewestFills(_, _, _, answer) => answer(Err(why)),
            Question::Prints(_, answer) => answer(Err(why)),
            Question::Bars(_, answer) => answer(Err(why)),
            Question::Activities(_, answer) => answer(Err(why)),
            Question::Trace(_, answer) => answer(Err(why)),
            Question::Kept(_, answer) => answer(Err(why)),
        }
    }
}

impl Store for FakeLog {
    fn keep_clock(&self, _: Time, answer: Answer<()>) {
        answer(Ok(()));
    }

    fn append(&self, batch: Batch) {
        let mut held = self.held();
        if held.failed {
            return;
        }
        assert!(!batch.is_empty(), "an empty batch");
        for event in batch.iter() {
            let last = held.number(held.log.len()).0;
            assert_eq!(event.number.0, last + event.body.changes(), "changes are appended in order, each once");
            held.log.push(event.clone());
        }
        if batch.len() > 1 {
            held.met.insert("a batch of several changes");
        }
        held.appends += 1;
        let fails = held.fails_at == Some(held.appends);
        drop(held);
        if fails {
            self.fail();
        }
    }

    fn order(&self, accepted: Number, answer: Answer<Option<Order>>) {
        self.ask("the store was asked for an order", Question::Order(accepted, answer));
    }

    fn named(&self, name: Name, answer: Answer<Named>) {
        self.ask("the store was asked for a name", Question::Named(name, answer));
    }

    fn page(&self, question: PageOf, answer: Answer<Option<Page>>) {
        self.ask("the store was asked for a list", Question::Page(question, answer));
    }

    fn number_of(&self, seq: Seq, answer: Answer<Option<Number>>) {
        self.ask("the store was asked for a number", Question::NumberOf(seq, answer));
    }

    fn changes(&self, after: Number, filter: ChangeFilter, answer: Answer<Changes>) {
        self.ask("the store was asked for changes", Question::Changes(after, filter, answer));
    }

    fn open_orders(&self, as_of: Number, after: Number, filter: ChangeFilter, answer: Answer<OpenOrders>) {
        self.ask("the store was asked for open orders", Question::OpenOrders(as_of, after, filter, answer));
    }

    fn fills(&self, question: FillsOf, answer: Answer<Stretch<Fill>>) {
        self.ask("the store was asked for fills", Question::Fills(question, answer));
    }

    fn newest_fills(&self, accepted: Number, upto: Number, at_most: usize, answer: Answer<Vec<Fill>>) {
        let question = Question::NewestFills(accepted, upto, at_most, answer);
        self.ask("the store was asked for the fills of an order", question);
    }

    fn prints(&self, question: PrintsOf, answer: Answer<Stretch<Print>>) {
        self.ask("the store was asked for trades", Question::Prints(question, answer));
    }

    fn bars(&self, question: BarsOf, answer: Answer<Vec<Bar>>) {
        self.ask("bars", Question::Bars(question, answer));
    }

    fn activities(&self, question: ActivitiesOf, answer: Answer<Stretch<Activity>>) {
        self.ask("the store was asked for activities", Question::Activities(question, answer));
    }

    fn trace(&self, question: TraceOf, answer: Answer<Stretch<Trace>>) {
        self.ask("the store was asked where an instrument stood", Question::Trace(question, answer));
    }

    fn kept(&self, after: Number, answer: Answer<KeptChanges>) {
        self.ask("the store was asked for kept changes", Question::Kept(after, answer));
    }

    fn disk(&self) -> Option<Disk> {
        None
    }

    fn begin_to_close(&self) {}

    fn close(&self) {}
}
