//! Compiled Kubeflow pipelines: made into plans, and what a step of one is shown and gives back.
//! Never does what a document asks for: whoever calls a guest does, along the layout that is made here.

mod artifact;
mod call;
mod compile;
mod executor_input;
mod layout;
mod outputs;
mod placeholder;
mod python;
mod quantity;

pub(crate) use artifact::is_folder;
pub use artifact::{call_identity, inputs_identity, local_path};
pub use call::{
    AttemptNames, ContainerCall, Import, ImportPlace, ImportUri, Imported, KeptFolder, KeptSource, KfpInputs, RunNames,
    VariableSource, import, import_place,
};
pub use compile::{
    IgnoredSetting, KeptNeeds, Resolved, Submission, Wanted, check, compile, ignored_settings, kept_needs, wanted,
};
pub(crate) use layout::Promise;
pub use layout::layout;
pub(crate) use outputs::outputs;
