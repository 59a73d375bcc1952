//! From JSON and artifact references to the component model's values.
//! Never opens an artifact; it only makes sure that it is there.

use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Value, number};
use serde_json::Value as Json;
use wasmtime::Store;
use wasmtime::component::types::Flags;
use wasmtime::component::{Resource, ResourceAny, ResourceType, Type, Val};

use super::json_kind;
use crate::GuestState;
use crate::failure::Ended;
use crate::handles::{ArtifactHandle, DataSetHandle, Handle, HandleKind, MetricsHandle, ModelHandle};

/// A value whose type nests deeper is refused; JSON from outside is no deeper than this anyway.
const DEPTH_MAX: usize = 64;

/// One argument. `parameter` is its name, where messages begin their path.
pub(crate) async fn argument(
    store: &mut Store<GuestState>,
    parameter: &str,
    wanted: &Type,
    value: &Value,
) -> Result<Val, Ended> {
    match (value, wanted) {
        (Value::Artifact(artifact), Type::Option(option)) => match option.ty() {
            Type::Own(resource) | Type::Borrow(resource) => {
                let handle = handle(store, parameter, resource, artifact).await?;
                Ok(Val::Option(Some(Box::new(Val::Resource(handle)))))
            }
            _ => Err(Place::root(parameter).mismatch(wanted, &a(artifact.kind)).into()),
        },
        (Value::Artifact(artifact), Type::Own(resource) | Type::Borrow(resource)) => {
            Ok(Val::Resource(handle(store, parameter, *resource, artifact).await?))
        }
        (Value::Artifact(artifact), _) => Err(Place::root(parameter).mismatch(wanted, &a(artifact.kind)).into()),
        (Value::List(_), _) => Err(Place::root(parameter).mismatch(wanted, "a list of artifacts").into()),
        (Value::Plain(json), _) => Ok(plain(&Place::root(parameter), wanted, json)?),
    }
}

async fn handle(
    store: &mut Store<GuestState>,
    parameter: &str,
    resource: ResourceType,
    artifact: &ArtifactRef,
) -> Result<ResourceAny, Ended> {
    let Some(wanted) = kind_of(resource) else {
        let message = format!("argument `{parameter}`: its type is a resource that no step argument can have");
        return Err(Failure::new(Code::TypeMismatch, message).into());
    };
    if wanted != artifact.kind {
        let message = format!("argument `{parameter}`: expected {}, got {}", a(wanted), a(artifact.kind));
        return Err(Failure::new(Code::TypeMismatch, message).into());
    }
    let stored = store.data_mut().services().0.artifacts.clone();
    let size_bytes = stored.size_bytes(&artifact.digest).await.map_err(|error| error.to_failure())?;
    if size_bytes.is_none() {
        let message = format!("argument `{parameter}`: no artifact {} is stored here", artifact.digest);
        return Err(Failure::new(Code::ArtifactNotFound, message).with_hint("run the step that makes it again").into());
    }
    let artifact = artifact.clone();
    match wanted {
        ArtifactKind::Artifact => push(store, ArtifactHandle::new(artifact)),
        ArtifactKind::DataSet => push(store, DataSetHandle::new(artifact)),
        ArtifactKind::Model => push(store, ModelHandle::new(artifact)),
        ArtifactKind::Metrics => push(store, MetricsHandle::new(artifact)),
    }
}

fn push<K: HandleKind>(store: &mut Store<GuestState>, handle: Handle<K>) -> Result<ResourceAny, Ended> {
    let resource: Resource<Handle<K>> = store.data_mut().table().push(handle).map_err(wasmtime::Error::from)?;
    Ok(resource.try_into_resource_any(store)?)
}

/// Which resource of `sandmill:data` this is.
pub(super) fn kind_of(resource: ResourceType) -> Option<ArtifactKind> {
    let known = [
        (ResourceType::host::<ArtifactHandle>(), ArtifactKind::Artifact),
        (ResourceType::host::<DataSetHandle>(), ArtifactKind::DataSet),
        (ResourceType::host::<ModelHandle>(), ArtifactKind::Model),
        (ResourceType::host::<MetricsHandle>(), ArtifactKind::Metrics),
    ];
    known.into_iter().find(|(known, _)| *known == resource).map(|(_, kind)| kind)
}

/// The kind's name with its article.
fn a(kind: ArtifactKind) -> String {
    match kind {
        ArtifactKind::Artifact => "an artifact".to_owned(),
        ArtifactKind::Metrics => "metrics".to_owned(),
        ArtifactKind::DataSet | ArtifactKind::Model => format!("a {kind}"),
    }
}

