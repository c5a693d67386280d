//! When a subscriber is pinged, and when it is ended from outside.

use std::rc::Rc;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn subscription() -> Subscription {
    const SILENCE: Voice = Voice { event: |_, _| {}, gap: None };
    Subscription::new(Hears::Statuses(&SILENCE, ChangeFilter::default()), None, Box::new(|_| {}), Default::default())
}

/// Whether it was pinged since the last time.
fn was_pinged(subscription: &Subscription) -> bool {
    subscription.queue.borrow_mut().pop().is_some_and(|frames| frames == PING)
}

#[tokio::test]
async fn time_in_which_the_server_did_not_run_does_not_count() {
    let (it, begun) = (subscription(), Clock::monotonic());
    // It is silent for 30 s, and the server stands still for 50 s in between.
    for second in 1..=20 {
        it.look_after(begun + second * SECOND);
    }
    assert!(was_pinged(&it));
    let mut now = begun + 70 * SECOND;
    it.excuse(50 * SECOND, now);
    it.look_after(now);
    assert!(was_pinged(&it), "again, at once");
    for _ in 0..24 {
        now += SECOND;
        it.excuse(Duration::ZERO, now);
        it.look_after(now);
        assert!(!it.is_closing());
    }
    now += SECOND;
    it.look_after(now);
    assert!(it.is_closing(), "25 s after a ping that the server could hear the answer to");
}

#[tokio::test]
async fn a_short_absence_is_no_reason_for_a_ping_but_does_not_count_either() {
    let (it, begun) = (subscription(), Clock::monotonic());
    it.look_after(begun + 39 * SECOND);
    assert!(was_pinged(&it));
    it.excuse(3 * SECOND, begun + 42 * SECOND);
    it.look_after(begun + 42 * SECOND);
    assert!(!it.is_closing() && !was_pinged(&it));
    it.look_after(begun + 43 * SECOND);
    assert!(it.is_closing());
}

#[tokio::test]
async fn a_client_that_is_to_answer_a_close_frame_has_its_time_too() {
    let ended = Rc::new(Cell::new(false));
    let (it, told) = (subscription(), Rc::clone(&ended));
    let it = Subscription { disconnect: Box::new(move |_| told.set(true)), ..it };
    let begun = Clock::monotonic();
    it.close(CloseCode::GOING_AWAY);
    it.excuse(60 * SECOND, begun + 60 * SECOND);
    it.look_after(begun + 60 * SECOND);
    assert!(!ended.get());
    it.look_after(begun + 65 * SECOND);
    assert!(ended.get());
}
