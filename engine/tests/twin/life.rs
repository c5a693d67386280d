//! One life of an exchange beside its twin: the commands of a world, and after each the comparison.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Debug;

use tradepit_engine::{
    Command, EXECUTE_AT_MOST, Event, Exchange, Name, Number, Order, Quoting, Rejection, Rules, Seq, Time,
};
use tradepit_kit::{Dice, orders};

use crate::commands::{World, key};
use crate::naive::Naive;

/// How many commands a failure shows.
const RECENT: usize = 12;

pub(crate) struct Life {
    world: World,
    dice: Dice,
    now: Time,
    exchange: Exchange,
    twin: Naive,
    /// Every event so far: what a log would hold.
    pub(crate) record: Vec<Event>,
    /// Every kind of outcome that came about.
    pub(crate) met: BTreeSet<&'static str>,
    step: u64,
    recent: VecDeque<String>,
}

impl Life {
    /// Lives through all commands of `world` with five restarts, then cancels whatever is still open.
    pub(crate) fn live(world: World) -> Life {
        let mut life = Life {
            world,
            dice: Dice::seeded(world.seed),
            now: Time(world.begins_at),
            exchange: new_book(world),
            twin: Naive::new(world.max_orders, world.recent),
            record: Vec::new(),
            met: BTreeSet::new(),
            step: 0,
            recent: VecDeque::new(),
        };
        for _ in 0..world.commands {
            let command = world.command(&mut life.dice, &mut life.now, life.twin.last_number);
            life.obey(&command);
            if world.recent.is_some() && life.dice.below(3) == 0 {
                life.store();
            }
            if life.step.is_multiple_of(world.commands / 5) {
                life.restart();
            }
        }
        let held: Vec<Number> = life.twin.orders.iter().map(|entry| Number(entry.accepted.0)).collect();
        held.into_iter().for_each(|accepted_number| life.obey(&Command::Cancel { accepted_number }));
        life
    }

    fn obey(&mut self, command: &Command) {
        self.step += 1;
        self.recent.push_back(format!("step {} at {}: {command:?}", self.step, self.now.0));
        self.recent.drain(..self.recent.len().saturating_sub(RECENT));

        let (decided, forgotten) = (self.exchange.decide(self.now, command), self.twin.forgotten);
        let done = self.twin.obey(self.now, command);
        self.same("events or rejection", &decided, &done);
        self.met.insert(kind(command, &done));
        for event in done.iter().flatten() {
            self.exchange.apply(event);
            self.record.push(event.clone());
        }
        if self.twin.forgotten > forgotten {
            self.met.insert("forgot");
        }
        self.compare(command);
    }

    /// The store confirms: some of what is new, or something that it confirmed before.
    fn store(&mut self) {
        let (stored, forgotten) = (self.twin.stored.saturating_sub(2), self.twin.forgotten);
        let number = stored + self.dice.below(self.twin.last_number + 1 - stored);
        self.recent.push_back(format!("stored {number}"));
        self.exchange.stored(Number(number));
        self.twin.store(number);
        if self.twin.forgotten > forgotten {
            self.met.insert("forgot as stored");
        }
        self.compare(&Command::ExecuteDue);
    }

    fn compare(&mut self, command: &Command) {
        let (exchange, twin) = (&self.exchange, &self.twin);
        self.same("last_number", exchange.last_number(), Number(twin.last_number));
        self.same("last_seq", exchange.last_seq(), Seq(twin.last_seq));
        self.same("accepted_orders", exchange.accepted_orders(), twin.accepted);
        self.same("forgotten", exchange.forgotten(), Number(twin.forgotten));
        self.same("held_orders", exchange.held_orders(), twin.orders.len());
        match *command {
            Command::Cancel { accepted_number }
            | Command::Amend { accepted_number, .. }
            | Command::Act { accepted_number, .. } => {
                self.compare_order(accepted_number);
            }
            Command::Submit(_)
            | Command::SubmitGroup(_)
            | Command::Replace(_)
            | Command::Quote { .. }
            | Command::AppendRows { .. }
            | Command::DropRows { .. }
            | Command::List { .. }
            | Command::ChangeInstrument { .. }
            | Command::ExecuteDue
            | Command::OpenAccount(_)
            | Command::Transfer(_)
            | Command::SetRules { .. }
            | Command::Decided(_) => self.compare_order(exchange.last_number()),
        }
        // The more there is to walk along, the seldomer: a tiny exchange is compared whole after every command.
        if self.dice.below(1 + self.twin.orders.len() as u64) < 8 {
            self.compare_walks();
        }
        if self.dice.below(500) == 0 {
            self.compare_past();
        }
    }

    fn compare_order(&self, accepted: Number) {
        let found = self.twin.position(accepted).map(|position| self.twin.orders[position].shown());
        self.same("order", self.exchange.order(accepted), found);
    }

    fn compare_walks(&mut self) {
        let after = Number(self.dice.below(self.twin.last_number + 2));
        let (exchange, twin) = (&self.exchange, &self.twin);
        self.same("next_due", exchange.next_due(), twin.next_due());
        self.same("open_orders", exchange.open_orders(), twin.open_orders());
        for after in [Number(0), after] {
            let younger = twin.orders.iter().filter(|entry| entry.accepted.0 > after.0);
            let shown: Vec<Order> = younger.map(|entry| entry.shown()).collect();
            self.same("orders_after", exchange.orders_after(after).collect::<Vec<_>>(), shown);
        }
        let number = self.world.recent(&mut self.dice, self.twin.last_number);
        self.compare_order(number);
        if self.world.names > 0 {
            let key = key(self.dice.below(self.world.names));
            for name in [Name::ClientOrderId(key.clone()), Name::IdempotencyKey(key)] {
                let found = self.twin.named(&name).map(|entry| entry.shown());
                self.same("find_named", self.exchange.find_named(&name), found);
            }
        }
    }

