//! The in-memory ledger against the contract.
//! Nothing else is promised of it.

use std::sync::Arc;

use super::*;

crate::ledger_contract_tests!({
    let ledger: crate::SharedLedger = Arc::new(MemoryLedger::new());
    (ledger, ())
});
