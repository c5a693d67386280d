//! How the OrderBook answers what it is asked: with what it holds, which is all that is open and what is recent, or
//! with where in the store to look. It is the one place that knows the questions; `venue.rs` asks them.

use actix::Handler;
use tokio::sync::oneshot::Receiver;
use tradepit_engine::{
    Asked, Body, Changes, Command, Direction, Event, Name, Number, OpenOrders, Order, OrderFilter, OrderId, Ordered,
    Page, PageStart, Rejection, Seq, Status, Submit, SubmitGroup,
};

use super::OrderBook;
use super::envelope::Envelope;
use super::put_off::Decided;
use crate::ask::{
    self, Amend, Cancel, CancelOpen, CancelledOpen, Delay, Find, FindNamed, List, LocateSeq, Placed, ReadChanges,
    ReadOpenOrders, Start,
};
use crate::chance::DelayModel;
use crate::feed::link::FeedLink;

/// How many orders one turn cancels of all that shall be.
const CANCEL_AT_MOST: usize = 256;

/// Answers in the OrderBook's turn. What is due by now was executed before.
pub(crate) trait Answers<A> {
    /// Whether it changes something: then it waits while time goes on in slices, and what only reads does not.
    const CHANGES: bool = true;

    type Answer: Send + 'static;

    fn answer(&mut self, ask: A) -> Self::Answer;
}

impl<A> Handler<Envelope<A, <OrderBook as Answers<A>>::Answer>> for OrderBook
where
    A: 'static,
    OrderBook: Answers<A>,
{
    type Result = ();

    fn handle(&mut self, envelope: Envelope<A, <OrderBook as Answers<A>>::Answer>, _: &mut Self::Context) {
        self.execute_due();
        if Self::CHANGES && self.journey.is_on() {
            return self.journey.park(Box::new(|order_book: &mut OrderBook| order_book.take(envelope)));
        }
        self.take(envelope);
    }
}

impl OrderBook {
    fn take<A>(&mut self, envelope: Envelope<A, <OrderBook as Answers<A>>::Answer>)
    where
        OrderBook: Answers<A>,
    {
        let answer = self.answer(envelope.ask);
        self.reply(envelope.waiting, envelope.reply, answer);
    }
}

/// What the OrderBook knows of what it was asked for.
///
/// Where it sends the reader to the store, everything that it knew is durable by the time the reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lookup<T, Q> {
    Here(T),
    /// The store may have it: this is what to ask for.
    InStore(Q),
    Nowhere,
}

impl<T, Q> Lookup<T, Q> {
    pub(crate) fn map<U>(self, of_here: impl FnOnce(T) -> U) -> Lookup<U, Q> {
        match self {
            Lookup::Here(found) => Lookup::Here(of_here(found)),
            Lookup::InStore(question) => Lookup::InStore(question),
            Lookup::Nowhere => Lookup::Nowhere,
        }
    }

    fn here_or_nowhere(found: Option<T>) -> Lookup<T, Q> {
        found.map_or(Lookup::Nowhere, Lookup::Here)
    }
}

/// [`ask::Submit`], from whoever has looked its names up in the store.
pub(crate) struct Place {
    pub(crate) submit: ask::Submit,
    /// The store knows none of the names, as of this change. Without a store nobody has to look.
    pub(crate) unknown_as_of: Option<Number>,
}

pub(crate) enum Placing<A> {
    Done(Result<Placed, Rejection>),
    /// Whether it is is decided later.
    Later(Receiver<Result<Placed, Rejection>>),
    /// What was asked for is given back. The store must be asked for its names first: the OrderBook no longer holds all
    /// that came after the change as of which it was.
    LookFirst(A),
}

impl Answers<Place> for OrderBook {
    type Answer = Placing<ask::Submit>;

    fn answer(&mut self, Place { submit, unknown_as_of }: Place) -> Placing<ask::Submit> {
        if submit.origin.is_some() && self.must_look_first(unknown_as_of) {
            return Placing::LookFirst(submit);
        }
        Placing::Done(self.submit(submit))
    }
}

impl OrderBook {
    /// Where the order of this id is: the id carries the order's number, and is opened once.
    pub(super) fn locate(&self, id: OrderId) -> Lookup<Order, Number> {
        let Some(number) = self.ids.number_of(id) else { return Lookup::Nowhere };
        match self.exchange.order(number).filter(|order| order.id == id) {
            Some(order) => Lookup::Here(order),
            None if self.store.is_some() && number <= self.exchange.last_number() => Lookup::InStore(number),
            None => Lookup::Nowhere,
        }
    }

