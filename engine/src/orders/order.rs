//! An order, as it is told: whole, and without anything else at hand.

use std::sync::Arc;

use super::group::{AskedGroup, Legs, Loss};
use super::kin::Kin;
use super::origin::{Label, Name, Origin};
use super::reason_text::ReasonText;
use super::state::{Happens, State, Status};
use super::terms::{Amendment, Asked, AskedStop, Ending, OrderType, Progress, Rich, Terms};
use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::AccountNumber;
use crate::event::{Accepted, Arrived, Body, Event, Filled, HouseTrade, OrderRef, Then, Triggered};
use crate::market::book::Side;
use crate::market::triggers::Trail;
use crate::rules::rule::PutOff;
use crate::values::{Decimal, Money, Number, OrderId, Quantity, Seq, Step, Symbol, Time};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its identity.
    pub id: OrderId,
    /// What is ordered.
    pub symbol: Symbol,
    /// How much of it, rounded up to whole ones.
    pub quantity: Quantity,
    /// When it was accepted.
    pub accepted_at: Time,
    /// The change that accepted it; ascending in order of creation.
    pub accepted_number: Number,
    /// The same, as native clients count.
    pub accepted_seq: Seq,
    /// When it reaches the exchange, or would have; `None` where it waits for an act, or did until it ended.
    pub due_at: Option<Time>,
    /// Where it stands.
    pub state: State,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// The newest change that it went through.
    pub number: Number,
    /// Its newest change of status.
    pub seq: Seq,
    /// Under which names the client placed it, if there are any.
    pub origin: Option<Arc<Origin>>,
    /// Of a native order that all traded at one price: that price.
    pub bought: Option<Bought>,
    /// What only a rich order has.
    pub rich: Option<Arc<Rich>>,
    /// Why it ended, in somebody's own words.
    pub reason_text: Option<ReasonText>,
    /// What was asked of it, and is not yet decided.
    pub put_off: Option<PutOff>,
}

/// The one trade of a native order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The price, in ticks.
    pub ticks: u64,
    /// What prices are multiples of.
    pub tick: Step,
    /// What its account paid beside.
    pub fee: Money,
}

impl Order {
    /// The order that this event accepts.
    #[must_use]
    pub fn accepted(event: &Event, accepted: &Accepted) -> Order {
        let Event { number, seq, at, .. } = *event;
        let Accepted { id, symbol, quantity, due_at, ref origin, ref rich } = *accepted;
        Order {
            id,
            symbol,
            quantity,
            accepted_at: at,
            accepted_number: number,
            accepted_seq: seq,
            due_at,
            state: accepted.state(),
            closed_at: None,
            number,
            seq,
            origin: origin.clone(),
            bought: None,
            rich: rich.clone(),
            reason_text: None,
            put_off: None,
        }
    }

    /// Goes through a change that befell it; returns whether it could. Otherwise the order stays as it is.
    #[must_use]
    pub fn change(&mut self, event: &Event) -> bool {
        if let Body::Followed(followed) = &event.body {
            self.follow(followed.mark);
            return true;
        }
        if let Body::Ruled(ruled) = &event.body {
            self.put_off = ruled.plan.as_ref().and_then(|plan| plan.put_off).map(|(what, _)| what);
            return true;
        }
        let Some((happens, state)) = event.happens().and_then(|what| Some((what, self.state.after(what)?))) else {
            return false;
        };
        self.state = state;
        self.number = event.number;
        if state.is_closed() {
            (self.seq, self.closed_at, self.put_off) = (event.seq, Some(event.at), None);
        }
        match &event.body {
            Body::Bought(HouseTrade { ticks, tick, fee, .. }) => {
                self.bought = Some(Bought { ticks: *ticks, tick: *tick, fee: *fee });
            }
            Body::Arrived(arrived) => self.rich = arrived.rich.clone().or(self.rich.take()),
            Body::Amended(amended) => {
                self.quantity = amended.order.quantity;
                self.rich = Some(Arc::new(amended.rich));
            }
            Body::Rescheduled(rescheduled) => {
                self.due_at = rescheduled.due_at;
                self.rich = rescheduled.rich.clone().or(self.rich.take());
            }
            Body::Scripted(scripted) => {
                self.rich = self.rich.take().or_else(|| scripted.rich.map(Arc::new));
                self.reason_text = scripted.text.clone();
            }
            Body::Replaced(replaced) => {
                let rich = self.rich.take().or_else(|| replaced.rich.map(Arc::new));
                self.rich = rich.map(|rich| Arc::new(rich.replaced_by(replaced.by)));
            }
            _ => {}
        }
        if let Some(rich) = &mut self.rich {
            Arc::make_mut(rich).progress.change(happens, event);
        }
        true
    }

