//! `/metrics`: both formats, every family, and that figures are right.

use super::*;

/// A metric family, as the text tells it.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    /// Suffix of the name, labels, value.
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

type Families = BTreeMap<String, Family>;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The venue's metrics, as OpenMetrics.
async fn families(venue: &Venue) -> Families {
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
struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// As far as the text can be read at all; [`parse`] is the strict reader.
    async fn of(venue: &Venue) -> Figures {
        let text = venue.get("/metrics").await.body;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let figure = |line: &str| {
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?}"));
            (series.replace('"', ""), value.parse().unwrap_or_else(|error| panic!("{error}: {line:?}")))
        };
        Figures(lines.map(figure).collect())
    }

    #[track_caller]
    fn is(&self, name: &str, expected: f64) {
        assert_eq!(self.0.get(&format!("tradepit_{name}")), Some(&expected), "{name}");
    }

    fn get(&self, name: &str) -> f64 {
        self.0.get(&format!("tradepit_{name}")).copied().unwrap_or_default()
    }
}

/// Waits until a figure has this value.
async fn until(venue: &Venue, name: &str, expected: f64) {
    in_time(name, async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(10));
        while Figures::of(venue).await.get(name) != expected {
            tick.tick().await;
        }
    })
    .await;
}

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
        ];
        let labels = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let info = &families["tradepit_venue"];
        assert_eq!((info.kind.as_str(), &info.samples), ("info", &vec![("_info".to_owned(), labels.into(), 1.0)]));
        // A gauge to the older format, under the same name.
        let text = venue.get("/metrics").await.body;
        assert!(text.contains("# TYPE tradepit_venue_info gauge\ntradepit_venue_info{version="), "{text}");
    }
}

#[tokio::test]
async fn orders_are_counted_by_change_and_as_open() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 });
    let figures = Figures::of(&venue).await;
    for change in ["accepted", "executed", "cancelled"] {
        figures.is(&format!("orders_total{{change={change}}}"), 0.0);
    }
    figures.is("orders_open", 0.0);
    let first = venue.place("EURUSD", 1).await;
    venue.place("EURUSD", 1).await;
    let figures = Figures::of(&venue).await;
    figures.is("orders_total{change=accepted}", 2.0);
    figures.is("orders_open", 2.0);
    figures.is("orders_held", 2.0);
    assert_eq!(venue.delete(&format!("/orders/{}", id(&first))).await.status, 204);
    let figures = Figures::of(&venue).await;
    figures.is("orders_total{change=cancelled}", 1.0);
    figures.is("orders_total{change=executed}", 0.0);
    figures.is("orders_open", 1.0);
    figures.is("orders_held", 2.0);
}

#[tokio::test]
async fn lateness_is_a_histogram_of_the_executed_orders() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 20_000 });
    for _ in 0..25 {
        venue.place("EURUSD", 1).await;
    }
    until(&venue, "orders_total{change=executed}", 25.0).await;
    let figures = Figures::of(&venue).await;
    figures.is("orders_open", 0.0);
    figures.is("execution_lateness_seconds_count", 25.0);
    let sum = figures.get("execution_lateness_seconds_sum");
    assert!(sum > 0.0 && sum < 25.0, "{sum}");
    assert!(families(&venue).await.contains_key("tradepit_execution_lateness_seconds"));
}

#[tokio::test]
async fn requests_are_counted_and_timed_by_route_method_and_code() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let order = venue.place("EURUSD", 1).await;
    let one = format!("/orders/{}", id(&order));
    for (method, path) in [("GET", one.as_str()), ("GET", "/orders/x"), ("DELETE", "/orders/x/"), ("PUT", "/orders")] {
        Request::new(method, path).send(venue.addr).await;
    }
    venue.post("/orders/", "{}").await;
    venue.post("/orders/", "{}").await;
    for path in ["/nowhere", "/nowhere/else", "/health", "/docs/index.css", "/", "/assets/x.js", "/assets/x/y", "/ws"] {
        venue.get(path).await;
    }
    Request::new("GARBAGE", "/health").send(venue.addr).await;
    let figures = Figures::of(&venue).await;
    let expected = [
        ("/orders", "POST", 200, 1.0),
        ("/orders", "POST", 422, 2.0),
        ("/orders", "other", 405, 1.0),
        ("/orders/{id}", "GET", 200, 1.0),
        ("/orders/{id}", "GET", 404, 1.0),
        ("/orders/{id}", "DELETE", 404, 1.0),
        ("unknown", "GET", 404, 3.0),
        ("/health", "GET", 200, 1.0),
        ("/health", "other", 405, 1.0),
        ("/docs", "GET", 200, 1.0),
        ("/", "GET", 200, 1.0),
        ("/assets/{file}", "GET", 404, 1.0),
        ("/ws", "GET", 426, 1.0),
    ];
    for (route, method, code, count) in expected {
        let labels = format!("route={route},method={method},code={code}");
        figures.is(&format!("http_request_duration_seconds_count{{{labels}}}"), count);
        figures.is(&format!("http_request_duration_seconds_bucket{{le=+Inf,{labels}}}"), count);
        assert!(figures.get(&format!("http_request_duration_seconds_sum{{{labels}}}")) > 0.0, "{labels}");
    }
}

