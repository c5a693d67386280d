//! The one door of these tests: [`check`] runs a script against an exchange and compares what the exchange told.
//!
//! One step a line; times and delays are in microseconds; `#` begins a comment.
//!
//! | step | meaning | told |
//! |---|---|---|
//! | `exchange of 3` | start anew with room for 3 orders (100 where nothing is said) | |
//! | `backed exchange of 3 recent 1` | the same, in front of a store | |
//! | `at 50` | it is 50 now; until the first one it is 0 | |
//! | `submit a EURUSD 5 delay 100`, `cancel a`, `execute` | decide, apply what was decided | events or `! Rejection` |
//! | `submit a EURUSD 5 delay 100 as me/1 key k1` | the same, under a client order id and an idempotency key | |
//! | `apply 2 50 a CANCELLED EURUSD 5` | apply an event from elsewhere | |
//! | `stored 5` | the store holds all changes up to 5 | |
//! | `resume 7 50 accepted 3` | go on where a store ends: with change 7 at 50, and 3 orders ever accepted | |
//! | `restart`, `restart with 3` | replay all events, and what the store said, into a fresh exchange | |
//! | `find a` | the order, by the number of the change that accepted it | the order |
//! | `find as me/1`, `find key k1` | the order of this name | the order |
//! | `list after 1` | ids of the orders accepted after change 1 | ids |
//! | `open at 2` | orders as they stood right after change 2, if open then | orders |
//! | `count` | the numbers an exchange keeps | one line |
//! | `accepted` | how many orders were ever accepted | their number |
//!
//! Where a step that tells has nothing to tell, it tells `-`.

use std::fmt::Write;
use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, Command, Event, Exchange, Label, Name, Number, Order, OrderRef, Origin, Quantity, Rejection, Seq,
    Status, Submit, Symbol, Time,
};
use tradepit_kit::{id_of, name_of};

/// Runs `script` and requires that the exchange tells the lines of `expected`, and again on a second run (invariant 2);
/// an exchange that only replays the events must end as the one that decided them.
#[track_caller]
pub(crate) fn check(script: &str, expected: &str) {
    let mut world = World::run(script);
    let expected: Vec<&str> = steps(expected).collect();
    assert!(world.told == expected, "expected:\n{}\n\nbut:\n{}", expected.join("\n"), world.transcript);
    assert_eq!(world.told, World::run(script).told, "the second run differs");
    let lived = world.reads();
    world.restart();
    assert_eq!(world.reads(), lived, "the replayed book differs");
}

struct World {
    exchange: Exchange,
    max_orders: usize,
    /// How many closed orders an exchange in front of a store keeps; `None` for one without.
    recent: Option<usize>,
    now: Time,
    /// Everything that the exchange was told so far: what a log would hold, and more.
    record: Vec<Told>,
    told: Vec<String>,
    /// Each step with what it told below it, for whoever reads a failure.
    transcript: String,
}

enum Told {
    Event(Event),
    Stored(Number),
    Resume(Number, Seq, Time, u64),
}

impl World {
    fn run(script: &str) -> World {
        let mut world = World::new(100, None);
        for step in steps(script) {
            writeln!(world.transcript, "{step}").expect("writing to a string");
            let words: Vec<&str> = step.split_whitespace().collect();
            world.step(&words);
        }
        world
    }

    fn new(max_orders: usize, recent: Option<usize>) -> World {
        let (record, told, transcript) = (Vec::new(), Vec::new(), String::new());
        World { exchange: new_book(max_orders, recent), max_orders, recent, now: Time(0), record, told, transcript }
    }

