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
mod tests {
    use std::cell::Cell;

    use actix_http::ServiceConfig;
    use actix_http::h1::{Codec, Message, MessageType};
    use bytes::BytesMut;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
    use tokio_util::codec::Decoder as _;

    use super::*;

    /// How many of these bytes are sound, when they come in pieces of this size; none where all are.
    fn refused(bytes: &[u8], limit: usize, piece: usize) -> Option<usize> {
        let mut scanner = HeadScanner::new(limit);
        let refused = |(number, bytes)| Some(number * piece + scanner.scan(bytes).err()?.sound);
        bytes.chunks(piece).enumerate().find_map(refused)
    }

    /// Checks that in these bytes the largest head has `limit` bytes, however they come.
    #[track_caller]
    fn check(bytes: &str, limit: usize) {
        for piece in 1..=bytes.len() {
            assert_eq!(refused(bytes.as_bytes(), limit, piece), None, "in pieces of {piece}: {bytes:?}");
            assert!(refused(bytes.as_bytes(), limit - 1, piece).is_some(), "in pieces of {piece}: {bytes:?}");
        }
    }

    #[test]
    fn a_head_counts_from_its_first_byte_to_the_end_of_the_empty_line() {
        check("GET / HTTP/1.1\r\n\r\n", 18);
        check("GET / HTTP/1.1\n\n", 16);
        check("GET / HTTP/1.1\nA: b\r\n\n", 22);
        check("\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", 18);
        check("GET / HTTP/1.1\r\nA:    b\r\n\r\n", 27);
        check("GET / HTTP/1.1\r\nA", 17);
        check("X", 1);
    }

    #[test]
    fn a_body_does_not_count_and_the_next_head_does() {
        let next = "GET /a-longer-target/which-is-the-one-that-counts-in-all-of-these-connections HTTP/1.1\r\n\r\n";
        for before in [
            "GET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\n\n\n\n",
            "POST / HTTP/1.1\ncontent-length:4 \n\nPOST",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Type: 9\r\nContent-Lengths: 9\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n\r\n\n\r\n00A \r\n0123456789\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n",
            "POST / HTTP/1.1\r\nUpgrade: websockets\r\n\r\n\r\n",
        ] {
            check(&format!("{before}{next}"), next.len());
        }
    }

    #[test]
    fn nothing_counts_once_the_connection_is_no_longer_http() {
        let rest = "x".repeat(1_000);
        for head in [
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
            "GET / HTTP/1.1\r\nUPGRADE:  WebSocket\t\r\nContent-Length: 5\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\n\r\n",
        ] {
            check(&format!("{head}{rest}"), head.len());
        }
    }

    #[test]
    fn what_comes_before_the_head_that_is_too_large_is_sound() {
        let (first, second) = ("GET / HTTP/1.1\r\n\r\n", "GET /a-longer-target HTTP/1.1\r\n\r\n");
        let both = [first, second].concat();
        assert_eq!(refused(both.as_bytes(), 20, both.len()), Some(first.len()));
        // The second head has begun in an earlier piece: nothing of this one is.
        assert_eq!(refused(both.as_bytes(), 20, 25), Some(25));
    }

    /// What actix-http's own decoder makes of a connection.
    #[derive(Debug, PartialEq)]
    enum Decoded {
        /// No head is too large; so many requests are complete.
        Sound(usize),
        /// A head that begins here is.
        TooLarge(usize),
        /// It gives up at a fault, in what begins here.
        Faulty(usize),
    }

    fn decode(config: &ServiceConfig, bytes: &[u8], limit: usize) -> Decoded {
        let mut codec = Codec::new(config.clone());
        let mut left = BytesMut::from(bytes);
        let (mut in_body, mut requests) = (false, 0);
        loop {
            let at = bytes.len() - left.len();
            let empty = left.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let head_at = at + empty;
            match codec.decode(&mut left) {
                Err(_) => return Decoded::Faulty(at),
                Ok(Some(Message::Item(_))) if bytes.len() - left.len() - head_at > limit => {
                    return Decoded::TooLarge(head_at);
                }
                Ok(Some(Message::Item(_))) => {
                    requests += 1;
                    in_body = codec.message_type() != MessageType::None;
                }
                Ok(Some(Message::Chunk(Some(_)))) => {}
                Ok(Some(Message::Chunk(None))) => in_body = false,
                Ok(None) if !in_body && bytes.len() - head_at > limit => return Decoded::TooLarge(head_at),
                Ok(None) => return Decoded::Sound(requests),
            }
        }
    }

