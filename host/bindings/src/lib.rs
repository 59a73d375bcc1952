//! Generated host bindings of `wit/`: traits to implement and functions that link them.
//! Never holds logic: it is one macro call for what guests import and one for each world that they export, and
//! capabilities implement and call what these make. Beside them stand the words that two of them share.

#![expect(missing_docs, reason = "generated; the documentation stands in wit/")]

mod element;
pub mod kernel;
pub mod state;
pub mod trainable;

wasmtime::component::bindgen!({
    path: ["../../wit/collective@0.1.0", "../../wit/compute@0.1.0", "../../wit/data@0.1.0", "../../wit/kernel@0.1.0", "../../wit/platform@0.1.0", "../../wit/step@0.1.0", "../../wit/tensor@0.1.0", "../../wit/model@0.1.0", "../../wit/transfer@0.1.0", "../../wit/weights@0.1.0"],
    inline: "
        package sandmill:host;
        world host {
            include sandmill:compute/imports@0.1.0;
            include sandmill:data/imports@0.1.0;
            include sandmill:step/imports@0.1.0;
            include sandmill:collective/imports@0.1.0;
            include sandmill:tensor/imports@0.1.0;
            include sandmill:model/imports@0.1.0;
            include sandmill:transfer/imports@0.1.0;
            include sandmill:weights/imports@0.1.0;
            import sandmill:kernel/session@0.1.0;
            include sandmill:platform/imports@0.1.0;
        }
    ",
    world: "sandmill:host/host",
    imports: {
        "sandmill:compute/devices.[static]device.open": async | trappable,
        "sandmill:compute/devices.[method]device.create-buffer": async | trappable,
        "sandmill:compute/devices.[method]device.create-kernel": async | trappable,
        "sandmill:compute/devices.[method]device.submit": async | trappable,
        "sandmill:compute/devices.[method]device.measure": async | trappable,
        "sandmill:compute/devices.[method]buffer.write": async | trappable,
        "sandmill:compute/devices.[method]buffer.read": async | trappable,
        "sandmill:compute/devices.[drop]buffer": async | trappable,
        "sandmill:compute/devices.[drop]kernel": async | trappable,
        "sandmill:data/artifacts.[method]artifact.read": async | trappable,
        "sandmill:data/artifacts.[method]artifact-writer.write": async | trappable,
        "sandmill:data/artifacts.[static]artifact-writer.finish": async | trappable,
        "sandmill:data/data-sets.[method]data-set.read": async | trappable,
        "sandmill:data/data-sets.[method]data-set-writer.write": async | trappable,
        "sandmill:data/data-sets.[static]data-set-writer.finish": async | trappable,
        "sandmill:data/models.[method]model.read": async | trappable,
        "sandmill:data/models.[method]model-writer.write": async | trappable,
        "sandmill:data/models.[static]model-writer.finish": async | trappable,
        "sandmill:data/metrics.[method]metrics.scalars": async | trappable,
        "sandmill:data/metrics.[method]metrics.classes": async | trappable,
        "sandmill:data/metrics.[method]metrics.confusion": async | trappable,
        "sandmill:data/metrics.[static]metrics-writer.finish": async | trappable,
        "sandmill:collective/collective.all-reduce": async | trappable,
        "sandmill:collective/collective.broadcast": async | trappable,
        "sandmill:collective/collective.all-gather": async | trappable,
        "sandmill:collective/collective.barrier": async | trappable,
        "sandmill:transfer/transfer.copy-to-buffer": async | trappable,
        "sandmill:transfer/transfer.copy-to-tensors": async | trappable,
        "sandmill:tensor/devices.[static]device.open": async | trappable,
        "sandmill:tensor/devices.[method]device.run": async | trappable,
        "sandmill:tensor/devices.[method]device.write": async | trappable,
        "sandmill:tensor/devices.[method]device.read": async | trappable,
        "sandmill:tensor/devices.[method]device.synchronize": async | trappable,
        "sandmill:tensor/devices.[method]device.seed": async | trappable,
        "sandmill:tensor/optional-devices.[static]device.open": async | trappable,
        "sandmill:tensor/optional-devices.[method]device.run": async | trappable,
        "sandmill:tensor/optional-devices.[method]device.write": async | trappable,
        "sandmill:tensor/optional-devices.[method]device.read": async | trappable,
        "sandmill:tensor/optional-devices.[method]device.synchronize": async | trappable,
        "sandmill:tensor/optional-devices.[method]device.seed": async | trappable,
        "sandmill:model/inference.[static]loaded-model.load": async | trappable,
        "sandmill:model/inference.[method]loaded-model.run": async | trappable,
        "sandmill:weights/files.[static]weights-file.open": async | trappable,
        "sandmill:weights/files.[method]weights-file.load": async | trappable,
        "sandmill:weights/files.save": async | trappable,
        "sandmill:kernel/session.write": async | trappable,
        "sandmill:kernel/session.display": async | trappable,
        "sandmill:kernel/session.result": async | trappable,
        "sandmill:kernel/session.clear": async | trappable,
        "sandmill:kernel/session.read-line": async | trappable,
        "sandmill:platform/requests.ask": async | trappable,
        default: trappable,
    },
    with: {
        "sandmill:compute/devices.device": host_gpu::ComputeDevice,
        "sandmill:compute/devices.buffer": host_gpu::Buffer,
        "sandmill:compute/devices.kernel": host_gpu::Kernel,
        "sandmill:tensor/devices.device": host_gpu::TensorDevice,
        "sandmill:tensor/optional-devices.device": host_gpu::TensorDevice,
        "sandmill:model/inference.loaded-model": host_gpu::LoadedModel,
        "sandmill:weights/files.weights-file": host_artifacts::WeightsFile,
        "sandmill:data/artifacts.artifact": host_runtime::handles::ArtifactHandle,
        "sandmill:data/artifacts.artifact-writer": host_runtime::handles::ArtifactWriterHandle,
        "sandmill:data/data-sets.data-set": host_runtime::handles::DataSetHandle,
        "sandmill:data/data-sets.data-set-writer": host_runtime::handles::DataSetWriterHandle,
        "sandmill:data/models.model": host_runtime::handles::ModelHandle,
        "sandmill:data/models.model-writer": host_runtime::handles::ModelWriterHandle,
        "sandmill:data/metrics.metrics": host_runtime::handles::MetricsHandle,
        "sandmill:data/metrics.metrics-writer": host_runtime::handles::MetricsWriterHandle,
        "sandmill:collective/collective.buffer": host_collective::SharedBuffer,
    },
});