    fn step(&mut self, words: &[&str]) {
        match *words {
            ["book", "of", max_orders] => *self = World::new(parsed(max_orders), None),
            ["backed", "book", "of", max_orders, "recent", recent] => {
                *self = World::new(parsed(max_orders), Some(parsed(recent)));
            }
            ["at", now] => self.now = Time(parsed(now)),
            ["submit", name, symbol, quantity, "delay", delay_us, ref names @ ..] => {
                self.decide(&Command::Submit(Submit {
                    id: id_of(name),
                    symbol: Symbol::new(symbol).expect("a symbol"),
                    quantity: Quantity::new(parsed(quantity)).expect("a quantity"),
                    delay_us: parsed(delay_us),
                    origin: read_origin(names),
                    asked: None,
                }))
            }
            ["cancel", name] => self.decide(&Command::Cancel { accepted_number: self.accepted_number(name) }),
            ["execute"] => self.decide(&Command::ExecuteDue),
            ["apply", ref event @ ..] => self.hear(Told::Event(self.read_event(event))),
            ["stored", seq] => self.hear(Told::Stored(self.number_of(seq))),
            ["resume", seq, at, "accepted", accepted] => {
                let number = self.number_of(seq);
                self.hear(Told::Resume(number, Seq(parsed(seq)), Time(parsed(at)), parsed(accepted)));
            }
            ["restart"] => self.restart(),
            ["restart", "with", max_orders] => {
                self.max_orders = parsed(max_orders);
                self.restart();
            }
            ["find", name] => self.tell(self.exchange.order(self.accepted_number(name)).as_ref().map(write_order)),
            ["find", kind, key] => self.tell(self.exchange.find_named(&read_name(kind, key)).as_ref().map(write_order)),
            ["list", "after", seq] => {
                let names: Vec<String> =
                    self.exchange.orders_after(self.number_of(seq)).map(|order| name_of(order.id)).collect();
                self.tell((!names.is_empty()).then(|| names.join(" ")));
            }
            ["open", "at", seq] => {
                let number = self.number_of(seq);
                let open = self.exchange.orders_after(Number(0)).filter(|order| order.was_open_at(number));
                self.tell(open.map(|order| write_order(&order.as_accepted())).collect::<Vec<_>>());
            }
            ["count"] => self.tell([self.counts()]),
            ["accepted"] => self.tell([self.exchange.accepted_orders().to_string()]),
            _ => panic!("no such step: {}", words.join(" ")),
        }
    }

    fn decide(&mut self, command: &Command) {
        match self.exchange.decide(self.now, command) {
            Ok(events) => {
                self.tell(events.iter().filter_map(write_event).collect::<Vec<_>>());
                events.into_iter().for_each(|event| self.hear(Told::Event(event)));
            }
            Err(rejection) => self.tell([self.write_rejection(&rejection)]),
        }
    }

    /// The number of the change of status that clients count so.
    fn number_of(&self, seq: &str) -> Number {
        let seq = parsed(seq);
        let is_it = |event: &&Event| event.seq.0 == seq && event.status().is_some();
        self.events().find(is_it).map_or(Number(seq), |event| event.number)
    }

    /// How clients count a change.
    fn seq_of(&self, number: Number) -> u64 {
        let mut known = self.record.iter().filter_map(|told| match told {
            Told::Event(event) => Some((event.number, event.seq)),
            Told::Resume(number, seq, ..) => Some((*number, *seq)),
            Told::Stored(_) => None,
        });
        known.rfind(|known| known.0 <= number).map_or(number.0, |known| known.1.0)
    }

    /// The change that accepted the newest order of this name; 0, which accepts none, where there is none.
    fn accepted_number(&self, name: &str) -> Number {
        let is_it = |event: &&Event| event.accepted().is_some_and(|accepted| accepted.id == id_of(name));
        self.events().filter(is_it).last().map_or(Number(0), |event| event.number)
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.record.iter().filter_map(|told| match told {
            Told::Event(event) => Some(event),
            Told::Stored(_) | Told::Resume(..) => None,
        })
    }

