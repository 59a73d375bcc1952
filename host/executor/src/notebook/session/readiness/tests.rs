//! Whoever waits for a kernel hears of it once, whichever way it goes.

use host_base::Code;

use super::*;

fn there() -> Stage {
    let text = || "python".to_owned();
    let description = Description {
        language: text(),
        version: text(),
        media_type: text(),
        file_extension: text(),
        highlighter: text(),
        banner: text(),
    };
    Stage::There(KernelThere { description: Arc::new(description), can_save: true })
}

#[tokio::test]
async fn who_waits_is_told_when_the_kernel_is_there_and_why_it_is_not() {
    let readiness = Arc::new(Readiness::new());
    let waiting = tokio::spawn({
        let readiness = readiness.clone();
        async move { readiness.wait().await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    readiness.set(there());
    assert!(waiting.await.is_ok_and(|there| there.is_ok_and(|there| there.can_save)));
    readiness.set(Stage::Dead(Failure::new(Code::NotAComponent, "no component")));
    assert!(readiness.wait().await.is_err_and(|failure| failure.code == Code::NotAComponent));
    // A restart begins anew.
    readiness.set(Stage::Starting);
    assert!(matches!(readiness.stage(), Stage::Starting));
}
