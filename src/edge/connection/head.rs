//! How large a request's head is, told from the bytes alone and before a parser sees them.
//!
//! actix-http neither counts a head exactly nor survives every one: it panics at a header name of 65 536 bytes. So each
//! connection's bytes pass here first. To know where a head begins, bodies are followed as well: by the same rules as
//! actix-http's decoder, which the tests hold it to. Where that decoder finds a fault, it reads nothing more of the
//! connection, and what is told here no longer matters.

use memchr::memchr;

/// Follows one connection's requests, in whatever pieces they come.
#[derive(Debug)]
pub(super) struct HeadScanner {
    limit: usize,
    place: Place,
}

/// A head goes beyond the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge {
    /// How many of the bytes come before that head.
    pub(super) sound: usize,
}

/// Where in the connection the next byte lies.
#[derive(Debug)]
enum Place {
    /// Before a head, where empty lines may come. They are not part of it.
    Between,
    Head(Head),
    /// In a body with this many bytes left.
    Body(u64),
    Chunks(Chunks),
    /// No head comes any more: the connection belongs to a WebSocket.
    Beyond,
}

/// A head, up to where it was read.
#[derive(Debug)]
struct Head {
    /// Its bytes in earlier pieces.
    bytes: usize,
    part: Part,
    connect: bool,
    websocket: bool,
    chunked: bool,
    length: u64,
}

/// Where in a head the next byte lies.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// At the beginning of the request; so many bytes are those of [`CONNECT`].
    Method(usize),
    /// In a line of which the rest says nothing about the body.
    Rest,
    /// At the beginning of a line.
    Line,
    /// After a carriage return at the beginning of a line.
    Return,
    /// In what may be this header's name; so many bytes are.
    Name(Field, usize),
    /// In the value of `Content-Length`.
    Length,
    /// In the value of `Upgrade`; so many bytes are those of [`WEBSOCKET`].
    Upgrade(usize),
}

/// The headers that say what comes after the head.
#[derive(Clone, Copy, Debug)]
enum Field {
    ContentLength,
    TransferEncoding,
    Upgrade,
}

/// Where in a body that comes in chunks the next byte lies (RFC 9112 section 7.1).
#[derive(Clone, Copy, Debug)]
enum Chunks {
    /// In a chunk's size, as far as it is read.
    Size(u64),
    /// After the size, in the same line.
    Extension(u64),
    /// Before this many bytes: the line feed, the chunk, its line end.
    Data(u64),
    /// Before the line feed of the last chunk's line, or of a trailer.
    LineFeed,
    /// At the beginning of a trailer, or of the line that ends the body.
    Line,
    Trailer,
    /// Before the body's last byte.
    LastLineFeed,
}

const CONNECT: &[u8] = b"CONNECT ";
const WEBSOCKET: &[u8] = b"websocket";

impl HeadScanner {
    /// At the beginning of a connection whose heads may have `limit` bytes.
    pub(super) fn new(limit: usize) -> HeadScanner {
        HeadScanner { limit, place: Place::Between }
    }

    /// Whether a head has begun and not ended.
    pub(super) fn is_in_head(&self) -> bool {
        matches!(self.place, Place::Head(_))
    }

    /// Reads the next bytes of the connection. After an error there are none.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        let (mut at, mut head_at) = (0, 0);
        while at < bytes.len() {
            let rest = &bytes[at..];
            let (read, next) = match &mut self.place {
                Place::Between => match rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')) {
                    Some(empty) => {
                        head_at = at + empty;
                        (empty, Some(Place::Head(Head::new())))
                    }
                    None => (rest.len(), None),
                },
                Place::Head(head) => {
                    let end = head.read(rest);
                    let read = end.unwrap_or(rest.len());
                    head.bytes += read;
                    if head.bytes > self.limit {
                        return Err(TooLarge { sound: head_at });
                    }
                    (read, end.map(|_| head.body()))
                }
                Place::Body(left) => {
                    let read = skip(left, rest);
                    (read, (*left == 0).then_some(Place::Between))
                }
                Place::Chunks(chunks) => {
                    let end = chunks.read(rest);
                    (end.unwrap_or(rest.len()), end.map(|_| Place::Between))
                }
                Place::Beyond => return Ok(()),
            };
            at += read;
            if let Some(next) = next {
                self.place = next;
            }
        }
        Ok(())
    }
}

impl Head {
    fn new() -> Head {
        Head { bytes: 0, part: Part::Method(0), connect: false, websocket: false, chunked: false, length: 0 }
    }

