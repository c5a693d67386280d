//! A file of rows, CSV or JSON lines, as the pieces in which they are sent: each small enough for one request, with the
//! line of the file that each of its rows is on. Holds a piece and a line, however large the file is.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

/// A piece is sent before it is longer than this: the server takes 64 KiB.
const PIECE_BYTES: usize = 60 * 1024;
/// A longer line is no row.
const LINE_BYTES: usize = 4 * 1024;

const COLUMNS: [&str; 5] = ["at", "bid", "ask", "bid_size", "ask_size"];

/// Rows to send at once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// A JSON object on each line.
    pub(super) body: Vec<u8>,
    /// On which line of the file each of them is.
    pub(super) lines: Vec<u64>,
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("line {0} is longer than {LINE_BYTES} bytes")]
    TooLong(u64),
    #[error("line {line}: {wrong}")]
    Faulty { line: u64, wrong: String },
}

/// How rows are written.
enum Form {
    /// A JSON object on each line.
    Lines,
    /// Cells with commas between; what is in which.
    Table(Vec<&'static str>),
}

/// A file as it is read.
pub(super) struct Rows<R> {
    file: R,
    form: Option<Form>,
    /// The last line that was read.
    line: u64,
    /// Rows of lines before this one are passed over.
    from_line: u64,
    /// So much was read.
    bytes: u64,
    /// The row that found no room in the piece before.
    left: Option<(u64, Vec<u8>)>,
}

impl<R: BufRead> Rows<R> {
    /// The rows of a file, from a line on.
    pub(super) fn of(file: R, from_line: u64) -> Rows<R> {
        Rows { file, form: None, line: 0, from_line, bytes: 0, left: None }
    }

    /// How much of the file was read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece; `None` where there is nothing more. Where a line of it cannot be a row there is no piece: the
    /// server takes none either of which a row is faulty.
    pub(super) fn next_piece(&mut self) -> Result<Option<Piece>, Unread> {
        let mut piece = Piece::default();
        loop {
            let row = match self.left.take() {
                Some(row) => Some(row),
                None => self.next_row()?,
            };
            let Some((line, row)) = row else { return Ok(Some(piece).filter(|piece| !piece.lines.is_empty())) };
            if piece.body.len() + row.len() >= PIECE_BYTES {
                self.left = Some((line, row));
                return Ok(Some(piece));
            }
            piece.body.extend_from_slice(&row);
            piece.body.push(b'\n');
            piece.lines.push(line);
        }
    }

