//! Repeating a request: under one name there is one order, and the first reply is given again.

use std::net::SocketAddr;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::rest::{assert_overloaded, flaw_places, id, listed, listed_ids, path, symbol};
use crate::support::{Recorder, Reply, Request, own_venue, venue};

/// Places an order with these names.
async fn place(addr: SocketAddr, key: Option<&str>, body: &str) -> Reply {
    let request = Request::new("POST", "/orders").body(body);
    let request = match key {
        Some(key) => request.header("Idempotency-Key", key),
        None => request,
    };
    request.send(addr).await
}

fn body(stoks: &str, quantity: u64) -> String {
    json!({"stoks": stoks, "quantity": quantity}).to_string()
}

fn named(stoks: &str, quantity: u64, client_order_id: &str) -> String {
    json!({"stoks": stoks, "quantity": quantity, "client_order_id": client_order_id}).to_string()
}

fn is_replayed(reply: &Reply) -> bool {
    match reply.header("idempotent-replayed") {
        None => false,
        value => value == Some("true") || panic!("{reply:?}"),
    }
}

/// A first reply, and the same one again.
#[track_caller]
fn assert_again(first: &Reply, again: &Reply) {
    assert_eq!((first.status, is_replayed(first)), (200, false), "{first:?}");
    assert_eq!((again.status, is_replayed(again)), (200, true), "{again:?}");
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("content-type"), first.header("content-type"));
}

/// The one flaw of a refused name.
#[track_caller]
fn assert_taken(reply: &Reply, place: &str) {
    assert_eq!(flaw_places(reply), [place], "{reply:?}");
    assert!(!is_replayed(reply));
}

mod keys {
    use super::*;

