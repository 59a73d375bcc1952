//! Runs a model that it is handed, on one input of numbers.
//! Never sees its weights.

#![allow(
    missing_docs,
    unsafe_code,
    clippy::all,
    clippy::unwrap_used,
    unused_qualifications,
    reason = "bindings generated from WIT"
)]

wit_bindgen::generate!({
    inline: r#"
        package programs:model-runner;

        world program {
            use sandmill:data/models@0.1.0.{model};
            import sandmill:model/inference@0.1.0;
            /// What a model takes and makes, one line each.
            export describe: func(model: model) -> result<string, string>;
            /// The first output of a model for its first input, as numbers behind its shape: "2x3: 0.5 1 …".
            export run: func(model: model, shape: list<u64>, numbers: list<f32>) -> result<string, string>;
            /// Inputs that the model does not want, and what is said of each.
            export misuse: func(model: model) -> list<string>;
            /// Runs it so many times and says how long one took, in milliseconds.
            export time: func(model: model, shape: list<u64>, runs: u32) -> result<f64, string>;
            /// Loads models until there are no more.
            export hoard: func(model: model) -> string;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/tensor@0.1.0", "../../wit/model@0.1.0"],
    world: "programs:model-runner/program",
    generate_all,
});

use std::time::Instant;

use sandmill::model::inference::{Error, LoadedModel, Value, ValueType};
use sandmill::tensor::types::ElementType;

struct Program;

fn told(error: Error) -> String {
    match error {
        Error::Unsupported(what) => format!("unsupported: {what}"),
        Error::Invalid(reason) => format!("invalid: {reason}"),
    }
}

fn line(value: &ValueType) -> String {
    let lengths: Vec<String> =
        value.shape.iter().map(|length| length.map_or_else(|| "?".to_owned(), |length| length.to_string())).collect();
    format!("{} {:?} {}", value.name, value.element, lengths.join("x"))
}

fn input(model: &LoadedModel, shape: &[u64], numbers: &[f32]) -> Value {
    let content = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    let name = model.inputs().first().map(|input| input.name.clone()).unwrap_or_default();
    Value { name, element: ElementType::F32, shape: shape.to_vec(), content }
}

fn written(value: &Value) -> String {
    let bytes = &value.content;
    let numbers: Vec<String> = match value.element {
        ElementType::F32 => {
            bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap()).to_string()).collect()
        }
        ElementType::I64 => {
            bytes.chunks(8).map(|eight| i64::from_le_bytes(eight.try_into().unwrap()).to_string()).collect()
        }
        _ => bytes.iter().map(u8::to_string).collect(),
    };
    let lengths: Vec<String> = value.shape.iter().map(u64::to_string).collect();
    format!("{}: {}", lengths.join("x"), numbers.join(" "))
}

impl Guest for Program {
    fn describe(model: Model) -> Result<String, String> {
        let model = LoadedModel::load(&model).map_err(told)?;
        let lines = |values: Vec<ValueType>| values.iter().map(line).collect::<Vec<_>>().join("; ");
        Ok(format!("{} -> {}", lines(model.inputs()), lines(model.outputs())))
    }

    fn run(model: Model, shape: Vec<u64>, numbers: Vec<f32>) -> Result<String, String> {
        let model = LoadedModel::load(&model).map_err(told)?;
        let outputs = model.run(&[input(&model, &shape, &numbers)]).map_err(told)?;
        // A model keeps nothing of a run.
        let again = model.run(&[input(&model, &shape, &numbers)]).map_err(told)?;
        if outputs.iter().map(written).collect::<Vec<_>>() != again.iter().map(written).collect::<Vec<_>>() {
            return Err("the second run gave something else".to_owned());
        }
        outputs.first().map(written).ok_or_else(|| "there is no output".to_owned())
    }

    fn misuse(model: Model) -> Vec<String> {
        let model = LoadedModel::load(&model).map_err(told).expect("a model");
        let good = input(&model, &[1, 4], &[0.0; 4]);
        let attempt = |inputs: &[Value]| model.run(inputs).map_or_else(told, |_| "it ran".to_owned());
        vec![
            attempt(&[]),
            attempt(&[Value { name: "nobody".to_owned(), ..good.clone() }]),
            attempt(&[input(&model, &[4], &[0.0; 4])]),
            attempt(&[input(&model, &[1, 5], &[0.0; 5])]),
            attempt(&[Value { element: ElementType::I32, ..good.clone() }]),
            attempt(&[Value { content: vec![0; 3], ..good.clone() }]),
            attempt(&[good]),
        ]
    }

    fn time(model: Model, shape: Vec<u64>, runs: u32) -> Result<f64, String> {
        let model = LoadedModel::load(&model).map_err(told)?;
        let numbers: Vec<f32> = (0..shape.iter().product::<u64>()).map(|at| (at % 7) as f32 / 7.0).collect();
        let input = input(&model, &shape, &numbers);
        model.run(&[input.clone()]).map_err(told)?;
        let begun = Instant::now();
        for _ in 0..runs {
            model.run(&[input.clone()]).map_err(told)?;
        }
        Ok(begun.elapsed().as_secs_f64() * 1_000.0 / f64::from(runs))
    }

    fn hoard(model: Model) -> String {
        let mut loaded = Vec::new();
        loop {
            match LoadedModel::load(&model) {
                Ok(one) => loaded.push(one),
                Err(error) => return format!("{} {}", loaded.len(), told(error)),
            }
        }
    }
}

export!(Program);
