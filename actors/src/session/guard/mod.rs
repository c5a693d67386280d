//! Reads what a WebSocket client sends before the codec does, and is all of RFC 6455 that a client can break. A session
//! announces and never listens: data frames are checked and dropped as they pass, without being buffered; control
//! frames go through whole, as the very bytes that were sent. A connection costs a fixed few hundred bytes here,
//! whatever the client declares or sends, and nothing is allocated for data. It knows neither sockets nor actors nor
//! time: bytes come in from the request's payload, and control frames go out to the codec.

mod breach;
mod payload;

use bytes::BytesMut;

pub use breach::Breach;
use payload::{Key, Utf8};

const FIN: u8 = 0x80;
const RSV: u8 = 0x70;
const OPCODE: u8 = 0x0f;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7f;
/// The two values of the short length that announce a longer one, in 2 and in 8 bytes.
const LENGTH_IN_2: u8 = 126;
const LENGTH_IN_8: u8 = 127;

const LONGEST_CONTROL_PAYLOAD: usize = 125;
/// A control frame's header is always this long: its length is short and a client masks.
const CONTROL_HEADER: usize = 2 + 4;
const LONGEST_CONTROL_FRAME: usize = CONTROL_HEADER + LONGEST_CONTROL_PAYLOAD;

/// The inbound half of one connection: follows the client's frames at any split of its bytes.
#[derive(Debug)]
pub struct Guard {
    max_message_bytes: u64,
    stage: Stage,
    /// The data message under way; control frames may come between its fragments.
    message: Option<Message>,
    /// The header of the current frame and, of a control frame, the payload.
    held: [u8; LONGEST_CONTROL_FRAME],
    held_len: usize,
    /// How many bytes `held` has when the stage can go on; while data passes, no more than it has.
    wanted: usize,
}

/// What the next bytes are.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The two bytes that every header begins with.
    Start,
    /// A length that did not fit there.
    Length,
    /// The masking key of a frame with this payload length.
    Key { length: u64 },
    /// The payload of a control frame, kept.
    Control,
    /// The payload of a data frame, dropped; `key` is turned to the next byte.
    Data { left: u64, key: Key },
    /// Nothing that matters: a close frame went through.
    Closed,
    /// Nothing that matters: a breach was reported.
    Breached,
}

#[derive(Debug)]
struct Message {
    /// Declared so far, over all fragments; never above the limit.
    bytes: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Binary,
    Text(Utf8),
}

impl Guard {
    /// A guard at the first byte after the handshake; a message of exactly `max_message_bytes`, summed over its
    /// fragments, is still allowed.
    pub fn new(max_message_bytes: u64) -> Guard {
        Guard {
            max_message_bytes,
            stage: Stage::Start,
            message: None,
            held: [0; LONGEST_CONTROL_FRAME],
            held_len: 0,
            wanted: 2,
        }
    }

    /// Reads `chunk` and appends to `controls` each control frame that it completes.
    ///
    /// Everything that follows a breach or a close frame is dropped without a further breach.
    ///
    /// # Errors
    /// The first breach, as early as its byte is read; what was completed before it is in `controls`.
    pub fn read(&mut self, chunk: &[u8], controls: &mut BytesMut) -> Result<(), Breach> {
        let outcome = self.read_frames(chunk, controls);
        if outcome.is_err() {
            self.stage = Stage::Breached;
        }
        outcome
    }

    /// Whether a close frame came through.
    pub fn closed(&self) -> bool {
        matches!(self.stage, Stage::Closed)
    }

    fn read_frames(&mut self, mut rest: &[u8], controls: &mut BytesMut) -> Result<(), Breach> {
        while !rest.is_empty() {
            rest = self.hold(rest);
            if self.held_len < self.wanted {
                break;
            }
            match self.stage {
                Stage::Start => self.judge_start()?,
                Stage::Length => self.judge_long_length()?,
                Stage::Key { length } => self.begin_payload(length, controls)?,
                Stage::Control => self.end_control(controls)?,
                Stage::Data { left, key } => rest = self.drop_data(rest, left, key)?,
                Stage::Closed | Stage::Breached => break,
            }
        }
        Ok(())
    }

