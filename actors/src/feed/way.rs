//! What becomes of a socket's frames on their way out, where the venue has faults for its streams: they come late,
//! twice, in another order or not at all, or the socket ends or falls silent in their place.
//!
//! A socket that no fault concerns never comes here. What is held back counts as unread, as what waits in the queue
//! does: so the same bounds hold.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;
use tradepit_engine::{AccountId, Time};

use super::queue::{CHUNK_BYTES, Queue};
use super::voice::{is_text, next_frame, payload_of};
use crate::clock::Clock;
use crate::clock::timer::Timer;
use crate::faults::{Board, StreamDeed, StreamFaults};

/// What a frame that is held back costs beside its bytes.
const ENTRY_BYTES: usize = 64;
/// A frame that waits for others to pass it waits no longer.
const PASSED_WITHIN: Duration = Duration::from_secs(1);

/// Of which stream a frame is, by its text.
pub(super) type StreamOf = fn(&[u8]) -> &str;

/// One socket's way out.
pub(super) struct Way {
    board: Arc<Board>,
    /// The version of the board that was looked at last.
    seen: Cell<u64>,
    stream_of: StreamOf,
    /// For which account it listens.
    account: Option<AccountId>,
    /// What it holds back, as that counts against its subscriber.
    bytes: Cell<usize>,
    /// Where a fault may concern it.
    disturbed: RefCell<Option<Box<Disturbed>>>,
}

/// How a socket is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With this close code.
    Close(u16),
    /// Without a word.
    Drop,
}

/// What is to be written next.
pub(super) enum Next {
    Frames(Bytes),
    /// Nothing yet: whoever asks is woken when there is.
    Nothing,
    /// What stands before is written, then it ends.
    End(Ending),
}

/// What waits to be written, in order.
enum Waiting {
    /// A frame, not before this moment.
    Frame(Instant, Bytes),
    /// Silence of this length.
    Silence(Duration),
}

/// A frame that others are to pass.
struct Passed {
    frame: Bytes,
    copies: usize,
    delay: Duration,
    /// How many more.
    by: u64,
    until: Instant,
}

struct Disturbed {
    faults: Arc<StreamFaults>,
    /// Its number among the sockets that met them.
    socket: u64,
    /// How many frames each fault looked at.
    looked: Vec<u64>,
    waiting: VecDeque<Waiting>,
    passed: Vec<Passed>,
    silent_until: Option<Instant>,
    timer: Timer,
}

impl Way {
    pub(super) fn new(board: Arc<Board>, stream_of: StreamOf, account: Option<AccountId>) -> Way {
        // What hangs there already is looked at when something is written first.
        Way { board, seen: Cell::new(0), stream_of, account, bytes: Cell::default(), disturbed: RefCell::default() }
    }

    /// Whether a fault may concern it: asked whenever something is written.
    #[inline]
    pub(super) fn is_disturbed(&self) -> bool {
        self.board.version() != self.seen.get() || self.disturbed.borrow().is_some()
    }

    /// What it holds back, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    pub(super) fn is_empty(&self) -> bool {
        let disturbed = self.disturbed.borrow();
        disturbed.as_ref().is_none_or(|disturbed| disturbed.waiting.is_empty() && disturbed.passed.is_empty())
    }

    /// Whether nothing may be written at this moment, no pong either.
    pub(super) fn is_silent(&self) -> bool {
        let disturbed = self.disturbed.borrow();
        let until = disturbed.as_ref().and_then(|disturbed| disturbed.silent_until);
        until.is_some_and(|until| until > Clock::monotonic())
    }

    /// Lets go of all that it holds back.
    pub(super) fn clear(&self) {
        if let Some(disturbed) = &mut *self.disturbed.borrow_mut() {
            disturbed.waiting.clear();
            disturbed.passed.clear();
        }
        self.bytes.set(0);
    }

    /// Takes what waits in the queue its way. Where the socket closes, nothing is held back any more.
    pub(super) fn take(&self, queue: &mut Queue, now: Time, is_closing: bool, task: &mut Context<'_>) -> Next {
        self.look_at_board();
        let mut borrowed = self.disturbed.borrow_mut();
        let Some(disturbed) = &mut *borrowed else { return queue.take(task).map_or(Next::Nothing, Next::Frames) };
        let next = disturbed.take(self, queue, now, is_closing, task);
        self.bytes.set(disturbed.bytes());
        if disturbed.faults.faults.is_empty() && disturbed.waiting.is_empty() {
            *borrowed = None;
        }
        next
    }

    /// Where other faults hang there, these count from now on; what was held back by those before comes at once.
    fn look_at_board(&self) {
        if self.board.version() == self.seen.get() {
            return;
        }
        let (version, faults) = self.board.in_force();
        self.seen.set(version);
        let mut disturbed = self.disturbed.borrow_mut();
        let waiting = disturbed.take().map(|before| before.let_go()).unwrap_or_default();
        if !faults.faults.is_empty() || !waiting.is_empty() {
            *disturbed = Some(Box::new(Disturbed::begin(faults, waiting)));
        }
    }
}

impl Disturbed {
    fn begin(faults: Arc<StreamFaults>, waiting: VecDeque<Waiting>) -> Disturbed {
        let (socket, looked) = (faults.next_socket(), vec![0; faults.faults.len()]);
        let timer = Timer::coarse(Clock::monotonic());
        Disturbed { faults, socket, looked, waiting, passed: Vec::new(), silent_until: None, timer }
    }

    /// What it holds back, in order, without its waiting.
    fn let_go(mut self) -> VecDeque<Waiting> {
        let now = Clock::monotonic();
        self.pass_all(now);
        let frames = self.waiting.into_iter().filter_map(|waiting| match waiting {
            Waiting::Frame(_, frame) => Some(Waiting::Frame(now, frame)),
            Waiting::Silence(_) => None,
        });
        frames.collect()
    }

