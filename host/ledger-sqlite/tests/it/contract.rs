//! What every ledger must do.
//! Never differs from what the in-memory ledger runs.

use std::sync::Arc;

host_ledger::ledger_contract_tests!({
    let (ledger, folder) = crate::support::fresh();
    let ledger: host_ledger::SharedLedger = ledger;
    (Arc::clone(&ledger), (ledger, folder))
});
