//! A model's operators in their order, what it keeps, and one run through them.
//! Never keeps a tensor past the last operator that needs it.

use std::collections::{HashMap, HashSet};

use burn_backend::{Backend, TensorData};
use host_gpu::DeviceError;
use host_gpu::protocol::{Element, ModelDescription, NamedContent, ValueType};
use onnx_ir::ir::{ArgType, Argument, Node};
use onnx_ir::{OnnxGraph, OnnxGraphBuilder};

use super::names::output_names;
use super::operator::{self, Operands};
use super::value::Value;
use crate::memory::Memory;
use crate::{content, element};

/// More operators than the largest models have that are in use.
const NODES_MAX: usize = 100_000;
/// More dimensions than any backend computes with.
const RANK_MAX: usize = 8;
/// Names under which tensors of a run are counted begin here; before it are those that are kept.
const RUN: u64 = 1 << 32;

/// A model that can be run.
pub struct Graph<B: Backend> {
    nodes: Vec<Node>,
    /// Weights and other constants: by the operator's number and its input's, and by name.
    kept: HashMap<(usize, usize), Value<B>>,
    /// Names that are not needed any more once an operator is done, by its number.
    last_used: Vec<Vec<String>>,
    inputs: Vec<ValueType>,
    outputs: Vec<ValueType>,
    /// Under which names the operators make the outputs.
    made: Vec<String>,
}

impl<B: Backend> Graph<B> {
    /// Reads an ONNX file.
    pub fn read(file: &[u8], device: &B::Device, memory: &mut Memory) -> Result<Self, DeviceError> {
        let graph = OnnxGraphBuilder::new().simplify(false).parse_bytes(file);
        let graph = graph.map_err(|error| invalid(&format!("the model cannot be read: {error}")))?;
        let OnnxGraph { nodes, inputs, outputs, .. } = graph;
        if nodes.len() > NODES_MAX {
            return Err(invalid(&format!("the model has {} operators, and at most {NODES_MAX} are run", nodes.len())));
        }
        if outputs.is_empty() {
            return Err(invalid("the file holds no model: it makes no output"));
        }
        refuse_unknown(&nodes)?;
        refuse_disorder(&nodes, &inputs, &outputs)?;
        let kept = kept(&nodes, device, memory)?;
        let last_used = last_used(&nodes, &outputs);
        let told = |arguments: &[Argument]| arguments.iter().map(value_type).collect::<Result<Vec<_>, _>>();
        let made = outputs.iter().map(|output| output.name.clone()).collect();
        let outputs = renamed(told(&outputs)?, file);
        Ok(Self { inputs: told(&inputs)?, outputs, made, nodes, kept, last_used })
    }

    /// What goes in and what comes out.
    pub fn description(&self) -> ModelDescription {
        ModelDescription { inputs: self.inputs.clone(), outputs: self.outputs.clone() }
    }

    /// One run.
    pub fn run(
        &self,
        inputs: &[NamedContent],
        bytes: &[u8],
        device: &B::Device,
        memory: &mut Memory,
    ) -> Result<(Vec<NamedContent>, Vec<u8>), DeviceError> {
        let mut run = Run { values: HashMap::new(), names: 0, memory };
        self.take(inputs, bytes, device, &mut run)?;
        for (at, node) in self.nodes.iter().enumerate() {
            if matches!(node, Node::Constant(_)) {
                continue;
            }
            let operands = Operands { node, values: self.operands(at, node, &run)?, device };
            operator::expected_bytes(&operands).map_or(Ok(()), |bytes| run.check_room(bytes, node))?;
            let results = operator::carry_out(&operands).map_err(|error| at_node(error, node))?;
            for (argument, value) in node.outputs().iter().zip(results) {
                run.keep(&argument.name, fitted(value, &argument.ty))?;
            }
            self.last_used[at].iter().for_each(|name| run.forget(name));
        }
        self.hand_over(&mut run)
    }

    fn operands(&self, at: usize, node: &Node, run: &Run<'_, B>) -> Result<Vec<Option<Value<B>>>, DeviceError> {
        let operand = |(place, argument): (usize, &Argument)| {
            if argument.is_optional() {
                return Ok(None);
            }
            let kept = self.kept.get(&(at, place)).or_else(|| run.values.get(&argument.name).map(|(_, value)| value));
            kept.cloned()
                .map(Some)
                .ok_or_else(|| invalid(&format!("`{}` needs `{}` first", node.name(), argument.name)))
        };
        node.inputs().iter().enumerate().map(operand).collect()
    }

