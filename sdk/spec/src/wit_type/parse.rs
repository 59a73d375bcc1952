//! Reads the text of a type, one word after the other.
//! Never nests without end: what a stranger wrote is read on the same stack as everything else.

use super::{SIMPLE, WitType, WitTypeError};
use crate::{nearest, rules};

/// Longest text of a type, in bytes.
pub const TYPE_BYTES_MAX: usize = 8 << 10;
/// Types inside each other.
pub const TYPE_DEPTH_MAX: usize = 16;

/// The types that are made of others.
const MADE_OF_OTHERS: [&str; 5] = ["list", "option", "tuple", "record", "enum"];
/// What people who come from Python write first, and what to write instead.
const FROM_PYTHON: [(&str, &str); 5] =
    [("int", "s64"), ("float", "f64"), ("str", "string"), ("bytes", "list<u8>"), ("dict", "record { name: type }")];

pub(super) fn parse(text: &str) -> Result<WitType, WitTypeError> {
    if text.len() > TYPE_BYTES_MAX {
        return Err(plain(format!("the type has {} bytes; at most {TYPE_BYTES_MAX} are read", text.len())));
    }
    let mut words = Words { rest: text };
    let found = words.read(0)?;
    match words.next() {
        None => Ok(found),
        Some(word) => Err(plain(format!("`{word}` stands behind the end of the type `{found}`"))),
    }
}

/// What is left of the text.
struct Words<'text> {
    rest: &'text str,
}

impl<'text> Words<'text> {
    /// The next name, or the next single character that is none.
    fn next(&mut self) -> Option<&'text str> {
        let text = self.rest.trim_start();
        let first = text.chars().next()?;
        let end = if is_of_a_name(first) {
            text.find(|character| !is_of_a_name(character)).unwrap_or(text.len())
        } else {
            first.len_utf8()
        };
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        Some(word)
    }

    fn expect(&mut self, wanted: &str, behind: &str) -> Result<(), WitTypeError> {
        match self.next() {
            Some(word) if word == wanted => Ok(()),
            found => Err(unexpected(wanted, behind, found)),
        }
    }

    /// Whether another item follows a `,`; `end` closes the list of them.
    fn goes_on(&mut self, end: &str, behind: &str) -> Result<bool, WitTypeError> {
        match self.next() {
            Some(",") => {
                // A comma may stand behind the last item, as in WIT.
                let is_last = self.rest.trim_start().starts_with(end);
                if is_last {
                    self.expect(end, behind)?;
                }
                Ok(!is_last)
            }
            Some(word) if word == end => Ok(false),
            found => Err(unexpected(end, behind, found)),
        }
    }

    fn read(&mut self, depth: usize) -> Result<WitType, WitTypeError> {
        if depth > TYPE_DEPTH_MAX {
            return Err(plain(format!("types stand more than {TYPE_DEPTH_MAX} deep inside each other")));
        }
        let Some(word) = self.next() else {
            return Err(plain("a type is missing at the end".to_owned()));
        };
        match word {
            "list" => {
                self.expect("<", word)?;
                let item = self.plain("list", depth)?;
                self.expect(">", word)?;
                Ok(WitType::List(Box::new(item)))
            }
            "option" => {
                self.expect("<", word)?;
                let item = self.read(depth + 1)?;
                self.expect(">", word)?;
                match item {
                    WitType::Option(_) => Err(plain("an option of an option says no more than one".to_owned())),
                    item => Ok(WitType::Option(Box::new(item))),
                }
            }
            "tuple" => {
                self.expect("<", word)?;
                let mut items = vec![self.plain("tuple", depth)?];
                while self.goes_on(">", word)? {
                    items.push(self.plain("tuple", depth)?);
                }
                Ok(WitType::Tuple(items))
            }
            "record" => self.record(depth),
            "enum" => self.names(),
            name => match SIMPLE.iter().find(|(simple, _)| *simple == name) {
                Some((_, found)) => Ok(found.clone()),
                None => Err(no_type(name)),
            },
        }
    }

    /// A type inside another one. A file travels alone, since it crosses as a handle and not as a value.
    fn plain(&mut self, whole: &str, depth: usize) -> Result<WitType, WitTypeError> {
        let found = self.read(depth + 1)?;
        let file = match &found {
            WitType::Option(inner) => inner.is_file(),
            other => other.is_file(),
        };
        if file {
            let hint = Some("give each file a parameter or a result of its own".to_owned());
            return Err(WitTypeError { problem: format!("a {whole} holds plain values, not `{found}`"), hint });
        }
        Ok(found)
    }

    fn record(&mut self, depth: usize) -> Result<WitType, WitTypeError> {
        self.expect("{", "record")?;
        let mut fields: Vec<(String, WitType)> = Vec::new();
        loop {
            let name = self.name("field")?;
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(plain(format!("the record has two fields `{name}`")));
            }
            self.expect(":", &name)?;
            fields.push((name, self.plain("record", depth)?));
            if !self.goes_on("}", "record")? {
                return Ok(WitType::Record(fields));
            }
        }
    }

    fn names(&mut self) -> Result<WitType, WitTypeError> {
        self.expect("{", "enum")?;
        let mut names: Vec<String> = Vec::new();
        loop {
            let name = self.name("case")?;
            if names.contains(&name) {
                return Err(plain(format!("the enum has two cases `{name}`")));
            }
            names.push(name);
            if !self.goes_on("}", "enum")? {
                return Ok(WitType::Enum(names));
            }
        }
    }

    fn name(&mut self, of: &str) -> Result<String, WitTypeError> {
        match self.next() {
            Some(name) if rules::is_parameter_name(name) => Ok(name.to_owned()),
            found => Err(unexpected(&format!("the name of a {of}"), "", found)),
        }
    }
}

const fn is_of_a_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

fn plain(problem: String) -> WitTypeError {
    WitTypeError { problem, hint: None }
}

fn unexpected(wanted: &str, behind: &str, found: Option<&str>) -> WitTypeError {
    let place = if behind.is_empty() { String::new() } else { format!(" behind `{behind}`") };
    let wanted = if wanted.len() == 1 { format!("`{wanted}`") } else { wanted.to_owned() };
    plain(match found {
        Some(found) => format!("expected {wanted}{place}, got `{found}`"),
        None => format!("expected {wanted}{place}, got the end of the type"),
    })
}

fn no_type(name: &str) -> WitTypeError {
    let known = || SIMPLE.iter().map(|(simple, _)| *simple).chain(MADE_OF_OTHERS);
    let meant = FROM_PYTHON.iter().find(|(python, _)| *python == name).map(|(_, wit)| *wit);
    let hint = match meant.or_else(|| nearest(name, known())) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the types are {}", known().collect::<Vec<_>>().join(", ")),
    };
    WitTypeError { problem: format!("`{name}` is no type"), hint: Some(hint) }
}
