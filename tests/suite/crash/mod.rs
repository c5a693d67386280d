//! Killed at random moments: what was answered or announced is there afterwards, and nothing else was ever told.
//!
//! Real processes, a real SIGKILL, one data folder for each 20 rounds. `TRADEPIT_CRASH_ROUNDS` asks for more rounds;
//! `TRADEPIT_CRASH_SEED` repeats the choices of a run, though not its timing. A reply that did not come tells nothing:
//! what it was about may have happened or not, but at most once.

mod load;
mod truth;
mod venues;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use futures_util::future::join_all;
use tempfile::TempDir;

use crate::support::process::{Ended, Process};
use crate::support::rest::{Kept, listed, next_page};
use crate::support::{Dice, Recorder, change, pause, seq_of};
use load::{Note, place_again, trade};
use truth::Truth;

/// Connections that trade at a time.
const TRADERS: u64 = 4;

/// After so many rounds another folder is begun: each round compares all that was ever told in one.
const ROUNDS_OF_A_FOLDER: usize = 20;

#[tokio::test]
async fn what_was_told_before_a_kill_is_there_after_it() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    let rounds = number("TRADEPIT_CRASH_ROUNDS").unwrap_or(20);
    let seed = number("TRADEPIT_CRASH_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("TRADEPIT_CRASH_SEED={seed}");
    for first in (1..=rounds).step_by(ROUNDS_OF_A_FOLDER) {
        let last = rounds.min(first + ROUNDS_OF_A_FOLDER as u64 - 1);
        live_through(Crashes::begin(seed.wrapping_add(first - 1)), first..=last).await;
    }
}

async fn live_through(mut crashes: Crashes, rounds: RangeInclusive<u64>) {
    let count = rounds.clone().count() as u64;
    for round in rounds {
        eprintln!("round {round}, {} changes so far", crashes.truth.newest());
        crashes.round(round).await;
    }
    let (server, addr) = crashes.serve().await;
    crashes.verify(addr).await;
    crashes.truth.restart_the_list();
    crashes.look_through_the_list(addr).await;
    server.signal("TERM");
    let ended = server.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    crashes.check().await;
    eprintln!("{} changes, {} told live, {} replies", crashes.truth.newest(), crashes.told, crashes.replies);
    assert!(crashes.truth.newest() > 20 * count, "there was hardly any load");
}

/// All rounds on one folder.
struct Crashes {
    dir: TempDir,
    dice: Dice,
    truth: Truth,
    /// What the clients of the last round have to say.
    notes: Vec<Note>,
    /// What the subscribers of the last round were told, each in turn.
    recorded: Vec<Vec<String>>,
    told: usize,
    replies: usize,
}

impl Crashes {
    fn begin(seed: u64) -> Crashes {
        let dir = tempfile::tempdir().expect("room for a folder");
        let (dice, truth) = (Dice::seeded(seed), Truth::default());
        Crashes { dir, dice, truth, notes: Vec::new(), recorded: Vec::new(), told: 0, replies: 0 }
    }

    fn path(&self) -> &str {
        self.dir.path().to_str().expect("a plain path")
    }

    fn arguments(&self) -> [&str; 9] {
        ["serve", "--port", "0", "--delay", "20ms..200ms", "--long-delay", "2s", "--data-dir", self.path()]
    }

    async fn serve(&self) -> (Process, SocketAddr) {
        let mut server = Process::start(&self.arguments());
        let addr = server.address().await;
        (server, addr)
    }

    async fn round(&mut self, round: u64) {
        // Some do not even live to see the ready line.
        for _ in 0..[0, 0, 0, 1, 2][self.dice.below(5)] {
            let starting = Process::start(&self.arguments());
            pause(Duration::from_micros(self.dice.number() % 60_000)).await;
            assert_killed(&starting.killed().await);
        }
        let (server, addr) = self.serve().await;
        self.verify(addr).await;
        self.load_and_kill(round, server, addr).await;
        self.check().await;
    }

