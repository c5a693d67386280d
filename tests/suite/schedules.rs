//! Random schedules: whatever is placed and cancelled, and whoever subscribes when and how, every stream is what the
//! unfiltered JSON stream of a reference subscriber says it must be (invariants 4 and 5).

use std::collections::BTreeMap;

use serde_json::Value;
use tradepit_places::everywhere;

use crate::support::{Dice, Line, Recorder, as_text, change, id_of, text_at, venue};

/// How a subscriber asks, and what it must be told for it.
#[derive(Clone, Debug)]
struct Ask {
    json: bool,
    symbol: Option<String>,
    order: Option<String>,
    since: Option<u64>,
}

impl Ask {
    fn query(&self) -> String {
        let mut query = String::from(if self.json { "?format=json" } else { "?" });
        let order = self.order.as_ref().map(|id| format!("&order_id={id}"));
        let symbol = self.symbol.as_ref().map(|symbol| format!("&stoks={symbol}"));
        let since = self.since.map(|since| format!("&since={since}"));
        query.extend([order, symbol, since].into_iter().flatten());
        query
    }

    fn wants(&self, change: &Value) -> bool {
        self.order.as_ref().is_none_or(|id| change["id"] == **id)
            && self.symbol.as_ref().is_none_or(|symbol| change["stoks"] == **symbol)
    }

    /// What it is told of this announcement.
    fn form(&self, told: &str) -> String {
        if self.json { told.to_owned() } else { as_text(told) }
    }
}

struct Player {
    ask: Ask,
    subscriber: Recorder,
    /// The number of the first change that was surely made after its 101.
    from: u64,
}

/// A drawn schedule on the shared venue.
struct Schedule {
    dice: Dice,
    line: Line,
    symbols: Vec<String>,
    open: Vec<String>,
    all: Vec<String>,
    newest: u64,
    players: Vec<Player>,
    /// Orders that a player asks for; they end when all is over, so that its stream has an end.
    kept: Vec<String>,
}

impl Schedule {
    async fn new(seed: u64) -> Schedule {
        let mut line = Line::open(venue()).await;
        let symbols = ["A", "B", "C"].map(|name| format!("RND-{seed}-{name}")).to_vec();
        let first = line.place(&symbols[0]).await;
        let newest = first["seq"].as_u64().expect("a number");
        let all = vec![id_of(&first)];
        let (open, players, kept) = (Vec::new(), Vec::new(), Vec::new());
        Schedule { dice: Dice::seeded(seed), line, symbols, open, all, newest, players, kept }
    }

    fn note(&mut self, order: &Value) {
        self.newest = self.newest.max(order["seq"].as_u64().expect("a number"));
        self.open.push(id_of(order));
        self.all.push(id_of(order));
    }

    fn symbol(&mut self) -> String {
        self.symbols[self.dice.below(3)].clone()
    }

    async fn step(&mut self, oldest: u64) {
        let symbol = self.symbol();
        match self.dice.below(12) {
            0 | 1 if self.players.len() < 12 => self.join(oldest).await,
            2..=5 if !self.open.is_empty() => {
                let id = self.open[self.dice.below(self.open.len())].clone();
                assert_eq!(self.line.cancel(&id).await, 204);
                if self.dice.below(2) == 0 {
                    self.open.retain(|open| *open != id);
                }
            }
            6 => {
                let order = self.line.place_long(&symbol).await;
                self.note(&order);
            }
            7 => {
                let count = 2 + self.dice.below(30);
                for order in self.line.place_many(&symbol, count).await {
                    self.note(&order);
                }
            }
            _ => {
                let order = self.line.place(&symbol).await;
                self.note(&order);
            }
        }
    }

