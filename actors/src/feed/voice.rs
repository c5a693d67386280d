//! How a surface says what happened: what it says is the surface's matter and comes in as a [`Voice`]; this file puts
//! it into WebSocket frames (RFC 6455 section 5.2; a server does not mask).

use bytes::{BufMut, Bytes, BytesMut};
use tradepit_engine::{Event, Lost, Order};

/// One way to say events. There is one of each, for ever: so voices are told apart by where they stand.
#[derive(Debug)]
pub struct Voice {
    /// An event; nothing where this voice has no word for it.
    pub event: fn(&Event, &mut Vec<u8>),
    /// What it says where events are missing; a voice that has no words for that loses its subscribers instead.
    pub gap: Option<Gap>,
}

/// How a gap is told: first that there is one, then every order that is open after it.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// Some changes are no longer held.
    pub lagged: fn(&Lost, &mut Vec<u8>),
    /// An order that is open.
    pub order: fn(&Order, &mut Vec<u8>),
}

impl Voice {
    /// The frames of `events`, one after the other.
    pub(crate) fn events<'a>(&self, events: impl IntoIterator<Item = &'a Event>) -> Bytes {
        text_frames(events, self.event)
    }
}

impl Gap {
    /// The frame that tells of it.
    pub(crate) fn lagged_frame(&self, lost: &Lost) -> Bytes {
        text_frames([lost], self.lagged)
    }

    /// The frames of open orders.
    pub(crate) fn orders(&self, orders: &[Order]) -> Bytes {
        text_frames(orders, self.order)
    }
}

/// A ping without payload.
pub(crate) const PING: Bytes = Bytes::from_static(&[0x89, 0]);

/// A close frame; `reason` is cut to what fits.
pub(crate) fn close_frame(code: u16, reason: &str) -> Bytes {
    let reason = &reason.as_bytes()[..reason.len().min(123)];
    let mut frame = BytesMut::with_capacity(4 + reason.len());
    frame.put_u8(0x88);
    frame.put_u8(2 + u8::try_from(reason.len()).unwrap_or(0));
    frame.put_u16(code);
    frame.put_slice(reason);
    frame.freeze()
}

/// Takes the first of some frames that stand one after the other.
pub(super) fn next_frame(frames: &mut Bytes) -> Option<Bytes> {
    let (begin, length) = payload_at(frames)?;
    (frames.len() - begin >= length).then(|| frames.split_to(begin + length))
}

pub(super) fn is_text(frame: &[u8]) -> bool {
    frame.first() == Some(&0x81)
}

/// What a frame says.
pub(super) fn payload_of(frame: &[u8]) -> &[u8] {
    payload_at(frame).map_or(&[], |(begin, _)| &frame[begin..])
}

/// Where the payload of the first frame begins, and how long it is.
fn payload_at(frames: &[u8]) -> Option<(usize, usize)> {
    let rest = frames.get(2..)?;
    match frames[1] {
        127 => Some((10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?)),
        126 => Some((4, u16::from_be_bytes(*rest.first_chunk()?).into())),
        short => Some((2, short.into())),
    }
}

pub(super) fn text_frames<T>(items: impl IntoIterator<Item = T>, write: impl Fn(T, &mut Vec<u8>)) -> Bytes {
    let mut frames = Frames::default();
    for item in items {
        frames.push(|payload| write(item, payload));
    }
    frames.finish()
}

/// Text frames, one after the other.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    payload: Vec<u8>,
}

impl Frames {
    /// Adds a frame of what is written; none where that is nothing.
    pub fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.payload.clear();
        write(&mut self.payload);
        if self.payload.is_empty() {
            return;
        }
        self.bytes.put_u8(0x81);
        match self.payload.len() {
            len @ ..=125 => self.bytes.put_u8(len as u8),
            len @ 126..=0xffff => {
                self.bytes.put_u8(126);
                self.bytes.put_u16(len as u16);
            }
            len => {
                self.bytes.put_u8(127);
                self.bytes.put_u64(len as u64);
            }
        }
        self.bytes.put_slice(&self.payload);
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn finish(mut self) -> Bytes {
        // They may wait for long: a slow subscriber's queue is bounded in bytes, and slack is bytes too.
        self.bytes.shrink_to_fit();
        Bytes::from(self.bytes)
    }
}
