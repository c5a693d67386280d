//! Powers of two with a fraction, in integers: a price is the reference price times one of them.
//!
//! Between 257 exact values it is a straight line, so that a greater exponent never gives a lesser power: what bounds
//! an exponent bounds a price.

/// An exponent is counted in units of 2^-40.
pub(crate) const ONE: i64 = 1 << 40;

const STEPS: usize = 256;
const PLACES: u32 = 40;

/// 2^(i / 256), in units of 2^-40.
const POWERS: [u64; STEPS + 1] = {
    const FINE: u32 = 60;
    // The 256th root of 2: eight square roots.
    let mut root: u128 = 2 << FINE;
    let mut halvings = 0;
    while halvings < 8 {
        root = (root << FINE).isqrt();
        halvings += 1;
    }
    let mut powers = [0; STEPS + 1];
    let (mut power, mut i): (u128, usize) = (1 << FINE, 0);
    while i <= STEPS {
        powers[i] = (power >> (FINE - PLACES)) as u64;
        power = (power * root) >> FINE;
        i += 1;
    }
    powers
};

/// `number` × 2^`exponent`, rounded down.
#[inline]
pub(crate) fn scaled(number: u64, exponent: i64) -> u64 {
    let (whole, fraction) = (exponent >> PLACES, exponent & (ONE - 1));
    let place = (fraction >> 32) as usize;
    let (from, to) = (POWERS[place], POWERS[place + 1]);
    // So that the product keeps to 64 bits.
    let between = ((fraction & 0xffff_ffff) >> 4).cast_unsigned();
    let power = from + (((to - from) * between) >> 28);
    let product = u128::from(number) * u128::from(power);
    let shift = i64::from(PLACES) - whole;
    u64::try_from(product >> shift.clamp(0, 127)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_what_they_are() {
        assert_eq!(scaled(1_000_000, 0), 1_000_000);
        assert_eq!(scaled(1_000_000, ONE), 2_000_000);
        assert_eq!(scaled(1_000_000, -ONE), 500_000);
        // 2^0.5 = 1.41421356…, on the line between two values or on one of them.
        assert_eq!(scaled(1_000_000_000, ONE / 2) / 10, 141_421_356);
        assert_eq!(scaled(1_000_000_000, 3 * ONE / 2) / 10, 282_842_712);
    }

    #[test]
    fn a_greater_exponent_never_gives_a_lesser_power() {
        let mut before = 0;
        for step in -3_000_000..3_000_000 {
            let power = scaled(12_345_678_901, step * 1_000_003);
            assert!(power >= before, "at {step}");
            before = power;
        }
    }
}
