//! `GET /orders`: the object, pages, filters and flaws of the query (contract, "Routes").

use serde_json::Value;
use tradepit_actors::DelayModel;
use tradepit_places::everywhere;

use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::{Kept, flaw_places, flaws, id, listed, listed_ids, path, symbol};
use crate::support::{Venue, own_venue, venue};

/// Places so many long orders of one symbol and returns their ids, in order of creation.
async fn place(venue: &Venue, symbol: &str, count: usize) -> Vec<String> {
    let (mut connection, path) = (Kept::open(venue).await, venue.path("/orders"));
    let mut ids = Vec::new();
    for quantity in 1..=count {
        let body = format!(r#"{{"stoks": "{symbol}", "quantity": {quantity}}}"#);
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nlong-pending: 1\r\n");
        connection.write(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        ids.push(id(&connection.reply("POST").await.expect("a reply").json()).to_owned());
    }
    ids
}

/// Follows `Link` from page to page; the ids of each page.
async fn pages(venue: &Venue, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let reply = venue.get(&path).await;
        pages.push(listed_ids(&reply));
        next = venue.next_page(&reply);
        assert!(pages.len() < 100, "it never ends");
    }
    pages
}

#[everywhere]
async fn a_list_maps_each_id_to_its_order_in_order_of_creation() {
    let symbol = symbol();
    let ids = place(venue(), &symbol, 20).await;
    let reply = venue().get(&format!("/orders?stoks={symbol}")).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(listed_ids(&reply), ids);
    for (key, order) in listed(&reply) {
        assert_eq!(order["id"], Value::from(key));
        assert_eq!(venue().get(&path(&order)).await.json(), order);
    }
}

#[tokio::test]
async fn a_list_without_orders_is_an_empty_object() {
    let venue = own_venue(|_| {});
    for path in ["/orders", "/orders/", "/orders?limit=5", "/orders?status=PENDING"] {
        let reply = venue.get(path).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "{}"), "{path}");
        assert_eq!(reply.header("link"), None, "{path}");
    }
}

#[tokio::test]
async fn a_list_without_parameters_shows_every_order_of_every_status() {
    let venue = own_venue(|_| {});
    let pending = venue.place_long("A", 1).await;
    let cancelled = venue.place_long("B", 2).await;
    venue.delete(&path(&cancelled)).await;
    let reply = venue.get("/orders").await;
    assert_eq!(listed_ids(&reply), [id(&pending), id(&cancelled)]);
    assert_eq!(reply.header("link"), None);
}

#[tokio::test]
async fn a_list_shows_at_most_1000_orders_and_names_the_next_page() {
    let venue = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
    });
    let ids = place(&venue, "A", 1_000).await;
    let exactly = venue.get("/orders").await;
    assert_eq!(listed_ids(&exactly), ids);
    assert_eq!(exactly.header("link"), None, "there are no more");

    let ids = [ids, place(&venue, "A", 2).await].concat();
    for path in ["/orders", "/orders/", "/orders?limit=1000", "/orders?limit=1001", "/orders?limit=5000"] {
        assert_eq!(pages(&venue, path).await, [ids[..1_000].to_vec(), ids[1_000..].to_vec()], "{path}");
    }
    for limit in ["18446744073709551615", "18446744073709551616", "99999999999999999999999999", "01001"] {
        assert_eq!(listed_ids(&venue.get(&format!("/orders?limit={limit}")).await).len(), 1_000, "{limit}");
    }
    // The filter looks further than the first thousand.
    venue.place("B", 1).await;
    assert_eq!(listed(&venue.get("/orders?stoks=B").await).len(), 1);
    assert_eq!(listed(&venue.get("/orders?status=PENDING").await).len(), 1_000);
}

#[everywhere]
async fn pages_show_every_order_once_in_order_and_keep_the_filter() {
    let symbol = symbol();
    let ids = place(venue(), &symbol, 12).await;
    // Other orders in between do not show.
    place(venue(), &crate::support::rest::symbol(), 2).await;
    for (limit, sizes) in [(1, vec![1; 12]), (5, vec![5, 5, 2]), (6, vec![6, 6]), (12, vec![12]), (13, vec![12])] {
        for query in [format!("stoks={symbol}&limit={limit}"), format!("limit={limit}&foo=b%20r&stoks={symbol}")] {
            let pages = pages(venue(), &format!("/orders?{query}")).await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{query}");
            assert_eq!(pages.concat(), ids, "{query}");
        }
    }
}

