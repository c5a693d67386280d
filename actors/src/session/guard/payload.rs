//! What is wrong inside a payload: text that is not UTF-8, and a close that gives no proper reason. It is handed masked
//! bytes with their key, unmasks them in pieces on the stack, and keeps nothing but the start of a split character.

use super::Breach;

/// The masking key of a frame, turned so that it begins at the next byte of the payload.
pub(super) type Key = [u8; 4];

/// The longest start of a character that is not yet all of it.
const LONGEST_START: usize = 3;
const PIECE: usize = 1024;

/// Follows the UTF-8 of one text message, at any split of its bytes.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    start: [u8; LONGEST_START],
    start_len: usize,
}

impl Utf8 {
    /// Reads the next masked bytes of the message, and turns `key` past them.
    pub(super) fn check(&mut self, masked: &[u8], key: &mut Key) -> Result<(), Breach> {
        let mut text = [0; LONGEST_START + PIECE];
        for piece in masked.chunks(PIECE) {
            let end = self.start_len + piece.len();
            text[..self.start_len].copy_from_slice(&self.start[..self.start_len]);
            unmask(piece, key, &mut text[self.start_len..end]);
            self.start_len = 0;
            if let Err(error) = std::str::from_utf8(&text[..end]) {
                if error.error_len().is_some() {
                    return Err(Breach::InvalidUtf8);
                }
                // No breach yet: the bytes end inside a character.
                let start = &text[error.valid_up_to()..end];
                self.start[..start.len()].copy_from_slice(start);
                self.start_len = start.len();
            }
        }
        Ok(())
    }

    /// Refuses a message that ends inside a character.
    pub(super) fn end(self) -> Result<(), Breach> {
        if self.start_len == 0 { Ok(()) } else { Err(Breach::InvalidUtf8) }
    }
}

/// Judges the payload of a close frame, by RFC 6455 sections 5.5.1 and 7.4.
///
/// An empty one is fine; otherwise it is a code that may be sent, and a reason in UTF-8. A single byte is refused with
/// the header already.
pub(super) fn check_close(payload: &[u8], mut key: Key) -> Result<(), Breach> {
    let Some((code, reason)) = payload.split_at_checked(2) else {
        return Ok(());
    };
    let mut code_bytes = [0; 2];
    unmask(code, &mut key, &mut code_bytes);
    match u16::from_be_bytes(code_bytes) {
        1000..=1003 | 1007..=1014 | 3000..=4999 => {}
        _ => return Err(Breach::Protocol),
    }
    let mut utf8 = Utf8::default();
    utf8.check(reason, &mut key)?;
    utf8.end()
}

/// Writes the unmasked bytes of `masked` to `clear`, which is as long, and turns `key` past them.
fn unmask(masked: &[u8], key: &mut Key, clear: &mut [u8]) {
    // The key twice in a word: eight bytes at a time, and the compiler makes more of it.
    let word = u64::from(u32::from_ne_bytes(*key)) * 0x1_0000_0001;
    let (words, tail) = masked.as_chunks::<8>();
    let (clear_words, clear_tail) = clear.as_chunks_mut::<8>();
    for (clear, masked) in clear_words.iter_mut().zip(words) {
        *clear = (u64::from_ne_bytes(*masked) ^ word).to_ne_bytes();
    }
    for ((clear, masked), key) in clear_tail.iter_mut().zip(tail).zip(key.iter().cycle()) {
        *clear = masked ^ key;
    }
    key.rotate_left(masked.len() % 4);
}
