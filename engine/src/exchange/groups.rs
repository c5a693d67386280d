//! Orders that end each other: what follows for the others of a group from what befell one of it.
//!
//! That is told by the command that brought it about, behind all else that it tells: group by group, as they were
//! touched, and in each the parent, the leg that takes a profit, the one that stops a loss. Nothing follows from what
//! follows, so it is at most two events a group. Legs whose parent is filled, or ended partly filled, arrive next, one
//! after the other, each once the one before has traded as far as it does.

use super::Exchange;
use super::change::Step;
use super::telling::Telling;
use crate::event::{Amended, Body, Ended, OrderRef};
use crate::market::house::House;
use crate::market::matching::{Incoming, Next, With};
use crate::market::pit::Pit;
use crate::orders::group::{Group, GroupClass, Role};
use crate::orders::line::InLine;
use crate::orders::order::Order;
use crate::orders::row::Row;
use crate::orders::slab::Place;
use crate::orders::state::State;
use crate::orders::terms::{Ending, First, Rich, Terms};
use crate::sheets::Sorted;
use crate::values::{Number, Quantity, Time};

/// The open orders of a group, by their roles.
pub(super) type Members = [Option<Number>; Role::ALL.len()];

/// Which orders end each other: all that are open of each group.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) open: Sorted<Number, Members>,
    /// Groups whose parent is open no more, and whose legs are to act: the eldest first.
    pub(super) released: Sorted<Number, ()>,
    /// Those of them that came to that while their instrument did not trade: at the opening the house quotes first, and
    /// who waited for a price is triggered.
    pub(super) shut_out: Sorted<Number, ()>,
}

impl Groups {
    /// Whether no order ends another one.
    pub(super) fn is_empty(&self) -> bool {
        // Who is to act, or could not, is open.
        self.open.is_empty()
    }

    pub(super) fn of(&self, first: Number) -> Members {
        self.open.get(&first).copied().unwrap_or_default()
    }
}

/// The groups as events change them.
impl Exchange {
    /// An order of a group is open from now on.
    fn join_group(&mut self, group: &Group, accepted: Number) {
        self.groups.open.entry(group.first)[group.role as usize] = Some(accepted);
        self.look_at_group(group.first);
    }

    /// An order of a group stands open at this place: what is counted of the group is counted anew.
    pub(super) fn open_in_group(&mut self, group: &Group, placed: Place) {
        let other = self.groups.of(group.first).into_iter().flatten().next();
        if let Some(other) = other.and_then(|other| self.orders.find(other)) {
            self.release(other);
        }
        self.join_group(group, self.orders[placed].accepted_number);
        self.reserve(placed);
    }

    /// Something befell an order of a group.
    #[inline]
    pub(super) fn change_in_group(&mut self, step: &Step) {
        if !self.groups.open.is_empty()
            && let Some(place) = step.rich
        {
            self.look_at_group_of(place, step.accepted, step.state.is_closed());
        }
    }

    fn look_at_group_of(&mut self, place: Place, accepted: Number, is_closed: bool) {
        let Some(&Group { first, role, .. }) = self.rich[place].group() else { return };
        if is_closed && let Some(members) = self.groups.open.get_mut(&first) {
            members[role as usize].take_if(|member| *member == accepted);
        }
        self.look_at_group(first);
    }

    /// Looks up whether legs are to act, and whether anything is left of a group.
    fn look_at_group(&mut self, first: Number) {
        let members = self.groups.of(first);
        let leg = self.held_leg(&members).filter(|_| members[Role::Parent as usize].is_none());
        let (is_released, is_shut_out) =
            (leg.is_some(), leg.is_some_and(|leg| !self.trades(leg.instrument, self.last_at)));
        let Groups { released, shut_out, .. } = &mut self.groups;
        for (which, is_one) in [(released, is_released), (shut_out, is_shut_out)] {
            if is_one {
                which.insert(first, ())
            } else {
                which.remove(&first)
            };
        }
        if members.iter().all(Option::is_none) {
            self.groups.open.remove(&first);
        }
    }

    fn held_leg(&self, members: &Members) -> Option<&Row> {
        let legs = members[Role::TakeProfit as usize..].iter().flatten();
        legs.filter_map(|&leg| self.orders.get(leg)).find(|row| row.state == State::Held)
    }

