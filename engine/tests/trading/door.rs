//! The one door of the cases: [`check`] runs a script against an exchange and compares what it told.
//!
//! One step a line; times are in microseconds; `#` begins a comment. Orders are accepted and reach the exchange at once
//! unless a delay is given; all that is due is done after each step.
//!
//! | step | told |
//! |---|---|
//! | `nobody` | begins anew, without a house |
//! | `fees 0.0005 0.001` | begins anew, without a house; `AAPL` has these fees, of maker and taker; `OWN` is sold by whoever has it, `ODD` is paid in `XXX` |
//! | `nyse` | begins anew, without a house; shares trade in the sessions of New York |
//! | `status EURUSD halted`, `costs EURUSD 0.001 0.002`, `short EURUSD no`, `list ACME` | its event |
//! | `at 50` | |
//! | `a buys 5 EURUSD`, `a sells 0.5 BTC/USD at 65000 ioc delay 7` | each event, or `! Rejection` |
//! | `a spends 100 EURUSD`, `a raises 100 EURUSD` | the same, of an order for a sum: that buys, that sells |
//! | `a native 5 EURUSD` | the same, of a native order |
//! | `open alice margin 1000 USD leverage 2 self cancel_oldest` | the same, of an account; `by alice` behind an order is for it |
//! | `transfer alice -5 USD` | the same |
//! | `account alice`, `holds alice EURUSD` | how it stands, how its position does |
//! | `cancel a`, `amend a 7 at 1.08 day` | its events; `-` instead of a quantity that stays |
//! | `… stop 1.09`, `… trail 0.001`, `… percent 0.5` | the same, of one that waits for a price |
//! | `replace a b 7 at 1.08 key k` | the same; `b` is placed in place of `a`, under this name if one is given |
//! | `act a fill 3 at 1.08`, `act a reject no margin` | its events: see `acts.rs` |
//! | `quote EURUSD 1.08 1.09 5 7`, `unquote EURUSD` | its event; the house quotes this, with these sizes if given |
//! | `… bracket profit p 1.09 loss s 1.07/1.06` | the same, of one with legs: see `grouped.rs` |
//! | `order a`, `group a` | how it stands; what it is in its group |
//! | `due` | when something happens by itself next |
//! | `book EURUSD` | its levels, asks first |
//! | `cash USD`, `position EURUSD` | of the default account, the house and the fees |

use std::fmt::Write;
use std::sync::Arc;

use tradepit_engine::{
    AccountId, AccountKind, AccountNumber, Amendment, Asked, AskedStop, Body, Class, Clearing, Command, Decimal, Event,
    Exchange, Hours, InLine, InstrumentChange, Label, Ledger, Listing, Money, Number, OpenAccount, Order, OrderType,
    Origin, Quantity, Quoting, Replace, Rules, SelfTrade, Side, Submit, Symbol, Then, Time, TimeInForce, Trading,
    Transferred, built_in,
};
use tradepit_kit::{id_of, name_of};

use crate::shown::{show_account, show_position};
use crate::{acts, grouped, rows, ruling};

/// Runs `script` and requires that the exchange tells the lines of `expected`; one that only replays the events must
/// end as the one that decided them.
#[track_caller]
pub(crate) fn check(script: &str, expected: &str) {
    let mut world = World::begin(Rules::default());
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    };
    for line in lines(script) {
        world.step(&line);
    }
    let (expected, told) = (lines(expected), lines(&world.told));
    assert!(told == expected, "expected:\n{}\n\nbut:\n{}", expected.join("\n"), world.told);
    assert_eq!(world.reads(&world.replayed()), world.reads(&world.exchange), "the replayed exchange differs");
}

pub(crate) struct World {
    pub(crate) exchange: Exchange,
    pub(crate) rules: Rules,
    pub(crate) now: Time,
    pub(crate) record: Vec<Event>,
    pub(crate) told: String,
}

impl World {
    pub(crate) fn begin(rules: Rules) -> World {
        let exchange = Exchange::with_rules(1_000, rules.clone());
        World { exchange, rules, now: Time(0), record: Vec::new(), told: String::new() }
    }

    fn with_fees(maker: Decimal, taker: Decimal) -> World {
        let rules = Rules { quoting: Quoting::Nobody, ..Rules::default() };
        let listings = rules.listings.iter().map(|&listing| match listing.symbol.as_str() {
            "AAPL" => Listing { maker_fee: maker, taker_fee: taker, ..listing },
            _ => listing,
        });
        let own = Listing { short: false, ..Listing::of_unknown(symbol("OWN")) };
        let odd = Listing { quote: symbol("XXX"), ..Listing::of_unknown(symbol("ODD")) };
        let listings = listings.chain([own, odd]).collect();
        World::begin(Rules { listings, ..rules })
    }

