//! What is measured, as Prometheus text. Requests are counted here; everything else is read from the venue's
//! [`Stats`] when it is asked for.

pub(crate) mod accept;
mod classic;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use tradepit_actors::{DropReason, Lateness, Stats};

use crate::edge::connection::{Connections, Reason};
use crate::ops::metrics::accept::MetricsFormat;
use crate::surfaces::Route;
use crate::venue_id::VenueId;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    method: &'static str,
    code: u16,
}

/// Which venue this is: its version and how it was set up, as far as a client meets it. A dashboard reads it here, and
/// it stands beside the figures that it explains.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) id: VenueId,
    /// Delays as the command line writes them.
    pub(crate) delay: String,
    pub(crate) long_delay: String,
    pub(crate) route_delay: String,
    /// Whether it keeps data.
    pub(crate) durable: bool,
}

impl Identity {
    /// OpenMetrics' type "info": a gauge of 1 in the older format.
    fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let labels = [
            ("version", env!("CARGO_PKG_VERSION")),
            ("delay", &self.delay),
            ("long_delay", &self.long_delay),
            ("route_delay", &self.route_delay),
            ("durable", if self.durable { "true" } else { "false" }),
        ];
        let help = "The server's version and delays, and whether it keeps data";
        encoder.encode_descriptor("venue", help, None, MetricType::Info)?.encode_info(&labels)?;
        let (gauge, help) = (ConstGauge::new(1_i64), "Always 1: the id of this venue, whose changes are numbered");
        let mut family = encoder.encode_descriptor("venue_id", help, None, gauge.metric_type())?;
        gauge.encode(family.encode_family(&[("id", self.id.as_str())])?)
    }
}

/// The server's figures.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Histogram>,
    /// That of orders placed, which is asked for most: finding it by its labels would cost four times as much as it does.
    placed: OnceLock<Histogram>,
}

impl Metrics {
    pub(crate) fn new(identity: Identity, stats: Arc<Stats>, connections: Arc<Connections>) -> Metrics {
        // 50 us to 1.6 s, by doubling.
        let requests = Family::<RequestLabels, Histogram>::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.000_05, 2.0, 16))
        });
        let mut registry = Registry::with_prefix("tradepit");
        let help = "Time from a request's head to its response, by route, method and status code";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, requests.clone());
        registry.register_collector(Box::new(Venue { identity, stats, connections }));
        Metrics { registry, requests, placed: OnceLock::new() }
    }

    /// Counts a request that was answered.
    pub(crate) fn observe(&self, route: Route, method: &'static str, code: u16, took: Duration) {
        let labels = RequestLabels { route: route.label(), method, code };
        let of_labels = || self.requests.get_or_create(&labels).clone();
        let is_placed = route == Route::Orders && method == "POST" && code == 200;
        let histogram = if is_placed { self.placed.get_or_init(of_labels) } else { &of_labels() };
        histogram.observe(took.as_secs_f64());
    }

    /// All figures, as text.
    pub(crate) fn render(&self, format: MetricsFormat) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(match format {
            MetricsFormat::OpenMetrics => text,
            MetricsFormat::Classic => classic::from_open_metrics(&text),
        })
    }
}

/// Reads the venue's figures at the moment that they are asked for.
#[derive(Debug)]
struct Venue {
    identity: Identity,
    stats: Arc<Stats>,
    connections: Arc<Connections>,
}

impl Collector for Venue {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        self.identity.encode(&mut encoder)?;
        let stats = &self.stats;
        let counts = [("accepted", &stats.accepted), ("executed", &stats.executed), ("cancelled", &stats.cancelled)];
        let counts = counts.map(|(label, count)| ([("change", label)], count.get()));
        counters(&mut encoder, "orders", "Orders since start, by what happened to them", counts)?;

        gauge(&mut encoder, "orders_open", "Orders that are pending", stats.open.get())?;
        gauge(
            &mut encoder,
            "orders_held",
            "Orders in memory: all, or with a data folder the open and recent ones",
            stats.held.get(),
        )?;
        gauge(&mut encoder, "subscribers", "WebSocket subscribers", stats.subscribers.get())?;
        let dropped = DropReason::ALL.map(|reason| ([("reason", reason.label())], stats.dropped(reason)));
        counters(&mut encoder, "subscribers_dropped", "Subscribers dropped since start, by reason", dropped)?;
        gauge(
            &mut encoder,
            "mailbox_depth",
            "Requests that wait for the order book, or for its changes to be durable",
            stats.mailbox.get(),
        )?;
        counter(
            &mut encoder,
            "mailbox_refused",
            "Requests refused with 503: the mailbox was full",
            stats.refused.get(),
        )?;
        let commits = "Commits to the data folder since start (0 without one)";
        counter(&mut encoder, "store_commits", commits, stats.commits.get())?;
        let unconfirmed = "Changes that are not yet safe in the data folder, and not yet told";
        gauge(&mut encoder, "store_unconfirmed", unconfirmed, stats.unconfirmed.get())?;
        gauge(&mut encoder, "connections", "Open connections", self.connections.count())?;
        let broken = Reason::ALL.map(|reason| ([("reason", reason.label())], self.connections.broken.count(reason)));
        counters(&mut encoder, "broken_requests", "What clients sent that was no request, by reason", broken)?;
        self.lateness(&mut encoder)
    }
}

impl Venue {
    fn lateness(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let lateness = &self.stats.lateness;
        let bounds = Lateness::BOUNDS_US.iter().map(|&us| seconds(us)).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds.zip(lateness.counts()).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let histogram = ConstHistogram { sum: seconds(lateness.sum_us()), count, buckets };
        let help = "From an order's due time to its execution";
        let metric =
            encoder.encode_descriptor("execution_lateness", help, Some(&Unit::Seconds), histogram.metric_type())?;
        histogram.encode(metric)
    }
}

struct ConstHistogram {
    sum: f64,
    count: u64,
    buckets: Vec<(f64, u64)>,
}

impl EncodeMetric for ConstHistogram {
    fn encode(&self, mut encoder: prometheus_client::encoding::MetricEncoder<'_>) -> Result<(), std::fmt::Error> {
        encoder.encode_histogram::<NoLabelSet>(self.sum, self.count, &self.buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

fn seconds(us: u64) -> f64 {
    Duration::from_micros(us).as_secs_f64()
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: usize) -> Result<(), std::fmt::Error> {
    let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}

fn counter(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> Result<(), std::fmt::Error> {
    let counter = ConstCounter::new(value);
    counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)
}

fn counters<const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: [([(&str, &str); 1], u64); N],
) -> Result<(), std::fmt::Error> {
    let metric_type = ConstCounter::new(0_u64).metric_type();
    let mut family = encoder.encode_descriptor(name, help, None, metric_type)?;
    for (labels, value) in values {
        ConstCounter::new(value).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}
