//! What the twin does with orders that end each other: a list of teams, each of whom knows whether its legs wait.

use std::rc::Rc;

use tradepit_engine::{
    Amended, AskedGroup, Body, Ending, First, Group, GroupClass, InLine, Legs, Loss, Number, OrderType, Quantity,
    Rejection, Role, State, Submit, SubmitGroup, Terms, Time, TimeInForce, Trading,
};

use super::paying::Counted;
use super::terms::{legs_of, terms};
use super::trading::Offer;
use super::{Entry, Naive, Others};
use crate::market::{Market, times};

/// The orders of a group, by the changes that accepted them.
#[derive(Clone)]
pub(super) struct Team {
    first: u64,
    /// Whom the legs wait for, how much of it they count on, and how long it stands; nobody once they act.
    parent: Option<(u64, u128, (TimeInForce, Option<Time>))>,
    legs: Vec<u64>,
    /// Whether they came to act while nothing traded: then others come first at the opening.
    shut_out: bool,
}

impl Naive {
    pub(super) fn submit_group(&mut self, at: i64, submit: &SubmitGroup) -> Result<(), Rejection> {
        let SubmitGroup { id, symbol, quantity, delay_us, ref origin, asked, group, .. } = *submit;
        let head = Submit { id, symbol, quantity, delay_us, origin: origin.clone(), asked: Some(asked) };
        self.check_owner(asked.account)?;
        self.check_names(&head, Some(group))?;
        let market = self.markets.iter().find(|market| market.symbol == symbol).cloned();
        let market = market.ok_or(Rejection::UnknownSymbol)?;
        let (own, legs) = match (terms(&market, &asked, at), legs_of(&market, &asked, &group)) {
            (Ok(own), Ok(legs)) => (own, legs),
            (own, legs) => {
                let faults = own.err().into_iter().chain(legs.err()).flatten();
                return Err(Rejection::Faulty(faults.collect()));
            }
        };
        if market.status == Trading::Closed {
            return Err(Rejection::InstrumentClosed);
        }
        let count = legs.iter().flatten().count();
        self.check_range(&market, own.lots.saturating_mul(1 + count as u128))?;
        let counts = |order_type| Counted::asked(&market, Terms { order_type, ..own });
        let with = match legs[1] {
            Some(loss) if group.class == GroupClass::Oco => counts(own.order_type).or_greater(counts(loss)),
            _ => counts(own.order_type),
        };
        self.check_paid(at, (asked.account, &market), None, Some(with))?;
        if self.open_orders() + 1 + count > self.max_orders {
            return Err(Rejection::BookFull);
        }
        self.accept_group(at, (submit, &head), &market, (own, legs));
        Ok(())
    }

    /// The order and its legs are there from now on, as a team.
    fn accept_group(
        &mut self,
        at: i64,
        (submit, head): (&SubmitGroup, &Submit),
        market: &Rc<Market>,
        (own, legs): (Terms, [Option<OrderType>; 2]),
    ) {
        let SubmitGroup { id, legs: ids, asked, group, .. } = *submit;
        let first = self.last_number + 1;
        let is_oco = group.class == GroupClass::Oco;
        let mut spare = ids.into_iter();
        let named = legs.map(|leg| leg.map(|_| spare.next().expect("there are two")));
        let place = Group {
            class: group.class,
            first: Number(first),
            role: if is_oco { Role::TakeProfit } else { Role::Parent },
            held: false,
            parent: None,
            legs: named,
            asked: Some(in_ticks(&legs)),
        };
        self.accept(at, (head, head.quantity), market, (asked, own, true), of_group(place, Some(group)));
        let time = match own.time_in_force {
            TimeInForce::Day => (TimeInForce::Day, own.expires_at),
            _ => (TimeInForce::GoodTillCancelled, None),
        };
        let mut team =
            Team { first, parent: (!is_oco).then_some((first, own.lots, time)), legs: Vec::new(), shut_out: false };
        team.legs.extend(is_oco.then_some(first));
        for ((order_type, leg_id), role) in legs.into_iter().zip(named).zip([Role::TakeProfit, Role::StopLoss]) {
            let (Some(order_type), Some(leg_id)) = (order_type, leg_id) else { continue };
            let side = if is_oco { own.side } else { own.side.other() };
            let of_leg =
                Terms { side, order_type, time_in_force: time.0, post_only: false, lots: own.lots, expires_at: time.1 };
            let leg = Submit { id: leg_id, origin: None, ..head.clone() };
            let place = Group { role, held: !is_oco, parent: Some(id), legs: [None; 2], asked: None, ..place };
            self.accept(at, (&leg, leg.quantity), market, (asked, of_leg, true), of_group(place, None));
            team.legs.push(self.last_number);
        }
        self.teams.push(team);
    }

