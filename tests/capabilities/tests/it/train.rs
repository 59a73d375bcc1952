//! `sandmill:train` and `sandmill:collective` against the sandbox: workers as living guests, without a node.
//! Never waits for ever: each call has a deadline.

use std::sync::Arc;

use host_base::{ArtifactRef, Code, Failure, Limits};
use host_cap_train::{Setting, Spec, Stepped, Trainee};
use host_collective::{SameProcess, Seat, SharedTransport};
use host_runtime::{CallRequest, CallTarget, Lent, Sandbox};
use sdk_spec::Grants;
use tests_kit::RecordingObserver;
use tokio_util::sync::CancellationToken;

use crate::programs::{NOOP, TRAIN_BADLY, TRAIN_LINE};
use crate::support::{WORLD, content, context, prepare};

pub(crate) fn limits() -> Limits {
    Limits { wall_millis_max: 20_000, ..Limits::default() }
}

pub(crate) fn spec(rank: u32, size: u32, settings: &[(&str, Setting)]) -> Spec {
    let settings = settings.iter().map(|(name, setting)| ((*name).to_owned(), setting.clone())).collect();
    Spec { rank, size, seed: 7, settings, data_sets: Vec::new(), models: Vec::new() }
}

async fn start(program: &str, group: &SharedTransport, rank: u32, limits: Limits) -> Result<Trainee, Failure> {
    let seat = Seat::new(group.clone(), rank);
    start_in(&WORLD.sandbox, program, seat, Grants::default(), limits).await
}

pub(crate) async fn start_in(
    sandbox: &Sandbox,
    program: &str,
    seat: Seat,
    grants: Grants,
    limits: Limits,
) -> Result<Trainee, Failure> {
    let component = prepare(sandbox, &tests_kit::guests::program(program)).await?;
    let lent = Lent::default().with(seat);
    let request = CallRequest { target: CallTarget::Living, grants, limits, context: context(), lent };
    let observer = Arc::new(RecordingObserver::default());
    Trainee::start(sandbox, &component, &request, observer, CancellationToken::new()).await
}

async fn group_of(program: &str, size: u32, settings: &[(&str, Setting)], limits: Limits) -> Vec<Trainee> {
    let group = SameProcess::group(size, 1, 5_000);
    let mut workers = Vec::new();
    for rank in 0..size {
        let mut worker = start(program, &group, rank, limits.clone()).await.unwrap();
        worker.init(spec(rank, size, settings)).await.unwrap();
        workers.push(worker);
    }
    workers
}

/// One step of all workers at once, each in a task of its own.
pub(crate) async fn step(workers: &mut Vec<Trainee>) -> Vec<Result<Stepped, Failure>> {
    let tasks: Vec<_> = std::mem::take(workers)
        .into_iter()
        .map(|mut worker| tokio::spawn(async move { (worker.step().await, worker) }))
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        let (answer, worker) = task.await.unwrap();
        answers.push(answer);
        workers.push(worker);
    }
    answers
}

/// The model after so many steps.
async fn trained(size: u32, steps: u64) -> (Vec<u8>, Vec<u64>) {
    let mut workers = group_of(TRAIN_LINE, size, &[], limits()).await;
    let mut losses = Vec::new();
    for _ in 0..steps {
        let answers = step(&mut workers).await;
        losses.push(answers[0].as_ref().unwrap().metrics[0].1.to_bits());
    }
    let model = workers[0].finish().await.unwrap();
    (content(&model).await, losses)
}

#[tokio::test(flavor = "multi_thread")]
async fn training_is_the_same_bits_each_time_and_nearly_the_same_at_another_size() {
    let (one, losses) = trained(1, 40).await;
    assert!(f64::from_bits(losses[39]) < f64::from_bits(losses[0]) / 10.0, "it learns nothing");
    assert_eq!(trained(1, 40).await, (one.clone(), losses));
    let two = trained(2, 40).await;
    assert_eq!(trained(2, 40).await, two);
    let weights = |bytes: &[u8]| -> Vec<f32> {
        bytes.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
    };
    for (left, right) in weights(&one).iter().zip(weights(&two.0)) {
        assert!((left - right).abs() < 1e-5, "{left} is not {right}");
    }
}