    fn bytes(&self) -> usize {
        let waiting = self.waiting.iter().map(|waiting| match waiting {
            Waiting::Frame(_, frame) => frame.len() + ENTRY_BYTES,
            Waiting::Silence(_) => ENTRY_BYTES,
        });
        let passed = self.passed.iter().map(|passed| (passed.frame.len() + ENTRY_BYTES) * passed.copies);
        waiting.sum::<usize>() + passed.sum::<usize>()
    }

    fn take(&mut self, way: &Way, queue: &mut Queue, time: Time, is_closing: bool, task: &mut Context<'_>) -> Next {
        loop {
            let now = Clock::monotonic();
            if is_closing {
                self.silent_until = None;
                self.pass_all(now);
            }
            if let Some(until) = self.silent_until {
                if self.timer.poll(until, now, task).is_pending() {
                    return Next::Nothing;
                }
                self.silent_until = None;
            }
            while let Some(mut frames) = queue.take(task) {
                while let Some(frame) = next_frame(&mut frames) {
                    if let Some(ending) = self.meet(way, frame, time, now) {
                        self.pass_all(now);
                        return Next::End(ending);
                    }
                }
            }
            self.pass_overdue(now);
            if let Some(frames) = self.due(now, is_closing) {
                return Next::Frames(frames);
            }
            let wake_at = self.silent_until.or_else(|| self.wake_at());
            if wake_at.is_none_or(|at| self.timer.poll(at, now, task).is_pending()) {
                return Next::Nothing;
            }
        }
    }

    /// A frame is about to be written: how the socket ends in its place, if it does.
    fn meet(&mut self, way: &Way, frame: Bytes, time: Time, now: Instant) -> Option<Ending> {
        let faults = Arc::clone(&self.faults);
        let (mut delay, mut copies, mut passed_by, mut ending) = (Duration::ZERO, 1, 0, None);
        let stream = is_text(&frame).then(|| (way.stream_of)(payload_of(&frame)));
        for ((place, fault, matched), looked) in faults.faults.iter().zip(&mut self.looked) {
            if !stream.is_some_and(|stream| fault.concerns(stream, way.account, time)) {
                continue;
            }
            *looked += 1;
            let mut draws = faults.chance.fault(*place, self.socket, *looked);
            if !(fault.choice.meets(*looked, &mut draws) && matched.note()) {
                continue;
            }
            match fault.deed {
                StreamDeed::Close(code) => drop(ending.get_or_insert(Ending::Close(code))),
                StreamDeed::Drop => drop(ending.get_or_insert(Ending::Drop)),
                StreamDeed::Stall(us) => self.waiting.push_back(Waiting::Silence(Duration::from_micros(us))),
                StreamDeed::Delay(model) => delay += Duration::from_micros(draws.delay_us(&model)),
                StreamDeed::Duplicate => copies += usize::from(copies > 0),
                StreamDeed::Reorder(within) => passed_by = draws.upto(within).max(passed_by),
                StreamDeed::Skip => copies = 0,
            }
        }
        if ending.is_some() {
            return ending;
        }
        self.passed.iter_mut().for_each(|passed| passed.by = passed.by.saturating_sub(1));
        if passed_by == 0 {
            self.wait(&frame, copies, now + delay);
        }
        let overtaken = |passed: &mut Passed| passed.by == 0;
        let come: Vec<Passed> = self.passed.extract_if(.., overtaken).collect();
        come.iter().for_each(|passed| self.wait(&passed.frame, passed.copies, now + passed.delay));
        if passed_by > 0 {
            self.passed.push(Passed { frame, copies, delay, by: passed_by, until: now + PASSED_WITHIN });
        }
        None
    }

    fn wait(&mut self, frame: &Bytes, copies: usize, until: Instant) {
        self.waiting.extend((0..copies).map(|_| Waiting::Frame(until, frame.clone())));
    }

    /// Nothing more passes what waits for that.
    fn pass_all(&mut self, now: Instant) {
        for passed in mem::take(&mut self.passed) {
            self.wait(&passed.frame, passed.copies, now + passed.delay);
        }
    }

    fn pass_overdue(&mut self, now: Instant) {
        let come: Vec<Passed> = self.passed.extract_if(.., |passed| passed.until <= now).collect();
        come.iter().for_each(|passed| self.wait(&passed.frame, passed.copies, now + passed.delay));
    }

    /// What may be written, up to the next silence.
    fn due(&mut self, now: Instant, is_closing: bool) -> Option<Bytes> {
        let mut chunk = BytesMut::new();
        while chunk.len() < CHUNK_BYTES {
            match self.waiting.front()? {
                Waiting::Frame(until, frame) if *until <= now || is_closing => chunk.extend_from_slice(frame),
                Waiting::Frame(..) => break,
                Waiting::Silence(_) if is_closing => {}
                Waiting::Silence(_) if !chunk.is_empty() => break,
                Waiting::Silence(length) => self.silent_until = Some(now + *length),
            }
            self.waiting.pop_front();
            if self.waiting.is_empty() || self.silent_until.is_some() {
                break;
            }
        }
        (!chunk.is_empty()).then(|| chunk.freeze())
    }

    /// When there is something to do next.
    fn wake_at(&self) -> Option<Instant> {
        let first = match self.waiting.front() {
            Some(Waiting::Frame(until, _)) => Some(*until),
            Some(Waiting::Silence(_)) | None => None,
        };
        first.into_iter().chain(self.passed.iter().map(|passed| passed.until)).min()
    }
}
