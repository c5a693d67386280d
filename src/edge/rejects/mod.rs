//! The newest requests that were refused, for whoever wonders why: kept in the process's memory, and nowhere else.
//!
//! Owns a bounded ring of them, and what of each is kept: no header, and no value whose name says that it is a secret
//! (`mask.rs`). It is written only where a request is refused; one that succeeds costs nothing here. Which requests are
//! told the route table says, and how they are told is a surface's matter.

mod mask;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::{HttpMessage as _, HttpRequest};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tradepit_engine::Time;

/// The most that may be kept (`--rejects`).
pub(crate) const REJECTS_AT_MOST: usize = 10_000;
/// The most that are kept of a venue that was made.
const OF_VENUE_AT_MOST: usize = 100;
/// Of a path, a query and a body so much is kept each, in characters.
const TEXT_CHARACTERS: usize = 1_000;
/// A UTF-8 character has four bytes at most.
const TEXT_BYTES: usize = 4 * TEXT_CHARACTERS;
/// Of what a reply said so much is kept: whole flaws only.
const DETAIL_BYTES: usize = 8 * 1024;
/// All together take so many bytes at most for each that may be kept: the oldest go before their number asks for it.
const BYTES_EACH: usize = 4 * 1024;
/// A list shows no more of them than take so many bytes here.
const PAGE_BYTES: usize = 1024 * 1024;
/// What one takes beside its texts, roughly.
const OWN_BYTES: usize = 256;

/// A request that was refused.
#[derive(Debug)]
pub(crate) struct Reject {
    /// 1, 2, 3 … in the life of the process.
    pub(crate) number: u64,
    pub(crate) at: Time,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) status: u16,
    /// The beginning of its body, as far as it was read.
    pub(crate) sent: Option<String>,
    /// What the reply said, as JSON.
    pub(crate) detail: Option<String>,
}

/// The newest of them.
#[derive(Debug)]
pub(crate) struct Rejects {
    limit: usize,
    total: AtomicU64,
    ring: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    kept: VecDeque<Arc<Reject>>,
    bytes: usize,
}

/// What a request that is about to be refused had sent.
struct Sent(Bytes);

/// Keeps the beginning of a body for when its request is refused. Called where it is, and nowhere else.
pub(crate) fn keep_sent(request: &HttpRequest, body: &Bytes) {
    let beginning = Bytes::copy_from_slice(&body[..body.len().min(TEXT_BYTES)]);
    request.extensions_mut().insert(Sent(beginning));
}

impl Rejects {
    /// None yet; at most so many will be kept.
    pub(crate) fn new(limit: usize) -> Rejects {
        Rejects { limit, total: AtomicU64::new(0), ring: Mutex::default() }
    }

    /// None yet, of a venue that was made: fewer are kept, as there may be many of those.
    pub(crate) fn of_venue(&self) -> Rejects {
        Rejects::new(self.limit.min(OF_VENUE_AT_MOST))
    }

    /// How many there were since start.
    pub(crate) fn total(&self) -> u64 {
        self.total.load(Ordering::Acquire)
    }

    /// The newest before the one of this number, newest first, at most so many; and whether there are more.
    pub(crate) fn before(&self, number: u64, limit: usize) -> (Vec<Arc<Reject>>, bool) {
        let ring = self.ring();
        let end = ring.kept.partition_point(|reject| reject.number < number);
        let mut fits = room_for(PAGE_BYTES);
        let newest = ring.kept.range(..end).rev().take(limit);
        let found: Vec<_> = newest.take_while(|reject| fits(reject.bytes())).cloned().collect();
        let has_more = end > found.len();
        (found, has_more)
    }

    /// Those after the one of this number that are still kept, oldest first, at most so many.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Vec<Arc<Reject>> {
        let ring = self.ring();
        let first = ring.kept.partition_point(|reject| reject.number <= number);
        ring.kept.range(first..).take(limit).cloned().collect()
    }

    /// Keeps what this answer, which is an error, refuses at this time of the venue, of whose paths so many bytes stand
    /// before what they ask for; returns the answer as it was.
    pub(super) fn note(&self, at: Time, prefix: usize, response: ServiceResponse) -> ServiceResponse {
        if self.limit == 0 {
            self.total.fetch_add(1, Ordering::AcqRel);
            return response;
        }
        let mut said = None;
        let response = response.map_body(|_, body| match body.try_into_bytes() {
            Ok(bytes) => {
                said = Some(bytes.clone());
                BoxBody::new(bytes)
            }
            Err(body) => body,
        });
        let request = response.request();
        let sent = request.extensions_mut().remove::<Sent>();
        let (path, query) = (&request.path()[prefix..], request.query_string());
        self.keep(Reject {
            number: 0,
            at,
            method: beginning(request.method().as_str(), 32),
            path: beginning(&mask::text(&beginning(path, TEXT_CHARACTERS)), TEXT_CHARACTERS),
            query: (!query.is_empty())
                .then(|| beginning(&mask::query(&beginning(query, TEXT_CHARACTERS)), TEXT_CHARACTERS)),
            status: response.status().as_u16(),
            sent: sent.map(|Sent(body)| sent_text(&body)),
            detail: said.and_then(|said| detail_of(&said)),
        });
        response
    }

    fn keep(&self, mut reject: Reject) {
        let mut ring = self.ring();
        reject.number = self.total.fetch_add(1, Ordering::AcqRel) + 1;
        ring.bytes += reject.bytes();
        ring.kept.push_back(Arc::new(reject));
        while ring.kept.len() > self.limit || (ring.bytes > self.limit * BYTES_EACH && ring.kept.len() > 1) {
            let Some(oldest) = ring.kept.pop_front() else { return };
            ring.bytes -= oldest.bytes();
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reject {
    /// What it takes in memory.
    fn bytes(&self) -> usize {
        let texts = [&self.query, &self.sent, &self.detail];
        let texts: usize = texts.iter().map(|text| text.as_ref().map_or(0, String::len)).sum();
        OWN_BYTES + self.method.len() + self.path.len() + texts
    }
}

/// Whether one more of a size fits, and takes its room; once one does not, none does.
fn room_for(bytes: usize) -> impl FnMut(usize) -> bool {
    let mut room = Some(bytes);
    move |size| {
        room = room.and_then(|room| room.checked_sub(size));
        room.is_some()
    }
}

/// So much of a text, in characters, and no more room than it takes.
fn beginning(text: &str, characters: usize) -> String {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end]).to_owned()
}

