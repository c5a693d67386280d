//! What is answered, counted by route, method and status code.
//!
//! The gate notes every answer here; what becomes of the figures is up to whoever registers them. Knows no route but by
//! its place in the table and its label.

use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Metric;

use super::table::{Found, Table};

/// A method, from a closed list: a client cannot invent metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Head,
    Post,
    Patch,
    Delete,
    Put,
    Other,
}

impl Verb {
    const COUNT: usize = 7;

    pub(super) fn of(method: &Method) -> Verb {
        match *method {
            Method::GET => Verb::Get,
            Method::HEAD => Verb::Head,
            Method::POST => Verb::Post,
            Method::PUT => Verb::Put,
            Method::PATCH => Verb::Patch,
            Method::DELETE => Verb::Delete,
            _ => Verb::Other,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Head => "HEAD",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
            Verb::Other => "other",
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    route: &'static str,
    method: &'static str,
    code: u16,
}

/// How long each answer took, from the request's head on.
#[derive(Debug)]
pub(crate) struct Traffic {
    durations: Family<Labels, Histogram>,
    /// Those of the usual answer, 200, by the route's place: finding one by its labels costs four times as much as
    /// counting the request does.
    usual: Vec<[OnceLock<Histogram>; Verb::COUNT]>,
}

impl Traffic {
    /// Of the routes of this table.
    pub(crate) fn of(table: &Table) -> Traffic {
        // 50 us to 1.6 s, by doubling.
        let buckets = || Histogram::new(exponential_buckets(0.000_05, 2.0, 16));
        let usual = (0..table.size()).map(|_| <[OnceLock<Histogram>; Verb::COUNT]>::default()).collect();
        Traffic { durations: Family::new_with_constructor(buckets), usual }
    }

    /// Notes a request that was answered; of no route where its path is none.
    pub(super) fn note(&self, found: Option<Found>, verb: Verb, code: u16, took: Duration) {
        let route = found.map_or("unknown", |found| found.route.label());
        let of_labels = || self.durations.get_or_create(&Labels { route, method: verb.label(), code }).clone();
        let usual = found.filter(|_| code == 200).map(|found| &self.usual[found.number][verb as usize]);
        let histogram = match usual {
            Some(usual) => usual.get_or_init(of_labels),
            None => &of_labels(),
        };
        histogram.observe(took.as_secs_f64());
    }

    /// The figures, as they stand at the moment that they are read.
    pub(crate) fn durations(&self) -> impl Metric {
        self.durations.clone()
    }
}
