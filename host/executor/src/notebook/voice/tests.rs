//! What is kept of a session for who comes back.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use host_cap_kernel::TextStream;
use serde_json::json;

use super::*;

fn asked() -> Asked {
    Arc::new(json!({}))
}

fn began(asked: &Asked) -> Heard {
    Heard { asked: Some(asked.clone()), what: HeardFrom::CellBegan { code: "x".to_owned(), number: 1 } }
}

fn text(asked: &Asked, text: String) -> Heard {
    let said = Said::Text { stream: TextStream::Stdout, text };
    Heard { asked: Some(asked.clone()), what: HeardFrom::Said { said, number: 1 } }
}

fn idle(asked: &Asked) -> Heard {
    Heard { asked: Some(asked.clone()), what: HeardFrom::Idle }
}

#[test]
fn who_comes_back_hears_what_cells_said_and_then_the_rest() {
    let voice = Voice::default();
    let (cell, other) = (asked(), asked());
    for heard in [idle(&other), began(&cell), text(&cell, "a".to_owned()), idle(&other), text(&cell, "b".to_owned())] {
        voice.say(heard);
    }
    let (kept, mut hearing) = voice.listen_again();
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert!(matches!(kept[0].what, HeardFrom::CellBegan { .. }));
    voice.say(idle(&cell));
    assert!(matches!(hearing.try_recv().unwrap().what, HeardFrom::Idle));
    assert!(hearing.try_recv().is_err());
    assert_eq!(voice.listen_again().0.len(), 4);
}

#[test]
fn the_oldest_goes_first_at_either_limit() {
    let voice = Voice::default();
    let cell = asked();
    voice.say(began(&cell));
    for _ in 1..KEPT_MAX {
        voice.say(text(&cell, "a".to_owned()));
    }
    assert!(matches!(voice.listen_again().0[0].what, HeardFrom::CellBegan { .. }));
    voice.say(text(&cell, "a".to_owned()));
    let kept = voice.listen_again().0;
    assert_eq!(kept.len(), KEPT_MAX);
    assert!(matches!(kept[0].what, HeardFrom::Said { .. }));
    voice.say(text(&cell, "a".repeat(KEPT_BYTES_MAX)));
    assert_eq!(voice.listen_again().0.len(), 1);
    voice.say(text(&cell, "a".to_owned()));
    assert_eq!(voice.listen_again().0.len(), 1);
}

#[test]
fn a_question_is_asked_again_until_it_was_answered() {
    let voice = Voice::default();
    let cell = asked();
    voice.say(began(&cell));
    let what = HeardFrom::Question { prompt: "name?".to_owned(), secret: false };
    voice.say(Heard { asked: Some(cell), what });
    assert_eq!(voice.listen_again().0.len(), 2);
    voice.answered();
    assert_eq!(voice.listen_again().0.len(), 1);
}
