//! Patterns, windows, catching up, and whole lives of schedules with restarts at any moment.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

const HOUR: u64 = 3_600_000;
/// 2026-01-01T00:00:00Z, a Thursday.
const NEW_YEAR: u64 = 1_767_225_600_000;

fn schedule(trigger: Trigger) -> Schedule {
    Schedule {
        trigger,
        starts_at_millis: None,
        ends_at_millis: None,
        catch_up: true,
        runs_at_once_max: 1,
        enabled: true,
    }
}

fn cron(pattern: &str) -> Trigger {
    Trigger::Cron { pattern: pattern.to_owned() }
}

fn times(pattern: &str, count: usize) -> Vec<u64> {
    let all = schedule(cron(pattern)).next_times(NEW_YEAR, &Fired::default(), NEW_YEAR, count).unwrap();
    all.into_iter().map(|millis| (millis - NEW_YEAR) / 1000).collect()
}

#[test]
fn patterns_are_read_with_seconds_first() {
    assert_eq!(times("*/15 * * * * *", 3), [15, 30, 45]);
    assert_eq!(
        times("0 0 9 ? * 2-6", 4),
        [9, 33, 57, 129].map(|hours| hours * 3600),
        "Tuesday to Saturday, in robfig's count"
    );
    assert_eq!(times("0 30 1 * * ?", 2), [5400, 5400 + 86_400]);
    assert_eq!(times("@hourly", 2), [3600, 7200]);
    assert_eq!(times("@daily", 1), [86_400]);
    assert_eq!(times("@every 1h30m", 2), [5400, 10_800]);
    assert_eq!(times("0 0 0 1 JAN-MAR *", 2), [31 * 86_400, 59 * 86_400]);
}

#[test]
fn what_is_no_pattern_is_refused_with_the_reason() {
    for pattern in ["", "* * * * *", "0 61 * * * *", "@sometimes", "@every", "@every 5", "@every 0s", "0 0 0 31 2 ?"] {
        let refused = schedule(cron(pattern)).due(0, &Fired::default(), 0);
        assert!(refused.is_err(), "{pattern}: {refused:?}");
    }
    assert_eq!(check_every(0), Err(PatternError::Every(0)));
    assert_eq!(check_every(EVERY_SECONDS_MAX), Ok(EVERY_SECONDS_MAX));
    assert!(check_every(EVERY_SECONDS_MAX + 1).is_err());
}

#[test]
fn missed_firings_are_made_up_for_one_by_one_or_only_the_latest() {
    let mut hourly = schedule(cron("@hourly"));
    let (now, fired) = (NEW_YEAR + 5 * HOUR + 1, Fired::default());
    let fire = |hours: u64, index: u64| Due::Fire { scheduled_at_millis: NEW_YEAR + hours * HOUR, index };
    assert_eq!(hourly.due(NEW_YEAR, &fired, now).unwrap(), fire(1, 1));
    hourly.catch_up = false;
    assert_eq!(hourly.due(NEW_YEAR, &fired, now).unwrap(), fire(5, 1));
    hourly.ends_at_millis = Some(NEW_YEAR + 3 * HOUR);
    assert_eq!(hourly.due(NEW_YEAR, &fired, now).unwrap(), fire(3, 1), "not behind its end");
    let every = Schedule { catch_up: false, ..schedule(Trigger::Every { seconds: 3600 }) };
    assert_eq!(every.due(NEW_YEAR, &fired, now).unwrap(), fire(5, 1));
}

#[test]
fn nothing_fires_outside_the_window_while_paused_or_past_the_cap() {
    let mut hourly = schedule(cron("@hourly"));
    let fired = Fired { last_scheduled_at_millis: Some(NEW_YEAR + HOUR), count: 1, at_work: 0 };
    let wait = Due::Wait { until_millis: NEW_YEAR + 2 * HOUR };
    assert_eq!(hourly.due(NEW_YEAR, &fired, NEW_YEAR + HOUR).unwrap(), wait);
    let busy = Fired { at_work: 1, ..fired };
    assert_eq!(hourly.due(NEW_YEAR, &busy, NEW_YEAR + 2 * HOUR).unwrap(), Due::Full);
    hourly.runs_at_once_max = 99;
    let very_busy = Fired { at_work: RUNS_AT_ONCE_MAX, ..fired };
    assert_eq!(hourly.due(NEW_YEAR, &very_busy, NEW_YEAR + 2 * HOUR).unwrap(), Due::Full);
    hourly.starts_at_millis = Some(NEW_YEAR + 10 * HOUR);
    let wait = Due::Wait { until_millis: NEW_YEAR + 11 * HOUR };
    assert_eq!(hourly.due(NEW_YEAR, &Fired::default(), NEW_YEAR).unwrap(), wait);
    hourly.ends_at_millis = Some(NEW_YEAR + 10 * HOUR);
    assert_eq!(hourly.due(NEW_YEAR, &Fired::default(), NEW_YEAR).unwrap(), Due::Never);
    hourly.ends_at_millis = None;
    hourly.enabled = false;
    assert_eq!(hourly.due(NEW_YEAR, &Fired::default(), NEW_YEAR + 20 * HOUR).unwrap(), Due::Never);
}

