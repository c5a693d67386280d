//! Lists of rules that have names, from an exchange that takes no time to one that plays every trick.

use std::sync::Arc;

use tradepit_engine::Rule;

use super::reading::read_body;

/// The name of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Preset {
    /// Orders arrive at once.
    Instant,
    /// They arrive as they do, and some market orders trade in parts.
    Realistic,
    /// Some are refused, or rejected when they arrive, some come late, many trade in parts, and what is to be cancelled
    /// or amended may trade before it is.
    Brutal,
}

pub(crate) const PRESETS: [(&str, Preset); 3] =
    [("instant", Preset::Instant), ("realistic", Preset::Realistic), ("brutal", Preset::Brutal)];

const INSTANT: &str = r#"[
{"name": "no delay", "match": {}, "do": {"delay": "none"}}
]"#;

const REALISTIC: &str = r#"[
{"name": "in two parts", "match": {"type": "market", "probability": 0.2},
    "do": {"fill": ["60%", "100%"], "every": "150ms"}},
{"name": "in three parts", "match": {"type": "market", "probability": 0.1},
    "do": {"fill": ["50%", "30%", "100%"], "every": "250ms"}}
]"#;

const BRUTAL: &str = r#"[
{"name": "refused", "match": {"probability": 0.05}, "do": {"reject": "the exchange refuses orders now and then"}},
{"name": "rejected", "match": {"probability": 0.05},
    "do": {"reject_on_arrival": "the exchange rejects orders now and then"}},
{"name": "late, and in parts", "match": {"type": "market", "probability": 0.1},
    "do": {"delay": "2s..5s", "fill": ["10%", "20%", "30%", "100%"], "every": "500ms"}},
{"name": "late", "match": {"probability": 0.1}, "do": {"delay": "2s..5s", "cancel_delay": "1s", "replace_delay": "1s"}},
{"name": "in parts", "match": {"type": "market", "probability": 0.3},
    "do": {"fill": ["25%", "25%", "25%", "100%"], "every": "400ms", "cancel_delay": "500ms", "replace_delay": "500ms"}},
{"name": "raced", "match": {}, "do": {"cancel_delay": "500ms", "replace_delay": "500ms"}}
]"#;

impl Preset {
    /// The rules that it stands for.
    pub(crate) fn rules(self) -> Arc<[Rule]> {
        let text = match self {
            Preset::Instant => INSTANT,
            Preset::Realistic => REALISTIC,
            Preset::Brutal => BRUTAL,
        };
        read_body(text.as_bytes()).expect("they are written as rules are: a test reads them")
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::{PRESETS, Preset};

    #[test]
    fn every_preset_is_a_list_of_rules_under_its_own_name() {
        assert_eq!(PRESETS.map(|(_, preset)| preset).as_slice(), Preset::value_variants());
        for (name, preset) in PRESETS {
            assert!(!preset.rules().is_empty(), "{name}");
            assert_eq!(preset.to_possible_value().expect("it is one").get_name(), name);
        }
    }
}
