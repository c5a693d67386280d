//! How the fields of a body are read: each by itself, and what is wrong with it is noted.

use serde_json::value::RawValue;
use tradepit_engine::{Asked, Decimal, Quantity};

use super::fields::Fields;
use super::values::{Wrong, read_decimal, read_quantity, round_up};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place, one_of};

/// Fields, and every flaw that was found in them.
pub(crate) struct Reading<'a> {
    pub(crate) fields: Fields<'a>,
    pub(crate) flaws: Vec<Flaw>,
}

impl<'a> Reading<'a> {
    /// The fields of a body, of which none was read yet.
    ///
    /// # Errors
    /// Why it has none.
    pub(crate) fn of(body: &'a [u8]) -> Result<Reading<'a>, ApiError> {
        Reading::begin(body).map_err(|flaw| ApiError::Invalid(Flaws { detail: vec![flaw] }))
    }

    /// The same, of a value within a body.
    pub(crate) fn of_value(json: &'a RawValue) -> Result<Reading<'a>, Vec<Flaw>> {
        Reading::begin(json.get().as_bytes()).map_err(|flaw| vec![flaw])
    }

    fn begin(json: &'a [u8]) -> Result<Reading<'a>, Flaw> {
        let fields = Fields::read(json)?;
        let flaws = fields.given_twice();
        Ok(Reading { fields, flaws })
    }

    /// Whether a field says how much.
    pub(crate) fn has_amount(&self) -> bool {
        self.fields.get("quantity").is_some() || self.fields.given("qty").is_some()
    }

    /// How much, and that rounded up to whole ones; `None` where nothing is said, or what is said has a flaw.
    pub(crate) fn amount(&mut self) -> Option<(Decimal, Quantity)> {
        let quantity = match (self.fields.get("quantity"), self.fields.given("qty")) {
            (None, None) => return None,
            (Some(quantity), Some(_)) if quantity.get() != "null" => {
                self.flaw("qty", "quantity_conflict", "Give either quantity or qty, not both");
                quantity
            }
            (Some(quantity), None) => quantity,
            (_, Some(qty)) => {
                return self.value("qty", qty, |json| {
                    let qty = read_decimal(json)?;
                    Ok((qty, round_up(qty)?))
                });
            }
        };
        let quantity = self.value("quantity", quantity, read_quantity)?;
        Some((Asked::native(quantity)?.qty, quantity))
    }

    /// One of these; the first where none is given.
    pub(crate) fn choice<T: Copy>(&mut self, field: &'static str, options: &[(&'static str, T)]) -> Option<T> {
        if self.fields.given(field).is_none() {
            return options.first().map(|option| option.1);
        }
        self.choice_or_none(field, options)
    }

    /// One of these, where one is given.
    pub(crate) fn choice_or_none<T: Copy>(&mut self, field: &'static str, options: &[(&'static str, T)]) -> Option<T> {
        let json = self.fields.given(field)?;
        self.value(field, json, |json| {
            let text = serde_json::from_str::<String>(json.get()).ok();
            let chosen = options.iter().find(|option| Some(option.0) == text.as_deref());
            chosen.map(|option| option.1).ok_or_else(|| ("enum", one_of(options.iter().map(|option| option.0)).into()))
        })
    }

    /// The value of a field that may be left out, or null.
    pub(crate) fn optional<T>(
        &mut self,
        field: &'static str,
        read: impl Fn(&RawValue) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.fields.given(field).and_then(|json| self.value(field, json, read))
    }

    pub(crate) fn value<T>(
        &mut self,
        field: &'static str,
        json: &RawValue,
        read: impl Fn(&RawValue) -> Result<T, Wrong>,
    ) -> Option<T> {
        match read(json) {
            Ok(value) => Some(value),
            Err((kind, msg)) => {
                self.flaws.push(Flaw::in_body(kind, [Place::Name(field)], msg, json.into()));
                None
            }
        }
    }

    /// Notes each field that is none of these.
    pub(crate) fn know(&mut self, known: &[&str]) {
        let unknown = self.fields.unknown(known);
        self.flaws.extend(unknown);
    }

    /// Reads an object within this one; what is found wrong there is noted at its place.
    pub(crate) fn within<T>(&mut self, field: &'static str, read: impl FnOnce(&mut Reading<'a>) -> T) -> Option<T> {
        let (value, flaws) = match Reading::of_value(self.fields.given(field)?) {
            Ok(mut inner) => (Some(read(&mut inner)), inner.flaws),
            Err(flaws) => (None, flaws),
        };
        self.note_within(field, flaws);
        value
    }

    /// The same, of one that is read as a whole or not at all.
    pub(crate) fn nested<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&'a RawValue) -> Result<T, Vec<Flaw>>,
    ) -> Option<T> {
        read(self.fields.given(field)?).map_err(|flaws| self.note_within(field, flaws)).ok()
    }

    /// Notes what is wrong within a field.
    pub(crate) fn note_within(&mut self, field: &'static str, flaws: Vec<Flaw>) {
        self.flaws.extend(flaws.into_iter().map(|flaw| flaw.within([Place::Name(field)])));
    }

    pub(crate) fn missing<T>(&mut self, field: &'static str) -> Option<T> {
        self.flaw(field, "missing", "Field required");
        None
    }

    /// Notes what is wrong with a field.
    pub(crate) fn flaw(&mut self, field: &'static str, kind: &'static str, msg: &'static str) {
        let input = self.fields.input(field);
        self.flaws.push(Flaw::in_body(kind, [Place::Name(field)], msg, input));
    }
}
