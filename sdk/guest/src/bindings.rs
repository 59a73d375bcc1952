//! The Rust side of `sandmill:data` and `sandmill:step`, made once for every component.
//! Never written by hand.

wit_bindgen::generate!({
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0", "../../wit/collective@0.1.0"],
    inline: "
        package sandmill:guest;

        world guest {
            include sandmill:data/imports@0.1.0;
            include sandmill:step/imports@0.1.0;
            include sandmill:collective/imports@0.1.0;
        }
    ",
    world: "guest",
    additional_derives: [PartialEq],
    // No function here names the failure, but every step does.
    generate_unused_types: true,
    generate_all,
});
