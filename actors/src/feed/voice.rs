//! How announcements become bytes. What they say is the server's matter and comes in as [`Wire`]; this file puts it
//! into WebSocket frames (RFC 6455 section 5.2; a server does not mask).

use bytes::{BufMut, Bytes, BytesMut};
use tradepit_engine::{Event, Order, Seq};

/// How a subscriber wants its announcements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `<id> is PENDING`
    Text,
    /// A JSON object.
    Json,
}

/// What is written for each thing that a subscriber is told.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    /// A change, as text.
    pub text: fn(&Event, &mut Vec<u8>),
    /// A change, as JSON.
    pub json: fn(&Event, &mut Vec<u8>),
    /// Some changes are no longer held (JSON).
    pub lagged: fn(oldest: Seq, as_of: Seq, &mut Vec<u8>),
    /// An order that is open (JSON).
    pub order: fn(&Order, &mut Vec<u8>),
}

impl Wire {
    /// The frames of `events`, one after the other.
    pub(crate) fn events<'a>(&self, format: Format, events: impl IntoIterator<Item = &'a Event>) -> Bytes {
        let write = match format {
            Format::Text => self.text,
            Format::Json => self.json,
        };
        text_frames(events, write)
    }

    /// The frame that tells of a gap.
    pub(crate) fn lagged_frame(&self, oldest: Seq, as_of: Seq) -> Bytes {
        text_frames([()], |(), out| (self.lagged)(oldest, as_of, out))
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

fn text_frames<T>(items: impl IntoIterator<Item = T>, write: impl Fn(T, &mut Vec<u8>)) -> Bytes {
    let mut frames = Vec::new();
    let mut payload = Vec::with_capacity(256);
    for item in items {
        payload.clear();
        write(item, &mut payload);
        frames.put_u8(0x81);
        match payload.len() {
            len @ ..=125 => frames.put_u8(len as u8),
            len @ 126..=0xffff => {
                frames.put_u8(126);
                frames.put_u16(len as u16);
            }
            len => {
                frames.put_u8(127);
                frames.put_u64(len as u64);
            }
        }
        frames.put_slice(&payload);
    }
    // They may wait for long: a slow subscriber's queue is bounded in bytes, and slack is bytes too.
    frames.shrink_to_fit();
    Bytes::from(frames)
}
