//! Subscribers: each hears what it is told, and is judged in the end by the whole log.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tradepit_actors::{Begin, Gap, Voice, open};
use tradepit_engine::{ChangeFilter, Event, Number, Order, Status};
use tradepit_kit::orders;

use super::World;

pub(super) struct Subscriber {
    pub(super) begin: Begin,
    pub(super) filter: ChangeFilter,
    pub(super) heard: RefCell<Vec<String>>,
}

impl World {
    /// Subscribes, from now on or from some change of the past on, and listens for ever.
    pub(crate) async fn listen(self: Rc<World>, since: Option<usize>, filter: ChangeFilter) {
        let subscribed = self.venue.subscribe(&self.feed, &VOICE, filter, Box::new(|_| {})).await;
        let (registration, newest, _) = match subscribed {
            Ok(subscribed) => subscribed,
            Err(refused) => return self.refused(refused),
        };
        self.tells(newest, self.fake.confirmed());
        let since = since.map(|share| Begin::Since(Number(newest.0 * share as u64 / 4)));
        let begin = since.unwrap_or(Begin::Live(newest));
        let subscriber = Rc::new(Subscriber { begin, filter, heard: RefCell::default() });
        self.subscribers.borrow_mut().push(Rc::clone(&subscriber));
        let nothing = stream::pending::<Result<Bytes, PayloadError>>();
        let mut session = Box::pin(open(registration, begin, Arc::clone(&self.venue), nothing));
        while let Some(bytes) = session.next().await {
            let texts = texts(&bytes.expect("nothing fails"));
            let durable = if let Begin::Live(_) = begin { self.fake.confirmed() } else { self.fake.durable() };
            texts.iter().filter_map(|text| change_of(text)).for_each(|number| self.tells(number, durable));
            subscriber.heard.borrow_mut().extend(texts);
        }
    }

    /// Each change once, in order, from where it began; after a gap the open orders, and on from there (invariant 4).
    pub(super) fn judge_subscriber(&self, subscriber: &Subscriber, log: &[Event], whole: bool) {
        let heard = subscriber.heard.borrow();
        let (mut after, since) = match subscriber.begin {
            Begin::Live(number) => (number, false),
            Begin::Since(number) => (number, true),
        };
        let mut open: Option<Vec<&str>> = None;
        let is_told = |event: &&Event| event.status().is_some() && subscriber.filter.matches(event);
        let next = |after: Number| log.iter().filter(|event| event.number > after).find(is_told);
        let open_at = |as_of: Number| {
            let mut open: Vec<Order> = orders(log.iter().filter(|event| event.number <= as_of)).into_values().collect();
            open.retain(|order| order.status() == Status::Pending && subscriber.filter.matches_order(order));
            open.iter().map(|order| text_of(|out| write_order(order, out))).collect::<Vec<_>>()
        };
        for text in heard.iter() {
            let words: Vec<&str> = text.split(' ').collect();
            match words[0] {
                "CHANGE" => {
                    let number = change_of(text).expect("it is one");
                    if let Some(open) = open.take() {
                        assert_eq!(open, open_at(after), "open as of {after:?}");
                    }
                    let expected = next(after).map(|event| text_of(|out| write_event(event, out)));
                    assert_eq!(Some(text), expected.as_ref(), "after {after:?} in {heard:?}");
                    after = number;
                }
                "LAGGED" => {
                    assert!(since, "{heard:?}");
                    self.met("lagged");
                    after = Number(words[2].parse().expect("a number"));
                    open = Some(Vec::new());
                }
                _ => open.as_mut().expect("after a gap").push(text),
            }
        }
        if whole {
            if let Some(open) = open {
                assert_eq!(open, open_at(after), "open as of {after:?}");
            }
            assert!(next(after).is_none(), "{after:?} is the last of {} in {heard:?}", log.len());
        }
    }
}

/// One short frame for each thing that a subscriber is told.
static VOICE: Voice = Voice {
    event: write_event,
    gap: Some(Gap {
        lagged: |lost, out| out.extend_from_slice(format!("LAGGED {} {}", lost.oldest.0, lost.as_of.0).as_bytes()),
        order: write_order,
    }),
};

fn write_event(event: &Event, out: &mut Vec<u8>) {
    let word = match event.status() {
        Some(Status::Pending) => "ACCEPTED",
        Some(Status::Executed) => "EXECUTED",
        Some(Status::Cancelled) => "CANCELLED",
        None => return,
    };
    let id = event.order().expect("it is about one").id;
    out.extend_from_slice(format!("CHANGE {} {id:?} {word} {}", event.number.0, event.at.0).as_bytes());
}

fn write_order(order: &Order, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("OPEN {} {:?} {}", order.accepted_number.0, order.id, order.number.0).as_bytes());
}

fn text_of(write: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("it is text")
}

pub(super) fn change_of(text: &str) -> Option<Number> {
    text.strip_prefix("CHANGE ")?.split(' ').next()?.parse().ok().map(Number)
}

/// The texts in whole frames of up to 125 bytes; pings are passed over.
fn texts(mut frames: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let [kind, len, rest @ ..] = frames {
        let (payload, next) = rest.split_at(usize::from(*len));
        if *kind == 0x81 {
            texts.push(String::from_utf8(payload.to_vec()).expect("it is text"));
        }
        frames = next;
    }
    texts
}
