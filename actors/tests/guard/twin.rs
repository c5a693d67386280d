//! The guard against a slow, obvious twin that has all bytes at hand and buffers every message.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use tradepit_actors::session::guard::{Breach, Guard};

use crate::{MAX, Outcome, frame, read};

/// What the whole of `sent` comes to, read with everything at hand.
fn twin(max: u64, sent: &[u8]) -> Outcome {
    let mut outcome = Outcome { controls: Vec::new(), breach: None, closed: false };
    let mut message = None;
    let mut rest = sent;
    while !outcome.closed && outcome.breach.is_none() {
        match twin_frame(max, &mut message, rest) {
            Ok(Some((control, length))) => {
                if control {
                    outcome.controls.extend(&rest[..length]);
                    outcome.closed = rest[0] == 0x88;
                }
                rest = &rest[length..];
            }
            Ok(None) => break,
            Err(breach) => outcome.breach = Some(breach),
        }
    }
    outcome
}

/// Whether the first frame of `sent` is a control frame, and its length; nothing where it is cut short.
fn twin_frame(max: u64, message: &mut Option<(bool, Vec<u8>)>, sent: &[u8]) -> Result<Option<(bool, usize)>, Breach> {
    if sent.len() < 2 {
        return Ok(None);
    }
    let (fin, reserved, opcode) = (sent[0] >= 0x80, sent[0] >> 4 & 7, sent[0] % 16);
    let control = opcode >= 8;
    let breaches = [
        reserved != 0,
        ![0, 1, 2, 8, 9, 10].contains(&opcode),
        sent[1] < 0x80,
        control && !fin,
        control && sent[1] % 128 > 125,
        opcode == 8 && sent[1] % 128 == 1,
        opcode == 0 && message.is_none(),
        (opcode == 1 || opcode == 2) && message.is_some(),
    ];
    if breaches.contains(&true) {
        return Err(Breach::Protocol);
    }

    let (length, header) = match sent[1] % 128 {
        126 if sent.len() < 4 => return Ok(None),
        126 => (u64::from(u16::from_be_bytes([sent[2], sent[3]])), 4),
        127 if sent.len() < 10 => return Ok(None),
        127 => (u64::from_be_bytes(sent[2..10].try_into().expect("eight bytes")), 10),
        short => (u64::from(short), 2),
    };
    if length > i64::MAX as u64 || header == 4 && length < 126 || header == 10 && length < 65_536 {
        return Err(Breach::Protocol);
    }
    let so_far = message.as_ref().map_or(0, |(_, bytes)| bytes.len());
    if !control && so_far as u128 + u128::from(length) > u128::from(max) {
        return Err(Breach::TooBig);
    }

    if sent.len() < header + 4 {
        return Ok(None);
    }
    let key = &sent[header..header + 4];
    let masked = &sent[header + 4..];
    let whole = masked.len() as u64 >= length;
    let masked = if whole { &masked[..length as usize] } else { masked };
    let payload: Vec<u8> = (0..masked.len()).map(|at| masked[at] ^ key[at % 4]).collect();

    if control {
        if whole && opcode == 8 && length > 0 {
            let code = u16::from_be_bytes([payload[0], payload[1]]);
            let named = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
            if !named.contains(&code) && !(3000..5000).contains(&code) {
                return Err(Breach::Protocol);
            }
            std::str::from_utf8(&payload[2..]).map_err(|_| Breach::InvalidUtf8)?;
        }
    } else {
        let (text, mut bytes) = message.take().unwrap_or((opcode == 1, Vec::new()));
        bytes.extend(payload);
        if let (true, Err(error)) = (text, std::str::from_utf8(&bytes)) {
            let ended = whole && fin;
            if ended || error.error_len().is_some() {
                return Err(Breach::InvalidUtf8);
            }
        }
        if !(whole && fin) {
            *message = Some((text, bytes));
        }
    }
    Ok(whole.then_some((control, header + 4 + length as usize)))
}

/// Payloads of text, most of them good, some cut inside a character or spoilt.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let good = vec(prop_oneof![any::<char>(), Just('x'), Just('€')], 0..60);
    let bytes = good.prop_map(|chars| chars.into_iter().collect::<String>().into_bytes());
    (bytes, any::<u8>(), any::<prop::sample::Index>(), 0..12).prop_map(|(mut bytes, byte, at, chance)| {
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            match chance {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                _ => {}
            }
        }
        bytes
    })
}

