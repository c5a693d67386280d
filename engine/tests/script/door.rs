//! The one door of these tests: [`check`] runs a script against a book and compares what the book told.
//!
//! One step a line; times and delays are in microseconds; `#` begins a comment.
//!
//! | step | meaning | told |
//! |---|---|---|
//! | `book of 3` | start anew with room for 3 orders (100 where nothing is said) | |
//! | `at 50` | it is 50 now; until the first one it is 0 | |
//! | `submit a EURUSD 5 delay 100`, `cancel a`, `execute` | decide, and apply what was decided | events or `! Rejection` |
//! | `apply 2 50 a CANCELLED EURUSD 5` | apply an event from elsewhere | |
//! | `restart`, `restart with 3` | replay all events into a fresh book | |
//! | `find a` | the order | the order |
//! | `list after 1` | ids of the orders accepted after change 1 | ids |
//! | `open at 2` | orders as they stood right after change 2, if open then | orders |
//! | `count` | the numbers a book keeps | one line |
//!
//! Where a step that tells has nothing to tell, it tells `-`.

use std::fmt::Write;

use tradepit_engine::{Book, Change, Command, Event, Order, OrderId, Quantity, Rejection, Seq, State, Symbol, Time};

/// Runs `script` and requires that the book tells the lines of `expected`, and again on a second run (invariant 2);
/// a book that only replays the events must end as the one that decided them.
#[track_caller]
pub(crate) fn check(script: &str, expected: &str) {
    let mut world = World::run(script);
    let expected: Vec<&str> = steps(expected).collect();
    assert!(world.told == expected, "expected:\n{}\n\nbut:\n{}", expected.join("\n"), world.transcript);
    assert_eq!(world.told, World::run(script).told, "the second run differs");
    let lived = world.reads();
    world.restart(world.max_orders);
    assert_eq!(world.reads(), lived, "the replayed book differs");
}

struct World {
    book: Book,
    max_orders: usize,
    now: Time,
    /// Everything applied so far: what a log would hold.
    record: Vec<Event>,
    told: Vec<String>,
    /// Each step with what it told below it, for whoever reads a failure.
    transcript: String,
}

impl World {
    fn run(script: &str) -> World {
        let mut world = World::new(100);
        for step in steps(script) {
            writeln!(world.transcript, "{step}").expect("writing to a string");
            let words: Vec<&str> = step.split_whitespace().collect();
            world.step(&words);
        }
        world
    }

    fn new(max_orders: usize) -> World {
        let (told, transcript) = (Vec::new(), String::new());
        World { book: Book::new(max_orders), max_orders, now: Time(0), record: Vec::new(), told, transcript }
    }

    fn step(&mut self, words: &[&str]) {
        match *words {
            ["book", "of", max_orders] => *self = World::new(number(max_orders)),
            ["at", now] => self.now = Time(number(now)),
            ["submit", name, symbol, quantity, "delay", delay_us] => self.decide(&Command::Submit {
                id: id(name),
                symbol: Symbol::new(symbol).expect("a symbol"),
                quantity: Quantity::new(number(quantity)).expect("a quantity"),
                delay_us: number(delay_us),
            }),
            ["cancel", name] => self.decide(&Command::Cancel { id: id(name) }),
            ["execute"] => self.decide(&Command::ExecuteDue),
            ["apply", ref event @ ..] => self.apply(&read_event(event)),
            ["restart"] => self.restart(self.max_orders),
            ["restart", "with", max_orders] => self.restart(number(max_orders)),
            ["find", name] => self.tell(self.book.find(id(name)).map(write_order)),
            ["list", "after", seq] => {
                let names: Vec<String> = self.book.orders_after(Seq(number(seq))).map(|order| name(order.id)).collect();
                self.tell((!names.is_empty()).then(|| names.join(" ")));
            }
            ["open", "at", seq] => {
                let seq = Seq(number(seq));
                let open = self.book.orders_after(Seq(0)).filter(|order| order.was_open_at(seq));
                self.tell(open.map(|order| write_order(&order.while_open())).collect::<Vec<_>>());
            }
            ["count"] => self.tell([self.counts()]),
            _ => panic!("no such step: {}", words.join(" ")),
        }
    }

