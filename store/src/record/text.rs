//! The few forms of JSON that records have: numbers, short texts, flat lists. Strict: what is not as it is written here
//! is not read.

use std::borrow::Cow;
use std::fmt::Display;

const HEX: &[u8; 16] = b"0123456789abcdef";

pub(super) fn push_number(text: &mut Vec<u8>, number: i64) {
    push_padded(text, number, 0);
}

/// Appends a number, after spaces so that both take `width` characters at least.
pub(super) fn push_padded(text: &mut Vec<u8>, number: i64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(number).as_bytes();
    text.resize(text.len() + width.saturating_sub(digits.len()), b' ');
    text.extend_from_slice(digits);
}

pub(super) fn push_hex(text: &mut Vec<u8>, bytes: &[u8; 16]) {
    let mut digits = [0; 32];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    text.extend_from_slice(&digits);
}

/// Appends a text that has no character which JSON escapes.
pub(super) fn push_plain(text: &mut Vec<u8>, plain: impl Display) {
    use std::io::Write;
    // There is always room in memory.
    let _ = write!(text, "\"{plain}\"");
}

/// Appends a text without characters that control anything as a JSON string.
pub(super) fn push_text(text: &mut Vec<u8>, string: &str) {
    text.push(b'"');
    for byte in string.bytes() {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text.push(b'"');
}

/// What stands there is not what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Garbled;

/// Reads from the front. Where something else stands nothing more is read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> Result<&'a str, Garbled> {
        self.text.get(self.at..).ok_or(Garbled)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Garbled> {
        if self.peek() != Some(byte) {
            return Err(Garbled);
        }
        self.at += 1;
        Ok(())
    }

    /// A whole list, and nothing after it.
    pub(super) fn list<E: From<Garbled>>(
        &mut self,
        mut element: impl FnMut(&mut Reader<'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[')?;
        if self.peek() != Some(b']') {
            element(self)?;
            while self.peek() == Some(b',') {
                self.at += 1;
                element(self)?;
            }
        }
        self.expect(b']')?;
        if self.has_ended() { Ok(()) } else { Err(Garbled.into()) }
    }

    /// The beginning of a record.
    pub(super) fn open(&mut self) -> Result<(), Garbled> {
        self.expect(b'[')
    }

    /// The end of a record.
    pub(super) fn close(&mut self) -> Result<(), Garbled> {
        self.expect(b']')
    }

    /// Whether nothing follows at all.
    pub(super) fn has_ended(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.peek() == Some(b']')
    }

    /// Whether a list begins here.
    pub(super) fn is_at_list(&self) -> bool {
        self.peek() == Some(b'[')
    }

    /// What stands between two places.
    pub(super) fn comma(&mut self) -> Result<(), Garbled> {
        self.expect(b',')
    }

    pub(super) fn next_number(&mut self) -> Result<i64, Garbled> {
        self.comma()?;
        self.number()
    }

    pub(super) fn next_number_or_null(&mut self) -> Result<Option<i64>, Garbled> {
        self.comma()?;
        if self.null() { Ok(None) } else { self.number().map(Some) }
    }

    pub(super) fn next_null(&mut self) -> Result<(), Garbled> {
        self.comma()?;
        if self.null() { Ok(()) } else { Err(Garbled) }
    }

    /// Reads `null`, if that stands here.
    pub(super) fn null(&mut self) -> bool {
        let is_null = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(b"null"));
        self.at += if is_null { 4 } else { 0 };
        is_null
    }

    /// A number as [`push_padded`] writes it.
    pub(super) fn next_padded(&mut self, width: usize) -> Result<i64, Garbled> {
        self.comma()?;
        self.padded(width, Reader::number)
    }

    /// Something after spaces, so that both take `width` characters at least.
    pub(super) fn padded<T>(
        &mut self,
        width: usize,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Garbled>,
    ) -> Result<T, Garbled> {
        let from = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        let spaces = self.at - from;
        let found = read(self)?;
        let length = self.at - from - spaces;
        if spaces == width.saturating_sub(length) { Ok(found) } else { Err(Garbled) }
    }

    /// Whether a number that is not below zero begins here.
    pub(super) fn is_at_digit(&self) -> bool {
        self.peek().is_some_and(|byte| byte.is_ascii_digit())
    }

    /// A number that is not below zero, and may be a long one.
    pub(super) fn long_number(&mut self) -> Result<u128, Garbled> {
        let rest = self.rest()?;
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &rest[..length];
        self.at += length;
        let is_plain = length == 1 || !digits.starts_with('0');
        digits.parse().ok().filter(|_| is_plain).ok_or(Garbled)
    }

    pub(super) fn number(&mut self) -> Result<i64, Garbled> {
        let negative = self.expect(b'-').is_ok();
        let from = self.at;
        // From below zero: there is one number more.
        let mut number = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let tens = number.checked_mul(10).ok_or(Garbled)?;
            number = tens.checked_sub(i64::from(digit - b'0')).ok_or(Garbled)?;
            self.at += 1;
        }
        let digits = self.at - from;
        // Zero has one spelling, and no number begins with it.
        let is_plain = if number == 0 { digits == 1 && !negative } else { self.text.as_bytes()[from] != b'0' };
        match number {
            _ if !is_plain => Err(Garbled),
            number if negative => Ok(number),
            number => number.checked_neg().ok_or(Garbled),
        }
    }

    pub(super) fn next_hex(&mut self) -> Result<[u8; 16], Garbled> {
        self.comma()?;
        self.hex()
    }

    pub(super) fn hex(&mut self) -> Result<[u8; 16], Garbled> {
        self.expect(b'"')?;
        let digits = self.text.as_bytes().get(self.at..self.at + 32).ok_or(Garbled)?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        self.at += 32;
        self.expect(b'"')?;
        Ok(bytes)
    }

    pub(super) fn next_text_or_null(&mut self) -> Result<Option<Cow<'a, str>>, Garbled> {
        self.comma()?;
        self.text_or_null()
    }

    /// A text that has no character which JSON escapes.
    pub(super) fn plain_text(&mut self) -> Result<&'a str, Garbled> {
        self.plain_text_or_null()?.ok_or(Garbled)
    }

    pub(super) fn plain_text_or_null(&mut self) -> Result<Option<&'a str>, Garbled> {
        match self.text_or_null()? {
            Some(Cow::Borrowed(text)) => Ok(Some(text)),
            Some(Cow::Owned(_)) => Err(Garbled),
            None => Ok(None),
        }
    }

    /// A text, or null.
    pub(super) fn text_or_null(&mut self) -> Result<Option<Cow<'a, str>>, Garbled> {
        if self.null() {
            return Ok(None);
        }
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.rest()?;
            let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Garbled)?;
            let part = &rest[..length];
            if text.is_empty() {
                text = Cow::Borrowed(part)
            } else {
                text.to_mut().push_str(part)
            }
            self.at += length + 1;
            if rest.as_bytes()[length] == b'"' {
                return Ok(Some(text));
            }
            let escaped = self.peek().filter(|escaped| matches!(escaped, b'"' | b'\\')).ok_or(Garbled)?;
            text.to_mut().push(char::from(escaped));
            self.at += 1;
        }
    }
}

