//! What the Python of `run-python` is: the values that markers ask for, and the packages that it holds already.
//! Never asks the machine: a plan must be the same wherever it is made. A test holds this against the component.

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

use crate::WheelError;

/// The minor version of Python 3; wheels for an older one are read as well.
pub(crate) const PYTHON_MINOR: u32 = 14;

/// Values of markers, as the component itself reports them.
pub const MARKERS: [(&str, &str); 11] = [
    ("implementation_name", "cpython"),
    ("implementation_version", "3.14.0"),
    ("os_name", "posix"),
    ("platform_machine", "wasm32"),
    ("platform_python_implementation", "CPython"),
    ("platform_release", "0.0.0"),
    ("platform_system", "wasi"),
    ("platform_version", "0.0.0"),
    ("python_full_version", "3.14.0"),
    ("python_version", "3.14"),
    ("sys_platform", "wasi"),
];

/// Packages that are compiled into the component, with their versions.
pub const BUNDLED: [(&str, &str); 1] = [("kfp", "2.17.0")];

/// The same for evaluating markers.
pub(crate) fn markers() -> Result<MarkerEnvironment, WheelError> {
    let value = |key: &str| MARKERS.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| *value);
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name: value("implementation_name"),
        implementation_version: value("implementation_version"),
        os_name: value("os_name"),
        platform_machine: value("platform_machine"),
        platform_python_implementation: value("platform_python_implementation"),
        platform_release: value("platform_release"),
        platform_system: value("platform_system"),
        platform_version: value("platform_version"),
        python_full_version: value("python_full_version"),
        python_version: value("python_version"),
        sys_platform: value("sys_platform"),
    })
    .map_err(|error| WheelError::Setup(format!("the values of markers are none: {error}")))
}
