//! The dashboard as the server serves it: the files of `dashboard/dist`, embedded when this crate is built.
//!
//! Owns the table of files and nothing else. What the page is stands in `dashboard/src`; how it becomes current, with
//! Node or without, is told in `embed/build.rs`; with which headers it is answered is the server's business.
//!
//! Whether there is a page is decided by `TRADEPIT_DASHBOARD` at build time: `auto` (the default) builds it where Node
//! is found and goes on without it otherwise, `require` fails where it cannot be had, `skip` leaves it out.

/// A file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name: `index.html`, or what stands after `/assets/`.
    pub name: &'static str,
    /// What Content-Type says of it.
    pub media_type: &'static str,
    /// A hash of its content, without quotes: another content has another one. Its compressed forms share it.
    pub hash: &'static str,
    /// The bytes as they are.
    pub identity: &'static [u8],
    /// The same, compressed with Brotli, where the page's build left that.
    pub brotli: Option<&'static [u8]>,
    /// The same, compressed with gzip, where the page's build left that.
    pub gzip: Option<&'static [u8]>,
}

// INDEX and ASSETS, the latter ascending by name.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The page itself; `None` where the server was built without it.
#[must_use]
pub fn index() -> Option<&'static File> {
    INDEX.as_ref()
}

/// The file that the page finds under `/assets/` by this name. Names carry a hash of the content: what is once found
/// never changes.
#[must_use]
pub fn asset(name: &str) -> Option<&'static File> {
    let at = ASSETS.binary_search_by_key(&name, |file| file.name).ok()?;
    ASSETS.get(at)
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, asset, index};

    #[test]
    fn every_asset_is_found_by_its_name_and_nothing_else_is() {
        for file in ASSETS {
            assert_eq!(asset(file.name), Some(file));
        }
        for name in ["", "index.html", "nothing.js", "../index.html", "assets/"] {
            assert_eq!(asset(name), None, "{name}");
        }
    }

    #[test]
    fn a_page_is_html_and_its_assets_are_there_only_with_it() {
        match index() {
            Some(page) => assert_eq!((page.name, page.media_type), ("index.html", "text/html; charset=utf-8")),
            None => assert!(ASSETS.is_empty()),
        }
    }
}