fn nibble(digit: u8) -> Result<u8, Garbled> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::{Garbled, Reader, push_hex, push_number, push_padded, push_text};

    #[test]
    fn what_is_written_is_read() {
        let id = *b"\x00\x01\x7f\x80\xffabcdefghijk";
        for number in [0, 1, -1, 9, 10, 1_767_312_000_000_000, i64::MAX, i64::MIN] {
            for name in ["x", "a\"b", "\\", "\"\"", "!~\\\\\"[],null"] {
                let mut text = b"[[".to_vec();
                push_number(&mut text, number);
                text.push(b',');
                push_padded(&mut text, number, 8);
                text.extend(b",\"");
                push_hex(&mut text, &id);
                text.extend(b"\",");
                push_text(&mut text, name);
                text.extend(b",null]]");
                let text = String::from_utf8(text).expect("it is ASCII");
                let mut reader = Reader::new(&text);
                let read = reader.list(|reader| {
                    reader.open()?;
                    assert_eq!((reader.number(), reader.next_padded(8)), (Ok(number), Ok(number)), "{text}");
                    assert_eq!(reader.next_hex(), Ok(id), "{text}");
                    assert_eq!(reader.next_text_or_null().map(Option::unwrap).as_deref(), Ok(name), "{text}");
                    assert_eq!(reader.next_text_or_null(), Ok(None), "{text}");
                    reader.close()
                });
                assert_eq!(read, Ok::<(), Garbled>(()), "{text}");
            }
        }
    }

    #[test]
    fn what_is_not_written_so_is_not_read() {
        let lists = ["", "[", "[1", "[1,]", "[1]x", "1", "[9223372036854775808]", "[-]", "[--1]", "[ ]"];
        let numbers = ["[01]", "[00]", "[-0]", "[ 1]", "[1 ]", "[+1]", "[1.0]", "[1e1]", "[-01]"];
        for text in lists.into_iter().chain(numbers) {
            assert_eq!(Reader::new(text).list(|reader| reader.number().map(drop)), Err(Garbled), "{text}");
        }
        for (text, read) in [(",       1", Ok(1)), (",      1", Err(Garbled)), (",        1", Err(Garbled))] {
            assert_eq!(Reader::new(text).next_padded(8), read, "{text}");
        }
    }
}
