//! Kernels: any component that meets the contract is one, and what goes wrong in a cell is that session's own.
//! Never through a server; the line and the kernel are called as the executor calls them.

use std::sync::Arc;

use host_base::{Code, Failure, Limits};
use host_cap_kernel::{Bundle, CELL_OUTPUT_BYTES_MAX, Completeness, Kernel, Question, Said, SessionLine, TextStream};
use host_runtime::{CallRequest, CallTarget, Lent};
use sdk_spec::Grants;
use tests_kit::RecordingObserver;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::programs::{KERNEL_FLEETING, KERNEL_WORDS, NOOP};
use crate::support::{WORLD, context, prepare};

struct Session {
    kernel: Kernel,
    line: SessionLine,
    said: mpsc::Receiver<Said>,
    questions: mpsc::Receiver<Question>,
}

async fn open(program: &str) -> Result<Session, Failure> {
    let prepared = prepare(&WORLD.sandbox, &tests_kit::guests::program(program)).await?;
    let (line, said, questions) = SessionLine::new();
    let request = CallRequest {
        target: CallTarget::Living,
        grants: Grants::default(),
        limits: Limits { wall_millis_max: 20_000, ..Limits::default() },
        context: context(),
        lent: Lent::default().with(line.clone()),
    };
    let observer = Arc::new(RecordingObserver::default());
    let kernel = Kernel::start(&WORLD.sandbox, &prepared, &request, observer, CancellationToken::new()).await?;
    Ok(Session { kernel, line, said, questions })
}

fn plain(text: &str) -> Bundle {
    Bundle { representations: vec![("text/plain".to_owned(), text.to_owned())], metadata: None }
}

#[tokio::test]
async fn a_kernel_in_any_language_keeps_what_was_said_from_cell_to_cell() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    assert_eq!(session.kernel.describe().await.unwrap().language, "words");
    session.kernel.execute("keep one".into(), 1, true).await.unwrap().unwrap();
    session.kernel.execute("keep two".into(), 2, false).await.unwrap().unwrap();
    assert_eq!(session.said.recv().await, Some(Said::Value(plain("2: one, two"))));
    let variables = session.kernel.variables().await.unwrap();
    assert_eq!(variables.iter().map(|variable| variable.summary.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(session.kernel.complete("f".into(), 1).await.unwrap().matches, ["fail", "flood"]);
    assert_eq!(session.kernel.inspect("keep".into(), 4, false).await.unwrap(), Some(plain("keep is a word")));
    assert_eq!(session.kernel.inspect("nothing".into(), 4, false).await.unwrap(), None);
    assert!(matches!(session.kernel.is_complete(String::new()).await.unwrap(), Completeness::Incomplete(_)));
    session.kernel.shutdown().await.unwrap();
}

#[tokio::test]
async fn what_a_cell_returns_as_an_error_leaves_the_kernel_alive_and_a_trap_does_not() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    let report = session.kernel.execute("fail politely".into(), 1, false).await.unwrap().unwrap_err();
    assert_eq!((report.name.as_str(), report.message.as_str()), ("Failed", "politely"));
    assert!(session.kernel.is_alive());
    let failure = session.kernel.execute("trap".into(), 2, false).await.unwrap_err();
    assert_eq!(failure.code, Code::Trap);
    assert!(failure.message.contains("as told") && !session.kernel.is_alive(), "{failure}");
    assert_eq!(session.kernel.variables().await.unwrap_err().code, Code::Conflict);
}

#[tokio::test]
async fn an_interrupt_stops_the_cell_and_keeps_the_state() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    session.kernel.execute("keep it".into(), 1, true).await.unwrap().unwrap();
    let line = session.line.clone();
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        line.interrupt();
    });
    session.line.begin_cell();
    let report = session.kernel.execute("spin".into(), 2, false).await.unwrap().unwrap_err();
    assert_eq!(report.name, "Interrupted");
    assert_eq!(session.kernel.variables().await.unwrap()[0].summary, "it");
}

