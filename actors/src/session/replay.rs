//! What a subscriber is told that asked for the past (`since`): drawn from the OrderBook's history, or the store, in
//! pieces as the client reads, then joined to the live announcements without gap or repeat.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tradepit_engine::{ChangeFilter, Changes, Lost, Number, OpenOrders};

use crate::ask::{ReadChanges, ReadOpenOrders};
use crate::feed::subscription::Subscription;
use crate::feed::voice::Gap;
use crate::order_book::addr::Refused;
use crate::stats::DropReason;
use crate::venue::Venue;

/// How long a replay waits before it asks an overloaded OrderBook again.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Tells the changes after `after`, and leaves the subscription live.
///
/// Announcements are kept while a piece is asked for; when the piece turns out to be the last, what was kept follows
/// it. Otherwise they are let go, for the next piece will hold them: so a slow reader of a long past costs one piece.
pub(crate) async fn replay(subscription: Rc<Subscription>, venue: Arc<Venue>, mut after: Number) {
    let Some((voice, filter)) = subscription.statuses() else { return };
    loop {
        subscription.hold();
        let draw = || venue.changes(ReadChanges { after, filter });
        let Some(changes) = ask_patiently(draw).await else { return };
        match changes {
            Changes::Held { events, upto, newest } => {
                subscription.push_replayed(voice.events(&events));
                after = upto;
                if upto >= newest && subscription.go_live(upto) {
                    return;
                }
                subscription.let_pass();
            }
            Changes::Lost(lost) => {
                let Some(gap) = voice.gap else { return subscription.drop_for(DropReason::Slow) };
                subscription.let_pass();
                let Some(as_of) = tell_open_orders(&subscription, &venue, (gap, filter), lost).await else { return };
                after = as_of;
            }
        }
        drained(&subscription).await;
    }
}

/// Tells of a gap and of every order that is open after it; returns the change as of which that was true.
async fn tell_open_orders(
    subscription: &Subscription,
    venue: &Venue,
    (gap, filter): (Gap, ChangeFilter),
    mut lost: Lost,
) -> Option<Number> {
    let mut after = Number(0);
    subscription.push_replayed(gap.lagged_frame(&lost));
    loop {
        let draw = || venue.open_orders(ReadOpenOrders { as_of: lost.as_of, after, filter });
        match ask_patiently(draw).await? {
            OpenOrders::Held { orders, next } => {
                subscription.push_replayed(gap.orders(&orders));
                drained(subscription).await;
                let Some(next) = next else { return Some(lost.as_of) };
                after = next;
            }
            OpenOrders::Lost(again) => {
                lost = again;
                after = Number(0);
                subscription.push_replayed(gap.lagged_frame(&lost));
            }
        }
    }
}

/// Waits until the client took what was queued. The Session's outgoing stream polls this each time it runs dry, so no
/// waker is needed.
pub(super) async fn drained(subscription: &Subscription) {
    poll_fn(|_| if subscription.is_drained() { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// Draws until the OrderBook has room; `None` when it stopped.
#[expect(clippy::disallowed_methods, reason = "a replay waits in its own connection's task, never in an actor")]
pub(super) async fn ask_patiently<T, F: Future<Output = Result<T, Refused>>>(draw: impl Fn() -> F) -> Option<T> {
    loop {
        match draw().await {
            Ok(reply) => return Some(reply),
            Err(Refused::Full) => tokio::time::sleep(ASK_AGAIN_AFTER).await,
            Err(Refused::Stopped) => return None,
        }
    }
}