/// Where in an argument a value stands.
struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    depth: usize,
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    const fn root(parameter: &'a str) -> Self {
        Self { parent: None, step: Step::Name(parameter), depth: 0 }
    }

    fn name(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Name(name), depth: self.depth + 1 }
    }

    fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index), depth: self.depth + 1 }
    }

    fn path(&self) -> String {
        let before = self.parent.map(Self::path);
        match (before, &self.step) {
            (None, Step::Name(name)) => (*name).to_owned(),
            (Some(before), Step::Name(name)) => format!("{before}.{name}"),
            (before, Step::Index(index)) => format!("{}[{index}]", before.unwrap_or_default()),
        }
    }

    fn fail(&self, what: &str) -> Failure {
        Failure::new(Code::TypeMismatch, format!("argument `{}`: {what}", self.path()))
    }

    fn mismatch(&self, wanted: &Type, got: &str) -> Failure {
        self.fail(&format!("expected {}, got {got}", describe(wanted)))
    }
}

/// A type in a few words, for messages.
fn describe(wanted: &Type) -> String {
    match wanted {
        Type::Bool => "a boolean".to_owned(),
        Type::U8 => "a whole number from 0 to 255 (u8)".to_owned(),
        Type::U16 => "a whole number from 0 to 65535 (u16)".to_owned(),
        Type::U32 => "a whole number from 0 to 4294967295 (u32)".to_owned(),
        Type::U64 => "a whole number from 0 to 18446744073709551615 (u64)".to_owned(),
        Type::S8 => "a whole number from -128 to 127 (s8)".to_owned(),
        Type::S16 => "a whole number from -32768 to 32767 (s16)".to_owned(),
        Type::S32 => "a whole number from -2147483648 to 2147483647 (s32)".to_owned(),
        Type::S64 => "a whole number from -9223372036854775808 to 9223372036854775807 (s64)".to_owned(),
        Type::Float32 => "a number (f32)".to_owned(),
        Type::Float64 => "a number (f64)".to_owned(),
        Type::Char => "a string of one character (char)".to_owned(),
        Type::String => "a string".to_owned(),
        Type::List(list) => format!("a list, each item {}", describe(&list.ty())),
        Type::Record(record) => {
            let names: Vec<&str> = record.fields().map(|field| field.name).collect();
            format!("an object with the fields {}", names.join(", "))
        }
        Type::Tuple(tuple) => format!("a list of exactly {} items (tuple)", tuple.types().len()),
        Type::Variant(variant) => {
            let names: Vec<&str> = variant.cases().map(|case| case.name).collect();
            format!("one of the cases {} (variant)", names.join(", "))
        }
        Type::Enum(names) => format!("one of {} (enum)", names.names().collect::<Vec<_>>().join(", ")),
        Type::Flags(names) => format!("a list with any of {} (flags)", names.names().collect::<Vec<_>>().join(", ")),
        Type::Option(option) => format!("null or {}", describe(&option.ty())),
        Type::Result(_) => "an object with `ok` or `err` (result)".to_owned(),
        Type::Own(resource) | Type::Borrow(resource) => {
            kind_of(*resource).map_or_else(|| "a foreign resource".to_owned(), a)
        }
        _ => "a type that no step argument can have".to_owned(),
    }
}

