//! Flat JSON objects, written field by field: replies and announcements are nothing else.
//!
//! serde writes whatever it is told, and looks at each character of each text for what must be escaped. Nearly all
//! that is said here cannot need it (ids, symbols, times, numbers), and half of what a POST costs beyond the bare
//! framework was writing its reply.

use std::fmt;
use std::io::Write;

use tradepit_engine::{OrderId, Time};

use super::id::WireId;
use crate::time::WireTime;

/// Writes a list.
pub(crate) fn write_list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(T, &mut Vec<u8>),
) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

/// An object that is being written.
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    /// What comes before the next field.
    before: u8,
}

impl<'a> Object<'a> {
    /// Begins an object at the end of `out`.
    pub(crate) fn begin(out: &'a mut Vec<u8>) -> Object<'a> {
        Object { out, before: b'{' }
    }

    pub(crate) fn end(self) {
        // An object without fields has not begun yet.
        if self.before == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
    }

    /// A text of which no character needs to be escaped.
    #[inline(always)]
    pub(crate) fn plain(&mut self, name: &str, text: &str) {
        self.quoted(name, text.as_bytes());
    }

    #[inline(always)]
    fn quoted(&mut self, name: &str, text: &[u8]) {
        debug_assert!(text.iter().all(|byte| !matches!(byte, ..b' ' | b'"' | b'\\')), "{text:?}");
        self.name(name);
        self.out.push(b'"');
        self.out.extend_from_slice(text);
        self.out.push(b'"');
    }

    /// Any text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        serde_json::to_writer(&mut *self.out, text).expect("a Vec takes every byte, and a text is always JSON");
    }

    #[inline(always)]
    pub(crate) fn number(&mut self, name: &str, number: u64) {
        self.name(name);
        self.out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    #[inline(always)]
    pub(crate) fn null(&mut self, name: &str) {
        self.name(name);
        self.out.extend_from_slice(b"null");
    }

    /// What is JSON already.
    pub(crate) fn spelled(&mut self, name: &str, json: &str) {
        self.name(name);
        self.out.extend_from_slice(json.as_bytes());
    }

    #[inline(always)]
    pub(crate) fn id(&mut self, name: &str, id: OrderId) {
        self.plain(name, WireId(id).write(&mut [0; WireId::LENGTH]));
    }

    #[inline(always)]
    pub(crate) fn time(&mut self, name: &str, time: Time) {
        self.quoted(name, &WireTime(time).write());
    }

    /// Fields that are the same in many objects, in one go: they are spelled with the comma before the first.
    #[inline]
    pub(crate) fn fields(&mut self, spelled: &str) {
        debug_assert!(self.before == b',' && spelled.starts_with(",\""), "{spelled}");
        self.out.extend_from_slice(spelled.as_bytes());
    }

    /// `units` / 10^`decimals` as a string, with so many decimals: `1.08500`.
    pub(crate) fn fixed(&mut self, name: &str, units: u64, decimals: usize) {
        self.name(name);
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(units).as_bytes();
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
        self.out.push(b'"');
        self.out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
        if decimals > 0 {
            self.out.push(b'.');
            self.out.extend(std::iter::repeat_n(b'0', decimals - fraction.len()));
            self.out.extend_from_slice(fraction);
        }
        self.out.push(b'"');
    }

    /// A number as a string, however it is written.
    pub(crate) fn decimal(&mut self, name: &str, number: impl fmt::Display) {
        self.name(name);
        write!(self.out, "\"{number}\"").expect("a Vec takes every byte");
    }

    /// A list within this object.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(T, &mut Vec<u8>),
    ) {
        self.name(name);
        write_list(self.out, items, write);
    }

    /// An object within this one.
    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        let mut inner = Object::begin(self.out);
        write(&mut inner);
        inner.end();
    }

    /// The name of the next field. Names are ours, or ids, and need no escapes.
    ///
    /// Inlined, as all that call it, whatever the compiler thinks: where the name is known, a few stores write it.
    #[inline(always)]
    fn name(&mut self, name: &str) {
        self.out.extend_from_slice(&[self.before, b'"']);
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.before = b',';
    }
}
