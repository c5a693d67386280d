//! Orders that are placed, alone or in place of another one: once for each of their names, which the store is asked for
//! first.

use tradepit_engine::{AccountNumber, Clearing, Found, Named, Number, Order, OrderId, Origin, Rejection};

use super::Venue;
use crate::ask::{Placed, Replace, Submit};
use crate::order_book::addr::Refused;
use crate::order_book::answers::{Lookup, Place, Placing};
use crate::order_book::replacing::PlaceInstead;

/// See [`Venue::look_up_names`].
pub(super) type LookedUp = Result<Lookup<Order, Number>, Rejection>;

impl Venue {
    /// Places an order, once for each of its names: whoever asks again is told what was told the first time.
    pub async fn place(&self, mut submit: Submit) -> Result<Result<Placed, Rejection>, Refused> {
        let mut unknown_as_of = None;
        loop {
            if self.store.is_some() && submit.origin.is_some() {
                match Box::pin(self.look_up_placed(&submit)).await? {
                    Ok(Lookup::InStore(as_of)) => unknown_as_of = Some(as_of),
                    Ok(Lookup::Here(order)) => return Ok(Ok(Placed::Again(order.as_accepted()))),
                    Ok(Lookup::Nowhere) => {}
                    Err(rejection) => return Ok(Err(rejection)),
                }
            }
            match self.order_book.ask(Place { submit, unknown_as_of }).await? {
                Placing::Done(placed) => return Ok(placed),
                Placing::Later(told) => return told.await.map_err(|_| Refused::Stopped),
                // So much happened meanwhile that the OrderBook has forgotten again what the store did not know yet.
                Placing::LookFirst(again) => submit = again,
            }
        }
    }

    /// Places an order in place of one that is open, once for each of its names.
    pub async fn replace(&self, mut replace: Replace) -> Result<Result<Placed, Rejection>, Refused> {
        let mut unknown_as_of = None;
        loop {
            if self.store.is_some() && replace.origin.is_some() {
                match self.look_up_replacement(&replace).await? {
                    Ok(Lookup::InStore(as_of)) => unknown_as_of = Some(as_of),
                    Ok(Lookup::Here(order)) => return Ok(Ok(Placed::Again(order.as_accepted()))),
                    Ok(Lookup::Nowhere) => {}
                    Err(rejection) => return Ok(Err(rejection)),
                }
            }
            let id = replace.id;
            match self.order_book.ask(PlaceInstead { replace, unknown_as_of }).await? {
                Lookup::Here(Placing::Done(placed)) => return Ok(placed),
                Lookup::Here(Placing::Later(told)) => return told.await.map_err(|_| Refused::Stopped),
                Lookup::Here(Placing::LookFirst(again)) => replace = again,
                Lookup::InStore(number) => return Ok(Err(self.closed_or_unknown(number, id).await?)),
                Lookup::Nowhere => return Ok(Err(Rejection::UnknownOrder)),
            }
        }
    }

    /// What to tell whoever would change an order that only the store can have.
    pub(super) async fn closed_or_unknown(&self, number: Number, id: OrderId) -> Result<Rejection, Refused> {
        let found = self.stored_order(number, id).await?;
        Ok(found.map_or(Rejection::UnknownOrder, |_| Rejection::OrderClosed))
    }

    /// What the store has under the names of an order to place.
    pub(super) async fn look_up_placed(&self, submit: &Submit) -> Result<LookedUp, Refused> {
        let origin = submit.origin.as_deref();
        let asks = (submit.asked.as_deref(), submit.group.as_deref());
        let is_it = |order: &Order| order.is_for(submit.symbol, submit.quantity, asks, origin);
        let account = submit.asked.as_deref().map_or(Clearing::DEFAULT, |asked| asked.account);
        self.look_up_names(origin, account, is_it).await
    }

    /// What the store has under the names of an order to place instead of another one.
    pub(super) async fn look_up_replacement(&self, replace: &Replace) -> Result<LookedUp, Refused> {
        let origin = replace.origin.as_deref();
        let is_it = |order: &Order| order.is_in_place_of(replace.id, &replace.amendment, origin);
        // Names are an account's own.
        let Some(old) = self.find(replace.id).await? else { return Ok(Err(Rejection::UnknownOrder)) };
        self.look_up_names(origin, old.account(), is_it).await
    }

    /// The order that the store has under the names of a new one, if it is that one; without any, the change as of
    /// which that was so.
    async fn look_up_names(
        &self,
        origin: Option<&Origin>,
        account: AccountNumber,
        is_it: impl Fn(&Order) -> bool,
    ) -> Result<LookedUp, Refused> {
        let (mut oldest, mut placed) = (None, None);
        for name in origin.into_iter().flat_map(|origin| origin.names_in(account)) {
            let asked = name.clone();
            let Named { as_of, found } = self.ask_store(|store, answer| store.named(asked, answer)).await?;
            oldest = Some(oldest.map_or(as_of, |oldest: Number| oldest.min(as_of)));
            match found {
                Found::Nothing => {}
                Found::Order(order) if is_it(&order) => placed = placed.or(Some(order)),
                Found::Order(_) | Found::Retired => return Ok(Err(Rejection::NameTaken(name))),
            }
        }
        let looked = oldest.map_or(Lookup::Nowhere, Lookup::InStore);
        Ok(Ok(placed.map_or(looked, Lookup::Here)))
    }
}
