//! The keys of one map of a manifest, each to be taken, ignored with a reason, or refused.
//! Never forgets one: what nobody asked for is refused in the end.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::problem;
use crate::document::Problem;

/// Keys that are being read.
pub(crate) struct Keys<'json> {
    json: &'json Json,
    path: String,
    asked: BTreeSet<String>,
    ignored: Vec<String>,
    problems: Vec<Problem>,
}

impl<'json> Keys<'json> {
    pub(crate) fn of(json: &'json Json) -> Self {
        Self::at(json, String::new())
    }

    fn at(json: &'json Json, path: String) -> Self {
        Self { json, path, asked: BTreeSet::new(), ignored: Vec::new(), problems: Vec::new() }
    }

    fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key; null counts as absent.
    fn take(&mut self, key: &str) -> Option<&'json Json> {
        self.asked.insert(key.to_owned());
        self.json.get(key).filter(|value| !value.is_null())
    }

    fn of_type<T>(&mut self, key: &str, wanted: &str, read: impl Fn(&'json Json) -> Option<T>) -> Option<T> {
        let value = self.take(key)?;
        let found = read(value);
        if found.is_none() {
            self.refuse(key, &format!("expected {wanted}, got {value}"), "write it as its interface defines it");
        }
        found
    }

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        self.of_type(key, "text", |value| value.as_str().map(str::to_owned))
    }

    /// Whatever stands there.
    pub(crate) fn value(&mut self, key: &str) -> Option<Json> {
        self.take(key).cloned()
    }

    pub(crate) fn whole(&mut self, key: &str) -> Option<u64> {
        self.of_type(key, "a whole number", Json::as_u64)
    }

    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        self.of_type(key, "true or false", Json::as_bool)
    }

    /// Bytes as Kubernetes writes them: `512Mi`.
    pub(crate) fn quantity(&mut self, key: &str) -> Option<u64> {
        self.of_type(key, "an amount of bytes such as 512Mi", |value| match value {
            Json::String(text) => bytes(text),
            other => other.as_u64(),
        })
    }

    pub(crate) fn list(&mut self, key: &str) -> Vec<Json> {
        self.of_type(key, "a list", |value| value.as_array().cloned()).unwrap_or_default()
    }

    /// Keys that nobody asked for yet.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.json.as_object().into_iter().flat_map(|map| map.keys());
        names.filter(|name| !self.asked.contains(*name)).cloned().collect()
    }

    /// What stands there, without counting as read; null where there is nothing.
    pub(crate) fn peek(&self, key: &str) -> &'json Json {
        &self.json[key]
    }

    /// Says what changes nothing here.
    pub(crate) fn told(&mut self, what: String) {
        self.ignored.push(what);
    }

    /// A number that may also be a word.
    pub(crate) fn text_or_whole(&mut self, key: &str) -> Option<Result<u64, String>> {
        match self.take(key)? {
            Json::String(text) => Some(text.parse().map_err(|_| text.clone())),
            other => Some(other.as_u64().ok_or_else(|| other.to_string())),
        }
    }

    /// Reads a map inside, where there is one.
    pub(crate) fn inside(&mut self, key: &str, read: impl FnOnce(&mut Keys<'json>)) {
        let Some(value) = self.take(key) else { return };
        self.read_at(value, self.place(key), read);
    }

    /// Reads each item of a list of maps.
    pub(crate) fn each(&mut self, key: &str, mut read: impl FnMut(usize, &mut Keys<'json>)) {
        let Some(value) = self.take(key) else { return };
        let Some(items) = value.as_array() else {
            return self.refuse(key, "expected a list", "write it as its interface defines it");
        };
        for (index, item) in items.iter().enumerate() {
            let place = format!("{}[{index}]", self.place(key));
            self.read_at(item, place, |keys| read(index, keys));
        }
    }

    /// Reads another document's map as if it stood here.
    pub(crate) fn beside(&mut self, json: &'json Json, path: &str, read: impl FnOnce(&mut Keys<'json>)) {
        self.read_at(json, path.to_owned(), read);
    }

    fn read_at(&mut self, json: &'json Json, path: String, read: impl FnOnce(&mut Keys<'json>)) {
        if !json.is_object() {
            let message = format!("expected keys and values, got {json}");
            return self.problems.push(problem(path, &message, "write it as its interface defines it"));
        }
        let mut keys = Keys::at(json, path);
        read(&mut keys);
        let (ignored, problems) = keys.finish();
        self.ignored.extend(ignored);
        self.problems.extend(problems);
    }

    /// Takes a key that changes nothing here.
    pub(crate) fn ignore(&mut self, key: &str, reason: &str) {
        if self.take(key).is_some() {
            self.ignored.push(format!("{}: {reason}", self.place(key)));
        }
    }

    /// Refuses a key whose meaning cannot be kept.
    pub(crate) fn refuse_key(&mut self, key: &str, reason: &str) {
        if self.take(key).is_some() {
            self.refuse(key, reason, "take it out");
        }
    }

    pub(crate) fn refuse(&mut self, key: &str, message: &str, hint: &str) {
        self.asked.insert(key.to_owned());
        self.problems.push(problem(self.place(key), message, hint));
    }

    /// What was ignored, and all problems: those that were found, and one for each key that nobody asked for.
    pub(crate) fn finish(mut self) -> (Vec<String>, Vec<Problem>) {
        for name in self.names() {
            let message = format!("`{name}` is not read here");
            self.problems.push(problem(self.place(&name), &message, "take it out"));
        }
        (self.ignored, self.problems)
    }
}

fn bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 8] = [
        ("Ki", 1 << 10),
        ("Mi", 1 << 20),
        ("Gi", 1 << 30),
        ("Ti", 1 << 40),
        ("k", 1_000),
        ("M", 1_000_000),
        ("G", 1_000_000_000),
        ("T", 1_000_000_000_000),
    ];
    let text = text.trim();
    if let Ok(plain) = text.parse() {
        return Some(plain);
    }
    let (suffix, factor) = UNITS.iter().find(|(suffix, _)| text.ends_with(suffix))?;
    let number: f64 = text[..text.len() - suffix.len()].parse().ok()?;
    let product = number * *factor as f64;
    (product.is_finite() && product >= 1.0).then_some(product.ceil() as u64)
}
