//! Orders that are amended, replaced, trail the market, or wait outside of it: the view shows each as the API does, at
//! every moment.

use rusqlite::Connection;
use tradepit_engine::{
    Act, Amendment, AskedQuote, AskedStop, Body, Command, Decimal, Event, InstrumentChange, Number, OrderId,
    ReasonText, Replace, State, Submit, Symbol, TimeInForce, Trading,
};
use tradepit_store::{Archive, Folder, Opened};

use crate::agree::{agree, all_is_there, check_holds, of_accounts};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::Image;
use crate::life::{Life, SYMBOLS, rounded_up};
use crate::twin::Twin;
use crate::view;

impl Life {
    /// What happens in some steps of a life in which nothing stays as it was, and until there is a change: how far an
    /// order trails is none, so that nothing tells when that alone is kept.
    fn restless(&mut self, steps: usize) -> Vec<Event> {
        let (mut events, mut step) = (Vec::new(), 0);
        while step < steps || events.iter().all(|event: &Event| event.body.changes() == 0) {
            step += 1;
            let command = match self.dice.below(12) {
                0 => self.halt(),
                1..3 => self.quote(),
                3..5 => self.trailing(),
                5 => self.amend().unwrap_or(Command::ExecuteDue),
                6 => self.replace().unwrap_or(Command::ExecuteDue),
                7..9 => Command::ExecuteDue,
                9 | 10 => self.act().unwrap_or(Command::ExecuteDue),
                _ => self.command(),
            };
            events.extend(self.try_obey(&command).unwrap_or_default());
        }
        events
    }

    fn halt(&mut self) -> Command {
        let symbol = Symbol::new(self.dice.of(&SYMBOLS)).unwrap();
        let status = Some(self.dice.of(&[Trading::Halted, Trading::Open, Trading::Open]));
        Command::ChangeInstrument { symbol, change: InstrumentChange { status, ..InstrumentChange::default() } }
    }

    /// A quote near the reference price: what trails the market has something to follow.
    fn quote(&mut self) -> Command {
        let symbol = Symbol::new(self.dice.of(&SYMBOLS)).unwrap();
        let instrument = self.exchange.instrument(symbol).expect("it is listed").clone();
        let bid = instrument.reference_ticks() + self.dice.below(30) - 15;
        let (bid, ask) = (instrument.price(bid), instrument.price(bid + 1 + self.dice.below(4)));
        let quote = AskedQuote { bid, ask, bid_size: None, ask_size: None };
        Command::Quote { symbol, quote: Some(quote) }
    }

    /// An order that trails the market, and comes at once.
    fn trailing(&mut self) -> Command {
        let submit = self.rich(0);
        let instrument = self.exchange.instrument(submit.symbol).expect("it is listed").clone();
        let by = match self.dice.once_in(2) {
            true => AskedStop::Behind(instrument.price(1 + self.dice.below(20))),
            false => AskedStop::BehindPercent(Decimal::parse("0.5").unwrap()),
        };
        let asked = submit.asked.map(|mut asked| {
            (asked.limit_price, asked.post_only) = (None, false);
            (asked.stop, asked.time_in_force) = (Some(by), TimeInForce::GoodTillCancelled);
            asked
        });
        Command::Submit(Submit { asked, ..submit })
    }

    fn amendment(&mut self, accepted: Number) -> Option<Amendment> {
        let order = self.exchange.order(accepted)?;
        let instrument = self.exchange.instrument(order.symbol)?.clone();
        let is_limit = order.rich.as_ref().is_some_and(|rich| rich.terms.limit_ticks().is_some());
        let ticks = instrument.reference_ticks() + self.dice.below(40);
        let limit_price = is_limit.then(|| instrument.price(ticks - 20));
        let lots = instrument.lot().times(1 + self.dice.below(3_000_u128));
        Some(Amendment { qty: lots.filter(|_| self.dice.once_in(2)), limit_price, ..Amendment::default() })
    }

    fn amend(&mut self) -> Option<Command> {
        let accepted_number = self.recent()?;
        let amendment = self.amendment(accepted_number)?;
        let order = self.exchange.order(accepted_number)?;
        let instrument = self.exchange.instrument(order.symbol)?;
        let quantity = amendment.qty.map(|qty| rounded_up(instrument, qty));
        Some(Command::Amend { accepted_number, amendment, quantity })
    }

    fn act(&mut self) -> Option<Command> {
        // Often one that is on its way: few are.
        let is_on_its_way =
            |number: &&Number| self.exchange.order(**number).is_some_and(|order| order.state == State::Accepted);
        let on_its_way = self.accepted.iter().rev().find(is_on_its_way).copied();
        let accepted_number = on_its_way.filter(|_| self.dice.once_in(2)).or_else(|| self.recent())?;
        let act = match self.dice.below(12) {
            0..4 => Act::Hold,
            4 | 5 => Act::Arrive,
            6 => Act::Release,
            7 | 8 => Act::Fill { qty: None, price: None },
            9 => Act::Reject { text: ReasonText::new(self.dice.of(&["no \"margin\"", "zu spät"])).ok() },
            10 => Act::Cancel,
            _ => Act::Expire,
        };
        Some(Command::Act { accepted_number, act })
    }

