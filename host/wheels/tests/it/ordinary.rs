//! What an index and a node do for each other on a good day, and what a node does not allow.

use std::time::Duration;

use host_base::Code;
use registry_oci::Digest;
use serde_json::json;

use crate::index::{Index, Reply};
use crate::support::{Rig, list, listed, publish, wheel};

#[tokio::test]
async fn packages_are_resolved_fetched_once_and_unpacked() {
    let index = Index::start().await;
    publish(&index, "alpha", "1.2", &["beta>=1"]);
    let (file, bytes) = ("beta-3.0-py3-none-any.whl", wheel("beta", "3.0", &["gamma; extra == 'more'"]));
    let text = "Name: beta\n";
    let mut described = listed(file, &bytes);
    described["core-metadata"] = json!({ "sha256": Digest::sha256(text.as_bytes()).hex() });
    index.put("/simple/beta/", list(&[described]));
    index.put(&format!("/files/{file}.metadata"), Reply::File(text.as_bytes().to_vec()));
    index.put(&format!("/files/{file}"), Reply::File(bytes.clone()));

    let rig = Rig::new(&[&index.simple()]);
    let wheels = rig.resolve(&["Alpha", "kfp==2.14.0", "nothing; sys_platform == 'win32'"]).await.unwrap();
    let names: Vec<(&str, &str)> = wheels.iter().map(|wheel| (wheel.name.as_str(), wheel.version.as_str())).collect();
    assert_eq!(names, [("alpha", "1.2"), ("beta", "3.0")]);
    assert_eq!((wheels[1].file.as_str(), &wheels[1].digest), (file, &Digest::sha256(&bytes)));
    assert_eq!(wheels[1].url, format!("{}/files/{file}", index.url));

    let folder = rig.wheels.layer(&wheels[1]).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("beta/__init__.py")).unwrap(), "VERSION = '3.0'\n");
    assert_eq!(rig.blobs.size_bytes(&wheels[1].digest).await.unwrap(), Some(bytes.len() as u64));
    let before = index.asked().len();
    assert_eq!(rig.wheels.layer(&wheels[1]).await.unwrap(), folder);
    rig.resolve(&["alpha", "kfp==2.14.0"]).await.unwrap();
    assert_eq!(index.asked().len(), before, "what is known is not asked again");
    // What was unpacked may be deleted while no node runs; the wheel itself is kept.
    std::fs::remove_dir_all(&folder).unwrap();
    index.stop();
    rig.wheels.layer(&wheels[1]).await.unwrap();
}

#[tokio::test]
async fn many_at_once_fetch_a_wheel_once() {
    let index = Index::start().await;
    publish(&index, "alpha", "1", &[]);
    let rig = Rig::new(&[&index.simple()]);
    let wheel = rig.resolve(&["alpha"]).await.unwrap().remove(0);
    let made: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let (wheels, wheel) = (rig.wheels.clone(), wheel.clone());
                async move { wheels.layer(&wheel).await }
            })
        })
        .collect();
    for made in made {
        made.await.unwrap().unwrap();
    }
    assert_eq!(rig.layers().len(), 1);
}

#[tokio::test]
async fn the_first_index_that_has_a_package_decides() {
    let (own, public) = (Index::start().await, Index::start().await);
    publish(&own, "alpha", "1", &["beta"]);
    publish(&public, "alpha", "99", &[]);
    publish(&public, "beta", "2", &[]);
    let rig = Rig::new(&[&own.simple(), &public.simple()]);
    let both = [own.simple(), format!("{}/", public.simple())];
    let wheels = rig.resolve_from(&["alpha"], &[&both[0], &both[1]]).await.unwrap();
    let versions: Vec<&str> = wheels.iter().map(|wheel| wheel.version.as_str()).collect();
    assert_eq!(versions, ["1", "2"]);
    let failure = rig.refusal(&["alpha"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("`beta`, which alpha 1 asks for"), "{failure}");
}

#[tokio::test]
async fn only_allowed_indexes_are_asked() {
    let index = Index::start().await;
    publish(&index, "alpha", "1", &[]);
    let failure = Rig::new(&[]).refusal(&["alpha>=1"], Code::GrantNotAllowed).await;
    assert!(failure.message.contains("alpha>=1"), "{failure}");
    assert!(failure.hint.unwrap().contains("sandmill up --python-index"));
    assert_eq!(Rig::new(&[]).resolve(&["kfp==2.17.0"]).await.unwrap(), [], "the SDK needs no index");

    let rig = Rig::new(&["https://allowed.example.org/simple"]);
    let failure = rig.resolve_from(&["alpha"], &["https://me:secret@other.example.org/simple"]).await.unwrap_err();
    assert_eq!(failure.code, Code::GrantNotAllowed);
    assert!(failure.to_string().contains("https://other.example.org/simple"), "{failure}");
    assert!(!failure.to_string().contains("secret"), "{failure}");
    assert_eq!(index.asked(), []);
}

#[tokio::test]
async fn a_password_goes_to_its_index_and_nowhere_else() {
    let (index, elsewhere) = (Index::start().await, Index::start().await);
    let (file, bytes) = ("alpha-1-py3-none-any.whl", wheel("alpha", "1", &[]));
    let mut listed = listed(file, &bytes);
    listed["url"] = json!(format!("{}/files/{file}", elsewhere.url));
    index.put("/simple/alpha/", list(&[listed]));
    elsewhere.put(&format!("/files/{file}"), Reply::File(bytes));
    let rig = Rig::new(&[&index.simple().replace("http://", "http://me:secret@")]);
    let wheels = rig.resolve(&["alpha"]).await.unwrap();
    rig.wheels.layer(&wheels[0]).await.unwrap();
    // `me:secret` in Base64.
    assert_eq!(index.asked(), [("/simple/alpha/".to_owned(), Some("Basic bWU6c2VjcmV0".to_owned()))]);
    assert_eq!(elsewhere.asked(), [(format!("/files/{file}"), None)]);
    assert!(!format!("{wheels:?}").contains("secret"));
}

#[tokio::test]
async fn an_index_that_stumbles_is_asked_again_and_one_that_is_away_is_remembered() {
    let index = Index::start().await;
    index.put("/simple/alpha/", Reply::Status(503));
    publish(&index, "alpha", "1", &[]);
    let rig = Rig::with(&[&index.simple()], |config| config.resolution_kept_millis = 0);
    let wheels = rig.resolve(&["alpha"]).await.unwrap();
    index.stop();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(rig.resolve(&["alpha"]).await.unwrap(), wheels);
    let failure = rig.refusal(&["beta"], Code::IndexFailed).await;
    assert!(failure.retryable, "{failure}");
}

#[tokio::test]
async fn what_was_left_half_done_is_deleted_and_so_is_the_oldest() {
    let folder = tempfile::tempdir().unwrap();
    let layers = folder.path().join("packages");
    for name in ["making-x", "a", "b", "c"] {
        std::fs::create_dir_all(layers.join(name)).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut config = host_wheels::WheelsConfig::under(folder.path());
    config.layers_max = 2;
    let blobs = std::sync::Arc::new(registry_cas::MemoryBlobs::new(1 << 20));
    host_wheels::Wheels::new(config, Vec::new(), blobs).unwrap();
    let mut left: Vec<_> = std::fs::read_dir(&layers).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["b", "c"]);
}