    fn next_row(&mut self) -> Result<Option<(u64, Vec<u8>)>, Unread> {
        while let Some(text) = self.next_line()? {
            let text = text.trim_ascii();
            if text.is_empty() {
                continue;
            }
            let faulty = |wrong| Unread::Faulty { line: self.line, wrong };
            let row = match &self.form {
                Some(Form::Lines) => text.to_vec(),
                Some(Form::Table(columns)) => row_of(columns, text).map_err(faulty)?,
                None if text.starts_with(b"{") => {
                    self.form = Some(Form::Lines);
                    text.to_vec()
                }
                None => {
                    self.form = Some(Form::Table(columns_of(text).map_err(faulty)?));
                    continue;
                }
            };
            if self.line >= self.from_line {
                return Ok(Some((self.line, row)));
            }
        }
        Ok(None)
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Unread> {
        let mut text = Vec::new();
        let read = (&mut self.file).take(LINE_BYTES as u64 + 1).read_until(b'\n', &mut text)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        self.bytes += read as u64;
        if read > LINE_BYTES {
            return Err(Unread::TooLong(self.line));
        }
        if self.line == 1 && text.starts_with(b"\xef\xbb\xbf") {
            text.drain(..3);
        }
        Ok(Some(text))
    }
}

/// The columns that a first line names.
fn columns_of(text: &[u8]) -> Result<Vec<&'static str>, String> {
    let expected = "the first line should be a JSON object, or name columns: at,bid,ask and, where there are sizes, \
                    bid_size,ask_size";
    let mut columns = Vec::new();
    for cell in cells(text) {
        let column = COLUMNS.into_iter().find(|column| *column == cell);
        let column = column.ok_or_else(|| format!("there is no column {cell:?}: {expected}"))?;
        if columns.contains(&column) {
            return Err(format!("the column {column} stands there twice: {expected}"));
        }
        columns.push(column);
    }
    match COLUMNS[..3].iter().find(|column| !columns.contains(*column)) {
        Some(column) => Err(format!("the column {column} is missing: {expected}")),
        None => Ok(columns),
    }
}

/// A row of a table, as the server takes it. An empty cell says nothing.
fn row_of(columns: &[&'static str], text: &[u8]) -> Result<Vec<u8>, String> {
    let cells = cells(text);
    if cells.len() != columns.len() {
        return Err(format!("there are {} cells where the first line has {}", cells.len(), columns.len()));
    }
    let given = columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
    let row: Map<String, Value> = given.map(|(column, cell)| ((*column).to_owned(), cell.into())).collect();
    Ok(Value::from(row).to_string().into_bytes())
}

/// The cells of a line, without what quotes them: neither times nor decimals have commas.
fn cells(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.split(',').map(|cell| cell.trim().trim_matches('"').trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, from_line: u64) -> Result<Vec<(String, Vec<u64>)>, String> {
        let mut rows = Rows::of(text.as_bytes(), from_line);
        let mut pieces = Vec::new();
        while let Some(Piece { body, lines }) = rows.next_piece().map_err(|unread| unread.to_string())? {
            pieces.push((String::from_utf8(body).expect("JSON"), lines));
        }
        assert_eq!(rows.bytes(), text.len() as u64);
        Ok(pieces)
    }

    #[test]
    fn a_table_becomes_lines_of_json_in_whatever_order_its_columns_are() {
        let text = "\u{feff}bid, \"ask\",at,ask_size\r\n\n1.1,1.2,2026-11-28T08:00:00Z,\r\n\"1.3\",1.4,later,7";
        let rows = concat!(
            r#"{"ask":"1.2","at":"2026-11-28T08:00:00Z","bid":"1.1"}"#,
            "\n",
            r#"{"ask":"1.4","ask_size":"7","at":"later","bid":"1.3"}"#,
            "\n"
        );
        assert_eq!(pieces(text, 1), Ok(vec![(rows.to_owned(), vec![3, 4])]));
        assert_eq!(pieces(text, 4).map(|pieces| pieces[0].1.clone()), Ok(vec![4]));
    }

    #[test]
    fn lines_of_json_stay_as_they_are_and_no_piece_is_too_long_for_a_request() {
        let line = format!("{{\"at\": \"{}\"}}", "x".repeat(990));
        let text = format!("\n{}", format!("{line}\n").repeat(200));
        let pieces = pieces(&text, 0).expect("it is read");
        let lines: Vec<u64> = pieces.iter().flat_map(|(_, lines)| lines.clone()).collect();
        assert_eq!(lines, (2..=201).collect::<Vec<u64>>());
        assert!(pieces.len() > 3 && pieces.iter().all(|(body, _)| body.len() <= PIECE_BYTES));
        assert_eq!(pieces.iter().map(|(body, _)| body.as_str()).collect::<String>(), text[1..]);
    }

    #[test]
    fn what_is_no_file_of_rows_is_told_with_its_line() {
        for (text, wrong) in [
            ("at,bid,price", "line 1: there is no column \"price\""),
            ("at,bid,ask,at", "line 1: the column at stands there twice"),
            ("\nat,ask\n", "line 2: the column bid is missing"),
            ("at,bid,ask\nx,1,2\nx,1", "line 3: there are 2 cells where the first line has 3"),
            (&format!("{{}}\n{{{}", " ".repeat(5_000)), "line 2 is longer than 4096 bytes"),
        ] {
            let mut rows = Rows::of(text.as_bytes(), 1);
            let told = loop {
                match rows.next_piece() {
                    Ok(piece) => assert!(piece.is_some(), "{text:?} was read"),
                    Err(unread) => break unread.to_string(),
                }
            };
            assert!(told.starts_with(wrong), "{told}");
        }
    }
}