fn plain(place: &Place<'_>, wanted: &Type, json: &Json) -> Result<Val, Failure> {
    if place.depth > DEPTH_MAX {
        return Err(place.fail(&format!("the value nests deeper than {DEPTH_MAX} levels")));
    }
    let mismatch = || place.mismatch(wanted, json_text(json).as_str());
    match wanted {
        Type::Bool => json.as_bool().map(Val::Bool).ok_or_else(mismatch),
        Type::U8 => whole(json).map(Val::U8).ok_or_else(mismatch),
        Type::U16 => whole(json).map(Val::U16).ok_or_else(mismatch),
        Type::U32 => whole(json).map(Val::U32).ok_or_else(mismatch),
        Type::U64 => whole(json).map(Val::U64).ok_or_else(mismatch),
        Type::S8 => whole(json).map(Val::S8).ok_or_else(mismatch),
        Type::S16 => whole(json).map(Val::S16).ok_or_else(mismatch),
        Type::S32 => whole(json).map(Val::S32).ok_or_else(mismatch),
        Type::S64 => whole(json).map(Val::S64).ok_or_else(mismatch),
        Type::Float32 => number::single(json).map(Val::Float32).ok_or_else(mismatch),
        Type::Float64 => number::float(json).map(Val::Float64).ok_or_else(mismatch),
        Type::Char => character(json).map(Val::Char).ok_or_else(mismatch),
        Type::String => json.as_str().map(|text| Val::String(text.to_owned())).ok_or_else(mismatch),
        Type::Option(option) => match json {
            Json::Null => Ok(Val::Option(None)),
            json => Ok(Val::Option(Some(Box::new(plain(place, &option.ty(), json)?)))),
        },
        Type::List(list) => {
            let items = json.as_array().ok_or_else(mismatch)?;
            let wanted = list.ty();
            let item = |(index, item)| plain(&place.index(index), &wanted, item);
            items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Val::List)
        }
        Type::Tuple(tuple) => {
            let types = tuple.types();
            let items = json.as_array().filter(|items| items.len() == types.len()).ok_or_else(mismatch)?;
            let item = |(index, (wanted, item)): (usize, (Type, &Json))| plain(&place.index(index), &wanted, item);
            types.zip(items).enumerate().map(item).collect::<Result<_, _>>().map(Val::Tuple)
        }
        Type::Record(record) => {
            let fields: Vec<(&str, Type)> = record.fields().map(|field| (field.name, field.ty)).collect();
            object(place, &fields, json.as_object().ok_or_else(mismatch)?)
        }
        Type::Enum(names) => {
            let given = json.as_str().filter(|given| names.names().any(|name| name == *given));
            given.map(|name| Val::Enum(name.to_owned())).ok_or_else(mismatch)
        }
        Type::Flags(names) => flags(place, wanted, names, json.as_array().ok_or_else(mismatch)?),
        Type::Variant(variant) => {
            let (name, payload) = case(json).ok_or_else(mismatch)?;
            let case = variant.cases().find(|case| case.name == name).ok_or_else(mismatch)?;
            let payload = self::payload(&place.name(name), case.ty.as_ref(), payload).ok_or_else(mismatch)??;
            Ok(Val::Variant(name.to_owned(), payload))
        }
        Type::Result(result) => {
            let (name, given) = case(json).ok_or_else(mismatch)?;
            let side =
                |wanted: Option<Type>| payload(&place.name(name), wanted.as_ref(), given).ok_or_else(mismatch)?;
            match name {
                "ok" => Ok(Val::Result(Ok(side(result.ok())?))),
                "err" => Ok(Val::Result(Err(side(result.err())?))),
                _ => Err(mismatch()),
            }
        }
        _ => Err(mismatch()),
    }
}

fn flags(place: &Place<'_>, wanted: &Type, names: &Flags, given: &[Json]) -> Result<Val, Failure> {
    let known = |given: &str| names.names().any(|name| name == given);
    let flag = |(index, given): (usize, &Json)| match given.as_str().filter(|given| known(given)) {
        Some(name) => Ok(name.to_owned()),
        None => Err(place.index(index).mismatch(wanted, &json_text(given))),
    };
    given.iter().enumerate().map(flag).collect::<Result<_, _>>().map(Val::Flags)
}

fn object(place: &Place<'_>, fields: &[(&str, Type)], given: &serde_json::Map<String, Json>) -> Result<Val, Failure> {
    let unknown = given.keys().find(|key| !fields.iter().any(|(name, _)| name == key));
    if let Some(unknown) = unknown {
        let names = fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(place.fail(&format!("there is no field `{unknown}`; there are {names}")));
    }
    let field = |(name, wanted): &(&str, Type)| {
        let value = match (given.get(*name), wanted) {
            (Some(json), _) => plain(&place.name(name), wanted, json)?,
            (None, Type::Option(_)) => Val::Option(None),
            (None, _) => return Err(place.fail(&format!("field `{name}` is missing; expected {}", describe(wanted)))),
        };
        Ok(((*name).to_owned(), value))
    };
    fields.iter().map(field).collect::<Result<_, _>>().map(Val::Record)
}

/// `"name"`, or an object with the name as its only key.
fn case(json: &Json) -> Option<(&str, Option<&Json>)> {
    match json {
        Json::String(name) => Some((name, None)),
        Json::Object(fields) if fields.len() == 1 => {
            fields.iter().next().map(|(name, payload)| (name.as_str(), Some(payload)))
        }
        _ => None,
    }
}

/// None where there is a payload too many or too few. A case without one may be given null for it.
fn payload(
    place: &Place<'_>,
    wanted: Option<&Type>,
    given: Option<&Json>,
) -> Option<Result<Option<Box<Val>>, Failure>> {
    match (wanted, given) {
        (Some(wanted), Some(given)) => Some(plain(place, wanted, given).map(|value| Some(Box::new(value)))),
        (None, None | Some(Json::Null)) => Some(Ok(None)),
        _ => None,
    }
}

/// A whole number within its type's range.
fn whole<T: TryFrom<i128>>(json: &Json) -> Option<T> {
    T::try_from(number::whole(json)?).ok()
}

fn character(json: &Json) -> Option<char> {
    let mut characters = json.as_str()?.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Some(character),
        _ => None,
    }
}

/// The value itself where it is short, else its kind.
fn json_text(json: &Json) -> String {
    const LENGTH_MAX: usize = 40;
    let text = json.to_string();
    if text.len() <= LENGTH_MAX { text } else { json_kind(json).to_owned() }
}
