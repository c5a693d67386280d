//! The report as JSON, for scripts and for comparing runs.
//!
//! Owns the document's shape: times in milliseconds with three decimals, every
//! failed order by id. Made from a `Summary`; absent figures are null.

use serde::Serialize;
use serde::ser::Serializer;

use super::clock::Micros;
use super::demand::Demand;
use super::orders::Tally;
use super::pace::{Limit, Pace};
use super::settings::Settings;
use super::summary::{PERCENTILES, Stats, Summary};

#[derive(Serialize)]
struct Document<'a> {
    settings: &'a Settings,
    elapsed_s: f64,
    placing_s: f64,
    placed_per_s: f64,
    post: Option<Figures<'a>>,
    executed: Option<Figures<'a>>,
    aggregated: Option<Figures<'a>>,
    late: Option<Late<'a>>,
    lost: u64,
    schedule: Option<Schedule>,
    shortfall: Option<String>,
    failures: Failures,
    #[serde(skip_serializing_if = "Option::is_none")]
    mix: Option<Mix<'a>>,
}

/// What a mix has beside; its requests for new orders are `post`, all requests together `aggregated`.
#[derive(Serialize)]
struct Mix<'a> {
    requests_per_s: f64,
    patch: Option<Figures<'a>>,
    replace: Option<Figures<'a>>,
    delete: Option<Figures<'a>>,
    orders: &'a Tally,
    traded: &'a str,
}

#[derive(Serialize)]
struct Figures<'a> {
    count: usize,
    mean_ms: f64,
    stddev_ms: f64,
    min_ms: f64,
    percentiles_ms: Percentiles<'a>,
}

#[derive(Serialize)]
struct Late<'a> {
    early: u64,
    #[serde(flatten)]
    figures: Figures<'a>,
}

/// The open loop's; shares are of the time from its start to its end.
#[derive(Serialize)]
struct Schedule {
    asked_per_s: f64,
    sent_per_s: f64,
    behind_s: f64,
    limit: Option<Limit>,
    connections_busy: f64,
    tool_ran: Option<f64>,
    tool_waited: Option<f64>,
}

impl From<&Pace> for Schedule {
    fn from(pace: &Pace) -> Self {
        Self {
            asked_per_s: pace.asked,
            sent_per_s: thousandths(pace.rate()),
            behind_s: seconds(pace.behind),
            limit: pace.limit(),
            connections_busy: thousandths(pace.connections_busy()),
            tool_ran: pace.ran().map(thousandths),
            tool_waited: pace.waited().map(thousandths),
        }
    }
}

#[derive(Serialize)]
struct Failures {
    total: u64,
    kinds: Vec<Kind>,
    orders: Vec<Order>,
}

#[derive(Serialize)]
struct Kind {
    kind: String,
    count: u64,
}

#[derive(Serialize)]
struct Order {
    id: String,
    kind: String,
}

/// An object whose keys keep the order of the table.
struct Percentiles<'a>(&'a Stats);

impl Serialize for Percentiles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = |hundredths| ms(self.0.percentile(hundredths) as f64);
        serializer.collect_map(PERCENTILES.map(|(name, hundredths)| (name, value(hundredths))))
    }
}

impl<'a> From<&'a Stats> for Figures<'a> {
    fn from(stats: &'a Stats) -> Self {
        Self {
            count: stats.sorted().len(),
            mean_ms: ms(stats.mean()),
            stddev_ms: ms(stats.deviation()),
            min_ms: ms(stats.percentile(0) as f64),
            percentiles_ms: Percentiles(stats),
        }
    }
}

/// Microseconds as milliseconds with three decimals.
fn ms(micros: f64) -> f64 {
    micros.round() / 1e3
}

