//! Types of elements, between the contract's and the protocol's.
//! Never misses one: both are the same list.

use host_bindings::sandmill::tensor::types::ElementType;
use host_gpu::protocol::Element;

macro_rules! same {
    ($($name:ident)*) => {
        /// The contract's word.
        pub fn to_contract(element: Element) -> ElementType {
            match element {
                $(Element::$name => ElementType::$name,)*
            }
        }

        /// The protocol's word.
        pub fn from_contract(element: ElementType) -> Element {
            match element {
                $(ElementType::$name => Element::$name,)*
            }
        }
    };
}

same!(F64 F32 Flex32 F16 Bf16 I64 I32 I16 I8 U64 U32 U16 U8 BoolNative BoolU8 BoolU32);
