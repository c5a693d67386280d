//! Who listens on this thread.

use std::cell::{Cell, Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::faults::Board;
use crate::feed::closing::CloseCode;
use crate::feed::link::Crowd;
use crate::feed::market::desk::Desk;
use crate::feed::subscription::Subscription;
use crate::stats::Stats;

/// The subscribers of one worker thread, shared between the Feed and its handles on that thread.
pub(crate) struct Registry {
    subscriptions: RefCell<BTreeMap<u64, Rc<Subscription>>>,
    /// What they follow of the market.
    desk: Rc<Desk>,
    next_key: Cell<u64>,
    count: Arc<AtomicUsize>,
    hear_channels: Arc<AtomicUsize>,
    /// The largest backlog of any of them, as of the last look.
    backlog: Arc<AtomicUsize>,
    shared: Shared,
    /// Why whoever comes is closed at once.
    closing: Cell<Option<CloseCode>>,
}

/// What all subscribers of a Feed share: the venue's counts, who of them is behind, and the venue's faults.
pub(crate) type Shared = (Arc<Stats>, Arc<Crowd>, Arc<Board>);

impl Registry {
    /// Nobody listens yet. `count` is how many do, and `hear_channels` how many of them hear of orders whole, for
    /// whoever is on another thread.
    pub(crate) fn new(
        desk: Desk,
        (count, hear_channels): (Arc<AtomicUsize>, Arc<AtomicUsize>),
        shared: Shared,
    ) -> Registry {
        let (subscriptions, next_key, backlog) = (RefCell::default(), Cell::default(), Arc::default());
        let (desk, closing) = (Rc::new(desk), Cell::default());
        Registry { subscriptions, desk, next_key, count, hear_channels, backlog, shared, closing }
    }

    /// How what is followed here stands.
    pub(crate) fn desk(&self) -> &Rc<Desk> {
        &self.desk
    }

    /// Adds a subscriber, for as long as what is returned is held.
    pub(crate) fn add(self: &Rc<Self>, subscription: Subscription) -> Registration {
        let (key, subscription) = (self.next_key.get(), Rc::new(subscription));
        self.next_key.set(key + 1);
        self.subscriptions.borrow_mut().insert(key, Rc::clone(&subscription));
        self.count.fetch_add(1, Ordering::AcqRel);
        if subscription.hears_orders() {
            self.hear_channels.fetch_add(1, Ordering::AcqRel);
        }
        self.shared.0.subscribers.rise();
        if let Some(code) = self.closing.get() {
            subscription.close(code);
        }
        Registration { subscription, registry: Rc::clone(self), key }
    }

    /// Who listens, the longest first.
    pub(crate) fn subscriptions(&self) -> Ref<'_, BTreeMap<u64, Rc<Subscription>>> {
        self.subscriptions.borrow()
    }

    /// Closes all who listen, and whoever comes from now on.
    pub(crate) fn close(&self, code: CloseCode) {
        self.closing.set(Some(code));
        self.subscriptions.borrow().values().for_each(|subscription| subscription.close(code));
    }

    /// Whether it is closed.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get().is_some()
    }

    /// Whether nobody listens.
    pub(crate) fn is_empty(&self) -> bool {
        self.subscriptions.borrow().is_empty()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn crowd(&self) -> &Crowd {
        &self.shared.1
    }

    pub(crate) fn note_backlog(&self, bytes: usize) {
        self.backlog.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn backlog(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.backlog)
    }

    fn remove(&self, key: u64) {
        if let Some(subscription) = self.subscriptions.borrow_mut().remove(&key) {
            self.count.fetch_sub(1, Ordering::AcqRel);
            if subscription.hears_orders() {
                self.hear_channels.fetch_sub(1, Ordering::AcqRel);
            }
            self.shared.0.subscribers.fall();
        }
    }
}

/// A subscriber's place in its Feed; given up when dropped.
pub struct Registration {
    pub(crate) subscription: Rc<Subscription>,
    registry: Rc<Registry>,
    key: u64,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.registry.remove(self.key);
    }
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration").field("key", &self.key).finish_non_exhaustive()
    }
}