#[everywhere]
async fn a_link_keeps_the_status_filter() {
    let symbol = symbol();
    let ids = place(venue(), &symbol, 5).await;
    for id in [&ids[1], &ids[4]] {
        venue().delete(&format!("/orders/{id}")).await;
    }
    let cancelled = pages(venue(), &format!("/orders?status=CANCELLED&stoks={symbol}&limit=1")).await;
    assert_eq!(cancelled, [[ids[1].clone()], [ids[4].clone()]]);
    let pending = pages(venue(), &format!("/orders/?status=PENDING&stoks={symbol}&limit=2")).await;
    assert_eq!(pending, [vec![ids[0].clone(), ids[2].clone()], vec![ids[3].clone()]]);
}

#[everywhere]
async fn after_starts_behind_an_order_whether_or_not_the_filter_shows_it() {
    let (symbol, other) = (symbol(), symbol());
    let ids = place(venue(), &symbol, 3).await;
    let between = place(venue(), &other, 1).await;
    let later = place(venue(), &symbol, 2).await;
    let after = async |id: &str| listed_ids(&venue().get(&format!("/orders?stoks={symbol}&after={id}")).await);
    assert_eq!(after(&ids[0]).await, [&ids[1..], &later[..]].concat());
    assert_eq!(after(&between[0]).await, later);
    let last = venue().get(&format!("/orders?stoks={symbol}&after={}", later[1])).await;
    assert_eq!((last.body.as_str(), last.header("link")), ("{}", None));
}

#[everywhere]
async fn a_status_filters() {
    let symbol = symbol();
    let ids = place(venue(), &symbol, 3).await;
    venue().delete(&format!("/orders/{}", ids[1])).await;
    let of = async |status: &str| listed_ids(&venue().get(&format!("/orders?status={status}&stoks={symbol}")).await);
    assert_eq!(of("PENDING").await, [ids[0].clone(), ids[2].clone()]);
    assert_eq!(of("CANCELLED").await, [ids[1].clone()]);
    assert_eq!(of("EXECUTED").await, [""; 0]);
}

#[tokio::test]
async fn an_executed_order_is_listed_as_executed() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let order = venue.place("A", 1).await;
    assert_eq!(listed_ids(&venue.get("/orders?status=EXECUTED").await), [id(&order)]);
    assert_eq!(venue.get("/orders?status=PENDING").await.body, "{}");
}

#[everywhere]
async fn a_symbol_filters_exactly_and_may_be_encoded() {
    let symbol = symbol();
    let slashed = format!("{symbol}/a-b_c");
    let ids = place(venue(), &slashed, 1).await;
    place(venue(), &slashed.to_lowercase(), 1).await;
    place(venue(), &format!("{slashed}d"), 1).await;
    let encoded: String = slashed.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for stoks in [&slashed, &encoded, &slashed.replace('/', "%2F")] {
        assert_eq!(listed_ids(&venue().get(&format!("/orders?stoks={stoks}")).await), ids, "{stoks}");
    }
}

#[everywhere]
async fn a_symbol_or_name_that_no_order_can_have_is_422() {
    let (long, longer) = ("A".repeat(33), "A".repeat(256));
    for stoks in ["", "%2A", "A+A", "A%00", "%FF", "%C2%B1", "%C3%A9", "%", "%ZZ", &long, &longer] {
        let reply = venue().get(&format!("/orders?stoks={stoks}")).await;
        assert_eq!(flaw_places(&reply), ["query.stoks"], "{stoks}");
    }
    for name in ["", "+", "a+b", "a%00", "%C3%A9", &longer] {
        for field in ["client_order_id", "idempotency_key"] {
            let reply = venue().get(&format!("/orders?{field}={name}")).await;
            assert_eq!(flaw_places(&reply), [format!("query.{field}")], "{name}");
        }
    }
}