    /// The leg that is to act first, before anything else.
    pub(super) fn first_released(&self, at: Time) -> Option<&Row> {
        self.first_of_released(at, false)
    }

    /// The leg that acts first of those that could not, for their instrument did not trade.
    pub(super) fn first_let_in(&self, at: Time) -> Option<&Row> {
        if self.groups.shut_out.is_empty() { None } else { self.first_of_released(at, true) }
    }

    fn first_of_released(&self, at: Time, is_shut_out: bool) -> Option<&Row> {
        let is_it = |row: &&Row| {
            let first = self.group_of(row).map(|group| group.first);
            first.is_some_and(|first| self.groups.shut_out.contains(&first)) == is_shut_out
        };
        self.released_legs().into_iter().flatten().filter(is_it).find(|row| self.trades(row.instrument, at))
    }

    /// A store goes on at this time: which legs cannot act then.
    pub(super) fn shut_out_legs(&mut self) {
        let firsts: Vec<Number> = self.groups.released.iter().map(|(first, ())| *first).collect();
        firsts.into_iter().for_each(|first| self.look_at_group(first));
    }

    /// When a leg acts next that is to, where its instrument does not trade before.
    pub(super) fn next_released(&self) -> Option<Time> {
        let opens = |row: &Row| self.clearing.instrument(row.instrument).trades_from(self.last_at);
        self.released_legs().into_iter().flatten().filter_map(opens).min()
    }

    fn released_legs(&self) -> Option<impl Iterator<Item = &Row>> {
        let released = (!self.groups.released.is_empty()).then(|| self.groups.released.iter().map(|(first, ())| first));
        released.map(|firsts| firsts.filter_map(|first| self.held_leg(&self.groups.of(*first))))
    }
}

/// Who is of which group.
impl Exchange {
    pub(super) fn group_of(&self, row: &Row) -> Option<&Group> {
        self.rich[row.rich.get()?].group()
    }

    /// Whether another order loses what this one fills.
    pub(super) fn has_rival(&self, accepted: Number) -> bool {
        let rival = |row| self.rival(row);
        !self.groups.open.is_empty() && self.orders.get(accepted).and_then(rival).is_some()
    }

    /// The order that loses what this one fills.
    pub(super) fn rival(&self, row: &Row) -> Option<Number> {
        let group = self.group_of(row)?;
        let members = self.groups.of(group.first);
        match group.role {
            Role::Parent => None,
            Role::TakeProfit => members[Role::StopLoss as usize],
            Role::StopLoss => members[Role::TakeProfit as usize],
        }
    }

    /// Whether an order stops a loss beside one that rests and takes the profit: what the one sells the other does not.
    pub(super) fn is_counted_with_rival(&self, accepted: Number) -> bool {
        if self.groups.open.is_empty() {
            return false;
        }
        let stops = self
            .orders
            .get(accepted)
            .filter(|row| self.group_of(row).is_some_and(|group| group.role == Role::StopLoss));
        let rival = stops.and_then(|row| self.orders.get(self.rival(row)?)).and_then(|row| row.rich.get());
        rival.is_some_and(|place| self.rich[place].slot.is_some())
    }

