//! Several requests done in one turn: in order, each on its own, all at one moment.
//!
//! Whoever sends them again under the same key is told what was told the first time, for as long as that is remembered;
//! beyond that each order has a name of its own made of the key, and is placed once.

use std::collections::VecDeque;
use std::sync::Arc;

use tradepit_engine::{Label, Number, Order, OrderId, Rejection};

use super::OrderBook;
use super::answers::{Answers, Lookup};
use super::put_off::Decided;
use crate::ask::{Amend, Cancel, Deed, Placed};

/// Outcomes that are remembered for whoever repeats a request, at most: some 12 MB of them.
const REMEMBERED: usize = 16_384;

/// Do these, from whoever has looked their names up in the store.
pub(crate) struct Together {
    /// Nothing is done in the place of one that could not be read.
    pub(crate) deeds: Vec<Option<Deed>>,
    /// What the store had of orders under their names; nothing at all where nobody had to look.
    pub(crate) known: Vec<Option<Result<Placed, Rejection>>>,
    /// Under which name all of it is asked.
    pub(crate) key: Option<Label>,
    /// The store knows none of the names, as of this change. Without a store nobody has to look.
    pub(crate) unknown_as_of: Option<Number>,
}

/// What became of one of them.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Nothing,
    Placed(Result<Placed, Rejection>),
    Replaced(Lookup<Result<Placed, Rejection>, Number>),
    Amended(Lookup<Result<Order, Rejection>, Number>),
    Cancelled(Lookup<(), Number>),
}

pub(crate) enum Doing {
    Done(Vec<Outcome>),
    /// It was done before: this is what became of it then.
    Again(Vec<Outcome>),
    /// Under this key something else was asked.
    KeyTaken,
    /// See [`super::answers::Placing::LookFirst`].
    LookFirst(Vec<Option<Deed>>, Option<Label>),
}

/// What was done under a key.
struct Remembered {
    key: Label,
    deeds: Vec<Option<Deed>>,
    outcomes: Vec<Outcome>,
}

/// What was done under the newest keys.
#[derive(Clone, Default)]
pub(super) struct Memory {
    newest: VecDeque<Arc<Remembered>>,
    outcomes: usize,
}

impl Memory {
    fn find(&self, key: &Label) -> Option<&Remembered> {
        self.newest.iter().find(|remembered| remembered.key == *key).map(|remembered| &**remembered)
    }

    fn keep(&mut self, remembered: Remembered) {
        self.outcomes += remembered.outcomes.len();
        self.newest.push_back(Arc::new(remembered));
        while self.outcomes > REMEMBERED {
            let Some(oldest) = self.newest.pop_front() else { return };
            self.outcomes -= oldest.outcomes.len();
        }
    }
}

impl Answers<Together> for OrderBook {
    type Answer = Doing;

    fn answer(&mut self, Together { deeds, known, key, unknown_as_of }: Together) -> Doing {
        if let Some(before) = key.as_ref().and_then(|key| self.memory.find(key)) {
            let is_same = before.deeds == deeds;
            return if is_same { Doing::Again(before.outcomes.clone()) } else { Doing::KeyTaken };
        }
        let mut asked = deeds.iter().zip(known.iter().chain(std::iter::repeat(&None)));
        let is_to_find = |(deed, known): (&Option<Deed>, &Option<_>)| known.is_none() && is_named(deed.as_ref());
        if self.must_look_first(unknown_as_of) && asked.any(is_to_find) {
            return Doing::LookFirst(deeds, key);
        }
        let kept = key.map(|key| (key, deeds.clone()));
        let mut outcomes = Vec::with_capacity(deeds.len());
        let mut known = known.into_iter();
        for deed in deeds {
            outcomes.push(match (known.next().flatten(), deed) {
                (Some(placed), Some(Deed::Replace(_))) => Outcome::Replaced(Lookup::Here(placed)),
                (Some(placed), _) => Outcome::Placed(placed),
                (None, deed) => self.act(deed),
            });
        }
        if let Some((key, deeds)) = kept {
            self.memory.keep(Remembered { key, deeds, outcomes: outcomes.clone() });
        }
        Doing::Done(outcomes)
    }
}

/// Whether it places an order under names.
fn is_named(deed: Option<&Deed>) -> bool {
    match deed {
        Some(Deed::Place(submit)) => submit.origin.is_some(),
        Some(Deed::Replace(replace)) => replace.origin.is_some(),
        Some(Deed::Amend(_) | Deed::Cancel(_)) | None => false,
    }
}

impl OrderBook {
    /// An order of which something is put off: among several nobody waits for that.
    fn as_it_stands(&self, id: OrderId) -> Result<Order, Rejection> {
        match self.locate(id) {
            Lookup::Here(order) => Ok(order),
            Lookup::InStore(_) | Lookup::Nowhere => Err(Rejection::UnknownOrder),
        }
    }

    /// Does one of several: as its own request would, which comes after what the one before it brought about.
    fn act(&mut self, deed: Option<Deed>) -> Outcome {
        self.execute_until_now();
        match deed {
            None => Outcome::Nothing,
            Some(Deed::Place(submit)) => Outcome::Placed(self.submit(submit)),
            Some(Deed::Replace(replace)) => {
                let old = replace.id;
                let replaced = self.place_instead(replace);
                Outcome::Replaced(replaced.map(|replaced| match replaced {
                    Decided::Now(replaced) => replaced,
                    Decided::Later(_) => self.as_it_stands(old).map(Placed::New),
                }))
            }
            Some(Deed::Amend(amend)) => {
                let id = amend.id;
                let amended = Answers::<Amend>::answer(self, amend);
                Outcome::Amended(amended.map(|amended| match amended {
                    Decided::Now(amended) => amended,
                    Decided::Later(_) => self.as_it_stands(id),
                }))
            }
            Some(Deed::Cancel(id)) => Outcome::Cancelled(Answers::<Cancel>::answer(self, Cancel(id)).map(drop)),
        }
    }
}
