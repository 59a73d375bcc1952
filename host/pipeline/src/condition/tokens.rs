//! A condition's text, cut into words and signs.
//! Never knows what may follow what.

use serde_json::Value as Json;

/// A word or a sign, with the character where it begins, counted from 1.
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Word(String),
    Literal(Json),
    Sign(&'static str),
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 16] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", "-", ","];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let (mut rest, mut at) = (text, 1);
    loop {
        let trimmed = rest.trim_start();
        at += rest[..rest.len() - trimmed.len()].chars().count();
        rest = trimmed;
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (kind, length) = if first == '\'' || first == '"' {
            quoted(rest, first).ok_or_else(|| format!("the text that begins at character {at} has no end"))?
        } else if first.is_ascii_digit() {
            number(rest).ok_or_else(|| format!("there is no number at character {at}"))?
        } else if first.is_ascii_alphabetic() || first == '_' {
            word(rest)
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or_else(|| format!("`{first}` at character {at} has no meaning"))?;
            (Kind::Sign(sign), sign.len())
        };
        tokens.push(Token { kind, at });
        at += rest[..length].chars().count();
        rest = &rest[length..];
    }
}

fn word(rest: &str) -> (Kind, usize) {
    let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
    let kind = match &rest[..length] {
        "true" => Kind::Literal(true.into()),
        "false" => Kind::Literal(false.into()),
        "null" => Kind::Literal(Json::Null),
        word => Kind::Word(word.to_owned()),
    };
    (kind, length)
}

fn number(rest: &str) -> Option<(Kind, usize)> {
    let mut length = 0;
    for (at, letter) in rest.char_indices() {
        let exponent_sign = matches!(letter, '+' | '-') && rest[..at].ends_with(['e', 'E']);
        if !(letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E') || exponent_sign) {
            break;
        }
        length = at + 1;
    }
    let text = &rest[..length];
    let json = match text.parse::<i64>() {
        Ok(whole) => Json::from(whole),
        Err(_) => Json::Number(serde_json::Number::from_f64(text.parse().ok()?)?),
    };
    Some((Kind::Literal(json), length))
}

/// Text in quotes, and how many bytes it takes with them.
fn quoted(rest: &str, quote: char) -> Option<(Kind, usize)> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            end if end == quote => return Some((Kind::Literal(text.into()), at + quote.len_utf8())),
            '\\' => match letters.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'u' => {
                    let digits: String = (0..4).filter_map(|_| letters.next()).map(|(_, digit)| digit).collect();
                    text.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}
