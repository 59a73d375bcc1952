//! A job's course, event by event.
//! Never needs a worker: what workers say is written here.

use sdk_spec::train_job::RestartScope;

use super::*;
use crate::Reason;
use crate::sample::{artifact, plan};

/// A job and all that was to be written down so far.
struct Told {
    state: JobState,
    records: Vec<Record>,
}

impl Told {
    fn job(lines: &str) -> (Self, Vec<Command>) {
        let (state, advanced) = start(Arc::new(plan(lines)));
        (Self { state, records: advanced.records }, advanced.commands)
    }

    fn tell(&mut self, event: Event) -> Vec<Command> {
        let advanced = advance(&mut self.state, event);
        self.records.extend(advanced.records);
        advanced.commands
    }

    fn generation(&self) -> u64 {
        self.state.kept.generation
    }

    /// All workers become ready, and go back to the checkpoint where there is one.
    fn ready(&mut self, ranks: &[u32]) -> Vec<Command> {
        let generation = self.generation();
        let mut commands = Vec::new();
        for rank in ranks {
            commands = self.tell(Event::Ready { generation, rank: *rank });
        }
        if let [Command::Restore { .. }] = commands.as_slice() {
            for rank in 0..self.state.kept.size {
                commands = self.tell(Event::Restored { generation, rank });
            }
        }
        commands
    }

    fn step_of(&mut self, rank: u32, loss: f64, done: bool) -> Vec<Command> {
        let generation = self.generation();
        self.tell(Event::Stepped { generation, rank, metrics: vec![("loss".to_owned(), loss)], done })
    }

    /// All workers make a step.
    fn step(&mut self, loss: f64) -> Vec<Command> {
        (0..self.state.kept.size).map(|rank| self.step_of(rank, loss, false)).last().unwrap_or_default()
    }

    fn checkpoint(&mut self, content: &str) -> Vec<Command> {
        let generation = self.generation();
        self.tell(Event::CheckpointWritten { generation, artifact: artifact(content) })
    }

    fn lose(&mut self, rank: u32, failure: Failure, alive: bool) -> Vec<Command> {
        let generation = self.generation();
        self.tell(Event::WorkerFailed { generation, rank, failure, alive })
    }
}

fn trap() -> Failure {
    Failure::new(Code::Trap, "the component trapped: unreachable")
}

fn changed() -> Failure {
    Failure::new(Code::StepFailed, "the group's membership changed").retryable()
}

#[test]
fn a_job_steps_writes_checkpoints_and_ends_with_a_model() {
    let (mut job, commands) = Told::job("  workers: 2\n  stepsMax: 3\n  checkpoint: {everySteps: 2}\n");
    assert_eq!(commands, [Command::StartWorkers { generation: 1, size: 2, ranks: vec![0, 1] }]);
    assert_eq!(job.ready(&[0, 1]), [Command::Step { generation: 1 }]);
    assert_eq!(job.step_of(1, 1.0, false), []);
    assert_eq!(job.step_of(0, 1.0, false), [Command::Step { generation: 1 }]);
    assert_eq!(job.step(0.5), [Command::WriteCheckpoint { generation: 1 }]);
    assert_eq!(job.checkpoint("two"), [Command::Step { generation: 1 }]);
    assert_eq!(job.step(0.2), [Command::WriteModel { generation: 1 }]);
    assert_eq!(job.tell(Event::ModelWritten { generation: 1, artifact: artifact("model") }), [Command::StopWorkers]);
    assert_eq!((job.state.kept.status, job.state.kept.step), (JobStatus::Succeeded, 3));
    assert_eq!(job.state.kept.reason, Some(Reason::StepsMax));
    assert_eq!(job.state.kept.model, Some(artifact("model")));
}

