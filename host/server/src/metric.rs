//! The series that a run's steps reported.
//! Never thins them out; whoever draws them does.

use axum::Json;
use axum::extract::{Path, State};
use host_api::METRIC_POINTS_MAX;
use host_api::metric::{MetricPoint as Wire, MetricPoints, MetricQuery};
use host_base::RunId;
use host_ledger::MetricPoint;

use crate::answer::Answer;
use crate::request::{Queries, run_id};
use crate::router::Shared;

pub(crate) async fn list(
    State(shared): State<Shared>,
    Path(run): Path<String>,
    Queries(query): Queries<MetricQuery>,
) -> Answer<Json<MetricPoints>> {
    let run = run_id(&run)?;
    // No points of a run that does not exist would look like a run that reported nothing.
    shared.executor.run_record(&run).await?;
    Ok(Json(points(&shared, &run, &query).await?))
}

/// The points of a run, or of a training job, that is known to exist.
pub(crate) async fn points(shared: &Shared, run: &RunId, query: &MetricQuery) -> Answer<MetricPoints> {
    let limit = query.limit.unwrap_or(METRIC_POINTS_MAX).clamp(1, METRIC_POINTS_MAX);
    let points = shared.executor.metrics(run, query.after.unwrap_or(0), limit).await?;
    let next = points.last().filter(|_| points.len() == limit).map(|point| point.sequence);
    Ok(MetricPoints { items: points.into_iter().map(to_wire).collect(), next })
}

fn to_wire(point: MetricPoint) -> Wire {
    let MetricPoint { sequence, at_millis, step, name, index, value } = point;
    Wire { sequence, at_millis, step, name, index, value }
}