    pub(crate) fn step(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match *words {
            ["nobody"] => *self = World::begin(Rules { quoting: Quoting::Nobody, ..Rules::default() }),
            ["nyse"] => {
                let nyse = |listing: Listing| match listing.class {
                    Class::Equity => Listing { hours: Hours::Nyse, ..listing },
                    Class::Forex | Class::Crypto => listing,
                };
                let listings = built_in().map(nyse).collect();
                let (quoting, equity_hours) = (Quoting::Nobody, Hours::Nyse);
                *self = World::begin(Rules { quoting, listings, equity_hours, ..Rules::default() });
            }
            ["status", text, status] => {
                let statuses = [("open", Trading::Open), ("halted", Trading::Halted), ("closed", Trading::Closed)];
                let status = statuses.into_iter().find(|(word, _)| *word == status).map(|(_, status)| status);
                self.change(text, InstrumentChange { status, ..InstrumentChange::default() });
            }
            ["costs", text, maker, taker] => {
                let (maker_fee, taker_fee) = (Some(number(maker)), Some(number(taker)));
                self.change(text, InstrumentChange { maker_fee, taker_fee, ..InstrumentChange::default() });
            }
            ["short", text, may] => {
                let short = Some(may == "yes");
                self.change(text, InstrumentChange { short, ..InstrumentChange::default() });
            }
            ["list", text] => {
                let listing = Box::new(Listing::of_unknown(symbol(text)));
                self.decide(&Command::List { listing, hours: None });
            }
            ["fees", maker, taker] => *self = World::with_fees(number(maker), number(taker)),
            ["at", now] => self.now = Time(now.parse().expect("a time")),
            [name, "native", quantity, symbol, ref rest @ ..] => {
                let quantity = Quantity::new(quantity.parse().expect("a number")).expect("a quantity");
                let submit = submit(name, symbol, quantity, None, delay(rest));
                self.decide(&Command::Submit(submit));
            }
            [name, side @ ("buys" | "sells" | "spends" | "raises"), qty, symbol, ref rest @ ..] => {
                let account = rest.iter().skip_while(|word| **word != "by").nth(1);
                let account = account.map_or(Clearing::DEFAULT, |id| self.account(id));
                if let Some(command) = grouped::submit(name, side, (qty, symbol), rest, account) {
                    self.decide(&command);
                    return self.decide(&Command::ExecuteDue);
                }
                let asked = Asked { account, ..asked(side, number(qty), rest) };
                let whole = if asked.notional.is_some() { Quantity::ONE } else { rounded_up(asked.qty) };
                self.decide(&Command::Submit(submit(name, symbol, whole, Some(asked), delay(rest))));
            }
            ["open", id, kind, amount, code, ref rest @ ..] => {
                self.decide(&Command::OpenAccount(open(id, kind, (amount, code), rest)));
            }
            ["transfer", id, amount, code] => {
                let (account, currency) = (self.account(id), symbol(code));
                self.decide(&Command::Transfer(Transferred { account, currency, amount: money(amount) }));
            }
            ["cancel", name] => {
                let accepted_number = self.find(name).accepted_number;
                self.decide(&Command::Cancel { accepted_number });
            }
            ["amend", name, qty, ref rest @ ..] => {
                let (amendment, quantity) = amendment(qty, rest);
                let accepted_number = self.find(name).accepted_number;
                self.decide(&Command::Amend { accepted_number, amendment, quantity });
            }
            ["replace", old, name, qty, ref rest @ ..] => {
                let (amendment, quantity) = amendment(qty, rest);
                let (accepted_number, id, origin) = (self.find(old).accepted_number, id_of(name), key(rest));
                self.decide(&Command::Replace(Replace { accepted_number, id, amendment, quantity, origin }));
            }
            ["act", name, ref rest @ ..] => {
                let (accepted_number, act) = (self.find(name).accepted_number, acts::act(rest));
                self.decide(&Command::Act { accepted_number, act });
            }
            ["quote", text, ref quote @ ..] => {
                self.decide(&Command::Quote { symbol: symbol(text), quote: Some(rows::quote(quote)) });
            }
            ["rows", text, ref rows @ ..] => self.decide(&rows::append(symbol(text), rows)),
            ["unrow", text] => self.decide(&Command::DropRows { symbol: symbol(text) }),
            ["rule", ref words @ ..] => self.decide(&ruling::set(self.exchange.rulebook(), words)),
            ["unquote", text] => self.decide(&Command::Quote { symbol: symbol(text), quote: None }),
            _ => self.show(&words),
        }
        self.decide(&Command::ExecuteDue);
    }