    /// What one of a team has come to, the others come to as well. Those that were touched first come first.
    pub(super) fn settle_teams(&mut self, at: i64) {
        let mut firsts: Vec<u64> = Vec::new();
        for event in &self.told {
            let entry = event.about().and_then(|accepted| self.find(accepted)).map(|place| &self.orders[place]);
            let first = entry.and_then(|entry| entry.group).map(|group| group.first.0);
            firsts.extend(first.filter(|first| !firsts.contains(first)));
        }
        for first in firsts {
            let Some(which) = self.teams.iter().position(|team| team.first == first) else { continue };
            match self.teams[which].parent {
                Some(_) => self.settle_waiting(at, which),
                None => self.settle_acting(at, which),
            }
            self.look_whether_shut_out(which, at);
        }
    }

    pub(super) fn look_whether_shut_out(&mut self, which: usize, at: i64) {
        let mut legs = self.teams[which].legs.iter().filter_map(|leg| self.find(Number(*leg)));
        let market = legs.next().map(|place| &self.orders[place].market);
        self.teams[which].shut_out = market.is_some_and(|market| !self.trades(market, at));
    }

    /// Legs that wait go where their parent goes, and the other way round.
    fn settle_waiting(&mut self, at: i64, which: usize) {
        let team = self.teams[which].clone();
        let (own, counted, stood) = team.parent.expect("they wait for it");
        let is_over = |leg: u64| {
            let place = self.find(Number(leg)).filter(|_| !self.is_open(own));
            place.is_some_and(|place| self.orders[place].terms.expires_at.is_some_and(|end| end.0 <= at))
        };
        if team.legs.iter().any(|leg| !self.is_open(*leg) || is_over(*leg)) {
            self.teams[which].parent = None;
            return [own].iter().chain(&team.legs).for_each(|order| self.end_with_team(at, *order));
        }
        let parent = self.orders[self.find(Number(own)).expect("it was touched")].clone();
        let counts = if parent.is_open() { parent.terms.lots } else { parent.filled };
        let stands = (parent.terms.time_in_force, parent.terms.expires_at);
        for leg in &team.legs {
            let before = self.orders[self.find(Number(*leg)).expect("it is open")].terms;
            let mut now = Terms { lots: before.lots - counted + counts, ..before };
            if stands != stood {
                (now.time_in_force, now.expires_at) = stands;
            }
            if now.lots == 0 {
                self.end_with_team(at, *leg);
            } else if now != before {
                self.amend_with_team(at, *leg, now);
            }
        }
        self.teams[which].parent = parent.is_open().then_some((own, counts, stands));
    }

    /// Of two that act one ends where the other does, and both have as much left.
    fn settle_acting(&mut self, at: i64, which: usize) {
        let [one, other] = self.teams[which].legs[..] else { return };
        for (this, that) in [(one, other), (other, one)] {
            if !self.is_open(this) {
                self.end_with_team(at, that);
            }
        }
        let left = |order: u64| self.find(Number(order)).map_or(0, |place| self.orders[place].left());
        let least = left(one).min(left(other));
        for order in [one, other] {
            if !self.is_open(one) || !self.is_open(other) {
                return;
            }
            let entry = &self.orders[self.find(Number(order)).expect("it is open")];
            if entry.left() > least {
                let now = Terms { lots: entry.filled + least, ..entry.terms };
                self.amend_with_team(at, order, now);
            }
        }
    }

    fn is_open(&self, order: u64) -> bool {
        self.find(Number(order)).is_some_and(|place| self.orders[place].is_open())
    }

    fn end_with_team(&mut self, at: i64, order: u64) {
        let Some(place) = self.find(Number(order)).filter(|place| self.orders[*place].is_open()) else { return };
        let is_over = self.orders[place].terms.expires_at.is_some_and(|end| end.0 <= at);
        self.end(at, place, if is_over { Ending::Expired } else { Ending::Group });
    }

    fn amend_with_team(&mut self, at: i64, order: u64, now: Terms) {
        let place = self.find(Number(order)).expect("it is open");
        let before = self.orders[place].clone();
        let market = Rc::clone(&before.market);
        let entry = &mut self.orders[place];
        entry.first = before.first.or(Some(First { quantity: before.quantity, terms: before.terms }));
        if now.lots != before.terms.lots {
            let whole = times(market.lot, now.lots).ceiling();
            entry.quantity = Quantity::new(u64::try_from(whole).expect("it is short")).expect("in range");
        }
        entry.terms = now;
        let rich = entry.rich();
        let amended = Amended { order: self.refer(place), rich, place: InLine::Keeps };
        self.tell(at, 1, 0, Body::Amended(Box::new(amended)));
        let number = self.last_number;
        let entry = &mut self.orders[place];
        (entry.number, entry.updated_at) = (number, at);
    }