    /// What it waits for has followed the market to this price.
    pub fn follow(&mut self, mark: u64) {
        if let Some(rich) = &mut self.rich {
            Arc::make_mut(rich).progress.mark = Some(mark);
        }
    }

    /// Where it stands, as clients are told.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        match self.put_off {
            None => self.state.name(),
            Some(PutOff::Cancel) => "pending_cancel",
            Some(PutOff::Replace) => "pending_replace",
        }
    }

    /// Whether it is pending, executed or cancelled.
    #[must_use]
    pub fn status(&self) -> Status {
        self.state.status()
    }

    /// Which side it is on.
    #[must_use]
    pub fn side(&self) -> Side {
        self.rich.as_ref().map_or(Side::Buy, |rich| rich.terms.side)
    }

    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> AccountNumber {
        self.rich.as_ref().map_or(Clearing::DEFAULT, |rich| rich.account)
    }

    /// Under which names the client placed it, in its account.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        let account = self.account();
        self.origin.iter().flat_map(move |origin| origin.names_in(account))
    }

    /// The client's own id of the order.
    #[must_use]
    pub fn client_order_id(&self) -> Option<&Label> {
        self.origin.as_ref()?.client_order_id.as_ref()
    }

    /// Whether this is what a client orders who says so: the request for it, repeated.
    #[must_use]
    pub fn is_for(
        &self,
        symbol: Symbol,
        quantity: Quantity,
        (asked, group): (Option<&Asked>, Option<&AskedGroup>),
        origin: Option<&Origin>,
    ) -> bool {
        let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref());
        let asked = asked.copied().or_else(|| Asked::native(quantity));
        let first = self.as_accepted();
        // What a sum buys is not asked for.
        let is_as_many = first.quantity == quantity || asked.is_some_and(|asked| asked.notional.is_some());
        (first.symbol == symbol && is_as_many)
            && first.client_order_id() == client_order_id
            && first.asked() == asked
            && first.asked_group() == group.copied()
    }

    /// Whether this is what a client places, who says so, in place of an order: the request for it, repeated.
    #[must_use]
    pub fn is_in_place_of(&self, old: OrderId, said: &Amendment, origin: Option<&Origin>) -> bool {
        let first = self.as_accepted();
        let (Some(rich), Some(asked)) = (&first.rich, first.asked()) else { return false };
        let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref());
        rich.kin.replaces == Some(old)
            && self.client_order_id() == client_order_id
            && said.qty.is_none_or(|qty| qty == asked.qty)
            && said.limit_price.is_none_or(|price| Some(price) == asked.limit_price)
            && said.stop.is_none_or(|stop| Some(stop) == asked.stop)
            && said.time_in_force.is_none_or(|time| time == asked.time_in_force)
    }

    /// What was asked for, by value.
    fn asked(&self) -> Option<Asked> {
        self.rich.as_ref().map_or_else(|| Asked::native(self.quantity), |rich| rich.asked())
    }

    /// What was asked for of its legs, by value.
    fn asked_group(&self) -> Option<AskedGroup> {
        let rich = self.rich.as_ref()?;
        let group = rich.kin.group?;
        let Legs { take_profit, stop_loss } = group.asked?;
        let price = |ticks: u64| rich.tick.times(ticks.into());
        let take_profit = take_profit.map(price).map_or(Some(None), |price| price.map(Some))?;
        let stop_loss = match stop_loss {
            None => None,
            Some(Loss { stop, limit: None }) => Some(Loss { stop: price(stop)?, limit: None }),
            Some(Loss { stop, limit: Some(limit) }) => Some(Loss { stop: price(stop)?, limit: Some(price(limit)?) }),
        };
        Some(AskedGroup { class: group.class, take_profit, stop_loss })
    }

    /// Whether it was accepted to wait for its parent.
    fn was_held(&self) -> bool {
        self.rich.as_ref().and_then(|rich| rich.kin.group).is_some_and(|group| group.held)
    }

    /// Whether another order of its group ended it.
    #[must_use]
    pub fn ended_with_group(&self) -> bool {
        self.rich.as_ref().is_some_and(|rich| rich.progress.ending == Some(Ending::Group))
    }

    /// Whether the order was open right after the change `number` happened.
    #[must_use]
    pub fn was_open_at(&self, number: Number) -> bool {
        self.accepted_number <= number && (!self.state.is_closed() || self.number > number)
    }

    /// The order as it was accepted.
    #[must_use]
    pub fn as_accepted(&self) -> Order {
        let at = self.accepted_at;
        let first = self.rich.as_ref().and_then(|rich| rich.first.as_ref());
        let quantity = first.map_or(self.quantity, |first| first.quantity);
        let rich = self.rich.as_deref().map(|rich| {
            let terms = first.map_or(rich.terms, |first| first.terms);
            let kin = Kin { replaced_by: None, ..rich.kin };
            Rich { terms, progress: Progress::accepted(at), first: None, kin, ..*rich }
        });
        // What is no more than a native order is told as one.
        let is_more = |rich: &Rich| !rich.kin.is_none() || Asked::native(quantity) != rich.asked();
        let rich = rich.filter(is_more).map(Arc::new);
        Order {
            quantity,
            state: if self.was_held() { State::Held } else { State::Accepted },
            closed_at: None,
            number: self.accepted_number,
            seq: self.accepted_seq,
            bought: None,
            rich,
            reason_text: None,
            put_off: None,
            ..self.clone()
        }
    }
}

