//! Many worlds, one seed each. A world that breaks a rule is told with its seed.
//! Never uses real time: hundreds of worlds pass in seconds.
#![expect(clippy::print_stdout, reason = "what was lived through is printed for whoever runs this with --nocapture")]

use tests_simulation::{JobSummary, Summary, simulate, simulate_job};

/// Replays the world of this seed only.
const SEED: &str = "SANDMILL_SIMULATION_SEED";
/// How many worlds are lived through, from seed 0 on.
const SEEDS: &str = "SANDMILL_SIMULATION_SEEDS";
const SEEDS_DEFAULT: u64 = 500;

/// The worlds to live through: those that were asked for, or as many as by default.
fn seeds() -> std::ops::Range<u64> {
    match number(SEED) {
        Some(seed) => seed..seed + 1,
        None => 0..number(SEEDS).unwrap_or(SEEDS_DEFAULT),
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is `{text}`, which is no whole number")))
}

#[test]
fn every_acknowledged_run_ends_and_nothing_recorded_is_done_twice() {
    let seeds = seeds();
    let mut all = Summary::default();
    for seed in seeds.clone() {
        let summary =
            simulate(seed).unwrap_or_else(|violation| panic!("{violation}\nlive through it again with {SEED}={seed}"));
        all.runs += summary.runs;
        all.attempts += summary.attempts;
        all.crashes += summary.crashes;
        all.entries_lost += summary.entries_lost;
        all.retried += summary.retried;
        all.cancelled += summary.cancelled;
    }
    println!("{} worlds: {all:?}", seeds.end - seeds.start);
    if seeds.end - seeds.start >= 100 {
        let lived = [all.runs, all.attempts, all.crashes, all.entries_lost, all.retried, all.cancelled];
        assert!(lived.iter().all(|count| *count > 0), "these worlds were too kind to prove anything: {all:?}");
    }
}

#[test]
fn a_world_is_the_same_each_time() {
    for seed in [3, 1_000_003] {
        assert_eq!(simulate(seed), simulate(seed));
    }
}

#[test]
fn every_training_job_ends_however_often_it_is_broken_off() {
    let seeds = seeds();
    let mut all = JobSummary::default();
    for seed in seeds.clone() {
        let summary = simulate_job(seed)
            .unwrap_or_else(|violation| panic!("{violation}\nlive through it again with {SEED}={seed}"));
        all.steps += summary.steps;
        all.lost += summary.lost;
        all.crashes += summary.crashes;
        all.records_lost += summary.records_lost;
        all.restored += summary.restored;
        all.resumed += summary.resumed;
    }
    println!("{} jobs: {all:?}", seeds.end - seeds.start);
    if seeds.end - seeds.start >= 100 {
        let lived = [all.steps, all.lost, all.crashes, all.records_lost, all.restored, all.resumed];
        assert!(lived.iter().all(|count| *count > 0), "these worlds were too kind to prove anything: {all:?}");
    }
}
