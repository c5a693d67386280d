//! The figures of all venues together, those that have ended too, and by name of those that want it: of thousands each
//! by its name would be too many.

use std::fmt::Error;
use std::sync::Arc;

use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use tradepit_actors::{Stats, Venue, Venues};

use super::{bytes, counter, counters, gauge};

/// What is told of each by its name: name, what it is, unit, and where it comes from.
type Told = (&'static str, &'static str, Option<Unit>, fn(&Venue) -> usize);

const GAUGES: [Told; 4] = [
    ("named_venue_orders_open", "Orders of a venue that are pending", None, |venue| venue.stats().open.get()),
    ("named_venue_subscribers", "WebSocket subscribers of a venue", None, |venue| venue.stats().subscribers.get()),
    ("named_venue_mailbox_depth", "Requests that wait for a venue's order book", None, |venue| {
        venue.stats().mailbox.get()
    }),
    ("named_venue_held", "What a venue holds in memory, roughly", Some(Unit::Bytes), Venue::held_bytes),
];

pub(super) fn encode(venues: &Venues, encoder: &mut DescriptorEncoder<'_>) -> Result<(), Error> {
    let (all, ended) = (venues.by_name(), venues.ended());
    let sum = |figure: fn(&Stats) -> u64| all.iter().map(|(_, venue)| figure(venue.stats())).sum::<u64>();
    gauge(encoder, "venues", "Venues that can be asked, main among them", all.len())?;
    counter(encoder, "venues_ended", "Venues that were removed, reset or not made after all", ended.venues.get())?;
    let changes = [
        ("accepted", sum(|stats| stats.accepted.get()) + ended.accepted.get()),
        ("executed", sum(|stats| stats.executed.get()) + ended.executed.get()),
        ("cancelled", sum(|stats| stats.cancelled.get()) + ended.cancelled.get()),
    ];
    let changes = changes.map(|(label, count)| ([("change", label)], count));
    counters(encoder, "venues_orders", "Orders of all venues since start, by what happened to them", changes)?;
    let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let open = size(sum(|stats| stats.open.get() as u64));
    gauge(encoder, "venues_orders_open", "Orders of all venues that are pending", open)?;
    let subscribers = size(sum(|stats| stats.subscribers.get() as u64));
    gauge(encoder, "venues_subscribers", "WebSocket subscribers of all venues", subscribers)?;
    let held: usize = all.iter().map(|(_, venue)| venue.held_bytes()).sum();
    bytes(encoder, "venues_held", "What all venues hold in memory, roughly", held as u64)?;
    let named: Vec<_> = all.into_iter().filter(|(_, venue)| venue.is_named()).collect();
    by_name(&named, encoder)
}

fn by_name(named: &[(Box<str>, Arc<Venue>)], encoder: &mut DescriptorEncoder<'_>) -> Result<(), Error> {
    let help = "Orders of a venue since it was made, by what happened to them";
    let metric_type = ConstCounter::new(0_u64).metric_type();
    let mut family = encoder.encode_descriptor("named_venue_orders", help, None, metric_type)?;
    for (name, venue) in named {
        let stats = venue.stats();
        for (change, count) in
            [("accepted", &stats.accepted), ("executed", &stats.executed), ("cancelled", &stats.cancelled)]
        {
            let labels = [("venue", &**name), ("change", change)];
            ConstCounter::new(count.get()).encode(family.encode_family(&labels)?)?;
        }
    }
    for (name, help, unit, figure) in &GAUGES {
        let metric_type = ConstGauge::new(0_i64).metric_type();
        let mut family = encoder.encode_descriptor(name, help, unit.as_ref(), metric_type)?;
        for (name, venue) in named {
            let value = i64::try_from(figure(venue)).unwrap_or(i64::MAX);
            ConstGauge::new(value).encode(family.encode_family(&[("venue", &**name)])?)?;
        }
    }
    Ok(())
}
