//! A copy of this crate that may be built at will, and what its builds say.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A `node` that is none.
pub(crate) const NO_NODE: &str = "exit 127";

const ROOT: &str = r#"
[workspace]
members = ["dashboard"]
resolver = "3"
[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = "1.93"
license = "MIT OR Apache-2.0"
readme = "README.md"
keywords = []
categories = []
"#;

/// Notes its arguments, and does to the page's folder what npm and Vite would do.
const NPM: &str = r#"
echo "$*" >> ../calls
case "$1" in
  ci)
    if [ -e ../offline ]; then
      printf 'npm error %s\n' "code ENOTFOUND" "errno ENOTFOUND" "FetchError: no network" "    at Error" >&2
      exit 1
    fi
    mkdir -p node_modules && echo > node_modules/.package-lock.json ;;
  run)
    rm -rf dist
    mkdir -p dist/assets
    cat src/main.ts > dist/assets/main-1.js
    cat src/main.ts > dist/assets/main-1.js.br
    echo > dist/assets/main-1.js.map
    echo '<script src="/assets/main-1.js"></script>' > dist/index.html
    if [ -e ../broken ]; then echo "before: what led there"; echo "error: the page is broken" >&2; exit 1; fi ;;
esac
"#;

/// A workspace of its own with the crate, the page's sources and the programs that build it.
pub(crate) struct World {
    dir: TempDir,
}

/// What a build said.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) ok: bool,
    pub(crate) stderr: String,
}

impl Built {
    /// The build script's warnings.
    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.stderr.lines().filter_map(|line| line.strip_prefix("warning: tradepit-dashboard@0.1.0: ")).collect()
    }

    /// Whether nothing was compiled, nor any script run.
    pub(crate) fn is_fresh(&self) -> bool {
        let compiled = ["Compiling", "Running", "Dirty"].iter().any(|word| self.stderr.contains(word));
        assert!(self.ok, "{self:?}");
        !compiled && self.stderr.contains("Fresh")
    }
}

impl World {
    pub(crate) fn new() -> World {
        let world = World { dir: tempfile::tempdir().expect("room for a folder") };
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = fs::read_to_string(crate_dir.join("Cargo.toml")).expect("the crate has a manifest");
        // What its tests need is not needed there, nor are the workspace's lints.
        let manifest = manifest.replace("[lints]\nworkspace = true\n", "");
        let (manifest, _) = manifest.split_once("[dev-dependencies]").expect("it ends with them");
        world.write_outside("Cargo.toml", ROOT);
        world.write("Cargo.toml", manifest);
        for file in fs::read_dir(crate_dir.join("embed")).expect("the crate's sources") {
            let path = file.expect("an entry").path();
            if let (true, Some(name)) = (path.is_file(), path.file_name().and_then(|name| name.to_str())) {
                world.write(&format!("embed/{name}"), &fs::read_to_string(&path).expect("it is text"));
            }
        }
        for file in
            ["package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json", "src/main.ts"]
        {
            world.write(file, "{}");
        }
        world.write_node("echo v22.12.0");
        world.write_program("npm", NPM);
        world
    }

    /// Where a file beside the page's folder is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file beside the page's folder.
    pub(crate) fn write_outside(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("room for a folder");
        fs::write(path, text).expect("room for a file");
    }

    /// Writes a file of the page's folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_outside(&format!("dashboard/{name}"), text);
    }

    /// Removes a file of the page's folder.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path("dashboard").join(name)).expect("it is there");
    }

    fn write_program(&self, name: &str, script: &str) {
        self.write_outside(&format!("scripts/{name}"), &format!("#!/bin/sh\n{script}\n"));
        let programs = self.path("bin");
        fs::create_dir_all(&programs).expect("room for a folder");
        // By another process: whatever this one starts meanwhile would hold a file open that it writes, and what
        // somebody may write cannot be run.
        let mut install = Command::new("install");
        install.args(["-m", "755"]).args([self.path("scripts").join(name), programs.join(name)]);
        assert!(install.status().expect("install is everywhere").success());
    }

    /// Takes a program the right to be run.
    pub(crate) fn forbid(&self, name: &str) {
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(self.path("bin").join(name), mode).expect("the file is ours");
    }

    /// Makes this what Node is.
    pub(crate) fn write_node(&self, script: &str) {
        self.write_program("node", script);
    }

    pub(crate) fn build(&self) -> Built {
        self.cargo(&self.usual_path(), "target", "auto")
    }

    pub(crate) fn build_as(&self, mode: &str) -> Built {
        self.cargo(&self.usual_path(), "target", mode)
    }

    pub(crate) fn build_into(&self, target: &str) -> Built {
        self.cargo(&self.usual_path(), target, "auto")
    }

    pub(crate) fn build_on_path(&self, path: &str) -> Built {
        self.cargo(&path.into(), "target", "auto")
    }

    fn usual_path(&self) -> OsString {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = [self.path("bin")].into_iter().chain(std::env::split_paths(&paths));
        std::env::join_paths(paths).expect("none holds a colon")
    }

    fn cargo(&self, path: &OsString, target: &str, mode: &str) -> Built {
        let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let mut command = Command::new(&cargo);
        for (name, _) in std::env::vars_os() {
            // What the cargo that runs these tests told them is not meant for that one.
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_") && name != "CARGO_HOME") {
                command.env_remove(name);
            }
        }
        // By its path, so that it is found on any PATH; a toolchain has both in one folder.
        let rustc = cargo.with_file_name("rustc");
        if rustc.is_file() {
            command.env("RUSTC", rustc);
        }
        command.args(["build", "--offline", "--verbose"]).current_dir(self.dir.path());
        command.env("PATH", path).env("CARGO_TARGET_DIR", self.path(target)).env("TRADEPIT_DASHBOARD", mode);
        let output = command.output().expect("cargo runs");
        Built { ok: output.status.success(), stderr: String::from_utf8_lossy(&output.stderr).into_owned() }
    }

    /// What npm was called with so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        fs::read_to_string(self.path("calls")).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// The table that was written last.
    pub(crate) fn table(&self) -> String {
        let scripts = fs::read_dir(self.path("target/debug/build")).expect("it was built");
        let tables = scripts.filter_map(|entry| {
            let path = entry.ok()?.path().join("out/files.rs");
            Some((fs::metadata(&path).ok()?.modified().ok()?, path))
        });
        let (_, newest) = tables.max().expect("a table was written");
        fs::read_to_string(newest).expect("it is text")
    }
}
