//! Rules at their edges, tokens that end or were changed, files of users that change.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use axum::http::HeaderValue;

use super::*;

/// Cheap on purpose: tests hash often.
const COST: u32 = 4;

fn repository(name: &str) -> Repository {
    Repository::parse(name).unwrap()
}

fn wanted(name: &str, action: Action) -> Wanted {
    Wanted { repository: repository(name), action }
}

fn users(folder: &tempfile::TempDir, pairs: &[(&str, &str)]) -> PasswordFile {
    let path = folder.path().join("users");
    let lines = pairs.iter().map(|(user, password)| format!("{user}:{}\n", bcrypt::hash(password, COST).unwrap()));
    std::fs::write(&path, format!("# users\n\n{}", lines.collect::<String>())).unwrap();
    PasswordFile::open(path).unwrap()
}

fn basic(user: &str, password: &str) -> HeaderMap {
    let value = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(&value).unwrap())])
}

fn bearer(token: &str) -> HeaderMap {
    let value = format!("Bearer {token}");
    HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(&value).unwrap())])
}

#[test]
fn patterns_know_parts() {
    let cases = [
        ("**", "a/b/c", true),
        ("team/**", "team/a/b", true),
        ("team/**", "team", true),
        ("team/**", "teams/a", false),
        ("team/*", "team/a", true),
        ("team/*", "team/a/b", false),
        ("*-model", "my-model", true),
        ("*-model", "my-models", false),
        ("a*b*c", "axxbyyc", true),
        ("a*b*c", "acb", false),
        ("**/model", "x/y/model", true),
        ("**/model", "x/y/other", false),
        ("a", "a/b", false),
    ];
    for (pattern, name, expected) in cases {
        assert_eq!(
            RepositoryPattern::try_from(pattern.to_owned()).unwrap().matches(name),
            expected,
            "{pattern} {name}"
        );
    }
    for pattern in ["", "/a", "a//b", "A", "a***", "a**", "a b", "../a\u{e9}"] {
        assert!(RepositoryPattern::try_from(pattern.to_owned()).is_err(), "{pattern}");
    }
}

#[tokio::test]
async fn the_usual_rules_let_everybody_pull_and_users_push() {
    let folder = tempfile::tempdir().unwrap();
    let config = AccessConfig { users: Some(users(&folder, &[("ann", "secret")])), ..AccessConfig::default() };
    let (access, uri) = (Access::new(config, false).unwrap(), Uri::from_static("/v2/a/tags/list"));
    let ann = access.caller(&uri, &basic("ann", "secret")).await.unwrap();
    assert_eq!(ann, Caller::User("ann".to_owned()));
    for (caller, action, expected) in [
        (&Caller::Anonymous, Action::Pull, true),
        (&Caller::Anonymous, Action::Push, false),
        (&Caller::Anonymous, Action::Delete, false),
        (&ann, Action::Push, true),
        (&ann, Action::Delete, true),
    ] {
        assert_eq!(access.may(caller, &wanted("a/b", action)), expected, "{caller:?} {action}");
    }
    assert_eq!(access.caller(&uri, &basic("", "")).await.unwrap(), Caller::Anonymous);
    for headers in [basic("ann", "wrong"), basic("", "secret"), basic("bob", "secret"), basic("ann", ""), bearer("x.y")]
    {
        assert!(access.caller(&uri, &headers).await.is_err(), "{headers:?}");
    }
}

