//! The step, called natively: it learns, and it says what is wrong with its arguments.

use sdk_guest::prelude::*;

use super::train_language_model;

fn text(words: &str, times: usize) -> Artifact {
    let mut writer = Artifact::writer("text/plain");
    std::io::Write::write_all(&mut writer, words.repeat(times).as_bytes()).expect("written");
    writer.finish().expect("stored")
}

#[test]
fn a_text_that_repeats_is_learned() {
    let text = text("the mill grinds sand and the sand is fine. ", 60);
    let (model, loss) = train_language_model(&text, Some(60), Some(8), Some(16), None, Some(1)).expect("trained");
    assert!(loss < 1.0, "a network that knows nothing is at 2.8: {loss}");
    assert_eq!(model.metadata("architecture").as_deref(), Some("transformer"));
}

#[test]
fn what_cannot_be_trained_is_told() {
    let failure = |text: &Artifact, steps: u32, rate: f64| {
        let trained = train_language_model(text, Some(steps), None, Some(16), Some(rate), None);
        trained.expect_err("refused").message
    };
    assert!(failure(&text("short", 1), 1, 0.1).contains("needs 170"));
    assert!(failure(&text("long enough ", 50), 0, 0.1).contains("at least 1"));
    assert!(failure(&text("long enough ", 50), 1, -1.0).contains("learning rate of -1"));
}
