//! Experiments: make, list, show, archive, delete.
//! Never touches a run by itself; archiving an experiment is one call.

use axum::Json;
use axum::extract::{Path, State};
use host_api::kfp::experiment::{Experiment as Wire, ExperimentList};
use host_api::kfp::{Empty, ListQuery, Timestamp};
use host_base::Failure;
use host_executor::catalogue::{Experiment, Item, NewExperiment};

use super::answer::{Answer, Body, Query, id_and_verb, no_such_verb};
use super::list::{Field, Listed, page};
use super::state::storage_state;
use crate::router::Shared;

impl Listed for Item<Experiment> {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "id" | "experiment_id" => Field::text(&self.id),
            "name" | "display_name" => Field::text(&self.name),
            "description" => Field::optional(self.record.description.as_ref()),
            "created_at" => Field::millis(self.created_at_millis),
            "storage_state" => Field::text(storage_state(self.record.archived)),
            _ => return None,
        })
    }

    fn place(&self) -> String {
        format!("{:020}", self.position)
    }
}

pub(super) async fn create(State(shared): State<Shared>, Body(asked): Body<Wire>) -> Answer<Wire> {
    let new = NewExperiment { name: asked.display_name, description: asked.description };
    let made = shared.executor.create_experiment(new).await?;
    Ok(Json(to_wire(&shared, made).await?))
}

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<ExperimentList> {
    let page = page(shared.executor.items::<Experiment>(None).await?, &query)?;
    let mut experiments = Vec::with_capacity(page.items.len());
    for item in page.items {
        experiments.push(to_wire(&shared, item).await?);
    }
    Ok(Json(ExperimentList { experiments, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Wire> {
    let item = shared.executor.item(&id).await?;
    Ok(Json(to_wire(&shared, item).await?))
}

pub(super) async fn verb(State(shared): State<Shared>, Path(segment): Path<String>) -> Answer<Empty> {
    let archived = match id_and_verb(&segment)? {
        (_, "archive") => true,
        (_, "unarchive") => false,
        (_, verb) => return Err(no_such_verb(verb)),
    };
    shared.executor.archive_experiment(id_and_verb(&segment)?.0, archived).await?;
    Ok(Json(Empty {}))
}

pub(super) async fn delete(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Empty> {
    shared.executor.delete_experiment(&id).await?;
    Ok(Json(Empty {}))
}

async fn to_wire(shared: &Shared, item: Item<Experiment>) -> Result<Wire, Failure> {
    let last_run_created_at = shared.executor.newest_run_of(&item.id).await?.map(Timestamp::new);
    Ok(Wire {
        experiment_id: item.id,
        display_name: item.name,
        description: item.record.description,
        created_at: Some(Timestamp::new(item.created_at_millis)),
        namespace: None,
        storage_state: Some(storage_state(item.record.archived).to_owned()),
        last_run_created_at: Some(last_run_created_at.unwrap_or(Timestamp::EPOCH)),
    })
}