    fn write_rejection(&self, rejection: &Rejection) -> String {
        let advice = if rejection.is_temporary() { ", for now" } else { "" };
        let told = match rejection {
            Rejection::AlreadyPlaced(accepted) => {
                let placed = self.events().find(|event| event.number == *accepted).and_then(Event::accepted);
                format!("AlreadyPlaced {}", name_of(placed.expect("it was accepted").id))
            }
            Rejection::NameTaken(taken) => format!("NameTaken {}", write_name(taken)),
            Rejection::UnknownOrder
            | Rejection::OrderClosed
            | Rejection::Hindered(_)
            | Rejection::UnknownSymbol
            | Rejection::Faulty(_)
            | Rejection::FaultyQuote(_)
            | Rejection::FaultyRows(_)
            | Rejection::TooManyRows
            | Rejection::FaultyListing(_)
            | Rejection::AlreadyListed
            | Rejection::InstrumentClosed
            | Rejection::AccountFaulty(_)
            | Rejection::UnknownAccount
            | Rejection::AccountTaken
            | Rejection::TooManyAccounts
            | Rejection::NoConversion
            | Rejection::ShortNotAllowed
            | Rejection::InsufficientBuyingPower
            | Rejection::OutOfRange
            | Rejection::BookFull
            | Rejection::TooManyInstruments
            | Rejection::Ruled(_) => format!("{rejection:?}"),
        };
        format!("! {told}{advice}")
    }

    fn hear(&mut self, told: Told) {
        told.tell(&mut self.exchange);
        self.record.push(told);
    }

    fn read_event(&self, words: &[&str]) -> Event {
        let [number, at, name, what, symbol, quantity, ref rest @ ..] = *words else { no_event(words) };
        let (id, accepted_number) = (id_of(name), self.accepted_number(name));
        let symbol = Symbol::new(symbol).expect("a symbol");
        let quantity = Quantity::new(parsed(quantity)).expect("a quantity");
        let order = OrderRef { accepted_number, id, symbol, quantity };
        let body = match (what, rest) {
            ("ACCEPTED", ["due", due_at]) => {
                let due_at = Some(Time(parsed(due_at)));
                Body::Accepted(Accepted { id, symbol, quantity, due_at, origin: None, rich: None })
            }
            ("EXECUTED", []) => Body::Executed(order),
            ("CANCELLED", []) => Body::Cancelled(order),
            _ => no_event(words),
        };
        let seq = Seq(parsed(number));
        let ahead = seq.0 - self.exchange.last_seq().0;
        Event { number: Number(self.exchange.last_number().0 + ahead), seq, at: Time(parsed(at)), body }
    }

    fn restart(&mut self) {
        self.exchange = new_book(self.max_orders, self.recent);
        self.record.iter().for_each(|told| told.tell(&mut self.exchange));
    }

    fn tell(&mut self, lines: impl IntoIterator<Item = String>) {
        let mut lines: Vec<String> = lines.into_iter().collect();
        if lines.is_empty() {
            lines.push("-".into());
        }
        lines.iter().for_each(|line| writeln!(self.transcript, "    {line}").expect("writing to a string"));
        self.told.append(&mut lines);
    }

    fn counts(&self) -> String {
        let next_due = self.exchange.next_due().map_or("never".into(), |due_at| due_at.0.to_string());
        let (open, held) = (self.exchange.open_orders(), self.exchange.held_orders());
        let (last, forgotten) = (self.exchange.last_seq().0, self.seq_of(self.exchange.forgotten()));
        format!("open {open} held {held} last {last} forgotten {forgotten} next due {next_due}")
    }

    /// All that can be read from the exchange.
    fn reads(&self) -> (String, Vec<Order>) {
        (self.counts(), self.exchange.orders_after(Number(0)).collect())
    }
}

impl Told {
    fn tell(&self, exchange: &mut Exchange) {
        match self {
            Told::Event(event) => exchange.apply(event),
            Told::Stored(number) => exchange.stored(*number),
            Told::Resume(number, seq, at, accepted) => exchange.resume(*number, *seq, *at, *accepted),
        }
    }
}

fn new_book(max_orders: usize, recent: Option<usize>) -> Exchange {
    recent.map_or_else(|| Exchange::new(max_orders), |recent| Exchange::backed(max_orders, recent))
}

