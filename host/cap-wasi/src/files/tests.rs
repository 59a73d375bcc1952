//! Which grants of folders are well-formed.
//! Never opens a folder; the test programs do.

use super::*;

fn is_accepted(host: &str, guest: &str) -> bool {
    let grant = FileGrant { host: host.to_owned(), guest: guest.to_owned(), access: FileAccess::Read };
    check(&grant, &["/inputs/table", "/outputs"]).is_ok()
}

#[test]
fn absolute_paths_are_accepted() {
    assert!(is_accepted("/srv/data", "/data"));
    assert!(is_accepted("/srv/data/", "/inputs2/"));
    assert!(is_accepted("/srv/data", "/inputs/other"));
}

#[test]
fn others_are_refused() {
    for (host, guest) in [
        ("srv/data", "/data"),
        ("", "/data"),
        ("/srv/../etc", "/data"),
        ("/srv/data", "data"),
        ("/srv/data", "/../data"),
        ("/srv/data", "/inputs"),
        ("/srv/data", "/inputs/table"),
        ("/srv/data", "/outputs/"),
        ("/srv/data", "/"),
    ] {
        assert!(!is_accepted(host, guest), "{host} as {guest}");
    }
}