#[test]
fn names_in_parameters_are_filled_in() {
    let names = FiringNames {
        scheduled_at_millis: NEW_YEAR + HOUR,
        now_millis: NEW_YEAR + HOUR + 5000,
        index: 7,
        run: run_of_firing("s", NEW_YEAR),
    };
    let value =
        json!({ "a": ["run [[Index]] at [[ScheduledTime]]", 3], "b": "[[ScheduledTime.2006-01-02T15:04:05Z07:00]]" });
    let filled = json!({ "a": ["run 7 at 20260101010000", 3], "b": "2026-01-01T01:00:00Z" });
    assert_eq!(fill(&value, &names), filled);
    assert_eq!(fill(&json!("[[CurrentTime.15-04-05]] 100%"), &names), json!("01-00-05 100%"));
    assert_eq!(fill(&json!("[[RunUUID]]"), &names), json!(names.run.to_string()));
    assert_eq!(fill(&json!("[[Else]] [[ [[Index"), &names), json!("[[Else]] [[ [[Index"));
}

#[test]
fn a_firing_names_one_run() {
    assert_eq!(run_of_firing("s", 5), run_of_firing("s", 5));
    assert_ne!(run_of_firing("s", 5), run_of_firing("s", 6));
    assert_ne!(run_of_firing("s", 5), run_of_firing("t", 5));
    assert!(run_of_firing("s", NEW_YEAR) < run_of_firing("s", NEW_YEAR + 1));
}

/// Something that happens to a node that carries a schedule.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// Time goes by.
    Pass(u64),
    /// The oldest run at work ends.
    RunEnds,
    /// The node dies between the decision to fire and knowing that the run was accepted.
    DiesFiring,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        5 => (1_u64..40_000).prop_map(Happening::Pass),
        3 => Just(Happening::RunEnds),
        1 => Just(Happening::DiesFiring),
    ]
}

/// A node whose only memory is the ledger's: runs by id, with the time they were due.
#[derive(Default)]
struct Ledger {
    runs: std::collections::BTreeMap<RunId, (u64, u64, bool)>,
}

impl Ledger {
    fn fired(&self) -> Fired {
        let due = self.runs.values().map(|(due, _, _)| *due).max();
        let at_work = self.runs.values().filter(|(_, _, ended)| !ended).count();
        let count = self.runs.values().map(|(_, index, _)| *index).max().unwrap_or(0);
        Fired { last_scheduled_at_millis: due, count, at_work: u32::try_from(at_work).unwrap() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whenever the node dies, each slot up to the last fired one has exactly one run, in order.
    #[test]
    fn restarts_lose_and_repeat_nothing(
        happenings in prop::collection::vec(happening(), 1..120),
        at_once in 1_u32..4,
        seconds in 1_u64..30,
        by_pattern in any::<bool>(),
    ) {
        let trigger = if by_pattern { cron("*/10 * * * * *") } else { Trigger::Every { seconds } };
        let wait = if by_pattern { 10_000 } else { seconds * 1000 };
        let schedule = Schedule { runs_at_once_max: at_once, ..schedule(trigger) };
        let (mut ledger, mut now) = (Ledger::default(), NEW_YEAR);
        for happening in happenings {
            match happening {
                Happening::Pass(millis) => now += millis,
                Happening::RunEnds => {
                    if let Some(run) = ledger.runs.values_mut().find(|(_, _, ended)| !ended) {
                        run.2 = true;
                    }
                }
                Happening::DiesFiring => {
                    // The run was accepted, the node does not know it, and decides by what it read before.
                    if let Due::Fire { scheduled_at_millis, index } = schedule.due(NEW_YEAR, &ledger.fired(), now).unwrap() {
                        let run = run_of_firing("s", scheduled_at_millis);
                        for _ in 0..2 {
                            ledger.runs.entry(run.clone()).or_insert((scheduled_at_millis, index, false));
                        }
                    }
                }
            }
            while let Due::Fire { scheduled_at_millis, index } = schedule.due(NEW_YEAR, &ledger.fired(), now).unwrap() {
                prop_assert!(scheduled_at_millis <= now);
                let before = ledger.runs.insert(run_of_firing("s", scheduled_at_millis), (scheduled_at_millis, index, false));
                prop_assert!(before.is_none(), "fired twice");
            }
            prop_assert!(ledger.fired().at_work <= at_once);
        }
        let slots: Vec<u64> = ledger.runs.values().map(|(due, _, _)| *due).collect();
        let expected: Vec<u64> = (1..=slots.len() as u64).map(|number| NEW_YEAR + number * wait).collect();
        prop_assert_eq!(slots, expected);
        let indexes: Vec<u64> = ledger.runs.values().map(|(_, index, _)| *index).collect();
        prop_assert_eq!(&indexes, &(1..=indexes.len() as u64).collect::<Vec<_>>());
    }
}
