//! What only rich orders have, as it is held.
//!
//! Nearly all are plain: what such a one asks for, and how far it got, is packed into few bytes. Any other is kept
//! whole, apart.

use std::ops::{Index, IndexMut};

use super::group::Group;
use super::kin::Kin;
use super::line::InLine;
use super::maybe_time::{MaybeTime, kept};
use super::slab::{MaybePlace, Place, Slab};
use super::state::Happens;
use super::terms::{Ending, First, OrderType, Progress, Rich, Terms, TimeInForce};
use crate::accounts::ledger::AccountNumber;
use crate::event::{Amended, Event, Filled};
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
        let kept = Kept::of(rich.account, &rich.terms, &rich.progress, rich.kin);
        let place = self.held.insert(Held { slot: None, first: MaybePlace::NONE, kept });
        self.keep_first(place, rich.first);
        place
    }

    /// An order asks for something else since this change.
    pub(crate) fn amend(&mut self, place: Place, amended: &Amended, event: &Event) {
        let held = &mut self.held[place];
        held.amend(&amended.rich.terms, amended.place, (event.number, event.at));
        if held.first == MaybePlace::NONE {
            self.keep_first(place, amended.rich.first);
        }
    }

    /// What an order asked for at first, where that was something else.
    pub(crate) fn first(&self, held: &Held) -> Option<&First> {
        held.first.get().map(|place| &self.firsts[place])
    }

    pub(crate) fn remove(&mut self, place: Place) {
        if let Some(first) = self.held.remove(place).first.get() {
            self.firsts.remove(first);
        }
    }

    fn keep_first(&mut self, place: Place, first: Option<First>) {
        if let Some(first) = first {
            self.held[place].first = self.firsts.insert(first).into();
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
    /// Where it rests.
    pub(crate) slot: Option<Slot>,
    first: MaybePlace,
    kept: Kept,
}

/// Whose it is, what it asks for, and how far it is.
#[derive(Debug)]
enum Kept {
    Plain(Plain),
    Whole(Box<Whole>),
}

/// Any order.
#[derive(Debug)]
struct Whole {
    account: AccountNumber,
    terms: Terms,
    progress: Progress,
    kin: Kin,
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
    account: AccountNumber,
    side: Side,
    time_in_force: TimeInForce,
    post_only: bool,
    ending: Option<Ending>,
}

impl Held {
    /// Whose it is.
    pub(crate) fn account(&self) -> AccountNumber {
        match &self.kept {
            Kept::Plain(plain) => plain.account,
            Kept::Whole(whole) => whole.account,
        }
    }

    pub(crate) fn terms(&self) -> Terms {
        match &self.kept {
            Kept::Plain(plain) => plain.terms(),
            Kept::Whole(whole) => whole.terms,
        }
    }

    /// How far it is; it last changed at this time, which stands elsewhere.
    pub(crate) fn progress(&self, updated_at: Time) -> Progress {
        match &self.kept {
            Kept::Plain(plain) => plain.progress(updated_at),
            Kept::Whole(whole) => Progress { updated_at, ..whole.progress },
        }
    }

    /// The sum that it trades for, where it says that.
    pub(crate) fn notional(&self) -> Option<Money> {
        match &self.kept {
            Kept::Plain(_) => None,
            Kept::Whole(whole) => whole.terms.notional(),
        }
    }

    /// So much its sum buys.
    pub(crate) fn come_to(&mut self, lots: u128) {
        if let Kept::Whole(whole) = &mut self.kept {
            whole.terms.lots = lots;
        }
    }

    /// How much it asks for, in lots.
    pub(crate) fn lots(&self) -> u128 {
        match &self.kept {
            Kept::Plain(plain) => plain.lots.into(),
            Kept::Whole(whole) => whole.terms.lots,
        }
    }

    /// When it expires.
    pub(crate) fn expires_at(&self) -> Option<Time> {
        match &self.kept {
            Kept::Plain(plain) => plain.expires_at.get(),
            Kept::Whole(whole) => whole.terms.expires_at,
        }
    }

    /// Which other orders it has to do with.
    pub(crate) fn kin(&self) -> &Kin {
        match &self.kept {
            Kept::Plain(_) => &Kin::NONE,
            Kept::Whole(whole) => &whole.kin,
        }
    }

    /// The group that it is of.
    pub(crate) fn group(&self) -> Option<&Group> {
        match &self.kept {
            Kept::Plain(_) => None,
            Kept::Whole(whole) => whole.kin.group.as_ref(),
        }
    }

    /// When it came to its place in line, and by which change it did, where it has one.
    pub(crate) fn stands(&self) -> Option<(Time, Number)> {
        match &self.kept {
            Kept::Plain(plain) => plain.arrived_at.get().zip(plain.line()),
            Kept::Whole(whole) => whole.progress.arrived_at.zip(whole.progress.line),
        }
    }

    /// Another order was placed in its place.
    pub(crate) fn replaced_by(&mut self, by: OrderId, at: Time) {
        let kin = Kin { replaced_by: Some(by), ..*self.kin() };
        self.kept = Kept::of(self.account(), &self.terms(), &self.progress(at), kin);
    }

    /// What it waits for before it trades, and at which place in line, as long as it does.
    pub(crate) fn waits(&self) -> Option<(Waits, Number)> {
        match &self.kept {
            Kept::Plain(_) => None,
            Kept::Whole(whole) => {
                let Whole { terms, progress, .. } = &**whole;
                terms.order_type.waits().filter(|_| !progress.triggered).zip(progress.line)
            }
        }
    }

    /// What it waits for has followed the market to this price.
    pub(crate) fn follow(&mut self, mark: u64) {
        if let Kept::Whole(whole) = &mut self.kept {
            whole.progress.mark = Some(mark);
        }
    }

    /// Goes through a change that is no amendment.
    pub(crate) fn change(&mut self, happens: Happens, event: &Event) {
        let mut progress = self.progress(event.at);
        progress.change(happens, event);
        match &mut self.kept {
            Kept::Plain(plain) => {
                if !plain.put(&progress) {
                    self.kept = Kept::of(plain.account, &plain.terms(), &progress, Kin::default());
                }
            }
            Kept::Whole(whole) => whole.progress = progress,
        }
    }

    /// It has reached the exchange.
    pub(crate) fn arrive(&mut self, happens: Happens, event: &Event, rests: bool) {
        match &mut self.kept {
            Kept::Plain(plain) if event.at != Time(i64::MIN) => {
                plain.arrived_at = MaybeTime(event.at.0);
                plain.line = if rests { event.number } else { Number(0) };
            }
            Kept::Plain(_) | Kept::Whole(_) => self.change(happens, event),
        }
    }

    /// It has traded.
    pub(crate) fn fill(&mut self, happens: Happens, event: &Event, filled: &Filled) {
        match (&mut self.kept, u64::try_from(filled.filled)) {
            (Kept::Plain(plain), Ok(lots)) => {
                (plain.filled, plain.cost) = (lots, halves(filled.cost));
                if filled.comes_to_rest() {
                    plain.line = event.number;
                }
            }
            (Kept::Plain(_) | Kept::Whole(_), _) => self.change(happens, event),
        }
    }

    /// What of it rests, where it can: at which price, and how much.
    pub(crate) fn to_rest(&self) -> Option<(Side, u64, u64)> {
        match &self.kept {
            Kept::Plain(plain) => {
                let left = plain.lots.saturating_sub(plain.filled);
                (plain.limit_ticks > 0).then_some((plain.side, plain.limit_ticks, left))
            }
            Kept::Whole(whole) => {
                let Whole { terms, progress, .. } = &**whole;
                let left = u64::try_from(terms.lots.saturating_sub(progress.filled)).ok()?;
                Some((terms.side, terms.limit_ticks()?, left))
            }
        }
    }

    /// It asks for this since this change.
    fn amend(&mut self, terms: &Terms, place: InLine, (number, at): (Number, Time)) {
        match &mut self.kept {
            Kept::Plain(plain) => {
                plain.line = place.line(plain.line(), number).unwrap_or(Number(0));
                if place == InLine::Waits {
                    plain.arrived_at = Some(at).into();
                }
                if !plain.ask(terms) {
                    self.kept = Kept::of(plain.account, terms, &plain.progress(Time(0)), Kin::default());
                }
            }
            Kept::Whole(whole) => {
                let line = place.line(whole.progress.line, number);
                let arrived_at = if place == InLine::Waits { Some(at) } else { whole.progress.arrived_at };
                let progress = Progress { line, arrived_at, ..whole.progress };
                self.kept = Kept::of(whole.account, terms, &progress, whole.kin);
            }
        }
    }
}

impl Kept {
    fn of(account: AccountNumber, terms: &Terms, progress: &Progress, kin: Kin) -> Kept {
        let mut plain = Plain { account, ..Plain::EMPTY };
        if kin.is_none() && plain.ask(terms) && plain.put(progress) {
            Kept::Plain(plain)
        } else {
            Kept::Whole(Box::new(Whole { account, terms: *terms, progress: *progress, kin }))
        }
    }
}

impl Plain {
    const EMPTY: Plain = Plain {
        lots: 0,
        filled: 0,
        cost: [0; 2],
        limit_ticks: 0,
        expires_at: MaybeTime::NONE,
        arrived_at: MaybeTime::NONE,
        line: Number(0),
        account: 0,
        side: Side::Buy,
        time_in_force: TimeInForce::GoodTillCancelled,
        post_only: false,
        ending: None,
    };

    /// Asks for this from now on; returns whether a plain order can. It is written part by part: a whole that is copied
    /// right after it was made waits for its parts.
    fn ask(&mut self, terms: &Terms) -> bool {
        let Terms { side, order_type, time_in_force, post_only, lots, expires_at } = *terms;
        self.limit_ticks = match order_type {
            OrderType::Market => 0,
            OrderType::Limit { ticks } if ticks > 0 => ticks,
            OrderType::Limit { .. }
            | OrderType::Notional { .. }
            | OrderType::Stop { .. }
            | OrderType::StopLimit { .. }
            | OrderType::TrailingStop { .. } => return false,
        };
        let (Ok(lots), Some(expires_at)) = (u64::try_from(lots), kept(expires_at)) else { return false };
        (self.lots, self.expires_at) = (lots, expires_at);
        (self.side, self.time_in_force, self.post_only) = (side, time_in_force, post_only);
        true
    }

    /// Is so far from now on; returns whether a plain order can be.
    fn put(&mut self, progress: &Progress) -> bool {
        let Progress { filled, cost, arrived_at, updated_at: _, line, ending, triggered, mark } = *progress;
        let (Ok(filled), Some(arrived_at)) = (u64::try_from(filled), kept(arrived_at)) else { return false };
        if triggered || mark.is_some() {
            return false;
        }
        self.filled = filled;
        self.cost = halves(cost);
        (self.arrived_at, self.line, self.ending) = (arrived_at, line.unwrap_or(Number(0)), ending);
        true
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

    fn line(&self) -> Option<Number> {
        (self.line != Number(0)).then_some(self.line)
    }

    fn progress(&self, updated_at: Time) -> Progress {
        let [high, low] = self.cost;
        let cost = Money((i128::from(high.cast_signed()) << u64::BITS) | i128::from(low));
        let (filled, arrived_at, line) = (self.filled.into(), self.arrived_at.get(), self.line());
        let (ending, triggered, mark) = (self.ending, false, None);
        Progress { filled, cost, arrived_at, updated_at, line, ending, triggered, mark }
    }
}

/// The upper and the lower half of an amount.
fn halves(money: Money) -> [u64; 2] {
    [(money.0 >> u64::BITS) as u64, money.0 as u64]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rich_of_a_plain_order_takes_80_bytes() {
        assert_eq!(Slab::<Held>::BYTES_OF_EACH, 80);
    }
}
