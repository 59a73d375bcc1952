//! Workspaces come and go with their runs.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use host_base::RunId;

use super::Workspaces;

#[tokio::test]
async fn a_workspace_is_gone_with_its_run_and_after_a_crash_with_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let workspaces = Workspaces::under(home.path());
    let runs: Vec<RunId> = (0..3).map(|number| RunId::new(number, u128::from(number))).collect();
    workspaces.keep_only(&[]).await;
    let mut folders = Vec::new();
    for run in &runs {
        folders.push(workspaces.of(run).await.unwrap());
    }
    std::fs::write(folders[0].join("note"), "kept").unwrap();
    assert_eq!(workspaces.of(&runs[0]).await.unwrap(), folders[0]);
    assert!(folders[0].join("note").exists(), "the second step finds what the first wrote");
    workspaces.remove(&runs[0]).await;
    workspaces.remove(&runs[0]).await;
    assert!(!folders[0].exists());
    workspaces.keep_only(&runs[2..]).await;
    assert!(!folders[1].exists() && folders[2].exists());
}
