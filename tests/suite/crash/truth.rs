//! Everything that was ever told, and what must follow from it.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::load::Note;
use super::seq_of_short;
use crate::support::rest::micros;
use crate::support::{Dice, id_of, text_at};

/// The course of changes as the server replays it, which is never allowed to become another one.
#[derive(Default)]
pub(super) struct Truth {
    /// Each as it was announced; the first has number 1.
    changes: Vec<String>,
    /// By the change that accepted them.
    orders: BTreeMap<u64, Life>,
    by_id: HashMap<String, u64>,
    by_symbol: HashMap<String, u64>,
    /// The last order that the list told.
    listed: u64,
}

/// An order, as its changes tell it.
struct Life {
    accepted: Value,
    closed: Option<Value>,
}

fn number(json: &Value, field: &str) -> u64 {
    json[field].as_u64().unwrap_or_else(|| panic!("no {field} in {json}"))
}

impl Truth {
    pub(super) fn newest(&self) -> u64 {
        self.changes.len() as u64
    }

    /// Takes a replay of everything: it begins with what was known, and goes on without a gap.
    pub(super) fn extend(&mut self, replay: Vec<String>) {
        assert!(replay.len() >= self.changes.len(), "changes are gone: {} of {}", replay.len(), self.changes.len());
        for (index, (now, before)) in replay.iter().zip(&self.changes).enumerate() {
            assert_eq!(now, before, "change {} has become another one", index + 1);
        }
        for told in replay.into_iter().skip(self.changes.len()) {
            assert_eq!(seq_of_short(&told), self.newest() + 1, "a gap: {told}");
            self.apply(&told);
            self.changes.push(told);
        }
    }

    fn apply(&mut self, told: &str) {
        let change: Value = serde_json::from_str(told).expect("JSON");
        let (seq, id, at) = (number(&change, "seq"), id_of(&change), micros(&change["at"]));
        match change["status"].as_str() {
            Some("PENDING") => {
                assert_eq!(self.by_id.insert(id, seq), None, "an id was given twice: {told}");
                let symbol = text_at(&change, "stoks");
                let before = self.by_symbol.insert(symbol.clone(), seq);
                assert!(before.is_none() || symbol == "PROBE", "placed twice, by {before:?} and {told}");
                self.orders.insert(seq, Life { accepted: change, closed: None });
            }
            Some(status) => {
                let life = self.by_id.get(&id).and_then(|accepted| self.orders.get_mut(accepted));
                let life = life.unwrap_or_else(|| panic!("never accepted: {told}"));
                assert!(life.closed.is_none(), "closed twice: {told}");
                let due_at = micros(&life.accepted["due_at"]);
                // What is due is executed before anything else happens, so that no cancel comes late either.
                assert!(
                    if status == "EXECUTED" { at >= due_at } else { at < due_at },
                    "{told}, due: {}",
                    life.accepted
                );
                for field in ["stoks", "quantity"] {
                    assert_eq!(change[field], life.accepted[field], "{told}");
                }
                life.closed = Some(change);
            }
            None => panic!("no status: {told}"),
        }
    }

    fn life(&self, id: &str) -> &Life {
        let life = self.by_id.get(id).and_then(|seq| self.orders.get(seq));
        life.unwrap_or_else(|| panic!("order {id} was told, and is gone"))
    }

    pub(super) fn id_of_symbol(&self, symbol: &str) -> Option<String> {
        self.by_symbol.get(symbol).map(|seq| id_of(&self.orders[seq].accepted))
    }

    /// What fell due while the server was down was executed before it took this order.
    pub(super) fn nothing_is_overdue_at(&self, probe: &Value) {
        let now = micros(&probe["accepted_at"]);
        for Life { accepted, closed } in self.orders.values() {
            let overdue = closed.is_none() && micros(&accepted["due_at"]) <= now;
            assert!(!overdue, "{accepted} should have been executed before {probe}");
        }
    }

