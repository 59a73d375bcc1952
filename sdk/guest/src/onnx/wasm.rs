//! Models as resources of the host.
//! Never differs in its surface from its sibling `native.rs`.

use super::{Element, OnnxError, Value, ValueType};
use crate::Model;
use bindings::sandmill::model::inference as wit;
use bindings::sandmill::tensor::types::ElementType;

#[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/data@0.1.0", "../../wit/tensor@0.1.0", "../../wit/model@0.1.0"],
        world: "sandmill:model/imports",
        with: {
            "sandmill:data/types@0.1.0": crate::bindings::sandmill::data::types,
            "sandmill:data/models@0.1.0": crate::bindings::sandmill::data::models,
        },
        generate_all,
    });
}

/// A model on the step's device.
pub struct Loaded(wit::LoadedModel);

impl Loaded {
    pub fn load(model: &Model) -> Result<Self, OnnxError> {
        Ok(Self(wit::LoadedModel::load(model).map_err(told)?))
    }

    pub fn inputs(&self) -> Vec<ValueType> {
        self.0.inputs().into_iter().map(value_type).collect()
    }

    pub fn outputs(&self) -> Vec<ValueType> {
        self.0.outputs().into_iter().map(value_type).collect()
    }

    pub fn run(&self, inputs: Vec<Value>) -> Result<Vec<Value>, OnnxError> {
        let to_contract =
            |Value { name, element, shape, content }| wit::Value { name, element: element.into(), shape, content };
        let inputs: Vec<wit::Value> = inputs.into_iter().map(to_contract).collect();
        let from_contract =
            |wit::Value { name, element, shape, content }| Value { name, element: element.into(), shape, content };
        Ok(self.0.run(&inputs).map_err(told)?.into_iter().map(from_contract).collect())
    }
}

fn value_type(wit::ValueType { name, element, shape }: wit::ValueType) -> ValueType {
    ValueType { name, element: element.into(), shape }
}

fn told(error: wit::Error) -> OnnxError {
    match error {
        wit::Error::Unsupported(what) => OnnxError::Unsupported(what),
        wit::Error::Invalid(reason) => OnnxError::Invalid(reason),
    }
}

/// The same list in the SDK's words and in the contract's.
macro_rules! same {
    ($($name:ident)*) => {
        impl From<Element> for ElementType {
            fn from(element: Element) -> Self {
                match element {
                    $(Element::$name => Self::$name,)*
                }
            }
        }

        impl From<ElementType> for Element {
            fn from(element: ElementType) -> Self {
                match element {
                    $(ElementType::$name => Self::$name,)*
                }
            }
        }
    };
}

same!(F64 F32 Flex32 F16 Bf16 I64 I32 I16 I8 U64 U32 U16 U8 BoolNative BoolU8 BoolU32);
