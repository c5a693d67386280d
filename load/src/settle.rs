//! After a mix: cancels what it left behind, and asks how much of its cancelled orders had traded.
//!
//! Owns what is sent when nothing is measured any more. Touches no order but those of the run, and asks for nothing
//! once the run is broken off.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use hyper::{StatusCode, Uri};
use serde::Deserialize;
use tokio::task::JoinSet;

use super::clock;
use super::closed::REFUSED_PAUSE;
use super::failure::Failure;
use super::frame::OrderId;
use super::kind::Kind;
use super::mixed::Shared;
use super::orders::Asked;
use super::post::{Poster, Reply};

/// Connections that cancel at once.
const HANDS: usize = 8;

/// How often it is looked whether all orders have ended.
const LOOK: Duration = Duration::from_millis(5);

/// Cancels every order of the run that is open, and waits until they have ended, for a grace at most.
pub(super) async fn cancel(shared: &Rc<Shared>) {
    let mut course = shared.course.clone();
    let ended = clock::within(shared.grace, async {
        let open = shared.orders.borrow().open();
        let mut hands = JoinSet::new();
        for orders in open.chunks(open.len().div_ceil(HANDS).max(1)) {
            hands.spawn_local(cancel_all(shared.clone(), orders.to_vec()));
        }
        while hands.join_next().await.is_some() {}
        while !shared.orders.borrow().open().is_empty() {
            clock::sleep(LOOK).await;
        }
    });
    let left = tokio::select! {
        biased;
        () = course.broken_off() => Failure::LeftOpen,
        _ = ended => Failure::NotEnded,
    };
    shared.orders.borrow_mut().give_up(&left, &mut shared.record.borrow_mut().failures);
}

async fn cancel_all(shared: Rc<Shared>, orders: Vec<OrderId>) {
    let mut poster = None;
    for id in orders {
        shared.orders.borrow_mut().asked(id, Asked::Leave);
        // A server that is overloaded is asked again, until the grace is over.
        while shared.orders.borrow().is_open(&id) && !cancel_one(&shared, &mut poster, id).await {
            clock::sleep(REFUSED_PAUSE).await;
        }
    }
}

/// Whether the server has answered that the order is closed, or that there is none.
async fn cancel_one(shared: &Shared, poster: &mut Option<Poster>, id: OrderId) -> bool {
    let Ok(path) = format!("/orders/{id}").parse::<Uri>() else { return true };
    let Some(open) = connection(shared, poster).await else { return false };
    match open.ask(Kind::Delete, path, Bytes::new()).await {
        Ok(reply) => reply.status == Kind::Delete.success() || reply.status == StatusCode::NOT_FOUND,
        Err(_) => false,
    }
}

async fn connection<'a>(shared: &Shared, poster: &'a mut Option<Poster>) -> Option<&'a mut Poster> {
    if let Some(open) = poster
        && !open.usable().await
    {
        *poster = None;
    }
    match poster {
        Some(open) => Some(open),
        None => Some(poster.insert(Poster::connect(&shared.server, shared.grace).await.ok()?)),
    }
}

/// An order as a list shows it, as far as it matters here.
#[derive(Deserialize)]
struct Shown {
    filled_qty: String,
}

/// Asks how much of the cancelled orders had traded.
pub(super) async fn ask(shared: &Rc<Shared>) {
    let (first, cancelled) = shared.orders.borrow_mut().cancelled();
    let mut left: HashSet<OrderId> = cancelled.into_iter().collect();
    let mut course = shared.course.clone();
    let asked = async {
        let mut poster = Poster::connect(&shared.server, shared.grace).await.ok()?;
        list(shared, &mut poster, first?, &mut left).await;
        // What was accepted before the reply to the first order was read stands before it in the list.
        for id in left.clone() {
            let reply = poster.get(format!("/orders/{id}").parse().ok()?).await.ok()?;
            if let Some(part) = part(shared, &reply) {
                left.remove(&id);
                shared.orders.borrow_mut().traded(Some(part));
            }
        }
        Some(())
    };
    tokio::select! {
        biased;
        () = course.broken_off() => {}
        _ = asked => {}
    }
    for _ in left {
        shared.orders.borrow_mut().traded(None);
    }
}

/// Reads the cancelled orders from the `first` one on, page by page, and takes those of the run out of `left`.
async fn list(shared: &Shared, poster: &mut Poster, first: OrderId, left: &mut HashSet<OrderId>) -> Option<()> {
    let symbol = shared.instrument.symbol().replace('/', "%2F");
    let mut path = format!("/orders?stoks={symbol}&status=CANCELLED&limit=1000&after={first}");
    while !left.is_empty() {
        let reply = poster.get(path.parse().ok()?).await.ok()?;
        let shown: HashMap<String, Shown> = serde_json::from_slice(&reply.body).ok()?;
        for (id, order) in shown {
            let own = OrderId::new(id.as_bytes()).filter(|id| left.contains(id));
            if let (Some(id), Some(part)) = (own, shared.instrument.read_quantity(&order.filled_qty)) {
                left.remove(&id);
                shared.orders.borrow_mut().traded(Some(part));
            }
        }
        path = next(reply.link.as_ref()?.to_str().ok()?)?.to_owned();
    }
    Some(())
}

fn part(shared: &Shared, reply: &Reply) -> Option<u128> {
    let order: Shown = serde_json::from_slice(&reply.body).ok()?;
    shared.instrument.read_quantity(&order.filled_qty)
}

/// The path and query of a link to the next page.
fn next(link: &str) -> Option<&str> {
    let target = link.strip_prefix('<')?.split_once('>')?.0;
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map(|start| &rest[start..]),
        None => Some(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_by_its_path_whatever_host_it_names() {
        let page = Some("/orders?limit=1000&after=x");
        assert_eq!(next(r#"<http://127.0.0.1:8000/orders?limit=1000&after=x>; rel="next""#), page);
        assert_eq!(next(r#"</orders?limit=1000&after=x>; rel="next""#), page);
        assert_eq!(next("/orders"), None);
    }
}
