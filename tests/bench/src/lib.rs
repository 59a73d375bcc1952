//! Room laid, not yet furnished.