/// One rule for what a symbol is: in a body, of a list, of a subscription.
#[everywhere]
async fn a_symbol_is_refused_in_the_same_words_everywhere() {
    for symbol in ["", "A B", "é", &"A".repeat(33)] {
        let encoded: String = symbol.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let posted = venue().post("/orders", &format!(r#"{{"stoks": "{symbol}", "quantity": 1}}"#)).await;
        let listed = venue().get(&format!("/orders?stoks={encoded}")).await;
        let heard = ask(venue(), &handshake(&format!("?stoks={encoded}"))).await;
        let [said, of_list, of_ws] = [posted, listed, heard].map(|reply| {
            let flaw = flaws(&reply).remove(0);
            (flaw.kind, flaw.msg, flaw.input.get().to_owned())
        });
        assert_eq!((&of_list, &of_ws), (&said, &said), "{symbol}");
    }
}

#[everywhere]
async fn other_query_parameters_are_ignored() {
    let symbol = symbol();
    let ids = place(venue(), &symbol, 1).await;
    for query in ["symbol=NONE", "foo=bar", "LIMIT=0", "Status=x", "", "&&", "=", "foo", "limit%20=0", "offset=5"] {
        let reply = venue().get(&format!("/orders?{query}&stoks={symbol}")).await;
        assert_eq!(listed_ids(&reply), ids, "{query}");
    }
}

#[everywhere]
async fn a_limit_below_1_or_not_a_number_is_422() {
    let limits = [
        "0",
        "-1",
        "00",
        "-0",
        "-99999999999999999999",
        "",
        "abc",
        "1.5",
        "1.0",
        "1e2",
        "0x10",
        "1,000",
        "%31%20",
        "%2010",
        "null",
        "NaN",
        "inf",
        "1%00",
        "%D9%A1",
        "%EF%BC%91",
    ];
    for limit in limits {
        let reply = venue().get(&format!("/orders?limit={limit}")).await;
        assert_eq!(flaw_places(&reply), ["query.limit"], "{limit}");
    }
}

#[everywhere]
async fn an_unknown_after_is_422() {
    let unknown = ["1d70aeaa-658c-4799-819f-79c436d2dd18", "", "abc", "0", "%00", &"a".repeat(5_000)];
    for after in unknown {
        let reply = venue().get(&format!("/orders?after={after}")).await;
        assert_eq!(flaw_places(&reply), ["query.after"], "{after}");
        // Also where the filter shows nothing.
        let reply = venue().get(&format!("/orders?stoks=LIST-NONE&after={after}")).await;
        assert_eq!(flaw_places(&reply), ["query.after"], "{after}");
        let reply = venue().get(&format!("/orders?client_order_id=list-none&after={after}")).await;
        assert_eq!(flaw_places(&reply), ["query.after"], "{after}");
    }
}

#[everywhere]
async fn an_unknown_status_is_422() {
    for status in ["DONE", "", "pending", "PENDING+", "PENDING,EXECUTED", "0", "null"] {
        let reply = venue().get(&format!("/orders?status={status}")).await;
        assert_eq!(flaw_places(&reply), ["query.status"], "{status}");
    }
}

#[everywhere]
async fn a_time_or_an_order_that_is_none_is_422() {
    for time in ["", "now", "0", "2026-11-22", "2026-11-22T08:00:00", "2026-02-30T08:00:00Z", "2026-11-22+08:00:00Z"] {
        for field in ["from", "until"] {
            let reply = venue().get(&format!("/orders?{field}={time}")).await;
            assert_eq!(flaw_places(&reply), [format!("query.{field}")], "{time}");
        }
    }
    for order in ["", "up", "ASC", "desc+", "newest"] {
        assert_eq!(flaw_places(&venue().get(&format!("/orders?order={order}")).await), ["query.order"], "{order}");
    }
    let all = venue().get("/orders?from=x&until=y&order=z&idempotency_key=").await;
    assert_eq!(flaw_places(&all), ["query.from", "query.idempotency_key", "query.order", "query.until"]);
}

#[everywhere]
async fn every_flaw_of_a_query_is_told_with_what_was_sent() {
    let reply = venue().get("/orders?limit=x%22y&after=z&status=q&stoks=%2A&client_order_id=&foo=1").await;
    let places = ["query.after", "query.client_order_id", "query.limit", "query.status", "query.stoks"];
    assert_eq!(flaw_places(&reply), places);
    let limit = flaws(&reply).into_iter().find(|flaw| flaw.place() == "query.limit").expect("a flaw");
    assert_eq!(limit.input.get(), r#""x\"y""#);
}
