//! Texts that name a form of content, and texts that name none.
//! Never looks at content.

use super::is_media_type;

#[test]
fn media_types() {
    for good in ["text/csv", "application/vnd.apache.arrow.stream", "text/html; charset=utf-8", "a/b+json"] {
        assert!(is_media_type(good), "{good}");
    }
    for bad in [
        "",
        "csv",
        "text/",
        "/csv",
        "text/csv/x",
        "text/c sv",
        "text/csv\n",
        "täxt/csv",
        &format!("a/{}", "b".repeat(300)),
    ] {
        assert!(!is_media_type(bad), "{bad}");
    }
}
