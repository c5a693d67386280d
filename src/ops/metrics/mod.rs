//! What is measured, as Prometheus text, and `/metrics`, which tells it.
//!
//! Owns the names of the figures and what is said of each. Counts nothing: requests and connections are the edge's
//! figures, everything else is read from the venue's statistics when it is asked for. Knows no route and no
//! configuration.

pub(crate) mod accept;
mod classic;
mod venues;

use self::accept::MetricsFormat;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use tradepit_actors::{DropReason, Lateness, MAIN, Stats, Venue, VenueId, Venues};
use tradepit_engine::Time;

use crate::edge::connection::{Connections, Reason};
use crate::edge::refusal::Detail;
use crate::edge::rejects::Rejects;
use crate::edge::traffic::Traffic;

pub(crate) const METRICS: &str = "/metrics";

/// Which venue this is: its version and how it was set up, as far as a client meets it. A dashboard reads it here, and
/// it stands beside the figures that it explains.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// Delays as the command line writes them.
    pub(crate) delay: String,
    pub(crate) long_delay: String,
    pub(crate) route_delay: String,
    /// Whether it keeps data.
    pub(crate) durable: bool,
    /// The seed that was given. One that was drawn is a secret: whoever has it foresees every id.
    pub(crate) seed: Option<u64>,
    pub(crate) history: usize,
    pub(crate) max_orders: usize,
    /// The age as the command line writes it.
    pub(crate) retain: Option<String>,
    pub(crate) retain_orders: Option<u64>,
    pub(crate) rejects: usize,
}

impl Identity {
    /// OpenMetrics' type "info": a gauge of 1 in the older format.
    fn encode(&self, id: VenueId, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let said = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        let labels = [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("delay", self.delay.clone()),
            ("long_delay", self.long_delay.clone()),
            ("route_delay", self.route_delay.clone()),
            ("durable", self.durable.to_string()),
            ("seed", said(self.seed)),
            ("history", self.history.to_string()),
            ("max_orders", self.max_orders.to_string()),
            ("retain", self.retain.clone().unwrap_or_default()),
            ("retain_orders", said(self.retain_orders)),
            ("rejects", self.rejects.to_string()),
        ];
        let help = "The server's version and how it was set up; empty is what was not set";
        encoder.encode_descriptor("venue", help, None, MetricType::Info)?.encode_info(&labels)?;
        let (gauge, help) = (ConstGauge::new(1_i64), "Always 1: the id of this venue, whose changes are numbered");
        let mut family = encoder.encode_descriptor("venue_id", help, None, gauge.metric_type())?;
        gauge.encode(family.encode_family(&[("id", id.to_string())])?)
    }
}

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    ready_at: Arc<OnceLock<Time>>,
}

impl Metrics {
    pub(crate) fn new(
        identity: Identity,
        venues: Arc<Venues>,
        connections: Arc<Connections>,
        (traffic, rejects): (&Traffic, &Arc<Rejects>),
    ) -> Metrics {
        let mut registry = Registry::with_prefix("tradepit");
        let help = "Time from a request's head to its response, by route, method and status code";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, traffic.durations());
        let (rejects, ready_at) = (Arc::clone(rejects), Arc::<OnceLock<Time>>::default());
        let figures = Figures { identity, venues, connections, rejects, ready_at: Arc::clone(&ready_at) };
        registry.register_collector(Box::new(figures));
        Metrics { registry, ready_at }
    }

    /// The venue is ready from now on.
    pub(crate) fn note_ready(&self, now: Time) {
        // It is once only.
        let _ = self.ready_at.set(now);
    }

    pub(crate) fn render(&self, format: MetricsFormat) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(match format {
            MetricsFormat::OpenMetrics => text,
            MetricsFormat::Classic => classic::from_open_metrics(&text),
        })
    }
}

/// What it counts, for Prometheus.
///
/// OpenMetrics where `Accept` likes it as well as the older format, or better.
#[utoipa::path(get, path = METRICS, tag = "operations",
    responses((status = 200, description = "Prometheus text", content(
                  (String = "text/plain"), (String = "application/openmetrics-text"))),
              (status = 503, description = "It is starting, or stopping", body = Detail)))]
pub(crate) async fn metrics(request: HttpRequest, metrics: web::Data<Metrics>) -> HttpResponse {
    let format = MetricsFormat::liked(request.headers());
    // Writing to a string fails only where a metric's name is broken, which the tests would show.
    let text = metrics.render(format).unwrap_or_default();
    HttpResponse::Ok().content_type(format.media_type()).insert_header((header::VARY, "Accept")).body(text)
}

