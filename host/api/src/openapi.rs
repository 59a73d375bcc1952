//! The OpenAPI 3.1 document, printed from the route table and the wire types' schemas.
//! Never edited by hand: `openapi.json` beside this crate's manifest is compared with it in a test.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::problem::Problems;
use crate::routes::{Body, Method, ROUTES, Route, SchemaOf};

/// Where OpenAPI keeps named schemas.
const SCHEMAS: &str = "/components/schemas";

/// Kubeflow describes its own paths, so that they are not described here a second time.
const DESCRIPTION: &str = "Pipelines whose every step is a WebAssembly component in a sandbox. Beside these paths, \
                           `/apis/v2beta1` is the REST interface of Kubeflow Pipelines, whose own description holds.";

/// The document.
#[must_use]
pub fn openapi() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = SCHEMAS.into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problems = generator.subschema_for::<Problems>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES {
        let method = match route.method {
            Method::Get => "get",
            Method::Post => "post",
            Method::Delete => "delete",
        };
        let operation = operation(&mut generator, route, &problems);
        paths.entry(route.path).or_default().insert(method.to_owned(), operation);
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sandmill",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn operation(generator: &mut SchemaGenerator, route: &Route, problems: &Schema) -> Value {
    let mut success = json!({ "description": route.summary });
    if let Some(content) = content(generator, route.response) {
        success["content"] = content;
    }
    let refusal = json!({
        "description": "What is wrong, all at once; each problem has a code that `sandmill explain` describes",
        "content": { "application/json": { "schema": problems } },
    });
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "responses": { route.status.to_string(): success, "default": refusal },
    });
    let parameters = parameters(generator, route);
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    if let Some(content) = content(generator, route.request) {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// Segments from the path, queries from the fields of the query's type, headers as the table has them.
fn parameters(generator: &mut SchemaGenerator, route: &Route) -> Vec<Value> {
    let text = json!({ "type": "string" });
    let segments = route.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> =
        segments.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": text })).collect();
    for (name, mut schema) in route.query.map(|query| fields(generator, query)).into_iter().flatten() {
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        parameters.push(json!({ "name": name, "in": "query", "description": description, "schema": schema }));
    }
    for (name, description) in route.headers {
        parameters.push(json!({ "name": name, "in": "header", "description": description, "schema": text }));
    }
    parameters
}

/// The fields of a query's type. They stand as parameters, so the type itself is no schema of the document.
fn fields(generator: &mut SchemaGenerator, query: SchemaOf) -> Map<String, Value> {
    let reference = query(generator);
    let name = reference.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let schema = name.and_then(|name| generator.definitions_mut().remove(name));
    match schema {
        Some(Value::Object(mut schema)) => match schema.remove("properties") {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}

fn content(generator: &mut SchemaGenerator, body: Body) -> Option<Value> {
    match body {
        Body::None => None,
        Body::Json(schema) => Some(json!({ "application/json": { "schema": schema(generator) } })),
        Body::Events(schema) => Some(json!({ "text/event-stream": { "schema": schema(generator) } })),
        Body::Bytes => Some(json!({ "*/*": { "schema": { "type": "string", "format": "binary" } } })),
    }
}

#[cfg(test)]
mod tests;
