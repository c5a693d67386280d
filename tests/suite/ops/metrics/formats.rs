//! What the text says, in either format.

use super::*;

#[tokio::test]
async fn the_text_is_what_prometheus_reads() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    venue.place("EURUSD", 1).await;
    venue.get("/orders").await;
    venue.get("/no\"where").await;
    let families = families(&venue).await;
    let of_kind = |kind: &str| families.values().filter(|family| family.kind == kind).count();
    assert!(of_kind("counter") >= 3 && of_kind("gauge") >= 5 && of_kind("histogram") == 2, "{families:?}");
    assert!(families.keys().all(|name| name.starts_with("tradepit_")), "{:?}", families.keys());
}

/// The older format knows no families: what is said of a sample stands before it, under its own name.
#[tokio::test]
async fn the_older_format_tells_type_and_help_of_each_sample_under_its_name() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    venue.place("EURUSD", 1).await;
    let reply = venue.get("/metrics").await;
    assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(reply.header("vary"), Some("Accept"));
    let (mut kinds, mut helped, mut told) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for line in reply.body.lines() {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        match words[..] {
            ["#", "HELP", name, _] => assert!(helped.insert(name), "{name} twice"),
            ["#", "TYPE", name, kind] => assert!(kinds.insert(name, kind).is_none(), "{name} twice"),
            ["#", ..] => panic!("{line:?} means nothing in this format"),
            _ => {
                let name = line.split(['{', ' ']).next().expect("a name");
                let of_histogram = ["_sum", "_count", "_bucket"].iter().find_map(|end| name.strip_suffix(end));
                let name = of_histogram.filter(|name| kinds.get(name) == Some(&"histogram")).unwrap_or(name);
                assert!(helped.contains(name) && kinds.contains_key(name), "{line:?}");
                told.insert(name);
            }
        }
    }
    assert!(kinds.keys().all(|name| told.contains(name)), "{told:?} of {kinds:?}");
    for (name, kind) in kinds {
        assert!(["counter", "gauge", "histogram"].contains(&kind), "{name} {kind}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
    }
    let open: BTreeSet<String> = families(&venue)
        .await
        .into_iter()
        .flat_map(|(name, family)| {
            let suffix = match family.kind.as_str() {
                "counter" => "_total",
                "info" => "_info",
                _ => "",
            };
            [format!("{name}{suffix}")]
        })
        .collect();
    assert_eq!(told, open.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn the_venue_tells_its_version_and_how_it_was_set_up() {
    let folder = DataFolder::new();
    let durable = folder.venue(|config| {
        config.venue.delay = DelayModel::LogNormal { median_us: 1_500, sigma: 0.5 };
        config.venue.long_delay = DelayModel::Uniform { min_us: 0, max_us: 3_600_000_000 };
        config.route_delay = DelayModel::Fixed { us: 1_000 };
    });
    let cases = [
        (own_venue(|_| {}), ["100ms..1s", "5s", "none", "false"]),
        (durable, ["lognormal(1.5ms,0.5)", "0ms..1h", "1ms", "true"]),
    ];
    for (venue, [delay, long_delay, route_delay, durable]) in cases {
        let families = families(&venue).await;
        let expected = [
            ("version", env!("CARGO_PKG_VERSION")),
            ("delay", delay),
            ("long_delay", long_delay),
            ("route_delay", route_delay),
            ("durable", durable),
            ("seed", ""),
            ("history", "100000"),
            ("max_orders", "1000000"),
            ("retain", ""),
            ("retain_orders", ""),
            ("rejects", "1000"),
        ];
        let labels = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let info = &families["tradepit_venue"];
        assert_eq!((info.kind.as_str(), &info.samples), ("info", &vec![("_info".to_owned(), labels.into(), 1.0)]));
        // A gauge to the older format, under the same name.
        let text = venue.get("/metrics").await.body;
        assert!(text.contains("# TYPE tradepit_venue_info gauge\ntradepit_venue_info{version="), "{text}");
    }
}
