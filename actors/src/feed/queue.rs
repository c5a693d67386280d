//! What one subscriber still has to be written: bounded in bytes by whoever fills it.

use std::collections::VecDeque;
use std::task::{Context, Waker};

use bytes::{Bytes, BytesMut};

/// What a queue entry costs beside its bytes: itself, in a queue that may be half empty, and the allocator's share.
const ENTRY_BYTES: usize = 2 * size_of::<Bytes>() + 16;
/// Entries are joined up to this size, so that a reader that caught up takes them in few writes.
const CHUNK_BYTES: usize = 32 * 1024;

/// Frames that wait to be written.
#[derive(Default)]
pub(super) struct Queue {
    entries: VecDeque<Bytes>,
    bytes: usize,
    waker: Option<Waker>,
}

impl Queue {
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
        if self.entries.is_empty() {
            // A queue that once was long does not keep its room.
            self.entries.shrink_to(4);
        }
        Some(frames)
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }
}