#[tokio::test]
async fn what_clients_invent_makes_no_new_series() {
    let venue = own_venue(|_| {});
    venue.get("/a").await;
    Request::new("BREW", "/a").send(venue.addr).await;
    let series = Figures::of(&venue).await.0.len();
    // The second scrape counts the first.
    let with_scrape = Figures::of(&venue).await.0.len();
    for number in 0..20 {
        Request::new(&format!("BREW{number}"), &format!("/b/{number}")).send(venue.addr).await;
        venue.get(&format!("/b/{number}?x={number}")).await;
    }
    assert!(with_scrape >= series);
    assert_eq!(Figures::of(&venue).await.0.len(), with_scrape);
}

#[tokio::test]
async fn subscribers_and_connections_rise_and_fall() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    Figures::of(&venue).await.is("subscribers", 0.0);
    let mut first = venue.subscribe("").await;
    let second = venue.subscribe("?format=json").await;
    let figures = Figures::of(&venue).await;
    figures.is("subscribers", 2.0);
    assert!(figures.get("connections") >= 3.0, "two WebSockets and the scrape");
    let order = venue.place("EURUSD", 1).await;
    assert!(first.text_of(id(&order)).await.ends_with("PENDING"));
    assert!(first.text_of(id(&order)).await.ends_with("EXECUTED"));
    first.socket.close(None).await.expect("it takes a close");
    drop((first, second));
    until(&venue, "subscribers", 0.0).await;
    until(&venue, "connections", 1.0).await;
    let figures = Figures::of(&venue).await;
    for reason in ["slow", "silent", "protocol_error", "feed_behind"] {
        figures.is(&format!("subscribers_dropped_total{{reason={reason}}}"), 0.0);
    }
}

#[tokio::test]
async fn a_subscriber_that_breaks_the_protocol_is_counted_as_dropped() {
    let venue = own_venue(|_| {});
    let mut subscriber = venue.subscribe("").await;
    subscriber.send(Message::binary(vec![0; 70_000])).await;
    assert_eq!(subscriber.close_frame().await.map(|frame| frame.code.into()), Some(1009_u16));
    let figures = Figures::of(&venue).await;
    figures.is("subscribers_dropped_total{reason=protocol_error}", 1.0);
    figures.is("subscribers_dropped_total{reason=slow}", 0.0);
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_is_counted_as_dropped() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = socket.connect(venue.addr).await.expect("it accepts");
    let url = format!("ws://{}/ws?format=json", venue.addr);
    let (deaf, _) = tokio_tungstenite::client_async(url, stream).await.expect("the handshake succeeds");
    // Some 2 MB of announcements: more than the kernel and the venue keep for it together.
    flood(&venue, 5_000).await;
    until(&venue, "subscribers_dropped_total{reason=slow}", 1.0).await;
    drop(deaf);
    until(&venue, "subscribers", 0.0).await;
}

/// Places orders over one connection, one request after the other without waiting for replies.
async fn flood(venue: &Venue, orders: usize) {
    let body = r#"{"stoks": "EURUSD", "quantity": 1}"#;
    let request = format!("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let stream = tokio::net::TcpStream::connect(venue.addr).await.expect("it accepts");
    let (mut replies, mut requests) = stream.into_split();
    let all = request.repeat(orders) + last;
    let write = async { requests.write_all(all.as_bytes()).await.expect("it takes them") };
    let mut answer = Vec::new();
    let read = async { replies.read_to_end(&mut answer).await.expect("it answers") };
    in_time("all replies", async { tokio::join!(write, read) }).await;
    assert_eq!(String::from_utf8_lossy(&answer).matches("HTTP/1.1 200").count(), orders + 1);
}

#[tokio::test]
async fn the_mailbox_is_empty_when_nobody_asks_and_counts_whom_it_refused() {
    let venue = own_venue(|config| config.venue.mailbox = std::num::NonZeroUsize::MIN);
    let figures = Figures::of(&venue).await;
    figures.is("mailbox_depth", 0.0);
    figures.is("mailbox_refused_total", 0.0);
    let mut refused = 0;
    in_time("a refusal", async {
        while refused == 0 {
            let burst = (0..50).map(|_| venue.get("/orders"));
            let replies = futures_util::future::join_all(burst).await;
            let late = replies.iter().filter(|reply| reply.status == 503);
            refused += late.inspect(|reply| assert!(reply.header("retry-after").is_some(), "{reply:?}")).count();
        }
    })
    .await;
    let figures = Figures::of(&venue).await;
    figures.is("mailbox_refused_total", refused as f64);
    figures.is("mailbox_depth", 0.0);
    figures.is("http_request_duration_seconds_count{route=/orders,method=GET,code=503}", refused as f64);
}