#[test]
fn what_is_fetched_is_there_before_the_first_worker() {
    let (mut job, commands) = Told::job("  dataSets: {train: {uri: 'https://a.b/c'}}\n");
    assert_eq!(commands, [Command::Fetch { uri: "https://a.b/c".to_owned() }]);
    let commands = job.tell(Event::Fetched { uri: "https://a.b/c".to_owned(), artifact: artifact("rows") });
    assert_eq!(commands, [Command::StartWorkers { generation: 1, size: 1, ranks: vec![0] }]);
    let (mut job, _) = Told::job("  dataSets: {train: {uri: 'https://a.b/c'}}\n");
    job.tell(Event::FetchFailed { failure: Failure::new(Code::ImportFailed, "it answers 404") });
    assert_eq!(job.state.kept.status, JobStatus::Failed);
}

#[test]
fn a_lost_worker_sends_all_back_to_the_checkpoint() {
    let (mut job, _) = Told::job("  workers: 2\n  checkpoint: {everySteps: 1}\n");
    job.ready(&[0, 1]);
    job.step(1.0);
    job.checkpoint("one");
    assert_eq!(job.lose(1, trap(), false), [Command::Dissolve { generation: 1 }]);
    let commands = job.lose(0, changed(), true);
    let begin = Command::StartWorkers { generation: 2, size: 2, ranks: vec![0, 1] };
    assert_eq!(commands, [Command::StopWorkers, begin]);
    assert_eq!(job.ready(&[0, 1]), [Command::Step { generation: 2 }]);
    assert_eq!((job.state.step(), job.state.kept.restarts), (1, 1));
    // Late words of the group before change nothing.
    assert_eq!(job.tell(Event::Stepped { generation: 1, rank: 0, metrics: vec![], done: true }), []);
}

#[test]
fn survivors_are_kept_where_the_policy_says_so() {
    let lines = "  workers: 3\n  checkpoint: {everySteps: 1}\n  restart: {scope: worker}\n";
    let (mut job, _) = Told::job(lines);
    assert_eq!(job.state.plan.restart.scope, RestartScope::Worker);
    job.ready(&[0, 1, 2]);
    job.step(1.0);
    job.checkpoint("one");
    job.lose(1, trap(), false);
    job.lose(0, changed(), true);
    assert_eq!(job.lose(2, changed(), true), [Command::StartWorkers { generation: 2, size: 3, ranks: vec![1] }]);
    assert!(matches!(job.tell(Event::Ready { generation: 2, rank: 1 }).as_slice(), [Command::Restore { .. }]));
    for rank in [0, 1] {
        assert_eq!(job.tell(Event::Restored { generation: 2, rank }), []);
    }
    assert_eq!(job.tell(Event::Restored { generation: 2, rank: 2 }), [Command::Step { generation: 2 }]);
}

#[test]
fn workers_that_failed_and_live_go_back_together() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 1}\n  restart: {scope: worker}\n");
    job.ready(&[0]);
    job.step(1.0);
    job.checkpoint("one");
    let commands = job.lose(0, changed(), true);
    assert_eq!(commands[1], Command::StartWorkers { generation: 2, size: 1, ranks: vec![] });
    assert!(matches!(commands[2], Command::Restore { generation: 2, .. }), "{commands:?}");
}

#[test]
fn a_job_shrinks_to_its_least_size_and_no_further() {
    let (mut job, _) = Told::job("  workers: 3\n  workersMin: 2\n  checkpoint: {everySteps: 1}\n");
    job.ready(&[0, 1, 2]);
    for (size, lost) in [(2, 2), (2, 1)] {
        job.lose(lost, trap(), false);
        let mut commands = Vec::new();
        for rank in (0..job.state.kept.size).filter(|rank| *rank != lost) {
            commands = job.lose(rank, changed(), true);
        }
        let generation = job.generation();
        let ranks = (0..size).collect();
        assert_eq!(commands[1..], [Command::StartWorkers { generation, size, ranks }]);
        job.ready(&(0..size).collect::<Vec<_>>());
    }
}