    /// Reads up to the head's end. Tells where that is, if it is here.
    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        let (mut at, mut part) = (0, self.part);
        while let Some(&byte) = bytes.get(at) {
            part = match (part, byte) {
                (Part::Rest, _) => match memchr(b'\n', &bytes[at..]) {
                    Some(line) => {
                        at += line;
                        Part::Line
                    }
                    None => break,
                },
                (Part::Line | Part::Return, b'\n') => return Some(at + 1),
                (Part::Upgrade(matched), b'\n') => {
                    self.websocket |= matched == WEBSOCKET.len();
                    Part::Line
                }
                (_, b'\n') => Part::Line,
                (Part::Line, b'\r') => Part::Return,
                (Part::Line, _) => match Field::beginning_with(byte) {
                    None => Part::Rest,
                    Some(field) => match bytes[at..].get(..field.name().len()) {
                        None => Part::Name(field, 1),
                        // The colon first: it tells most others apart at once.
                        Some(name) if name.ends_with(b":") && name.eq_ignore_ascii_case(field.name()) => {
                            at += name.len() - 1;
                            self.value(field)
                        }
                        Some(_) => Part::Rest,
                    },
                },
                (Part::Return, _) => Part::Rest,
                (Part::Name(field, matched), _) => self.name(field, matched, byte),
                (Part::Length, b'0'..=b'9') => {
                    self.length = self.length.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    Part::Length
                }
                (Part::Length, _) => Part::Length,
                (Part::Upgrade(matched), _) => upgrade(matched, byte),
                (Part::Method(matched), _) if CONNECT[matched] != byte => Part::Rest,
                (Part::Method(matched), _) if matched + 1 < CONNECT.len() => Part::Method(matched + 1),
                (Part::Method(_), _) => {
                    self.connect = true;
                    Part::Rest
                }
            };
            at += 1;
        }
        self.part = part;
        None
    }

    /// One more byte of what may be this header's name, where it comes in pieces.
    fn name(&mut self, field: Field, matched: usize, byte: u8) -> Part {
        let name = field.name();
        if name[matched] != byte.to_ascii_lowercase() {
            return Part::Rest;
        }
        if matched + 1 < name.len() {
            return Part::Name(field, matched + 1);
        }
        self.value(field)
    }

    /// After this header's name.
    fn value(&mut self, field: Field) -> Part {
        match field {
            Field::ContentLength => Part::Length,
            Field::TransferEncoding => {
                // Any other value is a fault.
                self.chunked = true;
                Part::Rest
            }
            Field::Upgrade => Part::Upgrade(0),
        }
    }

    /// What comes after it.
    fn body(&self) -> Place {
        if self.chunked {
            Place::Chunks(Chunks::Size(0))
        } else if self.websocket {
            Place::Beyond
        } else if self.length > 0 {
            Place::Body(self.length)
        } else if self.connect {
            Place::Beyond
        } else {
            Place::Between
        }
    }
}

/// One more byte of the value of `Upgrade`.
fn upgrade(matched: usize, byte: u8) -> Part {
    let space = matches!(byte, b' ' | b'\t' | b'\r');
    match WEBSOCKET.get(matched) {
        Some(&letter) if letter == byte.to_ascii_lowercase() => Part::Upgrade(matched + 1),
        Some(_) if matched == 0 && space => Part::Upgrade(0),
        None if space => Part::Upgrade(matched),
        _ => Part::Rest,
    }
}

impl Field {
    fn beginning_with(byte: u8) -> Option<Field> {
        match byte {
            b'c' | b'C' => Some(Field::ContentLength),
            b't' | b'T' => Some(Field::TransferEncoding),
            b'u' | b'U' => Some(Field::Upgrade),
            _ => None,
        }
    }

    /// In lower case, with the colon that follows it.
    fn name(self) -> &'static [u8] {
        match self {
            Field::ContentLength => b"content-length:",
            Field::TransferEncoding => b"transfer-encoding:",
            Field::Upgrade => b"upgrade:",
        }
    }
}

impl Chunks {
    /// Reads up to the body's end. Tells where that is, if it is here.
    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            *self = match *self {
                Chunks::Data(mut left) => {
                    at += skip(&mut left, &bytes[at..]);
                    *self = if left == 0 { Chunks::Size(0) } else { Chunks::Data(left) };
                    continue;
                }
                Chunks::Size(size) => match (byte, char::from(byte).to_digit(16)) {
                    (_, Some(digit)) => Chunks::Size(size.saturating_mul(16).saturating_add(u64::from(digit))),
                    (b'\r', None) => Chunks::after_size(size),
                    (_, None) => Chunks::Extension(size),
                },
                Chunks::Extension(size) => {
                    at += memchr(b'\r', &bytes[at..])?;
                    Chunks::after_size(size)
                }
                Chunks::LineFeed => Chunks::Line,
                Chunks::Line if byte == b'\r' => Chunks::LastLineFeed,
                Chunks::Line => Chunks::Trailer,
                Chunks::Trailer => {
                    at += memchr(b'\r', &bytes[at..])?;
                    Chunks::LineFeed
                }
                Chunks::LastLineFeed => return Some(at + 1),
            };
            at += 1;
        }
        None
    }

    /// After the carriage return of a chunk's line.
    fn after_size(size: u64) -> Chunks {
        if size == 0 { Chunks::LineFeed } else { Chunks::Data(size.saturating_add(3)) }
    }
}

/// Passes over bytes for as long as some are `left`; tells how many.
fn skip(left: &mut u64, bytes: &[u8]) -> usize {
    let read = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
    *left -= read as u64;
    read
}

#[cfg(test)]
mod tests;
