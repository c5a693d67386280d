//! How the OrderBook makes something happen to an order.

use tradepit_engine::{Command, Number, Rejection};

use super::OrderBook;
use super::answers::{Answers, Lookup};
use crate::ask::ActOn;

impl Answers<ActOn> for OrderBook {
    /// Where to look for the order in the store: if it is there, it is closed.
    type Answer = Lookup<Result<(), Rejection>, Number>;

    fn answer(&mut self, ActOn { id, act }: ActOn) -> Self::Answer {
        self.locate(id).map(|order| order.accepted_number).map(|accepted_number| {
            self.commit(&Command::Act { accepted_number, act })?;
            // What is due now by that is done before it is answered.
            self.execute_until_now();
            Ok(())
        })
    }
}
