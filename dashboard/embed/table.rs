//! Writes the table of files that `lib.rs` includes, with copies of them beside it: `dist` may change while rustc
//! reads.

use std::fs;
use std::io;
use std::path::Path;

use crate::sources::DIST;

/// Writes `files.rs`; an empty table where nothing is embedded.
pub(crate) fn write(embedded: bool, out_dir: &Path) -> io::Result<()> {
    let (mut index, mut assets) = ("None".to_owned(), Vec::new());
    if embedded {
        let folder = out_dir.join("assets");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        index = format!("Some({})", entry("index.html", out_dir)?);
        for name in asset_names()? {
            assets.push(entry(&format!("assets/{name}"), out_dir)?);
        }
    }
    let assets = assets.join(",\n    ");
    let text = format!("static INDEX: Option<File> = {index};\n\nstatic ASSETS: &[File] = &[\n    {assets}\n];\n");
    let path = out_dir.join("files.rs");
    fs::write(&path, text).map_err(at(&path))
}

/// Says at which path an error came.
fn at(path: &Path) -> impl Fn(io::Error) -> io::Error {
    let path = path.display().to_string();
    move |error| io::Error::new(error.kind(), format!("{path}: {error}"))
}

/// The files to serve, ascending. No source maps: they are larger than all the rest.
fn asset_names() -> io::Result<Vec<String>> {
    let folder = Path::new(DIST).join("assets");
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(at(&folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A name that is no text stands in no page.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.file_type()?.is_file() && !matches!(extension(&name), "br" | "gz" | "map") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A file as Rust source, and copies of its forms.
fn entry(path: &str, out_dir: &Path) -> io::Result<String> {
    let copy = |path: &str| -> io::Result<String> {
        let file = Path::new(DIST).join(path);
        fs::copy(&file, out_dir.join(path)).map_err(at(&file))?;
        Ok(format!("include_bytes!(concat!(env!(\"OUT_DIR\"), {:?}))", format!("/{path}")))
    };
    let form = |path: String| match copy(&path) {
        Ok(bytes) => Ok(format!("Some({bytes})")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok("None".to_owned()),
        Err(error) => Err(error),
    };
    let (identity, brotli, gzip) = (copy(path)?, form(format!("{path}.br"))?, form(format!("{path}.gz"))?);
    let (hash, media_type) = (hash(&fs::read(out_dir.join(path))?), media_type(path));
    let name = path.trim_start_matches("assets/");
    Ok(format!(
        "File {{ name: {name:?}, media_type: {media_type:?}, hash: \"{hash:032x}\", identity: {identity}, \
         brotli: {brotli}, gzip: {gzip} }}"
    ))
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn media_type(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// FNV-1a of 128 bits. Nobody gains by forging one: whoever can write these files can write the server.
fn hash(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}
