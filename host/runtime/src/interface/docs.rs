//! What a component's authors say of its functions, as far as its binary carries it.
//! Never part of a type: what is missing or damaged here changes nothing but what people read.

use std::collections::BTreeMap;

use wasmparser::{Parser, Payload};
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

/// Where `#[step]` writes its doc comments: a record for each step, of name and words. Linkers put sections of one
/// name one behind the other, and leave them in the module that they make a component of.
const SECTION: &str = "sandmill:docs";
/// Between a name and its words.
const UNIT: char = '\u{1f}';
/// Behind each record.
const RECORD: char = '\u{1e}';
/// What is behind this is not read.
const SECTION_BYTES_MAX: usize = 256 << 10;

/// Puts the words beside the functions of the world. What stands in `package-docs`, where tools keep the documentation of
/// WIT, stands there already: decoding has read it.
pub(super) fn inject(bytes: &[u8], resolve: &mut Resolve, world: WorldId) {
    let mut steps = BTreeMap::new();
    // What cannot be read here was refused before, or is nobody's to need.
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        let Payload::CustomSection(section) = payload else { continue };
        if section.name() == SECTION {
            steps.extend(records(section.data()));
        }
    }
    for (name, words) in steps {
        if let Some(WorldItem::Function(function)) = resolve.worlds[world].exports.get_mut(&WorldKey::Name(name)) {
            function.docs.contents = Some(words);
        }
    }
}

fn records(data: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&data[..data.len().min(SECTION_BYTES_MAX)]);
    let record = |record: &str| {
        let (name, words) = record.split_once(UNIT)?;
        // Indented as it stood behind the slashes.
        let lines: Vec<&str> = words.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        Some((name.to_owned(), lines.join("\n").trim().to_owned()))
    };
    text.split(RECORD).filter_map(record).filter(|(_, words)| !words.is_empty()).collect()
}

#[cfg(test)]
mod tests;
