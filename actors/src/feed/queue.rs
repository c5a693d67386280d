//! What one subscriber still has to be written: bounded in bytes by whoever fills it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Waker};

use bytes::{Bytes, BytesMut};

use crate::feed::link::Crowd;

/// What a queue entry costs beside its bytes: itself, in a queue that may be half empty, and the allocator's share.
const ENTRY_BYTES: usize = 2 * size_of::<Bytes>() + 16;
/// Entries are joined up to this size, so that a reader that caught up takes them in few writes.
pub(super) const CHUNK_BYTES: usize = 32 * 1024;
/// Whoever has so much to be written is behind: well below what makes a subscriber slow.
const BEHIND_AT_BYTES: usize = 128 * 1024;
/// So many looks, one a second, it may be behind and is waited for by whoever makes time pass.
const LOOKS_AT_MOST: u32 = 5;

/// Frames that wait to be written.
pub(super) struct Queue {
    entries: VecDeque<Bytes>,
    bytes: usize,
    waker: Option<Waker>,
    /// Of whom its subscriber is one.
    crowd: Arc<Crowd>,
    behind: Behind,
}

/// Whether its subscriber is behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Not,
    /// At so many looks by now: it is waited for.
    For(u32),
    /// For too long to be waited for.
    Hopelessly,
}

impl Queue {
    pub(super) fn new(crowd: Arc<Crowd>) -> Queue {
        Queue { entries: VecDeque::new(), bytes: 0, waker: None, crowd, behind: Behind::Not }
    }

    /// Notes whether it has become long, or short.
    fn note_length(&mut self) {
        match (self.bytes > BEHIND_AT_BYTES, self.behind) {
            (true, Behind::Not) => self.set_behind(Behind::For(0)),
            (false, Behind::For(_) | Behind::Hopelessly) => self.set_behind(Behind::Not),
            (true, Behind::For(_) | Behind::Hopelessly) | (false, Behind::Not) => {}
        }
    }

    fn set_behind(&mut self, behind: Behind) {
        let is_waited_for = |behind| matches!(behind, Behind::For(_));
        let before = std::mem::replace(&mut self.behind, behind);
        if is_waited_for(before) != is_waited_for(behind) {
            self.crowd.note(is_waited_for(behind));
        }
    }

    /// The regular look: whoever stays behind is not waited for any more.
    pub(super) fn look_after(&mut self) {
        match self.behind {
            Behind::For(LOOKS_AT_MOST) => self.set_behind(Behind::Hopelessly),
            Behind::For(looks) => self.behind = Behind::For(looks + 1),
            Behind::Not | Behind::Hopelessly => {}
        }
    }

    /// What it holds, as it counts against its subscriber.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds frames, whole.
    pub(super) fn push(&mut self, frames: Bytes) {
        if frames.is_empty() {
            return;
        }
        self.bytes += frames.len() + ENTRY_BYTES;
        self.entries.push_back(frames);
        self.note_length();
        self.wake();
    }

    /// Wakes whoever asked last: there is something to write.
    pub(super) fn wake(&self) {
        if let Some(waker) = &self.waker {
            waker.wake_by_ref();
        }
    }

    /// The next bytes to write, if there are any; whoever asks is woken when there are more.
    pub(super) fn take(&mut self, task: &Context<'_>) -> Option<Bytes> {
        if !self.waker.as_ref().is_some_and(|waker| waker.will_wake(task.waker())) {
            self.waker = Some(task.waker().clone());
        }
        let first = self.pop()?;
        if self.entries.front().is_none_or(|next| first.len() + next.len() > CHUNK_BYTES) {
            return Some(first);
        }
        let mut chunk = BytesMut::from(&first[..]);
        while self.entries.front().is_some_and(|next| chunk.len() + next.len() <= CHUNK_BYTES) {
            chunk.extend_from_slice(&self.pop()?);
        }
        Some(chunk.freeze())
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let frames = self.entries.pop_front()?;
        self.bytes -= frames.len() + ENTRY_BYTES;
        self.note_length();
        if self.entries.is_empty() {
            // A queue that once was long does not keep its room.
            self.entries.shrink_to(4);
        }
        Some(frames)
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
        self.note_length();
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.clear();
    }
}
