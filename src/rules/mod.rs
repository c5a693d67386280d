//! Rules as people write them: JSON, read and written, and the lists that have names.
//!
//! Owns the grammar and what is said of a text that breaks it, every fault at once. Knows no venue: whoever has one
//! hands it what is read here (`control/rules.rs`, `--rules`).

mod conditions;
mod does;
pub(crate) mod presets;
mod reading;
pub(crate) mod shown;

use std::sync::Arc;

use tradepit_engine::Rule;

pub(crate) use reading::{read_body, read_list};

/// A list of rules, as it was set.
#[derive(Clone, Debug, Default)]
pub struct RuleList(pub(crate) Arc<[Rule]>);

impl RuleList {
    /// Reads a file, by its path: what `PUT /rules` takes.
    pub(crate) fn read_file(path: &str) -> Result<RuleList, String> {
        let text = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
        let said = |flaws: Vec<_>| flaws.iter().map(|flaw| format!("\n  {flaw}")).collect();
        read_body(&text).map(RuleList).map_err(said)
    }
}