    fn decide(&mut self, command: &Command) {
        match self.book.decide(self.now, command) {
            Ok(events) => {
                events.iter().for_each(|event| self.apply(event));
                self.tell(events.iter().map(write_event).collect::<Vec<_>>());
            }
            Err(rejection) => self.tell([write_rejection(rejection)]),
        }
    }

    fn apply(&mut self, event: &Event) {
        self.book.apply(event);
        self.record.push(*event);
    }

    fn restart(&mut self, max_orders: usize) {
        self.max_orders = max_orders;
        self.book = Book::new(max_orders);
        self.record.iter().for_each(|event| self.book.apply(event));
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
        let next_due = self.book.next_due().map_or("never".into(), |due_at| due_at.0.to_string());
        let (open, held) = (self.book.open_orders(), self.book.held_orders());
        let (last, forgotten) = (self.book.last_seq().0, self.book.forgotten().0);
        format!("open {open} held {held} last {last} forgotten {forgotten} next due {next_due}")
    }

    /// All that can be read from the book.
    fn reads(&self) -> (String, Vec<Order>) {
        (self.counts(), self.book.orders_after(Seq(0)).copied().collect())
    }
}

fn steps(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty())
}

#[track_caller]
fn number<N: std::str::FromStr>(text: &str) -> N {
    text.parse().unwrap_or_else(|_| panic!("no number for this place: {text}"))
}

/// An order's name, of at most 16 letters, is its id: the bytes after it are zero.
fn id(name: &str) -> OrderId {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    OrderId(bytes)
}

fn name(id: OrderId) -> String {
    String::from_utf8_lossy(&id.0).trim_end_matches('\0').to_owned()
}

fn read_event(words: &[&str]) -> Event {
    let change = read_change(words);
    let [seq, at, name, _, symbol, quantity, ..] = *words else { unreachable!("the change was read from them") };
    let symbol = Symbol::new(symbol).expect("a symbol");
    let quantity = Quantity::new(number(quantity)).expect("a quantity");
    Event { seq: Seq(number(seq)), at: Time(number(at)), id: id(name), symbol, quantity, change }
}

fn read_change(words: &[&str]) -> Change {
    match *words {
        [_, _, _, "ACCEPTED", _, _, "due", due_at] => Change::Accepted { due_at: Time(number(due_at)) },
        [_, _, _, "EXECUTED", _, _] => Change::Executed,
        [_, _, _, "CANCELLED", _, _] => Change::Cancelled,
        _ => panic!("no event: {}", words.join(" ")),
    }
}

fn write_event(event: &Event) -> String {
    let (change, due) = match event.change {
        Change::Accepted { due_at } => ("ACCEPTED", format!(" due {}", due_at.0)),
        Change::Executed => ("EXECUTED", String::new()),
        Change::Cancelled => ("CANCELLED", String::new()),
    };
    let (symbol, quantity) = (event.symbol.as_str(), event.quantity.get());
    format!("{} {} {} {change} {symbol} {quantity}{due}", event.seq.0, event.at.0, name(event.id))
}

fn write_rejection(rejection: Rejection) -> String {
    let advice = if rejection.is_temporary() { ", for now" } else { "" };
    format!("! {rejection:?}{advice}")
}

/// Begins as the event that accepted the order; then comes where it stands and since which change.
fn write_order(order: &Order) -> String {
    let state = match order.state {
        State::Pending => "PENDING".to_owned(),
        State::Executed { at } => format!("EXECUTED at {}", at.0),
        State::Cancelled { at } => format!("CANCELLED at {}", at.0),
    };
    let Order { accepted_seq, accepted_at, due_at, .. } = order;
    let what = format!("{} {} {}", name(order.id), order.symbol.as_str(), order.quantity.get());
    format!("{} {} {what} due {}: {state} since {}", accepted_seq.0, accepted_at.0, due_at.0, order.seq.0)
}