async fn checkpoint_of(workers: &mut [Trainee]) -> ArtifactRef {
    workers[0].checkpoint().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_restored_goes_on_as_if_nothing_had_been() {
    let (uninterrupted, _) = trained(1, 30).await;
    let mut workers = group_of(TRAIN_LINE, 1, &[], limits()).await;
    for _ in 0..10 {
        step(&mut workers).await[0].as_ref().unwrap();
    }
    let checkpoint = checkpoint_of(&mut workers).await;
    for _ in 0..3 {
        step(&mut workers).await[0].as_ref().unwrap();
    }
    // In the same guest, and in another that was never told anything but its job.
    workers[0].restore(checkpoint.clone()).await.unwrap();
    let mut others = group_of(TRAIN_LINE, 1, &[], limits()).await;
    others[0].restore(checkpoint).await.unwrap();
    for workers in [&mut workers, &mut others] {
        for _ in 0..20 {
            step(workers).await[0].as_ref().unwrap();
        }
        let model = workers[0].finish().await.unwrap();
        assert_eq!(content(&model).await, uninterrupted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_traps_in_a_step_leaves_no_other_waiting() {
    for (fault, code) in [("trap", Code::Trap), ("panic", Code::Trap)] {
        let settings = [("fault", Setting::Text(fault.to_owned())), ("fault-rank", Setting::Whole(1))];
        let mut workers = group_of(TRAIN_BADLY, 2, &settings, limits()).await;
        let mut lost = workers.pop().unwrap();
        let group_waits = tokio::spawn(async move {
            let mut first = workers.pop().unwrap();
            (first.step().await, first.is_alive())
        });
        let failure = lost.step().await.unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
        assert!(!lost.is_alive());
        assert_eq!(lost.step().await.unwrap_err().code, Code::Conflict);
        // Nobody dissolves the group here, so that its own deadline is what ends the wait.
        let (answer, alive) = group_waits.await.unwrap();
        let failure = answer.unwrap_err();
        assert!(failure.retryable && failure.message.contains("did not make the same call"), "{failure}");
        assert!(alive, "a worker that only waited was ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_hangs_ends_at_its_deadline() {
    let settings = [("fault", Setting::Text("hang".to_owned()))];
    let limits = Limits { wall_millis_max: 300, ..Limits::default() };
    let mut workers = group_of(TRAIN_BADLY, 1, &settings, limits).await;
    let failure = workers[0].step().await.unwrap_err();
    assert_eq!(failure.code, Code::WallTimeLimit);
    assert!(!workers[0].is_alive());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_has_its_own_share_of_time_and_output() {
    let limits = Limits { cpu_ticks_max: 20, output_bytes_max: 64, ..limits() };
    let mut workers = group_of(TRAIN_LINE, 1, &[], limits.clone()).await;
    // Far more in all than one call may take.
    for _ in 0..20 {
        step(&mut workers).await[0].as_ref().unwrap();
        checkpoint_of(&mut workers).await;
    }
    let settings = [("fault", Setting::Text("huge".to_owned()))];
    let mut workers = group_of(TRAIN_BADLY, 1, &settings, limits).await;
    let failure = workers[0].checkpoint().await.unwrap_err();
    assert_eq!(failure.code, Code::OutputLimit);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_checkpoint_is_refused_and_changes_nothing() {
    let settings = [("fault", Setting::Text("torn".to_owned()))];
    let mut workers = group_of(TRAIN_BADLY, 1, &settings, limits()).await;
    step(&mut workers).await[0].as_ref().unwrap();
    let torn = checkpoint_of(&mut workers).await;
    let failure = workers[0].restore(torn).await.unwrap_err();
    assert!(failure.message.contains("is not whole"), "{failure}");
    assert!(workers[0].is_alive());
    step(&mut workers).await[0].as_ref().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_workers_report_is_bounded() {
    let settings = [("fault", Setting::Text("flood".to_owned()))];
    let mut workers = group_of(TRAIN_BADLY, 1, &settings, limits()).await;
    let failure = workers[0].step().await.unwrap_err();
    assert_eq!(failure.code, Code::HostCallLimit);
    assert!(failure.message.contains("65 metrics; at most 64"), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_cannot_be_trained_says_so() {
    let group = SameProcess::group(1, 1, 1_000);
    let failure = start(NOOP, &group, 0, limits()).await.err().unwrap();
    assert_eq!(failure.code, Code::FunctionNotFound);
    assert!(failure.message.contains("sandmill:train/trainable@0.1.0"), "{failure}");
}
