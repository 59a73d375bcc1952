//! Promises about the catalogue and about what is attached to runs.

use serde_json::json;

use super::sample::{entry, run, submitted};
use crate::catalogue::{CHANGES_MAX, RECORD_BYTES_MAX};
use crate::{CatalogueChange, Fact, Firing, LedgerError, RunAttributes, RunFilter, SharedLedger};

/// An item of a kind.
#[must_use]
pub fn put(kind: &str, id: &str, owner: &str, name: &str) -> CatalogueChange {
    CatalogueChange::Put {
        kind: kind.to_owned(),
        id: id.to_owned(),
        owner: owner.to_owned(),
        name: name.to_owned(),
        record: json!({ "of": name }),
    }
}

/// No item of a kind any more.
#[must_use]
pub fn removed(kind: &str, id: &str) -> CatalogueChange {
    CatalogueChange::Removed { kind: kind.to_owned(), id: id.to_owned() }
}

async fn ids(ledger: &SharedLedger, kind: &str, owner: Option<&str>) -> Vec<String> {
    ledger.catalogue(kind, owner).await.unwrap().into_iter().map(|item| item.id).collect()
}

/// In the order of introduction, by kind and owner; a change keeps the place.
pub async fn items_are_listed_in_their_order(ledger: &SharedLedger) {
    ledger.change_catalogue(5, vec![put("a", "2", "", "x"), put("b", "1", "2", "x")]).await.unwrap();
    ledger.change_catalogue(6, vec![put("a", "1", "", "y"), put("b", "3", "9", "x")]).await.unwrap();
    ledger.change_catalogue(7, vec![put("a", "2", "", "z")]).await.unwrap();
    assert_eq!(ids(ledger, "a", None).await, ["2", "1"]);
    assert_eq!(ids(ledger, "b", Some("2")).await, ["1"]);
    assert_eq!(ids(ledger, "c", None).await, Vec::<String>::new());
    let item = ledger.catalogue_item("a", "2").await.unwrap().unwrap();
    assert_eq!((item.created_at_millis, item.changed_at_millis, item.name.as_str()), (5, 7, "z"));
    assert_eq!(item.record, json!({ "of": "z" }));
    assert_eq!(ledger.catalogue_item("a", "3").await.unwrap(), None);
}

/// Within a kind and an owner; a name that was given up can be taken.
pub async fn a_name_is_held_once(ledger: &SharedLedger) {
    ledger.change_catalogue(1, vec![put("a", "1", "", "x"), put("a", "2", "1", "x")]).await.unwrap();
    let taken = ledger.change_catalogue(2, vec![put("a", "3", "", "x")]).await;
    assert!(matches!(taken, Err(LedgerError::NameTaken { .. })), "{taken:?}");
    ledger.change_catalogue(3, vec![removed("a", "1"), put("a", "3", "", "x")]).await.unwrap();
    assert_eq!(ids(ledger, "a", None).await, ["2", "3"]);
}

/// One that is refused takes its whole call with it.
pub async fn changes_are_kept_all_or_none(ledger: &SharedLedger) {
    ledger.change_catalogue(1, vec![put("a", "1", "", "x")]).await.unwrap();
    for refused in [removed("a", "9"), put("a", "1", "other", "x"), put("a", "9", "", "y")] {
        let changes = vec![put("a", "2", "", "y"), refused];
        assert!(ledger.change_catalogue(2, changes).await.is_err());
        assert_eq!(ids(ledger, "a", None).await, ["1"]);
    }
}

