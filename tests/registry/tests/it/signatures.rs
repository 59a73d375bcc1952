//! Signatures at our registry and at Debian's, which has no referrers API, and with real cosign and skopeo.
//! Never counts a signature as good because it is there: each test holds it against a key.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use registry_client::{RegistryClient, SignatureScheme};
use registry_oci::{Descriptor, Reference};
use registry_signing::{AnySignature, PrivateKey, PublicKey, Signature, signature_tag};

use crate::docker::DockerRegistry;
use crate::kit::*;

async fn pushed(client: &RegistryClient, name: &Reference) -> Descriptor {
    client.push_component(name, content(10_000).into(), &description()).await.unwrap();
    client.describe(name).await.unwrap()
}

async fn sign(client: &RegistryClient, name: &Reference, key: &PrivateKey, scheme: SignatureScheme) {
    let manifest = client.describe(name).await.unwrap();
    let signature = Signature::make(key, name.repository(), &manifest.digest, &BTreeMap::new()).unwrap();
    client.push_signature(name, &manifest, &signature, scheme).await.unwrap();
}

fn vouched(signatures: &[AnySignature], manifest: &Descriptor, key: &PublicKey) -> usize {
    signatures.iter().filter(|signature| signature.signer(&manifest.digest, [key]).is_ok()).count()
}

