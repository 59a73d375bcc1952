//! Values, artifacts and usage between the inside and the wire, both ways.
//! Never loses a part: each conversion takes its source apart by name.

use std::collections::BTreeMap;

use host_api::artifact::{self as wire, ArtifactKind as WireKind};
use host_api::run::Usage as WireUsage;
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Usage, Value};

use crate::answer::Refusal;
use crate::request::digest;

/// A tick of the runtime, in milliseconds.
pub(crate) const TICK_MILLIS: u64 = 10;

pub(crate) const fn kind_to_wire(kind: ArtifactKind) -> WireKind {
    match kind {
        ArtifactKind::Artifact => WireKind::Artifact,
        ArtifactKind::DataSet => WireKind::DataSet,
        ArtifactKind::Model => WireKind::Model,
        ArtifactKind::Metrics => WireKind::Metrics,
    }
}

pub(crate) const fn kind_from_wire(kind: WireKind) -> ArtifactKind {
    match kind {
        WireKind::Artifact => ArtifactKind::Artifact,
        WireKind::DataSet => ArtifactKind::DataSet,
        WireKind::Model => ArtifactKind::Model,
        WireKind::Metrics => ArtifactKind::Metrics,
    }
}

pub(crate) fn artifact_to_wire(artifact: ArtifactRef) -> wire::ArtifactRef {
    let ArtifactRef { digest, kind, media_type, size_bytes, metadata } = artifact;
    wire::ArtifactRef { digest: digest.to_string(), kind: kind_to_wire(kind), media_type, size_bytes, metadata }
}

pub(crate) fn artifact_from_wire(artifact: wire::ArtifactRef) -> Result<ArtifactRef, Refusal> {
    let wire::ArtifactRef { digest: text, kind, media_type, size_bytes, metadata } = artifact;
    Ok(ArtifactRef { digest: digest(&text)?, kind: kind_from_wire(kind), media_type, size_bytes, metadata })
}

pub(crate) fn value_from_wire(value: wire::Value) -> Result<Value, Refusal> {
    match value {
        wire::Value::Plain(json) => Ok(Value::Plain(json)),
        wire::Value::Artifact(artifact) => artifact_from_wire(artifact).map(Value::Artifact),
        wire::Value::List(items) => items.into_iter().map(value_from_wire).collect::<Result<_, _>>().map(Value::List),
    }
}

pub(crate) fn values_to_wire(values: BTreeMap<String, Value>) -> BTreeMap<String, wire::Value> {
    values.into_iter().map(|(name, value)| (name, value_to_wire(value))).collect()
}

fn value_to_wire(value: Value) -> wire::Value {
    match value {
        Value::Plain(json) => wire::Value::Plain(json),
        Value::Artifact(artifact) => wire::Value::Artifact(artifact_to_wire(artifact)),
        Value::List(items) => wire::Value::List(items.into_iter().map(value_to_wire).collect()),
    }
}

/// Values as the ledger's views keep them.
pub(crate) fn kept_values(json: serde_json::Value) -> Result<BTreeMap<String, wire::Value>, Failure> {
    let values: BTreeMap<String, Value> = serde_json::from_value(json).map_err(|error| {
        Failure::new(Code::LedgerFailed, format!("the ledger holds values that cannot be read: {error}"))
            .with_hint("was the data folder written by a newer version of sandmill?")
    })?;
    Ok(values_to_wire(values))
}

pub(crate) const fn usage_to_wire(usage: Usage) -> WireUsage {
    let Usage { wall_micros, cpu_ticks, memory_bytes_peak, output_bytes, log_bytes, log_messages_dropped } = usage;
    let cpu_millis = cpu_ticks.saturating_mul(TICK_MILLIS);
    WireUsage { wall_micros, cpu_millis, memory_bytes_peak, output_bytes, log_bytes, log_messages_dropped }
}