    /// Moves what is wanted from `rest` into `held`, and returns what is left over.
    fn hold<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let missing = self.wanted - self.held_len;
        let (taken, rest) = rest.split_at(missing.min(rest.len()));
        let end = self.held_len + taken.len();
        self.held[self.held_len..end].copy_from_slice(taken);
        self.held_len = end;
        rest
    }

    fn await_more(&mut self, stage: Stage, bytes: usize) {
        self.stage = stage;
        self.wanted = self.held_len + bytes;
    }

    fn await_next_frame(&mut self) {
        self.held_len = 0;
        self.await_more(Stage::Start, 2);
    }

    /// RFC 6455 sections 5.2 (bits, opcodes, mask), 5.4 (order of fragments), 5.5 (limits of control frames).
    fn judge_start(&mut self) -> Result<(), Breach> {
        let [first, second] = [self.held[0], self.held[1]];
        let short_length = second & LENGTH;
        let control = first & FIN != 0 && usize::from(short_length) <= LONGEST_CONTROL_PAYLOAD;
        let allowed = match first & OPCODE {
            CONTINUATION => self.message.is_some(),
            TEXT | BINARY => self.message.is_none(),
            PING | PONG => control,
            // Its code takes two bytes, or there is none.
            CLOSE => control && short_length != 1,
            _ => false,
        };
        if !allowed || first & RSV != 0 || second & MASKED == 0 {
            return Err(Breach::Protocol);
        }
        match short_length {
            LENGTH_IN_2 => self.await_more(Stage::Length, 2),
            LENGTH_IN_8 => self.await_more(Stage::Length, 8),
            _ => self.judge_length(u64::from(short_length))?,
        }
        Ok(())
    }

    /// RFC 6455 section 5.2: the shortest encoding is used, and the top bit of 64 is not.
    fn judge_long_length(&mut self) -> Result<(), Breach> {
        let digits = &self.held[2..self.held_len];
        let length = digits.iter().fold(0, |n, &digit| n << 8 | u64::from(digit));
        let shortest = if digits.len() == 2 { 126 } else { 1 << 16 };
        if !(shortest..1 << 63).contains(&length) {
            return Err(Breach::Protocol);
        }
        self.judge_length(length)
    }

    fn judge_length(&mut self, length: u64) -> Result<(), Breach> {
        let before = self.message.as_ref().map_or(0, |message| message.bytes);
        if !self.holds_control() && length > self.max_message_bytes - before {
            return Err(Breach::TooBig);
        }
        self.await_more(Stage::Key { length }, 4);
        Ok(())
    }

    fn begin_payload(&mut self, length: u64, controls: &mut BytesMut) -> Result<(), Breach> {
        if self.holds_control() {
            self.await_more(Stage::Control, usize::from(self.held[1] & LENGTH));
            return if length == 0 { self.end_control(controls) } else { Ok(()) };
        }
        let content = match self.held[0] & OPCODE {
            TEXT => Content::Text(Utf8::default()),
            _ => Content::Binary,
        };
        self.message.get_or_insert(Message { bytes: 0, content }).bytes += length;
        let key = key_of(&self.held[..self.held_len]);
        self.stage = Stage::Data { left: length, key };
        if length == 0 { self.end_data() } else { Ok(()) }
    }

    /// Drops what `rest` has of the current payload, and returns what is left over.
    fn drop_data<'a>(&mut self, rest: &'a [u8], left: u64, mut key: Key) -> Result<&'a [u8], Breach> {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        let (payload, rest) = rest.split_at(here);
        if let Some(Message { content: Content::Text(utf8), .. }) = &mut self.message {
            utf8.check(payload, &mut key)?;
        }
        let left = left - here as u64;
        self.stage = Stage::Data { left, key };
        if left == 0 {
            self.end_data()?;
        }
        Ok(rest)
    }

    fn end_data(&mut self) -> Result<(), Breach> {
        if self.held[0] & FIN != 0
            && let Some(Message { content: Content::Text(utf8), .. }) = self.message.take()
        {
            utf8.end()?;
        }
        self.await_next_frame();
        Ok(())
    }

    fn end_control(&mut self, controls: &mut BytesMut) -> Result<(), Breach> {
        let frame = &self.held[..self.held_len];
        let close = frame[0] & OPCODE == CLOSE;
        if close {
            let (header, payload) = frame.split_at(CONTROL_HEADER);
            payload::check_close(payload, key_of(header))?;
        }
        controls.extend_from_slice(frame);
        if close {
            self.stage = Stage::Closed;
        } else {
            self.await_next_frame();
        }
        Ok(())
    }

    fn holds_control(&self) -> bool {
        matches!(self.held[0] & OPCODE, CLOSE | PING | PONG)
    }
}

/// The masking key is the end of a header.
fn key_of(header: &[u8]) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&header[header.len() - 4..]);
    key
}
