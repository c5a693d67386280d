//! What only rich orders have, as it is held.
//!
//! Nearly all are plain: what such a one asks for, and how far it got, is packed into few bytes. Any other is kept
//! whole, apart.

use std::ops::{Index, IndexMut};

use super::kin::Kin;
use super::slab::{MaybePlace, Place, Slab};
use super::state::Happens;
use super::terms::{Ending, First, OrderType, Progress, Rich, Terms, TimeInForce};
use crate::accounts::ledger::AccountNumber;
use crate::event::Event;
use crate::market::book::{Side, Slot};
use crate::market::triggers::Waits;
use crate::values::{Money, Number, OrderId, Time};

/// What only rich orders have: 80 bytes of each, and what one asked for at first that was amended since.
#[derive(Debug, Default)]
pub(crate) struct RichOrders {
    held: Slab<Held>,
    firsts: Slab<First>,
}

impl RichOrders {
    /// Holds what is rich of an order.
    pub(crate) fn insert(&mut self, rich: &Rich) -> Place {
        let kept = Kept::of(rich.terms, rich.progress, rich.kin);
        let place = self.held.insert(Held { account: rich.account, slot: None, first: MaybePlace::NONE, kept });
        self.keep_first(place, rich.first);
        place
    }

    /// Holds what is rich of an order from its amendment on.
    pub(crate) fn insert_amended(&mut self, rich: &Rich, event: &Event) -> Place {
        let place = self.insert(rich);
        self.amend(place, rich, event);
        place
    }

    /// An order asks for something else.
    pub(crate) fn amend(&mut self, place: Place, rich: &Rich, event: &Event) {
        let held = &mut self.held[place];
        let mut progress = held.progress(event.at);
        progress.change(Happens::Amends, event);
        held.kept = Kept::of(rich.terms, progress, held.kin());
        self.keep_first(place, rich.first);
    }

    /// What an order asked for at first, where that was something else.
    pub(crate) fn first(&self, held: &Held) -> Option<First> {
        held.first.get().map(|place| self.firsts[place])
    }

    pub(crate) fn remove(&mut self, place: Place) {
        if let Some(first) = self.held.remove(place).first.get() {
            self.firsts.remove(first);
        }
    }

    fn keep_first(&mut self, place: Place, first: Option<First>) {
        let held = &mut self.held[place];
        match (held.first.get(), first) {
            (Some(place), Some(first)) => self.firsts[place] = first,
            (None, Some(first)) => held.first = self.firsts.insert(first).into(),
            (_, None) => {}
        }
    }
}

impl Index<Place> for RichOrders {
    type Output = Held;

    fn index(&self, place: Place) -> &Held {
        &self.held[place]
    }
}

impl IndexMut<Place> for RichOrders {
    fn index_mut(&mut self, place: Place) -> &mut Held {
        &mut self.held[place]
    }
}

/// What is held of a rich order.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) account: AccountNumber,
    /// Where it rests.
    pub(crate) slot: Option<Slot>,
    first: MaybePlace,
    kept: Kept,
}

/// What it asks for, and how far it is.
#[derive(Debug)]
enum Kept {
    Plain(Plain),
    Whole(Box<(Terms, Progress, Kin)>),
}

/// Most orders: of so much that 64 bits hold it.
#[derive(Clone, Copy, Debug)]
struct Plain {
    lots: u64,
    filled: u64,
    /// Upper and lower half: so it needs not be where 16 divides its address.
    cost: [u64; 2],
    /// 0 where it takes any price.
    limit_ticks: u64,
    expires_at: MaybeTime,
    arrived_at: MaybeTime,
    /// 0 where it does not stand in line.
    line: Number,
    side: Side,
    time_in_force: TimeInForce,
    post_only: bool,
    ending: Option<Ending>,
}

/// A time, or none; in 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MaybeTime(i64);

impl MaybeTime {
    const NONE: MaybeTime = MaybeTime(i64::MIN);

    fn get(self) -> Option<Time> {
        (self != MaybeTime::NONE).then_some(Time(self.0))
    }
}

impl From<Option<Time>> for MaybeTime {
    fn from(time: Option<Time>) -> MaybeTime {
        time.map_or(MaybeTime::NONE, |time| MaybeTime(time.0))
    }
}

impl Held {
    pub(crate) fn terms(&self) -> Terms {
        match &self.kept {
            Kept::Plain(plain) => plain.terms(),
            Kept::Whole(whole) => whole.0,
        }
    }

    /// How far it is; it last changed at this time.
    pub(crate) fn progress(&self, updated_at: Time) -> Progress {
        match &self.kept {
            Kept::Plain(plain) => plain.progress(updated_at),
            Kept::Whole(whole) => Progress { updated_at, ..whole.1 },
        }
    }

    /// How much it asks for, in lots.
    pub(crate) fn lots(&self) -> u128 {
        match &self.kept {
            Kept::Plain(plain) => plain.lots.into(),
            Kept::Whole(whole) => whole.0.lots,
        }
    }