    /// Checks what is handed in against what the model wants, all of it before anything runs.
    fn take(
        &self,
        inputs: &[NamedContent],
        mut bytes: &[u8],
        device: &B::Device,
        run: &mut Run<'_, B>,
    ) -> Result<(), DeviceError> {
        let names: Vec<&str> = self.inputs.iter().map(|input| input.name.as_str()).collect();
        for given in inputs {
            let Some(wanted) = self.inputs.iter().find(|wanted| wanted.name == given.name) else {
                let names = names.join(", ");
                return Err(invalid(&format!("the model has no input `{}`; it has {names}", given.name)));
            };
            check(given, wanted)?;
            let length = usize::try_from(given.content_bytes().unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
            let Some((content, rest)) = bytes.split_at_checked(length) else {
                return Err(invalid(&format!("the content of the input `{}` is too short", given.name)));
            };
            bytes = rest;
            let shape: Vec<usize> = given.shape.iter().map(|length| *length as usize).collect();
            let data = TensorData::from_bytes(content::bytes(content.to_vec()), shape, element::to_burn(given.element));
            run.keep(&given.name, Value::from_data(data, device))?;
        }
        let missing = names.iter().find(|name| !inputs.iter().any(|given| given.name == **name));
        missing.map_or(Ok(()), |name| Err(invalid(&format!("the model's input `{name}` is missing"))))
    }

    fn hand_over(&self, run: &mut Run<'_, B>) -> Result<(Vec<NamedContent>, Vec<u8>), DeviceError> {
        let (mut outputs, mut bytes) = (Vec::new(), Vec::new());
        for (output, made) in self.outputs.iter().zip(&self.made) {
            let found = run.values.get(made).map(|(_, value)| value.clone());
            let value = found.ok_or_else(|| invalid(&format!("the model makes no output `{}`", output.name)))?;
            let shape = value.shape().into_iter().map(|length| length as u64).collect();
            bytes.extend_from_slice(&value.into_bytes(output.element)?);
            outputs.push(NamedContent { name: output.name.clone(), element: output.element, shape });
        }
        Ok((outputs, bytes))
    }
}

/// The tensors of one run, counted; all are free again once it is over.
struct Run<'memory, B: Backend> {
    values: HashMap<String, (u64, Value<B>)>,
    names: u64,
    memory: &'memory mut Memory,
}

impl<B: Backend> Run<'_, B> {
    fn keep(&mut self, name: &str, value: Value<B>) -> Result<(), DeviceError> {
        let id = RUN + self.names;
        self.names += 1;
        self.memory.take(id, value.bytes(), || format!("`{name}` of shape {:?}", value.shape()))?;
        self.values.insert(name.to_owned(), (id, value));
        Ok(())
    }

    fn forget(&mut self, name: &str) {
        if let Some((id, _)) = self.values.remove(name) {
            self.memory.give_back(id);
        }
    }

    /// What grows a tensor is refused before it does.
    fn check_room(&mut self, bytes: Option<u64>, node: &Node) -> Result<(), DeviceError> {
        let id = RUN + self.names;
        let room = self.memory.take(id, bytes, || format!("what `{}` makes", node.name()));
        self.memory.give_back(id);
        room
    }
}

impl<B: Backend> Drop for Run<'_, B> {
    fn drop(&mut self) {
        self.values.drain().for_each(|(_, (id, _))| self.memory.give_back(id));
    }
}

/// Outputs under the names that the model's author gave them: the reader names what operators make itself.
fn renamed(mut outputs: Vec<ValueType>, file: &[u8]) -> Vec<ValueType> {
    outputs.iter_mut().zip(output_names(file)).for_each(|(output, name)| output.name = name);
    outputs
}

fn refuse_unknown(nodes: &[Node]) -> Result<(), DeviceError> {
    let unknown: Vec<String> = nodes
        .iter()
        .filter(|node| !operator::is_known(node))
        .map(|node| format!("{} (`{}`)", node.node_type(), node.name()))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!("operators of the model: {}", unknown.join(", "))))
}

