//! Idempotency keys: the same reply again.

use super::*;

#[everywhere]
async fn the_same_key_and_body_give_the_first_reply_again_and_no_second_order() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &body(&key, 5)).await;
    for _ in 0..3 {
        assert_again(&first, &place(here, Some(&key), &body(&key, 5)).await);
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

#[everywhere]
async fn a_body_is_the_same_however_it_is_spelled() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &format!(r#"{{"stoks":"{key}","quantity":7}}"#)).await;
    for body in [
        format!(r#"{{ "quantity" : 7.0 , "stoks" : "{key}" }}"#),
        format!(r#"{{"symbol": "{key}", "quantity": "7", "id": "x", "more": [1]}}"#),
        format!(r#"{{"stoks": "{key}", "quantity": 70e-1, "client_order_id": null}}"#),
    ] {
        assert_again(&first, &place(here, Some(&key), &body).await);
    }
}

#[everywhere]
async fn the_first_reply_is_given_again_also_when_the_order_is_closed() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &body(&key, 5)).await;
    let order = first.json();
    assert_eq!(venue().delete(&path(&order)).await.status, 204);
    assert_again(&first, &place(here, Some(&key), &body(&key, 5)).await);
    assert_eq!(venue().get(&path(&order)).await.json()["status"], "CANCELLED");
}

#[everywhere]
async fn the_same_key_with_another_body_is_refused_and_places_nothing() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &body(&key, 5)).await;
    let others = [body(&key, 6), body(&format!("{key}x"), 5), named(&key, 5, &key)];
    for other in &others {
        assert_taken(&place(here, Some(&key), other).await, "header.idempotency-key");
    }
    assert_again(&first, &place(here, Some(&key), &body(&key, 5)).await);
    assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 1);
    assert_eq!(venue().get(&format!("/orders?stoks={key}x")).await.body, "{}");
    assert_eq!(venue().get(&format!("/orders?client_order_id={key}")).await.body, "{}");
}

#[everywhere]
async fn a_request_that_was_refused_leaves_its_key_free() {
    let (here, key) = (venue(), symbol());
    for refused in ["{}", "no JSON", r#"{"stoks": "A", "quantity": 0}"#] {
        assert_eq!(place(here, Some(&key), refused).await.status, 422);
    }
    let first = place(here, Some(&key), &body(&key, 5)).await;
    assert_again(&first, &place(here, Some(&key), &body(&key, 5)).await);
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

#[everywhere]
async fn fifty_equal_requests_at_once_place_one_order() {
    for with_key in [true, false] {
        let (here, key) = (venue(), symbol());
        let body = if with_key { body(&key, 5) } else { named(&key, 5, &key) };
        let replies = join_all((0..50).map(|_| place(here, with_key.then_some(&key), &body))).await;
        let first: Vec<&Reply> = replies.iter().filter(|reply| !is_replayed(reply)).collect();
        assert_eq!(first.len(), 1, "{replies:?}");
        assert!(replies.iter().all(|reply| reply.status == 200 && reply.body == first[0].body), "{replies:?}");
        assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 1);
    }
}

#[everywhere]
async fn of_fifty_different_requests_under_one_key_one_places_an_order() {
    let (here, key) = (venue(), symbol());
    let replies = join_all((1..=50).map(|n| {
        let (key, body) = (key.clone(), body(&key, n));
        async move { place(here, Some(&key), &body).await }
    }))
    .await;
    let (placed, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    assert_eq!((placed.len(), refused.len()), (1, 49));
    refused.iter().for_each(|reply| assert_taken(reply, "header.idempotency-key"));
    assert_eq!(listed_ids(&venue().get(&format!("/orders?stoks={key}")).await), [id(&placed[0].json())]);
}

#[everywhere]
async fn a_repeat_with_another_delay_is_the_same_request() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &body(&key, 5)).await;
    let long = Request::new("POST", "/orders").header("long-pending", "1").header("idempotency-key", &key);
    assert_again(&first, &long.body(body(&key, 5)).send(here).await);
}

