//! The contract over object_store's own implementation in memory; `tests/registry` has it over a real S3 server.

use object_store::memory::InMemory;
use registry_cas::contract;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_keep_the_contract() {
    contract::keeps_the_contract(Arc::new(ObjectBlobs::over(Box::new(InMemory::new()), ""))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prefix_keeps_the_contract() {
    contract::keeps_the_contract(Arc::new(ObjectBlobs::over(Box::new(InMemory::new()), "some/where/"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_store_does_not_copy_at_once_is_copied_in_parts() {
    contract::keeps_the_contract(Arc::new(ObjectBlobs::copying(Box::new(InMemory::new()), "", 1))).await;
}
