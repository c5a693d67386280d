//! `GET /orders` beside a naive twin: random orders, filters, directions and pages, in memory and with a data folder
//! (contract, "Routes").

use serde_json::{Value, json};
use tradepit::config::Config;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::rest::{Kept, id, listed_ids, next_page};
use crate::support::{Dice, Reply, Request, Venue, own_venue};

const SYMBOLS: [&str; 3] = ["EURUSD", "GOLD", "OIL"];
const ORDERS: usize = 400;

/// Orders that stay as they are: what ends is cancelled. The same seed gives the same ids.
fn still(config: &mut Config) {
    config.venue.delay = DelayModel::Fixed { us: 3_600_000_000 };
    config.venue.seed = Some(7);
}

/// Places random orders and cancels some; each as it is shown, in order of creation.
async fn trade(venue: &Venue, dice: &mut Dice) -> Vec<(Value, String)> {
    let mut ids = Vec::new();
    for number in 0..ORDERS {
        let mut body = json!({"stoks": dice.of(&SYMBOLS), "quantity": 1 + number});
        if number % 5 == 0 {
            body["client_order_id"] = json!(format!("c{number}"));
        }
        let mut request = Request::new("POST", "/orders").body(body.to_string());
        if number % 3 == 0 {
            request = request.header("Idempotency-Key", &format!("k{number}"));
        }
        let reply = request.send(venue.addr).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        ids.push(id(&reply.json()).to_owned());
        if dice.below(4) == 0 {
            assert_eq!(venue.delete(&format!("/orders/{}", dice.of(&ids))).await.status, 204);
        }
    }
    let mut line = Kept::open(venue.addr).await;
    let mut orders = Vec::new();
    for id in ids {
        let reply = line.ask("GET", &format!("/orders/{id}"), "").await;
        // A list has no fills.
        let body = reply.body.split_once(r#","fills":["#).map_or(reply.body.clone(), |(rest, _)| format!("{rest}}}"));
        orders.push((reply.json(), body));
    }
    orders
}

/// What a list asks for.
#[derive(Clone, Debug, Default)]
struct Asked {
    parameters: Vec<(&'static str, String)>,
}

impl Asked {
    /// Something random: times are those of orders, as they are written, by their places.
    fn draw(orders: &[(Value, String)], dice: &mut Dice) -> Asked {
        let mut parameters = Vec::new();
        let text = |field: &str, dice: &mut Dice| dice.of(orders).0[field].as_str().unwrap_or("none").to_owned();
        for (name, field, one_in) in [
            ("status", "status", 3),
            ("stoks", "stoks", 3),
            ("from", "accepted_at", 2),
            ("until", "accepted_at", 2),
            ("after", "id", 3),
            ("client_order_id", "client_order_id", 12),
            ("idempotency_key", "idempotency_key", 12),
        ] {
            if dice.below(one_in) == 0 {
                parameters.push((name, text(field, dice)));
            }
        }
        match dice.below(3) {
            0 => parameters.push(("order", "asc".to_owned())),
            1 => parameters.push(("order", "desc".to_owned())),
            _ => {}
        }
        parameters.push(("limit", dice.of(&[1, 3, 50, 1_000]).to_string()));
        Asked { parameters }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    fn path(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.parameters);
        format!("/orders?{}", query.finish())
    }

    /// The naive list: every page of it, byte for byte.
    fn pages(&self, orders: &[(Value, String)]) -> Vec<String> {
        let mut orders: Vec<&(Value, String)> = orders.iter().collect();
        if self.get("order") == Some("desc") {
            orders.reverse();
        }
        if let Some(after) = self.get("after") {
            let place = orders.iter().position(|(order, _)| order["id"] == after).expect("it is there");
            orders.drain(..=place);
        }
        let is = |order: &Value, name: &str| self.get(name).is_none_or(|wanted| order[name] == wanted);
        orders.retain(|(order, _)| {
            let at = order["accepted_at"].as_str().expect("a time");
            ["status", "stoks", "client_order_id", "idempotency_key"].iter().all(|name| is(order, name))
                && self.get("from").is_none_or(|from| from <= at)
                && self.get("until").is_none_or(|until| at < until)
        });
        let limit = self.get("limit").expect("it is given").parse().expect("a number");
        let page = |orders: &[&(Value, String)]| {
            let of = |(order, body): &&(Value, String)| format!("\"{}\":{body}", id(order));
            format!("{{{}}}", orders.iter().map(of).collect::<Vec<_>>().join(","))
        };
        if orders.is_empty() { vec![page(&[])] } else { orders.chunks(limit).map(page).collect() }
    }
}

/// Follows `Link` to the end.
async fn pages(line: &mut Kept, path: String) -> Vec<Reply> {
    let (mut replies, mut next) = (Vec::new(), Some(path));
    while let Some(path) = next {
        let reply = line.ask("GET", &path, "").await;
        next = next_page(&reply);
        replies.push(reply);
    }
    replies
}

async fn agrees(venue: &Venue, orders: &[(Value, String)], dice: &mut Dice) {
    let mut line = Kept::open(venue.addr).await;
    for _ in 0..150 {
        let asked = Asked::draw(orders, dice);
        let shown: Vec<String> = pages(&mut line, asked.path()).await.into_iter().map(|reply| reply.body).collect();
        assert_eq!(shown, asked.pages(orders), "{}", asked.path());
    }
}

#[tokio::test]
async fn lists_are_those_of_a_naive_twin_in_memory_and_with_a_data_folder() {
    let folder = DataFolder::new();
    let mut ids = Vec::new();
    for venue in [own_venue(still), folder.venue(still)] {
        let orders = trade(&venue, &mut Dice::seeded(11)).await;
        agrees(&venue, &orders, &mut Dice::seeded(12)).await;
        ids.push(orders.iter().map(|(order, _)| id(order).to_owned()).collect::<Vec<_>>());
        if ids.len() == 2 {
            // Settled, and with next to nothing in memory.
            venue.stop().expect("it ends in order");
            let venue = folder.venue(still);
            agrees(&venue, &orders, &mut Dice::seeded(13)).await;
        }
    }
    assert_eq!(ids[0], ids[1], "the same seed, the same ids");
}

#[tokio::test]
async fn paging_backwards_is_exactly_the_reverse() {
    let venue = own_venue(still);
    trade(&venue, &mut Dice::seeded(3)).await;
    let mut line = Kept::open(venue.addr).await;
    let mut listed = async |order: &str| -> Vec<String> {
        let path = format!("/orders?limit=7&order={order}&status=PENDING&foo=b%20r");
        let replies = pages(&mut line, path).await;
        for link in replies.iter().filter_map(|reply| reply.header("link")) {
            assert!(link.contains(&format!("limit=7&order={order}&status=PENDING&foo=b+r&after=")), "{link}");
        }
        let ids = replies.iter().flat_map(listed_ids);
        ids.collect()
    };
    let (mut forth, back) = (listed("asc").await, listed("desc").await);
    assert!(forth.len() > 200, "{}", forth.len());
    forth.reverse();
    assert_eq!(forth, back);
}

#[tokio::test]
async fn an_order_is_found_by_the_key_of_its_request_and_of_two_names_it_must_have_both() {
    let folder = DataFolder::new();
    for venue in [own_venue(still), folder.venue(still)] {
        let place = async |name: &str, key: &str| {
            let body = json!({"stoks": "A", "quantity": 1, "client_order_id": name}).to_string();
            let request = Request::new("POST", "/orders").header("Idempotency-Key", key).body(body);
            id(&request.send(venue.addr).await.json()).to_owned()
        };
        let (first, second) = (place("a/1", "k1").await, place("b", "k+2").await);
        for (query, found) in [
            ("idempotency_key=k1", Some(&first)),
            ("idempotency_key=k%2B2", Some(&second)),
            ("idempotency_key=a%2F1", None),
            ("client_order_id=a%2F1", Some(&first)),
            ("client_order_id=a%2F1&idempotency_key=k1", Some(&first)),
            ("client_order_id=a%2F1&idempotency_key=k%2B2", None),
            ("idempotency_key=k1&status=CANCELLED", None),
            ("idempotency_key=k1&until=2000-01-01T00:00:00Z", None),
            ("idempotency_key=k1&from=2000-01-01T00:00:00%2B01:00", Some(&first)),
        ] {
            let reply = venue.get(&format!("/orders?{query}")).await;
            assert_eq!(listed_ids(&reply), found.into_iter().cloned().collect::<Vec<_>>(), "{query}");
        }
        // Like any other order it stands after some.
        let after = async |name: &str, after: &str, order: &str| {
            let path = format!("/orders?idempotency_key={name}&after={after}&order={order}");
            listed_ids(&venue.get(&path).await).len()
        };
        assert_eq!((after("k1", &second, "asc").await, after("k1", &second, "desc").await), (0, 1));
        assert_eq!((after("k%2B2", &first, "asc").await, after("k%2B2", &first, "desc").await), (1, 0));
    }
}
