//! One life of an exchange beside its twin: command by command, and after each the comparison. A life that fails is
//! shrunk: the shortest list of its commands that still fails is told.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tradepit_engine::{
    Command, Event, Exchange, Money, Name, Number, Order, OrderId, Replace, Seq, Side, Symbol, Time, Told,
};

use crate::accounts::{Accounts, Holding};
use crate::acting::met_by_acts;
use crate::commands::Drawing;
use crate::copies::Beside;
use crate::groups::met_by_groups;
use crate::naive::Naive;
use crate::outcomes::{met_by, met_by_triggers, met_in_all};
use crate::owners::met_by_accounts;
use crate::worlds::World;

/// What is asked, when, and of which order: that is found again where the commands before it are others.
#[derive(Clone)]
struct Asked {
    now: Time,
    command: Command,
    of: Option<OrderId>,
}

impl Asked {
    fn new((now, command): (Time, Command), twin: &Naive) -> Asked {
        let of = match command {
            Command::Cancel { accepted_number }
            | Command::Amend { accepted_number, .. }
            | Command::Act { accepted_number, .. }
            | Command::Replace(Replace { accepted_number, .. }) => twin.find(accepted_number),
            Command::Submit(_)
            | Command::SubmitGroup(_)
            | Command::Quote { .. }
            | Command::AppendRows { .. }
            | Command::DropRows { .. }
            | Command::List { .. }
            | Command::ChangeInstrument { .. }
            | Command::ExecuteDue
            | Command::OpenAccount(_)
            | Command::Transfer(_)
            | Command::SetRules { .. }
            | Command::Decided(_) => None,
        };
        Asked { now, command, of: of.map(|place| twin.orders[place].id) }
    }

    /// The command as it is meant beside this twin.
    fn command(&self, twin: &Naive) -> Command {
        let mut command = self.command.clone();
        if let (
            Some(id),
            Command::Cancel { accepted_number }
            | Command::Amend { accepted_number, .. }
            | Command::Act { accepted_number, .. }
            | Command::Replace(Replace { accepted_number, .. }),
        ) = (self.of, &mut command)
        {
            let found = twin.orders.iter().find(|entry| entry.id == id);
            *accepted_number = Number(found.map_or(u64::MAX, |entry| entry.accepted));
        }
        command
    }
}

/// So many orders are compared whole after every command; where there are more, those that it touched, and all of them
/// once in so many commands.
const FEW: usize = 60;
const ALL_ONCE_IN: usize = 40;

pub(crate) struct Life {
    pub(crate) exchange: Exchange,
    pub(crate) twin: Naive,
    pub(crate) world: World,
    pub(crate) now: Time,
    pub(crate) steps: usize,
    /// The exchange, or its copy, that was left behind.
    pub(crate) beside: Option<Beside>,
    record: Vec<Event>,
    /// The room in which each command is told.
    told: Told,
    /// Every kind of outcome that came about.
    met: BTreeSet<&'static str>,
}

/// Lives through a world; returns all that was met. Panics with the shortest list of commands where they differ.
pub(crate) fn live(world: World) -> BTreeSet<&'static str> {
    let (mut life, mut drawing, mut asked) = (Life::begin(world), Drawing::of(world), Vec::new());
    for _ in 0..world.commands {
        let next = Asked::new(drawing.next(&life.twin), &life.twin);
        asked.push(next.clone());
        if attempt(|| life.obey(&next)).is_err() {
            fail(world, asked);
        }
    }
    if attempt(|| life.end()).is_err() {
        fail(world, asked);
    }
    life.met
}

