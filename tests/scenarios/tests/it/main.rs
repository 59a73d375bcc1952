//! Pipelines and training jobs on a real node, in this process: scenario folders, caching, faults of the disk and of registries.
//! Never replaces a part of the node by a double.

mod built;
mod content;
mod crash;
mod devices;
mod faults;
mod folders;
mod local_node;
mod networks;
mod onnx;
mod reuse;
mod scenario;
mod train;
