//! The index that this machine's pip uses, with packages that people use.
//! Never names an index of any one machine.

use std::process::Command;

use host_base::Code;

use crate::support::Rig;

/// Where pip looks: its variable, its configuration, else what it is made for.
fn index() -> String {
    if let Ok(url) = std::env::var("PIP_INDEX_URL") {
        return url;
    }
    let asked = Command::new("python3").args(["-m", "pip", "config", "get", "global.index-url"]).output();
    let configured = asked.ok().filter(|output| output.status.success());
    let url = configured.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    url.filter(|url| !url.is_empty()).unwrap_or_else(|| "https://pypi.org/simple".to_owned())
}

#[tokio::test]
async fn what_people_use_is_had_from_the_real_index() {
    let rig = Rig::new(&[&index()]);
    let wheels = match rig.resolve(&["requests>=2.32,<3", "python-dateutil==2.9.0.post0"]).await {
        Ok(wheels) => wheels,
        Err(failure) if failure.code == Code::IndexFailed => {
            return println!("skipped: no package index is reached from here: {}", failure.message);
        }
        Err(failure) => panic!("{failure}"),
    };
    let names: Vec<&str> = wheels.iter().map(|wheel| wheel.name.as_str()).collect();
    assert_eq!(names, ["certifi", "charset-normalizer", "idna", "python-dateutil", "requests", "six", "urllib3"]);
    assert!(wheels.iter().all(|wheel| wheel.file.ends_with("-none-any.whl")), "{wheels:?}");
    for wheel in &wheels {
        let folder = rig.wheels.layer(wheel).await.unwrap();
        assert!(std::fs::read_dir(&folder).unwrap().count() > 1, "{} is empty", wheel.file);
    }
    let failure = rig.refusal(&["numpy"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("numpy-") && failure.message.contains(".whl holds native code"), "{failure}");
    let failure = rig.refusal(&["requests==2.32.3", "idna<2"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("idna"), "{failure}");
}