    async fn load_and_kill(&mut self, round: u64, server: Process, addr: SocketAddr) {
        let newest = self.truth.newest();
        let since = self.dice.number() % (newest + 1);
        let mut subscribers = vec![Recorder::subscribe(addr, "?format=json").await];
        subscribers.push(Recorder::subscribe(addr, &format!("?format=json&since={since}")).await);
        subscribers.push(Recorder::subscribe(addr, &format!("?format=json&since={newest}")).await);
        let seeds: Vec<u64> = (0..TRADERS).map(|_| self.dice.number()).collect();
        let traders = seeds.iter().zip(1..).map(|(&seed, trader)| trade(addr, seed, format!("R{round}.{trader}")));
        let check_meanwhile = self.dice.below(3) == 0;
        let live_for = Duration::from_micros(20_000 + self.dice.number() % 300_000);
        let end = async {
            pause(live_for).await;
            if check_meanwhile {
                self.check().await;
            }
            server.killed().await
        };
        let (ended, notes) = tokio::join!(end, join_all(traders));
        assert_killed(&ended);
        self.notes = notes.into_iter().flatten().collect();
        self.recorded.clear();
        for subscriber in &mut subscribers {
            self.recorded.push(subscriber.until_it_ends().await);
        }
        self.told += self.recorded.iter().map(Vec::len).sum::<usize>();
        self.replies += self.notes.iter().filter(|note| note.was_answered()).count();
    }

    /// `tradepit check` finds nothing, beside a server or not.
    async fn check(&self) {
        if !self.dir.path().join("tradepit.db").exists() {
            return;
        }
        let ended = Process::start(&["check", "--data-dir", self.path()]).ended().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }

    /// Compares what the server says now with all that was ever told.
    async fn verify(&mut self, addr: SocketAddr) {
        let mut line = Kept::open(addr).await;
        let probe = line.ask("POST", "/orders", r#"{"stoks": "PROBE", "quantity": 1}"#).await.json();
        let upto = probe["seq"].as_u64().expect("a number");
        let mut replay = Recorder::subscribe(addr, "?format=json&since=0").await;
        let mut changes: Vec<String> = Vec::new();
        while changes.last().is_none_or(|last| seq_of_short(last) < upto) {
            changes.push(replay.text().await);
        }
        assert_eq!(change(&changes[changes.len() - 1]).1, "PENDING");
        self.truth.extend(changes);
        self.truth.nothing_is_overdue_at(&probe);
        for told in std::mem::take(&mut self.recorded) {
            self.truth.agrees_with_announcements(&told);
        }
        let notes = std::mem::take(&mut self.notes);
        for note in &notes {
            self.truth.agrees_with(note);
        }
        for order in notes.iter().filter_map(Note::keyed) {
            place_again(addr, &self.truth, order).await;
        }
        self.look_through_the_list(addr).await;
        for id in self.truth.some_ids(&mut self.dice, 10) {
            let order = line.ask("GET", &format!("/orders/{id}"), "").await.json();
            self.truth.agrees_with_the_present(&order);
        }
    }

    /// Goes on with the list of all orders where it ended the last time.
    async fn look_through_the_list(&mut self, addr: SocketAddr) {
        let mut line = Kept::open(addr).await;
        let mut page = self.truth.last_listed().map_or("/orders".to_owned(), |id| format!("/orders?after={id}"));
        loop {
            let reply = line.ask("GET", &page, "").await;
            listed(&reply).iter().for_each(|(id, order)| self.truth.is_next_in_the_list(id, order));
            match next_page(&reply) {
                Some(next) => page = next,
                None => break,
            }
        }
        self.truth.list_is_complete();
    }
}

/// The number of an announcement, without reading all of it: replays are long.
fn seq_of_short(told: &str) -> u64 {
    let number = told.strip_prefix(r#"{"seq":"#).and_then(|rest| rest.split(',').next()?.parse().ok());
    number.unwrap_or_else(|| seq_of(told))
}

/// It ended by our hand, not by its own fault.
fn assert_killed(ended: &Ended) {
    assert_eq!(ended.code, None, "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
}
