//! The Rust side of `sandmill:weights` and `sandmill:transfer`, over the handles of the SDK and the device of Burn.
//! Never written by hand.

wit_bindgen::generate!({
    path: [
        "../../wit/collective@0.1.0",
        "../../wit/data@0.1.0",
        "../../wit/tensor@0.1.0",
        "../../wit/transfer@0.1.0",
        "../../wit/weights@0.1.0",
    ],
    inline: "
        package sandmill:guest-burn;
        world imports {
            include sandmill:transfer/imports@0.1.0;
            include sandmill:weights/imports@0.1.0;
        }
    ",
    world: "sandmill:guest-burn/imports",
    with: {
        "sandmill:collective/collective@0.1.0": sdk_guest::__private::bindings::sandmill::collective::collective,
        "sandmill:data/types@0.1.0": sdk_guest::__private::bindings::sandmill::data::types,
        "sandmill:data/artifacts@0.1.0": sdk_guest::__private::bindings::sandmill::data::artifacts,
        "sandmill:data/models@0.1.0": sdk_guest::__private::bindings::sandmill::data::models,
        "sandmill:tensor/types@0.1.0": burn_remote::bindings::sandmill::tensor::types,
        "sandmill:tensor/devices@0.1.0": burn_remote::bindings::sandmill::tensor::devices,
    },
    generate_all,
});
