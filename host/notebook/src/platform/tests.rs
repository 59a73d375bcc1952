//! A session gets what it asks for, and never more than the node lets sessions have.

use host_base::Code;

use super::PlatformAccess::{self, None as Nothing, Own, Read, Submit};

#[test]
fn a_session_gets_what_it_asks_for_up_to_what_the_node_allows() {
    assert_eq!(PlatformAccess::default(), Nothing);
    assert_eq!(Submit.granted(None), Ok(Submit));
    assert_eq!(Submit.granted(Some(Read)), Ok(Read));
    assert_eq!(Read.granted(Some(Read)), Ok(Read));
    let refused = Read.granted(Some(Submit)).expect_err("more than is allowed");
    assert_eq!(refused.code, Code::GrantNotAllowed);
    assert!(refused.hint.is_some_and(|hint| hint.contains("--notebook-platform submit")));
}

#[test]
fn reading_everybodys_and_submitting_ones_own_do_not_include_each_other() {
    assert!(Submit.includes(Own) && Submit.includes(Read) && Own.includes(Nothing));
    assert!(Own.granted(Some(Read)).is_err() && Read.granted(Some(Own)).is_err());
    for (had, allowed, left) in
        [(Submit, Own, Own), (Own, Submit, Own), (Own, Read, Nothing), (Read, Own, Nothing), (Read, Nothing, Nothing)]
    {
        assert_eq!(had.within(allowed), left, "{had} within {allowed}");
    }
}

#[test]
fn names_are_read_as_they_are_written() {
    for access in PlatformAccess::ALL {
        assert_eq!(access.name().parse(), Ok(access));
    }
    assert!("all".parse::<PlatformAccess>().is_err());
}
