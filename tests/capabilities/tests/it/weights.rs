//! Files of weights between artifacts and devices: what comes there and back, and files that must be refused.
//! Never a weight in a guest's memory but where it is asked to show one.

use std::collections::BTreeMap;

use host_artifacts::WeightsHeader;
use host_base::{ArtifactKind, ArtifactRef, Code, Value};
use safetensors::{Dtype, SafeTensors};
use sdk_spec::{ByteSize, DeviceGrant};
use serde_json::json;

use crate::programs::WEIGHTS;
use crate::support::{Call, content, function, keep};

const MIB: u64 = 1 << 20;

fn granted(name: &str, model: &ArtifactRef, memory_bytes: u64) -> Call {
    let grant = DeviceGrant { memory: ByteSize(memory_bytes) };
    function(WEIGHTS, name).granted(|grants| grants.device = Some(grant)).artifact(model)
}

fn weights(name: &str, model: &ArtifactRef) -> Call {
    granted(name, model, 256 * MIB)
}

/// A file whose content is what `number` says of each byte.
fn file(tensors: &[(&str, Dtype, &[usize])], number: impl Fn(u64) -> u8) -> Vec<u8> {
    let told = tensors.iter().map(|(name, dtype, shape)| ((*name).to_owned(), (*dtype, shape.to_vec())));
    let metadata = BTreeMap::from([("made-by".to_owned(), "test".to_owned())]);
    let header = WeightsHeader::new(metadata, told.collect()).unwrap();
    let mut bytes = header.to_bytes().unwrap();
    bytes.extend((0..header.content_bytes()).map(number));
    bytes
}

fn small() -> Vec<u8> {
    let tensors: [(&str, Dtype, &[usize]); 5] = [
        ("a", Dtype::F32, &[2, 3]),
        ("empty", Dtype::F32, &[0, 4]),
        ("flags", Dtype::BOOL, &[4]),
        ("half", Dtype::F16, &[3]),
        ("one", Dtype::I64, &[]),
    ];
    file(&tensors, |at| (at % 2) as u8)
}

async fn model(bytes: &[u8]) -> ArtifactRef {
    keep(ArtifactKind::Model, bytes).await
}

/// Why a file is refused.
async fn refused(bytes: &[u8]) -> String {
    let ended = weights("describe", &model(bytes).await).run().await;
    ended.outcome.expect_err("refused").message
}

#[tokio::test]
async fn a_file_says_what_is_in_it_and_its_tensors_are_on_the_device_as_they_were() {
    let bytes = small();
    let kept = model(&bytes).await;
    let line = weights("describe", &kept).run().await.output();
    let said = "made-by=test; a ElementType::F32 2x3; empty ElementType::F32 0x4; flags ElementType::BoolNative 4; \
                half ElementType::F16 3; one ElementType::I64 ";
    assert_eq!(line, json!(said));
    let read = SafeTensors::deserialize(&bytes).unwrap();
    for (name, tensor) in read.iter() {
        let found = weights("read", &kept).plain(json!(name)).run().await.output();
        assert_eq!(found, json!(tensor.data()), "{name}");
    }
}

#[tokio::test]
async fn what_is_written_is_what_was_read() {
    let bytes = small();
    let copied = weights("copy", &model(&bytes).await).run().await.artifact("output");
    assert_eq!(copied.media_type, "application/vnd.safetensors");
    assert_eq!(content(&copied).await, bytes);
}

