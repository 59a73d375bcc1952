//! Artifacts name their type and their subject, and are the same for the same content.

use super::*;
use crate::{Digest, Manifest};

#[test]
fn an_artifact_names_its_type_and_its_subject() {
    let mut subject = Descriptor::of(media_types::IMAGE_MANIFEST, b"subject");
    let layer = Descriptor::of("text/csv", b"content");
    let make = |subject: &Descriptor| package_artifact("application/x", vec![layer.clone()], Some(subject), [].into());
    let package = make(&subject);
    subject.artifact_type = Some("as a list has it".to_owned());
    assert_eq!(package, make(&subject));
    assert_eq!(package.manifest.digest, Digest::sha256(&package.manifest_bytes));
    assert_eq!(package.config.digest, Digest::sha256(&package.config_bytes));
    let Ok(Manifest::Image(image)) = Manifest::parse(&package.manifest_bytes, None) else { panic!("no image") };
    assert_eq!(image.subject.map(|subject| (subject.digest, subject.artifact_type)), Some((subject.digest, None)));
    assert_eq!(image.artifact_type.as_deref(), Some("application/x"));
    assert_eq!(image.layers, [layer]);
}