async fn both_schemes_at(registry: &str) {
    let client = client(registry);
    let name = reference(&format!("{registry}/acme/train:1.0"));
    let manifest = pushed(&client, &name).await;
    assert!(client.signatures(&name, &manifest.digest).await.unwrap().is_empty());

    let (first, second) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    sign(&client, &name, &first, SignatureScheme::Tag).await;
    sign(&client, &name, &second, SignatureScheme::Tag).await;
    sign(&client, &name, &second, SignatureScheme::Referrer).await;
    let found = client.signatures(&name, &manifest.digest).await.unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(vouched(&found, &manifest, &first.public_key()), 1);
    assert_eq!(vouched(&found, &manifest, &second.public_key()), 2);
    assert_eq!(vouched(&found, &manifest, &PrivateKey::generate().unwrap().public_key()), 0);

    let referrers = client.referrers(&name, &manifest.digest).await.unwrap();
    let types: Vec<&str> = referrers.iter().filter_map(|referrer| referrer.artifact_type.as_deref()).collect();
    assert_eq!(types, ["application/vnd.dev.cosign.artifact.sig.v1+json"]);
    assert!(client.list_tags(&name).await.unwrap().contains(&signature_tag(&manifest.digest)));

    // The signature of one component says nothing about another.
    let other = reference(&format!("{registry}/acme/train:2.0"));
    client.push_component(&other, content(9_999).into(), &description()).await.unwrap();
    let other = client.describe(&other).await.unwrap();
    assert!(client.signatures(&name, &other.digest).await.unwrap().is_empty());
    assert_eq!(vouched(&found, &other, &first.public_key()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_schemes_work_at_our_registry() {
    let registry = OurRegistry::start().await;
    both_schemes_at(&registry.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_schemes_work_where_the_registry_has_no_referrers() {
    let Some(registry) = DockerRegistry::start().await else { return };
    both_schemes_at(&registry.address).await;
    // The list is a tag there, as the specification has it for such registries.
    let client = client(&registry.address);
    let name = reference(&format!("{}/acme/train:1.0", registry.address));
    let manifest = client.describe(&name).await.unwrap();
    let tag = manifest.digest.to_string().replace(':', "-");
    assert!(client.list_tags(&name).await.unwrap().contains(&tag));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_changed_at_the_registry_vouches_for_nothing() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let name = reference("acme/train:1.0");
    let manifest = pushed(&client, &name).await;
    let (key, stranger) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    // Whoever may push can put a foreign signature, or one over another manifest, under the right tag.
    let elsewhere = Descriptor::of(&manifest.media_type, b"another manifest");
    for (key, over) in [(&stranger, &manifest), (&key, &elsewhere)] {
        let signature = Signature::make(key, "acme/train", &over.digest, &BTreeMap::new()).unwrap();
        client.push_signature(&name, &manifest, &signature, SignatureScheme::Tag).await.unwrap();
    }
    let found = client.signatures(&name, &manifest.digest).await.unwrap();
    assert_eq!((found.len(), vouched(&found, &manifest, &key.public_key())), (2, 0));
}

/// Without cosign these are skipped: it comes as one static program from its project's releases.
fn cosign(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let run = Command::new("cosign")
        .args(arguments)
        .current_dir(folder)
        .env("COSIGN_PASSWORD", "password")
        .env("HOME", folder)
        .output();
    match run {
        Ok(output) => Some(output),
        Err(_) => {
            skipped("cosign is not on the path");
            None
        }
    }
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cosign_reads_our_keys_and_verifies_our_signatures() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let name = reference(&format!("{}/acme/train:1.0", registry.address));
    let manifest = pushed(&client, &name).await;
    let key = PrivateKey::generate().unwrap();
    sign(&client, &name, &key, SignatureScheme::Tag).await;
    sign(&client, &name, &key, SignatureScheme::Referrer).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("our.pub"), key.public_key().to_pem()).unwrap();
    std::fs::write(folder.path().join("our.key"), key.to_encrypted_pem(b"password").unwrap()).unwrap();
    let pinned = name.with_digest(manifest.digest.clone()).to_string();

    let verify = ["verify", "--key", "our.pub", "--insecure-ignore-tlog", "--allow-http-registry", &pinned];
    let Some(verified) = cosign(folder.path(), &verify) else { return };
    succeeded(&verified);
    succeeded(&cosign(folder.path(), &[&verify[..], &["--experimental-oci11"]].concat()).unwrap());
    // The other half of our key file, as cosign reads it, is the same key.
    let public = cosign(folder.path(), &["public-key", "--key", "our.key"]).unwrap();
    succeeded(&public);
    assert_eq!(PublicKey::from_pem(&String::from_utf8_lossy(&public.stdout)).unwrap(), key.public_key());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signatures_and_keys_of_cosign_are_read() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let name = reference(&format!("{}/acme/train:1.0", registry.address));
    let manifest = pushed(&client, &name).await;
    let folder = tempfile::tempdir().unwrap();
    let Some(generated) = cosign(folder.path(), &["generate-key-pair"]) else { return };
    succeeded(&generated);
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    let public = PublicKey::from_pem(&read("cosign.pub")).unwrap();
    assert_eq!(PrivateKey::from_pem(&read("cosign.key"), Some(b"password")).unwrap().public_key(), public);

    let pinned = name.clone().with_digest(manifest.digest.clone()).to_string();
    let sign = ["sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes"];
    let schemes: [&[&str]; 2] = [&[], &["--registry-referrers-mode=oci-1-1"]];
    for (before, scheme) in schemes.into_iter().enumerate() {
        let output = Command::new("cosign")
            .args(sign)
            .args(scheme)
            .arg(&pinned)
            .current_dir(folder.path())
            .env("COSIGN_PASSWORD", "password")
            .env("COSIGN_EXPERIMENTAL", "1")
            .env("HOME", folder.path())
            .output()
            .unwrap();
        succeeded(&output);
        let found = client.signatures(&name, &manifest.digest).await.unwrap();
        assert!(vouched(&found, &manifest, &public) > before, "{scheme:?}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_survives_a_copy_by_skopeo() {
    let (from, to) = (OurRegistry::start().await, OurRegistry::start().await);
    let client = client(&from.address);
    let name = reference(&format!("{}/acme/train:1.0", from.address));
    let manifest = pushed(&client, &name).await;
    let key = PrivateKey::generate().unwrap();
    sign(&client, &name, &key, SignatureScheme::Tag).await;
    for tag in ["1.0".to_owned(), signature_tag(&manifest.digest)] {
        let place = |registry: &OurRegistry| format!("docker://{}/acme/train:{tag}", registry.address);
        let copy = Command::new("skopeo")
            .args([
                "copy",
                "--insecure-policy",
                "--preserve-digests",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
            ])
            .args([place(&from), place(&to)])
            .output();
        let Ok(copy) = copy else { return skipped("skopeo is not installed (apt-get install skopeo)") };
        succeeded(&copy);
    }
    let copied = reference(&format!("{}/acme/train:1.0", to.address));
    assert_eq!(client.describe(&copied).await.unwrap().digest, manifest.digest);
    let found = client.signatures(&copied, &manifest.digest).await.unwrap();
    assert_eq!(vouched(&found, &manifest, &key.public_key()), 1);
    assert_eq!(client.resolve(&copied).await.unwrap().manifest_digest, manifest.digest);
}
