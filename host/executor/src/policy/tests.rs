//! What a policy allows and refuses, as rows.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

fn http(allowed: &[&str], asked: &str) -> bool {
    let policy = Policy { http_hosts: allowed.iter().map(ToString::to_string).collect(), ..Policy::default() };
    policy.check("load", &Grants { http: vec![asked.to_owned()], ..Grants::default() }).is_ok()
}

#[test]
fn hosts_are_allowed_by_name_port_and_domain() {
    let rows: [(&[&str], &str, bool); 10] = [
        (&[], "example.org", false),
        (&["example.org"], "example.org", true),
        (&["example.org"], "EXAMPLE.org:8443", true),
        (&["example.org:443"], "example.org", false),
        (&["example.org:443"], "example.org:443", true),
        (&["*.example.org"], "data.example.org", true),
        (&["*.example.org"], "example.org", false),
        (&["*.example.org"], "badexample.org", false),
        (&["*"], "*.example.org", true),
        (&["data.example.org"], "*.example.org", false),
    ];
    for (allowed, asked, expected) in rows {
        assert_eq!(http(allowed, asked), expected, "{allowed:?} asked for {asked}");
    }
}

#[test]
fn folders_are_allowed_with_all_below_them_but_links_do_not_lead_out() {
    let home = tempfile::tempdir().unwrap();
    let inside = home.path().join("data/sub");
    let outside = home.path().join("secret");
    std::fs::create_dir_all(&inside).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
    let policy = Policy { read_folders: vec![home.path().join("data")], ..Policy::default() };
    let check = |folder: PathBuf, access| {
        let grant = FileGrant { host: folder.to_string_lossy().into_owned(), guest: "/data".to_owned(), access };
        policy.check("load", &Grants { files: vec![grant], ..Grants::default() }).is_ok()
    };
    assert!(check(home.path().join("data"), FileAccess::Read));
    assert!(check(inside.clone(), FileAccess::Read));
    assert!(!check(inside.clone(), FileAccess::ReadWrite));
    assert!(!check(outside, FileAccess::Read));
    assert!(!check(inside.join("link"), FileAccess::Read));
    assert!(!check(inside.join("../../secret"), FileAccess::Read));
    assert!(!check(PathBuf::from("data"), FileAccess::Read));
}

#[test]
fn a_refusal_names_the_step_the_grant_and_the_flag() {
    let grants = Grants { http: vec!["example.org".to_owned()], ..Grants::default() };
    let failure = Policy::default().check("load", &grants).unwrap_err();
    assert_eq!(failure.code, Code::GrantNotAllowed);
    assert!(failure.message.contains("`load`") && failure.message.contains("`example.org`"), "{failure}");
    assert!(failure.hint.unwrap().contains("--allow-http example.org"));
}