    /// What an order is in a team that takes the place of this one there.
    pub(super) fn in_place_of(&self, place: usize) -> Option<Group> {
        let Entry { group, state, .. } = &self.orders[place];
        let mut group = (*group)?;
        let first = group.first;
        let now = |role: Role| {
            let is_it = |entry: &&Entry| entry.group.is_some_and(|other| (other.first, other.role) == (first, role));
            self.orders.iter().filter(is_it).find(|entry| entry.is_open()).map(|entry| entry.id)
        };
        let head = if group.class == GroupClass::Oco { Role::TakeProfit } else { Role::Parent };
        group.parent = group.parent.map(|was| now(head).unwrap_or(was));
        for (leg, role) in group.legs.iter_mut().zip([Role::TakeProfit, Role::StopLoss]) {
            *leg = leg.map(|was| now(role).unwrap_or(was));
        }
        (group.held, group.asked) = (*state == State::Held, None);
        Some(group)
    }

    /// Another order takes a place in a team; legs that wait for it are for what it may fill beside what is filled.
    pub(super) fn substitute(&mut self, at: i64, old: &Entry, new: u64) {
        let is_of = |team: &Team| old.group.is_some_and(|group| group.first.0 == team.first);
        let Some(which) = self.teams.iter().position(is_of) else { return };
        for leg in &mut self.teams[which].legs {
            *leg = if *leg == old.accepted { new } else { *leg };
        }
        let Some((_, counted, stood)) = self.teams[which].parent.filter(|(parent, ..)| *parent == old.accepted) else {
            return;
        };
        let own = self.orders[self.find(Number(new)).expect("it is new")].terms;
        for leg in self.teams[which].legs.clone() {
            let before = self.orders[self.find(Number(leg)).expect("it waits")].terms;
            let mut now = Terms { lots: before.lots - counted + old.filled + own.lots, ..before };
            if own.time_in_force != stood.0 {
                (now.time_in_force, now.expires_at) = (own.time_in_force, own.expires_at);
            }
            if now != before {
                self.amend_with_team(at, leg, now);
            }
        }
        self.teams[which].parent = Some((new, own.lots, (own.time_in_force, own.expires_at)));
    }

    /// The leg that is to act first: of the eldest team whose parent is gone, and whose market trades. Of those whose
    /// market did not when they came to act, or of the others.
    pub(crate) fn released(&self, at: i64, shut_out: bool) -> Option<usize> {
        let trades = |place: &usize| self.trades(&self.orders[*place].market, at);
        self.released_of(|team| team.shut_out == shut_out).find(trades)
    }

    /// When one of them acts, where its market does not trade before.
    pub(super) fn next_released(&self) -> Option<i64> {
        self.released_of(|_| true).filter_map(|place| self.trades_from(&self.orders[place].market, self.last_at)).min()
    }

    /// The first leg of each team that waits for its parent, which is gone.
    fn released_of(&self, is_it: impl Fn(&Team) -> bool) -> impl Iterator<Item = usize> {
        let acting = self.teams.iter().filter(move |team| team.parent.is_none() && is_it(team));
        acting.filter_map(|team| {
            let mut legs = team.legs.iter().filter_map(|leg| self.find(Number(*leg)));
            legs.find(|place| self.orders[*place].state == State::Held)
        })
    }

    /// Who loses what this one fills.
    pub(crate) fn rival(&self, place: usize) -> Option<usize> {
        let own = self.orders[place].accepted;
        let team = self.teams.iter().find(|team| team.legs.contains(&own))?;
        let other = *team.legs.iter().find(|leg| **leg != own)?;
        self.find(Number(other)).filter(|place| self.orders[*place].is_open())
    }

    /// The legs that wait for this one.
    pub(super) fn waiting_legs(&self, place: usize) -> Vec<u64> {
        let own = self.orders[place].accepted;
        let is_of = |team: &&Team| team.parent.is_some_and(|(parent, ..)| parent == own);
        self.teams.iter().find(is_of).map_or(Vec::new(), |team| team.legs.clone())
    }

    /// Of two that have as much left, whoever takes the first finds nothing of the second.
    pub(super) fn without_rivals(&self, offers: Vec<Offer>) -> Vec<Offer> {
        let mut kept: Vec<Offer> = Vec::new();
        for offer in offers {
            let rival = offer.client.and_then(|client| self.rival(client));
            // Of its own account both are in the way.
            if offer.is_own || rival.is_none() || !kept.iter().any(|before| before.client == rival) {
                kept.push(offer);
            }
        }
        kept
    }
}

fn of_group(group: Group, asked_group: Option<AskedGroup>) -> Others {
    Others { group: Some(group), asked_group, replaces: None }
}

fn in_ticks(legs: &[Option<OrderType>; 2]) -> Legs {
    let take_profit = match legs[0] {
        Some(OrderType::Limit { ticks }) => Some(ticks),
        _ => None,
    };
    let stop_loss = match legs[1] {
        Some(OrderType::Stop { stop }) => Some(Loss { stop, limit: None }),
        Some(OrderType::StopLimit { stop, limit }) => Some(Loss { stop, limit: Some(limit) }),
        _ => None,
    };
    Legs { take_profit, stop_loss }
}
