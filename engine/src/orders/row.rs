//! An order as it is held: of a native one all there is, and nothing more.

use std::sync::Arc;

use super::origin::Origin;
use super::slab::Place;
use super::state::State;
use super::terms::{First, Progress, Terms};
use crate::accounts::ledger::{AccountNumber, InstrumentNumber};
use crate::event::{Accepted, Event};
use crate::market::book::Slot;
use crate::market::triggers::Waits;
use crate::values::{Number, OrderId, Quantity, Seq, Time};

/// An order: 112 bytes.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: OrderId,
    pub(crate) quantity: Quantity,
    pub(crate) accepted_at: Time,
    pub(crate) accepted_number: Number,
    pub(crate) accepted_seq: Seq,
    pub(crate) due_at: Time,
    /// When it was closed, where it is.
    pub(crate) closed_at: Time,
    pub(crate) number: Number,
    pub(crate) seq: Seq,
    /// At which price it bought all, where that was one trade with the house; else 0.
    pub(crate) bought_ticks: u64,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) instrument: InstrumentNumber,
    pub(crate) rich: RichPlace,
    pub(crate) state: State,
}

/// Where that part of an order is which only rich ones have; in 4 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RichPlace(u32);

impl RichPlace {
    pub(crate) const NONE: RichPlace = RichPlace(u32::MAX);

    pub(crate) fn get(self) -> Option<Place> {
        (self != RichPlace::NONE).then_some(Place(self.0))
    }
}

impl From<Place> for RichPlace {
    fn from(place: Place) -> RichPlace {
        RichPlace(place.0)
    }
}

/// What only rich orders have.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) account: AccountNumber,
    pub(crate) terms: Terms,
    pub(crate) progress: Progress,
    /// What it asked for at first, where that was something else.
    pub(crate) first: Option<Box<First>>,
    /// Where it rests.
    pub(crate) slot: Option<Slot>,
}

impl Held {
    /// What it waits for before it trades, as long as it does.
    pub(crate) fn waits(&self) -> Option<Waits> {
        if self.progress.triggered { None } else { self.terms.order_type.waits() }
    }
}

impl Row {
    /// The order that this event accepts.
    pub(crate) fn accepted(event: &Event, accepted: &Accepted, instrument: InstrumentNumber, rich: RichPlace) -> Row {
        let Event { number, seq, at, .. } = *event;
        let Accepted { id, quantity, due_at, ref origin, .. } = *accepted;
        Row {
            id,
            quantity,
            accepted_at: at,
            accepted_number: number,
            accepted_seq: seq,
            due_at,
            closed_at: at,
            number,
            seq,
            bought_ticks: 0,
            origin: origin.clone(),
            instrument,
            rich,
            state: State::Accepted,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.state.is_closed()
    }
}
