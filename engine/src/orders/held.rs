//! What only rich orders have, as it is held.
//!
//! Nearly all are plain: what such a one asks for, and how far it got, is packed into few bytes. Any other is kept
//! whole, apart.

use std::ops::{Index, IndexMut};

use super::group::Group;
use super::kin::Kin;
use super::line::InLine;
use super::plain::Plain;
use super::slab::{MaybePlace, Place, Slab};
use super::state::Happens;
use super::terms::{First, Progress, Rich, Terms};
use crate::accounts::ledger::AccountNumber;
use crate::event::{Amended, Event, Filled};
use crate::market::book::{Side, Slot};
use crate::market::triggers::Waits;
use crate::values::{Money, Number, OrderId, Time};

/// What only rich orders have: 80 bytes of each, and what one asked for at first that was amended since.
#[derive(Clone, Debug, Default)]
pub(crate) struct RichOrders {
    held: Slab<Held>,
    firsts: Slab<First>,
}

impl RichOrders {
    /// Holds what is rich of an order.
    pub(crate) fn insert(&mut self, rich: &Rich) -> Place {
        let kept = Kept::of(rich.account, &rich.terms, &rich.progress, rich.kin);
        let place = self.held.insert(Held { slot: None, first: MaybePlace::NONE, kept });
        self.keep_first(place, rich.first.as_ref());
        place
    }

    /// Holds a plain order of which nothing was amended.
    #[inline(always)]
    pub(crate) fn insert_plain(&mut self, plain: Plain) -> Place {
        self.held.insert(Held { slot: None, first: MaybePlace::NONE, kept: Kept::Plain(plain) })
    }

    /// An order asks for something else since this change.
    pub(crate) fn amend(&mut self, place: Place, amended: &Amended, event: &Event) {
        let held = &mut self.held[place];
        held.amend(&amended.rich.terms, amended.place, (event.number, event.at));
        self.keep_first(place, amended.rich.first.as_ref());
    }

    /// A copy shares it from now on.
    pub(crate) fn share(&mut self) {
        self.held.share();
        self.firsts.share();
    }

    /// What an order asked for at first, where that was something else.
    pub(crate) fn first(&self, held: &Held) -> Option<&First> {
        held.first.get().map(|place| &self.firsts[place])
    }

    #[inline]
    pub(crate) fn remove(&mut self, place: Place) {
        if let Some(first) = self.held[place].first.get() {
            self.firsts.free(first);
        }
        self.held.free(place);
    }

    /// An order asked for this at first, unless it is known already what it did.
    #[inline(always)]
    pub(crate) fn keep_first(&mut self, place: Place, first: Option<&First>) {
        let held = &mut self.held[place];
        if let Some(first) = first.filter(|_| held.first == MaybePlace::NONE) {
            held.first = self.firsts.insert(*first).into();
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
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Where it rests.
    pub(crate) slot: Option<Slot>,
    first: MaybePlace,
    kept: Kept,
}

/// Whose it is, what it asks for, and how far it is.
#[derive(Clone, Debug)]
enum Kept {
    Plain(Plain),
    Whole(Box<Whole>),
}

/// Any order.
#[derive(Clone, Debug)]
struct Whole {
    account: AccountNumber,
    terms: Terms,
    progress: Progress,
    kin: Kin,
}

impl Held {
    /// The order, if it is a plain one.
    #[inline]
    pub(crate) fn plain(&self) -> Option<&Plain> {
        match &self.kept {
            Kept::Plain(plain) => Some(plain),
            Kept::Whole(_) => None,
        }
    }

    /// The same, to be changed; and where it rests.
    #[inline]
    pub(crate) fn plain_mut(&mut self) -> Option<(&mut Plain, &mut Option<Slot>)> {
        match &mut self.kept {
            Kept::Plain(plain) => Some((plain, &mut self.slot)),
            Kept::Whole(_) => None,
        }
    }

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
            Kept::Plain(plain) => plain.expires_at(),
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
            Kept::Plain(plain) => plain.arrived_at().zip(plain.line()),
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
        let arrives = match &mut self.kept {
            Kept::Plain(plain) => plain.arrive(event.at),
            Kept::Whole(_) => false,
        };
        match &mut self.kept {
            Kept::Plain(plain) if arrives => plain.stand(rests.then_some(event.number)),
            Kept::Plain(_) | Kept::Whole(_) => self.change(happens, event),
        }
    }

    /// It has traded.
    pub(crate) fn fill(&mut self, happens: Happens, event: &Event, filled: &Filled) {
        match (&mut self.kept, u64::try_from(filled.filled)) {
            (Kept::Plain(plain), Ok(lots)) => {
                plain.fill(lots, filled.cost);
                if filled.comes_to_rest() {
                    plain.stand(Some(event.number));
                }
            }
            (Kept::Plain(_) | Kept::Whole(_), _) => self.change(happens, event),
        }
    }

    /// What of it rests, where it can: at which price, and how much.
    pub(crate) fn to_rest(&self) -> Option<(Side, u64, u64)> {
        match &self.kept {
            Kept::Plain(plain) => Some((plain.side, plain.limit()?, plain.left())),
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
                plain.stand(place.line(plain.line(), number));
                if place == InLine::Waits {
                    let _is_kept = plain.arrive(at);
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
    #[inline]
    fn of(account: AccountNumber, terms: &Terms, progress: &Progress, kin: Kin) -> Kept {
        match Plain::of(account, terms, progress).filter(|_| kin.is_none()) {
            Some(plain) => Kept::Plain(plain),
            None => Kept::Whole(Box::new(Whole { account, terms: *terms, progress: *progress, kin })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rich_of_a_plain_order_takes_80_bytes() {
        assert_eq!(Slab::<Held>::BYTES_OF_EACH, 80);
    }
}