    /// All that comes next for an order: of two of a group, what the one trades is gone from the other.
    pub(super) fn walk<'a>(
        &'a self,
        arriving: &Incoming,
        pit: &'a Pit,
        house: &'a House,
    ) -> impl Iterator<Item = Next> + use<'a> {
        let is_plain = self.groups.open.is_empty();
        let (mut left, mut traded) = (arriving.left, Vec::new());
        let endless = Incoming { left: if is_plain { left } else { u128::MAX }, ..*arriving };
        let mut walk = endless.walk(&pit.book, house);
        std::iter::from_fn(move || {
            if is_plain {
                return walk.next();
            }
            while left > 0 {
                let (with, ticks, offered) = match walk.next()? {
                    Next::Trade { with, ticks, lots } => (with, ticks, lots),
                    other @ (Next::Meets(_) | Next::Nothing) => return Some(other),
                };
                let lots = left.min(self.not_yet_lost(with, pit, offered, &traded));
                if lots > 0 {
                    if let With::Client(slot) = with {
                        traded.push((pit.book.get(slot).order, lots));
                    }
                    left -= lots;
                    return Some(Next::Trade { with, ticks, lots });
                }
            }
            None
        })
    }

    /// Whether somebody loses what these two trade: then that comes before whoever is next.
    pub(super) fn loses(&self, row: &Row, with: With, pit: &Pit) -> bool {
        let of_maker = || match with {
            With::Client(slot) => self.has_rival(Number(pit.book.get(slot).order)),
            With::House => false,
        };
        !self.groups.open.is_empty() && (self.rival(row).is_some() || of_maker())
    }

    /// Whether all of an order can trade now.
    pub(super) fn fills(&self, arriving: &Incoming, pit: &Pit, house: &House) -> bool {
        let traded = self.walk(arriving, pit, house).map(|next| match next {
            Next::Trade { lots, .. } => lots,
            Next::Meets(_) | Next::Nothing => 0,
        });
        traded.sum::<u128>() >= arriving.left
    }

    /// How much somebody offers, of which an order of its group has traded some already.
    fn not_yet_lost(&self, with: With, pit: &Pit, offered: u128, traded: &[(u64, u128)]) -> u128 {
        let With::Client(slot) = with else { return offered };
        let row = self.orders.get(Number(pit.book.get(slot).order));
        let Some(Number(rival)) = row.and_then(|row| self.rival(row)) else { return offered };
        let lost = traded.iter().find(|(order, _)| *order == rival);
        offered.saturating_sub(lost.map_or(0, |(_, lots)| *lots))
    }
}

/// Orders that take another one's place.
impl Exchange {
    /// The legs that wait for this order.
    pub(super) fn held_legs(&self, row: &Row) -> impl Iterator<Item = &Row> {
        let group = self.group_of(row).filter(|group| group.role == Role::Parent);
        let members = group.map(|group| self.groups.of(group.first)).unwrap_or_default();
        members.into_iter().skip(Role::TakeProfit as usize).flatten().filter_map(|leg| self.orders.get(leg))
    }

    /// What an order is in a group that takes this one's place in it.
    pub(super) fn in_place_of(&self, row: &Row, group: Group) -> Group {
        let members = self.groups.of(group.first);
        let id = |role: Role| Some(self.orders.get(members[role as usize]?)?.id);
        let head = if group.class == GroupClass::Oco { Role::TakeProfit } else { Role::Parent };
        let [take_profit, stop_loss] = group.legs;
        let legs = [
            take_profit.map(|leg| id(Role::TakeProfit).unwrap_or(leg)),
            stop_loss.map(|leg| id(Role::StopLoss).unwrap_or(leg)),
        ];
        let parent = group.parent.map(|parent| id(head).unwrap_or(parent));
        Group { held: row.state == State::Held, parent, legs, asked: None, ..group }
    }

    /// The legs of an order that is replaced are for all that both may fill.
    pub(super) fn amend_legs(&self, telling: &mut Telling<'_>, row: &Row, before: &Rich, now: &Terms) {
        for leg in self.held_legs(row).map(|leg| self.show(leg)) {
            let Some(terms) = leg.rich.as_ref().map(|rich| rich.terms) else { continue };
            let carried = terms.lots.saturating_sub(before.terms.lots).saturating_add(before.progress.filled);
            let mut of_leg = Terms { lots: carried.saturating_add(now.lots), ..terms };
            if now.time_in_force != before.terms.time_in_force {
                (of_leg.time_in_force, of_leg.expires_at) = (now.time_in_force, now.expires_at);
            }
            if of_leg != terms {
                self.amend_with_group(telling, &leg, of_leg);
            }
        }
    }
}

/// What follows for the others.
impl Exchange {
    /// Tells what follows for groups from what was told so far.
    #[inline(never)]
    pub(super) fn settle_open_groups(&self, telling: &mut Telling<'_>) {
        let mut touched: Vec<Number> = Vec::new();
        for accepted in telling.told.iter().filter_map(|event| event.about()) {
            let first = self.orders.get(accepted).and_then(|row| self.group_of(row)).map(|group| group.first);
            touched.extend(first.filter(|first| !touched.contains(first)));
        }
        for first in touched {
            let members = self.groups.of(first);
            let [parent, take_profit, stop_loss] = members.map(|member| self.as_told(member?, telling));
            let before = members[Role::Parent as usize].and_then(|parent| self.order(parent));
            match before.zip(parent) {
                Some((before, parent)) => self.settle_legs(telling, (&before, &parent), &[take_profit, stop_loss]),
                None => self.settle_rivals(telling, take_profit, stop_loss),
            }
        }
    }

