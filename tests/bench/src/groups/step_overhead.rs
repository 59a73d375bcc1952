//! What a step costs besides its own work: planning, admission, a fresh guest, the durable record.
//! Never counts compiling the guest, which happens once per component and is warmed up before.

use anyhow::Result;

use crate::figure::Figure;
use crate::local_node::{LocalNode, document};
use crate::peer::{self, PeerSteps};
use crate::statistics::{median, millis, percentile};

const STEPS: usize = 40;
const WARM_UP_RUNS: usize = 3;
const MEASURED_RUNS: usize = 30;

/// At most this per step, in the middle of all runs.
const TARGET_MILLIS: f64 = 2.0;

/// How many times slower the peer must be.
const PEER_FACTOR: f64 = 300.0;

/// Both chains, ours first.
pub async fn measure() -> Result<Vec<Figure>> {
    let own = own_chain().await?;
    let p50 = median(&own);
    let mut figures = vec![
        Figure::against_target("step-overhead", p50, "ms", TARGET_MILLIS),
        Figure::plain("step-overhead-p99", percentile(&own, 99), "ms"),
    ];
    // As kfp's manual writes components, and then with everything left out that can be.
    if let Some(PeerSteps { name, step_millis }) = peer::kfp_chain(STEPS, false)? {
        let figure = Figure::beside("step-overhead-vs-kfp", p50, "ms", &name, median(&step_millis));
        figures.push(figure.at_least(PEER_FACTOR));
    }
    if let Some(PeerSteps { name, step_millis }) = peer::kfp_chain(STEPS, true)? {
        figures.push(Figure::beside("step-overhead-vs-kfp-bare", p50, "ms", &name, median(&step_millis)));
    }
    Ok(figures)
}

/// Milliseconds per step, one sample a run: the whole time from submission to the durable end, divided
/// by the steps, so that nothing a run does is left out.
async fn own_chain() -> Result<Vec<f64>> {
    let node = LocalNode::start().await?;
    let chain = document(STEPS, true);
    for _ in 0..WARM_UP_RUNS {
        node.run(&chain).await?;
    }
    let mut samples = Vec::new();
    for _ in 0..MEASURED_RUNS {
        #[expect(clippy::cast_precision_loss, reason = "40 is exact")]
        samples.push(millis(node.run(&chain).await?) / STEPS as f64);
    }
    node.stop().await;
    Ok(samples)
}