    /// A subscriber was told this, in this order.
    pub(super) fn agrees_with_announcements(&self, told: &[String]) {
        for (index, text) in told.iter().enumerate() {
            let seq = seq_of_short(text);
            assert!(seq <= self.newest(), "announced, and is gone: {text}");
            assert_eq!(text, &self.changes[seq as usize - 1], "the number has two meanings");
            assert!(index == 0 || seq_of_short(&told[index - 1]) + 1 == seq, "a gap before {text}");
        }
    }

    /// A client can swear to this.
    pub(super) fn agrees_with(&self, note: &Note) {
        match note {
            Note::Placed { reply: None, .. } | Note::Cancelled { answered: false, .. } => {}
            Note::Placed { order, reply: Some(reply) } => {
                let told = reply.json();
                assert_eq!(told["status"], "PENDING", "{reply:?}");
                assert_eq!((text_at(&told, "stoks"), number(&told, "quantity")), (order.stoks.clone(), order.quantity));
                self.agrees_with_the_past(&told);
            }
            Note::Cancelled { id, in_time, .. } => {
                let closed = self.life(id).closed.as_ref();
                let closed = closed.unwrap_or_else(|| panic!("{id} was cancelled with 204, and is open again"));
                assert!(!in_time || closed["status"] == "CANCELLED", "it was cancelled in time: {closed}");
            }
            Note::Seen(order) => self.agrees_with_the_past(order),
        }
    }

    /// An order was shown like this, at some time.
    fn agrees_with_the_past(&self, order: &Value) {
        let Life { accepted, closed } = self.life(&id_of(order));
        for (field, change_field) in
            [("stoks", "stoks"), ("quantity", "quantity"), ("accepted_at", "at"), ("due_at", "due_at")]
        {
            assert_eq!(order[field], accepted[change_field], "{field}: {order}, {accepted}");
        }
        if order["status"] == "PENDING" {
            assert_eq!((&order["seq"], &order["closed_at"]), (&accepted["seq"], &Value::Null), "{order}, {accepted}");
        } else {
            let closed = closed.as_ref().unwrap_or_else(|| panic!("shown as {order}, and open again"));
            for (field, change_field) in [("status", "status"), ("seq", "seq"), ("closed_at", "at")] {
                assert_eq!(order[field], closed[change_field], "{field}: {order}, {closed}");
            }
        }
    }

    /// An order is shown like this now, which may be after the last change that we know.
    pub(super) fn agrees_with_the_present(&self, order: &Value) {
        if number(order, "seq") <= self.newest() {
            self.agrees_with_the_past(order);
            let is_open = self.life(&id_of(order)).closed.is_none();
            assert_eq!(order["status"] == "PENDING", is_open, "it is closed: {order}");
        }
    }

    pub(super) fn some_ids(&self, dice: &mut Dice, count: usize) -> Vec<String> {
        let seqs: Vec<u64> = self.orders.keys().copied().collect();
        (0..count).map(|_| id_of(&self.orders[&seqs[dice.below(seqs.len())]].accepted)).collect()
    }

    pub(super) fn last_listed(&self) -> Option<String> {
        self.orders.get(&self.listed).map(|life| id_of(&life.accepted))
    }

    pub(super) fn restart_the_list(&mut self) {
        self.listed = 0;
    }

    /// The list shows the orders in order of creation, and none but those that were accepted.
    pub(super) fn is_next_in_the_list(&mut self, id: &str, order: &Value) {
        assert_eq!(id, id_of(order));
        let next = self.orders.range(self.listed + 1..).next();
        match next {
            Some((&seq, life)) => {
                assert_eq!(id, id_of(&life.accepted), "not the next in the list");
                self.listed = seq;
                self.agrees_with_the_present(order);
            }
            // Placed since we were told of the last change.
            None => assert!(number(order, "seq") > self.newest(), "nobody knows {order}"),
        }
    }

    pub(super) fn list_is_complete(&self) {
        let missing = self.orders.range(self.listed + 1..).next().map(|(_, life)| &life.accepted);
        assert_eq!(missing, None, "the list lacks it");
    }
}