    fn change(&mut self, text: &str, change: InstrumentChange) {
        self.decide(&Command::ChangeInstrument { symbol: symbol(text), change });
    }

    /// A step that only looks.
    fn show(&mut self, words: &[&str]) {
        match *words {
            ["account", id] => {
                let text = show_account(&self.exchange, self.account(id), self.now);
                self.tell(&text);
            }
            ["holds", id, text] => {
                let number = self.exchange.clearing().find(symbol(text)).expect("it is listed");
                let text = show_position(&self.exchange.position_standing(self.account(id), number, self.now));
                self.tell(&text);
            }
            ["order", name] => {
                let text = show(&self.find(name));
                self.tell(&text);
            }
            ["group", name] => {
                let text = grouped::show(&self.find(name));
                self.tell(&text);
            }
            ["due"] => {
                let due = self.exchange.next_due().map_or("nothing".to_owned(), |due| due.0.to_string());
                self.tell(&format!("next due {due}"));
            }
            ["book", text] => {
                let tick = self.exchange.instrument(symbol(text)).expect("it is listed").tick();
                for side in [Side::Sell, Side::Buy] {
                    let mut levels: Vec<_> = self.exchange.levels(symbol(text), side).collect();
                    if side == Side::Sell {
                        levels.reverse();
                    }
                    for level in levels {
                        let price = tick.times(level.price.into()).expect("a price");
                        self.tell(&format!("{side:?} {price} {} in {}", level.total, level.orders));
                    }
                }
            }
            ["cash", code] => self.tell_accounts(|world, account| {
                let (exchange, code) = (&world.exchange, symbol(code));
                let cash = exchange.ledger().holdings(account).expect("it is there").cash.iter();
                let own = cash.filter(|(number, _)| exchange.clearing().currency(**number) == Some(code));
                own.map(|(_, amount)| amount.to_string()).next()
            }),
            ["position", text] => self.tell_accounts(|world, account| {
                let exchange = &world.exchange;
                let number = exchange.clearing().find(symbol(text)).expect("it is listed");
                let holdings = exchange.ledger().holdings(account).expect("it is there");
                let position = holdings.positions.get(&number)?;
                Some(format!("{} lots cost {} realized {}", position.lots, position.cost, position.realized))
            }),
            ["counts"] => self.tell(&ruling::counts(self.exchange.rulebook())),
            _ => panic!("no such step: {}", words.join(" ")),
        }
    }

    /// Decides and applies; all that follows at once too.
    pub(crate) fn decide(&mut self, command: &Command) {
        match self.exchange.decide(self.now, command) {
            Ok(events) => {
                let more = !events.is_empty() && *command == Command::ExecuteDue;
                for event in events {
                    self.exchange.apply(&event);
                    let text = self.write(&event);
                    self.tell(&text);
                    self.record.push(event);
                }
                if more {
                    self.decide(command);
                }
            }
            Err(rejection) => self.tell(&format!("! {rejection:?}")),
        }
    }

    /// A fresh exchange to which the same happened.
    pub(crate) fn replayed(&self) -> Exchange {
        let mut replayed = Exchange::with_rules(1_000, self.rules.clone());
        self.record.iter().for_each(|event| replayed.apply(event));
        replayed
    }

    /// All that can be read.
    pub(crate) fn reads(&self, exchange: &Exchange) -> String {
        let orders: Vec<Order> = exchange.orders_after(Number(0)).collect();
        let mut levels = Vec::new();
        for instrument in exchange.instruments() {
            for side in [Side::Buy, Side::Sell] {
                levels.extend(exchange.levels(instrument.listing().symbol, side));
            }
        }
        let (open, due) = (exchange.open_orders(), exchange.next_due());
        let ruled = (exchange.rulebook(), orders.iter().map(|order| exchange.plan(order.accepted_number)));
        let ruled = (ruled.0, ruled.1.collect::<Vec<_>>());
        format!("{orders:#?}\n{levels:?}\n{open} {due:?}\n{:?} {ruled:?}", exchange.ledger())
    }

    pub(crate) fn find(&self, name: &str) -> Order {
        let of_name = |order: &Order| order.id == id_of(name);
        self.exchange.orders_after(Number(0)).find(of_name).expect("it is held")
    }

    pub(crate) fn account(&self, id: &str) -> AccountNumber {
        let found = self.exchange.clearing().find_account(AccountId::new(id).expect("an id"));
        found.unwrap_or(AccountNumber::MAX)
    }

