//! Packages of Python functions: looked up when a run is submitted, lent to the guest when it is called.
//! Never looks them up again for an attempt: what the plan pins is what every attempt gets.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use host_base::{Failure, Wheel};
use host_pipeline::python::PackageRequest;
use host_wheels::Wheels;

/// Requests of one pipeline that are looked up at once.
const REQUESTS_AT_ONCE_MAX: usize = 4;

/// The wheels of each request, or all that is wrong with any, told of who asks first: the `asker` of that name.
pub(crate) async fn resolve(
    wheels: &Wheels,
    asker: &str,
    wanted: BTreeMap<PackageRequest, String>,
) -> Result<BTreeMap<PackageRequest, Vec<Wheel>>, Vec<Failure>> {
    let asked = futures::stream::iter(wanted).map(|(request, name)| async move {
        let found = wheels.resolve(&request.requirements, &request.indexes).await;
        (request, name, found)
    });
    let (mut found, mut failures) = (BTreeMap::new(), Vec::new());
    for (request, name, result) in asked.buffer_unordered(REQUESTS_AT_ONCE_MAX).collect::<Vec<_>>().await {
        match result {
            Ok(wheels) => _ = found.insert(request, wheels),
            Err(told) => failures.extend(told.into_iter().map(|mut failure| {
                failure.message = format!("packages of {asker} `{name}`: {}", failure.message);
                failure
            })),
        }
    }
    if failures.is_empty() { Ok(found) } else { Err(failures) }
}