    /// When it expires.
    pub(crate) fn expires_at(&self) -> Option<Time> {
        match &self.kept {
            Kept::Plain(plain) => plain.expires_at.get(),
            Kept::Whole(whole) => whole.0.expires_at,
        }
    }

    /// Which other orders it has to do with.
    pub(crate) fn kin(&self) -> Kin {
        match &self.kept {
            Kept::Plain(_) => Kin::default(),
            Kept::Whole(whole) => whole.2,
        }
    }

    /// Another order was placed in its place.
    pub(crate) fn replaced_by(&mut self, by: OrderId, at: Time) {
        let kin = Kin { replaced_by: Some(by), ..self.kin() };
        self.kept = Kept::of(self.terms(), self.progress(at), kin);
    }

    /// What it waits for before it trades, and at which place in line, as long as it does.
    pub(crate) fn waits(&self) -> Option<(Waits, Number)> {
        match &self.kept {
            Kept::Plain(_) => None,
            Kept::Whole(whole) => {
                let (terms, progress, _) = &**whole;
                terms.order_type.waits().filter(|_| !progress.triggered).zip(progress.line)
            }
        }
    }

    /// What it waits for has followed the market to this price.
    pub(crate) fn follow(&mut self, mark: u64) {
        if let Kept::Whole(whole) = &mut self.kept {
            whole.1.mark = Some(mark);
        }
    }

    /// Goes through a change that is no amendment.
    pub(crate) fn change(&mut self, happens: Happens, event: &Event) {
        let mut progress = self.progress(event.at);
        progress.change(happens, event);
        match &mut self.kept {
            Kept::Plain(plain) => match plain.with(&progress) {
                Some(changed) => *plain = changed,
                None => self.kept = Kept::Whole(Box::new((plain.terms(), progress, Kin::default()))),
            },
            Kept::Whole(whole) => whole.1 = progress,
        }
    }
}

impl Kept {
    fn of(terms: Terms, progress: Progress, kin: Kin) -> Kept {
        match Plain::of(&terms).and_then(|plain| plain.with(&progress)) {
            Some(plain) if kin.is_none() => Kept::Plain(plain),
            _ => Kept::Whole(Box::new((terms, progress, kin))),
        }
    }
}

impl Plain {
    /// An order of these terms of which nothing has traded, if it is a plain one.
    fn of(terms: &Terms) -> Option<Plain> {
        let Terms { side, order_type, time_in_force, post_only, lots, expires_at } = *terms;
        let limit_ticks = match order_type {
            OrderType::Market => 0,
            OrderType::Limit { ticks } => Some(ticks).filter(|&ticks| ticks > 0)?,
            OrderType::Stop { .. } | OrderType::StopLimit { .. } | OrderType::TrailingStop { .. } => return None,
        };
        Some(Plain {
            lots: u64::try_from(lots).ok()?,
            filled: 0,
            cost: [0; 2],
            limit_ticks,
            expires_at: kept(expires_at)?,
            arrived_at: MaybeTime::NONE,
            line: Number(0),
            side,
            time_in_force,
            post_only,
            ending: None,
        })
    }

    /// The same order, so far; `None` where it is no plain one any more.
    fn with(self, progress: &Progress) -> Option<Plain> {
        let Progress { filled, cost, arrived_at, updated_at: _, line, ending, triggered, mark } = *progress;
        if triggered || mark.is_some() {
            return None;
        }
        Some(Plain {
            filled: u64::try_from(filled).ok()?,
            cost: [(cost.0 >> u64::BITS) as u64, cost.0 as u64],
            arrived_at: kept(arrived_at)?,
            line: line.unwrap_or(Number(0)),
            ending,
            ..self
        })
    }

    fn terms(&self) -> Terms {
        let Plain { side, time_in_force, post_only, .. } = *self;
        let order_type = match self.limit_ticks {
            0 => OrderType::Market,
            ticks => OrderType::Limit { ticks },
        };
        let (lots, expires_at) = (self.lots.into(), self.expires_at.get());
        Terms { side, order_type, time_in_force, post_only, lots, expires_at }
    }

    fn progress(&self, updated_at: Time) -> Progress {
        let [high, low] = self.cost;
        let cost = Money((i128::from(high.cast_signed()) << u64::BITS) | i128::from(low));
        let line = (self.line != Number(0)).then_some(self.line);
        let (filled, arrived_at) = (self.filled.into(), self.arrived_at.get());
        let (ending, triggered, mark) = (self.ending, false, None);
        Progress { filled, cost, arrived_at, updated_at, line, ending, triggered, mark }
    }
}

/// This time, to be kept; `None` where it is the one that stands for none.
fn kept(time: Option<Time>) -> Option<MaybeTime> {
    let kept = MaybeTime::from(time);
    (kept.get() == time).then_some(kept)
}
