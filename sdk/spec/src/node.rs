//! A document as a tree that remembers where everything stands.
//! Never knows what the tree means.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_saphyr::{Location, Spanned};

/// A value with its place in the text.
pub(crate) type Placed = Spanned<Node>;

/// A value of the document.
pub(crate) enum Node {
    Scalar(Json),
    List(Vec<Placed>),
    /// Keys in the document's order.
    Map(Vec<(Spanned<String>, Placed)>),
}

impl Node {
    /// The value without its place.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Scalar(value) => value.clone(),
            Self::List(items) => Json::Array(items.iter().map(|item| item.value.to_json()).collect()),
            Self::Map(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.value.clone(), value.value.to_json())).collect())
            }
        }
    }

    /// A value that was read elsewhere, and so has no place.
    pub(crate) fn placed(json: &Json) -> Placed {
        let node = match json {
            Json::Array(items) => Self::List(items.iter().map(Self::placed).collect()),
            Json::Object(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (unplaced(key.clone()), Self::placed(value))).collect())
            }
            scalar => Self::Scalar(scalar.clone()),
        };
        unplaced(node)
    }

    /// Whether there is nothing.
    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(Json::Null))
    }

    /// The value of a key.
    pub(crate) fn get(&self, wanted: &str) -> Option<&Placed> {
        match self {
            Self::Map(entries) => entries.iter().find(|(key, _)| key.value == wanted).map(|(_, value)| value),
            Self::Scalar(_) | Self::List(_) => None,
        }
    }

    /// The item at an index.
    pub(crate) fn item(&self, index: usize) -> Option<&Placed> {
        match self {
            Self::List(items) => items.get(index),
            Self::Scalar(_) | Self::Map(_) => None,
        }
    }
}

const fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Location::UNKNOWN, Location::UNKNOWN)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value that JSON can hold")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Json::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Json::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        match serde_json::Number::from_f64(value) {
            Some(number) => Ok(Node::Scalar(Json::Number(number))),
            None => Err(E::custom(format!("{value} is not a number that JSON can hold; quote it if it is text"))),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
}
