//! Each test program against the sandbox; all of it stands in `tests/it`.
//! Never holds a test double: the sandbox, the capabilities and the guests are the real ones.
