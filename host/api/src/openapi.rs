//! The OpenAPI 3.1 document, printed from the route table and the wire types.
//! Never written by hand.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value as Json, json};

use crate::routes::{Body, ROUTES, Route};
use crate::{artifact, node, pipeline, problem, run};

/// The whole document.
#[must_use]
pub fn openapi() -> Json {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = settings.into_generator();
    register(&mut schemas);
    let mut paths = Map::new();
    let definitions = schemas.take_definitions(true);
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation(route, &definitions);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sandmill",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": definitions },
    })
}

fn register(schemas: &mut SchemaGenerator) {
    fn add<T: JsonSchema>(schemas: &mut SchemaGenerator) {
        schemas.subschema_for::<T>();
    }
    add::<artifact::Artifact>(schemas);
    add::<artifact::ArtifactDetail>(schemas);
    add::<artifact::ArtifactList>(schemas);
    add::<artifact::ArtifactQuery>(schemas);
    add::<artifact::UploadQuery>(schemas);
    add::<node::NodeInfo>(schemas);
    add::<pipeline::CheckRequest>(schemas);
    add::<pipeline::CheckedPipeline>(schemas);
    add::<problem::Problems>(schemas);
    add::<run::LogLines>(schemas);
    add::<run::LogQuery>(schemas);
    add::<run::RunDetail>(schemas);
    add::<run::RunList>(schemas);
    add::<run::RunNews>(schemas);
    add::<run::RunQuery>(schemas);
    add::<run::SubmitRequest>(schemas);
    add::<run::Submitted>(schemas);
}

fn operation(route: &Route, definitions: &Map<String, Json>) -> Json {
    let mut success = json!({ "description": "Success" });
    if let Some(content) = content(route.response) {
        success["content"] = content;
    }
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.summary,
        "responses": {
            route.success.to_string(): success,
            "default": {
                "description": "All problems at once",
                "content": { "application/json": { "schema": reference("Problems") } },
            },
        },
    });
    if let Some(content) = content(route.request) {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    let parameters = parameters(route, definitions);
    if !parameters.is_empty() {
        operation["parameters"] = Json::Array(parameters);
    }
    operation
}

fn content(body: Body) -> Option<Json> {
    match body {
        Body::None => None,
        Body::Json("Any") => Some(json!({ "application/json": {} })),
        Body::Json(schema) => Some(json!({ "application/json": { "schema": reference(schema) } })),
        Body::Bytes => Some(json!({ "application/octet-stream": {} })),
        Body::Events(schema) => Some(json!({ "text/event-stream": { "schema": reference(schema) } })),
    }
}

fn parameters(route: &Route, definitions: &Map<String, Json>) -> Vec<Json> {
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Json> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let schema = route.query.and_then(|schema| definitions.get(schema)?.get("properties")?.as_object());
    for (name, property) in schema.into_iter().flatten() {
        parameters.push(json!({ "name": name, "in": "query", "required": false, "schema": property }));
    }
    parameters
}

fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn the_published_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let document = serde_json::to_string_pretty(&openapi()).unwrap() + "\n";
        if std::env::var_os("SANDMILL_UPDATE").is_some() {
            std::fs::write(path, &document).unwrap();
        }
        let published = std::fs::read_to_string(path).unwrap_or_default();
        assert!(published == document, "host/api/openapi.json is out of date: run `cargo xtask codegen`");
    }

    #[test]
    fn every_schema_that_is_referred_to_is_there() {
        let document = openapi();
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name} is missing");
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let mut names: Vec<_> = ROUTES.iter().map(|route| route.operation).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROUTES.len());
    }
}