    #[tokio::test]
    async fn the_same_key_and_body_give_the_first_reply_again_and_no_second_order() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        for _ in 0..3 {
            assert_again(&first, &place(addr, Some(&key), &body(&key, 5)).await);
        }
        assert_eq!(first.json()["idempotency_key"], json!(key));
        assert_eq!(first.json().get("client_order_id"), None);
        assert_eq!(listed_ids(&venue().get(&format!("/orders?stoks={key}")).await), [id(&first.json())]);
    }

    #[tokio::test]
    async fn a_repeat_is_announced_to_nobody_and_takes_no_number() {
        let venue = own_venue(|config| config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 });
        let mut live = Recorder::subscribe(venue.addr, "?format=json").await;
        for _ in 0..3 {
            place(venue.addr, Some("k"), &body("A", 5)).await;
            place(venue.addr, None, &named("B", 5, "c")).await;
        }
        let last = venue.place("C", 1).await;
        assert_eq!(last["seq"], 3);
        for stoks in ["A", "B", "C"] {
            assert!(live.text().await.contains(&format!(r#""stoks":"{stoks}""#)));
        }
    }

    #[tokio::test]
    async fn a_body_is_the_same_however_it_is_spelled() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &format!(r#"{{"stoks":"{key}","quantity":7}}"#)).await;
        for body in [
            format!(r#"{{ "quantity" : 7.0 , "stoks" : "{key}" }}"#),
            format!(r#"{{"symbol": "{key}", "quantity": "7", "id": "x", "more": [1]}}"#),
            format!(r#"{{"stoks": "{key}", "quantity": 70e-1, "client_order_id": null}}"#),
        ] {
            assert_again(&first, &place(addr, Some(&key), &body).await);
        }
    }

    #[tokio::test]
    async fn the_first_reply_is_given_again_also_when_the_order_is_closed() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        let order = first.json();
        assert_eq!(venue().delete(&path(&order)).await.status, 204);
        assert_again(&first, &place(addr, Some(&key), &body(&key, 5)).await);
        assert_eq!(venue().get(&path(&order)).await.json()["status"], "CANCELLED");
    }

    #[tokio::test]
    async fn the_same_key_with_another_body_is_refused_and_places_nothing() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        let others = [body(&key, 6), body(&format!("{key}x"), 5), named(&key, 5, &key)];
        for other in &others {
            assert_taken(&place(addr, Some(&key), other).await, "header.idempotency-key");
        }
        assert_again(&first, &place(addr, Some(&key), &body(&key, 5)).await);
        assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 1);
        assert_eq!(venue().get(&format!("/orders?stoks={key}x")).await.body, "{}");
        assert_eq!(venue().get(&format!("/orders?client_order_id={key}")).await.body, "{}");
    }

    #[tokio::test]
    async fn a_request_that_was_refused_leaves_its_key_free() {
        let (addr, key) = (venue().addr, symbol());
        for refused in ["{}", "no JSON", r#"{"stoks": "A", "quantity": 0}"#] {
            assert_eq!(place(addr, Some(&key), refused).await.status, 422);
        }
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        assert_again(&first, &place(addr, Some(&key), &body(&key, 5)).await);
    }

    #[tokio::test]
    async fn a_request_that_found_no_room_leaves_its_key_free_and_a_repeat_needs_none() {
        let venue = own_venue(|config| config.venue.max_orders = 1.try_into().expect("not zero"));
        let only = Request::new("POST", "/orders").header("long-pending", "1").header("Idempotency-Key", "first");
        let only = only.body(body("A", 1)).send(venue.addr).await;
        assert_overloaded(&place(venue.addr, Some("second"), &body("A", 1)).await);
        assert_again(&only, &place(venue.addr, Some("first"), &body("A", 1)).await);
        assert_eq!(venue.delete(&path(&only.json())).await.status, 204);
        let second = place(venue.addr, Some("second"), &body("A", 1)).await;
        assert_eq!((second.status, is_replayed(&second)), (200, false), "{second:?}");
    }

    #[tokio::test]
    async fn fifty_equal_requests_at_once_place_one_order() {
        for with_key in [true, false] {
            let (addr, key) = (venue().addr, symbol());
            let body = if with_key { body(&key, 5) } else { named(&key, 5, &key) };
            let replies = join_all((0..50).map(|_| place(addr, with_key.then_some(&key), &body))).await;
            let first: Vec<&Reply> = replies.iter().filter(|reply| !is_replayed(reply)).collect();
            assert_eq!(first.len(), 1, "{replies:?}");
            assert!(replies.iter().all(|reply| reply.status == 200 && reply.body == first[0].body), "{replies:?}");
            assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 1);
        }
    }

    #[tokio::test]
    async fn of_fifty_different_requests_under_one_key_one_places_an_order() {
        let (addr, key) = (venue().addr, symbol());
        let replies = join_all((1..=50).map(|n| {
            let (key, body) = (key.clone(), body(&key, n));
            async move { place(addr, Some(&key), &body).await }
        }))
        .await;
        let (placed, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!((placed.len(), refused.len()), (1, 49));
        refused.iter().for_each(|reply| assert_taken(reply, "header.idempotency-key"));
        assert_eq!(listed_ids(&venue().get(&format!("/orders?stoks={key}")).await), [id(&placed[0].json())]);
    }

    #[tokio::test]
    async fn a_repeat_with_another_delay_is_the_same_request() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        let long = Request::new("POST", "/orders").header("long-pending", "1").header("idempotency-key", &key);
        assert_again(&first, &long.body(body(&key, 5)).send(addr).await);
    }

    #[tokio::test]
    async fn a_key_means_nothing_to_other_methods() {
        let (addr, key) = (venue().addr, symbol());
        let placed = place(addr, Some(&key), &body(&key, 5)).await.json();
        for (method, status) in [("GET", 200), ("DELETE", 204), ("DELETE", 204)] {
            let reply = Request::new(method, &path(&placed)).header("Idempotency-Key", &key).send(addr).await;
            assert_eq!((reply.status, is_replayed(&reply)), (status, false), "{reply:?}");
        }
    }

    #[tokio::test]
    async fn a_key_that_is_none_is_refused_with_every_other_flaw() {
        let longest = format!("{:k<255}", symbol());
        assert_eq!(
            place(venue().addr, Some(&longest), &body("KEY", 5)).await.json()["idempotency_key"],
            json!(longest)
        );
        let too_long = format!("{longest}k");
        for key in ["", " ", "a b", "a\tb", "ä", &too_long] {
            let reply = place(venue().addr, Some(key), &body("KEY", 5)).await;
            assert_eq!(flaw_places(&reply), ["header.idempotency-key"], "{key:?}");
            let reply = place(venue().addr, Some(key), r#"{"stoks": "", "client_order_id": 7}"#).await;
            let places = ["body.client_order_id", "body.quantity", "body.stoks", "header.idempotency-key"];
            assert_eq!(flaw_places(&reply), places, "{key:?}");
        }
        let twice = Request::new("POST", "/orders").header("Idempotency-Key", "a").header("idempotency-key", "a");
        let twice = twice.body(body("KEY", 5)).send(venue().addr).await;
        assert_eq!(flaw_places(&twice), ["header.idempotency-key"]);
    }

    #[tokio::test]
    async fn every_visible_ascii_character_makes_a_name_and_spaces_around_a_header_do_not_count() {
        let visible: String = ('!'..='~').collect();
        let key = format!("{visible}{}", symbol());
        let body = json!({"stoks": "KEY", "quantity": 5, "client_order_id": key}).to_string();
        let first = place(venue().addr, Some(&key), &body).await;
        assert_eq!((&first.json()["idempotency_key"], &first.json()["client_order_id"]), (&json!(key), &json!(key)));
        assert_again(&first, &place(venue().addr, Some(&format!("  {key}\t ")), &body).await);
    }

    #[tokio::test]
    async fn a_key_in_quotes_is_the_same_key() {
        let (addr, key) = (venue().addr, symbol());
        let first = place(addr, Some(&key), &body(&key, 5)).await;
        assert_eq!(first.json()["idempotency_key"], json!(key));
        for again in [format!("\"{key}\""), format!(" \"{key}\" "), format!("\"{key}\";v=1")] {
            assert_again(&first, &place(addr, Some(&again), &body(&key, 5)).await);
            assert_taken(&place(addr, Some(&again), &body(&key, 6)).await, "header.idempotency-key");
        }
        // The other way round, with a quote and a backslash in it.
        let first = place(addr, Some(&format!(r#""{key}\"\\""#)), &body(&key, 7)).await;
        assert_eq!(first.json()["idempotency_key"], json!(format!(r#"{key}"\"#)));
        assert_again(&first, &place(addr, Some(&format!(r#"{key}"\"#)), &body(&key, 7)).await);
        for broken in [format!("\"{key}"), format!("\"{key}\"x"), format!("\"{key}\", \"b\""), format!(r#""{key}\""#)] {
            let reply = place(addr, Some(&broken), &body(&key, 5)).await;
            assert_eq!(flaw_places(&reply), ["header.idempotency-key"], "{broken}");
        }
        assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 2);
    }

    #[tokio::test]
    async fn what_a_client_writes_that_has_no_key_is_none() {
        let symbol = symbol();
        for nothing in ["null", "Null", "undefined", "None", "nil", "<nil>", "\"null\"", "\"None\""] {
            let reply = place(venue().addr, Some(nothing), &body(&symbol, 5)).await;
            assert_eq!(flaw_places(&reply), ["header.idempotency-key"], "{nothing}");
        }
        assert_eq!(venue().get(&format!("/orders?stoks={symbol}")).await.body, "{}");
    }

    #[tokio::test]
    async fn without_a_folder_the_keys_of_the_orders_in_memory_count() {
        let venue = own_venue(|config| {
            config.venue.delay = DelayModel::None;
            config.venue.max_orders = 2.try_into().expect("not zero");
        });
        let first = place(venue.addr, Some("k"), &body("A", 5)).await;
        let named_first = place(venue.addr, None, &named("A", 5, "c")).await;
        assert_again(&first, &place(venue.addr, Some("k"), &body("A", 5)).await);
        for _ in 0..2 {
            venue.place("B", 1).await;
        }
        for (key, body, first) in [(Some("k"), body("C", 6), &first), (None, named("C", 6, "c"), &named_first)] {
            let second = place(venue.addr, key, &body).await;
            assert_eq!((second.status, is_replayed(&second)), (200, false), "{second:?}");
            assert_ne!(second.json()["id"], first.json()["id"]);
        }
    }
}

mod client_order_ids {
    use super::*;

    #[tokio::test]
    async fn a_clients_own_id_is_part_of_the_order_wherever_it_is_shown() {
        let name = symbol();
        let placed = place(venue().addr, None, &named(&name, 5, &name)).await.json();
        assert_eq!(placed["client_order_id"], json!(name));
        assert_eq!(placed.get("idempotency_key"), None);
        let shown = venue().get(&path(&placed)).await.json();
        assert_eq!(shown["client_order_id"], json!(name));
        let list = venue().get(&format!("/orders?stoks={name}")).await.json();
        assert_eq!(list[id(&placed)]["client_order_id"], json!(name));
    }

    #[tokio::test]
    async fn an_order_is_found_by_its_clients_id() {
        // Characters that a query must escape.
        let name = format!("{}&=+%/?#", symbol());
        let escaped = name.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23");
        let placed = place(venue().addr, None, &named("FIND", 5, &name)).await.json();
        let find = async |more: &str| venue().get(&format!("/orders?client_order_id={escaped}{more}")).await;
        for more in ["", "&stoks=FIND", "&limit=1"] {
            let found = find(more).await;
            assert_eq!((listed_ids(&found), found.header("link")), (vec![id(&placed).to_owned()], None), "{more}");
        }
        for more in ["&stoks=OTHER", "&status=CANCELLED"] {
            assert_eq!(find(more).await.body, "{}", "{more}");
        }
        assert_eq!(venue().delete(&path(&placed)).await.status, 204);
        assert_eq!(find("&status=CANCELLED").await.json()[id(&placed)]["status"], "CANCELLED");
        assert_eq!(flaw_places(&find("&limit=0&status=x").await), ["query.limit", "query.status"]);
        assert_eq!(venue().get(&format!("/orders?client_order_id={}", symbol())).await.body, "{}");
    }

    #[tokio::test]
    async fn the_same_order_again_is_answered_as_the_first_time_and_another_is_refused() {
        let (addr, name) = (venue().addr, symbol());
        let first = place(addr, None, &named(&name, 5, &name)).await;
        assert_again(&first, &place(addr, None, &named(&name, 5, &name)).await);
        for other in [named(&name, 6, &name), named(&format!("{name}x"), 5, &name)] {
            assert_taken(&place(addr, None, &other).await, "body.client_order_id");
        }
        assert_eq!(listed(&venue().get(&format!("/orders?stoks={name}")).await).len(), 1);
    }

    #[tokio::test]
    async fn a_key_and_a_clients_id_are_two_kinds_of_names() {
        let (addr, name) = (venue().addr, symbol());
        let keyed = place(addr, Some(&name), &body(&name, 5)).await.json();
        let named_alone = place(addr, None, &named(&name, 6, &name)).await;
        assert_eq!((named_alone.status, is_replayed(&named_alone)), (200, false), "{named_alone:?}");
        assert_ne!(named_alone.json()["id"], keyed["id"]);
        assert_eq!(
            listed_ids(&venue().get(&format!("/orders?client_order_id={name}")).await),
            [id(&named_alone.json())]
        );
    }

    #[tokio::test]
    async fn an_order_with_both_names_is_known_by_each_and_names_of_two_orders_do_not_mix() {
        let (addr, name, other) = (venue().addr, symbol(), symbol());
        let both = place(addr, Some(&name), &named(&name, 5, &name)).await;
        assert_again(&both, &place(addr, Some(&name), &named(&name, 5, &name)).await);
        // A client that forgot its key, and one that took a new one.
        assert_again(&both, &place(addr, None, &named(&name, 5, &name)).await);
        assert_again(&both, &place(addr, Some(&symbol()), &named(&name, 5, &name)).await);
        place(addr, Some(&other), &named(&other, 5, &other)).await;
        let mixed = place(addr, Some(&name), &named(&other, 5, &other)).await;
        assert_taken(&mixed, "header.idempotency-key");
        assert_taken(&place(addr, Some(&name), &body(&name, 5)).await, "header.idempotency-key");
    }

    #[tokio::test]
    async fn a_clients_id_is_1_to_255_visible_ascii_characters_and_null_counts_as_not_given() {
        let (addr, longest) = (venue().addr, format!("{:c<255}", symbol()));
        assert_eq!(place(addr, None, &named("NAME", 1, &longest)).await.json()["client_order_id"], json!(longest));
        let none = place(addr, None, r#"{"stoks": "NAME", "quantity": 1, "client_order_id": null}"#).await;
        assert_eq!((none.status, none.json().get("client_order_id")), (200, None), "{none:?}");
        let refused = [json!(""), json!(" "), json!("a b"), json!("ä"), json!("\u{7f}"), json!("a\n"), json!(7)];
        let more = [json!(true), json!([]), json!({}), json!(format!("{longest}c"))];
        for value in refused.iter().chain(&more) {
            let body = json!({"stoks": "NAME", "quantity": 1, "client_order_id": value}).to_string();
            let reply = place(addr, None, &body).await;
            assert_eq!(flaw_places(&reply), ["body.client_order_id"], "{value}");
            let spelled = value.to_string();
            let told = if spelled.len() > 200 { Value::from(&spelled[..200]) } else { value.clone() };
            assert_eq!(reply.json()["detail"][0]["input"], told);
        }
        let twice = r#"{"stoks": "NAME", "quantity": 1, "client_order_id": null, "client_order_id": null}"#;
        assert_eq!(flaw_places(&place(addr, None, twice).await), ["body.client_order_id"]);
    }
}

mod stored {
    use super::*;

    #[tokio::test]
    async fn names_hold_over_a_restart_for_open_and_closed_orders() {
        let folder = DataFolder::new();
        let start = || folder.venue(|config| config.venue.delay = DelayModel::None);
        let venue = start();
        let open = Request::new("POST", "/orders").header("long-pending", "1").header("Idempotency-Key", "open");
        let open = open.body(named("A", 1, "open")).send(venue.addr).await;
        let closed = place(venue.addr, Some("closed"), &named("A", 1, "closed")).await;
        let keyed = place(venue.addr, Some("keyed"), &body("A", 1)).await;
        drop(venue);
        let venue = start();
        assert_again(&open, &place(venue.addr, Some("open"), &named("A", 1, "open")).await);
        assert_again(&closed, &place(venue.addr, Some("closed"), &named("A", 1, "closed")).await);
        assert_again(&closed, &place(venue.addr, None, &named("A", 1, "closed")).await);
        assert_again(&keyed, &place(venue.addr, Some("keyed"), &body("A", 1)).await);
        assert_taken(&place(venue.addr, Some("keyed"), &body("A", 2)).await, "header.idempotency-key");
        assert_taken(&place(venue.addr, Some("new"), &named("A", 2, "open")).await, "body.client_order_id");
        assert_taken(&place(venue.addr, None, &named("A", 2, "closed")).await, "body.client_order_id");
        for (name, first) in [("open", &open), ("closed", &closed)] {
            let found = venue.get(&format!("/orders?client_order_id={name}")).await;
            assert_eq!(listed_ids(&found), [id(&first.json())]);
        }
        let orders: Vec<Value> = listed(&venue.get("/orders").await).into_iter().map(|(_, order)| order).collect();
        assert_eq!(orders.len(), 3);
        assert_eq!(
            (&orders[1]["client_order_id"], &orders[1]["idempotency_key"]),
            (&json!("closed"), &json!("closed"))
        );
    }

    #[tokio::test]
    async fn fifty_equal_requests_at_once_place_one_order_also_when_the_first_was_stored_before() {
        let folder = DataFolder::new();
        let start = || folder.venue(|config| config.venue.delay = DelayModel::None);
        let venue = start();
        let replies = join_all((0..50).map(|_| place(venue.addr, Some("k"), r#"{"stoks": "A", "quantity": 1}"#))).await;
        assert_eq!(replies.iter().filter(|reply| !is_replayed(reply)).count(), 1, "{replies:?}");
        drop(venue);
        let venue = start();
        let again = join_all((0..50).map(|_| place(venue.addr, Some("k"), r#"{"stoks": "A", "quantity": 1}"#))).await;
        assert!(again.iter().all(|reply| is_replayed(reply) && reply.body == replies[0].body), "{again:?}");
        assert_eq!(listed(&venue.get("/orders").await).len(), 1);
    }

    #[tokio::test]
    async fn a_key_is_known_all_the_way_from_memory_into_the_store() {
        let folder = DataFolder::new();
        let venue = folder.venue(|config| {
            config.venue.delay = DelayModel::None;
            config.venue.max_orders = 5.try_into().expect("not zero");
        });
        // Orders leave memory as others come; a repeat at any time finds its order here or there.
        let mut first = Vec::new();
        for number in 0..60 {
            let (key, body) = (format!("k{number}"), body("A", 1 + number));
            first.push((key.clone(), body.clone(), place(venue.addr, Some(&key), &body).await));
            for back in [0, 3, 5, 8, 30] {
                if let Some((key, body, reply)) = first.iter().rev().nth(back) {
                    assert_again(reply, &place(venue.addr, Some(key), body).await);
                }
            }
        }
        assert_eq!(listed(&venue.get("/orders").await).len(), 60);
        folder.check().await;
    }
}
