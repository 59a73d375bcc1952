//! A text as numbers: which characters it has, and where each stands among them.
//! Never learns from the part that is kept for scoring.

use std::collections::BTreeSet;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;
use sdk_guest::prelude::*;

/// A longer text takes more memory than a step is given by default.
const TEXT_BYTES_MAX: u64 = 64 << 20;
/// More different characters make a table that is mostly empty.
const CHARACTERS_MAX: usize = 1_000;
/// One part in so many is kept for scoring.
const KEPT_PART: usize = 10;

/// A text as numbers.
pub(crate) struct Corpus {
    /// The characters, in order.
    pub(crate) characters: Vec<char>,
    learned: Vec<i32>,
    kept: Vec<i32>,
}

/// Pieces of a text and what follows each of their characters; as long as the context, one after the other.
pub(crate) struct Pieces {
    /// What is looked at.
    pub(crate) inputs: Vec<i32>,
    /// What should be named: the same, one character on.
    pub(crate) targets: Vec<i32>,
}

impl Corpus {
    /// Reads a text; both parts are longer than a context.
    pub(crate) fn read(text: &Artifact, context: usize) -> Result<Self> {
        let bytes = text.describe().size_bytes;
        if bytes > TEXT_BYTES_MAX {
            return Err(Failure::new(format!("a text of {bytes} bytes; at most {TEXT_BYTES_MAX} are read")));
        }
        let content = String::from_utf8(text.read_to_end()?).context("the text is not UTF-8")?;
        let characters: Vec<char> = content.chars().collect::<BTreeSet<_>>().into_iter().collect();
        if characters.len() > CHARACTERS_MAX {
            let count = characters.len();
            return Err(Failure::new(format!(
                "the text has {count} different characters; at most {CHARACTERS_MAX} can be learned"
            )));
        }
        let place = |character| characters.binary_search(&character).ok().and_then(|place| i32::try_from(place).ok());
        let mut learned: Vec<i32> = content.chars().filter_map(place).collect();
        let kept = learned.split_off(learned.len() - learned.len() / KEPT_PART);
        if kept.len() <= context {
            let (length, needed) = (learned.len() + kept.len(), KEPT_PART * (context + 1));
            return Err(Failure::new(format!(
                "the text has {length} characters, and a context of {context} needs {needed}"
            ))
            .with_hint("give it a longer text, or a shorter context"));
        }
        Ok(Self { characters, learned, kept })
    }

    /// Characters of the whole text.
    pub(crate) fn length(&self) -> usize {
        self.learned.len() + self.kept.len()
    }

    /// Pieces from anywhere in the part that is learned from.
    pub(crate) fn random(&self, count: usize, context: usize, generator: &mut Pcg64Mcg) -> Pieces {
        let last = (self.learned.len() - context - 1) as u64;
        #[expect(clippy::cast_possible_truncation, reason = "less than the length of the text")]
        let begins: Vec<usize> = (0..count).map(|_| (generator.next_u64() % (last + 1)) as usize).collect();
        pieces(&self.learned, &begins, context)
    }

    /// The part that is kept for scoring, piece after piece.
    pub(crate) fn kept(&self, context: usize) -> Pieces {
        let begins: Vec<usize> = (0..(self.kept.len() - 1) / context).map(|piece| piece * context).collect();
        pieces(&self.kept, &begins, context)
    }
}

fn pieces(text: &[i32], begins: &[usize], context: usize) -> Pieces {
    let piece =
        |offset: usize| begins.iter().flat_map(move |begin| &text[begin + offset..begin + offset + context]).copied();
    Pieces { inputs: piece(0).collect(), targets: piece(1).collect() }
}