/// The beginning of a body. A zero is no character of any text of ours: without them one in UTF-16 can be read too.
fn sent_text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).replace('\0', "");
    beginning(&mask::text(&beginning(&text, TEXT_CHARACTERS)), TEXT_CHARACTERS)
}

/// What the reply said: its `detail`, as it was spelled; of very many flaws the first.
fn detail_of(said: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Said<'a> {
        #[serde(borrow)]
        detail: &'a RawValue,
    }
    let Said { detail } = serde_json::from_slice(said).ok()?;
    // A text is the server's own.
    let Ok(flaws) = serde_json::from_str::<Vec<&RawValue>>(detail.get()) else {
        return (detail.get().len() <= DETAIL_BYTES).then(|| detail.get().to_owned());
    };
    let mut fits = room_for(DETAIL_BYTES);
    let first = flaws.iter().map(|flaw| flaw.get()).take_while(|flaw| fits(flaw.len() + 1));
    let first: Vec<String> = first.map(mask::flaw).collect();
    let mut masked = format!("[{}]", first.join(","));
    masked.shrink_to_fit();
    Some(masked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(path: String, detail: Option<String>) -> Reject {
        let method = "POST".to_owned();
        Reject { number: 0, at: Time(0), method, path, query: None, status: 422, sent: None, detail }
    }

    fn numbers(rejects: &[Arc<Reject>]) -> Vec<u64> {
        rejects.iter().map(|reject| reject.number).collect()
    }

    #[test]
    fn the_newest_are_kept_and_told_in_both_directions() {
        let rejects = Rejects::new(3);
        assert_eq!((rejects.before(u64::MAX, 9).0.len(), rejects.after(0, 9).len(), rejects.total()), (0, 0, 0));
        for number in 1..=5 {
            rejects.keep(reject(format!("/{number}"), None));
        }
        assert_eq!(rejects.total(), 5);
        let newest = |number, limit| {
            let (found, has_more) = rejects.before(number, limit);
            (numbers(&found), has_more)
        };
        assert_eq!(newest(u64::MAX, 2), (vec![5, 4], true));
        assert_eq!(newest(4, 2), (vec![3], false));
        assert_eq!(newest(3, 2), (vec![], false));
        assert_eq!(numbers(&rejects.after(0, 9)), [3, 4, 5], "what went before leaves a gap");
        assert_eq!(numbers(&rejects.after(3, 1)), [4]);
        assert_eq!(numbers(&rejects.after(5, 9)), [0; 0]);
    }

    #[test]
    fn all_together_are_bounded_in_bytes_and_the_newest_stays() {
        let rejects = Rejects::new(10);
        for _ in 0..100 {
            rejects.keep(reject("x".repeat(TEXT_BYTES), Some("y".repeat(2 * DETAIL_BYTES))));
            let held: usize = rejects.after(0, 100).iter().map(|reject| reject.bytes()).sum();
            assert!(held <= 10 * BYTES_EACH && held == rejects.ring().bytes, "{held}");
        }
        assert_eq!(rejects.after(0, 100).last().map(|reject| reject.number), Some(100));
        let one = Rejects::new(1);
        one.keep(reject("x".repeat(3 * BYTES_EACH), None));
        assert_eq!(one.after(0, 9).len(), 1);
    }

    #[test]
    fn one_that_is_off_only_counts() {
        let rejects = Rejects::new(0);
        rejects.keep(reject("/".to_owned(), None));
        assert_eq!((rejects.total(), rejects.after(0, 9).len()), (1, 0));
    }

    #[test]
    fn of_very_many_faults_the_first_are_kept_whole() {
        let fault = format!(r#"{{"type":"x","msg":"{}"}}"#, "m".repeat(180));
        let said = format!(r#"{{"detail":[{}]}}"#, vec![fault.as_str(); 1_000].join(","));
        let kept = detail_of(said.as_bytes()).expect("it has a detail");
        assert!(kept.len() > DETAIL_BYTES - 300 && kept.len() <= DETAIL_BYTES + 2, "{}", kept.len());
        let faults: Vec<&RawValue> = serde_json::from_str(&kept).expect("JSON");
        assert!(faults.iter().all(|kept| kept.get() == fault));
        assert_eq!(detail_of(br#"{"detail":"Not Found"}"#).as_deref(), Some(r#""Not Found""#));
        assert_eq!((detail_of(b""), detail_of(b"<html>")), (None, None));
    }

    #[test]
    fn the_beginning_of_a_body_is_whole_characters_whatever_it_is() {
        assert_eq!(sent_text("é".repeat(2_000).as_bytes()), "é".repeat(1_000));
        assert_eq!(sent_text(b"\xff\xfet\0o\0k\0e\0n\0=\0x\0"), "\u{fffd}\u{fffd}token=…");
        assert_eq!(sent_text(b""), "");
    }
}
