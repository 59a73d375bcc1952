//! What can be measured, by name.
//! Never measures itself: each group's file does.

mod chains;
mod cold_start;
mod collective;
mod fan_out;
mod inference;
mod ledger;
mod notebook;
mod python_steps;
mod registry;
mod step_overhead;
mod training;

use std::future::Future;
use std::pin::Pin;

use anyhow::{Context, Result};

use crate::figure::Figure;

/// A group's work: figures, in the order in which they are printed.
type Measuring = Pin<Box<dyn Future<Output = Result<Vec<Figure>>>>>;

/// Figures that are measured together.
pub struct Group {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it does, in a line.
    pub what: &'static str,
    /// Does it.
    pub measure: fn() -> Measuring,
}

/// All of them.
pub const ALL: &[Group] = &[
    Group {
        name: "step-overhead",
        what: "a chain of 40 no-op steps, from plan to durable record, beside kfp.local",
        measure: || Box::pin(step_overhead::measure()),
    },
    Group {
        name: "fan-out",
        what: "1,000 no-op steps side by side: time, and peak memory of the process",
        measure: || Box::pin(fan_out::measure()),
    },
    Group {
        name: "cold-start",
        what: "a component whose compiled code is on disk, to its first result",
        measure: || Box::pin(cold_start::measure()),
    },
    Group {
        name: "python-steps",
        what: "a warm step in CPython as kfp's SDK compiles it, in the sandbox, beside kfp.local",
        measure: || Box::pin(python_steps::measure()),
    },
    Group {
        name: "chains",
        what: "40 steps of fibo(10) and 10 of fibo(33), in CPython and as a component, beside published figures of others",
        measure: || Box::pin(chains::measure()),
    },
    Group {
        name: "notebook",
        what: "sessions of notebooks: first result, round trip of a cell, memory when idle, loops, beside ipykernel",
        measure: || Box::pin(notebook::measure()),
    },
    Group {
        name: "training",
        what: "training steps, products and contents through the tensor interface, beside native Burn, PyTorch and numpy",
        measure: || Box::pin(training::measure()),
    },
    Group {
        name: "inference",
        what: "models in ONNX, batches of 1 and 64, through the model interface, beside onnxruntime",
        measure: || Box::pin(inference::measure()),
    },
    Group {
        name: "collective",
        what: "all-reduce of two workers beside copying, and what a second worker gains a training step",
        measure: || Box::pin(collective::measure()),
    },
    Group {
        name: "ledger",
        what: "100,000 past runs: listing a page, showing one run",
        measure: || Box::pin(ledger::measure()),
    },
    Group {
        name: "registry",
        what: "a blob of 1 GiB, and 1,000 of 100 KiB from 8 clients, pushed and pulled beside docker-registry",
        measure: || Box::pin(registry::measure()),
    },
];

/// The groups of these names, or an error that says which there are.
pub fn find(names: &[&str]) -> Result<Vec<&'static Group>> {
    let find_one = |name: &&str| {
        ALL.iter().find(|group| group.name == *name).with_context(|| {
            let known: Vec<&str> = ALL.iter().map(|group| group.name).collect();
            format!("there is no group `{name}`; there are {}", known.join(", "))
        })
    };
    names.iter().map(find_one).collect()
}
