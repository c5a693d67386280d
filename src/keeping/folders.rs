//! Where venues that were made to last lie: `DATA/venues/NAME`, and for those that began anew `DATA/venues/NAME.2`, …
//!
//! What a venue was made with is written last, and removed first: a folder without it was never finished, or is no
//! more. Of several of one name the latest counts, so that a venue which begins anew is there at every moment.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tradepit_store::{Error, Folder};

/// Below the data folder, the folder of all of them.
const VENUES: &str = "venues";
/// What a venue was made with.
const SETTINGS: &str = "venue.json";

/// The folder of all venues beside `main`.
#[derive(Debug)]
pub(super) struct Folders {
    dir: PathBuf,
}

/// Where one venue lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    dir: PathBuf,
}

/// A venue that was made before.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// What it was made with, as far as that can be read.
    pub(crate) settings: Result<Vec<u8>, Error>,
}

impl Folders {
    pub(super) fn below(data_dir: &Path) -> Folders {
        Folders { dir: data_dir.join(VENUES) }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn kept(&self) -> Result<Vec<Kept>, Error> {
        let mut latest = BTreeMap::<String, u64>::new();
        for (name, life) in self.lives()? {
            let place = self.place_of(&name, life);
            if !place.settings().exists() {
                place.remove()?;
            } else if let Some(earlier) = latest.insert(name.clone(), life) {
                let (earlier, later) = (earlier.min(life), earlier.max(life));
                self.place_of(&name, earlier).forget_and_remove()?;
                latest.insert(name, later);
            }
        }
        let kept = latest.into_iter().map(|(name, life)| {
            let place = self.place_of(&name, life);
            let settings = fs::read(place.settings()).map_err(at(&place.settings()));
            Kept { name, place, settings }
        });
        Ok(kept.collect())
    }

    /// A place after all that there are of this name.
    pub(super) fn place(&self, name: &str) -> Result<Place, Error> {
        let lives = self.lives()?.into_iter().filter(|(of, _)| of == name);
        let life = lives.map(|(_, life)| life + 1).max().unwrap_or(1);
        let place = self.place_of(name, life);
        fs::create_dir_all(&place.dir).map_err(at(&place.dir))?;
        Ok(place)
    }

    fn place_of(&self, name: &str, life: u64) -> Place {
        Place { dir: self.dir.join(if life == 1 { name.to_owned() } else { format!("{name}.{life}") }) }
    }

    /// Each folder that is a venue's, by its name and how often that began anew. What else is there is left alone.
    fn lives(&self) -> Result<Vec<(String, u64)>, Error> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(at(&self.dir))?,
        };
        let mut lives = Vec::new();
        for entry in entries {
            let entry = entry.map_err(at(&self.dir))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let life = match name.split_once('.') {
                None => Some((name, 1)),
                Some((name, life)) => life.parse().ok().filter(|life| *life > 1).map(|life| (name.to_owned(), life)),
            };
            lives.extend(life.filter(|_| entry.path().is_dir()));
        }
        Ok(lives)
    }
}

impl Place {
    /// Its folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn folder(&self) -> Folder {
        Folder::new(&self.dir)
    }

    fn settings(&self) -> PathBuf {
        self.dir.join(SETTINGS)
    }

    /// From here on the venue is made, with these settings: it is there after a restart.
    pub(crate) fn finish(&self, settings: &[u8]) -> Result<(), Error> {
        let (path, unfinished) = (self.settings(), self.dir.join(format!("{SETTINGS}.new")));
        let write = || {
            let mut file = File::create(&unfinished)?;
            file.write_all(settings)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)
        };
        write().map_err(at(&path))?;
        // The folder's own name is to last too.
        self.dir.ancestors().take(3).try_for_each(sync)
    }

    /// What it was made with, is not what was written.
    pub(crate) fn unreadable(&self) -> Error {
        Error::Damaged { path: self.settings(), what: "it does not tell what the venue was made with".to_owned() }
    }

    /// What it was made with.
    pub(crate) fn read_settings(&self) -> Result<Vec<u8>, Error> {
        fs::read(self.settings()).map_err(at(&self.settings()))
    }

    /// From here on the venue is no more, though its files are.
    pub(crate) fn forget(&self) -> Result<(), Error> {
        match fs::remove_file(self.settings()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(at(&self.settings())).and_then(|()| sync(&self.dir)),
        }
    }

    /// Removes its files, which nobody uses any more.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(at(&self.dir)),
        }
    }

    /// The same, of one that counts: what is removed by halves does not.
    pub(crate) fn forget_and_remove(&self) -> Result<(), Error> {
        self.forget()?;
        self.remove()
    }
}

/// Makes what was made or removed in a folder survive a crash.
fn sync(dir: &Path) -> Result<(), Error> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(at(dir))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
    let path = path.to_owned();
    |source| Error::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Folders;

    #[test]
    fn of_one_name_the_latest_that_was_finished_counts() {
        let dir = tempfile::tempdir().expect("a folder");
        let folders = Folders::below(dir.path());
        assert!(folders.kept().expect("it is empty").is_empty());
        let first = folders.place("a").expect("room");
        first.finish(b"1").expect("room");
        let second = folders.place("a").expect("room");
        assert!(second.dir() != first.dir() && first.dir().ends_with("venues/a"));
        let names = || -> Vec<_> {
            let kept = folders.kept().expect("it can be read").into_iter();
            kept.map(|kept| (kept.name, kept.settings.expect("it is there"))).collect()
        };
        assert_eq!(names(), [("a".to_owned(), b"1".to_vec())]);
        assert!(!second.dir().exists(), "it was never finished");
        for (name, settings) in [("a", b"2"), ("b", b"3"), ("a", b"4")] {
            folders.place(name).expect("room").finish(settings).expect("room");
        }
        assert_eq!(names(), [("a".to_owned(), b"4".to_vec()), ("b".to_owned(), b"3".to_vec())]);
        assert!(!first.dir().exists(), "another one came in its place");
    }

    #[test]
    fn what_was_forgotten_is_no_more_and_what_is_not_ours_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let folders = Folders::below(dir.path());
        let place = folders.place("a").expect("room");
        place.finish(b"1").expect("room");
        let other = dir.path().join("venues/a.txt");
        fs::write(&other, "mine").expect("room");
        place.forget().expect("it is there");
        assert!(folders.kept().expect("it can be read").is_empty());
        assert!(!place.dir().exists() && other.exists());
        place.forget_and_remove().expect("it is gone already");
    }
}
