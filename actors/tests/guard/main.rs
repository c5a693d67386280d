//! The inbound guard, as text tables through one door, and against a twin.
//! A script writes frames one after the other, `+` behind a name clearing FIN: `text+ 'ab'; ping; more 0x63`.

mod twin;

use bytes::BytesMut;
use tradepit_actors::session::guard::{Breach, Guard};

const MAX: u64 = 65_536;

/// Reads `script` whole, byte by byte and at every split in two (while it is short), and expects what `expected` says:
/// the frames let through, then the close code of the breach, if any.
#[track_caller]
fn check(script: &str, expected: &str) {
    let sent = encode(script);
    let (frames, code) = match expected.rsplit_once("| ") {
        Some((frames, code)) => (frames, Some(code.parse().expect("a close code"))),
        None => (expected, None),
    };
    let splits = if sent.len() < 300 { sent.len() } else { 2 };
    let chunkings = (1..splits).map(|at| vec![at, sent.len()]);
    for chunks in chunkings.chain([vec![sent.len()], vec![1]]) {
        let outcome = read(MAX, &sent, &chunks);
        assert_eq!(
            (&outcome.controls, outcome.breach.map(Breach::close_code)),
            (&encode(frames), code),
            "{script} in chunks of {chunks:?}"
        );
    }
}

#[derive(Debug, PartialEq)]
struct Outcome {
    controls: Vec<u8>,
    breach: Option<Breach>,
    closed: bool,
}

/// Reads `sent` in chunks of these sizes, again and again, past any breach.
fn read(max: u64, sent: &[u8], chunks: &[usize]) -> Outcome {
    let mut guard = Guard::new(max);
    let mut controls = BytesMut::new();
    let mut breach = None;
    let mut rest = sent;
    for &size in chunks.iter().cycle() {
        let (chunk, later) = rest.split_at(size.min(rest.len()));
        rest = later;
        let over = breach.is_some() || guard.closed();
        let before = controls.len();
        let outcome = guard.read(chunk, &mut controls);
        if over {
            assert_eq!((outcome, controls.len()), (Ok(()), before), "it is over");
        }
        breach = breach.or(outcome.err());
        if rest.is_empty() {
            break;
        }
    }
    Outcome { controls: controls.to_vec(), breach, closed: guard.closed() }
}

/// The bytes of a script. A payload is `'text'`, `0x` and hex, or `5*` for so many `x`; `raw` and hex stands for
/// itself.
fn encode(script: &str) -> Vec<u8> {
    let words = script.split(';').map(str::trim);
    words.filter(|word| !word.is_empty()).flat_map(encode_frame).collect()
}

fn encode_frame(word: &str) -> Vec<u8> {
    let (name, payload) = word.split_once(' ').unwrap_or((word, "''"));
    let opcode = match name.trim_end_matches('+') {
        "raw" => return hex(payload),
        "more" => 0x0,
        "text" => 0x1,
        "binary" => 0x2,
        "close" => 0x8,
        "ping" => 0x9,
        "pong" => 0xa,
        other => panic!("no frame is called {other}"),
    };
    let payload = match (payload.strip_prefix("0x"), payload.strip_suffix('*')) {
        (Some(digits), _) => hex(digits),
        (_, Some(count)) => vec![b'x'; count.parse().expect("a count")],
        _ => payload.trim_matches('\'').as_bytes().to_vec(),
    };
    let fin = if name.ends_with('+') { 0 } else { 0x80 };
    frame(fin | opcode, [0x37, 0xfa, 0x21, 0x3d], &payload)
}