    async fn join(&mut self, oldest: u64) {
        let json = self.dice.below(3) > 0;
        let since = (json && self.dice.below(2) == 0).then(|| oldest + self.dice.number() % (self.newest - oldest + 1));
        let symbol = (self.dice.below(3) == 0).then(|| self.symbol());
        let mut order = None;
        if self.dice.below(3) == 0 {
            let kept = self.line.place_long(symbol.as_ref().unwrap_or(&self.symbols[0].clone())).await;
            self.newest = self.newest.max(kept["seq"].as_u64().expect("a number"));
            self.kept.push(id_of(&kept));
            self.all.push(id_of(&kept));
            order = Some(id_of(&kept));
        }
        let ask = Ask { json, symbol, order, since };
        let subscriber = Recorder::subscribe(venue(), &ask.query()).await;
        let mark = self.symbol();
        let after = self.line.place(&mark).await;
        self.note(&after);
        let from = ask.since.map_or(after["seq"].as_u64().expect("a number"), |since| since + 1);
        self.players.push(Player { ask, subscriber, from });
    }

    /// Ends what is kept, and places a last order of each symbol; all orders of the schedule.
    async fn finish(&mut self) -> Vec<String> {
        for id in std::mem::take(&mut self.kept) {
            assert_eq!(self.line.cancel(&id).await, 204);
        }
        for id in std::mem::take(&mut self.open) {
            assert_eq!(self.line.cancel(&id).await, 204);
        }
        for symbol in self.symbols.clone() {
            let last = self.line.place_long(&symbol).await;
            assert_eq!(self.line.cancel(&id_of(&last)).await, 204);
            self.all.push(id_of(&last));
        }
        self.all.clone()
    }
}

async fn play(seed: u64) {
    let mut reference = Recorder::subscribe(venue(), "?format=json").await;
    let mut schedule = Schedule::new(seed).await;
    let oldest = schedule.newest;
    for _ in 0..120 {
        schedule.step(oldest).await;
    }
    let all = schedule.finish().await;
    let announced = reference.until_closed(&all).await;
    let announced: Vec<(Value, &String)> =
        announced.iter().map(|told| (serde_json::from_str(told).expect("JSON"), told)).collect();
    assert_one_end_each(&announced, &all);
    for Player { ask, mut subscriber, from } in schedule.players {
        let wanted: Vec<(u64, String)> = announced
            .iter()
            .filter(|(change, _)| ask.wants(change))
            .map(|(change, told)| (change["seq"].as_u64().expect("a number"), ask.form(told)))
            .collect();
        let (_, last) = wanted.last().expect("each is told of an end");
        let mut told = Vec::new();
        while told.last() != Some(last) {
            told.push(subscriber.text().await);
        }
        // What came between its request and the first surely new change may have been told or not.
        let surely = wanted.iter().filter(|(seq, _)| *seq >= from).count();
        let exact = ask.since.is_some();
        assert!(told.len() == surely || (!exact && told.len() > surely), "seed {seed}, {ask:?}: {surely} {told:?}");
        let tail: Vec<&String> = wanted.iter().rev().take(told.len()).rev().map(|(_, told)| told).collect();
        assert!(told.iter().eq(tail), "seed {seed}, {ask:?}: told {told:#?}");
    }
}

fn assert_one_end_each(announced: &[(Value, &String)], all: &[String]) {
    let mut statuses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, told) in announced {
        let (id, status) = change(told);
        statuses.entry(id).or_default().push(status);
    }
    for id in all {
        assert!(matches!(&statuses[id][..], [first, end] if first == "PENDING" && end != "PENDING"), "{id}");
    }
    for (first, next) in announced.iter().zip(&announced[1..]) {
        assert_eq!(next.0["seq"].as_u64(), first.0["seq"].as_u64().map(|seq| seq + 1));
        assert!(text_at(&next.0, "at") >= text_at(&first.0, "at"), "time runs backwards: {} {}", first.1, next.1);
    }
}

#[everywhere]
async fn every_stream_is_what_the_reference_says() {
    futures_util::future::join_all((1..=4).map(play)).await;
}

#[everywhere]
async fn every_stream_is_what_the_reference_says_for_each_of_many_seeds() {
    for seed in 100..106 {
        play(seed).await;
    }
}