fn steps(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty())
}

#[track_caller]
fn parsed<N: std::str::FromStr>(text: &str) -> N {
    text.parse().unwrap_or_else(|_| panic!("no number for this place: {text}"))
}

/// `as` before a client order id, `key` before an idempotency key; either, both in this order, or none.
fn read_origin(words: &[&str]) -> Option<Arc<Origin>> {
    let key = |text| Some(Label::new(text).expect("a key"));
    match *words {
        [] => None,
        ["as", own] => Origin::new(key(own), None),
        ["key", request] => Origin::new(None, key(request)),
        ["as", own, "key", request] => Origin::new(key(own), key(request)),
        _ => panic!("no names: {}", words.join(" ")),
    }
}

fn read_name(kind: &str, key: &str) -> Name {
    let names: Vec<Name> = read_origin(&[kind, key]).expect("a name").names().collect();
    names.into_iter().next().expect("it has one name")
}

fn write_name(name: &Name) -> String {
    match name {
        Name::ClientOrderId(key) => format!("as {key:?}"),
        Name::IdempotencyKey(key) => format!("key {key:?}"),
    }
}

/// As a `submit` ends.
fn write_origin(origin: Option<&Origin>) -> String {
    origin.into_iter().flat_map(Origin::names).map(|name| format!(" {}", write_name(&name))).collect()
}

fn no_event(words: &[&str]) -> ! {
    panic!("no event: {}", words.join(" "))
}

/// Nothing of an event that changes no status: what that tells is told by tests of their own.
fn write_event(event: &Event) -> Option<String> {
    let (what, due) = match &event.body {
        Body::Accepted(Accepted { due_at, origin, .. }) => {
            ("ACCEPTED", format!(" due {}{}", write_due(*due_at), write_origin(origin.as_deref())))
        }
        Body::Executed(_) | Body::Bought(_) => ("EXECUTED", String::new()),
        Body::Cancelled(_) => ("CANCELLED", String::new()),
        Body::Arrived(_)
        | Body::Filled(_)
        | Body::Ended(_)
        | Body::Amended(_)
        | Body::Replaced(_)
        | Body::Rescheduled(_)
        | Body::Scripted(_)
        | Body::Triggered(_)
        | Body::Followed(_)
        | Body::Listed(_)
        | Body::InstrumentChanged(_)
        | Body::Quoted(_)
        | Body::RowsChanged(_)
        | Body::AccountOpened(_)
        | Body::Transferred(_)
        | Body::RulesSet(_)
        | Body::Ruled(_)
        | Body::Refused(_) => return None,
    };
    let OrderRef { id, symbol, quantity, .. } = event.order()?;
    let (symbol, quantity) = (symbol.as_str(), quantity.get());
    Some(format!("{} {} {} {what} {symbol} {quantity}{due}", event.seq.0, event.at.0, name_of(id)))
}

fn write_due(due_at: Option<Time>) -> String {
    due_at.map_or_else(|| "by an act".to_owned(), |due_at| due_at.0.to_string())
}

/// Begins as the event that accepted the order; then comes where it stands and since which change.
fn write_order(order: &Order) -> String {
    let state = match (order.status(), order.closed_at) {
        (Status::Executed, Some(at)) => format!("EXECUTED at {}", at.0),
        (Status::Cancelled, Some(at)) => format!("CANCELLED at {}", at.0),
        (status, at) => format!("{}{at:?}", format!("{status:?}").to_uppercase()).replace("None", ""),
    };
    let Order { accepted_seq, accepted_at, due_at, .. } = order;
    let what = format!("{} {} {}", name_of(order.id), order.symbol.as_str(), order.quantity.get());
    let names = write_origin(order.origin.as_deref());
    format!(
        "{} {} {what} due {}{names}: {state} since {}",
        accepted_seq.0,
        accepted_at.0,
        write_due(*due_at),
        order.seq.0
    )
}