    fn tell(&mut self, text: &str) {
        writeln!(self.told, "{text}").expect("a text takes all");
    }

    fn tell_accounts(&mut self, what: impl Fn(&World, u32) -> Option<String>) {
        let accounts = [("default", Clearing::DEFAULT), ("house", Ledger::HOUSE), ("fees", Ledger::FEES)];
        for (name, account) in accounts {
            if let Some(text) = what(self, account) {
                self.tell(&format!("{name} {text}"));
            }
        }
    }

    /// So many ticks of the instrument that an event is about.
    fn price(&self, event: &Event, ticks: u64) -> Decimal {
        let symbol = event.order().expect("it is about an order").symbol;
        self.exchange.instrument(symbol).expect("it is listed").price(ticks)
    }

    fn write(&self, event: &Event) -> String {
        let name = event.order().map_or("-".to_owned(), |order| name_of(order.id));
        let what = match &event.body {
            Body::Accepted(_) => "accepted".to_owned(),
            Body::Bought(trade) => {
                format!("bought at {}", trade.tick.times(trade.ticks.into()).expect("a price"))
            }
            Body::Arrived(arrived) => if arrived.rests { "arrived, rests" } else { "arrived" }.to_owned(),
            Body::Filled(filled) => {
                let instrument = self.exchange.instrument(filled.order.symbol).expect("it is listed");
                let (price, qty) = (instrument.price(filled.ticks), instrument.quantity(filled.lots));
                let role = if filled.is_maker { "maker" } else { "taker" };
                let then = match filled.then {
                    Then::Closes => ", all",
                    Then::Rests => ", rests",
                    Then::GoesOn => "",
                };
                let fee =
                    if filled.party.fee == Money::ZERO { String::new() } else { format!(" fee {}", filled.party.fee) };
                format!("filled {} at {price} {role} of {}{fee}{then}", qty.expect("a quantity"), filled.trade.0)
            }
            Body::Cancelled(_) => "cancelled".to_owned(),
            Body::Amended(amended) => match amended.place {
                InLine::Keeps => "amended".to_owned(),
                InLine::GoesToEnd => "amended, goes to the end".to_owned(),
                InLine::Leaves => "amended, trades".to_owned(),
                InLine::Waits => "amended, waits outside".to_owned(),
            },
            Body::Triggered(triggered) => if triggered.rests { "triggered, rests" } else { "triggered" }.to_owned(),
            Body::Followed(followed) => format!("follows to {}", self.price(event, followed.mark)),
            Body::Replaced(replaced) => format!("replaced by {}", name_of(replaced.by)),
            Body::Rescheduled(_) | Body::Scripted(_) => acts::told(&event.body),
            Body::Ended(ended) => format!("ended {:?}", ended.ending),
            Body::InstrumentChanged(changed) => {
                let sold = if changed.short { "" } else { ", sold by whoever has it" };
                format!("{:?} fees {} {}{sold}", changed.status, changed.maker_fee, changed.taker_fee).to_lowercase()
            }
            Body::Listed(listing) => format!("listed {:?}", listing.symbol),
            Body::Quoted(quoted) => match quoted.quote {
                Some(quote) => format!(
                    "quoted {} {}",
                    quoted.tick.price(quote.bid.ticks).expect("a price"),
                    quoted.tick.price(quote.ask.ticks).expect("a price")
                ),
                None => "quoted by rule".to_owned(),
            },
            Body::RowsChanged(changed) => rows::told(changed),
            Body::AccountOpened(opened) => format!("opened {:?}", opened.id),
            Body::Transferred(transferred) => format!("transferred {} {:?}", transferred.amount, transferred.currency),
            Body::Executed(_) => "executed".to_owned(),
            Body::RulesSet(_) | Body::Ruled(_) | Body::Refused(_) => ruling::told(&event.body),
        };
        format!("{} {} {name} {what}", event.number.0, event.seq.0)
    }
}

pub(crate) fn asked(side: &str, qty: Decimal, words: &[&str]) -> Asked {
    let sum = matches!(side, "spends" | "raises").then(|| Money::of(qty).expect("a sum"));
    let (side, qty) = match side {
        "buys" => (Side::Buy, qty),
        "sells" => (Side::Sell, qty),
        "spends" => (Side::Buy, Decimal::ZERO),
        _ => (Side::Sell, Decimal::ZERO),
    };
    let time_in_force = force(words).unwrap_or(TimeInForce::GoodTillCancelled);
    let (account, post_only) = (Clearing::DEFAULT, words.contains(&"post"));
    let (limit_price, stop) = (price(words), stop(words));
    Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional: sum }
}