/// At the edge and one past it.
pub async fn a_change_past_its_size_is_refused(ledger: &SharedLedger) {
    let mut large = put("a", "1", "", "x");
    let empty = serde_json::to_string(&large).unwrap().len() - "{\"of\":\"x\"}".len() + 2;
    if let CatalogueChange::Put { record, .. } = &mut large {
        *record = json!("x".repeat(RECORD_BYTES_MAX - empty));
    }
    ledger.change_catalogue(1, vec![large.clone()]).await.unwrap();
    if let CatalogueChange::Put { record, .. } = &mut large {
        *record = json!("x".repeat(RECORD_BYTES_MAX - empty + 1));
    }
    assert!(matches!(ledger.change_catalogue(2, vec![large]).await, Err(LedgerError::Refused(_))));
    let many = |count: usize| (0..count).map(|number| put("b", &number.to_string(), "", &number.to_string())).collect();
    assert!(matches!(ledger.change_catalogue(3, many(CHANGES_MAX + 1)).await, Err(LedgerError::Refused(_))));
}

/// The newest statement holds; lists follow it.
pub async fn attributes_of_a_run_are_what_was_said_last(ledger: &SharedLedger) {
    let attributes = |experiment: &str, index: u64| RunAttributes {
        display_name: Some(format!("firing {index}")),
        experiment: Some(experiment.to_owned()),
        firing: Some(Firing { schedule: "s".to_owned(), scheduled_at_millis: 7, index }),
        details: json!({ "spec": index }),
        ..RunAttributes::default()
    };
    for number in 1..=3 {
        let mut introduced = submitted(&run(number), number, "p");
        introduced.facts.insert(1, Fact::RunAttributes(attributes(if number == 2 { "f" } else { "e" }, number)));
        ledger.append(vec![introduced]).await.unwrap();
    }
    ledger.append(vec![submitted(&run(4), 4, "p")]).await.unwrap();
    let listed = async |filter: RunFilter| -> Vec<String> {
        let page = ledger.runs(&filter, None, 10).await.unwrap();
        page.items.into_iter().map(|record| record.attributes.display_name.unwrap_or_default()).collect()
    };
    let of = |experiment: &str| RunFilter { experiment: Some(experiment.to_owned()), ..RunFilter::default() };
    assert_eq!(listed(of("e")).await, ["firing 3", "firing 1"]);
    let fired = RunFilter { schedule: Some("s".to_owned()), with_removed: true, ..RunFilter::default() };
    assert_eq!(listed(fired.clone()).await, ["firing 3", "firing 2", "firing 1"]);

    let gone = RunAttributes { removed: true, archived: true, ..attributes("e", 3) };
    ledger.append(vec![entry(&run(3), 9, vec![Fact::RunAttributes(gone.clone())])]).await.unwrap();
    assert_eq!(ledger.run(&run(3)).await.unwrap().unwrap().attributes, gone);
    assert_eq!(listed(of("e")).await, ["firing 1"]);
    assert_eq!(listed(RunFilter::default()).await, ["", "firing 2", "firing 1"]);
    assert_eq!(listed(fired).await, ["firing 3", "firing 2", "firing 1"]);
    let both = RunFilter { pipeline: Some("p".to_owned()), status: Some("running".to_owned()), ..of("f") };
    assert_eq!(listed(both).await, ["firing 2"]);
}

/// Items, their order and attributes are the same before and after.
pub async fn a_rebuilt_catalogue_is_equal(ledger: &SharedLedger) {
    let changes = vec![put("a", "1", "", "x"), put("a", "2", "", "y"), put("a", "1", "", "z"), removed("a", "2")];
    ledger.change_catalogue(1, changes).await.unwrap();
    ledger.change_catalogue(2, vec![put("a", "3", "1", "x")]).await.unwrap();
    let named = RunAttributes { display_name: Some("n".to_owned()), ..RunAttributes::default() };
    let facts = vec![Fact::RunAttributes(named)];
    ledger.append(vec![submitted(&run(1), 1, "p"), entry(&run(1), 2, facts)]).await.unwrap();
    let before = (ledger.catalogue("a", None).await.unwrap(), ledger.run(&run(1)).await.unwrap());
    assert_eq!(before.0.len(), 2);
    ledger.rebuild_views().await.unwrap();
    assert_eq!((ledger.catalogue("a", None).await.unwrap(), ledger.run(&run(1)).await.unwrap()), before);
}
