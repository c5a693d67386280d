//! An order as it is held: of a native one all there is, and nothing more.

use std::sync::Arc;

use super::maybe_time::MaybeTime;
use super::origin::Origin;
use super::slab::MaybePlace;
use super::state::State;
use crate::accounts::ledger::InstrumentNumber;
use crate::event::{Accepted, Event};
use crate::values::{Number, OrderId, PackedQuantity, Seq, Time};

/// An order: 104 bytes.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: OrderId,
    pub(crate) quantity: PackedQuantity,
    pub(crate) accepted_at: Time,
    pub(crate) accepted_number: Number,
    pub(crate) accepted_seq: Seq,
    pub(crate) due_at: MaybeTime,
    /// When it last changed, where that is told: when it was closed, or when anything befell a rich one.
    pub(crate) changed_at: Time,
    pub(crate) number: Number,
    pub(crate) seq: Seq,
    /// At which price it bought all, where that was one trade with the house; else 0.
    pub(crate) bought_ticks: u64,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) instrument: InstrumentNumber,
    /// Where that part of it is which only rich orders have.
    pub(crate) rich: MaybePlace,
    pub(crate) state: State,
}

impl Row {
    /// The order that this event accepts.
    #[inline(always)]
    pub(crate) fn accepted(event: &Event, accepted: &Accepted, instrument: InstrumentNumber, rich: MaybePlace) -> Row {
        let Event { number, seq, at, .. } = *event;
        let Accepted { id, quantity, due_at, ref origin, .. } = *accepted;
        Row {
            id,
            quantity: quantity.into(),
            accepted_at: at,
            accepted_number: number,
            accepted_seq: seq,
            due_at: due_at.into(),
            changed_at: at,
            number,
            seq,
            bought_ticks: 0,
            origin: origin.clone(),
            instrument,
            rich,
            state: accepted.state(),
        }
    }

    /// When it reaches the exchange; `None` where it waits for an act.
    #[inline]
    pub(crate) fn due_at(&self) -> Option<Time> {
        self.due_at.get()
    }

    /// It reaches the exchange then.
    pub(crate) fn come_at(&mut self, due_at: Option<Time>) {
        self.due_at = due_at.into();
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.state.is_closed()
    }
}
