//! Generated bindings of `sandmill:kernel/kernel`, which guests export.
//! Never holds logic.

#![expect(missing_docs, reason = "generated; the documentation stands in wit/")]

wasmtime::component::bindgen!({
    path: "../../wit/kernel@0.1.0",
    world: "sandmill:kernel/kernel-component",
    exports: { default: async },
    with: {
        "sandmill:kernel/types": crate::sandmill::kernel::types,
        "sandmill:kernel/session": crate::sandmill::kernel::session,
    },
});