/// What goes wrong, by difference or by panic.
fn attempt(act: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

fn run(world: World, asked: &[Asked]) -> Result<(), String> {
    attempt(|| {
        let mut life = Life::begin(world);
        asked.iter().try_for_each(|asked| life.obey(asked))?;
        life.end()
    })
}

/// Drops commands in ever smaller pieces, as long as what is left fails.
fn fail(world: World, mut asked: Vec<Asked>) -> ! {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut piece = asked.len().div_ceil(2);
    loop {
        let (mut from, before) = (0, asked.len());
        while from < asked.len() {
            let rest = [&asked[..from], &asked[asked.len().min(from + piece)..]].concat();
            // Who asked nothing has no time at which to go on.
            if !rest.is_empty() && run(world, &rest).is_err() { asked = rest } else { from += piece }
        }
        if piece == 1 && asked.len() == before {
            break;
        }
        piece = piece.div_ceil(2);
    }
    let why = run(world, &asked).expect_err("it still fails");
    std::panic::set_hook(hook);
    let mut text = format!("world {} of seed {}, {} commands:\n", world.name, world.seed, asked.len());
    for Asked { now, command, of } in &asked {
        let of = of.map_or(String::new(), |id| format!(" of {id:?}"));
        writeln!(text, "at {}: {command:?}{of}", now.0).expect("a text takes all");
    }
    // Where several fail at a time, the hook that is there now may be silent.
    println!("{text}{why}");
    panic!("{} differs from its twin", world.name);
}

impl Life {
    fn begin(world: World) -> Life {
        let rules = world.rules();
        let twin = Naive::new(world.max_orders, &rules);
        let exchange = Exchange::with_rules(world.max_orders, rules);
        Life {
            exchange,
            twin,
            world,
            now: Time(0),
            steps: 0,
            beside: None,
            record: Vec::new(),
            told: Told::default(),
            met: BTreeSet::new(),
        }
    }

    fn obey(&mut self, asked: &Asked) -> Result<(), String> {
        self.now = asked.now;
        let command = &asked.command(&self.twin);
        // Whoever keeps an exchange lets an order trade to its end before anything else.
        while self.twin.acts_now()
            && !matches!(command, Command::Submit(_) | Command::SubmitGroup(_) | Command::ExecuteDue)
        {
            self.met.insert("trades to its end first");
            self.act(&Command::ExecuteDue)?;
        }
        let from = self.record.len();
        self.act(command)?;
        // And no time passes before all that is triggered is.
        while self.twin.trading().is_none() && self.twin.acts_now() {
            self.act(&Command::ExecuteDue)?;
        }
        self.met.extend(met_in_all(command, &self.record[from..]));
        Ok(())
    }

    fn act(&mut self, command: &Command) -> Result<(), String> {
        self.steps += 1;
        let (decided, forgotten) = (self.exchange.decide_into(self.now, command, &mut self.told), self.twin.forgotten);
        let decided = decided.map(|()| self.told.to_vec());
        // What the outcomes are told apart by: the orders that the command may be about, as they were before it.
        let before = match command {
            Command::Submit(_)
            | Command::SubmitGroup(_)
            | Command::Quote { .. }
            | Command::AppendRows { .. }
            | Command::DropRows { .. }
            | Command::List { .. }
            | Command::ChangeInstrument { .. }
            | Command::OpenAccount(_)
            | Command::Transfer(_)
            | Command::SetRules { .. }
            | Command::Decided(_) => Vec::new(),
            Command::Cancel { accepted_number }
            | Command::Amend { accepted_number, .. }
            | Command::Act { accepted_number, .. }
            | Command::Replace(Replace { accepted_number, .. }) => {
                self.twin.find(*accepted_number).map(|place| self.twin.orders[place].clone()).into_iter().collect()
            }
            Command::ExecuteDue => self.twin.orders.iter().filter(|entry| entry.is_open()).cloned().collect(),
        };
        let (acts_now, to_trigger) = (self.twin.acts_now(), self.twin.to_trigger(self.now.0));
        let done = self.twin.obey(self.now, command);
        same("events or rejection", &decided, &done)?;
        if acts_now && *command == Command::ExecuteDue && done.as_ref().is_ok_and(Vec::is_empty) {
            return Err("nothing follows, though it should".to_owned());
        }
        self.met.extend(met_by_triggers(&done, acts_now, &to_trigger));
        self.met.extend(met_by(command, &done, &before, &self.twin));
        self.met.extend(met_by_acts(command, &done, &before));
        self.met.extend(met_by_groups(command, &done, &before, &self.twin));
        self.met.extend(met_by_accounts(command, &done, &self.twin));
        if self.twin.forgotten > forgotten {
            self.met.insert("forgot");
        }
        for event in done.iter().flatten() {
            self.exchange.apply(event);
        }
        self.compare(done.as_deref().unwrap_or_default())?;
        self.record.extend(done.into_iter().flatten());
        self.copy()
    }

    fn compare(&mut self, events: &[Event]) -> Result<(), String> {
        let (exchange, twin) = (&self.exchange, &self.twin);
        same("last_number", exchange.last_number(), Number(twin.last_number))?;
        same("last_seq", exchange.last_seq(), Seq(twin.last_seq))?;
        same("accepted_orders", exchange.accepted_orders(), twin.accepted)?;
        same("forgotten", exchange.forgotten(), Number(twin.forgotten))?;
        same("held_orders", exchange.held_orders(), twin.orders.len())?;
        same("open_orders", exchange.open_orders(), twin.open_orders())?;
        same("acts_now", exchange.acts_now(), twin.acts_now())?;
        same("next_due", exchange.next_due(), twin.next_due())?;
        if twin.orders.len() <= FEW || self.steps.is_multiple_of(ALL_ONCE_IN) {
            let shown = twin.orders.iter().map(|entry| entry.shown());
            let held: Vec<Order> = exchange.orders_after(Number(0)).collect();
            same("orders", held, shown.collect::<Vec<_>>())?;
        }
        for order in events.iter().filter_map(Event::order) {
            let place = twin.find(order.accepted_number);
            let shown = place.map(|place| twin.orders[place].shown());
            same("order", exchange.order(order.accepted_number), shown)?;
        }
        self.compare_books(events)?;
        self.compare_accounts()?;
        if self.world.names > 0 && self.steps.is_multiple_of(7) {
            self.compare_names()?;
        }
        Ok(())
    }

    /// The books of whatever the command touched, at times all of them: the house's come anew with time.
    fn compare_books(&self, events: &[Event]) -> Result<(), String> {
        let (exchange, twin) = (&self.exchange, &self.twin);
        let listed: Vec<Symbol> = exchange.instruments().map(|instrument| instrument.listing().symbol).collect();
        let shown = exchange.instruments().map(|instrument| (*instrument.listing(), instrument.status));
        let markets = twin.markets.iter().map(|market| (market.listing, market.status));
        same("instruments", shown.collect::<Vec<_>>(), markets.collect())?;
        let touched: BTreeSet<Symbol> = events.iter().filter_map(Event::order).map(|order| order.symbol).collect();
        let (is_of_all, mut resting) = (self.steps.is_multiple_of(ALL_ONCE_IN), 0);
        for (number, symbol) in (0..).zip(listed) {
            let is_touched = is_of_all || touched.contains(&symbol);
            for side in [Side::Buy, Side::Sell] {
                let levels = exchange.levels(symbol, side);
                let levels: Vec<_> = levels.map(|level| (level.price, level.total, level.orders)).collect();
                resting += levels.iter().map(|(_, _, orders)| *orders as usize).sum::<usize>();
                if is_touched || !levels.is_empty() {
                    same("levels", levels, twin.levels(symbol, side))?;
                }
            }
            if is_touched {
                self.compare_offered(number, symbol)?;
            }
        }
        same("resting orders", resting, twin.orders.iter().filter(|entry| entry.rests()).count())
    }

    fn compare_offered(&self, number: u32, symbol: Symbol) -> Result<(), String> {
        // What rests trades with a new quote before anybody sees that.
        let (twin, meets_at) = (&self.twin, self.twin.meeting(self.twin.market(symbol)));
        let at = Time(self.now.0.min(meets_at.map_or(i64::MAX, |at| at - 1)).max(twin.last_at));
        let offered = self.exchange.offered(number, self.now, 30);
        for (side, offers) in [(Side::Buy, offered.bids), (Side::Sell, offered.asks)] {
            let offers: Vec<_> = offers.iter().map(|offers| (offers.ticks, offers.lots)).collect();
            let shown = twin.offered(symbol, side, at.0).into_iter().take(30).collect();
            same("offered", offers, shown)?;
        }
        let last = twin.deals.iter().rev().find(|deal| deal.symbol == symbol).map(|deal| deal.ticks);
        same("last price", (offered.at, offered.last_ticks), (at, last))
    }

    fn compare_accounts(&self) -> Result<(), String> {
        let (clearing, accounts) = (self.exchange.clearing(), &self.twin.accounts);
        let mut held = Accounts { extent: clearing.ledger().extent().0, ..Accounts::default() };
        for account in 0..clearing.ledger().len() as u32 {
            let holdings = clearing.ledger().holdings(account).expect("it is there");
            for (currency, amount) in &holdings.cash {
                held.cash.insert((account, clearing.currency(*currency).expect("it came up")), amount.0);
            }
            for (number, own) in &holdings.positions {
                let symbol = clearing.instrument(*number).listing().symbol;
                let holding = Holding { lots: own.lots, cost: own.cost.0, realized: own.realized.0 };
                held.positions.insert((account, symbol), holding);
            }
        }
        same("accounts", &held, accounts)?;
        for (account, _) in (0..).zip(&self.twin.owners).filter(|_| self.world.accounts > 0) {
            let standing = self.exchange.account_standing(account, self.now).expect("it is open");
            let left = self.twin.buying_power(account, self.now.0.max(self.twin.last_at)).map(Money);
            same("buying power", standing.buying_power, left)?;
        }
        Ok(())
    }

    fn compare_names(&self) -> Result<(), String> {
        for number in 0..self.world.names {
            let key = tradepit_kit::label(&format!("k{number}"));
            for name in [Name::ClientOrderId(key.clone()), Name::IdempotencyKey(key)] {
                same("find_named", self.exchange.find_named(&name), self.twin.named(&name))?;
            }
        }
        Ok(())
    }

    /// What the whole life must have led to: an exchange that replays it stands the same, and cash is what the list of
    /// all trades says.
    fn end(&mut self) -> Result<(), String> {
        let mut replayed = Exchange::with_rules(self.world.max_orders, self.world.rules());
        self.record.iter().for_each(|event| replayed.apply(event));
        self.exchange = replayed;
        self.steps = 0;
        self.compare(&[])?;
        self.resume()?;
        let moved = &self.twin.moved;
        for (&own, &cash) in &self.twin.accounts.cash {
            let paid_in: i128 = moved.iter().filter(|of| (of.0, of.1) == own).map(|of| of.2).sum();
            same("cash of all trades", cash, paid_in + Accounts::cash_of(&self.twin.deals, own.0, own.1))?;
        }
        let accounts = 0..self.twin.owners.len() as u32;
        let (cash, positions) = (&self.twin.accounts.cash, &self.twin.accounts.positions);
        same("accounts that trade", true, cash.keys().chain(positions.keys()).all(|(own, _)| accounts.contains(own)))?;
        same("all cash together", moved.iter().map(|of| of.2).sum(), cash.values().sum::<i128>())
    }
}

pub(crate) fn same<T: PartialEq + Debug>(what: &str, engine: T, twin: T) -> Result<(), String> {
    if engine == twin {
        return Ok(());
    }
    let (engine, twin) = (format!("{engine:#?}"), format!("{twin:#?}"));
    // Of long texts the lines that differ are enough.
    let pairs = engine.lines().zip(twin.lines()).filter(|(own, other)| own != other).take(12);
    let lines: String = pairs.map(|(own, other)| format!("  engine {own}\n  twin   {other}\n")).collect();
    let lengths = (engine.lines().count(), twin.lines().count());
    Err(format!("{what} differs, of lines {lengths:?}:\n{lines}"))
}
