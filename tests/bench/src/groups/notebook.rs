//! Sessions of notebooks: from nothing to the first result, a cell's round trip, memory while nobody uses them, and what
//! watching for an interrupt costs; beside ipykernel through Jupyter's own server.
//! Never measures two servers in two ways: one script is the client of both.

use anyhow::{Context, Result};
use host_executor::NewSession;

use crate::figure::Figure;
use crate::local_node::LocalNode;
use crate::peer::{self, NotebookTimes};
use crate::statistics::{median, percentile};

/// Whose the sessions are.
const USER: &str = "bench";
const SESSIONS: usize = 10;
const CELLS: usize = 200;
const TURNS: usize = 2_000_000;
const IDLE_SESSIONS: usize = 100;

const FIRST_RESULT_MILLIS: f64 = 100.0;
const ROUND_TRIP_MILLIS: f64 = 5.0;
const IDLE_MIB: f64 = 1536.0;

/// Ours, with the kernel's image compiled ahead as on a node that was used before; then the peer's.
pub async fn measure() -> Result<Vec<Figure>> {
    let node = LocalNode::start().await?;
    if !node.push_python().await? {
        node.stop().await;
        return Ok(Vec::new());
    }
    let kernel = host_pipeline::python::RUN_PYTHON_COMPONENT;
    let first = node.executor().open_session(NewSession::of(kernel, USER)).await?;
    node.executor().close_session(first.id()).await?;
    let mut figures = idle_sessions(&node, kernel).await?;
    let url = node.url();
    // The script is another process and waits for this one: it must not hold up the node's own threads.
    let own = tokio::task::spawn_blocking(move || peer::notebook_session(&url, SESSIONS, CELLS, TURNS)).await??;
    node.stop().await;
    let Some(own) = own else { return Ok(figures) };
    figures.extend(of(&own));
    if let Some(ipykernel) = peer::notebook_session(peer::IPYKERNEL, SESSIONS, CELLS, TURNS)? {
        figures.extend(beside(&own, &ipykernel));
    }
    Ok(figures)
}

/// What sessions take that have run one cell each and then wait: as the kernel counts a process's memory, where pages
/// of the image that sessions share count for each of them, and with every page counted once.
async fn idle_sessions(node: &LocalNode, kernel: &str) -> Result<Vec<Figure>> {
    let before = (resident_mib()?, proportional_mib()?);
    let mut sessions = Vec::new();
    for _ in 0..IDLE_SESSIONS {
        let session = node.executor().open_session(NewSession::of(kernel, USER)).await?;
        node.run_cell(&session, "x = 1").await?;
        sessions.push(session);
    }
    let (resident, proportional) = (resident_mib()? - before.0, proportional_mib()? - before.1);
    for session in sessions {
        node.executor().close_session(session.id()).await?;
    }
    Ok(vec![
        Figure::against_target("notebook-100-idle-sessions", resident, "MiB", IDLE_MIB),
        Figure::plain("notebook-100-idle-sessions-shared-once", proportional, "MiB"),
    ])
}

fn of(own: &NotebookTimes) -> Vec<Figure> {
    vec![
        Figure::against_target("notebook-first-result", median(&own.begun_millis), "ms", FIRST_RESULT_MILLIS),
        Figure::against_target("notebook-round-trip", median(&own.trip_millis), "ms", ROUND_TRIP_MILLIS),
        Figure::plain("notebook-round-trip-p99", percentile(&own.trip_millis, 99), "ms"),
    ]
}

fn beside(own: &NotebookTimes, peer: &NotebookTimes) -> Vec<Figure> {
    let name = format!("ipykernel {}", peer.version);
    let figure = |figure, own, peer| Figure::beside(figure, own, "ms", &name, peer);
    vec![
        figure("notebook-first-result-vs", median(&own.begun_millis), median(&peer.begun_millis)),
        figure("notebook-round-trip-vs", median(&own.trip_millis), median(&peer.trip_millis)),
        figure("notebook-loop", own.loop_millis, peer.loop_millis),
        figure("notebook-loop-unwatched", own.unwatched_loop_millis, peer.unwatched_loop_millis),
    ]
}

/// Memory of this process that is resident now, in MiB.
fn resident_mib() -> Result<f64> {
    mib_in("/proc/self/status", "VmRSS:")
}

/// The same with a page that is mapped many times counted once, in MiB.
fn proportional_mib() -> Result<f64> {
    mib_in("/proc/self/smaps_rollup", "Pss:")
}

fn mib_in(file: &str, name: &str) -> Result<f64> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {file}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name} in {file}"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().with_context(|| format!("reading {name}"))?;
    Ok(kib / 1024.0)
}
