//! The chains that orchestrators publish figures of: 40 steps with next to nothing to do, and 10 with some seconds' worth
//! of work in Python, each as functions of Python and as a component.
//! Never measures the others: their figures are those that were published, on machines of their own.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Result;

use crate::figure::Figure;
use crate::local_node::{FIBONACCI, LocalNode};
use crate::peer;
use crate::statistics::{median, millis};

/// A chain of steps, each of which computes the same number, one after the other.
struct Chain {
    name: &'static str,
    steps: usize,
    n: u32,
    /// Runs that are measured, after one that is not.
    runs: usize,
    /// Who published what, in milliseconds for each step.
    published: &'static [(&'static str, f64)],
}

/// Windmill's own comparison, on one m4.large with each in docker compose; it is the only source that has all of them
/// under the same load. What it gives for whole chains is divided by their steps.
const CHAINS: [Chain; 2] = [
    Chain {
        name: "40-fibo-10",
        steps: 40,
        n: 10,
        runs: 10,
        published: &[
            ("Windmill, one dedicated worker", 52.0),
            ("Windmill", 110.0),
            ("Temporal, of 400 steps in Go", 98.0),
            ("Prefect 2.14.4", 122.0),
            ("Airflow 2.7.3", 2905.0),
        ],
    },
    Chain {
        name: "10-fibo-33",
        steps: 10,
        n: 33,
        runs: 3,
        published: &[
            ("Windmill, one dedicated worker", 770.0),
            ("Windmill", 830.0),
            ("Temporal", 720.0),
            ("Prefect 2.14.4", 1550.0),
            ("Airflow 2.7.3", 5470.0),
        ],
    },
];

/// Each chain in Python, where that can be run, and as a component.
pub async fn measure() -> Result<Vec<Figure>> {
    let node = LocalNode::start().await?;
    node.push(FIBONACCI, "fibonacci").await?;
    let has_python = node.push_python().await?;
    let mut figures = Vec::new();
    for chain in &CHAINS {
        if has_python && let Some(compiled) = peer::kfp_fibonacci(chain.steps, chain.n)? {
            figures.extend(beside(chain, "python", per_step(&node, chain, &compiled).await?));
        }
        figures.extend(beside(chain, "component", per_step(&node, chain, &document(chain)).await?));
    }
    node.stop().await;
    Ok(figures)
}

/// Milliseconds per step, in the middle of all runs: the whole time from submission to the durable end.
async fn per_step(node: &LocalNode, chain: &Chain, document: &str) -> Result<f64> {
    // The first run compiles, and maps what it compiled into memory.
    node.run(document).await?;
    let mut samples = Vec::new();
    for _ in 0..chain.runs {
        let took: Duration = node.run(document).await?;
        #[expect(clippy::cast_precision_loss, reason = "40 is exact")]
        samples.push(millis(took) / chain.steps as f64);
    }
    Ok(median(&samples))
}

fn beside(chain: &Chain, how: &str, value: f64) -> Vec<Figure> {
    let name = format!("chain-{}-{how}", chain.name);
    let published = chain.published.iter();
    published
        .map(|(peer, peer_value)| Figure::beside(&name, value, "ms", &format!("published: {peer}"), *peer_value))
        .collect()
}

/// The chain as a Pipeline document. Nothing of it is cached.
fn document(chain: &Chain) -> String {
    let mut text =
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata:\n  name: fibonacci\nspec:\n  steps:\n".to_owned();
    for step in 0..chain.steps {
        let n = chain.n;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    step-{step:04}:\n      component: {FIBONACCI}\n      arguments: {{ n: {n} }}");
        let _ = writeln!(text, "      cache: false");
        if step > 0 {
            let _ = writeln!(text, "      after: [step-{:04}]", step - 1);
        }
    }
    text
}
