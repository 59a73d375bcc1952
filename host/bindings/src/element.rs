//! Tensors and the types of their elements, between the contract's words and those of a device's worker.
//! Never misses one: both are the same list.

use host_gpu::protocol::{self, Element};

use crate::sandmill::tensor::types::{ElementType, Tensor};

impl From<Tensor> for protocol::Tensor {
    fn from(Tensor { id, element, shape }: Tensor) -> Self {
        Self { id, element: element.into(), shape }
    }
}

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
