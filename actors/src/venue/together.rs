//! Several requests as one: names are looked up in the store before, and orders that are no longer held after.

use tradepit_engine::{Number, OrderId, Rejection};

use super::Venue;
use crate::ask::{Deed, DoTogether, Done, DoneTogether, Placed};
use crate::order_book::addr::Refused;
use crate::order_book::answers::Lookup;
use crate::order_book::together::{Doing, Outcome, Together};

/// What the store had of each order under its names; and the change as of which it had nothing of the others.
type Known = (Vec<Option<Result<Placed, Rejection>>>, Option<Number>);

impl Venue {
    /// Does these in one turn of the OrderBook: in order, each on its own.
    pub async fn together(&self, asked: DoTogether) -> Result<DoneTogether, Refused> {
        let DoTogether { mut deeds, mut key } = asked;
        let ids: Vec<Option<OrderId>> = deeds.iter().map(|deed| deed.as_ref().and_then(Deed::of)).collect();
        loop {
            let (known, unknown_as_of) = self.look_up_all(&deeds).await?;
            let (outcomes, again) = match self.order_book.ask(Together { deeds, known, key, unknown_as_of }).await? {
                Doing::Done(outcomes) => (outcomes, false),
                Doing::Again(outcomes) => (outcomes, true),
                Doing::KeyTaken => return Ok(DoneTogether::KeyTaken),
                Doing::LookFirst(same, own) => {
                    (deeds, key) = (same, own);
                    continue;
                }
            };
            let mut done = Vec::with_capacity(outcomes.len());
            for (id, outcome) in ids.into_iter().zip(outcomes) {
                done.push(match outcome {
                    Outcome::Placed(placed) => Done::Placed(placed),
                    outcome => self.finish(id, outcome).await?,
                });
            }
            return Ok(DoneTogether::Done { done, again });
        }
    }

    async fn look_up_all(&self, deeds: &[Option<Deed>]) -> Result<Known, Refused> {
        if self.store.is_none() {
            return Ok((Vec::new(), None));
        }
        let (mut known, mut unknown_as_of) = (vec![None; deeds.len()], None);
        for (deed, known) in deeds.iter().zip(&mut known) {
            let looked_up = match deed {
                Some(Deed::Place(submit)) => self.look_up_placed(submit).await?,
                Some(Deed::Replace(replace)) if replace.origin.is_some() => self.look_up_replacement(replace).await?,
                Some(Deed::Replace(_) | Deed::Amend(_) | Deed::Cancel(_)) | None => continue,
            };
            match looked_up {
                Ok(Lookup::InStore(as_of)) => {
                    unknown_as_of = Some(unknown_as_of.map_or(as_of, |oldest: Number| as_of.min(oldest)));
                }
                Ok(Lookup::Here(order)) => *known = Some(Ok(Placed::Again(order.as_accepted()))),
                Ok(Lookup::Nowhere) => {}
                Err(rejection) => *known = Some(Err(rejection)),
            }
        }
        Ok((known, unknown_as_of))
    }

    /// What became of one of them, which may be of this order, as its own request would tell.
    async fn finish(&self, id: Option<OrderId>, outcome: Outcome) -> Result<Done, Refused> {
        Ok(match (id, outcome) {
            (_, Outcome::Placed(placed)) => Done::Placed(placed),
            (_, Outcome::Replaced(Lookup::Here(replaced))) => Done::Replaced(replaced),
            (_, Outcome::Amended(Lookup::Here(amended))) => Done::Amended(amended),
            (_, Outcome::Cancelled(Lookup::Here(()))) => Done::Cancelled(true),
            (Some(id), Outcome::Replaced(Lookup::InStore(number))) => {
                Done::Replaced(Err(self.closed_or_unknown(number, id).await?))
            }
            (Some(id), Outcome::Amended(Lookup::InStore(number))) => {
                Done::Amended(Err(self.closed_or_unknown(number, id).await?))
            }
            (Some(id), Outcome::Cancelled(Lookup::InStore(number))) => {
                Done::Cancelled(self.stored_order(number, id).await?.is_some())
            }
            (_, Outcome::Replaced(_)) => Done::Replaced(Err(Rejection::UnknownOrder)),
            (_, Outcome::Amended(_)) => Done::Amended(Err(Rejection::UnknownOrder)),
            (_, Outcome::Cancelled(_)) => Done::Cancelled(false),
            (_, Outcome::Nothing) => Done::Nothing,
        })
    }
}
