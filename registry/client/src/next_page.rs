//! The `Link` header by which a list goes on.
//! Never decides whether the address in it may be followed.

/// The target of the link to the next page.
pub(crate) fn target(link: &str) -> Option<&str> {
    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    let is_next = |parameter: &str| {
        parameter.trim().split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"').eq_ignore_ascii_case("next")
        })
    };
    parameters.split(';').any(is_next).then_some(target)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_links_to_the_next_page_count() {
        assert_eq!(target("</v2/a/referrers/d?page=2>; rel=\"next\""), Some("/v2/a/referrers/d?page=2"));
        assert_eq!(target(" <x>;title=y; REL=next"), Some("x"));
        for other in ["", "<x>", "x; rel=next", "<x; rel=next", "<x>; rel=prev", "<x>; rel"] {
            assert_eq!(target(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_header_brings_the_reader_down(link in ".{0,100}") {
            let _ = target(&link);
        }
    }
}
