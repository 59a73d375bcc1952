//! Every parser against a fixed number of changes of what it takes, the same in each run.
//! Never a search: `cargo xtask fuzz` looks further, guided by coverage.

use std::panic::catch_unwind;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use tests_fuzz::{TARGETS, Target};

/// Inputs for each parser: a second or two of an unoptimised build.
const INPUTS: usize = 3_000;
/// Changes to one input.
const CHANGES_MAX: u32 = 6;
/// What documents are made of, so that some changes keep them sensible.
const WORDS: &[&str] = &[
    "{", "}", "[", "]", "\"", "'", ":", ",", "\n", "  ", "- ", "&a ", "*a", "<<", "0", "-1", "1e999", "null", "\0",
    "é", "..", "${", "}}", "@", "sha256:",
];

fn below(chance: &mut ChaCha8Rng, end: usize) -> usize {
    (chance.next_u64() % end.max(1) as u64) as usize
}

fn changed(chance: &mut ChaCha8Rng, target: &Target) -> Vec<u8> {
    let mut bytes = target.seeds[below(chance, target.seeds.len())].as_bytes().to_vec();
    for _ in 0..=chance.next_u32() % CHANGES_MAX {
        let at = below(chance, bytes.len() + 1);
        let end = (at + below(chance, 24)).min(bytes.len());
        match chance.next_u32() % 5 {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, WORDS[below(chance, WORDS.len())].bytes())),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << (chance.next_u32() % 8),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn every_parser_takes_its_seeds_and_survives_changes_of_them() {
    for (index, target) in TARGETS.iter().enumerate() {
        let mut chance = ChaCha8Rng::seed_from_u64(index as u64);
        let inputs = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect::<Vec<_>>();
        let changes = (0..INPUTS).map(|_| changed(&mut chance, target));
        for bytes in inputs.into_iter().chain(changes) {
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            assert!(catch_unwind(|| (target.check)(&bytes)).is_ok(), "{} on {shown:?}", target.name);
        }
    }
}