    /// Whether a name may be in the store that was unknown there as of this change: one that was stored after it was
    /// asked must still be here.
    pub(super) fn must_look_first(&self, unknown_as_of: Option<Number>) -> bool {
        self.store.is_some() && unknown_as_of.is_none_or(|number| number < self.exchange.forgotten())
    }

    pub(super) fn submit(&mut self, submit: ask::Submit) -> Result<Placed, Rejection> {
        let ask::Submit { symbol, quantity, delay, origin, asked, group } = submit;
        let model = match delay {
            Delay::Usual => &self.delay,
            Delay::Long => &self.long_delay,
        };
        let ordered = Ordered { symbol, quantity, asked: asked.as_deref(), origin: origin.as_deref() };
        let ruled = self.exchange.pace_of(self.now, &ordered).map(DelayModel::from);
        let model = ruled.as_ref().unwrap_or(model);
        let delay_us = self.delays.order_us(self.exchange.accepted_orders(), model);
        let accepted = self.exchange.next_accepted(symbol);
        let id = self.chance.id(accepted);
        let asked = asked.map(|asked| *asked);
        // What has legs is no native order, also where it asks for no more than one.
        let grouped = group.and_then(|group| Some((asked.or_else(|| Asked::native(quantity))?, *group)));
        let command = match grouped {
            None => Command::Submit(Submit { id, symbol, quantity, delay_us, origin, asked }),
            Some((asked, group)) => {
                // The legs are accepted right behind it.
                let legs = [1, 2].map(|leg| self.chance.id(Number(accepted.0 + leg)));
                let submit = SubmitGroup { id, legs, symbol, quantity, delay_us, origin, asked, group };
                Command::SubmitGroup(Box::new(submit))
            }
        };
        let placed = match self.commit(&command) {
            Ok(_) => self.accepted_now(accepted)?.map(Placed::New),
            Err(Rejection::AlreadyPlaced(number)) => {
                self.exchange.order(number).map(|order| Placed::Again(order.as_accepted()))
            }
            Err(rejection) => return Err(rejection),
        };
        placed.ok_or(Rejection::UnknownOrder)
    }

    /// The order that this change of the turn accepted; or why a rule refused it instead.
    fn accepted_now(&self, number: Number) -> Result<Option<Order>, Rejection> {
        let mut newest = self.batch.iter().rev();
        let order = |event: &Event| Some(Order::accepted(event, event.accepted()?));
        if let Some(order) = newest.clone().filter(|event| event.number == number).find_map(order) {
            return Ok(Some(order));
        }
        let refused = newest.find_map(|event| match &event.body {
            Body::Refused(refused) => Some(refused.reason.clone()),
            _ => None,
        });
        refused.map_or(Ok(None), |reason| Err(Rejection::Ruled(reason)))
    }
}

impl Answers<Cancel> for OrderBook {
    /// Where to look for the order in the store: if it is there, it is closed.
    type Answer = Lookup<Decided<()>, Number>;

    fn answer(&mut self, Cancel(id): Cancel) -> Lookup<Decided<()>, Number> {
        match self.locate(id).map(|order| order.accepted_number) {
            Lookup::Here(accepted_number) => match self.commit(&Command::Cancel { accepted_number }) {
                Ok(_) if self.is_put_off(accepted_number) => {
                    Lookup::Here(Decided::Later(self.cancel_later(accepted_number)))
                }
                Ok(_) => Lookup::Here(Decided::Now(())),
                Err(_) => Lookup::Nowhere,
            },
            Lookup::InStore(number) => Lookup::InStore(number),
            Lookup::Nowhere => Lookup::Nowhere,
        }
    }
}

impl Answers<CancelOpen> for OrderBook {
    type Answer = CancelledOpen;

    /// Whatever is open is here, also in front of a store.
    fn answer(&mut self, CancelOpen { filter, after, upto }: CancelOpen) -> CancelledOpen {
        let upto = upto.unwrap_or(self.exchange.last_number());
        let filter = OrderFilter { status: Some(Status::Pending), ..filter };
        let Page { orders, next } = self.exchange.page(after, filter, CANCEL_AT_MOST, Direction::OldestFirst);
        let mut ids = Vec::new();
        for order in orders.into_iter().filter(|order| order.accepted_number <= upto) {
            // One that meanwhile was closed by another's cancellation is none of these, unless it is of its group.
            let accepted_number = order.accepted_number;
            let is_cancelled = self.commit(&Command::Cancel { accepted_number }).is_ok_and(|events| events > 0);
            if is_cancelled || self.exchange.order(accepted_number).is_some_and(|order| order.ended_with_group()) {
                ids.push((order.id, !self.is_put_off(accepted_number)));
            }
        }
        let next = next.filter(|&next| next < upto);
        CancelledOpen { ids, next: next.map(|after| CancelOpen { filter, after, upto: Some(upto) }) }
    }
}

