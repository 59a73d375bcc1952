//! Generated bindings of `sandmill:kernel/state`, which guests export.
//! Never holds logic.

#![expect(missing_docs, reason = "generated; the documentation stands in wit/")]

wasmtime::component::bindgen!({
    path: "../../wit/kernel@0.1.0",
    world: "sandmill:kernel/state-component",
    exports: { default: async },
});
