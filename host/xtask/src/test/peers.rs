//! Foreign programs that tests stand beside, from Debian and PyPI, made ready before the tests begin.
//! Never a reason to stop: what cannot be had is said, and the tests that want it count themselves as skipped.

use std::path::PathBuf;
use std::process::Command;

use crate::python::{self, Requirements};
use crate::{packages, process, workspace};

/// Programs by the names of their Debian packages, and what each is for: another registry, a client of
/// registries, a browser.
const PROGRAMS: [(&str, &str); 3] = [
    ("docker-registry", "testing the registry with foreign programs"),
    ("skopeo", "testing the registry with foreign programs"),
    ("chromium", "testing the console"),
];

/// Where the scripts of clients in Node lie, with their lock file.
const NODE_CLIENTS: &str = "tests/notebook/node";

/// A Vulkan driver that computes on the processors, for tests of what needs a graphics adapter: its package, and where
/// a driver says that it is there.
const VULKAN_DRIVER: (&str, [&str; 2]) = ("mesa-vulkan-drivers", ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]);

/// A Python environment that tests find by a variable. Pinned, so that a release of theirs breaks no build of ours.
struct Environment {
    name: &'static str,
    variable: &'static str,
    packages: &'static [&'static str],
    purpose: &'static str,
}

const ENVIRONMENTS: [Environment; 4] = [
    Environment {
        name: "registry",
        variable: "SANDMILL_TEST_REGISTRY_PYTHON",
        packages: &["moto[server]==5.2.5", "oras==0.2.43"],
        purpose: "testing the registry with foreign programs",
    },
    Environment {
        name: "jupyter",
        variable: "SANDMILL_JUPYTER_PYTHON",
        packages: &[
            "jupyter-kernel-client==1.0.2",
            "jupyter_kernel_test==0.7.0",
            "jupyter_server==2.17.0",
            "nbclient==0.11.0",
            "nbformat==5.11.1",
        ],
        purpose: "testing notebooks with Jupyter's own clients",
    },
    Environment {
        name: "onnx",
        variable: "SANDMILL_ONNX_PYTHON",
        packages: &["numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.32.0"],
        purpose: "testing models beside onnxruntime",
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
    let (driver, places) = VULKAN_DRIVER;
    let is_there = |place: &str| std::fs::read_dir(place).is_ok_and(|mut drivers| drivers.next().is_some());
    if !places.iter().any(|place| is_there(place))
        && let Err(error) = packages::install(&[driver], "testing kernels on a graphics adapter")
    {
        eprintln!("{error:#}");
    }
    let environments = ENVIRONMENTS.iter().filter_map(|wanted| Some((wanted.variable, make(wanted)?)));
    environments.chain(node_clients()).collect()
}

/// The clients of notebooks that run in Node: the folder with their scripts, once what its lock file names is there.
fn node_clients() -> Option<(&'static str, PathBuf)> {
    let folder = workspace::root().join(NODE_CLIENTS);
    if !packages::on_path("node") || !packages::on_path("npm") {
        eprintln!("there is no Node with npm: testing notebooks without clients that run in it");
        return None;
    }
    // npm leaves a note of what it has installed, which is newer than a lock file that was not changed since.
    let changed = |file: &str| std::fs::metadata(folder.join(file)).and_then(|about| about.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        let mut npm = Command::new("npm");
        npm.current_dir(&folder).args(["ci", "--silent", "--ignore-scripts"]);
        process::run(&mut npm).inspect_err(|error| eprintln!("{error:#}")).ok()?;
    }
    Some(("SANDMILL_JUPYTER_NODE", folder))
}

fn make(wanted: &Environment) -> Option<PathBuf> {
    python::environment(wanted.name, &Requirements::Packages(wanted.packages), wanted.purpose)
        .inspect_err(|error| eprintln!("{error:#}"))
        .ok()
}
