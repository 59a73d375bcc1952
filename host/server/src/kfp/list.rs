//! Lists: conditions, order, pages.
//! Never an offset: a page's token is the place of its last item, so that nothing is skipped or repeated.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use host_api::kfp::filter::{Comparison, Filter, PREDICATES_MAX, Predicate};
use host_api::kfp::{ListQuery, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use serde::{Deserialize, Serialize};

use super::answer::{Refused, invalid};

/// The order where a request names none: the oldest first, as Kubeflow has it.
const ORDER_DEFAULT: &str = "created_at";

/// A field's value. Texts stand behind numbers only so that there is one order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Field {
    /// The item has no value there.
    None,
    /// A number, or a time in milliseconds.
    Number(i64),
    /// A text.
    Text(String),
}

impl Field {
    /// A moment.
    pub(super) fn millis(millis: u64) -> Self {
        Self::Number(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text that may not be there.
    pub(super) fn optional(text: Option<&String>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.clone()))
    }
}

/// What can be listed.
pub(super) trait Listed {
    /// The value of a field; none where items of this kind have no such field.
    fn field(&self, key: &str) -> Option<Field>;
    /// The place in the order of introduction, by which equal items are told apart.
    fn place(&self) -> String;
}

/// One page.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// All that the conditions let through.
    pub(super) total: usize,
    /// For the page behind; empty on the last.
    pub(super) next: String,
}

/// What a token holds. It continues its own list, whatever stands beside it in the request.
#[derive(Serialize, Deserialize)]
struct Token {
    order: String,
    filter: String,
    key: Field,
    place: String,
}

/// The page that a request asks for, out of everything there is.
pub(super) fn page<T: Listed>(all: Vec<T>, query: &ListQuery) -> Result<Page<T>, Refused> {
    let token = token(&query.page_token)?;
    let (order, filter) = match &token {
        Some(token) => (token.order.clone(), token.filter.clone()),
        None => (query.sort_by.clone(), query.filter.clone()),
    };
    let (key, descending) = read_order(&order)?;
    let predicates = read_filter(&filter)?;
    let mut found = Vec::new();
    for item in all {
        if holds_all(&item, &predicates)? {
            let value = item.field(&key).ok_or_else(|| no_such_field(&key))?;
            found.push(((value, item.place()), item));
        }
    }
    found.sort_by(|(one, _), (other, _)| if descending { other.cmp(one) } else { one.cmp(other) });
    let total = found.len();
    if let Some(Token { key, place, .. }) = token {
        let last = (key, place);
        found.retain(|(at, _)| if descending { *at < last } else { *at > last });
    }
    let size = page_size(query)?;
    let more = found.len() > size;
    found.truncate(size);
    let next = match found.last() {
        Some(((key, place), _)) if more => {
            write_token(&Token { order, filter, key: key.clone(), place: place.clone() })
        }
        _ => String::new(),
    };
    Ok(Page { items: found.into_iter().map(|(_, item)| item).collect(), total, next })
}

fn page_size(query: &ListQuery) -> Result<usize, Refused> {
    match query.page_size.unwrap_or(0) {
        0 => Ok(PAGE_SIZE_DEFAULT),
        asked if asked < 0 => Err(invalid(format!("a page of {asked} items is none"), "ask for 1 to 200 items")),
        asked => Ok(usize::try_from(asked).unwrap_or(PAGE_SIZE_MAX).min(PAGE_SIZE_MAX)),
    }
}

fn token(text: &str) -> Result<Option<Token>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let token = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    token.map(Some).ok_or_else(|| invalid(format!("`{text}` is no page token"), "begin the list again without one"))
}

fn write_token(token: &Token) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(token).unwrap_or_default())
}

fn read_order(order: &str) -> Result<(String, bool), Refused> {
    let mut words = order.split_whitespace();
    let key = words.next().unwrap_or(ORDER_DEFAULT).to_owned();
    match (words.next().map(str::to_ascii_lowercase).as_deref(), words.next()) {
        (None | Some("asc"), None) => Ok((key, false)),
        (Some("desc"), None) => Ok((key, true)),
        _ => Err(invalid(format!("`{order}` is no order"), "write a field, with ` desc` behind it for the other way")),
    }
}

fn read_filter(text: &str) -> Result<Vec<Predicate>, Refused> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let filter: Filter = serde_json::from_str(text).map_err(|error| {
        let hint =
            r#"write JSON such as {"predicates":[{"operation":"EQUALS","key":"display_name","stringValue":"x"}]}"#;
        invalid(format!("the filter cannot be read: {error}"), hint)
    })?;
    if filter.predicates.len() > PREDICATES_MAX {
        let count = filter.predicates.len();
        return Err(invalid(
            format!("the filter has {count} conditions; at most {PREDICATES_MAX} are heeded"),
            "use fewer",
        ));
    }
    Ok(filter.predicates)
}

fn no_such_field(key: &str) -> Refused {
    invalid(format!("there is no field `{key}` to list by"), "use id, name, display_name, created_at, …")
}

fn holds_all(item: &impl Listed, predicates: &[Predicate]) -> Result<bool, Refused> {
    for predicate in predicates {
        let field = item.field(&predicate.key).ok_or_else(|| no_such_field(&predicate.key))?;
        if !holds(&field, predicate)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(field: &Field, predicate: &Predicate) -> Result<bool, Refused> {
    let values = values(predicate);
    if predicate.operation == Comparison::In {
        return Ok(values.contains(field));
    }
    let Some(value) = values.first() else {
        return Err(invalid(format!("the condition on `{}` has no value", predicate.key), "add `stringValue`"));
    };
    // What has no value there is not the same as any, and neither more nor less.
    let comparable = std::mem::discriminant(field) == std::mem::discriminant(value);
    Ok(match predicate.operation {
        Comparison::Equals | Comparison::In => field == value,
        Comparison::NotEquals => field != value,
        Comparison::GreaterThan => comparable && field > value,
        Comparison::GreaterThanEquals => comparable && field >= value,
        Comparison::LessThan => comparable && field < value,
        Comparison::LessThanEquals => comparable && field <= value,
        Comparison::IsSubstring => match (field, value) {
            (Field::Text(field), Field::Text(part)) => field.to_lowercase().contains(&part.to_lowercase()),
            _ => false,
        },
    })
}

fn values(predicate: &Predicate) -> Vec<Field> {
    let mut values = Vec::new();
    values.extend(predicate.string_value.clone().map(Field::Text));
    values.extend(predicate.int_value.map(Field::Number));
    values.extend(predicate.long_value.map(|number| Field::Number(number.0)));
    values.extend(predicate.timestamp_value.map(|time| Field::millis(time.millis)));
    values.extend(predicate.string_values.iter().flat_map(|list| list.values.iter().cloned().map(Field::Text)));
    values.extend(predicate.int_values.iter().flat_map(|list| list.values.iter().copied().map(Field::Number)));
    values
        .extend(predicate.long_values.iter().flat_map(|list| list.values.iter().map(|number| Field::Number(number.0))));
    values
}

#[cfg(test)]
mod tests;
