//! Indexes and wheels that are wrong on purpose. None gets more than a refusal.

use host_base::Code;
use registry_oci::Digest;
use serde_json::json;

use crate::index::{Index, Reply};
use crate::support::{Rig, archive, list, listed, publish, publish_bytes, wheel};

#[tokio::test]
async fn other_bytes_than_promised_are_not_kept() {
    let index = Index::start().await;
    let (file, promised) = ("alpha-1-py3-none-any.whl", wheel("alpha", "1", &[]));
    let mut described = listed(file, &promised);
    described["core-metadata"] = json!(true);
    index.put("/simple/alpha/", list(&[described]));
    index.put(&format!("/files/{file}.metadata"), Reply::File(b"Name: alpha\n".to_vec()));
    let other = wheel("alpha", "2", &[]);
    index.put(&format!("/files/{file}"), Reply::File(other.clone()));
    let rig = Rig::new(&[&index.simple()]);
    let wheels = rig.resolve(&["alpha"]).await.unwrap();
    let failure = rig.wheels.layer(&wheels[0]).await.unwrap_err();
    assert_eq!(failure.code, Code::DigestMismatch);
    assert!(failure.message.contains(file), "{failure}");
    assert_eq!(rig.blobs.list().await.unwrap(), []);
    assert_eq!(rig.layers(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn other_metadata_than_promised_are_not_believed() {
    let index = Index::start().await;
    let (file, bytes) = ("alpha-1-py3-none-any.whl", wheel("alpha", "1", &[]));
    let mut described = listed(file, &bytes);
    described["core-metadata"] = json!({ "sha256": Digest::sha256(b"promised").hex() });
    index.put("/simple/alpha/", list(&[described]));
    index.put(&format!("/files/{file}.metadata"), Reply::File(b"Requires-Dist: evil\n".to_vec()));
    let failure = Rig::new(&[&index.simple()]).refusal(&["alpha"], Code::DigestMismatch).await;
    assert!(failure.message.contains("alpha-1-py3-none-any.whl.metadata"), "{failure}");
}

/// Publishes a wheel of these files beside its metadata, and says how unpacking it is refused.
async fn refused_layer(files: &[(&str, &[u8])], change: impl FnOnce(&mut host_wheels::WheelsConfig)) -> String {
    let index = Index::start().await;
    let mut all = vec![("alpha-1.dist-info/METADATA", &b"Name: alpha\n"[..])];
    all.extend(files);
    let mut bytes = archive(&all);
    // The crate that writes archives in these tests does not write such names by itself.
    for (from, to) in [("up/evil.py", "../evil.py")] {
        while let Some(at) = bytes.windows(from.len()).position(|window| window == from.as_bytes()) {
            bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
    }
    publish_bytes(&index, "alpha", "1", bytes);
    let rig = Rig::with(&[&index.simple()], change);
    let wheels = rig.resolve(&["alpha"]).await.unwrap();
    let failure = rig.wheels.layer(&wheels[0]).await.unwrap_err();
    assert_eq!(failure.code, Code::PackageNotUsable, "{failure}");
    assert!(failure.message.contains("alpha-1-py3-none-any.whl"), "{failure}");
    assert_eq!(rig.layers(), Vec::<std::path::PathBuf>::new(), "something is left");
    let beside = std::fs::read_dir(rig.folder.path()).unwrap().count();
    assert_eq!(beside, 1, "something was written beside the folder");
    failure.message
}

#[tokio::test]
async fn a_wheel_does_not_write_beside_its_folder() {
    let message = refused_layer(&[("up/evil.py", b"evil")], |_| {}).await;
    assert!(message.contains("../evil.py") && message.contains("no path below"), "{message}");
}

#[tokio::test]
async fn a_wheel_does_not_fill_the_disk() {
    let zeros = vec![0; 4 << 20];
    let message = refused_layer(&[("big.py", &zeros)], |config| config.unpacked_bytes_max = 1 << 20).await;
    assert!(message.contains("unpacked_bytes_max = 1048576"), "{message}");
    let names: Vec<String> = (0..100).map(|number| format!("{number}.py")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let message = refused_layer(&files, |config| config.entries_max = 100).await;
    assert!(message.contains("101 files, more than entries_max = 100"), "{message}");
}

#[tokio::test]
async fn a_wheel_of_another_package_is_passed_over() {
    let index = Index::start().await;
    publish_bytes(&index, "alpha", "1", wheel("other", "1", &[]));
    let failure = Rig::new(&[&index.simple()]).refusal(&["alpha"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("no METADATA of its package"), "{failure}");
}

#[tokio::test]
async fn native_code_and_source_are_refused_by_their_names() {
    let index = Index::start().await;
    let (native, source) = ("alpha-2.0-cp314-cp314-manylinux_2_28_x86_64.whl", "beta-2.0.tar.gz");
    index.put("/simple/alpha/", list(&[listed(native, b""), listed("alpha-2.0.tar.gz", b"")]));
    index.put("/simple/beta/", list(&[listed(source, b"")]));
    let rig = Rig::new(&[&index.simple()]);
    let failure = rig.refusal(&["alpha"], Code::PackageNotUsable).await;
    assert!(failure.message.contains(native), "{failure}");
    assert!(failure.hint.unwrap().contains("-none-any.whl"));
    assert!(rig.refusal(&["beta"], Code::PackageNotUsable).await.message.contains(source));
    assert!(rig.refusal(&["gamma"], Code::PackageNotUsable).await.message.contains(&index.simple()));
}

#[tokio::test]
async fn what_is_no_requirement_is_named_with_all_others() {
    let rig = Rig::new(&["https://example.org/simple"]);
    let texts = ["-r requirements.txt", "./local", "a @ file:///etc/passwd", "fine"].map(str::to_owned);
    let failures = rig.wheels.resolve(&texts, &[]).await.unwrap_err();
    let told: Vec<&str> = failures.iter().map(|failure| failure.message.as_str()).collect();
    assert!(told.len() >= 2 && told[0].contains("-r requirements.txt") && told[1].contains("./local"), "{told:?}");
    let failure = rig.refusal(&["a @ file:///etc/passwd"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("`a"), "{failure}");
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_said_to_be_none() {
    let index = Index::start().await;
    index.put("/simple/alpha/", Reply::Html);
    index.put("/simple/beta/", Reply::List("{".to_owned()));
    index.put("/simple/gamma/", Reply::Status(403));
    let rig = Rig::new(&[&index.simple()]);
    for (name, part) in [("alpha", "text/html"), ("beta", "EOF"), ("gamma", "403")] {
        let failure = rig.refusal(&[name], Code::IndexFailed).await;
        assert!(failure.message.contains(part) && !failure.retryable, "{failure}");
        assert!(failure.hint.unwrap().contains("PEP 691"));
    }
}

#[tokio::test]
async fn redirects_are_followed_and_come_to_an_end() {
    let index = Index::start().await;
    index.put("/old/alpha/", Reply::Redirect("/simple/alpha/".to_owned()));
    publish(&index, "alpha", "1", &[]);
    let rig = Rig::new(&[&format!("{}/old", index.url)]);
    let wheels = rig.resolve(&["alpha"]).await.unwrap();
    rig.wheels.layer(&wheels[0]).await.unwrap();
    index.put("/old/beta/", Reply::Redirect("/old/beta/".to_owned()));
    let failure = rig.refusal(&["beta"], Code::IndexFailed).await;
    assert!(failure.message.contains("without end"), "{failure}");
}
