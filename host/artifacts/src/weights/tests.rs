//! Headers that lie are refused by the name of what they lie about, and what is written is what others read.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::ArtifactKind;
use registry_cas::MemoryBlobs;
use safetensors::{Dtype, SafeTensors};

use super::{WEIGHTS_HEADER_BYTES_MAX, WeightsError, WeightsFile, WeightsHeader};
use crate::Artifacts;

fn refused(header: &str, content_bytes: u64) -> String {
    WeightsHeader::read(header.as_bytes(), content_bytes).expect_err("refused").to_string()
}

#[test]
fn headers_that_lie_are_refused_by_name() {
    let tensor = |name: &str, shape: &str, begin: u64, end: u64| {
        format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{begin},{end}]}}"#)
    };
    let file = |parts: &[String]| format!("{{{}}}", parts.join(","));
    let overlapping = refused(&file(&[tensor("a", "[2]", 0, 8), tensor("b", "[2]", 4, 12)]), 12);
    assert!(overlapping.contains("`b` begins at byte 4") && overlapping.contains("ends at 8"), "{overlapping}");
    let gap = refused(&file(&[tensor("a", "[2]", 0, 8), tensor("b", "[2]", 12, 20)]), 20);
    assert!(gap.contains("`b` begins at byte 12"), "{gap}");
    let short = refused(&file(&[tensor("a", "[3]", 0, 8)]), 8);
    assert!(short.contains("`a` of F32[3] has 8 bytes"), "{short}");
    let backwards = refused(&file(&[tensor("a", "[0]", 8, 0)]), 8);
    assert!(backwards.contains("`a` begins at byte 8"), "{backwards}");
    let huge = refused(&file(&[tensor("a", "[4294967296,4294967296]", 0, 8)]), 8);
    assert!(huge.contains("`a` of F32[4294967296, 4294967296]"), "{huge}");
    let torn = refused(&file(&[tensor("a", "[2]", 0, 8)]), 7);
    assert!(torn.contains("torn: it has 7 bytes"), "{torn}");
    let longer = refused(&file(&[tensor("a", "[2]", 0, 8)]), 9);
    assert!(longer.contains("torn: it has 9 bytes"), "{longer}");
    for other in ["", "[]", "{", r#"{"a":1}"#, r#"{"__metadata__":{"a":1}}"#] {
        assert!(refused(other, 0).contains("none of safetensors"), "{other}");
    }
    let unknown = refused(r#"{"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}"#, 4);
    assert!(unknown.contains("F33"), "{unknown}");
}

#[test]
fn what_is_written_is_what_others_read() {
    let metadata = BTreeMap::from([("one".to_owned(), "1".to_owned()), ("two".to_owned(), "\"2\"".to_owned())]);
    let tensors = BTreeMap::from([
        ("flags".to_owned(), (Dtype::BOOL, vec![3])),
        ("weight".to_owned(), (Dtype::F32, vec![2, 2])),
        ("empty".to_owned(), (Dtype::I64, vec![0, 5])),
        ("one".to_owned(), (Dtype::F64, vec![])),
    ]);
    let header = WeightsHeader::new(metadata.clone(), tensors).expect("a header");
    let mut bytes = header.to_bytes().expect("written");
    assert_eq!(bytes.len() % 8, 0);
    let content: Vec<u8> = (0..27).collect();
    assert_eq!(header.content_bytes(), 27);
    bytes.extend_from_slice(&content);
    let read = SafeTensors::deserialize(&bytes).expect("another reader takes it");
    assert_eq!(read.tensor("one").expect("there").data(), &content[..8], "the largest elements come first");
    assert_eq!(read.tensor("weight").expect("there").data(), &content[8..24]);
    assert_eq!(read.tensor("flags").expect("there").data(), &content[24..]);
    let (_, told) = SafeTensors::read_metadata(&bytes).expect("a header");
    let told: BTreeMap<_, _> = told.metadata().clone().unwrap_or_default().into_iter().collect();
    assert_eq!(told, metadata);
    let again = WeightsHeader::read(&bytes[8..bytes.len() - 27], 27).expect("and so do we");
    assert_eq!(again.to_bytes().expect("written"), bytes[..bytes.len() - 27]);
}

#[test]
fn a_tensor_has_a_name_of_its_own() {
    let reserved = BTreeMap::from([("__metadata__".to_owned(), (Dtype::F32, vec![1]))]);
    assert!(matches!(WeightsHeader::new(BTreeMap::new(), reserved), Err(WeightsError::ReservedName)));
}

#[tokio::test]
async fn files_are_held_against_their_length_before_anything_of_them_is_read() {
    let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(1 << 20)));
    let open = async |bytes: &[u8]| {
        let kept = artifacts.put(ArtifactKind::Model, "application/vnd.safetensors", BTreeMap::new(), bytes);
        WeightsFile::open(&artifacts, &kept.await.expect("stored")).await.map(drop).map_err(|error| error.to_string())
    };
    let told = |length: u64| length.to_le_bytes();
    for torn in [&b""[..], b"1234567", &told(1), &told(WEIGHTS_HEADER_BYTES_MAX)] {
        assert!(open(torn).await.expect_err("refused").contains("torn"), "{torn:?}");
    }
    for huge in [WEIGHTS_HEADER_BYTES_MAX + 1, u64::MAX] {
        assert!(open(&told(huge)).await.expect_err("refused").contains("at most 16777216"), "{huge}");
    }
    let empty = [&told(2)[..], b"{}"].concat();
    assert_eq!(open(&empty).await, Ok(()), "a file without a tensor is one");
}
