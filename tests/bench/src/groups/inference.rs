//! Models in ONNX through the interface `model`, one run at a time, beside onnxruntime on the same file and inputs.
//! Never loads within what is timed: a model is loaded once and run many times.

use anyhow::{Context, Result};
use host_base::Value;
use serde_json::json;

use crate::figure::Figure;
use crate::guest::Guest;
use crate::local_node::scratch;
use crate::peer;
use crate::statistics::median;

/// Runs whose median is one sample.
const RUNS: u32 = 50;
const SAMPLES: usize = 5;
const MILLIS: f64 = 1e3;

/// Ours beside the peer's, for each model and each batch; nothing where there is no onnxruntime, which makes the
/// models too.
pub async fn measure() -> Result<Vec<Figure>> {
    let folder = scratch()?;
    let Some(peer) = peer::onnxruntime_inference(RUNS, folder.path())? else { return Ok(Vec::new()) };
    let guest = Guest::new("model-runner").await?;
    let mut figures = Vec::new();
    for run in &peer.runs {
        let path = folder.path().join(&run.name).with_extension("onnx");
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let model = guest.model(&bytes).await?;
        let mut samples = Vec::new();
        for _ in 0..SAMPLES {
            let arguments = vec![model.clone(), Value::Plain(json!(run.shape)), Value::Plain(json!(RUNS))];
            let millis = guest.call("time", arguments).await?;
            samples.push(millis.as_f64().context("no number of milliseconds")?);
        }
        let (own, batch) = (median(&samples), run.shape.first().copied().unwrap_or(1));
        let name = format!("inference-{}-{batch}", run.name);
        figures.push(Figure::beside(&name, own, "ms", &peer.name, run.millis));
        if batch > 1 {
            #[expect(clippy::cast_precision_loss, reason = "a batch has few examples")]
            let per_example = |millis: f64| millis * MILLIS / batch as f64;
            let (own, theirs) = (per_example(own), per_example(run.millis));
            figures.push(Figure::beside(&format!("{name}-per-example"), own, "us", &peer.name, theirs));
        }
    }
    Ok(figures)
}
