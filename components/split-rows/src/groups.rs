//! The groups that a split keeps in proportion: the values of one column, or all rows as one group.
//! Never keeps more than one text for each value.

use std::collections::HashMap;

use arrow_cast::display::{ArrayFormatter, FormatOptions};
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Array, RecordBatch};
use sdk_guest::table::arrow_schema::Schema;

/// More values than this are measurements or names, not classes.
const VALUES_MAX: usize = 10_000;

/// How a missing value is named.
const MISSING: &str = "(missing)";

pub(crate) struct Groups {
    column: Option<Column>,
    numbers: HashMap<String, usize>,
    /// Value and number of rows, in order of first appearance.
    counts: Vec<(String, u64)>,
}

struct Column {
    name: String,
    index: usize,
}

impl Groups {
    pub(crate) fn new(schema: &Schema, stratify_by: Option<&str>) -> Result<Self> {
        let column = stratify_by.map(|name| find_column(schema, name)).transpose()?;
        Ok(Self { column, numbers: HashMap::new(), counts: Vec::new() })
    }

    /// The column whose values are the groups, unless all rows are one group.
    pub(crate) fn column(&self) -> Option<&str> {
        self.column.as_ref().map(|column| column.name.as_str())
    }

    /// Value and number of rows of each group.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(value, rows)| (value.as_str(), *rows))
    }

    /// Adds a batch's rows to the counts.
    pub(crate) fn count(&mut self, batch: &RecordBatch) -> Result<()> {
        for group in self.of_rows(batch)? {
            self.counts[group].1 += 1;
        }
        Ok(())
    }

    /// The number of each row's group.
    pub(crate) fn of_rows(&mut self, batch: &RecordBatch) -> Result<Vec<usize>> {
        let Some(column) = &self.column else {
            if self.counts.is_empty() {
                self.counts.push((String::new(), 0));
            }
            return Ok(vec![0; batch.num_rows()]);
        };
        let values = batch.column(column.index);
        let options = FormatOptions::default();
        let formatter = ArrayFormatter::try_new(values, &options)
            .with_context(|| format!("cannot stratify by the column `{}`", column.name))?;
        let mut groups = Vec::with_capacity(batch.num_rows());
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            text.clear();
            if values.is_null(row) {
                text.push_str(MISSING);
            } else {
                formatter.value(row).write(&mut text)?;
            }
            let group = match self.numbers.get(&text) {
                Some(group) => *group,
                None => add(&mut self.numbers, &mut self.counts, &text, &column.name)?,
            };
            groups.push(group);
        }
        Ok(groups)
    }
}

fn add(
    numbers: &mut HashMap<String, usize>,
    counts: &mut Vec<(String, u64)>,
    value: &str,
    column: &str,
) -> Result<usize> {
    let group = counts.len();
    if group == VALUES_MAX {
        return Err(Failure::new(format!(
            "the column `{column}` has more than {VALUES_MAX} different values: it cannot be stratified by"
        ))
        .with_hint("stratify by a column of classes, or not at all"));
    }
    counts.push((value.to_owned(), 0));
    numbers.insert(value.to_owned(), group);
    Ok(group)
}

fn find_column(schema: &Schema, name: &str) -> Result<Column> {
    match schema.index_of(name) {
        Ok(index) => Ok(Column { name: name.to_owned(), index }),
        Err(_) => {
            const NAMED_MAX: usize = 20;
            let mut names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let unnamed = names.len().saturating_sub(NAMED_MAX);
            names.truncate(NAMED_MAX);
            let more = if unnamed > 0 { format!(" and {unnamed} more") } else { String::new() };
            Err(Failure::new(format!("the table has no column `{name}` to stratify by"))
                .with_hint(format!("its columns are {}{more}", names.join(", "))))
        }
    }
}
