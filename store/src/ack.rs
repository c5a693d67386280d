//! `tradepit.ack`: the newest change that was acknowledged, and of which database. It shows where the end of the log
//! went missing.
//!
//! 12 bytes are of an older Tradepit: the number and its checksum. Today they are followed by the database's id and a
//! checksum of all that. Numbers are little-endian.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use tradepit_engine::Number;

use crate::error::Error;
use crate::folder::Folder;
use crate::identity::DatabaseId;

/// What is known to have been acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    pub(crate) number: Number,
    /// Of which database, where an id was written.
    pub(crate) of: Option<DatabaseId>,
}

impl Acknowledged {
    /// Reads what the folder says.
    pub(crate) fn read(folder: &Folder) -> Result<Acknowledged, Error> {
        let path = folder.ack();
        match fs::read(&path) {
            Ok(bytes) => Ok(Acknowledged::parse(&bytes).unwrap_or_else(|| {
                log::warn!("{} cannot be read and is ignored: it only helps to notice damage", path.display());
                Acknowledged::default()
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Acknowledged::default()),
            Err(error) => Err(Error::io(path)(error)),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Acknowledged> {
        let (said, sum) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
        if crc32fast::hash(said).to_le_bytes() != *sum {
            return None;
        }
        let (number, rest) = said.split_first_chunk()?;
        let of = match rest.split_first_chunk::<4>() {
            // The old checksum stands in between.
            Some((_, id)) => Some(DatabaseId(u64::from_le_bytes(id.try_into().ok()?))),
            None => None,
        };
        Some(Acknowledged { number: Number(u64::from_le_bytes(*number)), of })
    }

    fn bytes(number: Number, of: DatabaseId) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&number.0.to_le_bytes());
        bytes[8..12].copy_from_slice(&crc32fast::hash(&number.0.to_le_bytes()).to_le_bytes());
        bytes[12..20].copy_from_slice(&of.0.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..20]);
        bytes[20..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }
}

/// Tells the next start how far the log must reach at least. Not synced: it is never ahead of what is, and a crash of
/// the machine may leave it behind, which only makes it tell less.
#[derive(Debug)]
pub(crate) struct Mark {
    file: File,
    path: PathBuf,
    of: DatabaseId,
}

impl Mark {
    /// Where changes of this database are marked as acknowledged.
    pub(crate) fn open(folder: &Folder, of: DatabaseId) -> Result<Mark, Error> {
        let path = folder.ack();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(Error::io(&path))?;
        Ok(Mark { file, path, of })
    }

    pub(crate) fn set(&self, number: Number) -> Result<(), Error> {
        self.file.write_all_at(&Acknowledged::bytes(number, self.of), 0).map_err(Error::io(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_so_is_what_an_older_version_wrote() {
        let bytes = Acknowledged::bytes(Number(7_000), DatabaseId(99));
        assert_eq!(Acknowledged::parse(&bytes), Some(Acknowledged { number: Number(7_000), of: Some(DatabaseId(99)) }));
        assert_eq!(Acknowledged::parse(&bytes[..12]), Some(Acknowledged { number: Number(7_000), of: None }));
    }

    #[test]
    fn what_was_not_written_so_says_nothing() {
        let bytes = Acknowledged::bytes(Number(7_000), DatabaseId(99));
        for length in (0..24).filter(|&length| length != 12) {
            assert_eq!(Acknowledged::parse(&bytes[..length]), None, "{length} bytes");
        }
        for at in 0..24 {
            let mut flipped = bytes;
            flipped[at] ^= 1;
            assert_eq!(Acknowledged::parse(&flipped), None, "byte {at}");
        }
    }
}
