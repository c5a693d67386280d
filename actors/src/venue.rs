//! Every question that may need the store: it passes the OrderBook first, which executes what is due and answers what it
//! holds, and goes on to the store with the rest. The OrderBook is never held up by a read.

use tradepit_engine::{
    ChangeFilter, Changes, Found, Name, Named, OpenOrders, Order, OrderFilter, OrderId, Page, PageOf, PageStart,
    Rejection, Seq,
};

use crate::ask::{Cancel, Find, FindNamed, Lookup, Placed, ReadChanges, ReadOpenOrders, Scan, Start, Submit};
use crate::order_book::{OrderBookAddr, Refused};

/// Orders of a list, and whether there are more.
pub type List = (Vec<Order>, bool);

impl OrderBookAddr {
    /// Places an order, once for each of its names: whoever asks again is told what was told the first time.
    pub async fn place(&self, submit: Submit) -> Result<Result<Placed, Rejection>, Refused> {
        if submit.origin.is_none() {
            return self.ask(submit).await;
        }
        let mut submit = submit;
        loop {
            if self.has_store() {
                match self.look_up_names(&submit).await? {
                    Ok(Lookup::InStore(as_of)) => submit.unknown_as_of = Some(as_of),
                    Ok(Lookup::Here(order)) => return Ok(Ok(Placed::Again(order.while_open()))),
                    Ok(Lookup::Nowhere) => {}
                    Err(rejection) => return Ok(Err(rejection)),
                }
            }
            match self.ask(submit.clone()).await? {
                // So much happened meanwhile that the OrderBook has forgotten again what the store did not know yet.
                Ok(Placed::LookFirst) => {}
                placed => return Ok(placed),
            }
        }
    }

    /// The order that the store has under the names of a new one; without any, the change as of which that was so.
    async fn look_up_names(&self, submit: &Submit) -> Result<Result<Lookup<Order, Seq>, Rejection>, Refused> {
        let origin = submit.origin.as_deref();
        let (mut oldest, mut placed) = (None, None);
        for name in origin.into_iter().flat_map(|origin| origin.names()) {
            let asked = name.clone();
            let Named { as_of, found } = self.ask_store(|store, answer| store.named(asked, answer)).await?;
            oldest = Some(oldest.map_or(as_of, |oldest: Seq| oldest.min(as_of)));
            match found {
                Found::Nothing => {}
                Found::Order(order) if order.is_for(submit.symbol, submit.quantity, origin) => {
                    placed = placed.or(Some(order));
                }
                Found::Order(_) | Found::Retired => return Ok(Err(Rejection::NameTaken(name))),
            }
        }
        let looked = oldest.map_or(Lookup::Nowhere, Lookup::InStore);
        Ok(Ok(placed.map_or(looked, Lookup::Here)))
    }

    /// Cancels an order that is pending; returns whether there is such an order, pending or closed.
    pub async fn cancel(&self, id: OrderId) -> Result<bool, Refused> {
        Ok(match self.ask(Cancel(id)).await? {
            Lookup::Here(()) => true,
            Lookup::InStore(seq) => self.stored_order(seq, id).await?.is_some(),
            Lookup::Nowhere => false,
        })
    }

    /// The order of this id.
    pub async fn find(&self, id: OrderId) -> Result<Option<Order>, Refused> {
        Ok(match self.ask(Find(id)).await? {
            Lookup::Here(order) => Some(order),
            Lookup::InStore(seq) => self.stored_order(seq, id).await?,
            Lookup::Nowhere => None,
        })
    }

    /// The order of this name.
    pub async fn find_named(&self, name: Name) -> Result<Option<Order>, Refused> {
        Ok(match self.ask(FindNamed(name)).await? {
            Lookup::Here(order) => Some(order),
            Lookup::InStore(name) => match self.ask_store(|store, answer| store.named(name, answer)).await?.found {
                Found::Order(order) => Some(order),
                Found::Nothing | Found::Retired => None,
            },
            Lookup::Nowhere => None,
        })
    }

    /// The orders that match, at most `scan.limit`, and whether there are more.
    ///
    /// Drawn in bounded pieces, so that a filter that matches nothing holds nobody up. `None` where the order to start
    /// after is unknown.
    pub async fn list(&self, scan: Scan) -> Result<Option<List>, Refused> {
        let wanted = scan.limit + 1;
        let mut orders = Vec::new();
        let mut here = Some(scan.start);
        let mut stored = PageStart::After(Seq(0));
        loop {
            let limit = wanted - orders.len();
            if let Some(start) = here {
                match self.ask(Scan { start, limit, ..scan }).await? {
                    Lookup::Here(Page { orders: found, next }) => {
                        orders.extend(found);
                        let Some(next) = next.filter(|_| orders.len() < wanted) else { break };
                        here = Some(Start::At(next));
                        continue;
                    }
                    Lookup::InStore(start) => (here, stored) = (None, start),
                    Lookup::Nowhere => return Ok(None),
                }
            }
            let Some(Page { orders: found, next }) = self.stored_page(stored, scan.filter, limit).await? else {
                return Ok(None);
            };
            orders.extend(found);
            let Some(next) = next.filter(|_| orders.len() < wanted) else { break };
            stored = PageStart::After(next);
        }
        let more = orders.len() > scan.limit;
        orders.truncate(scan.limit);
        Ok(Some((orders, more)))
    }

    /// The next piece of the changes after `after`.
    pub async fn changes(&self, after: Seq, filter: ChangeFilter) -> Result<Changes, Refused> {
        match self.ask(ReadChanges { after, filter }).await? {
            Lookup::Here(changes) => Ok(changes),
            Lookup::InStore(()) | Lookup::Nowhere => {
                self.ask_store(|store, answer| store.changes(after, filter, answer)).await
            }
        }
    }

    /// The next piece of the orders that were open right after the change `as_of`.
    pub async fn open_orders(&self, as_of: Seq, after: Seq, filter: ChangeFilter) -> Result<OpenOrders, Refused> {
        match self.ask(ReadOpenOrders { as_of, after, filter }).await? {
            Lookup::Here(open_orders) => Ok(open_orders),
            Lookup::InStore(()) | Lookup::Nowhere => {
                self.ask_store(|store, answer| store.open_orders(as_of, after, filter, answer)).await
            }
        }
    }

    async fn stored_order(&self, seq: Seq, id: OrderId) -> Result<Option<Order>, Refused> {
        let order = self.ask_store(|store, answer| store.order(seq, answer)).await?;
        Ok(order.filter(|order| order.id == id))
    }

    async fn stored_page(&self, start: PageStart, filter: OrderFilter, limit: usize) -> Result<Option<Page>, Refused> {
        self.ask_store(|store, answer| store.page(PageOf { start, filter, limit }, answer)).await
    }
}
