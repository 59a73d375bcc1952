//! A document beside its schema: every key that does not belong, every value that is not allowed.
//! Never stops at the first problem.

use serde_json::Value as Json;
use serde_saphyr::{Location, Spanned};

use crate::document::{Found, Problem, ProblemKind, position};
use crate::node::{Node, Placed};
use crate::{ByteSize, Span, WitType, nearest, rules};

/// Walks a tree beside a schema, and returns the tree as JSON without the keys that it does not know.
pub(crate) fn check(schema: &Json, tree: &Placed, found: &mut Found) -> Json {
    let mut walk = Walk { root: schema, path: Vec::new(), found };
    walk.value(schema, tree, tree.referenced)
}

struct Walk<'a> {
    root: &'a Json,
    path: Vec<Step<'a>>,
    found: &'a mut Found,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Walk<'a> {
    /// `key` is where the value's name stands: a mapping begins at its first key, which is not where
    /// a reader looks for what is wrong with the whole of it.
    fn value(&mut self, schema: &'a Json, tree: &'a Placed, key: Location) -> Json {
        let schema = resolve(self.root, schema);
        if schema.nullable && tree.value.is_null() {
            return Json::Null;
        }
        let schema = schema.schema;
        match &tree.value {
            _ if !self.check_type(schema, tree, key) => Json::Null,
            Node::Scalar(json) => {
                self.scalar(schema, tree, json);
                json.clone()
            }
            Node::List(items) => {
                let Some(inner) = schema.get("items") else { return tree.value.to_json() };
                let item =
                    |(index, item)| self.inside(Step::Index(index), |walk| walk.value(inner, item, item.referenced));
                items.iter().enumerate().map(item).collect()
            }
            Node::Map(entries) => self.map(schema, entries, key),
        }
    }

    fn inside<T>(&mut self, step: Step<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = work(self);
        self.path.pop();
        result
    }

    fn map(&mut self, schema: &'a Json, entries: &'a [(Spanned<String>, Placed)], at: Location) -> Json {
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        let names = schema.get("propertyNames");
        // First what is wrong with the whole, lest it be lost behind what is wrong with its parts.
        self.size(schema, entries.len(), at);
        self.required(schema, entries, at);
        let mut known = serde_json::Map::new();
        for (key, value) in entries {
            let inner = properties.and_then(|properties| properties.get(&key.value));
            self.path.push(Step::Key(&key.value));
            match (inner, others) {
                (Some(inner), _) => {
                    known.insert(key.value.clone(), self.value(inner, value, key.referenced));
                }
                (None, Some(Json::Bool(false))) => self.unknown_key(key, properties),
                (None, Some(inner @ Json::Object(_))) => {
                    if let Some(format) = names.and_then(|names| names.get("format")) {
                        self.name(format, key.referenced, &key.value);
                    }
                    known.insert(key.value.clone(), self.value(inner, value, key.referenced));
                }
                (None, _) => {
                    known.insert(key.value.clone(), value.value.to_json());
                }
            }
            self.path.pop();
        }
        Json::Object(known)
    }

    fn required(&mut self, schema: &Json, entries: &[(Spanned<String>, Placed)], at: Location) {
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        for name in required.filter(|name| !entries.iter().any(|(key, _)| key.value == **name)) {
            self.invalid(at, format!("`{name}` is missing"), Some(format!("add `{name}:`")));
        }
    }

    fn size(&mut self, schema: &Json, entries: usize, at: Location) {
        let bound = |name: &str| schema.get(name).and_then(Json::as_u64);
        let (least, most) = (bound("minProperties").unwrap_or(0), bound("maxProperties").unwrap_or(u64::MAX));
        if !(least..=most).contains(&(entries as u64)) {
            self.invalid(at, format!("expected {least} to {most} entries, got {entries}"), None);
        }
    }

    /// Whether the value is of the schema's type at all; its inside is looked at only then.
    fn check_type(&mut self, schema: &Json, tree: &Placed, key: Location) -> bool {
        let allowed: Vec<&str> = match schema.get("type") {
            Some(Json::String(one)) => vec![one.as_str()],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            _ if schema.get("oneOf").is_some() => vec!["string"],
            _ => return true,
        };
        if allowed.iter().any(|allowed| is_of_type(&tree.value, allowed)) {
            return true;
        }
        let quantity = match schema.get("format").and_then(Json::as_str) {
            Some("byte-size") => Some("a size such as 256MiB"),
            Some("span") => Some("a span of time such as 30s"),
            _ => None,
        };
        let hint = match (&tree.value, quantity) {
            (Node::Scalar(Json::Number(_)), Some(_)) => Some("write the unit".to_owned()),
            (Node::Scalar(json @ (Json::Number(_) | Json::Bool(_))), None) if allowed.contains(&"string") => {
                Some(format!("put it in quotes: \"{json}\""))
            }
            _ => None,
        };
        let wanted = quantity.unwrap_or_else(|| describe_type(allowed.first().copied().unwrap_or_default()));
        let at = if matches!(tree.value, Node::Scalar(_)) { tree.referenced } else { key };
        self.invalid(at, format!("expected {wanted}, got {}", describe(&tree.value)), hint);
        false
    }

    fn scalar(&mut self, schema: &Json, tree: &Placed, json: &Json) {
        let format = schema.get("format");
        match (json, format.and_then(Json::as_str)) {
            (Json::String(text), Some("byte-size")) => {
                if let Err(message) = ByteSize::try_from(text.clone()) {
                    self.invalid(tree.referenced, message, None);
                }
            }
            (Json::String(text), Some("span")) => {
                if let Err(message) = Span::try_from(text.clone()) {
                    self.invalid(tree.referenced, message, None);
                }
            }
            (Json::String(text), Some("wit-type")) => {
                if let Err(error) = WitType::parse(text) {
                    self.invalid(tree.referenced, error.problem, error.hint);
                }
            }
            (Json::String(text), _) => {
                self.choice(schema, tree, text);
                self.name(format.unwrap_or(&Json::Null), tree.referenced, text);
            }
            _ => {}
        }
        let bound = |name: &str| schema.get(name).and_then(Json::as_f64);
        if let (Some(number), least, most) = (json.as_f64(), bound("minimum"), bound("maximum"))
            && (least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most))
        {
            let (least, most) = (schema.get("minimum"), schema.get("maximum"));
            let range = match (least, most) {
                (Some(least), Some(most)) => format!("between {least} and {most}"),
                (Some(least), None) => format!("at least {least}"),
                _ => format!("at most {}", most.cloned().unwrap_or_default()),
            };
            self.invalid(tree.referenced, format!("expected a number {range}, got {json}"), None);
        }
        if json.as_str().is_some_and(|text| text.trim().is_empty()) && schema.get("minLength").is_some() {
            self.invalid(tree.referenced, "expected some text, got none".to_owned(), None);
        }
    }

    fn choice(&mut self, schema: &Json, tree: &Placed, text: &str) {
        let Some(choices) = schema.get("oneOf").and_then(Json::as_array) else { return };
        let choices: Vec<&str> = choices.iter().filter_map(|choice| choice.get("const")?.as_str()).collect();
        if !choices.contains(&text) {
            let message = match choices.as_slice() {
                [only] => format!("expected `{only}`, got `{text}`"),
                several => format!("expected one of {}, got `{text}`", several.join(", ")),
            };
            let meant = nearest(text, choices.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
            self.invalid(tree.referenced, message, meant);
        }
    }

    fn name(&mut self, format: &Json, location: Location, name: &str) {
        let (sound, rule) = match format.as_str() {
            Some("name") => (rules::is_name(name), "lower-case letters, digits and hyphens, no hyphen last"),
            Some("python-name") => (rules::is_python_name(name), "letters, digits and underscores"),
            Some("parameter-name") => (rules::is_parameter_name(name), "letters, digits, hyphens and underscores"),
            _ => return,
        };
        if !sound {
            let hint = format!("use {rule}, a letter first, at most {} characters", rules::NAME_CHARACTERS_MAX);
            self.report(ProblemKind::InvalidValue, location, format!("`{name}` is no name"), Some(hint));
        }
    }

    fn unknown_key(&mut self, key: &Spanned<String>, properties: Option<&serde_json::Map<String, Json>>) {
        let names = || properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str));
        let hint = match nearest(&key.value, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the keys are {}", names().collect::<Vec<_>>().join(", ")),
        };
        self.report(ProblemKind::UnknownKey, key.referenced, format!("unknown key `{}`", key.value), Some(hint));
    }

    fn invalid(&mut self, at: Location, message: String, hint: Option<String>) {
        self.report(ProblemKind::InvalidValue, at, message, hint);
    }

    fn report(&mut self, kind: ProblemKind, location: Location, message: String, hint: Option<String>) {
        let (line, column) = position(location);
        let path = self.path.iter().fold(String::new(), |path, step| match step {
            Step::Key(key) if path.is_empty() => (*key).to_owned(),
            Step::Key(key) => format!("{path}.{key}"),
            Step::Index(index) => format!("{path}[{index}]"),
        });
        self.found.push(Problem { kind, line, column, path, message, hint });
    }
}