impl Rich {
    /// The same, once another order was placed in its place.
    pub(crate) fn replaced_by(self: Arc<Rich>, by: OrderId) -> Rich {
        Rich { kin: Kin { replaced_by: Some(by), ..self.kin }, ..*self }
    }

    /// What is asked for, by value.
    #[must_use]
    pub fn asked(&self) -> Option<Asked> {
        let Terms { side, order_type, time_in_force, post_only, lots, .. } = self.terms;
        let price = |ticks: u64| self.tick.times(ticks.into());
        let limit_price = match self.terms.limit_ticks() {
            Some(ticks) => Some(price(ticks)?),
            None => None,
        };
        let stop = match order_type {
            OrderType::Market | OrderType::Notional { .. } | OrderType::Limit { .. } => None,
            OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => Some(AskedStop::At(price(stop)?)),
            OrderType::TrailingStop { trail: Trail::Ticks(ticks) } => Some(AskedStop::Behind(price(ticks)?)),
            OrderType::TrailingStop { trail: Trail::Percent(units) } => {
                Some(AskedStop::BehindPercent(Decimal::new(units.into(), Trail::DECIMALS)?))
            }
        };
        let (account, notional) = (self.account, self.terms.notional());
        let qty = if notional.is_some() { Decimal::ZERO } else { self.lot.times(lots)? };
        Some(Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional })
    }
}

impl Progress {
    /// Goes through a change that befell its order.
    pub(crate) fn change(&mut self, happens: Happens, event: &Event) {
        self.updated_at = event.at;
        match happens {
            // What waits outside the book has its place there since then.
            Happens::Arrives | Happens::Returns | Happens::ArrivesAndFills | Happens::Waits => {
                self.arrived_at = Some(event.at);
            }
            Happens::Ends(ending) => self.ending = Some(ending),
            Happens::Triggers => self.triggered = true,
            Happens::Trades | Happens::Fills | Happens::Amends | Happens::Reschedules => {}
        }
        match &event.body {
            Body::Arrived(Arrived { rests, .. }) | Body::Triggered(Triggered { rests, .. }) => {
                self.line = rests.then_some(event.number);
            }
            Body::Amended(amended) => self.line = amended.place.line(self.line, event.number),
            Body::Filled(filled) => {
                (self.filled, self.cost) = (filled.filled, filled.cost);
                if filled.comes_to_rest() {
                    self.line = Some(event.number);
                }
            }
            _ => {}
        }
    }
}

impl Filled {
    /// Whether its order, which came and traded, rests from now on.
    #[must_use]
    pub fn comes_to_rest(&self) -> bool {
        self.then == Then::Rests && !self.is_maker
    }
}

/// Refers to this order.
impl From<&Order> for OrderRef {
    fn from(order: &Order) -> OrderRef {
        let Order { accepted_number, id, symbol, quantity, .. } = *order;
        OrderRef { accepted_number, id, symbol, quantity }
    }
}