#[tokio::test]
async fn files_that_are_torn_or_lie_are_refused_by_name() {
    let whole = small();
    for length in [0, 7, 8, 40, whole.len() - 1] {
        let reason = refused(&whole[..length]).await;
        assert!(reason.contains("invalid file: the file is torn"), "{length}: {reason}");
    }
    let longer = refused(&[&whole[..], b"x"].concat()).await;
    assert!(longer.contains("torn"), "{longer}");
    let huge = refused(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat()).await;
    assert!(huge.contains("at most 16777216"), "{huge}");
    let lying = |header: &str, content: usize| {
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header.as_bytes(), &vec![0; content]].concat()
    };
    let overlapping = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#;
    let reason = refused(&lying(overlapping, 12)).await;
    assert!(reason.contains("`b` begins at byte 4"), "{reason}");
    let short = refused(&lying(r#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8)).await;
    assert!(short.contains("`a` of F32[3] has 8 bytes"), "{short}");
    let foreign = refused(&file(&[("scales", Dtype::F8_E4M3, &[2])], |_| 0)).await;
    assert!(foreign.contains("unsupported: `scales` has elements of type F8_E4M3"), "{foreign}");
    let text = refused(b"this is no file of weights").await;
    assert!(text.contains("at most 16777216"), "{text}");
}

#[tokio::test]
async fn wishes_that_cannot_be_met_are_told_and_the_device_goes_on() {
    let told = weights("misuse", &model(&small()).await).run().await.output();
    let expected = json!([
        "invalid argument: the file has no tensor `nobody`",
        "invalid argument: two tensors are called `a`",
        "invalid argument: a tensor cannot be called `__metadata__`",
        "done",
        "invalid argument: something was written before the weights",
    ]);
    assert_eq!(told, expected);
}

#[tokio::test]
async fn weights_are_counted_against_the_grant_before_they_are_read() {
    let bytes = file(&[("a", Dtype::F32, &[1 << 18]), ("b", Dtype::U8, &[4])], |_| 0);
    let kept = model(&bytes).await;
    granted("copy", &kept, MIB + 4).run().await.outputs();
    let failure = granted("copy", &kept, MIB + 3).run().await.failure(Code::DeviceMemoryLimit);
    assert!(failure.message.contains("weights of 1048580 bytes"), "{failure}");
}

#[tokio::test]
async fn what_is_written_counts_against_the_output_limit() {
    let bytes = small();
    let copy = async |output_bytes_max: u64| {
        let call = weights("copy", &model(&bytes).await);
        call.limited(|limits| limits.output_bytes_max = output_bytes_max).run().await
    };
    copy(bytes.len() as u64).await.outputs();
    copy(bytes.len() as u64 - 1).await.failure(Code::OutputLimit);
}

#[tokio::test]
async fn a_network_larger_than_its_guests_memory_is_loaded_and_saved() {
    const LAYERS: usize = 12;
    const WIDTH: usize = 1024;
    let names: Vec<String> = (0..LAYERS).map(|at| format!("layers.{at}.weight")).collect();
    let tensors: Vec<(&str, Dtype, &[usize])> =
        names.iter().map(|name| (name.as_str(), Dtype::F32, &[WIDTH, WIDTH][..])).collect();
    // The four bytes of 0.5.
    let bytes = file(&tensors, |at| if at % 4 == 3 { 0x3f } else { 0 });
    let memory_bytes_max = 24 * MIB;
    assert!(bytes.len() as u64 > 2 * memory_bytes_max);
    let call = weights("double-network", &model(&bytes).await).plain(json!(LAYERS)).plain(json!(WIDTH));
    let ended = call.limited(|limits| limits.memory_bytes_max = memory_bytes_max).run().await;
    let sum = ended.outputs().get("sum");
    assert!(matches!(sum, Some(Value::Plain(sum)) if *sum == json!(0.5 * (LAYERS * WIDTH * WIDTH) as f64)), "{sum:?}");
    let doubled = content(&ended.artifact("network")).await;
    let doubled = SafeTensors::deserialize(&doubled).unwrap();
    assert_eq!(doubled.len(), LAYERS);
    for (name, tensor) in doubled.iter() {
        assert_eq!(tensor.shape(), [WIDTH, WIDTH], "{name}");
        assert!(tensor.data().chunks(4).all(|number| number == 1.0_f32.to_le_bytes()), "{name}");
    }
}
