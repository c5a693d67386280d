//! How sizes are written on the command line: `512MiB`.

const MEBIBYTE: usize = 1 << 20;
pub(super) const GIBIBYTE: usize = 1 << 30;

/// Reads a whole number of MiB or GiB.
pub(super) fn parse_size(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit {
        "MiB" => MEBIBYTE,
        "GiB" => GIBIBYTE,
        _ => return Err(format!("'{text}' is no size: write a whole number and MiB or GiB, as in 512MiB")),
    };
    let size = number.parse().ok().and_then(|number: usize| number.checked_mul(unit)).filter(|&size| size > 0);
    size.ok_or_else(|| format!("'{text}' is too small or too large a size"))
}

#[cfg(test)]
mod tests {
    use super::{GIBIBYTE, parse_size};

    #[test]
    fn a_size_is_a_whole_number_with_its_unit() {
        assert_eq!((parse_size("1GiB"), parse_size(" 512MiB ")), (Ok(GIBIBYTE), Ok(GIBIBYTE / 2)));
        for text in ["", "1", "1GB", "1.5GiB", "-1GiB", "0MiB", "99999999999999999999MiB", "9999999999999GiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
