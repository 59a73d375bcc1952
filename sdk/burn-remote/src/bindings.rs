//! The Rust side of `sandmill:tensor`.
//! Never written by hand.

wit_bindgen::generate!({
    path: "../../wit/tensor@0.1.0",
    world: "imports",
    generate_all,
});