    /// Any time that the exchange does not disown must be told as the record tells it (what invariant 4 begins with).
    fn compare_past(&mut self) {
        let forgotten = self.twin.forgotten;
        let number = Number(forgotten + self.dice.below(self.twin.last_number + 1 - forgotten));
        let held = self.exchange.orders_after(Number(0));
        let told: Vec<Order> =
            held.filter(|order| order.was_open_at(number)).map(|order| order.as_accepted()).collect();
        self.same("was_open_at", told, open_at(&self.record, number));
    }

    /// A fresh exchange that replays the record must equal the one that lived it, and goes on in its place.
    ///
    /// With a store behind it only the open orders come back, and they must equal what the twin then holds.
    fn restart(&mut self) {
        if self.world.recent.is_some() {
            return self.resume();
        }
        let mut replayed = new_book(self.world);
        self.record.iter().for_each(|event| replayed.apply(event));
        let lived = std::mem::replace(&mut self.exchange, replayed);
        self.same("replayed reads", reads(&self.exchange), reads(&lived));
        for number in (1..=self.twin.last_number).rev().take(4_096) {
            self.same("replayed order", self.exchange.order(Number(number)), lived.order(Number(number)));
        }
    }

    fn resume(&mut self) {
        self.twin.resume();
        let mut resumed = new_book(self.world);
        let open: BTreeSet<Number> = self.twin.orders.iter().map(|entry| Number(entry.accepted.0)).collect();
        self.record.iter().filter(|event| open.contains(&event.number)).for_each(|event| resumed.apply(event));
        let (number, seq) = (Number(self.twin.last_number), Seq(self.twin.last_seq));
        resumed.resume(number, seq, Time(self.twin.last_at), self.twin.accepted);
        self.exchange = resumed;
        self.compare(&Command::ExecuteDue);
        self.compare_walks();
    }

    fn same<T: PartialEq + Debug>(&self, what: &str, engine: T, twin: T) {
        if engine != twin {
            let recent: Vec<&str> = self.recent.iter().map(String::as_str).collect();
            let (world, step, recent) = (self.world, self.step, recent.join("\n"));
            panic!("{what} differs in {world:?}\nengine: {engine:?}\ntwin:   {twin:?}\nafter step {step}:\n{recent}");
        }
    }
}

fn new_book(world: World) -> Exchange {
    // Without a house every native order executes at the reference price, whatever it asks for.
    let rules = Rules { quoting: Quoting::Nobody, ..Rules::default() };
    let exchange = Exchange::with_rules(world.max_orders, rules);
    match world.recent {
        Some(recent) => exchange.in_front_of_store(recent),
        None => exchange,
    }
}

fn kind(command: &Command, outcome: &Result<Vec<Event>, Rejection>) -> &'static str {
    match (command, outcome.as_deref()) {
        (Command::Submit(_), Ok(_)) => "accepted",
        (Command::Cancel { .. }, Ok([])) => "left as closed",
        (Command::Cancel { .. }, Ok(_)) => "cancelled",
        (Command::Amend { .. }, Ok(_)) => "amended",
        (Command::SubmitGroup(_), Ok(_)) => "grouped",
        (Command::Replace(_), Ok(_)) => "replaced",
        (Command::Act { .. }, Ok(_)) => "made to happen",
        (Command::Quote { .. } | Command::AppendRows { .. } | Command::DropRows { .. }, Ok(_)) => "quoted",
        (Command::List { .. } | Command::ChangeInstrument { .. }, Ok(_)) => "instruments",
        (Command::OpenAccount(_) | Command::Transfer(_), Ok(_)) => "accounts",
        (Command::SetRules { .. } | Command::Decided(_), Ok(_)) => "rules",
        (Command::ExecuteDue, Ok([])) => "nothing due",
        (Command::ExecuteDue, Ok(events)) if events.len() == EXECUTE_AT_MOST => "full batch",
        (Command::ExecuteDue, Ok(_)) => "executed",
        (_, Err(Rejection::UnknownOrder)) => "unknown",
        (_, Err(Rejection::AlreadyPlaced(_))) => "repeated",
        (_, Err(Rejection::NameTaken(Name::ClientOrderId(_)))) => "own id taken",
        (_, Err(Rejection::NameTaken(Name::IdempotencyKey(_)))) => "key taken",
        (_, Err(Rejection::BookFull)) => "full",
        (_, Err(rejection)) => panic!("nobody asks for what is refused so: {rejection:?}"),
    }
}

/// The orders that were open right after the change `number`, as the record alone tells.
fn open_at(record: &[Event], number: Number) -> Vec<Order> {
    let orders = orders(record.iter().take_while(|event| event.number <= number));
    orders.into_values().filter(|order| !order.state.is_closed()).collect()
}

/// All that can be read from an exchange without an id.
fn reads(exchange: &Exchange) -> (Vec<Order>, Option<Time>, usize, usize, Number, Number) {
    let orders = exchange.orders_after(Number(0)).collect();
    (
        orders,
        exchange.next_due(),
        exchange.open_orders(),
        exchange.held_orders(),
        exchange.last_number(),
        exchange.forgotten(),
    )
}
