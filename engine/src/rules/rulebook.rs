//! The list of rules at work: each with how often it had something to say.

use std::sync::Arc;

use super::conditions::Looked;
use super::rule::Rule;
use crate::values::Draws;

/// How often a rule had something to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Orders that met its conditions, `nth`, `every` and `probability` apart: what these count by.
    pub met: u64,
    /// Those that it was about, whoever decided.
    pub matched: u64,
    /// Those of which it decided what became of them.
    pub used: u64,
}

/// That a rule looked at an order which met its conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// Its place in the list.
    pub rule: u16,
    /// Whether it was about the order.
    pub matched: bool,
    /// Whether it decided.
    pub used: bool,
}

/// What rules have to say of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Those whose conditions it met.
    pub noticed: Vec<Noticed>,
    /// The place of the one that decides.
    pub decides: Option<usize>,
}

/// A list of rules, the seed that they draw from, and their counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    rules: Arc<[Rule]>,
    seed: u64,
    /// What each draws: follows from the seed and from what it says.
    draws: Arc<[Draws]>,
    counts: Vec<Counts>,
}

impl Rulebook {
    /// A list that had nothing to say yet.
    #[must_use]
    pub fn new(rules: Arc<[Rule]>, seed: u64) -> Rulebook {
        let counts = vec![Counts::default(); rules.len()];
        Rulebook::with_counts(rules, seed, counts)
    }

    /// The same, which goes on from these counts, one for each rule.
    #[must_use]
    pub fn with_counts(rules: Arc<[Rule]>, seed: u64, counts: Vec<Counts>) -> Rulebook {
        let mut spelled: Vec<Vec<u8>> = Vec::with_capacity(rules.len());
        let draws = rules.iter().map(|rule| {
            let own = rule.spelled();
            // Two that say the same draw apart, and a rule draws the same whatever stands before it.
            let before = spelled.iter().filter(|other| **other == own).count() as u64;
            let draws = Draws::of(seed, &own).kind(before);
            spelled.push(own);
            draws
        });
        let draws = draws.collect();
        Rulebook { rules, seed, draws, counts }
    }

    /// The list.
    #[must_use]
    pub fn rules(&self) -> &Arc<[Rule]> {
        &self.rules
    }

    /// What chance follows from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How often each rule had something to say.
    #[must_use]
    pub fn counts(&self) -> &[Counts] {
        &self.counts
    }

    /// What the rules have to say of an order; nothing changes by that.
    #[must_use]
    pub fn judge(&self, order: &Looked<'_>) -> Judged {
        let mut judged = Judged::default();
        for (place, (rule, counts)) in self.rules.iter().zip(&self.counts).enumerate() {
            if !rule.conditions.are_met_by(order) {
                continue;
            }
            let count = counts.met + 1;
            let matched = rule.conditions.are_about(count, || self.draws[place].at(count));
            let is_left = rule.times.is_none_or(|times| counts.used < times);
            let used = matched && is_left && judged.decides.is_none();
            if used {
                judged.decides = Some(place);
            }
            judged.noticed.push(Noticed { rule: place as u16, matched, used });
        }
        judged
    }

    /// Counts what they had to say of an order.
    pub fn count(&mut self, noticed: &[Noticed]) {
        for &Noticed { rule, matched, used } in noticed {
            let Some(counts) = self.counts.get_mut(usize::from(rule)) else { continue };
            counts.met += 1;
            counts.matched += u64::from(matched);
            counts.used += u64::from(used);
        }
    }
}