#[tokio::test]
async fn a_token_grants_what_the_rules_allow_of_what_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |who, pattern: &str, may: &[Action]| Rule {
        who,
        repositories: vec![RepositoryPattern::try_from(pattern.to_owned()).unwrap()],
        may: may.to_vec(),
    };
    let rules = vec![
        rule(Who::Named(vec!["ann".to_owned()]), "team/**", &[Action::Pull, Action::Push]),
        rule(Who::Users, "shared", &[Action::Pull]),
    ];
    let users = Some(users(&folder, &[("ann", "secret"), ("bob", "hidden")]));
    let access = Access::new(AccessConfig { users, rules, ..AccessConfig::default() }, false).unwrap();
    let uri = Uri::from_static("/token");
    let scopes = ["repository:team/x:pull,push,delete repository:shared:*", "registry:catalog:*"];
    let answer = access.issue(&uri, &basic("ann", "secret"), scopes.into_iter()).await.unwrap();
    let holder = access.caller(&uri, &bearer(&answer.token)).await.unwrap();
    for (name, action, expected) in [
        ("team/x", Action::Pull, true),
        ("team/x", Action::Push, true),
        ("team/x", Action::Delete, false),
        ("team/y", Action::Pull, false),
        ("shared", Action::Pull, true),
        ("shared", Action::Push, false),
    ] {
        assert_eq!(access.may(&holder, &wanted(name, action)), expected, "{name} {action}");
    }
    // Another token would do for team/y; for pushing to shared there is none.
    let headers = HeaderMap::new();
    let refusal = access.check(&uri, &headers, &holder, &wanted("team/y", Action::Push)).unwrap_err();
    assert!(format!("{refusal:?}").contains("insufficient_scope"), "{refusal:?}");
    let refusal = access.check(&uri, &headers, &holder, &wanted("shared", Action::Push)).unwrap_err();
    assert!(format!("{refusal:?}").contains("Denied"), "{refusal:?}");
    // A token is no way to another one, and nobody gets one of another's.
    assert!(access.issue(&uri, &bearer(&answer.token), scopes.into_iter()).await.is_err());
    let bobs = access.issue(&uri, &basic("bob", "hidden"), scopes.into_iter()).await.unwrap();
    let bob = access.caller(&uri, &bearer(&bobs.token)).await.unwrap();
    assert!(!access.may(&bob, &wanted("team/x", Action::Pull)));
}

#[test]
fn changed_foreign_and_ended_tokens_are_not_opened() {
    let tokens = Tokens::new(Duration::from_secs(60)).unwrap();
    let granted = Granted::new(Some("ann".to_owned()), Vec::new());
    let token = tokens.seal(&granted).token;
    assert_eq!(tokens.open(&token).unwrap().user(), Some("ann"));
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // The last digit of a hash has bits that mean nothing, and a decoder may refuse or take those.
        if at + 1 < token.len() {
            assert!(tokens.open(&changed).is_none(), "changed at {at}");
        }
    }
    assert!(Tokens::new(Duration::from_secs(60)).unwrap().open(&token).is_none(), "of another process");
    let ended = Tokens::new(Duration::ZERO).unwrap();
    assert!(ended.open(&ended.seal(&granted).token).is_none());
}

#[test]
fn challenges_name_the_scope() {
    let cases = [
        (Action::Pull, "scope=\"repository:a/b:pull\""),
        (Action::Push, "scope=\"repository:a/b:pull,push\""),
        (Action::Delete, "scope=\"repository:a/b:delete\""),
    ];
    for (action, scope) in cases {
        let header = Challenge::Token.header("https://registry.example", Some(&wanted("a/b", action)), None);
        let realm = "Bearer realm=\"https://registry.example/token\",service=\"sandmill-registry\"";
        assert_eq!(header, format!("{realm},{scope}"));
    }
    assert!(Challenge::Basic.header("", None, None).starts_with("Basic realm="));
}

#[tokio::test]
async fn a_file_of_users_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = users(&folder, &[("ann", "first")]);
    assert!(file.is_right("ann", "first").await.unwrap());
    let line = format!("ann:{}\nbob:{}\n", bcrypt::hash("second", COST).unwrap(), bcrypt::hash("b", COST).unwrap());
    std::fs::write(folder.path().join("users"), line).unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(!file.is_right("ann", "first").await.unwrap(), "what was right is forgotten with the file");
    assert!(file.is_right("ann", "second").await.unwrap());
    assert!(file.is_right("bob", "b").await.unwrap());
}

#[test]
fn a_line_that_is_no_user_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users");
    for line in ["ann", "ann:secret", ":$2y$04$abc", "ann:$apr1$x$y", "ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="] {
        std::fs::write(&path, format!("# good\n{line}\n")).unwrap();
        let error = PasswordFile::open(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("htpasswd -B"), "{line}: {error}");
    }
    let error = PasswordFile::open(folder.path().join("absent")).unwrap_err().to_string();
    assert!(error.contains("absent"), "{error}");
}

#[test]
fn the_hash_of_nobody_costs_as_much_as_any() {
    assert!(!bcrypt::verify("whatever", passwords::NOBODY).unwrap());
}