/// An operator that needs what only a later one makes would wait for ever.
fn refuse_disorder(nodes: &[Node], inputs: &[Argument], outputs: &[Argument]) -> Result<(), DeviceError> {
    let mut made: HashSet<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    for node in nodes {
        for argument in node.inputs() {
            let is_there =
                argument.is_optional() || argument.value().is_some() || made.contains(argument.name.as_str());
            if !is_there {
                return Err(invalid(&format!(
                    "`{}` needs `{}`, which nothing before it makes",
                    node.name(),
                    argument.name
                )));
            }
            if argument.ty.rank() > RANK_MAX {
                return Err(invalid(&format!("`{}` has more than {RANK_MAX} dimensions", argument.name)));
            }
        }
        made.extend(node.outputs().iter().map(|output| output.name.as_str()));
    }
    match outputs.iter().find(|output| !made.contains(output.name.as_str())) {
        Some(output) => Err(invalid(&format!("nothing makes the output `{}`", output.name))),
        None => Ok(()),
    }
}

/// Weights and constants, on the device; one that several operators use is there once.
fn kept<B: Backend>(
    nodes: &[Node],
    device: &B::Device,
    memory: &mut Memory,
) -> Result<HashMap<(usize, usize), Value<B>>, DeviceError> {
    let mut by_name: HashMap<&str, Value<B>> = HashMap::new();
    let mut kept = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for (place, argument) in node.inputs().iter().enumerate() {
            if let Some(value) = by_name.get(argument.name.as_str()) {
                kept.insert((at, place), value.clone());
                continue;
            }
            let Some(data) = argument.value() else { continue };
            let value = Value::<B>::from_data(data, device);
            memory.take(kept.len() as u64, value.bytes(), || format!("`{}` of the model", argument.name))?;
            if !argument.name.is_empty() {
                by_name.insert(&argument.name, value.clone());
            }
            kept.insert((at, place), value);
        }
    }
    Ok(kept)
}

fn last_used(nodes: &[Node], outputs: &[Argument]) -> Vec<Vec<String>> {
    let mut seen: HashSet<&str> = outputs.iter().map(|output| output.name.as_str()).collect();
    let mut last_used = vec![Vec::new(); nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        for argument in node.inputs().iter().chain(node.outputs()) {
            if !argument.name.is_empty() && seen.insert(&argument.name) {
                last_used[at].push(argument.name.clone());
            }
        }
    }
    last_used
}

/// Whole numbers and single numbers are rows of one for operators; the model's author gave them no dimension.
fn fitted<B: Backend>(value: Value<B>, wanted: &ArgType) -> Value<B> {
    value.with_rank(wanted.rank().max(1))
}

fn value_type(argument: &Argument) -> Result<ValueType, DeviceError> {
    let wanted = match &argument.ty {
        ArgType::Shape(_) => Element::I64,
        other => {
            let found = element::from_burn(other.elem_type());
            found.ok_or_else(|| invalid(&format!("`{}` has elements that cannot be handed over", argument.name)))?
        }
    };
    let shape = match argument.ty.static_shape() {
        Some(lengths) => lengths.iter().map(|length| length.map(|length| length as u64)).collect(),
        None => vec![None; argument.ty.rank()],
    };
    Ok(ValueType { name: argument.name.clone(), element: wanted, shape })
}

fn check(given: &NamedContent, wanted: &ValueType) -> Result<(), DeviceError> {
    let fits = given.shape.len() == wanted.shape.len()
        && given.shape.iter().zip(&wanted.shape).all(|(given, wanted)| wanted.is_none_or(|wanted| wanted == *given));
    if !fits {
        let lengths: Vec<String> = wanted
            .shape
            .iter()
            .map(|length| length.map_or_else(|| "any".to_owned(), |length| length.to_string()))
            .collect();
        let (name, shape, lengths) = (&given.name, &given.shape, lengths.join(", "));
        return Err(invalid(&format!("the input `{name}` has the shape {shape:?}; the model wants [{lengths}]")));
    }
    if given.element != wanted.element {
        let (name, given, wanted) = (&given.name, given.element, wanted.element);
        return Err(invalid(&format!("the input `{name}` has elements of type {given:?}; the model wants {wanted:?}")));
    }
    Ok(())
}

fn at_node(error: DeviceError, node: &Node) -> DeviceError {
    match error {
        DeviceError::InvalidOperation(reason) => {
            DeviceError::InvalidOperation(format!("{} (`{}`): {reason}", node.node_type(), node.name()))
        }
        other => other,
    }
}

/// What says something of the model or of what is handed in; the device goes on.
fn invalid(reason: &str) -> DeviceError {
    DeviceError::InvalidArgument(reason.to_owned())
}
