//! What an actor does after its mailbox is drained, and its one timer.
//!
//! actix polls the futures of a context after the mailbox was drained: a single future that lives as long as the
//! actor is therefore the end of each turn. A timer per message would be polled at every message (docs/decisions.md);
//! here there is one, re-armed at the end of each turn.

use std::pin::Pin;
use std::task::{Context as Task, Poll};

use actix::fut::ActorFuture;
use actix::{Actor, AsyncContext, Context};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::timer::Timer;

/// What an actor waits for at the end of its turn.
pub(crate) enum Next {
    /// The next message.
    Message,
    /// The timer, or a message.
    Timer(Instant),
    /// Nothing: it has more to do, after everybody who was woken in this turn.
    Turn,
}

/// An actor that works in turns.
pub(crate) trait Turns: Actor<Context = Context<Self>> {
    /// Ends the turn.
    fn end_turn(&mut self) -> Next;

    /// The timer fired.
    fn wake(&mut self, ctx: &mut Context<Self>);
}

/// Starts the turns of an actor; called once, from `started`.
pub(crate) fn take_turns<A: Turns>(ctx: &mut Context<A>, timer: Timer) {
    ctx.spawn(EndOfTurn { timer });
}

struct EndOfTurn {
    timer: Timer,
}

impl<A: Turns> ActorFuture<A> for EndOfTurn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, actor: &mut A, ctx: &mut Context<A>, task: &mut Task<'_>) -> Poll<()> {
        loop {
            let wake_at = match actor.end_turn() {
                Next::Message => break,
                Next::Turn => {
                    task.waker().wake_by_ref();
                    break;
                }
                Next::Timer(wake_at) => wake_at,
            };
            if self.timer.poll(wake_at, Clock::monotonic(), task).is_pending() {
                break;
            }
            actor.wake(ctx);
        }
        Poll::Pending
    }
}
