//! The repository's files, and the settings that the command line knows.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};

/// Where the repository is.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A file of the repository.
pub(crate) fn text(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders that crates are in, below the repository's own; the first is that.
pub(crate) const CRATES: [&str; 10] =
    ["", "engine", "market", "store", "actors", "load", "dashboard", "tests/kit", "tests/places", "tests/world"];

/// Every manifest.
pub(crate) fn manifests() -> impl Iterator<Item = String> {
    CRATES.into_iter().map(|of| Path::new(of).join("Cargo.toml").display().to_string())
}

/// The Rust files below a folder.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a room") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// A setting: its flag, its variable, and what it is where nothing is said.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) flag: String,
    pub(crate) variable: String,
    /// A value, in backticks; or in words, as the help has them in brackets.
    pub(crate) default: String,
}

/// The settings of a command, each of which has a variable.
pub(crate) fn settings<T: Args>() -> Vec<Setting> {
    let command = T::augment_args(Command::new("it"));
    let settings = command.get_arguments().map(|argument| {
        let flag = format!("--{}", argument.get_long().expect("every setting has a flag"));
        let variable = argument.get_env().and_then(|name| name.to_str());
        let variable = variable.unwrap_or_else(|| panic!("{flag} has no variable")).to_owned();
        let values: Vec<&str> = argument.get_default_values().iter().filter_map(|value| value.to_str()).collect();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let told = help.split_once("[default: ").and_then(|(_, rest)| rest.split_once(']')).map(|(words, _)| words);
        let value = (!values.is_empty()).then(|| format!("`{}`", values.join(",")));
        let default = value.or(told.map(str::to_owned)).unwrap_or_default();
        Setting { flag, variable, default }
    });
    settings.collect()
}
