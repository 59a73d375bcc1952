//! Names as they stand on indexes, and names that are none.

use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::PackageName;

use super::{parse, source_version};

#[test]
fn pure_wheels_are_told_from_native_ones() {
    for pure in [
        "requests-2.32.5-py3-none-any.whl",
        "six-1.17.0-py2.py3-none-any.whl",
        "a-1-py310-none-any.whl",
        "a-1-py314-none-any.whl",
        "a-1-cp314-none-any.whl",
        "a-1-2build-py3-none-any.whl",
    ] {
        assert!(parse(pure).is_some_and(|name| name.pure), "{pure}");
    }
    for native in [
        "numpy-2.3.5-cp314-cp314-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "a-1-py3-none-manylinux1_x86_64.whl",
        "a-1-py2-none-any.whl",
        "a-1-py315-none-any.whl",
        "a-1-cp313-none-any.whl",
        "a-1-cp314-abi3-any.whl",
        "a-1-py3-cp314-any.whl",
    ] {
        assert!(parse(native).is_some_and(|name| !name.pure), "{native}");
    }
}

#[test]
fn a_names_parts_are_read() {
    let name = parse("Typing_Extensions-4.12.0rc1-3-py3-none-any.whl").expect("a wheel");
    assert_eq!(
        (name.package.to_string().as_str(), name.version.to_string().as_str()),
        ("typing-extensions", "4.12.0rc1")
    );
    assert_eq!(name.build, 3);
}

#[test]
fn what_is_no_wheel_is_none() {
    for other in [
        "a-1.tar.gz",
        "a.whl",
        "a-1-py3-none.whl",
        "a-one-py3-none-any.whl",
        "../a-1-py3-none-any.whl",
        "a b-1-py3-none-any.whl",
    ] {
        assert_eq!(parse(other), None, "{other}");
    }
}

#[test]
fn source_archives_have_versions() {
    let package = PackageName::from_str("my-package").expect("a name");
    let version = |text| Version::from_str(text).ok();
    assert_eq!(source_version(&package, "my_package-1.2.tar.gz"), version("1.2"));
    assert_eq!(source_version(&package, "my-package-1.2.zip"), version("1.2"));
    assert_eq!(source_version(&package, "other-1.2.zip"), None);
    assert_eq!(source_version(&package, "my_package-1.2.exe"), None);
}