/// The document, indented, with a final line break.
pub(super) fn text(summary: &Summary, settings: &Settings) -> serde_json::Result<String> {
    let failures = &summary.failures;
    let document = Document {
        settings,
        elapsed_s: seconds(summary.elapsed),
        placing_s: seconds(summary.placing),
        placed_per_s: thousandths(match &summary.mixed {
            Some(mixed) => mixed.tally.placed as f64 * 1e6 / summary.placing.max(1) as f64,
            None => summary.rate(),
        }),
        post: summary.posts.as_ref().map(Figures::from),
        executed: summary.executions.as_ref().map(Figures::from),
        aggregated: summary.aggregated.as_ref().map(Figures::from),
        late: summary.lateness.as_ref().map(|stats| Late { early: summary.early, figures: stats.into() }),
        lost: summary.lost,
        schedule: match &summary.demand {
            Some(Demand::Rate(pace)) => Some(pace.into()),
            Some(Demand::Users { .. }) | None => None,
        },
        shortfall: summary.shortfall(),
        failures: Failures {
            total: failures.total(),
            kinds: failures.kinds().map(|(failure, count)| Kind { kind: failure.to_string(), count }).collect(),
            orders: failures
                .orders()
                .iter()
                .map(|(id, failure)| Order { id: id.to_string(), kind: failure.to_string() })
                .collect(),
        },
        mix: summary.mixed.as_ref().map(|mixed| Mix {
            requests_per_s: thousandths(summary.rate()),
            patch: mixed.patches.as_ref().map(Figures::from),
            replace: mixed.replaces.as_ref().map(Figures::from),
            delete: mixed.deletes.as_ref().map(Figures::from),
            orders: &mixed.tally,
            traded: &mixed.traded,
        }),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn thousandths(figure: f64) -> f64 {
    (figure * 1e3).round() / 1e3
}

fn seconds(time: Micros) -> f64 {
    time as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::frame::OrderId;
    use crate::instrument::Instrument;
    use crate::kind::Kind;
    use crate::record::Record;
    use serde_json::{Value, json};

    fn document(record: Record) -> Value {
        let summary = Summary::of(record, 2_000_000);
        let text = text(&summary, &Settings::example()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn times_are_milliseconds_with_three_decimals() {
        let mut record = Record::default();
        record.executed(0, 550_123);
        record.lateness = vec![-7];
        let document = document(record);
        assert_eq!(document["executed"]["percentiles_ms"]["99.99%"], 550.123);
        assert_eq!(document["executed"]["mean_ms"], 550.123);
        assert_eq!(document["late"]["percentiles_ms"]["50%"], -0.007);
        assert_eq!(document["late"]["early"], 1);
        assert_eq!(document["post"], Value::Null);
        assert_eq!(document["elapsed_s"], 2.0);
        assert_eq!(document.get("mix"), None, "no mix");
    }

    #[test]
    fn a_mix_has_figures_of_each_kind_and_what_became_of_its_orders() {
        let mut record = Record::of_mix();
        for kind in [Kind::Post, Kind::Patch, Kind::Patch, Kind::Delete] {
            record.answered(kind, 0, 500_000);
        }
        record.settled(Tally { placed: 1, filled: 1, traded: 7, ..Tally::default() }, &Instrument::example());
        let document = document(record);
        let mix = &document["mix"];
        assert_eq!((&document["post"]["count"], &mix["patch"]["count"]), (&1.into(), &2.into()));
        assert_eq!((&mix["replace"], &mix["delete"]["count"]), (&Value::Null, &1.into()));
        assert_eq!((&document["placed_per_s"], &mix["requests_per_s"]), (&2.0.into(), &8.0.into()));
        let orders = &mix["orders"];
        assert_eq!((&orders["placed"], &orders["filled"], &orders["open"]), (&1.into(), &1.into(), &0.into()));
        assert_eq!(mix["traded"], "7");
    }

    #[test]
    fn every_failed_order_is_listed() {
        let mut record = Record::default();
        let id = OrderId::new(&[b'a'; 36]).unwrap();
        for _ in 0..50 {
            record.failures.add_order(id, Failure::NotExecuted);
        }
        record.failures.add(Failure::Status(Kind::Post, 503), 2);
        let failures = &document(record)["failures"];
        assert_eq!(failures["total"], 52);
        assert_eq!(failures["orders"].as_array().unwrap().len(), 50);
        assert_eq!(failures["kinds"][0], json!({"kind": "POST answered with 503", "count": 2}));
    }
}
