//! What holds for each parser, whatever it is given: it ends, and what it took it takes again as it writes it.
//! Never compares errors: their words may change.

use host_artifacts::WeightsHeader;
use host_pipeline::condition::Expression;
use registry_oci::{Digest, Manifest, Reference, canonical_json};
use registry_signing::{Envelope, PublicKey, Statement};
use sdk_spec::{Pipeline, Policy, TrainJob, kfp, reference as template, trainer};

pub(crate) fn manifest(bytes: &[u8]) {
    let Ok(manifest) = Manifest::parse(bytes, None) else { return };
    let written = match &manifest {
        Manifest::Image(image) => canonical_json(image),
        Manifest::Index(index) => canonical_json(index),
    };
    let again = Manifest::parse(&written, Some(manifest.media_type()));
    assert_eq!(again.ok(), Some(manifest), "written as {}", String::from_utf8_lossy(&written));
}

pub(crate) fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(reference) = text.parse::<Reference>() else { return };
    let written = reference.to_string();
    assert_eq!(written.parse::<Reference>().ok(), Some(reference.clone()), "written as {written}");
    assert!(!reference.repository().split('/').any(|part| part.is_empty() || part == ".."), "{written}");
}

pub(crate) fn digest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(digest) = text.parse::<Digest>() else { return };
    assert_eq!(digest.to_string(), text);
    assert!(digest.hex().bytes().all(|byte| byte.is_ascii_hexdigit()), "it is the name of a file");
}

pub(crate) fn envelope(bytes: &[u8]) {
    if let Ok(envelope) = Envelope::parse(bytes) {
        assert!(envelope.open(std::iter::empty::<&PublicKey>()).is_err(), "nobody vouches for it");
    }
    let _ = Statement::parse(bytes);
}

pub(crate) fn public_key(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(key) = PublicKey::from_pem(text) else { return };
    assert_eq!(PublicKey::from_pem(text).map(|again| again.fingerprint()).ok(), Some(key.fingerprint()));
}

pub(crate) fn pipeline(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Pipeline::parse(text) {
        Ok(pipeline) => {
            let written = serde_json::to_string(&pipeline).unwrap_or_default();
            assert_eq!(Pipeline::parse(&written).ok(), Some(pipeline), "written as {written}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

pub(crate) fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(policy) = Policy::parse(text) else { return };
    let written = serde_json::to_string(&policy).unwrap_or_default();
    assert_eq!(Policy::parse(&written).ok(), Some(policy), "written as {written}");
}

pub(crate) fn train_job(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(job) = TrainJob::parse(text) else { return };
    let written = serde_json::to_string(&job).unwrap_or_default();
    assert_eq!(TrainJob::parse(&written).ok(), Some(job), "written as {written}");
}

pub(crate) fn training_manifest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = trainer::is_manifest(text);
    let Ok(converted) = trainer::convert(text) else { return };
    let written = converted.job.to_yaml();
    assert_eq!(TrainJob::parse(&written).ok(), Some(converted.job), "written as {written}");
}

pub(crate) fn compiled_pipeline(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = kfp::is_package(text);
    let Ok(package) = kfp::Package::parse(text) else { return };
    let written = serde_json::to_value(&package).unwrap_or_default();
    assert!(kfp::Package::from_json(&written).is_ok(), "written as {written}");
}

pub(crate) fn condition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(expression) = Expression::parse(text) {
        let _ = expression.parameters();
    }
}

pub(crate) fn template(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = template::parse(text);
}

pub(crate) fn component(bytes: &[u8]) {
    let _ = host_runtime::interface::interface(bytes);
    let _ = host_runtime::wit_package::decode_package(bytes);
}

/// The first eight bytes say how much content stands behind the header, which is the rest.
pub(crate) fn weights_header(bytes: &[u8]) {
    let Some((content_bytes, header)) = bytes.split_first_chunk() else { return };
    let content_bytes = u64::from_le_bytes(*content_bytes);
    let Ok(header) = WeightsHeader::read(header, content_bytes) else { return };
    let mut end_before = 0;
    for (name, info) in header.in_order() {
        assert_eq!(info.data_offsets.0, end_before, "`{name}` overlaps, or leaves a gap");
        end_before = info.data_offsets.1;
    }
    assert_eq!(end_before as u64, content_bytes);
    let Ok(written) = header.to_bytes() else { return };
    let again = WeightsHeader::read(&written[8..], content_bytes).map(|header| header.to_bytes().ok());
    assert_eq!(again.ok(), Some(Some(written)));
}
