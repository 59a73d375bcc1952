//! Generated bindings of `sandmill:train/trainable`, which guests export.
//! Never holds logic; handles are those that all imports share.

#![expect(missing_docs, reason = "generated; the documentation stands in wit/")]

wasmtime::component::bindgen!({
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0", "../../wit/train@0.1.0"],
    world: "sandmill:train/trainable-component",
    exports: { default: async },
    with: {
        "sandmill:data/types": crate::sandmill::data::types,
        "sandmill:data/artifacts": crate::sandmill::data::artifacts,
        "sandmill:data/data-sets": crate::sandmill::data::data_sets,
        "sandmill:data/models": crate::sandmill::data::models,
        "sandmill:step/types": crate::sandmill::step::types,
    },
});
