//! Rules as the OpenAPI document describes them; `crate::rules` reads and writes them.

#![expect(dead_code, reason = "described here, read and written in crate::rules")]

use serde::Serialize;
use utoipa::ToSchema;

/// A list of rules, or the name of one.
#[derive(Serialize, ToSchema)]
#[schema(as = Rules)]
#[serde(untagged)]
pub(in crate::control) enum RulesBody {
    List(Vec<RuleOrPreset>),
    Named(PresetBody),
}

/// A rule, or all those of a list that has a name.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "described here, never made")]
pub(in crate::control) enum RuleOrPreset {
    Rule(RuleBody),
    Named(PresetBody),
}

/// A list that has a name: `GET /rules` shows what it stands for.
#[derive(Serialize, ToSchema)]
#[schema(as = PresetOfRules)]
pub(in crate::control) struct PresetBody {
    preset: WirePreset,
}

/// `instant`: no delay; `realistic`: some market orders trade in parts; `brutal`: orders are also late, refused,
/// rejected and raced.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Preset)]
enum WirePreset {
    Instant,
    Realistic,
    Brutal,
}

/// Which orders it is about, and what becomes of them.
#[derive(Serialize, ToSchema)]
#[schema(as = Rule)]
pub(in crate::control) struct RuleBody {
    /// By what people know it: up to 255 characters.
    #[schema(min_length = 1, max_length = 255, example = "third EURUSD buy is refused")]
    name: Option<String>,
    /// Which orders it is about: all, where nothing is said.
    #[serde(rename = "match")]
    conditions: Option<MatchBody>,
    #[serde(rename = "do")]
    does: DoBody,
    /// How often it decides; without end where nothing is said.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    times: Option<u64>,
}

/// A rule as it stands, with what it counted.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleStanding)]
pub(super) struct WireRule {
    #[schema(required = true, example = "third EURUSD buy is refused")]
    name: Option<String>,
    #[serde(rename = "match")]
    conditions: MatchBody,
    #[serde(rename = "do")]
    does: DoBody,
    #[schema(required = true)]
    times: Option<u64>,
    /// Orders that it was about, whichever rule decided.
    matched: u64,
    /// Orders of which it decided what became of them.
    used: u64,
}

/// What an order must be. Whatever is not said holds.
#[derive(Serialize, ToSchema)]
#[schema(as = MatchOfRule)]
#[serde(deny_unknown_fields)]
struct MatchBody {
    #[schema(min_length = 1, max_length = 32, example = "EURUSD")]
    symbol: Option<String>,
    /// An account's id; it may be opened later.
    #[schema(min_length = 1, max_length = 32)]
    account: Option<String>,
    /// `buy` or `sell`.
    #[schema(example = "buy")]
    side: Option<String>,
    /// `market`, `limit`, `stop`, `stop_limit` or `trailing_stop`.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// `gtc`, `day`, `ioc` or `fok`.
    time_in_force: Option<String>,
    /// Each `*` stands for any characters, also for none.
    #[schema(min_length = 1, max_length = 255)]
    client_order_id: Option<String>,
    /// A quantity, behind `>`, `>=`, `<`, `<=` or `=`. That of a `notional` is what it buys at the quote of its
    /// acceptance.
    quantity: Option<String>,
    /// Of those that meet all of this, only this one: the first is 1.
    #[schema(minimum = 1, example = 3)]
    nth: Option<u64>,
    /// Of these, each so many.
    #[schema(minimum = 1)]
    every: Option<u64>,
    /// Of what is left, so often: from 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    probability: Option<f64>,
}

/// What becomes of an order: `"nothing"` ends the search.
#[derive(Serialize, ToSchema)]
#[schema(as = DoOfRule)]
#[serde(untagged)]
enum DoBody {
    Nothing(NothingWord),
    Plan(PlanBody),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum NothingWord {
    Nothing,
}

/// One of `delay` and `hold`, one of `reject_on_arrival`, `fill`, `cancel` and `expire`, and the delays; or `reject`.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanOfRule)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// The order is refused for this reason: 403 `script`, and nothing of it is kept.
    #[schema(min_length = 1, max_length = 255, example = "insufficient margin")]
    reject: Option<String>,
    /// It is accepted, and rejected when it arrives.
    #[schema(min_length = 1, max_length = 255)]
    reject_on_arrival: Option<String>,
    /// How long it is on its way, as `--delay` writes it; a single time may be up to 3650d.
    delay: Option<String>,
    /// It stays on its way until an act: `due_at` is null.
    hold: Option<bool>,
    /// On arrival it trades with the house, part for part: decimals, or hundredths of `qty`, rounded down to lots.
    fill: Option<Vec<String>>,
    /// How long from one part to the next: no time where nothing is said.
    every: Option<String>,
    /// At this price; else at the order's limit, or the quote where it has none.
    price: Option<String>,
    /// It is cancelled on arrival.
    cancel: Option<bool>,
    /// It expires on arrival.
    expire: Option<bool>,
    /// How long it takes to cancel it: it is `pending_cancel` meanwhile, and may fill.
    cancel_delay: Option<String>,
    /// The same, to amend or replace it: `pending_replace`.
    replace_delay: Option<String>,
}
