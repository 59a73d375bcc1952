//! What data and models are fetched with: variables, under the names that clients of such stores know.
//! Never holds what is confidential: a document names the secret that does.

/// The id of a key of an S3-compatible store.
pub const KEY_ID: [&str; 2] = ["AWS_ACCESS_KEY_ID", "ACCESS_KEY_ID"];
/// The key itself.
pub const KEY: [&str; 2] = ["AWS_SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY"];
/// What goes with a key that holds for a while only.
pub const SESSION_TOKEN: [&str; 2] = ["AWS_SESSION_TOKEN", "SESSION_TOKEN"];
/// The store's region.
pub const REGION: [&str; 3] = ["AWS_REGION", "AWS_DEFAULT_REGION", "REGION"];
/// The store's address; left out, it is that of AWS, or of Google for `gs://`.
pub const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL", "ENDPOINT"];
/// `true` where anybody may read, and no key is needed.
pub const SKIP_SIGNATURE: [&str; 1] = ["AWS_SKIP_SIGNATURE"];
/// Shown to a web server as a bearer's token.
pub const ACCESS_TOKEN: [&str; 1] = ["ACCESS_TOKEN"];

/// All variables, each with its names, of which the first one counts that is there.
pub const VARIABLES: [&[&str]; 7] = [&KEY_ID, &KEY, &SESSION_TOKEN, &REGION, &ENDPOINT, &SKIP_SIGNATURE, &ACCESS_TOKEN];

/// Those that whoever reads a document must not find in it.
pub const CONFIDENTIAL: [&[&str]; 3] = [&KEY, &SESSION_TOKEN, &ACCESS_TOKEN];

/// Why a variable cannot stand in a document with its value, and what to do instead; none where it can.
pub(crate) fn refusal(name: &str) -> Option<(String, String)> {
    if CONFIDENTIAL.iter().any(|names| names.contains(&name)) {
        let message = format!("`{name}` is confidential, and whoever sees the job can read the document");
        return Some((message, format!("set it with `sandmill secret set NAME {name}=@-`, and write `secret: NAME`")));
    }
    if VARIABLES.iter().any(|names| names.contains(&name)) {
        return None;
    }
    let known: Vec<&str> = VARIABLES.iter().flat_map(|names| names.iter().copied()).collect();
    let message = format!("a fetch knows no variable `{name}`");
    Some(match crate::nearest(name, known.iter().copied()) {
        Some(meant) => (message, format!("did you mean `{meant}`?")),
        None => (message, format!("it knows {}", known.join(", "))),
    })
}