#[everywhere]
async fn a_key_means_nothing_to_other_methods() {
    let (here, key) = (venue(), symbol());
    let placed = place(here, Some(&key), &body(&key, 5)).await.json();
    for (method, status) in [("GET", 200), ("DELETE", 204), ("DELETE", 204)] {
        let reply = Request::new(method, &path(&placed)).header("Idempotency-Key", &key).send(here).await;
        assert_eq!((reply.status, is_replayed(&reply)), (status, false), "{reply:?}");
    }
}

#[everywhere]
async fn a_key_that_is_none_is_refused_with_every_other_flaw() {
    let longest = format!("{:k<255}", symbol());
    assert_eq!(place(venue(), Some(&longest), &body("KEY", 5)).await.json()["idempotency_key"], json!(longest));
    let too_long = format!("{longest}k");
    for key in ["", " ", "a b", "a\tb", "ä", &too_long] {
        let reply = place(venue(), Some(key), &body("KEY", 5)).await;
        assert_eq!(flaw_places(&reply), ["header.idempotency-key"], "{key:?}");
        let reply = place(venue(), Some(key), r#"{"stoks": "", "client_order_id": 7}"#).await;
        let places = ["body.client_order_id", "body.quantity", "body.stoks", "header.idempotency-key"];
        assert_eq!(flaw_places(&reply), places, "{key:?}");
    }
    let twice = Request::new("POST", "/orders").header("Idempotency-Key", "a").header("idempotency-key", "a");
    let twice = twice.body(body("KEY", 5)).send(venue()).await;
    assert_eq!(flaw_places(&twice), ["header.idempotency-key"]);
}

#[everywhere]
async fn every_visible_ascii_character_makes_a_name_and_spaces_around_a_header_do_not_count() {
    let visible: String = ('!'..='~').collect();
    let key = format!("{visible}{}", symbol());
    let body = json!({"stoks": "KEY", "quantity": 5, "client_order_id": key}).to_string();
    let first = place(venue(), Some(&key), &body).await;
    assert_eq!((&first.json()["idempotency_key"], &first.json()["client_order_id"]), (&json!(key), &json!(key)));
    assert_again(&first, &place(venue(), Some(&format!("  {key}\t ")), &body).await);
}

#[everywhere]
async fn a_key_in_quotes_is_the_same_key() {
    let (here, key) = (venue(), symbol());
    let first = place(here, Some(&key), &body(&key, 5)).await;
    assert_eq!(first.json()["idempotency_key"], json!(key));
    for again in [format!("\"{key}\""), format!(" \"{key}\" "), format!("\"{key}\";v=1")] {
        assert_again(&first, &place(here, Some(&again), &body(&key, 5)).await);
        assert_taken(&place(here, Some(&again), &body(&key, 6)).await, "header.idempotency-key");
    }
    // The other way round, with a quote and a backslash in it.
    let first = place(here, Some(&format!(r#""{key}\"\\""#)), &body(&key, 7)).await;
    assert_eq!(first.json()["idempotency_key"], json!(format!(r#"{key}"\"#)));
    assert_again(&first, &place(here, Some(&format!(r#"{key}"\"#)), &body(&key, 7)).await);
    for broken in [format!("\"{key}"), format!("\"{key}\"x"), format!("\"{key}\", \"b\""), format!(r#""{key}\""#)] {
        let reply = place(here, Some(&broken), &body(&key, 5)).await;
        assert_eq!(flaw_places(&reply), ["header.idempotency-key"], "{broken}");
    }
    assert_eq!(listed(&venue().get(&format!("/orders?stoks={key}")).await).len(), 2);
}

#[everywhere]
async fn what_a_client_writes_that_has_no_key_is_none() {
    let symbol = symbol();
    for nothing in ["null", "Null", "undefined", "None", "nil", "<nil>", "\"null\"", "\"None\""] {
        let reply = place(venue(), Some(nothing), &body(&symbol, 5)).await;
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
