//! What an actor does after its mailbox is drained.
//!
//! actix polls the futures of a context after the mailbox was drained: a single future that lives as long as the
//! actor is therefore the end of each turn. A timer per message would be polled at every message (docs/decisions.md);
//! here there is one, which the actor owns and asks at the end of each turn.

use std::pin::Pin;
use std::task::{Context as Task, Poll};

use actix::fut::ActorFuture;
use actix::{Actor, AsyncContext, Context};

/// What comes after the end of a turn.
pub(crate) enum Next {
    /// Whatever wakes it: a message, or the timer that it asked.
    Rest,
    /// What it waited for: it is time.
    Wake,
    /// More to do, after everybody who was woken in this turn.
    Turn,
}

pub(crate) trait Turns: Actor<Context = Context<Self>> {
    /// Ends the turn. Whoever returns [`Next::Rest`] and waits for a time has asked its timer, which wakes `task`.
    fn end_turn(&mut self, task: &mut Task<'_>) -> Next;

    /// It is time.
    fn wake(&mut self, ctx: &mut Context<Self>);
}

/// Starts the turns of an actor; called once, from `started`.
pub(crate) fn take_turns<A: Turns>(ctx: &mut Context<A>) {
    ctx.spawn(EndOfTurn);
}

struct EndOfTurn;

impl<A: Turns> ActorFuture<A> for EndOfTurn {
    type Output = ();

    fn poll(self: Pin<&mut Self>, actor: &mut A, ctx: &mut Context<A>, task: &mut Task<'_>) -> Poll<()> {
        loop {
            match actor.end_turn(task) {
                Next::Rest => return Poll::Pending,
                Next::Wake => actor.wake(ctx),
                Next::Turn => {
                    task.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    }
}
