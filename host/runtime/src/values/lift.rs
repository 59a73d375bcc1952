//! From the component model's values to JSON and artifact references.
//! Never hands a handle on: it is turned into the reference behind it and dropped.

use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Value};
use serde_json::{Map, Value as Json, json};
use wasmtime::Store;
use wasmtime::component::{ResourceAny, Val};

use super::lower::kind_of;
use crate::GuestState;
use crate::failure::Ended;
use crate::handles::{Handle, HandleKind};

/// One output. `name` is where messages begin their path.
pub(crate) async fn output(store: &mut Store<GuestState>, name: &str, value: Val) -> Result<Value, Ended> {
    match value {
        Val::Resource(handle) => Ok(Value::Artifact(artifact(store, name, handle).await?)),
        Val::Option(Some(inner)) => match *inner {
            Val::Resource(handle) => Ok(Value::Artifact(artifact(store, name, handle).await?)),
            inner => Ok(Value::Plain(plain(name, &inner)?)),
        },
        value => Ok(Value::Plain(plain(name, &value)?)),
    }
}

async fn artifact(store: &mut Store<GuestState>, name: &str, handle: ResourceAny) -> Result<ArtifactRef, Ended> {
    match kind_of(handle.ty()) {
        Some(ArtifactKind::Artifact) => take::<crate::handles::Artifact>(store, handle),
        Some(ArtifactKind::DataSet) => take::<crate::handles::DataSet>(store, handle),
        Some(ArtifactKind::Model) => take::<crate::handles::Model>(store, handle),
        Some(ArtifactKind::Metrics) => take::<crate::handles::Metrics>(store, handle),
        None => {
            // An unfinished writer, or a resource of the guest's own making.
            handle.resource_drop_async(store).await?;
            let message = format!("output `{name}` is a handle to something else than a finished artifact");
            Err(Failure::new(Code::TypeMismatch, message)
                .with_hint("return what `finish` of a sandmill:data writer returned")
                .into())
        }
    }
}

fn take<K: HandleKind>(store: &mut Store<GuestState>, handle: ResourceAny) -> Result<ArtifactRef, Ended> {
    let resource = handle.try_into_resource::<Handle<K>>(&mut *store)?;
    let handle = store.data_mut().table().delete(resource).map_err(wasmtime::Error::from)?;
    Ok(handle.artifact.as_ref().clone())
}

fn plain(place: &str, value: &Val) -> Result<Json, Failure> {
    let items = |values: &[Val]| {
        let item = |(index, item): (usize, &Val)| plain(&format!("{place}[{index}]"), item);
        values.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>().map(Json::Array)
    };
    let payload = |name: &str, payload: &Option<Box<Val>>| match payload {
        Some(payload) => Ok(json!({ name: plain(&format!("{place}.{name}"), payload)? })),
        None => Ok(json!({ name: null })),
    };
    match value {
        Val::Bool(value) => Ok(json!(value)),
        Val::U8(value) => Ok(json!(value)),
        Val::U16(value) => Ok(json!(value)),
        Val::U32(value) => Ok(json!(value)),
        Val::U64(value) => Ok(json!(value)),
        Val::S8(value) => Ok(json!(value)),
        Val::S16(value) => Ok(json!(value)),
        Val::S32(value) => Ok(json!(value)),
        Val::S64(value) => Ok(json!(value)),
        Val::Float32(value) => Ok(single(*value)),
        Val::Float64(value) => Ok(float(*value)),
        Val::Char(value) => Ok(json!(value)),
        Val::String(value) | Val::Enum(value) => Ok(json!(value)),
        Val::Flags(names) => Ok(json!(names)),
        Val::List(values) if matches!(values.first(), Some(Val::U8(_))) => Ok(bytes(values)),
        Val::List(values) | Val::Tuple(values) => items(values),
        Val::Record(fields) => {
            let field = |(name, value): &(String, Val)| Ok((name.clone(), plain(&format!("{place}.{name}"), value)?));
            fields.iter().map(field).collect::<Result<Map<_, _>, _>>().map(Json::Object)
        }
        Val::Option(None) => Ok(Json::Null),
        Val::Option(Some(value)) => plain(place, value),
        Val::Variant(name, None) => Ok(json!(name)),
        Val::Variant(name, value @ Some(_)) => payload(name, value),
        Val::Result(Ok(value)) => payload("ok", value),
        Val::Result(Err(value)) => payload("err", value),
        Val::Resource(_) => Err(unsupported(place, "a handle inside a larger value")),
        _ => Err(unsupported(place, "of a type that no output can have")),
    }
}

fn unsupported(place: &str, what: &str) -> Failure {
    Failure::new(Code::TypeMismatch, format!("output `{place}` is {what}"))
        .with_hint("give each artifact a field of its own in the record that the function returns")
}

/// Lists of bytes are common and long; they need no path per item.
fn bytes(values: &[Val]) -> Json {
    let byte = |value: &Val| match value {
        Val::U8(byte) => json!(byte),
        _ => Json::Null,
    };
    Json::Array(values.iter().map(byte).collect())
}

/// By way of its shortest text, so that 0.1 does not become 0.10000000149011612.
fn single(value: f32) -> Json {
    if value.is_finite() { value.to_string().parse().map_or(Json::Null, float) } else { float(f64::from(value)) }
}

/// JSON has no word for NaN and the infinities.
fn float(value: f64) -> Json {
    if value.is_nan() {
        json!("NaN")
    } else if value.is_infinite() {
        json!(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        json!(value)
    }
}

/// A value in a message.
pub(super) fn describe(value: &Val) -> String {
    plain("error", value).map_or_else(|_| "a value without a text form".to_owned(), |json| json.to_string())
}
