//! Packages of Python functions: looked up when a run is submitted, lent to the guest when it is called.
//! Never looks them up again for an attempt: what the plan pins is what every attempt gets.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use host_base::{Failure, Wheel};
use host_pipeline::kfp::PackageRequest;
use host_wheels::Wheels;

/// Requests of one pipeline that are looked up at once.
const REQUESTS_AT_ONCE_MAX: usize = 4;

/// The wheels of each request, or all that is wrong with any, told of the task that asks first.
pub(super) async fn resolve(
    wheels: &Wheels,
    wanted: BTreeMap<PackageRequest, String>,
) -> Result<BTreeMap<PackageRequest, Vec<Wheel>>, Vec<Failure>> {
    let asked = futures::stream::iter(wanted).map(|(request, task)| async move {
        let found = wheels.resolve(&request.requirements, &request.indexes).await;
        (request, task, found)
    });
    let (mut found, mut failures) = (BTreeMap::new(), Vec::new());
    for (request, task, result) in asked.buffer_unordered(REQUESTS_AT_ONCE_MAX).collect::<Vec<_>>().await {
        match result {
            Ok(wheels) => _ = found.insert(request, wheels),
            Err(told) => failures.extend(told.into_iter().map(|mut failure| {
                failure.message = format!("packages of task `{task}`: {}", failure.message);
                failure
            })),
        }
    }
    if failures.is_empty() { Ok(found) } else { Err(failures) }
}