fn control() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        4 => vec(any::<u8>(), 0..10),
        1 => vec(any::<u8>(), 120..=126),
    ];
    let close = (prop_oneof![8 => 1000..1003u16, 1 => 0..5100u16], text()).prop_map(|(code, mut reason)| {
        reason.truncate(123);
        [code.to_be_bytes().to_vec(), reason].concat()
    });
    prop_oneof![
        12 => (any::<[u8; 4]>(), payload.clone()).prop_map(|(key, payload)| frame(0x89, key, &payload)),
        12 => (any::<[u8; 4]>(), payload).prop_map(|(key, payload)| frame(0x8a, key, &payload)),
        1 => (any::<[u8; 4]>(), close).prop_map(|(key, payload)| frame(0x88, key, &payload)),
    ]
}

/// A message in fragments, cut anywhere, with control frames between them.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let content =
        prop_oneof![text().prop_map(|bytes| (0x1, bytes)), vec(any::<u8>(), 0..300).prop_map(|bytes| (0x2, bytes)),];
    let cut = (any::<prop::sample::Index>(), any::<[u8; 4]>(), prop::option::of(control()));
    (content, any::<[u8; 4]>(), vec(cut, 0..4)).prop_map(|((opcode, payload), key, cuts)| {
        let mut sent = Vec::new();
        let (mut first, mut rest) = (opcode, &payload[..]);
        for (at, key, control) in cuts {
            let (fragment, later) = rest.split_at(at.index(rest.len() + 1));
            sent.extend(frame(first, key, fragment));
            sent.extend(control.unwrap_or_default());
            (first, rest) = (0x0, later);
        }
        sent.extend(frame(0x80 | first, key, rest));
        sent
    })
}

/// What a client might send: mostly well-formed, and sometimes a header of any kind, a lost byte or a changed one.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => message(),
        6 => control(),
        1 => (any::<u8>(), any::<[u8; 4]>(), vec(any::<u8>(), 0..130))
            .prop_map(|(first, key, payload)| frame(first, key, &payload)),
        1 => (0u8..3, any::<u8>(), any::<u64>(), 0..64u32).prop_map(|(opcode, second, length, shift)| {
            [vec![0x80 | opcode, second], (length >> shift).to_be_bytes().to_vec()].concat()
        }),
    ];
    (vec(piece, 0..8), any::<prop::sample::Index>(), any::<u8>(), 0..10).prop_map(|(pieces, at, byte, chance)| {
        let mut sent = pieces.concat();
        if !sent.is_empty() {
            let at = at.index(sent.len());
            match chance {
                0 => sent[at] = byte,
                1 => drop(sent.remove(at)),
                2 => sent.truncate(at),
                _ => {}
            }
        }
        sent
    })
}

fn chunks() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![0..8usize, 0..200usize], 0..20).prop_map(|mut sizes| {
        sizes.push(7);
        sizes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_guard_does_what_the_twin_does_at_any_split(
        sent in stream(),
        chunks in chunks(),
        max in prop_oneof![3 => Just(MAX), 1 => 0..300u64],
    ) {
        let expected = twin(max, &sent);
        prop_assert_eq!(&read(max, &sent, &[sent.len()]), &expected);
        prop_assert_eq!(&read(max, &sent, &chunks), &expected);
        prop_assert_eq!(&read(max, &sent, &[1]), &expected);
    }

    #[test]
    fn a_fault_is_reported_at_the_first_byte_that_makes_it_one(sent in stream(), max in 0..300u64) {
        let mut guard = Guard::new(max);
        let faulty = sent.iter().position(|&byte| guard.read(&[byte], &mut BytesMut::new()).is_err());
        if let Some(at) = faulty {
            prop_assert_eq!(twin(max, &sent[..at]).breach, None);
            prop_assert!(twin(max, &sent[..=at]).breach.is_some());
        }
    }

    #[test]
    fn no_bytes_make_the_guard_panic(sent in vec(any::<u8>(), 0..400), chunks in chunks(), max in any::<u64>()) {
        prop_assert_eq!(read(max, &sent, &chunks), twin(max, &sent));
    }
}
