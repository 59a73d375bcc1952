//! The schema document: what a table should look like.
//! Never looks at a table.

use std::collections::BTreeMap;

use regex_lite::Regex;
use sdk_guest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cell::{Cell, Kind};
use crate::report::DriftThresholds;

/// Length of a schema document, in bytes.
const SCHEMA_BYTES_MAX: usize = 4 << 20;

/// What the keys of a document are, for the hint of every refusal.
const COLUMN_KEYS: &str = "a column may have type, required, min, max, allowed, maxMissingFraction and pattern";

/// What a table should look like. Every part may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Schema {
    /// What is asked of each column, by name.
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, ColumnSchema>,
    /// Whether columns that are not named may be there; yes unless said otherwise.
    #[serde(default = "yes")]
    pub(crate) additional_columns: bool,
    /// Fewest rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min_rows: Option<u64>,
    /// Most rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_rows: Option<u64>,
    /// From where on a difference to the reference is an anomaly.
    #[serde(default)]
    pub(crate) drift: DriftThresholds,
}

/// What is asked of one column. Every part may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ColumnSchema {
    /// What it holds. `number` is content with whole numbers.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<Kind>,
    /// Whether the column must be there; yes unless said otherwise.
    #[serde(default = "yes")]
    pub(crate) required: bool,
    /// Least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<f64>,
    /// Greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<f64>,
    /// All values there may be: texts, numbers or booleans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) allowed: Option<Vec<Value>>,
    /// The share of rows that may have no value, from 0 to 1; 0 unless said otherwise.
    #[serde(default)]
    pub(crate) max_missing_fraction: f64,
    /// A regular expression that must match somewhere in each text; `^` and `$` tie it to the ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<String>,
}

const fn yes() -> bool {
    true
}

impl Schema {
    /// Reads a document.
    ///
    /// # Errors
    /// Names the column and the key that cannot be.
    pub(crate) fn read(text: &str) -> Result<Self> {
        if text.len() > SCHEMA_BYTES_MAX {
            return Err(Failure::new(format!(
                "the schema is {} bytes long, more than the limit of {SCHEMA_BYTES_MAX} bytes",
                text.len()
            )));
        }
        let mut document: Value = serde_json::from_str(text)
            .context("the schema is not JSON")
            .map_err(|failure| failure.with_hint("write for example {\"columns\": {\"age\": {\"min\": 0}}}"))?;
        // A list would do for serde: it fills a struct's fields in order.
        if !document.is_object() {
            return Err(Failure::new("the schema cannot be used: it is no object")
                .with_hint("write for example {\"columns\": {\"age\": {\"min\": 0}}}"));
        }
        let columns = read_columns(document.get_mut("columns").map(Value::take))?;
        if let Some(place) = document.get_mut("columns") {
            *place = Value::Object(serde_json::Map::new());
        }
        let mut schema: Self =
            serde_json::from_value(document).context("the schema cannot be used").map_err(|failure| {
                failure.with_hint("its keys are columns, additionalColumns, minRows, maxRows and drift")
            })?;
        schema.columns = columns;
        Ok(schema)
    }
}

/// Column by column, so that a refusal can name the column.
fn read_columns(columns: Option<Value>) -> Result<BTreeMap<String, ColumnSchema>> {
    match columns {
        None => Ok(BTreeMap::new()),
        Some(Value::Object(columns)) => columns
            .into_iter()
            .map(|(name, value)| {
                if !value.is_object() {
                    return Err(Failure::new(format!("the schema of column `{name}` is no object: {value}"))
                        .with_hint(COLUMN_KEYS));
                }
                let column: ColumnSchema = serde_json::from_value(value)
                    .with_context(|| format!("the schema of column `{name}` cannot be used"))
                    .map_err(|failure| failure.with_hint(COLUMN_KEYS))?;
                column.check(&name)?;
                Ok((name, column))
            })
            .collect(),
        Some(_) => Err(Failure::new("the schema's `columns` is no object")
            .with_hint("write the columns by name: {\"columns\": {\"age\": {\"type\": \"integer\"}}}")),
    }
}

