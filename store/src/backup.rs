//! A copy of the database as it is at one moment, while the server runs: a database of its own, under an id of its own.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::OpenFlags;
use rusqlite::backup::{Backup, StepResult};
use tempfile::{TempDir, TempPath};

use crate::error::Error;
use crate::folder::Folder;
use crate::identity;
use crate::query::Archive;
use crate::schema;

/// Pages copied between two looks at the progress: 4 MiB.
const PAGES: i32 = 1_024;

/// Copies the database to the file `to`, which must not exist. Tells how many of how many bytes are copied.
///
/// The copy has its name only when it is whole.
pub fn run(archive: &Archive, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), Error> {
    if to.symlink_metadata().is_ok() {
        return Err(taken(to));
    }
    let target = Folder::of(to);
    let dir = if target.dir().as_os_str().is_empty() { Path::new(".") } else { target.dir() };
    let copy = Copy::make(archive, dir, to, &mut progress)?;
    TempPath::try_from_path(&copy.path)
        .and_then(|copy| copy.persist_noclobber(to).map_err(|failed| failed.error))
        .map_err(|error| if error.kind() == io::ErrorKind::AlreadyExists { taken(to) } else { Error::io(to)(error) })?;
    target.sync()
}

fn taken(to: &Path) -> Error {
    let words = "it exists already, and a backup replaces nothing; choose another name, or remove it first";
    Error::io(to)(io::Error::new(io::ErrorKind::AlreadyExists, words))
}

/// A whole copy in a hidden folder of its own, which goes with it: two copies at once do not meet.
#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) path: PathBuf,
    _room: TempDir,
}

impl Copy {
    /// Makes one in `dir`, which will be called `to`: that is what is wrong where it fails.
    pub(crate) fn make(
        archive: &Archive,
        dir: &Path,
        to: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Copy, Error> {
        let room = tempfile::Builder::new().prefix(".tradepit-").tempdir_in(dir).map_err(Error::io(to))?;
        let path = room.path().join("tradepit.db");
        copy(archive, &path, to, progress)?;
        Ok(Copy { path, _room: room })
    }
}

fn copy(archive: &Archive, path: &Path, to: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
    let source = archive.folder().database();
    // One moment for all steps: without it a write in between would make SQLite begin anew.
    let moment = archive.connection().unchecked_transaction().map_err(Error::sqlite(&source))?;
    moment.query_row("SELECT 1 FROM sqlite_schema", [], |_| Ok(())).map_err(Error::sqlite(&source))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut target = schema::connect(path, flags)?;
    let copied = Backup::new(&moment, &mut target).and_then(|backup| step_through(&backup, progress));
    copied.and_then(|()| identity::rename_copy(&target)).map_err(Error::sqlite(to))?;
    // Its log goes with its last connection: one file that stands alone.
    target.close().map_err(|(_, error)| Error::sqlite(to)(error))?;
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::io(to))
}

fn step_through(backup: &Backup<'_, '_>, progress: &mut dyn FnMut(u64, u64)) -> rusqlite::Result<()> {
    loop {
        let step = backup.step(PAGES)?;
        let pages = backup.progress();
        let bytes = |pages: i32| 4_096 * u64::try_from(pages).unwrap_or(0);
        progress(bytes(pages.pagecount - pages.remaining), bytes(pages.pagecount));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Nobody else has the target; the source cannot be locked within a moment of it.
            _ => backup.run_to_completion(PAGES, Duration::from_millis(10), None)?,
        }
    }
}
