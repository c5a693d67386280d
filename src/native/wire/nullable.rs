//! Fields that are null where there is nothing to tell.

use tradepit_engine::{Decimal, Step, Time};

use super::object::Object;

/// A price, with the decimals of its tick.
pub(super) fn write_price(name: &str, tick: Step, ticks: u64, json: &mut Object<'_>) {
    write_decimal(name, tick.times(ticks.into()), tick.decimals(), json);
}

/// A decimal, with at least so many digits behind the point.
pub(super) fn write_decimal(name: &str, number: Option<Decimal>, decimals: u32, json: &mut Object<'_>) {
    let Some(number) = number else { return json.null(name) };
    let shown = decimals.max(number.decimals());
    // Nearly all have 64 bits, and need no formatting that knows more.
    match number.units(shown).and_then(|units| u64::try_from(units).ok()) {
        Some(units) => json.fixed(name, units, shown as usize),
        None => json.decimal(name, number.with_decimals(decimals)),
    }
}

pub(super) fn write_time(name: &str, time: Option<Time>, json: &mut Object<'_>) {
    match time {
        Some(time) => json.time(name, time),
        None => json.null(name),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tradepit_engine::{Decimal, Step};

    use super::{write_decimal, write_price};
    use crate::native::wire::object::Object;

    fn written(write: impl Fn(&mut Object<'_>)) -> String {
        let mut out = Vec::new();
        let mut json = Object::begin(&mut out);
        write(&mut json);
        json.end();
        String::from_utf8(out).expect("text")
    }

    proptest! {
        #[test]
        fn a_number_is_written_as_it_is_displayed(
            units: i128, shift in 0_u32..127, scale in 0_u32..40, decimals in 0_u32..12,
        ) {
            if let Some(number) = Decimal::new(units >> shift, scale) {
                let text = written(|json| write_decimal("n", Some(number), decimals, json));
                prop_assert_eq!(text, format!("{{\"n\":\"{}\"}}", number.with_decimals(decimals)));
            }
        }

        #[test]
        fn a_price_has_the_decimals_of_its_tick(units in 1_u32.., scale in 0_u32..12, ticks: u64, shift in 0_u32..64) {
            if let Some(tick) = Decimal::new(units.into(), scale).and_then(Step::new) {
                let text = written(|json| write_price("p", tick, ticks >> shift, json));
                let price = tick.price(ticks >> shift).map(|price| format!("{{\"p\":\"{price}\"}}"));
                prop_assert_eq!(Some(text), price);
            }
        }
    }
}
