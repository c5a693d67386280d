//! What is made to happen to an order by hand.

use tradepit_engine::Rejection;

use super::Venue;
use crate::ask::ActOn;
use crate::order_book::addr::Refused;
use crate::order_book::answers::Lookup;

impl Venue {
    /// Makes something happen to an order that is open; answered when all that follows at once has happened.
    pub async fn act(&self, act_on: ActOn) -> Result<Result<(), Rejection>, Refused> {
        let id = act_on.id;
        Ok(match self.order_book.ask(act_on).await? {
            Lookup::Here(acted) => acted,
            Lookup::InStore(number) => Err(self.closed_or_unknown(number, id).await?),
            Lookup::Nowhere => Err(Rejection::UnknownOrder),
        })
    }
}
