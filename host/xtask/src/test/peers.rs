//! Foreign programs that tests stand beside, from Debian and PyPI, made ready before the tests begin.
//! Never a reason to stop: what cannot be had is said, and the tests that want it count themselves as skipped.

use std::path::PathBuf;

use crate::packages;
use crate::python::{self, Requirements};

/// Programs by the names of their Debian packages, and what each is for: another registry, a client of
/// registries, a browser.
const PROGRAMS: [(&str, &str); 3] = [
    ("docker-registry", "testing the registry with foreign programs"),
    ("skopeo", "testing the registry with foreign programs"),
    ("chromium", "testing the console"),
];

/// A Python environment that tests find by a variable. Pinned, so that a release of theirs breaks no build of ours.
struct Environment {
    name: &'static str,
    variable: &'static str,
    packages: &'static [&'static str],
    purpose: &'static str,
}

const ENVIRONMENTS: [Environment; 2] = [
    Environment {
        name: "registry",
        variable: "SANDMILL_TEST_REGISTRY_PYTHON",
        packages: &["moto[server]==5.2.5", "oras==0.2.43"],
        purpose: "testing the registry with foreign programs",
    },
    Environment {
        name: "kfp-client",
        variable: "SANDMILL_KFP_PYTHON",
        packages: &["kfp==2.17.0", "kfp-kubernetes==2.17.0"],
        purpose: "testing with Kubeflow's own SDK and client",
    },
];

/// Makes everything ready that can be had; returns the variables by which tests find it.
pub fn ready() -> Vec<(&'static str, PathBuf)> {
    for (program, purpose) in PROGRAMS {
        if !packages::on_path(program)
            && let Err(error) = packages::install(&[program], purpose)
        {
            eprintln!("{error:#}");
        }
    }
    ENVIRONMENTS.iter().filter_map(|wanted| Some((wanted.variable, make(wanted)?))).collect()
}

fn make(wanted: &Environment) -> Option<PathBuf> {
    python::environment(wanted.name, &Requirements::Packages(wanted.packages), wanted.purpose)
        .inspect_err(|error| eprintln!("{error:#}"))
        .ok()
}