fn frame(first: u8, key: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ ..126 => bytes.push(0x80 | length as u8),
        length @ ..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(key);
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

fn hex(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hex digits")).collect()
}

#[test]
fn control_frames_come_through_as_they_were_sent() {
    check("", "");
    check("ping", "ping");
    check("ping 'hello'; pong; pong 0xff", "ping 'hello'; pong; pong 0xff");
    check("ping 125*", "ping 125*");
    check("raw 898201020304aabb", "raw 898201020304aabb");
    check("close", "close");
    check("close 0x03e8", "close 0x03e8");
    check("close 0x03e9e282ac", "close 0x03e9e282ac");
    check("close 0x0fa078787878787878787878", "close 0x0fa078787878787878787878");
}

#[test]
fn data_frames_are_dropped() {
    check("text 'hello'; ping; binary 0xff00; ping 'b'", "ping; ping 'b'");
    check("text; binary; text+; more+; more; ping", "ping");
    check("text 125*; text 126*; binary 65535*; ping", "ping");
}

#[test]
fn control_frames_may_come_between_fragments() {
    check("text+ 'ab'; ping 'x'; more+ 'cd'; pong; more; ping", "ping 'x'; pong; ping");
    check("binary+ 0xff; close 0x03e8; more 0xff", "close 0x03e8");
}

#[test]
fn fragments_out_of_order_are_a_protocol_error() {
    check("ping; more 'x'", "ping | 1002");
    check("more+ 'x'", "| 1002");
    check("text+ 'a'; text 'b'", "| 1002");
    check("text+ 'a'; binary 'b'", "| 1002");
    check("binary+; more; ping; more", "ping | 1002");
    check("binary+; ping; binary+", "ping | 1002");
}

#[test]
fn an_unmasked_frame_is_a_protocol_error() {
    check("raw 8100", "| 1002");
    check("raw 8900", "| 1002");
    check("ping; raw 827e0100", "ping | 1002");
}

#[test]
fn reserved_bits_and_opcodes_are_a_protocol_error() {
    for bits in ["c2", "a2", "92", "f2", "c9", "a9", "99", "c8"] {
        check(&format!("raw {bits}8000000000"), "| 1002");
    }
    for opcode in ["83", "84", "85", "86", "87", "8b", "8c", "8d", "8e", "8f", "03", "0b"] {
        check(&format!("raw {opcode}8000000000"), "| 1002");
    }
}

#[test]
fn a_control_frame_is_whole_and_short() {
    check("ping+", "| 1002");
    check("pong+ 'x'", "| 1002");
    check("close+", "| 1002");
    check("ping 126*", "| 1002");
    check("close 126*", "| 1002");
    check("raw 89fe0005000000000000000000", "| 1002");
    check("raw 8aff", "| 1002");
}

#[test]
fn a_length_takes_as_few_bytes_as_it_can() {
    check("raw 82fe007d", "| 1002");
    check("raw 82fe007e", "");
    check("raw 82ff000000000000ffff", "| 1002");
    check("raw 82ff0000000000000000", "| 1002");
    check("raw 82ff0000000000010000", "");
}

#[test]
fn a_length_of_64_bits_leaves_the_top_bit_clear() {
    check("raw 82ff8000000000000000", "| 1002");
    check("raw 82ffffffffffffffffff", "| 1002");
    check("raw 82ff7fffffffffffffff", "| 1009");
}

#[test]
fn a_message_may_have_just_the_limit() {
    check("binary 65536*; ping; text 65536*; pong", "ping; pong");
    check("binary+ 65535*; ping; more 'x'; pong", "ping; pong");
    check("text+ 30000*; more+ 35536*; more; text 65536*; ping", "ping");
}

#[test]
fn a_message_over_the_limit_is_refused_by_its_header() {
    check("raw 82ff0000000000010001", "| 1009");
    check("raw 81ff4000000000000000", "| 1009");
    check("ping; binary+ 65535*; pong; raw 8082", "ping; pong | 1009");
    check("text+ 30000*; more+ 35536*; raw 0081", "| 1009");
    check("binary+ 'x'; raw 80ff7fffffffffffffff", "| 1009");
}

#[test]
fn the_limit_is_the_one_given() {
    let sent = encode("binary 5*");
    assert_eq!(read(5, &sent, &[100]).breach, None);
    assert_eq!(read(4, &sent, &[100]).breach, Some(Breach::TooBig));
    let declares_2_to_62 = encode("binary+ 5*; raw 80ff4000000000000000");
    assert_eq!(read(u64::MAX, &declares_2_to_62, &[100]).breach, None);
    assert_eq!(read(0, &encode("text; ping 125*"), &[100]).breach, None);
}

#[test]
fn text_is_utf8_over_any_split() {
    for character in ["24", "c2a3", "dfbf", "e0a080", "e282ac", "ed9fbf", "efbfbf", "f0908080", "f09f9880", "f48fbfbf"]
    {
        check(&format!("text 0x{character}; text 0x{character}{character}; ping"), "ping");
        for at in (2..character.len()).step_by(2) {
            let (start, rest) = character.split_at(at);
            check(&format!("text+ 0x61{start}; ping; more+; more 0x{rest}62; pong"), "ping; pong");
        }
    }
}

#[test]
fn a_bad_byte_of_text_is_a_fault_as_soon_as_it_is_read() {
    for bad in [
        "80", "bf", "c0", "c1", "c220", "c2c2", "e080", "e09f", "e28220", "eda0", "f080", "f08f", "f490", "f5",
        "f09f98c0", "fe", "ff",
    ] {
        let (start, last) = bad.split_at(bad.len() - 2);
        check(&format!("text 0x61{bad}; ping"), "| 1007");
        check(&format!("text+ 0x{start}; ping; more 0x{last}; pong"), "ping | 1007");
        // The frame announces 100 bytes; no more than the bad one have come, under a key of zeros.
        check(&format!("raw 01e400000000{start}"), "");
        check(&format!("raw 01e400000000{bad}"), "| 1007");
    }
}

#[test]
fn text_that_ends_inside_a_character_is_a_fault() {
    for start in ["c2", "e2", "e282", "f0", "f09f", "f09f98"] {
        check(&format!("ping; text 0x61{start}; pong"), "ping | 1007");
        check(&format!("text+ 0x{start}; ping; more; pong"), "ping | 1007");
        check(&format!("text+ 0x{start}; more"), "| 1007");
    }
}

#[test]
fn binary_is_anything_and_leaves_no_mark_on_text() {
    check("binary+ 0xe282; more 0xff; text 'a'; more", "| 1002");
    check("binary 0xe2; text 0xe282ac; ping", "ping");
    check("text+ 0xe282; ping 0xff; more 0xac; binary 0xff; ping", "ping 0xff; ping");
}

#[test]
fn long_text_is_utf8_at_every_alignment() {
    for offset in 0..8 {
        let text = "x".repeat(offset) + &"€😀é".repeat(500);
        let sent = [frame(0x81, [1, 2, 3, 4], text.as_bytes()), encode("ping")].concat();
        for chunk in [1, 5, 1_000, 1_024, 1_027, 10_000] {
            let outcome = read(MAX, &sent, &[chunk]);
            assert_eq!((outcome.controls, outcome.breach), (encode("ping"), None));
            let cut = &text.as_bytes()[..text.len() - 1];
            let outcome = read(MAX, &frame(0x81, [1, 2, 3, 4], cut), &[chunk]);
            assert_eq!(outcome.breach, Some(Breach::InvalidUtf8));
        }
    }
}

#[test]
fn a_close_gives_a_code_that_may_be_sent() {
    for code in 0..=u16::MAX {
        let sent = frame(0x88, [9, 8, 7, 6], &code.to_be_bytes());
        let allowed = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
        let outcome = read(MAX, &sent, &[100]);
        assert_eq!(outcome.closed, allowed, "{code}");
        assert_eq!(outcome.breach, (!allowed).then_some(Breach::Protocol), "{code}");
    }
    check("close 0x03", "| 1002");
    check("raw 8881", "| 1002");
}

#[test]
fn the_reason_of_a_close_is_utf8() {
    check("close 0x03e8ff", "| 1007");
    check("close 0x03e861e282", "| 1007");
    check("close 0x03e7ff", "| 1002");
}

#[test]
fn nothing_counts_after_a_close_or_a_fault() {
    check("close; ping; more; close", "close");
    check("ping; more; ping; close; raw 8100", "ping | 1002");
    check("text 0xff; ping; text+; text", "| 1007");
}

#[test]
fn only_a_close_that_came_through_counts_as_closed() {
    assert!(read(MAX, &encode("ping; close 0x03e8"), &[3]).closed);
    assert!(!read(MAX, &encode("close 0x0000"), &[3]).closed);
    assert!(!read(MAX, &encode("ping; more; close"), &[3]).closed);
    assert!(!read(MAX, &encode("raw 8882"), &[3]).closed);
}

#[test]
fn a_guard_is_small() {
    assert!(size_of::<Guard>() <= 256, "{}", size_of::<Guard>());
}
