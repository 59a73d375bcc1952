//! Pages and codes belong together.

use super::*;

#[test]
fn every_page_is_that_of_its_code_and_says_what_to_do() {
    for code in Code::ALL {
        let page = page(*code);
        assert!(page.starts_with(&format!("# {code}: {}\n", code.meaning())), "{code}: another heading");
        assert!(page.contains(&format!("\n{code}: ")), "{code}: no example");
        for section in ["\n## Why\n", "\n## What to do next\n"] {
            assert!(page.contains(section), "{code}: no section{section}");
        }
    }
}