    /// Requests of every framing, most of them without a fault.
    fn request() -> impl Strategy<Value = String> {
        let begin = select(vec![
            "GET / HTTP/1.1",
            "GET / HTTP/1.0",
            "POST /orders HTTP/1.1",
            "POST /orders HTTP/1.1",
            "CONNECT a:1 HTTP/1.1",
            "CONNECTED / HTTP/1.1",
            "\r\n\nGET /a HTTP/1.1",
        ]);
        let other = select(vec![
            "A: b",
            "Content-Type: 7",
            "Content-Lengths: 7",
            "Content-Length-: 7",
            "Transfer: chunked",
            "Upgrade: h2c",
            "Upgrade: websocket2",
            "Upgrade:web socket",
            "Connection: upgrade",
            "X: content-length: 5",
            "U:",
            "T: \t u",
        ]);
        let framing = prop_oneof![
            4 => Just((String::new(), String::new())),
            4 => (select(vec!["Content-Length: ", "content-length:", "CONTENT-LENGTH:\t 0"]), "[a:\r\n]{0,30}", select(vec!["", " ", "\t"]))
                .prop_map(|(name, body, space)| (format!("{name}{}{space}", body.len()), body)),
            3 => (chunked(), select(vec!["Transfer-Encoding: chunked", "transfer-encoding:CHUNKED \t"]))
                .prop_map(|(body, header)| (header.to_owned(), body)),
            1 => (chunked(), select(vec!["Transfer-Encoding: identity", "Upgrade: websocket", "UPGRADE:\tWebSocket ", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 5 5", "Content-Length: 18446744073709551615", "Content-Length: 18446744073709551616", "Content-Length: 3\nTransfer-Encoding: chunked", "Upgrade: websocket\r\nTransfer-Encoding: chunked", "Upgrade: websocket\r\nUpgrade: x"]))
                .prop_map(|(body, header)| (header.to_owned(), body)),
        ];
        let ends = select(vec!["\r\n", "\r\n", "\n"]);
        (begin, vec(other, 0..4), framing, ends).prop_map(|(begin, others, (header, body), end)| {
            let mut head = [begin, "Host: a"].join(end) + end;
            for line in others.into_iter().chain((!header.is_empty()).then_some(header.as_str())) {
                head += &(line.to_owned() + end);
            }
            head + end + &body
        })
    }

    fn chunked() -> impl Strategy<Value = String> {
        let chunk = ("0{0,2}", "[a:\r\n]{1,20}", select(vec!["", "", " ", ";a=b", "\t;\"x\""]))
            .prop_map(|(zeros, data, extension)| format!("{zeros}{:x}{extension}\r\n{data}\r\n", data.len()));
        let trailers = select(vec!["", "", "A: b\r\n", "A: b\r\nContent-Length: 9\r\n"]);
        (vec(chunk, 0..4), trailers).prop_map(|(chunks, trailers)| chunks.concat() + "0\r\n" + trailers + "\r\n")
    }

    #[actix_web::test]
    async fn it_finds_the_same_heads_as_the_decoder_of_actix_http() {
        let config = ServiceConfig::default();
        let (sound, too_large, faulty) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let connections = vec(request(), 1..5).prop_map(|requests| requests.concat());
        let change = proptest::option::weighted(0.3, (any::<Index>(), select(b"\r\n:;0a \t\x00X".to_vec())));
        let cases = (connections, change, 15..200_usize, any::<Index>());
        let proptest_config = ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(proptest_config, rng)
            .run(&cases, |(connection, change, limit, piece)| {
                let mut bytes = connection.into_bytes();
                if let Some((place, byte)) = change {
                    let place = place.index(bytes.len());
                    bytes[place] = byte;
                }
                let piece = 1 + piece.index(bytes.len());
                let told = refused(&bytes, limit, piece);
                match decode(&config, &bytes, limit) {
                    Decoded::Sound(requests) => {
                        prop_assert_eq!(told, None);
                        sound.update(|count| count + requests);
                    }
                    Decoded::TooLarge(at) => {
                        // Told in the piece where the limit is passed.
                        let piece_at = (at + limit) / piece * piece;
                        prop_assert_eq!(told, Some(at.max(piece_at)));
                        too_large.update(|count| count + 1);
                    }
                    Decoded::Faulty(at) => {
                        prop_assert!(told.is_none_or(|told| told >= at), "{told:?} before {at}");
                        faulty.update(|count| count + 1);
                    }
                }
                Ok(())
            })
            .unwrap();
        let (sound, too_large, faulty) = (sound.get(), too_large.get(), faulty.get());
        assert!(sound > 1_000 && too_large > 500 && faulty > 500, "{sound}, {too_large}, {faulty}");
    }
}
