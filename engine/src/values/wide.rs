//! Shares of amounts, exact to the unit: `amount × part / whole`, rounded half to even, whatever the product is.

/// `amount` × `part` / `whole`, rounded half to even; `None` where that is out of range, or `whole` is 0.
pub(super) fn share(amount: i128, part: u128, whole: u128) -> Option<i128> {
    if part == whole && whole > 0 {
        return Some(amount);
    }
    let (quotient, rest) = divide(multiply(amount.unsigned_abs(), part), whole)?;
    // Twice the rest may not fit: what is left to the whole is compared instead.
    let rounds_up = match rest.cmp(&(whole - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    let size = quotient.checked_add(u128::from(rounds_up))?;
    if amount < 0 { 0_i128.checked_sub_unsigned(size) } else { i128::try_from(size).ok() }
}

/// The product, as its upper and its lower half.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    let halves = |number: u128| (number >> 64, number & u128::from(u64::MAX));
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let (low, middle_a, middle_b, high) = (a_low * b_low, a_high * b_low, a_low * b_high, a_high * b_high);
    let (middle, carry) = middle_a.overflowing_add(middle_b);
    let (low, carry_low) = low.overflowing_add(middle << 64);
    (high + (middle >> 64) + (u128::from(carry) << 64) + u128::from(carry_low), low)
}

/// The quotient and the rest; `None` where the quotient is out of range.
fn divide((high, low): (u128, u128), by: u128) -> Option<(u128, u128)> {
    if high == 0 {
        return Some((low.checked_div(by)?, low % by));
    }
    if high >= by {
        return None;
    }
    // Bit by bit: amounts so large are rare.
    let (mut rest, mut quotient) = (high, 0_u128);
    for place in (0..u128::BITS).rev() {
        let carry = rest >> (u128::BITS - 1);
        rest = (rest << 1) | ((low >> place) & 1);
        quotient <<= 1;
        if carry == 1 || rest >= by {
            rest = rest.wrapping_sub(by);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradepit_kit::Dice;

    #[test]
    fn a_half_goes_to_the_even_neighbour() {
        let cases =
            [(1, 1, 2, 0), (3, 1, 2, 2), (5, 1, 2, 2), (7, 1, 2, 4), (-1, 1, 2, 0), (-3, 1, 2, -2), (2, 1, 3, 1)];
        for (amount, part, whole, expected) in cases {
            assert_eq!(share(amount, part, whole), Some(expected), "{amount} × {part} / {whole}");
        }
    }

    #[test]
    fn a_share_of_all_is_all_and_one_beyond_all_range_is_none() {
        let most = u128::MAX;
        assert_eq!(share(i128::MAX, most, most), Some(i128::MAX));
        assert_eq!(share(i128::MIN, most, most), Some(i128::MIN));
        assert_eq!(share(i128::MAX, 2, 1), None);
        assert_eq!(share(i128::MAX, most, 1), None);
        assert_eq!(share(1, 1, 0), None);
    }

    /// The quotient lies between its neighbours: their products, of 256 bits, are compared.
    #[test]
    fn a_share_is_the_nearest_whole_number() {
        let mut dice = Dice::seeded(1);
        let mut any = |bits: u32| {
            let number = (u128::from(dice.number()) << 64) | u128::from(dice.number());
            number >> (u128::BITS - bits)
        };
        for round in 0..20_000_u32 {
            let (amount, part) = (any(1 + round % 127), any(1 + round / 7 % 128));
            let whole = part.saturating_add(any(1 + round / 3 % 128)).max(1);
            let shared = share(amount.cast_signed(), part, whole).expect("part of it").unsigned_abs();
            // |amount × part − shared × whole| is at most half of the whole.
            let (exact, near) = (multiply(amount, part), multiply(shared, whole));
            let (more, less) = if exact >= near { (exact, near) } else { (near, exact) };
            let (low, borrow) = more.1.overflowing_sub(less.1);
            assert_eq!(more.0 - less.0 - u128::from(borrow), 0);
            assert!(low <= whole - low, "{amount} × {part} / {whole} = {shared}");
            assert!(low != whole - low || shared.is_multiple_of(2), "{amount} × {part} / {whole} = {shared}");
        }
    }
}