impl Answers<Amend> for OrderBook {
    /// The order as it stands afterwards. Where to look for it in the store: if it is there, it is closed.
    type Answer = Lookup<Decided<Result<Order, Rejection>>, Number>;

    fn answer(&mut self, Amend { id, amendment, quantity }: Amend) -> Self::Answer {
        self.locate(id).map(|order| order.accepted_number).map(|accepted_number| {
            let amend = Command::Amend { accepted_number, amendment, quantity };
            match self.commit(&amend) {
                Ok(_) if self.is_put_off(accepted_number) => Decided::Later(self.amend_later(accepted_number, amend)),
                Ok(_) => Decided::Now(self.exchange.order(accepted_number).ok_or(Rejection::UnknownOrder)),
                Err(rejection) => Decided::Now(Err(rejection)),
            }
        })
    }
}

impl Answers<Find> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Order, Number>;

    fn answer(&mut self, Find(id): Find) -> Lookup<Order, Number> {
        self.locate(id)
    }
}

impl Answers<FindNamed> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Order, Name>;

    fn answer(&mut self, FindNamed(name): FindNamed) -> Lookup<Order, Name> {
        match self.exchange.find_named(&name) {
            Some(order) => Lookup::Here(order),
            None if self.store.is_some() => Lookup::InStore(name),
            None => Lookup::Nowhere,
        }
    }
}

impl Answers<List> for OrderBook {
    const CHANGES: bool = false;

    /// `Nowhere` where the order to start after is unknown.
    type Answer = Lookup<Page, PageStart>;

    fn answer(&mut self, list: List) -> Lookup<Page, PageStart> {
        let (after, stored) = match list.start {
            Start::First => {
                let start = list.direction.start();
                (Some(start), Some(PageStart::After(start)))
            }
            Start::At(number) => (Some(number), Some(PageStart::After(number))),
            Start::After(id) => match self.locate(id).map(|order| order.accepted_number) {
                Lookup::Here(number) => (Some(number), Some(PageStart::AfterOrder(number, id))),
                Lookup::InStore(number) => (None, Some(PageStart::AfterOrder(number, id))),
                Lookup::Nowhere => (None, None),
            },
        };
        // Whatever is open is here; of what is closed only the store has all.
        if self.store.is_some() && (after.is_none() || list.filter.status != Some(Status::Pending)) {
            return stored.map_or(Lookup::Nowhere, Lookup::InStore);
        }
        Lookup::here_or_nowhere(after.map(|after| self.exchange.page(after, list.filter, list.limit, list.direction)))
    }
}

impl Answers<ReadChanges> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Changes, ()>;

    fn answer(&mut self, ReadChanges { after, filter }: ReadChanges) -> Lookup<Changes, ()> {
        if self.store.is_some() && !self.history.holds_after(after) {
            return Lookup::InStore(());
        }
        Lookup::Here(self.history.read(after, filter))
    }
}

impl Answers<LocateSeq> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Number, ()>;

    fn answer(&mut self, LocateSeq(seq): LocateSeq) -> Lookup<Number, ()> {
        match self.history.before_next(seq) {
            Some(number) => Lookup::Here(number),
            None if self.store.is_some() => Lookup::InStore(()),
            None => Lookup::Nowhere,
        }
    }
}

impl Answers<ReadOpenOrders> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<OpenOrders, ()>;

    fn answer(&mut self, ReadOpenOrders { as_of, after, filter }: ReadOpenOrders) -> Lookup<OpenOrders, ()> {
        if self.store.is_some() {
            return Lookup::InStore(());
        }
        if !self.history.holds_after(as_of) || self.exchange.forgotten() > as_of {
            return Lookup::Here(OpenOrders::Lost(self.history.lost()));
        }
        let Page { orders, next } = self.exchange.open_orders_at(as_of, after, filter);
        Lookup::Here(OpenOrders::Held { orders, next })
    }
}

/// Tell this Feed of every change from now on.
pub(crate) struct Subscribe(pub(crate) FeedLink);

impl Answers<Subscribe> for OrderBook {
    const CHANGES: bool = false;

    /// The newest change, and the newest of a status: what comes after will be announced.
    type Answer = (Number, Seq);

    fn answer(&mut self, Subscribe(feed): Subscribe) -> (Number, Seq) {
        if !self.feeds.contains(&feed) {
            self.feeds.push(feed);
        }
        (self.exchange.last_number(), self.exchange.last_seq())
    }
}

/// Nothing but an answer: what happened before it is durable by then, and time is on no way.
pub(crate) struct Settle;

impl Answers<Settle> for OrderBook {
    type Answer = ();

    fn answer(&mut self, Settle: Settle) {}
}
