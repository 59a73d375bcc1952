//! A text as numbers: which characters it has, and where each stands among them.
//! Never learns from the part that is kept for scoring.

use std::collections::BTreeSet;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use sdk_guest::prelude::*;

/// A longer text takes more memory than a step is given by default.
const TEXT_BYTES_MAX: u64 = 64 << 20;
/// More different characters make a table that is mostly empty.
const CHARACTERS_MAX: usize = 1_000;
/// Of characters that a model does not know, so many are told.
const UNKNOWN_SHOWN_MAX: usize = 10;
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
    /// Reads a text with characters of its own; both parts are longer than a context.
    pub(crate) fn read(text: &impl Handle, context: usize) -> Result<Self> {
        let content = content(text)?;
        let characters: Vec<char> = content.chars().collect::<BTreeSet<_>>().into_iter().collect();
        if characters.len() > CHARACTERS_MAX {
            let count = characters.len();
            return Err(Failure::new(format!(
                "the text has {count} different characters; at most {CHARACTERS_MAX} can be learned"
            )));
        }
        Self::of(&content, characters, context)
    }

    /// Reads a text in characters that are known; both parts are longer than a context.
    pub(crate) fn read_in(text: &impl Handle, characters: Vec<char>, context: usize) -> Result<Self> {
        let content = content(text)?;
        let unknown: BTreeSet<char> =
            content.chars().filter(|character| characters.binary_search(character).is_err()).collect();
        if !unknown.is_empty() {
            let (count, shown) = (unknown.len(), unknown.into_iter().take(UNKNOWN_SHOWN_MAX).collect::<String>());
            return Err(Failure::new(format!(
                "the text has {count} characters that the model has never seen, such as {shown:?}"
            ))
            .with_hint("leave them out, or train a model on a text that has them"));
        }
        Self::of(&content, characters, context)
    }

    fn of(content: &str, characters: Vec<char>, context: usize) -> Result<Self> {
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

    /// Where the pieces of a batch begin: anywhere in the part that is learned from, the same for the same `batch`.
    pub(crate) fn begins(&self, batch: u64, count: usize, context: usize, seed: u64) -> Vec<usize> {
        let last = (self.learned.len() - context - 1) as u64;
        let mut generator = Pcg64Mcg::seed_from_u64(seed);
        generator.advance(u128::from(batch) * count as u128);
        #[expect(clippy::cast_possible_truncation, reason = "less than the length of the text")]
        (0..count).map(|_| (generator.next_u64() % (last + 1)) as usize).collect()
    }

    /// Pieces of the part that is learned from.
    pub(crate) fn learned(&self, begins: &[usize], context: usize) -> Pieces {
        pieces(&self.learned, begins, context)
    }

    /// The part that is kept for scoring, piece after piece.
    pub(crate) fn kept(&self, context: usize) -> Pieces {
        let begins: Vec<usize> = (0..(self.kept.len() - 1) / context).map(|piece| piece * context).collect();
        pieces(&self.kept, &begins, context)
    }
}

fn content(text: &impl Handle) -> Result<String> {
    let bytes = text.description().size_bytes;
    if bytes > TEXT_BYTES_MAX {
        return Err(Failure::new(format!("a text of {bytes} bytes; at most {TEXT_BYTES_MAX} are read")));
    }
    String::from_utf8(text.read_to_end()?).context("the text is not UTF-8")
}

fn pieces(text: &[i32], begins: &[usize], context: usize) -> Pieces {
    let piece =
        |offset: usize| begins.iter().flat_map(move |begin| &text[begin + offset..begin + offset + context]).copied();
    Pieces { inputs: piece(0).collect(), targets: piece(1).collect() }
}
