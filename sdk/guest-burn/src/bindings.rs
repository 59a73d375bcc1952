//! The Rust side of `sandmill:weights`, over the handles of the SDK and the device of Burn.
//! Never written by hand.

wit_bindgen::generate!({
    path: ["../../wit/data@0.1.0", "../../wit/tensor@0.1.0", "../../wit/weights@0.1.0"],
    world: "sandmill:weights/imports",
    with: {
        "sandmill:data/types@0.1.0": sdk_guest::__private::bindings::sandmill::data::types,
        "sandmill:data/artifacts@0.1.0": sdk_guest::__private::bindings::sandmill::data::artifacts,
        "sandmill:data/models@0.1.0": sdk_guest::__private::bindings::sandmill::data::models,
        "sandmill:tensor/types@0.1.0": burn_remote::bindings::sandmill::tensor::types,
        "sandmill:tensor/devices@0.1.0": burn_remote::bindings::sandmill::tensor::devices,
    },
    generate_all,
});
