//! What a venue is asked of its rules.

use tradepit_engine::Rulebook;

use super::Venue;
use crate::ask::{ReadRules, SetRules};
use crate::order_book::addr::Refused;

impl Venue {
    /// Has these rules, in place of all there are; returns them, with what they counted: nothing. `None` where there
    /// are none.
    pub async fn set_rules(&self, set: SetRules) -> Result<Option<Rulebook>, Refused> {
        self.order_book.ask(set).await
    }

    /// The rules, and what each counted; `None` where there are none.
    pub async fn rules(&self) -> Result<Option<Rulebook>, Refused> {
        self.order_book.ask(ReadRules).await
    }
}
