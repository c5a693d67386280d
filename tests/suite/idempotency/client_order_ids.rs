//! A client's own ids: a part of the order, and never two.

use super::*;

#[everywhere]
async fn a_clients_own_id_is_part_of_the_order_wherever_it_is_shown() {
    let name = symbol();
    let placed = place(venue(), None, &named(&name, 5, &name)).await.json();
    assert_eq!(placed["client_order_id"], json!(name));
    assert_eq!(placed.get("idempotency_key"), None);
    let shown = venue().get(&path(&placed)).await.json();
    assert_eq!(shown["client_order_id"], json!(name));
    let list = venue().get(&format!("/orders?stoks={name}")).await.json();
    assert_eq!(list[id(&placed)]["client_order_id"], json!(name));
}

#[everywhere]
async fn an_order_is_found_by_its_clients_id() {
    // Characters that a query must escape.
    let name = format!("{}&=+%/?#", symbol());
    let escaped = name.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23");
    let placed = place(venue(), None, &named("FIND", 5, &name)).await.json();
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

#[everywhere]
async fn the_same_order_again_is_answered_as_the_first_time_and_another_is_refused() {
    let (here, name) = (venue(), symbol());
    let first = place(here, None, &named(&name, 5, &name)).await;
    assert_again(&first, &place(here, None, &named(&name, 5, &name)).await);
    for other in [named(&name, 6, &name), named(&format!("{name}x"), 5, &name)] {
        assert_taken(&place(here, None, &other).await, "body.client_order_id");
    }
    assert_eq!(listed(&venue().get(&format!("/orders?stoks={name}")).await).len(), 1);
}

#[everywhere]
async fn a_key_and_a_clients_id_are_two_kinds_of_names() {
    let (here, name) = (venue(), symbol());
    let keyed = place(here, Some(&name), &body(&name, 5)).await.json();
    let named_alone = place(here, None, &named(&name, 6, &name)).await;
    assert_eq!((named_alone.status, is_replayed(&named_alone)), (200, false), "{named_alone:?}");
    assert_ne!(named_alone.json()["id"], keyed["id"]);
    assert_eq!(listed_ids(&venue().get(&format!("/orders?client_order_id={name}")).await), [id(&named_alone.json())]);
}

#[everywhere]
async fn an_order_with_both_names_is_known_by_each_and_names_of_two_orders_do_not_mix() {
    let (here, name, other) = (venue(), symbol(), symbol());
    let both = place(here, Some(&name), &named(&name, 5, &name)).await;
    assert_again(&both, &place(here, Some(&name), &named(&name, 5, &name)).await);
    // A client that forgot its key, and one that took a new one.
    assert_again(&both, &place(here, None, &named(&name, 5, &name)).await);
    assert_again(&both, &place(here, Some(&symbol()), &named(&name, 5, &name)).await);
    place(here, Some(&other), &named(&other, 5, &other)).await;
    let mixed = place(here, Some(&name), &named(&other, 5, &other)).await;
    assert_taken(&mixed, "header.idempotency-key");
    assert_taken(&place(here, Some(&name), &body(&name, 5)).await, "header.idempotency-key");
}

#[everywhere]
async fn a_clients_id_is_1_to_255_visible_ascii_characters_and_null_counts_as_not_given() {
    let (here, longest) = (venue(), format!("{:c<255}", symbol()));
    assert_eq!(place(here, None, &named("NAME", 1, &longest)).await.json()["client_order_id"], json!(longest));
    let none = place(here, None, r#"{"stoks": "NAME", "quantity": 1, "client_order_id": null}"#).await;
    assert_eq!((none.status, none.json().get("client_order_id")), (200, None), "{none:?}");
    let refused = [json!(""), json!(" "), json!("a b"), json!("ä"), json!("\u{7f}"), json!("a\n"), json!(7)];
    let more = [json!(true), json!([]), json!({}), json!(format!("{longest}c"))];
    for value in refused.iter().chain(&more) {
        let body = json!({"stoks": "NAME", "quantity": 1, "client_order_id": value}).to_string();
        let reply = place(here, None, &body).await;
        assert_eq!(flaw_places(&reply), ["body.client_order_id"], "{value}");
        let spelled = value.to_string();
        let told = if spelled.len() > 200 { Value::from(&spelled[..200]) } else { value.clone() };
        assert_eq!(reply.json()["detail"][0]["input"], told);
    }
    let twice = r#"{"stoks": "NAME", "quantity": 1, "client_order_id": null, "client_order_id": null}"#;
    assert_eq!(flaw_places(&place(here, None, twice).await), ["body.client_order_id"]);
}