impl ColumnSchema {
    /// Refuses what no table could satisfy.
    fn check(&self, name: &str) -> Result<()> {
        let refuse = |why: String| Err(Failure::new(format!("the schema of column `{name}` cannot be used: {why}")));
        if !(0.0..=1.0).contains(&self.max_missing_fraction) {
            return refuse(format!("maxMissingFraction is {}, not between 0 and 1", self.max_missing_fraction));
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            return refuse(format!("min {min} is greater than max {max}"));
        }
        let bounded = self.min.is_some() || self.max.is_some();
        if bounded && matches!(self.kind, Some(Kind::Boolean | Kind::String)) {
            return refuse("min and max are for numbers".to_owned());
        }
        if self.pattern.is_some() && self.kind.is_some_and(|kind| kind != Kind::String) {
            return refuse("pattern is for strings".to_owned());
        }
        if let Some(wrong) =
            self.allowed.iter().flatten().find(|value| value.is_null() || value.is_array() || value.is_object())
        {
            return refuse(format!("allowed holds {wrong}, which is no text, number or boolean"));
        }
        if let Some(pattern) = &self.pattern
            && let Err(error) = Regex::new(pattern)
        {
            return refuse(format!("the pattern is no regular expression: {error}"));
        }
        Ok(())
    }

    /// The same in the form that rows are checked with.
    pub(crate) fn rules(&self) -> Rules {
        Rules {
            min: self.min,
            max: self.max,
            allowed: self.allowed.as_deref().map(Allowed::new),
            // It was compiled once already, when the document was read.
            pattern: self.pattern.as_deref().and_then(|pattern| Regex::new(pattern).ok()),
        }
    }

    /// What there may be, for people.
    pub(crate) fn allowed_text(&self) -> String {
        const SHOWN_MAX: usize = 12;
        let allowed = self.allowed.as_deref().unwrap_or_default();
        let mut shown: Vec<String> = allowed
            .iter()
            .take(SHOWN_MAX)
            .map(|value| value.as_str().map_or_else(|| value.to_string(), |text| format!("`{text}`")))
            .collect();
        if allowed.len() > SHOWN_MAX {
            shown.push(format!("{} more", allowed.len() - SHOWN_MAX));
        }
        format!("one of {}", shown.join(", "))
    }
}

/// What each value of a column must satisfy.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Least value.
    pub(crate) min: Option<f64>,
    /// Greatest value.
    pub(crate) max: Option<f64>,
    /// All values there may be.
    pub(crate) allowed: Option<Allowed>,
    /// What texts must match.
    pub(crate) pattern: Option<Regex>,
}

/// A set of allowed values, ready to be asked.
#[derive(Debug)]
pub(crate) struct Allowed {
    texts: Vec<String>,
    integers: Vec<i128>,
    numbers: Vec<f64>,
    booleans: Vec<bool>,
}

impl Allowed {
    fn new(values: &[Value]) -> Self {
        let mut texts: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let whole = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        let mut integers: Vec<i128> = values.iter().filter_map(whole).collect();
        texts.sort_unstable();
        integers.sort_unstable();
        let mut numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        Self { texts, integers, numbers, booleans: values.iter().filter_map(Value::as_bool).collect() }
    }

    /// Whether the value is one of them. A missing value is not asked about.
    pub(crate) fn has(&self, cell: Cell<'_>) -> bool {
        match cell {
            Cell::Missing => true,
            Cell::Boolean(value) => self.booleans.contains(&value),
            Cell::Integer(value) => self.integers.binary_search(&value).is_ok(),
            Cell::Number(value) => self.numbers.contains(&value),
            Cell::Text(value) => self.texts.binary_search_by(|text| text.as_str().cmp(value)).is_ok(),
        }
    }
}