/// The key that comes after `key`, as a name.
fn amendment(qty: &str, words: &[&str]) -> (Amendment, Option<Quantity>) {
    let qty = (qty != "-").then(|| number(qty));
    let (limit_price, stop, time_in_force) = (price(words), stop(words), force(words));
    (Amendment { qty, limit_price, stop, time_in_force }, qty.map(rounded_up))
}

pub(crate) fn key(words: &[&str]) -> Option<Arc<Origin>> {
    let key = words.iter().skip_while(|word| **word != "key").nth(1)?;
    Origin::new(None, Some(Label::new(key).expect("a label")))
}

/// The price that comes after `at`.
fn price(words: &[&str]) -> Option<Decimal> {
    behind(words, "at")
}

/// The number that comes after a word.
fn behind(words: &[&str], word: &str) -> Option<Decimal> {
    words.iter().skip_while(|each| **each != word).nth(1).map(|text| number(text))
}

fn stop(words: &[&str]) -> Option<AskedStop> {
    let at = behind(words, "stop").map(AskedStop::At);
    let trail = || behind(words, "trail").map(AskedStop::Behind);
    at.or_else(trail).or_else(|| behind(words, "percent").map(AskedStop::BehindPercent))
}

fn force(words: &[&str]) -> Option<TimeInForce> {
    let forces = [
        ("gtc", TimeInForce::GoodTillCancelled),
        ("day", TimeInForce::Day),
        ("ioc", TimeInForce::ImmediateOrCancel),
        ("fok", TimeInForce::FillOrKill),
    ];
    forces.into_iter().find(|(word, _)| words.contains(word)).map(|(_, force)| force)
}

fn show(order: &Order) -> String {
    let progress = match &order.rich {
        Some(rich) => {
            let price = |ticks: u64| rich.tick.times(ticks.into()).expect("a price");
            let mut left = match rich.terms.order_type {
                OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => format!(" stop {}", price(stop)),
                OrderType::TrailingStop { .. } => {
                    format!(
                        " behind {}",
                        rich.progress.mark.map_or_else(|| "nothing".to_owned(), |mark| price(mark).to_string())
                    )
                }
                OrderType::Market | OrderType::Notional { .. } | OrderType::Limit { .. } => String::new(),
            };
            left.extend(rich.terms.limit_ticks().map(|ticks| format!(" at {}", price(ticks))));
            let qty = |lots| rich.lot.times(lots).expect("a quantity");
            let (filled, of) = (qty(rich.progress.filled), qty(rich.terms.lots));
            format!("{left} {filled} of {of} for {}", rich.progress.cost)
        }
        None => String::new(),
    };
    format!("{} {}{progress}", order.quantity.get(), order.state)
}

pub(crate) fn submit(name: &str, text: &str, quantity: Quantity, asked: Option<Asked>, delay_us: u64) -> Submit {
    Submit { id: id_of(name), symbol: symbol(text), quantity, delay_us, origin: None, asked }
}

pub(crate) fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("a symbol")
}

pub(crate) fn number(text: &str) -> Decimal {
    Decimal::parse(text).expect("a number")
}

/// The least whole quantity that is not less.
pub(crate) fn rounded_up(qty: Decimal) -> Quantity {
    let one = qty.units(12).expect("few decimals");
    let whole = (one + 999_999_999_999) / 1_000_000_000_000;
    Quantity::new(u64::try_from(whole).expect("no sign").max(1)).expect("in range")
}

pub(crate) fn delay(words: &[&str]) -> u64 {
    let found = words.iter().skip_while(|word| **word != "delay").nth(1);
    found.map_or(0, |delay| delay.parse().expect("a delay"))
}

fn money(text: &str) -> Money {
    Money::of(number(text)).expect("an amount")
}

pub(crate) fn open(id: &str, kind: &str, (amount, code): (&str, &str), words: &[&str]) -> OpenAccount {
    let word = |name: &str| words.iter().skip_while(|word| **word != name).nth(1).copied();
    OpenAccount {
        id: (id != "-").then(|| AccountId::new(id).expect("an id")),
        kind: if kind == "spot" { AccountKind::Spot } else { AccountKind::Margin },
        currency: symbol(word("in").unwrap_or(code)),
        leverage: word("leverage").map_or(Decimal::ONE, number),
        self_trade: match word("self") {
            None | Some("cancel_newest") => SelfTrade::CancelNewest,
            Some("cancel_oldest") => SelfTrade::CancelOldest,
            Some("cancel_both") => SelfTrade::CancelBoth,
            Some(_) => SelfTrade::Allow,
        },
        cash: vec![(symbol(code), money(amount))],
    }
}
