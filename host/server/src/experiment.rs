//! Experiments: make, list.
//! Never decides what belongs to one; a run says so.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use host_api::experiment::{CreateExperiment, Experiment as Wire, Experiments};
use host_base::Failure;
use host_executor::catalogue::{Experiment, Item, NewExperiment};

use crate::answer::Answer;
use crate::request::JsonBody;
use crate::router::Shared;

pub(crate) async fn create(
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<CreateExperiment>,
) -> Answer<(StatusCode, Json<Wire>)> {
    let new = NewExperiment { name: asked.name, description: asked.description };
    let made = shared.executor.create_experiment(new).await?;
    Ok((StatusCode::CREATED, Json(to_wire(&shared, made).await?)))
}

pub(crate) async fn list(State(shared): State<Shared>) -> Answer<Json<Experiments>> {
    let mut items = Vec::new();
    for item in shared.executor.items::<Experiment>(None).await? {
        items.push(to_wire(&shared, item).await?);
    }
    Ok(Json(Experiments { items }))
}

async fn to_wire(shared: &Shared, item: Item<Experiment>) -> Result<Wire, Failure> {
    Ok(Wire {
        last_run_at_millis: shared.executor.newest_run_of(&item.id).await?,
        id: item.id,
        name: item.name,
        description: item.record.description,
        archived: item.record.archived,
        created_at_millis: item.created_at_millis,
    })
}
