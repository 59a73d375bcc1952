//! Scenario folders; the tests that run them are in `tests/it`.
//! Never holds code.