#[test]
fn what_ended_a_guest_is_a_better_reason_than_what_others_say_of_it() {
    let (mut job, _) = Told::job("  workers: 2\n  restart: {maxRestarts: 0}\n");
    job.ready(&[0, 1]);
    job.lose(0, Failure::new(Code::StepFailed, "the others did not come").retryable(), true);
    job.lose(1, Failure::new(Code::WallTimeLimit, "the step reached its wall time limit of 1s"), false);
    let failure = job.state.kept.failure.clone().unwrap_or_else(|| Failure::new(Code::Internal, "none"));
    assert_eq!(failure.code, Code::WorkerLost);
    assert!(failure.message.starts_with("worker 1 was lost after step 0"), "{failure}");
    assert!(failure.message.contains("wall time limit"), "{failure}");
}

#[test]
fn what_no_attempt_can_mend_is_not_tried_again() {
    let (mut job, _) = Told::job("");
    job.lose(0, Failure::new(Code::StepFailed, "there is no column `label`"), true);
    assert_eq!(job.state.kept.status, JobStatus::Failed);
    assert_eq!(job.state.kept.restarts, 0);
}

#[test]
fn no_number_ends_a_job_as_its_author_says() {
    for (policy, status) in [("fail", JobStatus::Failed), ("ignore", JobStatus::Running), ("stop", JobStatus::Failed)] {
        let (mut job, _) = Told::job(&format!("  notANumber: {policy}\n"));
        job.ready(&[0]);
        job.step(f64::NAN);
        assert_eq!(job.state.kept.status, status, "{policy}");
    }
    let (mut job, _) = Told::job("  notANumber: stop\n  checkpoint: {everySteps: 1}\n");
    job.ready(&[0]);
    job.step(1.0);
    job.checkpoint("one");
    assert!(matches!(job.step(f64::INFINITY).as_slice(), [Command::Restore { .. }]));
    assert_eq!(job.tell(Event::Restored { generation: 1, rank: 0 }), [Command::WriteModel { generation: 1 }]);
    assert_eq!(job.state.kept.reason, Some(Reason::NotANumber));
    assert_eq!(job.state.step(), 1);
}

#[test]
fn a_job_that_is_suspended_goes_on_where_it_was() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 100}\n");
    job.ready(&[0]);
    job.step(1.0);
    assert_eq!(job.tell(Event::SuspendRequested), []);
    assert_eq!(job.step(0.9), [Command::WriteCheckpoint { generation: 1 }]);
    assert_eq!(job.checkpoint("two"), [Command::StopWorkers]);
    assert_eq!(job.state.kept.status, JobStatus::Suspended);
    assert_eq!(job.tell(Event::ResumeRequested).len(), 1);
    job.ready(&[0]);
    assert_eq!((job.state.step(), job.state.kept.status), (2, JobStatus::Running));
}

#[test]
fn a_job_that_is_suspended_at_its_end_makes_no_further_step() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 100}\n");
    job.ready(&[0]);
    job.tell(Event::SuspendRequested);
    assert_eq!(job.step_of(0, 1.0, true), [Command::WriteCheckpoint { generation: 1 }]);
    job.checkpoint("one");
    job.tell(Event::ResumeRequested);
    assert_eq!(job.ready(&[0]), [Command::WriteModel { generation: 2 }]);
}

#[test]
fn a_job_may_wait_from_its_start_on() {
    let (mut job, commands) = Told::job("  suspend: true\n");
    assert_eq!((commands.len(), job.state.kept.status), (0, JobStatus::Suspended));
    assert_eq!(job.tell(Event::ResumeRequested).len(), 1);
}

#[test]
fn a_failed_job_can_be_resumed_with_a_fresh_count() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 1}\n  restart: {maxRestarts: 0}\n");
    job.ready(&[0]);
    job.step(1.0);
    job.checkpoint("one");
    job.lose(0, trap(), false);
    assert_eq!(job.state.kept.status, JobStatus::Failed);
    job.tell(Event::ResumeRequested);
    job.ready(&[0]);
    assert_eq!((job.state.step(), job.state.kept.failure.clone()), (1, None));
}