/// Reads the figures of the venue, and of its connections, at the moment that they are asked for.
#[derive(Debug)]
struct Figures {
    identity: Identity,
    venues: Arc<Venues>,
    connections: Arc<Connections>,
    rejects: Arc<Rejects>,
    ready_at: Arc<OnceLock<Time>>,
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        // Nobody asks before it is there.
        let Some(venue) = self.venues.find(MAIN) else { return Ok(()) };
        self.identity.encode(venue.id(), &mut encoder)?;
        if let Some(ready_at) = self.ready_at.get() {
            ready(*ready_at, &mut encoder)?;
        }
        orders(venue.stats(), &mut encoder)?;
        subscribers(&venue, &mut encoder)?;
        waiting(venue.stats(), &mut encoder)?;
        store(&venue, &mut encoder)?;
        venues::encode(&self.venues, &mut encoder)?;
        gauge(&mut encoder, "connections", "Open connections", self.connections.count())?;
        let broken = Reason::ALL.map(|reason| ([("reason", reason.label())], self.connections.broken.count(reason)));
        counters(&mut encoder, "broken_requests", "What clients sent that was no request, by reason", broken)?;
        let rejects = "Requests answered 400 or above since start, but probes and the page's files";
        counter(&mut encoder, "rejects", rejects, self.rejects.total())?;
        lateness(&venue.stats().lateness, &mut encoder)
    }
}

fn ready(ready_at: Time, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let (gauge, help) = (ConstGauge::new(ready_at.0 as f64 / 1e6), "When the venue was ready, in seconds since 1970");
    gauge.encode(encoder.encode_descriptor("start_time", help, Some(&Unit::Seconds), gauge.metric_type())?)
}

fn orders(stats: &Stats, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let counts = [("accepted", &stats.accepted), ("executed", &stats.executed), ("cancelled", &stats.cancelled)];
    let counts = counts.map(|(label, count)| ([("change", label)], count.get()));
    counters(encoder, "orders", "Orders since start, by what happened to them", counts)?;
    gauge(encoder, "orders_open", "Orders that are pending", stats.open.get())?;
    let held = "Orders in memory: all, or with a data folder the open and recent ones";
    gauge(encoder, "orders_held", held, stats.held.get())?;
    let listed = "Orders that a list can show: those held, or with a data folder all that are kept";
    gauge(encoder, "orders_listed", listed, stats.listed.get())
}

fn subscribers(venue: &Venue, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let stats = venue.stats();
    gauge(encoder, "subscribers", "WebSocket subscribers", stats.subscribers.get())?;
    let backlog = "What the subscriber that is furthest behind has not read, looked at once a second";
    bytes(encoder, "subscriber_backlog", backlog, venue.largest_backlog_bytes() as u64)?;
    let dropped = DropReason::ALL.map(|reason| ([("reason", reason.label())], stats.dropped(reason)));
    counters(encoder, "subscribers_dropped", "Subscribers dropped since start, by reason", dropped)
}

fn waiting(stats: &Stats, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let depth = "Requests that wait for the order book, or for its changes to be durable";
    gauge(encoder, "mailbox_depth", depth, stats.mailbox.get())?;
    counter(encoder, "mailbox_refused", "Requests refused with 503: the mailbox was full", stats.refused.get())
}

fn store(venue: &Venue, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let stats = venue.stats();
    let commits = "Commits to the data folder since start (0 without one)";
    counter(encoder, "store_commits", commits, stats.commits.get())?;
    let unconfirmed = "Changes that are not yet safe in the data folder, and not yet told";
    gauge(encoder, "store_unconfirmed", unconfirmed, stats.unconfirmed.get())?;
    let Some(disk) = venue.disk() else { return Ok(()) };
    bytes(encoder, "store", "The database of the data folder, and its log", disk.used)?;
    bytes(encoder, "store_free", "What the disk of the data folder has free", disk.free)
}

fn lateness(lateness: &Lateness, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
    let bounds = Lateness::BOUNDS_US.iter().map(|&us| seconds(us)).chain([f64::INFINITY]);
    let buckets: Vec<(f64, u64)> = bounds.zip(lateness.counts()).collect();
    let count = buckets.iter().map(|(_, count)| count).sum();
    let histogram = ConstHistogram { sum: seconds(lateness.sum_us()), count, buckets };
    let help = "From an order's due time to its execution";
    let metric =
        encoder.encode_descriptor("execution_lateness", help, Some(&Unit::Seconds), histogram.metric_type())?;
    histogram.encode(metric)
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

fn bytes(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> Result<(), std::fmt::Error> {
    let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.encode(encoder.encode_descriptor(name, help, Some(&Unit::Bytes), gauge.metric_type())?)
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
