//! The lock and the checksum on made-up packages.

use super::*;

#[test]
fn the_checksum_hangs_on_names_and_contents_but_not_on_order() {
    let one = checksum(&[("a.wit", "x"), ("b.wit", "y")]);
    assert_eq!(one, checksum(&[("b.wit", "y"), ("a.wit", "x")]));
    assert_ne!(one, checksum(&[("a.wit", "y"), ("b.wit", "x")]));
    assert_ne!(one, checksum(&[("a.wit", "xb.wit")]));
}

#[test]
fn a_released_package_that_changed_is_found_and_an_unreleased_one_is_free() {
    let packages: BTreeMap<&str, Vec<(&str, &str)>> = [("data@0.1.0", vec![("a.wit", "x")])].into();
    let sum = checksum(&packages["data@0.1.0"]);
    let problems = |state: &str| check_lock(&packages, &lock(&format!("# words\ndata@0.1.0 {state}\n"))).len();
    assert_eq!(problems(&sum), 0);
    assert_eq!(problems(UNRELEASED), 0);
    assert_eq!(problems("sha256:00"), 1);
    assert_eq!(check_lock(&packages, &lock("")).len(), 1, "a package that the lock does not name");
    assert_eq!(check_lock(&BTreeMap::new(), &lock("data@0.1.0 unreleased")).len(), 1, "a package that is gone");
}

#[test]
fn a_name_is_found_only_as_a_word() {
    assert!(names("run(\"sleep\")", "sleep"));
    assert!(!names("sleepless oversleep deep-sleep", "sleep"));
}
