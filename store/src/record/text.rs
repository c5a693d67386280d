//! The few forms of JSON that records have: numbers, short texts, flat lists. Strict: what is not as it is written here is not
//! read.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends a number.
pub(crate) fn push_number(text: &mut Vec<u8>, number: i64) {
    push_padded(text, number, 0);
}

/// Appends a number, after spaces so that both take `width` characters at least.
pub(crate) fn push_padded(text: &mut Vec<u8>, number: i64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(number).as_bytes();
    text.resize(text.len() + width.saturating_sub(digits.len()), b' ');
    text.extend_from_slice(digits);
}

/// Appends bytes as hexadecimal digits.
pub(crate) fn push_hex(text: &mut Vec<u8>, bytes: &[u8; 16]) {
    let mut digits = [0; 32];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    text.extend_from_slice(&digits);
}

/// Appends a text of visible ASCII characters as a JSON string.
pub(crate) fn push_text(text: &mut Vec<u8>, string: &str) {
    text.push(b'"');
    for byte in string.bytes() {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text.push(b'"');
}

/// Reads from the front. `None` means that what stands there is something else; then nothing more is read.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// A whole list, and nothing after it.
    pub(crate) fn list(&mut self, mut element: impl FnMut(&mut Reader<'a>) -> Option<()>) -> Option<()> {
        self.expect(b'[')?;
        if self.peek()? != b']' {
            element(self)?;
            while self.peek()? == b',' {
                self.at += 1;
                element(self)?;
            }
        }
        self.expect(b']')?;
        (self.at == self.text.len()).then_some(())
    }

    /// The beginning of a record.
    pub(crate) fn open(&mut self) -> Option<()> {
        self.expect(b'[')
    }

    /// The end of a record.
    pub(crate) fn close(&mut self) -> Option<()> {
        self.expect(b']')
    }

    /// Whether the record ends here.
    pub(crate) fn is_at_end(&self) -> bool {
        self.peek() == Some(b']')
    }

    pub(crate) fn next_number(&mut self) -> Option<i64> {
        self.expect(b',')?;
        self.number()
    }

    pub(crate) fn number(&mut self) -> Option<i64> {
        while self.peek()? == b' ' {
            self.at += 1;
        }
        let negative = self.expect(b'-').is_some();
        let from = self.at;
        // From below zero: there is one number more.
        let mut number = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
            self.at += 1;
        }
        if self.at == from {
            return None;
        }
        if negative { Some(number) } else { number.checked_neg() }
    }

    pub(crate) fn next_hex(&mut self) -> Option<[u8; 16]> {
        self.expect(b',')?;
        self.expect(b'"')?;
        let digits = self.text.as_bytes().get(self.at..self.at + 32)?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        self.at += 32;
        self.expect(b'"')?;
        Some(bytes)
    }

    pub(crate) fn next_text(&mut self) -> Option<Cow<'a, str>> {
        self.next_text_or_null()?
    }

    #[expect(clippy::option_option, reason = "nothing readable, or null")]
    pub(crate) fn next_text_or_null(&mut self) -> Option<Option<Cow<'a, str>>> {
        self.expect(b',')?;
        if self.text.get(self.at..)?.starts_with("null") {
            self.at += 4;
            return Some(None);
        }
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.text.get(self.at..)?;
            let length = rest.find(['"', '\\'])?;
            let part = &rest[..length];
            if text.is_empty() {
                text = Cow::Borrowed(part)
            } else {
                text.to_mut().push_str(part)
            }
            self.at += length + 1;
            if rest.as_bytes()[length] == b'"' {
                return Some(Some(text));
            }
            let escaped = self.peek().filter(|escaped| matches!(escaped, b'"' | b'\\'))?;
            text.to_mut().push(char::from(escaped));
            self.at += 1;
        }
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, push_hex, push_number, push_padded, push_text};

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
                    assert_eq!((reader.number(), reader.next_number()), (Some(number), Some(number)), "{text}");
                    assert_eq!(reader.next_hex(), Some(id), "{text}");
                    assert_eq!(reader.next_text().as_deref(), Some(name), "{text}");
                    assert_eq!(reader.next_text_or_null(), Some(None), "{text}");
                    reader.close()
                });
                assert_eq!(read, Some(()), "{text}");
            }
        }
    }

    #[test]
    fn what_is_not_written_so_is_not_read() {
        for text in ["", "[", "[1", "[1,]", "[1]x", "1", "[9223372036854775808]", "[-]", "[--1]", "[ ]"] {
            assert_eq!(Reader::new(text).list(|reader| reader.number().map(drop)), None, "{text}");
        }
    }
}
