//! Any classifier in the form of ONNX: one input of rows of numbers, and scores of the classes as its first output.
//! Never guesses which column is which: without names, the columns are those with numbers, in the table's order.

use sdk_guest::onnx::{Element, OnnxModel, Value, ValueType};
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::RecordBatch;
use sdk_guest::table::arrow_schema::Schema;

use crate::rows;
use crate::scores::{Scores, are_probabilities};

/// Rows that are looked at together where the model takes any number of them.
const ROWS_TOGETHER: usize = 1_024;

/// A model on the step's device, and what its numbers mean.
pub(crate) struct Classifier {
    model: OnnxModel,
    features: Vec<String>,
    classes: Option<Vec<String>>,
    /// Rows of one run, where the model takes no other number of them.
    fixed_rows: Option<usize>,
}

impl Classifier {
    /// Loads a model that takes as many numbers as there are features.
    ///
    /// # Errors
    /// When it is none, takes something else than rows of numbers, or another number of them.
    pub(crate) fn load(
        model: &Model,
        schema: &Schema,
        features: Option<Vec<String>>,
        classes: Option<Vec<String>>,
    ) -> Result<Self> {
        let model = OnnxModel::load(model)?;
        let input = only_input(&model)?;
        let width = width(input)?;
        let fixed_rows = input.shape[0].and_then(|rows| usize::try_from(rows).ok());
        let features = features.unwrap_or_else(|| numeric(schema));
        if features.len() as u64 != width {
            let count = features.len();
            return Err(Failure::new(format!(
                "the model takes {width} numbers for a row, and there are {count} columns"
            ))
            .with_hint("name the columns that it takes, in order: `features`"));
        }
        Ok(Self { model, features, classes, fixed_rows })
    }

    /// The scores of each row.
    pub(crate) fn scores(&self, batch: &RecordBatch) -> Result<Scores> {
        let ones = vec![1.0; self.features.len()];
        let values = rows::values(batch, &self.features, &ones)?;
        let together = self.fixed_rows.unwrap_or(ROWS_TOGETHER);
        let mut scores = Scores::default();
        for rows in values.chunks((together * self.features.len()).max(1)) {
            self.run(rows, &mut scores)?;
        }
        Ok(scores)
    }

    /// One run. Where the model takes more rows than are left, the rest are zeroes, of which nobody hears.
    fn run(&self, values: &[f32], scores: &mut Scores) -> Result<()> {
        let input = only_input(&self.model)?;
        let width = self.features.len();
        let rows = values.len() / width;
        let taken = self.fixed_rows.unwrap_or(rows);
        let mut numbers = values.to_vec();
        numbers.resize(taken * width, 0.0);
        let shape: Vec<u64> =
            std::iter::once(taken as u64).chain(input.shape.iter().skip(1).flatten().copied()).collect();
        let given = match input.element {
            Element::F64 => {
                let wide: Vec<f64> = numbers.into_iter().map(f64::from).collect();
                Value::from_f64(&input.name, &shape, &wide)
            }
            _ => Value::from_f32(&input.name, &shape, &numbers),
        };
        let made = self.model.run(vec![given])?.into_iter().next();
        let made = made.ok_or_else(|| Failure::new("the model makes nothing"))?;
        let numbers = made.to_f32().or_else(|| Some(made.to_f64()?.into_iter().map(|number| number as f32).collect()));
        let numbers = numbers.ok_or_else(|| no_scores(&made.name, &made.shape))?;
        match made.shape[..] {
            [made_rows, classes] if made_rows == taken as u64 && classes > 0 => {
                let (numbers, classes) = (&numbers[..rows * classes as usize], classes as usize);
                scores.add(numbers, classes, are_probabilities(numbers, classes))
            }
            _ => Err(no_scores(&made.name, &made.shape)),
        }
    }

    /// What the classes are called; their numbers where nobody said.
    pub(crate) fn class(&self, place: usize) -> Result<String> {
        match &self.classes {
            None => Ok(place.to_string()),
            Some(classes) => classes.get(place).cloned().ok_or_else(|| {
                Failure::new(format!("the model tells more than the {} classes that were named", classes.len()))
            }),
        }
    }
}

fn only_input(model: &OnnxModel) -> Result<&ValueType> {
    match model.inputs() {
        [input] => Ok(input),
        inputs => Err(Failure::new(format!("the model takes {} inputs, and a row of a table is one", inputs.len()))),
    }
}

/// Numbers of one row.
fn width(input: &ValueType) -> Result<u64> {
    let refused = |what: &str| Failure::new(format!("the model's input `{}` {what}", input.name));
    if !matches!(input.element, Element::F32 | Element::F64) {
        return Err(refused("takes no floating-point numbers"));
    }
    if input.shape.len() < 2 || input.shape[0] == Some(0) {
        return Err(refused("takes no rows of numbers"));
    }
    let lengths: Option<u64> = input.shape[1..].iter().try_fold(1_u64, |width, length| width.checked_mul((*length)?));
    lengths.filter(|width| *width > 0).ok_or_else(|| refused("does not say how many numbers it takes for a row"))
}

fn numeric(schema: &Schema) -> Vec<String> {
    let fields = schema.fields().iter();
    fields.filter(|field| field.data_type().is_numeric()).map(|field| field.name().clone()).collect()
}

fn no_scores(name: &str, shape: &[u64]) -> Failure {
    Failure::new(format!(
        "the model's output `{name}` of shape {shape:?} is no scores: a number for each row and class"
    ))
}