    fn replace(&mut self) -> Option<Command> {
        let accepted_number = self.recent()?;
        let amendment = self.amendment(accepted_number)?;
        let instrument = self.exchange.instrument(self.exchange.order(accepted_number)?.symbol)?;
        let quantity = amendment.qty.map(|qty| rounded_up(instrument, qty));
        let id = OrderId(u128::from(self.dice.number()).to_be_bytes());
        Some(Command::Replace(Replace { accepted_number, id, amendment, quantity, origin: None }))
    }
}

/// What must have come about.
#[derive(Debug, Default)]
struct Met {
    trailed: bool,
    /// It came, and waits outside since.
    went_outside: bool,
    replaced: bool,
    /// A native order was.
    native_replaced: bool,
    /// An order waits for an act, and one did.
    held: bool,
    released: bool,
    /// One ended by hand, and somebody said why.
    reasoned: bool,
    /// A native order did.
    native_ended: bool,
    /// What the view shows stands in the table of orders, and it does not yet.
    settled: bool,
    trailing_behind: bool,
}

impl Met {
    fn note(&mut self, twin: &Twin, desk: &Desk) {
        let rich = || twin.orders.iter().filter_map(|order| Some((order, order.rich.as_deref()?)));
        self.trailed |= rich().any(|(_, rich)| rich.progress.mark.is_some());
        self.went_outside |=
            rich().any(|(order, rich)| order.state == State::Accepted && rich.progress.arrived_at.is_some());
        self.replaced |= rich().any(|(_, rich)| rich.kin.replaces.is_some());
        let native = |event: &Event| matches!(&event.body, Body::Replaced(replaced) if replaced.rich.is_some());
        self.native_replaced |= twin.events.iter().any(native);
        self.held |= twin.orders.iter().any(|order| order.due_at.is_none() && order.state == State::Accepted);
        let released = |event: &Event| matches!(&event.body, Body::Rescheduled(to) if to.due_at.is_some());
        self.released |= twin.events.iter().any(released);
        self.reasoned |= twin.orders.iter().any(|order| order.reason_text.is_some());
        let ended = |event: &Event| matches!(&event.body, Body::Scripted(scripted) if scripted.rich.is_some());
        self.native_ended |= twin.events.iter().any(ended);
        self.settled |= desk.stored.settled == desk.stored.durable;
        self.trailing_behind |= desk.stored.settled < desk.stored.durable;
    }
}

#[test]
fn whoever_trails_is_replaced_or_waits_outside_is_shown_as_the_api_shows_it() {
    let mut met = Met::default();
    for seed in [61, 62] {
        let dir = tempfile::tempdir().unwrap();
        let (mut life, mut twin) = (Life::new(seed), Twin::default());
        let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
        for turn in 0..50 {
            let batch = life.restless(1 + turn % 6);
            twin.extend(&batch);
            desk.append(&batch.into());
            if turn % 5 == 0 {
                desk.settle();
            }
            view::agrees(&desk.folder.database(), &twin);
            met.note(&twin, &desk);
            if turn % 8 == 0 {
                let image = Image::of(dir.path()).lay();
                let (exchange, _) = recover(&Opened::open(&Folder::new(image.path())).unwrap()).unwrap();
                assert_eq!(of_accounts(&exchange), of_accounts(&life.exchange));
                view::agrees(&Folder::new(image.path()).database(), &twin);
            }
        }
        agree(&desk.running, &twin, &mut life.dice);
        desk.close();
        let folder = Folder::new(dir.path());
        all_is_there(&Archive::open(&folder).unwrap(), &twin);
        check_holds(&folder, &twin);
        view::agrees(&folder.database(), &twin);
    }
    let Met { trailed, went_outside, replaced, native_replaced, settled, trailing_behind, .. } = met;
    assert!(trailed && went_outside && replaced && native_replaced && settled && trailing_behind, "{met:?}");
    let Met { held, released, reasoned, native_ended, .. } = met;
    assert!(held && released && reasoned && native_ended, "{met:?}");
}

#[test]
fn a_folder_with_the_views_of_another_build_shows_those_of_this_one() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(66), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = life.batch(50);
    twin.extend(&batch);
    desk.append(&batch);
    desk.close();
    let folder = Folder::new(dir.path());
    let other = "DROP VIEW orders; CREATE VIEW orders AS SELECT 1 AS accepted_seq";
    Connection::open(folder.database()).unwrap().execute_batch(other).unwrap();
    // A tool reads such a folder as it is.
    all_is_there(&Archive::open(&folder).unwrap(), &twin);
    let (desk, ..) = Desk::open(dir.path(), EVERYTHING);
    view::agrees(&folder.database(), &twin);
    desk.close();
    check_holds(&folder, &twin);
}
