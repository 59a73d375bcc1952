//! Order, conditions and pages of lists.
//! Never over the wire; `tests/kfp` asks with the stock client.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
use serde_json::json;

use super::*;

/// A name, and the time at which it was made.
type Item = (&'static str, u64);

impl Listed for Item {
    fn field(&self, key: &str) -> Option<Field> {
        match key {
            "name" => Some(Field::text(self.0)),
            "created_at" => Some(Field::millis(self.1)),
            "finished_at" => Some(Field::None),
            _ => None,
        }
    }

    fn place(&self) -> String {
        format!("{:020}", self.1)
    }
}

const ITEMS: [Item; 4] = [("b", 1), ("a", 2), ("Ab", 3), ("b", 4)];

fn listed(query: &ListQuery) -> Vec<u64> {
    page(ITEMS.to_vec(), query).unwrap().items.into_iter().map(|(_, at)| at).collect()
}

fn filtered(predicate: &serde_json::Value) -> Vec<u64> {
    listed(&ListQuery { filter: json!({ "predicates": [predicate] }).to_string(), ..ListQuery::default() })
}

fn sorted(order: &str) -> Vec<u64> {
    listed(&ListQuery { sort_by: order.to_owned(), ..ListQuery::default() })
}

#[test]
fn lists_are_sorted_by_any_field_both_ways() {
    assert_eq!(sorted(""), [1, 2, 3, 4]);
    assert_eq!(sorted("created_at desc"), [4, 3, 2, 1]);
    assert_eq!(sorted("name"), [3, 2, 1, 4]);
    assert_eq!(sorted("name desc"), [4, 1, 2, 3]);
    for order in ["size", "name up", "name desc please"] {
        assert!(page(ITEMS.to_vec(), &ListQuery { sort_by: order.to_owned(), ..ListQuery::default() }).is_err());
    }
}

#[test]
fn conditions_are_read_in_every_form_that_clients_write() {
    assert_eq!(filtered(&json!({ "operation": 1, "key": "name", "stringValue": "b" })), [1, 4]);
    assert_eq!(filtered(&json!({ "operation": "EQUALS", "key": "name", "string_value": "b" })), [1, 4]);
    assert_eq!(filtered(&json!({ "operation": "NOT_EQUALS", "key": "name", "stringValue": "b" })), [2, 3]);
    assert_eq!(filtered(&json!({ "operation": 9, "key": "name", "stringValue": "A" })), [2, 3]);
    assert_eq!(filtered(&json!({ "operation": 8, "key": "name", "stringValues": { "values": ["a", "Ab"] } })), [2, 3]);
    assert_eq!(filtered(&json!({ "operation": 3, "key": "created_at", "longValue": "2" })), [3, 4]);
    assert_eq!(filtered(&json!({ "operation": 5, "key": "created_at", "int_value": 2 })), [2, 3, 4]);
    assert_eq!(
        filtered(&json!({ "operation": 7, "key": "created_at", "timestampValue": "1970-01-01T00:00:00.002Z" })),
        [1, 2]
    );
    assert_eq!(filtered(&json!({ "operation": 6, "key": "finished_at", "longValue": 9 })), Vec::<u64>::new());
}

#[test]
fn conditions_that_mean_nothing_are_refused() {
    let refused =
        |filter: &str| page(ITEMS.to_vec(), &ListQuery { filter: filter.to_owned(), ..ListQuery::default() }).is_err();
    assert!(refused("{"));
    assert!(refused(r#"{"predicates":[{"operation":4,"key":"name","stringValue":"b"}]}"#));
    assert!(refused(r#"{"predicates":[{"operation":1,"key":"size","stringValue":"b"}]}"#));
    assert!(refused(r#"{"predicates":[{"operation":1,"key":"name"}]}"#));
    let many = vec![json!({ "operation": 1, "key": "name", "stringValue": "b" }); PREDICATES_MAX + 1];
    assert!(refused(&json!({ "predicates": many }).to_string()));
    assert!(!refused(&json!({ "predicates": many[1..] }).to_string()));
}

#[test]
fn pages_go_on_where_the_last_one_ended_whatever_came_or_went() {
    let mut query = ListQuery { page_size: Some(2), sort_by: "name".to_owned(), ..ListQuery::default() };
    let first = page(ITEMS.to_vec(), &query).unwrap();
    assert_eq!((first.total, first.items), (4, vec![("Ab", 3), ("a", 2)]));
    query.page_token = first.next;
    query.sort_by.clear();
    let mut changed = ITEMS.to_vec();
    changed.remove(1);
    changed.push(("aa", 5));
    let second = page(changed, &query).unwrap();
    assert_eq!(second.items, [("aa", 5), ("b", 1)]);
    assert!(!second.next.is_empty());
    let refused = ListQuery { page_token: "?".to_owned(), ..ListQuery::default() };
    assert!(page(ITEMS.to_vec(), &refused).is_err());
}

#[test]
fn a_page_has_its_bounds() {
    let sized = |size: i64| page_size(&ListQuery { page_size: Some(size), ..ListQuery::default() });
    assert_eq!(sized(0).unwrap(), PAGE_SIZE_DEFAULT);
    assert_eq!(sized(1).unwrap(), 1);
    assert_eq!(sized(200).unwrap(), PAGE_SIZE_MAX);
    assert_eq!(sized(201).unwrap(), PAGE_SIZE_MAX);
    assert!(sized(-1).is_err());
}
