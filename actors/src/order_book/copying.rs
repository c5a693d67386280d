//! What an OrderBook holds at one moment, for another one to go on from: that of a copy.
//!
//! It is told as any answer is, once all of it is durable. What is large both share from then on.

use std::sync::Arc;

use tradepit_engine::{Exchange, Hours, OpenAccount, Rule, Rulebook, Time};
use tradepit_market::Simulated;

use super::answers::Answers;
use super::bars::Bars;
use super::history::History;
use super::together::Memory;
use super::{OrderBook, Setup};
use crate::chance::{Chance, DelayModel, Ids};
use crate::clock::{Clock, Mode};

/// All that a venue holds at one moment, and how it goes on.
pub struct Likeness {
    pub(super) delay: DelayModel,
    pub(super) long_delay: DelayModel,
    pub(super) chance: Chance,
    pub(super) clock: Clock,
    pub(super) exchange: Exchange,
    pub(super) ids: Ids,
    pub(super) history: History,
    pub(super) bars: Bars,
    pub(super) simulated: Option<Simulated>,
    pub(super) rows_held: usize,
    pub(super) memory: Memory,
    /// The accounts that were opened since it started.
    pub(super) opened: Vec<OpenAccount>,
    pub(super) mailbox: usize,
    now: Time,
}

/// What a copy does otherwise from then on.
#[derive(Clone, Debug, Default)]
pub struct Otherwise {
    /// How long orders wait.
    pub delay: Option<DelayModel>,
    /// How long orders wait that ask for it.
    pub long_delay: Option<DelayModel>,
    /// Where ids and delays come from.
    pub chance: Option<Chance>,
    /// What becomes of orders on purpose.
    pub rules: Option<Arc<[Rule]>>,
    /// When a share trades that is listed without saying so.
    pub hours: Option<Hours>,
    /// Whether its clock stands, until somebody says how it is to run.
    pub stands: bool,
}

impl Likeness {
    /// Of a venue that is about to start with this exchange.
    pub(super) fn begin(setup: &Setup, exchange: Exchange, ids: Ids) -> Likeness {
        let &Setup { delay, long_delay, chance, clock, simulated, history, mailbox, .. } = setup;
        Likeness {
            delay,
            long_delay,
            chance,
            clock,
            ids,
            history: History::after(exchange.last_number(), exchange.last_seq(), history),
            bars: Bars::beside(history),
            simulated,
            rows_held: 0,
            memory: Memory::default(),
            opened: Vec::new(),
            mailbox,
            now: clock.now(),
            exchange,
        }
    }

    /// The moment that it is of.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The same, that goes on otherwise.
    #[must_use]
    pub fn going_on(mut self: Box<Self>, otherwise: Otherwise) -> Box<Likeness> {
        let Otherwise { delay, long_delay, chance, rules, hours, stands } = otherwise;
        self.delay = delay.unwrap_or(self.delay);
        self.long_delay = long_delay.unwrap_or(self.long_delay);
        let is_other = chance.is_some();
        if let Some(chance) = chance {
            self.chance = chance;
            self.ids.go_on_by(self.exchange.last_number().next(), chance);
        }
        let (chance, there) = (self.chance.number(), self.exchange.rulebook());
        let book = match (rules, there) {
            (Some(rules), _) => Some(Rulebook::new(rules, chance)),
            (None, Some(there)) if is_other => {
                Some(Rulebook::with_counts(Arc::clone(there.rules()), chance, there.counts().to_vec()))
            }
            (None, _) => None,
        };
        book.into_iter().for_each(|book| self.exchange.have_rules(book));
        hours.into_iter().for_each(|hours| self.exchange.set_equity_hours(hours));
        if stands {
            self.clock = Clock::standing_at(self.now);
        }
        self
    }
}

/// Tell all that is held.
pub(crate) struct TakeLikeness {
    /// So many messages may wait in its mailbox.
    pub(crate) mailbox: usize,
}

impl Answers<TakeLikeness> for OrderBook {
    type Answer = Box<Likeness>;

    fn answer(&mut self, TakeLikeness { mailbox }: TakeLikeness) -> Box<Likeness> {
        // What happened in this turn is history by then.
        self.end_batch();
        let now = self.now;
        Box::new(Likeness {
            delay: self.delay,
            long_delay: self.long_delay,
            chance: self.chance,
            clock: match self.clock.clock().mode() {
                Mode::Real => Clock::starting_at(now),
                Mode::Frozen => Clock::standing_at(now),
                Mode::Running(speed) => Clock::running_from(now, speed),
            },
            exchange: self.exchange.copy(),
            ids: self.ids.clone(),
            history: self.history.copy(),
            bars: self.bars.copy(),
            simulated: self.simulated,
            rows_held: self.rows_held,
            memory: self.memory.clone(),
            opened: self.accounts.opened(),
            mailbox,
            now,
        })
    }
}