#[test]
fn checkpoints_are_dropped_past_what_is_kept() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 1, keep: 1}\n");
    job.ready(&[0]);
    job.step(1.0);
    job.checkpoint("one");
    job.step(1.0);
    assert_eq!(
        job.checkpoint("two"),
        [Command::DropCheckpoint { artifact: artifact("one") }, Command::Step { generation: 1 }]
    );
    job.step(1.0);
    // The same content is still needed for the newer step.
    assert_eq!(job.checkpoint("two"), [Command::Step { generation: 1 }]);
}

#[test]
fn an_unusable_checkpoint_leads_to_the_one_before_it() {
    let (mut job, _) = Told::job("  checkpoint: {everySteps: 1}\n");
    job.ready(&[0]);
    for content in ["one", "two"] {
        job.step(1.0);
        job.checkpoint(content);
    }
    job.lose(0, trap(), false);
    job.tell(Event::Ready { generation: 2, rank: 0 });
    let failure = Failure::new(Code::CheckpointUnusable, "torn");
    let digest = artifact("two").digest;
    job.tell(Event::CheckpointUnusable { generation: 2, digest, failure });
    job.ready(&[0]);
    assert_eq!((job.state.step(), job.state.kept.restarts), (1, 1));
}

#[test]
fn evaluations_come_before_the_checkpoint_of_their_step_and_at_the_end() {
    let lines = "  evaluateEverySteps: 2\n  checkpoint: {everySteps: 2}\n  stepsMax: 3\n";
    let (mut job, _) = Told::job(lines);
    let measured = |job: &mut Told| {
        job.tell(Event::Evaluated { generation: 1, rank: 0, metrics: vec![("accuracy".to_owned(), 0.5)] })
    };
    job.ready(&[0]);
    job.step(1.0);
    assert_eq!(job.step(1.0), [Command::Evaluate { generation: 1 }]);
    assert_eq!(measured(&mut job), [Command::WriteCheckpoint { generation: 1 }]);
    job.checkpoint("two");
    assert_eq!(job.step(1.0), [Command::Evaluate { generation: 1 }]);
    assert_eq!(measured(&mut job), [Command::WriteModel { generation: 1 }]);
}

#[test]
fn a_restart_gives_the_state_that_the_records_tell() {
    let (mut job, _) = Told::job("  workers: 2\n  checkpoint: {everySteps: 1}\n");
    job.ready(&[0, 1]);
    job.step(1.0);
    job.checkpoint("one");
    job.step_of(0, 0.9, false);
    let before = job.state.kept.clone();
    let (mut recovered, advanced) = recover(&job.records).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(advanced.records.len(), 2, "{advanced:?}");
    assert_eq!(recovered.kept.checkpoints, before.checkpoints);
    assert_eq!(advanced.commands, [Command::StartWorkers { generation: 2, size: 2, ranks: vec![0, 1] }]);
    assert_eq!(
        advance(&mut recovered, Event::Stepped { generation: 1, rank: 1, metrics: vec![], done: true }),
        Advanced::default()
    );
    assert!(recover(&[]).is_err());
}

#[test]
fn a_job_under_which_the_node_stops_again_and_again_fails() {
    let (job, _) = Told::job("");
    let mut records = job.records;
    for times in 0..=INTERRUPTIONS_MAX {
        let (state, advanced) = recover(&records).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(state.kept.status.is_final(), times == INTERRUPTIONS_MAX, "after {times} times");
        records.extend(advanced.records);
    }
}

#[test]
fn deadlines_and_requests_end_a_job_at_any_moment() {
    for event in [Event::DeadlineReached, Event::CancelRequested] {
        let (mut job, _) = Told::job("  deadline: 1s\n");
        job.ready(&[0]);
        assert_eq!(job.tell(event), [Command::StopWorkers]);
        assert!(job.state.kept.status.is_final());
        assert_eq!(job.step(1.0), []);
    }
}
