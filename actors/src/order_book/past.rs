//! How the OrderBook answers what is asked of an account's past: with what the recent changes say, which are all there
//! are without a store, and with what its instruments are. What takes longer is done beside it, in `venue/past.rs`.

use tradepit_engine::{ActivitiesOf, Activity, Had, Known, Stretch, Trace};

use super::OrderBook;
use super::answers::{Answers, Lookup};
use crate::ask::{ReadHad, ReadTrace, TakeBack, Value, Valued};

impl Answers<ActivitiesOf> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Lookup<Stretch<Activity>, ()>;

    fn answer(&mut self, question: ActivitiesOf) -> Lookup<Stretch<Activity>, ()> {
        if self.store.is_some() { Lookup::InStore(()) } else { Lookup::Here(self.history.activities(&question)) }
    }
}

impl Answers<ReadTrace> for OrderBook {
    const CHANGES: bool = false;

    /// Beside it how it is now: so it always was where nothing says otherwise, not even later.
    type Answer = (Known, Lookup<Stretch<Trace>, ()>);

    fn answer(&mut self, ReadTrace(question): ReadTrace) -> (Known, Lookup<Stretch<Trace>, ()>) {
        let now = self.exchange.known(question.symbol, question.seek);
        let lookup = match self.store {
            Some(_) => Lookup::InStore(()),
            // What has just happened is not yet there.
            None => {
                self.end_batch();
                Lookup::Here(self.history.trace(&question))
            }
        };
        (now, lookup)
    }
}

impl Answers<ReadHad> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Option<Box<Had>>;

    fn answer(&mut self, ReadHad(account): ReadHad) -> Option<Box<Had>> {
        self.exchange.had(account, self.now).map(Box::new)
    }
}

impl Answers<TakeBack> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Box<Had>;

    fn answer(&mut self, TakeBack(mut had, activities): TakeBack) -> Box<Had> {
        activities.iter().for_each(|activity| self.exchange.take_back(&mut had, activity));
        had
    }
}

impl Answers<Value> for OrderBook {
    const CHANGES: bool = false;

    type Answer = Valued;

    fn answer(&mut self, Value { had, traces, at }: Value) -> Valued {
        let worth = self.exchange.worth_then(&had, at, &traces);
        Valued { had, traces, worth }
    }
}
