//! Plain JSON, read in one pass and without an allocation: objects of short texts, numbers and words.
//!
//! It tells nothing of what is wrong. What is unusual in any way (an escape, a sign, a letter beyond ASCII, a value
//! within a value) is left to whoever looks at it closely, and so is every fault.

use tradepit_engine::Decimal;

/// What is left of a text that is being read.
#[derive(Clone)]
pub(crate) struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

/// A value, as it was spelled.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// Printable ASCII, and no escape in it.
    Text(&'a [u8]),
    /// Digits, among which points may be.
    Number(&'a [u8]),
    True,
    False,
    Null,
}

/// Which bytes stand for themselves in a text.
const IS_PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        is_plain[byte as usize] = byte != b'"' && byte != b'\\';
        byte += 1;
    }
    is_plain
};

impl<'a> Scan<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Scan<'a> {
        Scan { text, at: 0 }
    }

    /// How far it was read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Passes over so many bytes, which somebody else has read.
    pub(crate) fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next byte that is no space, which is not passed over.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.get(self.at)? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// The next byte that is no space.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Whether this comes next.
    #[inline]
    pub(crate) fn has(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// Whether nothing follows.
    pub(crate) fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Reads an object, and gives each of its fields to whoever knows them.
    #[inline]
    pub(crate) fn object(&mut self, mut take: impl FnMut(&'a [u8], Value<'a>) -> Option<()>) -> Option<()> {
        self.has(b'{')?;
        loop {
            let name = self.text()?;
            self.has(b':')?;
            take(name, self.value()?)?;
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// A text in quotes.
    #[inline]
    pub(crate) fn text(&mut self) -> Option<&'a [u8]> {
        self.has(b'"')?;
        let text = self.rest();
        let length = text.iter().position(|&byte| !IS_PLAIN[usize::from(byte)])?;
        self.at += length + 1;
        (text[length] == b'"').then(|| &text[..length])
    }

    fn value(&mut self) -> Option<Value<'a>> {
        Some(match self.peek()? {
            b'"' => Value::Text(self.text()?),
            b'0'..=b'9' => {
                let number = self.rest();
                let length = number.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.'))?;
                self.at += length;
                Value::Number(&number[..length])
            }
            b't' => self.word(b"true", Value::True)?,
            b'f' => self.word(b"false", Value::False)?,
            b'n' => self.word(b"null", Value::Null)?,
            _ => return None,
        })
    }

    fn word(&mut self, word: &[u8], value: Value<'a>) -> Option<Value<'a>> {
        let is_it = self.rest().starts_with(word);
        self.at += word.len();
        is_it.then_some(value)
    }
}

impl<'a> Value<'a> {
    /// Reads it, unless it is null.
    #[inline]
    pub(crate) fn given<T>(self, read: impl FnOnce(Value<'a>) -> Option<T>) -> Option<Option<T>> {
        if let Value::Null = self { Some(None) } else { read(self).map(Some) }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        if let Value::Text(text) = self { str::from_utf8(text).ok() } else { None }
    }

    /// What stands under this name.
    #[inline]
    pub(crate) fn one_of<T: Copy>(self, names: &[(&str, T)]) -> Option<T> {
        let Value::Text(text) = self else { return None };
        names.iter().find(|(name, _)| name.as_bytes() == text).map(|one| one.1)
    }

    pub(crate) fn is_true(self) -> Option<bool> {
        match self {
            Value::True => Some(true),
            Value::False => Some(false),
            Value::Text(_) | Value::Number(_) | Value::Null => None,
        }
    }

    /// A whole number of at most 19 digits, also as a text.
    #[inline]
    pub(crate) fn integer(self) -> Option<u64> {
        let (units, decimals) = self.number()?;
        decimals.is_none().then_some(units)
    }

    /// A decimal greater than zero, of at most 18 digits, also as a text.
    #[inline]
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let (units, decimals) = self.number()?;
        if units == 0 { None } else { Decimal::new(units.into(), decimals.unwrap_or(0)) }
    }

    /// A number as JSON spells it: its digits, and how many of them follow the point, if there is one.
    #[inline]
    fn number(self) -> Option<(u64, Option<u32>)> {
        // So many digits overflow nothing.
        let (Value::Text(text) | Value::Number(text)) = self else { return None };
        if text.len() > 19 {
            return None;
        }
        let (mut units, mut decimals) = (0_u64, None);
        for byte in text {
            match byte {
                b'0'..=b'9' => {
                    units = 10 * units + u64::from(byte - b'0');
                    decimals = decimals.map(|decimals| decimals + 1);
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                _ => return None,
            }
        }
        let whole = text.len() - decimals.map_or(0, |decimals| decimals as usize + 1);
        let is_spelled = decimals != Some(0) && (whole == 1 || (whole > 1 && text[0] != b'0'));
        is_spelled.then_some((units, decimals))
    }
}
