//! Runs as people name them: the whole id, its beginning, or `latest`.
//! Never guesses between two runs.

use host_api::run::{Run, RunQuery};
use host_base::{Code, Failure, RunId};
use host_client::Client;

use crate::trouble::{Outcome, Trouble};

/// The word for the newest run.
const LATEST: &str = "latest";
/// How many of the newest runs the beginning of an id is looked for in.
const RUNS_SEARCHED: usize = 200;
/// Shorter beginnings say too little.
const BEGINNING_CHARACTERS_MIN: usize = 4;

/// The id that a text means.
pub async fn resolve(client: &Client, text: &str) -> Outcome<String> {
    if text.parse::<RunId>().is_ok() {
        return Ok(text.to_owned());
    }
    let is_beginning = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if text != LATEST && (text.len() < BEGINNING_CHARACTERS_MIN || !is_beginning(text)) {
        return Err(Trouble::usage(
            format!("`{text}` names no run"),
            format!("write a run's id, at least the first {BEGINNING_CHARACTERS_MIN} characters of it, or `{LATEST}`"),
        ));
    }
    let limit = if text == LATEST { 1 } else { RUNS_SEARCHED };
    let runs = client.runs(&RunQuery { limit: Some(limit), ..RunQuery::default() }).await?.items;
    if text == LATEST { newest(runs) } else { beginning_with(text, &runs) }
}

fn newest(runs: Vec<Run>) -> Outcome<String> {
    let newest = runs.into_iter().next().map(|run| run.id);
    newest.ok_or_else(|| {
        Failure::new(Code::NotFound, "the server has no run yet")
            .with_hint("start one with `sandmill pipeline run FILE`")
            .into()
    })
}

fn beginning_with(text: &str, runs: &[Run]) -> Outcome<String> {
    let text = text.to_ascii_lowercase();
    let found: Vec<&Run> = runs.iter().filter(|run| run.id.starts_with(&text)).collect();
    match found.as_slice() {
        [run] => Ok(run.id.clone()),
        [] => {
            Err(Failure::new(Code::NotFound, format!("none of the newest {RUNS_SEARCHED} runs begins with `{text}`"))
                .with_hint("list them with `sandmill run list`, or write the whole id")
                .into())
        }
        [first, second, ..] => Err(Trouble::usage(
            format!("{} runs begin with `{text}`, among them {} and {}", found.len(), first.id, second.id),
            "write more of the id",
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::trouble::Exit;

    fn run(id: &str) -> Run {
        Run {
            id: id.to_owned(),
            name: None,
            pipeline: "p".to_owned(),
            experiment: None,
            schedule: None,
            parameters: BTreeMap::new(),
            status: "running".to_owned(),
            submitted_at_millis: 0,
            finished_at_millis: None,
            steps_total: 1,
            failure: None,
            steps_finished: 0,
        }
    }

    #[test]
    fn a_beginning_means_one_run_or_none() {
        let runs = [run("019a5c1e-1111"), run("019a5c1e-2222"), run("019a5d00-0000")];
        assert_eq!(beginning_with("019A5D", &runs).ok().as_deref(), Some("019a5d00-0000"));
        let exit = |text| beginning_with(text, &runs).map_err(|trouble| trouble.exit);
        assert_eq!(exit("019a5c"), Err(Exit::Usage));
        assert_eq!(exit("ffff"), Err(Exit::NotFound));
    }
}