struct Resolved<'a> {
    schema: &'a Json,
    nullable: bool,
}

/// Follows `$ref`, and for an optional value the alternative that is not null.
fn resolve<'a>(root: &'a Json, schema: &'a Json) -> Resolved<'a> {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or(Resolved { schema, nullable: false }, |target| resolve(root, target));
    }
    let alternatives = schema.get("anyOf").and_then(Json::as_array);
    match alternatives.and_then(|all| all.iter().find(|one| one.get("type") != Some(&Json::from("null")))) {
        Some(value) => Resolved { nullable: true, ..resolve(root, value) },
        None => Resolved { schema, nullable: false },
    }
}

fn is_of_type(node: &Node, wanted: &str) -> bool {
    match (node, wanted) {
        (Node::Map(_), "object") | (Node::List(_), "array") => true,
        (Node::Scalar(json), "string") => json.is_string(),
        (Node::Scalar(json), "integer") => json.is_u64() || json.is_i64(),
        (Node::Scalar(json), "number") => json.is_number(),
        (Node::Scalar(json), "boolean") => json.is_boolean(),
        (Node::Scalar(json), "null") => json.is_null(),
        _ => false,
    }
}

fn describe_type(name: &str) -> &'static str {
    match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "keys and values",
    }
}

fn describe(node: &Node) -> String {
    const CHARACTERS_MAX: usize = 40;
    match node {
        Node::Scalar(Json::Null) => "nothing".to_owned(),
        Node::Scalar(Json::String(text)) if text.chars().count() > CHARACTERS_MAX => "a longer text".to_owned(),
        Node::Scalar(json) => json.to_string(),
        Node::List(_) => "a list".to_owned(),
        Node::Map(_) => "keys and values".to_owned(),
    }
}
