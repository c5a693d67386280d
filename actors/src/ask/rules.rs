//! What is asked of rules.

use std::sync::Arc;

use tradepit_engine::Rule;

/// Have these rules, in place of all there are.
#[derive(Clone, Debug)]
pub struct SetRules(pub Arc<[Rule]>);

/// What rules there are, and how often each had something to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadRules;
