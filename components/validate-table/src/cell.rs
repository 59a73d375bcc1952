//! Single values of a table, whatever Arrow type holds them.
//! Never converts a value in a way that loses something.

use sdk_guest::table::arrow_array::cast::AsArray;
use sdk_guest::table::arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use sdk_guest::table::arrow_array::{Array, ArrayRef};
use sdk_guest::table::arrow_schema::DataType;
use serde::{Deserialize, Serialize};

/// The types that a schema can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
}

impl Kind {
    /// As it stands in schemas and reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
        }
    }

    /// What a column of this Arrow type holds; none for types that are only counted.
    pub(crate) fn of(data_type: &DataType) -> Option<Self> {
        match data_type {
            DataType::Boolean => Some(Self::Boolean),
            whole if whole.is_integer() => Some(Self::Integer),
            DataType::Float32 | DataType::Float64 => Some(Self::Number),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Self::String),
            DataType::Dictionary(_, values) => Self::of(values),
            _ => None,
        }
    }

    /// Whether statistics of numbers make sense.
    pub(crate) const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Missing,
    /// True or false.
    Boolean(bool),
    /// A whole number of any Arrow width.
    Integer(i128),
    /// A number, perhaps NaN or an infinity.
    Number(f64),
    /// Text.
    Text(&'a str),
}

impl Cell<'_> {
    /// The value as a number, where it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match *self {
            #[expect(clippy::cast_precision_loss, reason = "statistics are in f64; exact checks use the integer")]
            Self::Integer(value) => Some(value as f64),
            Self::Number(value) => Some(value),
            Self::Missing | Self::Boolean(_) | Self::Text(_) => None,
        }
    }

    /// The value as people read it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Missing => "nothing".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            // With an exponent where that is shorter: 1e300, not three hundred digits.
            Self::Number(value) => format!("{value:?}"),
            Self::Text(value) => (*value).to_owned(),
        }
    }
}

/// Reads the value of a row.
pub(crate) type CellReader<'a> = Box<dyn Fn(usize) -> Cell<'a> + 'a>;

/// A reader over the column; none for types that are only counted.
pub(crate) fn reader(column: &ArrayRef) -> Option<CellReader<'_>> {
    macro_rules! integers {
        ($primitive:ty) => {{
            let values = column.as_primitive::<$primitive>();
            Box::new(|row| Cell::Integer(i128::from(values.value(row))))
        }};
    }
    let value: CellReader<'_> = match column.data_type() {
        DataType::Boolean => {
            let values = column.as_boolean();
            Box::new(|row| Cell::Boolean(values.value(row)))
        }
        DataType::Int8 => integers!(Int8Type),
        DataType::Int16 => integers!(Int16Type),
        DataType::Int32 => integers!(Int32Type),
        DataType::Int64 => integers!(Int64Type),
        DataType::UInt8 => integers!(UInt8Type),
        DataType::UInt16 => integers!(UInt16Type),
        DataType::UInt32 => integers!(UInt32Type),
        DataType::UInt64 => integers!(UInt64Type),
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>();
            Box::new(|row| Cell::Number(f64::from(values.value(row))))
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            Box::new(|row| Cell::Number(values.value(row)))
        }
        DataType::Utf8 => {
            let values = column.as_string::<i32>();
            Box::new(|row| Cell::Text(values.value(row)))
        }
        DataType::LargeUtf8 => {
            let values = column.as_string::<i64>();
            Box::new(|row| Cell::Text(values.value(row)))
        }
        DataType::Utf8View => {
            let values = column.as_string_view();
            Box::new(|row| Cell::Text(values.value(row)))
        }
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let values = reader(dictionary.values())?;
            let keys = if dictionary.values().is_empty() { Vec::new() } else { dictionary.normalized_keys() };
            Box::new(move |row| keys.get(row).map_or(Cell::Missing, |key| values(*key)))
        }
        _ => return None,
    };
    let nulls = column.logical_nulls();
    Some(Box::new(move |row| match &nulls {
        Some(nulls) if nulls.is_null(row) => Cell::Missing,
        _ => value(row),
    }))
}
