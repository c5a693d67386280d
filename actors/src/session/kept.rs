//! What a subscriber of channels is told that asked for the past (`after`): as `replay.rs` tells changes of status.

use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{Direction, KeptChanges, Lost, Number, OrderFilter, Status};

use super::replay::{ask_patiently, drained};
use crate::ask::{List, Listed, ReadKept, Start};
use crate::feed::channels::Listener;
use crate::feed::subscription::Subscription;
use crate::feed::voice::Frames;
use crate::venue::Venue;

/// Open orders that are told at a time.
const AT_A_TIME: usize = 256;

/// Tells the changes after `after`, and leaves the subscription live.
pub(super) async fn replay(subscription: Rc<Subscription>, venue: Arc<Venue>, listener: Listener, mut after: Number) {
    loop {
        subscription.hold();
        let Some(changes) = ask_patiently(|| venue.kept(ReadKept { after })).await else { return };
        match changes {
            KeptChanges::Held { changes, upto, newest } => {
                let told = changes.iter().map(|(event, order)| (event, order.as_deref()));
                subscription.push_replayed(listener.frames(after, told));
                after = upto;
                if upto >= newest && subscription.go_live(upto) {
                    return;
                }
                subscription.let_pass();
            }
            KeptChanges::Lost(lost) => {
                subscription.let_pass();
                if tell_open_orders(&subscription, &venue, &listener, &lost).await.is_none() {
                    return;
                }
                after = lost.as_of;
            }
        }
        drained(&subscription).await;
    }
}

/// Tells of a gap, and of every order that is open after it, as it stands when it is told.
async fn tell_open_orders(subscription: &Subscription, venue: &Venue, listener: &Listener, lost: &Lost) -> Option<()> {
    let Listener { voice, channels, accounts, .. } = listener;
    let mut frames = Frames::default();
    frames.push(|out| (voice.lagged)(lost, out));
    subscription.push_replayed(frames.finish());
    let filter = OrderFilter { status: Some(Status::Pending), account: channels.account, ..OrderFilter::default() };
    let mut start = Some(Start::First).filter(|_| channels.orders);
    while let Some(from) = start {
        let list = List { start: from, filter, limit: AT_A_TIME, direction: Direction::OldestFirst };
        let Listed { orders, has_more } = ask_patiently(|| venue.list(list)).await??;
        let mut frames = Frames::default();
        let told = orders.iter().filter(|order| order.accepted_number <= lost.as_of && channels.hears_order(order));
        told.for_each(|order| frames.push(|out| (voice.order)(order, accounts, out)));
        subscription.push_replayed(frames.finish());
        drained(subscription).await;
        start = orders.last().filter(|_| has_more).map(|last| Start::At(last.accepted_number));
    }
    Some(())
}
