//! A strict reader of OpenMetrics text, and a quick one of figures.

use super::*;

/// A metric family, as the text tells it.
#[derive(Debug, Default)]
pub struct Family {
    pub kind: String,
    /// Suffix of the name, labels, value.
    pub samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

pub type Families = BTreeMap<String, Family>;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The venue's metrics, as OpenMetrics.
pub async fn families(venue: &Venue) -> Families {
    let reply = Request::new("GET", "/metrics").header("Accept", OPEN_METRICS).send(venue.addr).await;
    assert_eq!((reply.header("content-type"), reply.header("vary")), (Some(OPEN_METRICS), Some("Accept")));
    parse(&reply.body)
}

/// Reads OpenMetrics text, and accepts nothing that a strict reader would not.
fn parse(text: &str) -> Families {
    let mut families = Families::new();
    let mut current = String::new();
    let body = text.strip_suffix("# EOF\n").expect("it ends with # EOF");
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let (word, rest) = comment.split_once(' ').unwrap_or_else(|| panic!("{line:?}"));
            let (name, rest) = rest.split_once(' ').unwrap_or_else(|| panic!("{line:?}"));
            if name != current {
                assert!(families.insert(name.to_owned(), Family::default()).is_none(), "{name} comes twice");
                name.clone_into(&mut current);
            }
            let family = families.get_mut(name).expect("just made");
            assert!(family.samples.is_empty(), "{line:?} after samples");
            match word {
                "HELP" => assert!(!rest.is_empty()),
                "TYPE" => rest.clone_into(&mut family.kind),
                "UNIT" => assert!(name.ends_with(&format!("_{rest}")), "{line:?}"),
                _ => panic!("{line:?}"),
            }
        } else {
            let family = families.get_mut(&current).unwrap_or_else(|| panic!("{line:?} belongs to nothing"));
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?}"));
            let (name, labels) = match series.split_once('{') {
                Some((name, labels)) => (name, read_labels(labels.strip_suffix('}').expect("}"))),
                None => (series, BTreeMap::new()),
            };
            let suffix = name.strip_prefix(&current).unwrap_or_else(|| panic!("{line:?} within {current}"));
            let suffixes: &[&str] = match family.kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "info" => &["_info"],
                "histogram" => &["_sum", "_count", "_bucket"],
                other => panic!("{current} is of type {other:?}"),
            };
            assert!(suffixes.contains(&suffix), "{line:?} within a {}", family.kind);
            let value: f64 = value.parse().unwrap_or_else(|error| panic!("{error}: {line:?}"));
            let twice = family.samples.iter().any(|(s, l, _)| s == suffix && *l == labels);
            assert!(!twice, "{line:?} comes twice");
            family.samples.push((suffix.to_owned(), labels, value));
        }
    }
    for (name, family) in families.iter().filter(|(_, family)| family.kind == "histogram") {
        check_histogram(name, family);
    }
    families
}

fn read_labels(mut text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"").unwrap_or_else(|| panic!("{text:?}"));
        let (value, rest) = rest.split_once('"').unwrap_or_else(|| panic!("{text:?}"));
        assert!(!value.contains('\\'), "no label here needs an escape: {value:?}");
        assert!(labels.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
        text = rest.strip_prefix(',').unwrap_or(rest);
    }
    labels
}

/// Buckets ascend, are cumulative, and the last is `+Inf` and the count.
fn check_histogram(name: &str, family: &Family) {
    let mut series: BTreeMap<BTreeMap<String, String>, Vec<(String, f64)>> = BTreeMap::new();
    for (suffix, labels, value) in &family.samples {
        let mut labels = labels.clone();
        let le = labels.remove("le");
        assert_eq!(le.is_some(), suffix == "_bucket", "{name}{suffix}");
        if let Some(le) = le {
            series.entry(labels).or_default().push((le, *value));
        }
    }
    let counts = family.samples.iter().filter(|(suffix, ..)| suffix == "_count").count();
    assert_eq!(counts, series.len(), "{name}");
    for (labels, buckets) in series {
        let value = |of: &str| family.samples.iter().find(|(suffix, l, _)| suffix == of && *l == labels);
        let (_, _, count) = value("_count").unwrap_or_else(|| panic!("{name}{labels:?} has no count"));
        assert!(value("_sum").is_some_and(|(_, _, sum)| *sum >= 0.0), "{name}{labels:?}");
        let (last, total) = buckets.last().expect("a bucket");
        assert_eq!((last.as_str(), total), ("+Inf", count), "the last bucket of {name}{labels:?}");
        let bounds: Vec<f64> = buckets.iter().map(|(le, _)| le.parse().expect("a number")).collect();
        assert!(bounds.is_sorted_by(|one, next| one < next), "{name}: {bounds:?}");
        assert!(buckets.is_sorted_by_key(|(_, value)| *value), "{name} is not cumulative: {buckets:?}");
    }
}

/// The figures of a venue, each by name and labels: `orders_total{change=accepted}`.
pub struct Figures(pub BTreeMap<String, f64>);

impl Figures {
    /// As far as the text can be read at all; [`parse`] is the strict reader.
    pub async fn of(venue: &Venue) -> Figures {
        let text = venue.get("/metrics").await.body;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let figure = |line: &str| {
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?}"));
            (series.replace('"', ""), value.parse().unwrap_or_else(|error| panic!("{error}: {line:?}")))
        };
        Figures(lines.map(figure).collect())
    }

    #[track_caller]
    pub fn is(&self, name: &str, expected: f64) {
        assert_eq!(self.0.get(&format!("tradepit_{name}")), Some(&expected), "{name}");
    }

    pub fn get(&self, name: &str) -> f64 {
        self.0.get(&format!("tradepit_{name}")).copied().unwrap_or_default()
    }
}

/// Waits until a figure has this value.
pub async fn until(venue: &Venue, name: &str, expected: f64) {
    in_time(name, async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(10));
        while Figures::of(venue).await.get(name) != expected {
            tick.tick().await;
        }
    })
    .await;
}
