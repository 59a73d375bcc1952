//! URLs of indexes, and what is kept to itself of them.

use url::Url;

use super::PythonIndex;

fn index(text: &str) -> PythonIndex {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_package_has_a_page() {
    for text in ["https://example.org/simple", "https://example.org/simple/", " https://example.org/simple// "] {
        assert_eq!(index(text).page("six").as_str(), "https://example.org/simple/six/");
    }
    assert_eq!(index("http://localhost:8081").page("six").as_str(), "http://localhost:8081/six/");
}

#[test]
fn a_password_is_sent_to_its_own_host_and_shown_nowhere() {
    let index = index("https://me:s%40cret@example.org/simple");
    let shown = format!("{index} {index:?} {}", index.page("six"));
    assert!(!shown.contains("cret") && !shown.contains("me:"), "{shown}");
    let credentials = |url: &str| index.credentials_for(&Url::parse(url).expect("a URL")).map(|(_, password)| password);
    assert_eq!(credentials("https://example.org/files/six.whl"), Some("s@cret"));
    for other in
        ["http://example.org/simple/six/", "https://example.org:8443/simple/six/", "https://files.example.org/six.whl"]
    {
        assert_eq!(credentials(other), None, "{other}");
    }
}

#[test]
fn what_is_no_index_is_refused_without_repeating_it() {
    for text in [
        "pypi",
        "file:///tmp/wheels",
        "https://me:secret@example.org/simple?q=1",
        "ftp://me:secret@example.org",
        "http://",
    ] {
        let Err(error) = text.parse::<PythonIndex>() else { panic!("{text} was taken") };
        assert!(!error.contains("secret"), "{error}");
    }
}
