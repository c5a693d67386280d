//! A program that the page's build needs: found on PATH, run, and its refusal put in words.
//!
//! It is run by the path at which it was found, so that the path in a reason is the one that refused. What it prints is
//! told only where it fails: all of it on stderr, which cargo shows with a build that fails, and in the reason the line
//! that says most.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What npm notes of an error before it says what the error is.
const NPM_FIELDS: [&str; 5] = ["code", "syscall", "path", "dest", "errno"];

/// A program, and where it is.
pub(crate) struct Tool {
    name: &'static str,
    path: PathBuf,
}

impl Tool {
    /// The one that a shell would run; or why there is none.
    pub(crate) fn find(name: &'static str) -> Result<Tool, String> {
        let folders = env::var_os("PATH").unwrap_or_default();
        let candidates = || env::split_paths(&folders).map(|folder| folder.join(name)).filter(|path| path.is_file());
        match (candidates().find(|path| is_executable(path)), candidates().next()) {
            (Some(path), _) => Ok(Tool { name, path }),
            (None, Some(path)) => Err(format!("{} is not executable", path.display())),
            (None, None) => Err(format!("no {name} is on PATH")),
        }
    }

    /// What the program printed; or why it failed.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let call = format!("`{} {}`", self.name, arguments.join(" "));
        let mut command = Command::new(&self.path);
        command.args(arguments);
        // Cargo's words to build scripts, which mean something else to Node's tools; and a page is built for
        // production.
        for name in ["DEBUG", "HOST", "NODE_ENV"] {
            command.env_remove(name);
        }
        let Output { status, stdout, stderr } =
            command.output().map_err(|error| format!("{} cannot run: {error}", self.path()))?;
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        if status.success() {
            return Ok(stdout.into_owned());
        }
        eprintln!("{call}, {status}:\n{stdout}{stderr}");
        let reason = reason(&stderr, &stdout).map_or_else(|| format!("{status}"), str::to_owned);
        Err(format!("{call} failed: {reason} ({})", self.path()))
    }

    /// Where it is, for people.
    pub(crate) fn path(&self) -> impl std::fmt::Display {
        self.path.display()
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

/// The line that says most of an error: no heading, and none of npm's fields, where there is another one.
fn reason<'a>(stderr: &'a str, stdout: &'a str) -> Option<&'a str> {
    let lines = || stderr.lines().chain(stdout.lines()).map(str::trim);
    let mut errors = lines().filter(|line| line.to_ascii_lowercase().contains("error"));
    errors.clone().find(|line| !line.ends_with(':') && !is_field(line)).or_else(|| errors.next())
}

fn is_field(line: &str) -> bool {
    line.strip_prefix("npm error ").is_some_and(|rest| NPM_FIELDS.iter().any(|field| rest.starts_with(field)))
}
