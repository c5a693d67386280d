//! Checksums: SQLite has none, and a flipped bit must not become another order.

/// A checksum over what a row says, each part with its length where that can vary.
pub(crate) struct Sum(crc32fast::Hasher);

impl Sum {
    pub(crate) fn new(numbers: &[i64]) -> Sum {
        let mut bytes = [0; 8 * 8];
        let used = 8 * numbers.len();
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&bytes[..used]);
        Sum(hasher)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Sum {
        self.0.update(&[bytes.len() as u8]);
        self.0.update(bytes);
        self
    }

    pub(crate) fn text(self, text: Option<&str>) -> Sum {
        // No text is empty: the lengths tell them apart.
        self.bytes(text.unwrap_or_default().as_bytes())
    }

    pub(crate) fn done(self) -> i64 {
        i64::from(self.0.finalize())
    }
}