#[tokio::test]
async fn a_question_is_answered_or_nobody_is_there() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    let mut questions = session.questions;
    tokio::spawn(async move {
        let question = questions.recv().await.unwrap();
        assert_eq!((question.prompt.as_str(), question.secret), ("name?", false));
        question.answer.send("Ada".to_owned()).unwrap();
        // The second one is dropped.
        drop(questions.recv().await);
    });
    session.kernel.execute("ask name?".into(), 1, true).await.unwrap().unwrap();
    assert_eq!(session.said.recv().await, Some(Said::Text { stream: TextStream::Stdout, text: "Ada".to_owned() }));
    let report = session.kernel.execute("ask name?".into(), 2, true).await.unwrap().unwrap_err();
    assert_eq!(report.name, "NobodyThere");
}

#[tokio::test]
async fn a_flood_is_cut_off_and_says_so_once() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    session.line.begin_cell();
    let heard = tokio::spawn(async move {
        let (mut bytes, mut told) = (0, 0);
        while let Some(said) = session.said.recv().await {
            match said {
                Said::Text { text, .. } if text.contains("dropped") => told += 1,
                Said::Text { text, .. } => bytes += text.len() as u64,
                _ => {}
            }
        }
        (bytes, told)
    });
    session.kernel.execute("flood".into(), 1, true).await.unwrap().unwrap();
    drop((session.kernel, session.line));
    let (bytes, told) = heard.await.unwrap();
    assert!(bytes <= CELL_OUTPUT_BYTES_MAX && bytes > CELL_OUTPUT_BYTES_MAX - (1 << 20), "{bytes}");
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_component_that_is_no_kernel_is_told_to_be_none() {
    let Err(failure) = open(NOOP).await else { panic!("a no-op is no kernel") };
    assert_eq!(failure.code, Code::FunctionNotFound);
    assert!(failure.message.contains("sandmill:kernel/kernel"), "{failure}");
}

#[tokio::test]
async fn what_a_kernel_writes_down_is_read_by_another_and_the_session_goes_on() {
    let mut session = open(KERNEL_WORDS).await.unwrap();
    for word in ["keep one", "keep x", "keep two"] {
        session.kernel.execute(word.into(), 1, true).await.unwrap().unwrap();
    }
    let saved = session.kernel.save().await.unwrap().unwrap();
    assert_eq!(
        saved.lost.iter().map(|lost| (lost.name.as_str(), lost.kind.as_str())).collect::<Vec<_>>(),
        [("x", "letter")]
    );
    let content = session.kernel.take_saved().await.unwrap();
    assert_eq!((content.as_slice(), saved.length), (b"one\ntwo".as_slice(), 7));
    assert_eq!(session.kernel.take_saved().await.unwrap(), b"");
    assert_eq!(session.kernel.variables().await.unwrap().len(), 3);
    let mut other = open(KERNEL_WORDS).await.unwrap();
    other.kernel.restore(content).await.unwrap().unwrap();
    let variables = other.kernel.variables().await.unwrap();
    assert_eq!(variables.iter().map(|variable| variable.summary.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    other.kernel.restore(vec![0xff]).await.unwrap().unwrap_err();
    session.kernel.execute("keep !".into(), 2, true).await.unwrap().unwrap();
    assert!(session.kernel.save().await.unwrap().unwrap_err().contains("`!`"));
    assert!(session.kernel.is_alive() && other.kernel.is_alive());
}

#[tokio::test]
async fn a_kernel_without_state_says_so_and_goes_on() {
    let mut session = open(KERNEL_FLEETING).await.unwrap();
    assert_eq!(session.kernel.describe().await.unwrap().language, "nothing");
    let failure = session.kernel.save().await.unwrap_err();
    assert_eq!(failure.code, Code::FunctionNotFound);
    assert!(failure.message.contains("sandmill:kernel/state"), "{failure}");
    session.kernel.execute(String::new(), 1, true).await.unwrap().unwrap();
}
