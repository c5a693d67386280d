//! What a crash leaves: the bytes of a folder's files at one moment.

use std::fs;
use std::path::Path;

/// The mark first and the log last: what the log gains meanwhile does no harm.
pub(crate) const FILES: [&str; 5] =
    ["tradepit.ack", "tradepit.db", "tradepit.db-shm", "tradepit.lock", "tradepit.db-wal"];

pub(crate) const WAL: &str = "tradepit.db-wal";
/// What a page takes in the log, after the log's header.
pub(crate) const FRAME: usize = 4_096 + 24;
pub(crate) const WAL_HEADER: usize = 32;

/// Names and bytes of files.
#[derive(Clone)]
pub(crate) struct Image(pub(crate) Vec<(&'static str, Vec<u8>)>);

impl Image {
    /// Takes the files as they are. A file that is not there stays away.
    pub(crate) fn of(dir: &Path) -> Image {
        let read = |name| fs::read(dir.join(name)).ok().map(|bytes| (name, bytes));
        let mut image = Image(FILES.into_iter().filter_map(read).collect());
        image.cut_room_of_wal();
        image
    }

    /// Leaves the room away that a log is given in advance: no frame is all zeros.
    fn cut_room_of_wal(&mut self) {
        if let Some((_, wal)) = self.0.iter_mut().find(|(name, _)| *name == WAL) {
            let written = |frame: &[u8]| frame.iter().any(|&byte| byte != 0);
            let frames = wal.get(WAL_HEADER..).unwrap_or_default().chunks(FRAME);
            let mut used = frames.enumerate().filter(|(_, frame)| written(frame)).map(|(place, _)| place + 1);
            if wal.len() >= WAL_HEADER {
                let begun = written(&wal[..WAL_HEADER]);
                wal.truncate(if begun { WAL_HEADER + used.next_back().unwrap_or(0) * FRAME } else { 0 });
            }
        }
    }

    /// Puts the files into a new folder.
    pub(crate) fn lay(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        self.0.iter().for_each(|(name, bytes)| fs::write(dir.path().join(name), bytes).unwrap());
        dir
    }

    pub(crate) fn file(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(of, _)| *of == name).map_or(&[], |(_, bytes)| bytes)
    }

    pub(crate) fn file_mut(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(of, _)| *of == name).expect("it was taken").1
    }

    pub(crate) fn without(mut self, name: &str) -> Image {
        self.0.retain(|(of, _)| *of != name);
        self
    }
}
