//! What is measured, as Prometheus text, and `/metrics`, which tells it.
//!
//! Owns the names of the figures and what is said of each. Counts nothing: requests and connections are the edge's
//! figures, everything else is read from the venue's statistics when it is asked for. Knows no route and no
//! configuration.

pub(crate) mod accept;
mod classic;

use self::accept::MetricsFormat;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use tradepit_actors::{DropReason, Lateness, MAIN, VenueId, Venues};

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
}

impl Identity {
    /// OpenMetrics' type "info": a gauge of 1 in the older format.
    fn encode(&self, id: VenueId, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
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
        gauge.encode(family.encode_family(&[("id", id.to_string())])?)
    }
}

#[derive(Debug)]
pub(crate) struct Metrics(Registry);

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
        let rejects = Arc::clone(rejects);
        registry.register_collector(Box::new(Figures { identity, venues, connections, rejects }));
        Metrics(registry)
    }

    pub(crate) fn render(&self, format: MetricsFormat) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.0)?;
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
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        // Nobody asks before it is there.
        let Some(venue) = self.venues.find(MAIN) else { return Ok(()) };
        self.identity.encode(venue.id(), &mut encoder)?;
        let stats = venue.stats();
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
        let rejects = "Requests answered 400 or above since start, but probes and the page's files";
        counter(&mut encoder, "rejects", rejects, self.rejects.total())?;
        lateness(&stats.lateness, &mut encoder)
    }
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
