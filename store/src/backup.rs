//! A copy of the database as it is at one moment, while the server runs.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::Error;
use crate::query::Archive;

/// Pages copied between two looks at the progress: 4 MiB.
const PAGES: i32 = 1_024;

/// Copies the database to the file `to`, which must not exist. Tells how many of how many bytes are copied.
///
/// The copy has its name only when it is whole.
pub fn run(archive: &Archive, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), Error> {
    if to.exists() {
        return Err(Error::io(to)(std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = Path::new(&unfinished);
    let copied = copy(archive, unfinished, &mut progress);
    let copied = copied.and_then(|()| {
        File::open(unfinished).and_then(|file| file.sync_all()).map_err(Error::io(unfinished))?;
        fs::rename(unfinished, to).map_err(Error::io(to))?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))
    });
    if copied.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(unfinished);
    }
    copied
}

fn copy(archive: &Archive, to: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<(), Error> {
    if to.exists() {
        fs::remove_file(to).map_err(Error::io(to))?;
    }
    let source = archive.folder().database();
    // One moment for all steps: without it a write in between would make SQLite begin anew.
    let moment = archive.connection().unchecked_transaction().map_err(Error::sqlite(&source))?;
    moment.query_row("SELECT 1 FROM sqlite_schema", [], |_| Ok(())).map_err(Error::sqlite(&source))?;
    let mut target = Connection::open(to).map_err(Error::sqlite(to))?;
    let backup = Backup::new(&moment, &mut target).map_err(Error::sqlite(to))?;
    loop {
        let step = backup.step(PAGES).map_err(Error::sqlite(to))?;
        let pages = backup.progress();
        let bytes = |pages: i32| 4_096 * u64::try_from(pages).unwrap_or(0);
        progress(bytes(pages.pagecount - pages.remaining), bytes(pages.pagecount));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Nobody else has the target; the source cannot be locked within a moment of it.
            _ => backup.run_to_completion(PAGES, Duration::from_millis(10), None).map_err(Error::sqlite(to))?,
        }
    }
}
