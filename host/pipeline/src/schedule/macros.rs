//! Names that a schedule's parameters may use: `[[ScheduledTime]]`, `[[CurrentTime]]`, `[[Index]]`, `[[RunUUID]]`.
//! Never touches a name that it does not know.

use chrono::{DateTime, Utc};
use host_base::{Millis, RunId};
use serde_json::Value as Json;

/// How a time is written where no layout is given, in Go's words.
const DEFAULT_LAYOUT: &str = "20060102150405";

/// What the names mean for one firing.
#[derive(Clone, Debug)]
pub struct FiringNames {
    /// The time that it is due.
    pub scheduled_at_millis: Millis,
    /// The time that its run is started.
    pub now_millis: Millis,
    /// Counted from 1.
    pub index: u64,
    /// Its run.
    pub run: RunId,
}

/// A parameter with the names in its texts filled in, however deep they stand.
#[must_use]
pub fn fill(value: &Json, names: &FiringNames) -> Json {
    match value {
        Json::String(text) => Json::String(fill_text(text, names)),
        Json::Array(items) => Json::Array(items.iter().map(|item| fill(item, names)).collect()),
        Json::Object(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), fill(value, names))).collect())
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, names: &FiringNames) -> String {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once("[[") {
        filled.push_str(before);
        let found = behind.split_once("]]").and_then(|(name, behind)| Some((meaning(name, names)?, behind)));
        match found {
            Some((meaning, behind)) => {
                filled.push_str(&meaning);
                rest = behind;
            }
            None => {
                filled.push_str("[[");
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn meaning(name: &str, names: &FiringNames) -> Option<String> {
    let (name, layout) = name.split_once('.').unwrap_or((name, DEFAULT_LAYOUT));
    match name {
        "ScheduledTime" => in_layout(names.scheduled_at_millis, layout),
        "CurrentTime" => in_layout(names.now_millis, layout),
        "Index" => Some(names.index.to_string()),
        "RunUUID" => Some(names.run.to_string()),
        _ => None,
    }
}

/// Parts of a layout in Go's words, each with the same in `strftime`'s; the longest of a kind stands first.
const LAYOUT_PARTS: [(&str, &str); 20] = [
    ("2006", "%Y"),
    ("January", "%B"),
    ("Monday", "%A"),
    ("-07:00", "%:z"),
    ("Z07:00", "Z"),
    ("-0700", "%z"),
    ("MST", "UTC"),
    ("Jan", "%b"),
    ("Mon", "%a"),
    ("15", "%H"),
    ("06", "%y"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("PM", "%p"),
    ("_2", "%e"),
    ("2", "%-d"),
    ("1", "%-m"),
];

fn in_layout(millis: Millis, layout: &str) -> Option<String> {
    let time: DateTime<Utc> = DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)?;
    let (mut format, mut rest) = (String::new(), layout);
    while let Some(first) = rest.chars().next() {
        if let Some((part, same)) = LAYOUT_PARTS.iter().find(|(part, _)| rest.starts_with(part)) {
            format.push_str(same);
            rest = &rest[part.len()..];
        } else {
            format.push_str(if first == '%' { "%%" } else { &rest[..first.len_utf8()] });
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(time.format(&format).to_string())
}