    /// An order as it stands after what was told so far.
    fn as_told(&self, accepted: Number, telling: &Telling<'_>) -> Option<Order> {
        let mut order = self.order(accepted)?;
        for event in telling.told.iter().filter(|event| event.about() == Some(accepted)) {
            // What is told is what can befall it.
            let _is_so = order.change(event);
        }
        Some(order)
    }

    /// What follows from what befell a parent or one of its legs, which wait for it.
    fn settle_legs(&self, telling: &mut Telling<'_>, (before, parent): (&Order, &Order), legs: &[Option<Order>; 2]) {
        let legs = || legs.iter().flatten();
        let ends = |leg: &Order| {
            let is_over = leg.rich.as_ref().is_some_and(|rich| expires(&rich.terms, telling.at));
            leg.state.is_closed() || (parent.state.is_closed() && is_over)
        };
        if legs().any(ends) {
            for order in std::iter::once(parent).chain(legs()) {
                end_with_group(telling, order);
            }
            return;
        }
        let (Some(was), Some(is)) = (&before.rich, &parent.rich) else { return };
        let counts = if parent.state.is_closed() { is.progress.filled } else { is.terms.lots };
        for leg in legs() {
            let Some(terms) = leg.rich.as_ref().map(|rich| rich.terms) else { continue };
            let mut now = Terms { lots: terms.lots.saturating_sub(was.terms.lots).saturating_add(counts), ..terms };
            let time = |terms: &Terms| (terms.time_in_force, terms.expires_at);
            if time(&was.terms) != time(&is.terms) {
                (now.time_in_force, now.expires_at) = time(&is.terms);
            }
            if now.lots == 0 {
                end_with_group(telling, leg);
            } else if now != terms {
                self.amend_with_group(telling, leg, now);
            }
        }
    }

    /// What follows from what befell one of two orders, each of which loses what the other fills.
    fn settle_rivals(&self, telling: &mut Telling<'_>, one: Option<Order>, other: Option<Order>) {
        let (Some(one), Some(other)) = (one, other) else { return };
        let left =
            |order: &Order| order.rich.as_ref().map_or(0, |rich| rich.terms.lots.saturating_sub(rich.progress.filled));
        match (one.state.is_closed(), other.state.is_closed()) {
            (true, true) => {}
            (true, false) => end_with_group(telling, &other),
            (false, true) => end_with_group(telling, &one),
            (false, false) => {
                let least = left(&one).min(left(&other));
                for order in [&one, &other] {
                    if let Some(rich) = order.rich.as_ref().filter(|_| left(order) > least) {
                        self.amend_with_group(
                            telling,
                            order,
                            Terms { lots: rich.progress.filled + least, ..rich.terms },
                        );
                    }
                }
            }
        }
    }

    /// An order asks for something else because another one of its group does, or has filled.
    pub(super) fn amend_with_group(&self, telling: &mut Telling<'_>, order: &Order, terms: Terms) {
        let Some(rich) = order.rich.as_deref() else { return };
        let quantity = if terms.lots == rich.terms.lots { None } else { self.rounded_up(order, terms.lots) };
        let quantity = quantity.unwrap_or(order.quantity);
        let first = Some(rich.first.unwrap_or(First { quantity: order.quantity, terms: rich.terms }));
        let order = OrderRef { quantity, ..OrderRef::from(order) };
        let rich = Rich { terms, first, ..*rich };
        telling.tell_amended(|| Amended { order, rich, place: InLine::Keeps });
    }

    fn rounded_up(&self, order: &Order, lots: u128) -> Option<Quantity> {
        let whole = u64::try_from(self.instrument(order.symbol)?.rounded_up(lots)).ok()?;
        Quantity::new(whole).ok()
    }
}

/// Ends an order with its group; for its own time, where that is over by now.
fn end_with_group(telling: &mut Telling<'_>, order: &Order) {
    let is_over = order.rich.as_ref().is_some_and(|rich| expires(&rich.terms, telling.at));
    if !order.state.is_closed() {
        let ending = if is_over { Ending::Expired } else { Ending::Group };
        telling.tell(Body::Ended(Ended { order: OrderRef::from(order), ending }));
    }
}

fn expires(terms: &Terms, at: Time) -> bool {
    terms.expires_at.is_some_and(|expires_at| expires_at <= at)
}
