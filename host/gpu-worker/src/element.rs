//! Types of elements, between Burn's and the protocol's.
//! Never guesses: a type that the protocol does not have is none.

use burn_backend::{DType, DTypeUsage, DTypeUsageSet};
use burn_std::BoolStore;
use host_gpu::protocol::{Element, ElementSupport};

/// Burn's type.
pub fn to_burn(element: Element) -> DType {
    match element {
        Element::F64 => DType::F64,
        Element::F32 => DType::F32,
        Element::Flex32 => DType::Flex32,
        Element::F16 => DType::F16,
        Element::Bf16 => DType::BF16,
        Element::I64 => DType::I64,
        Element::I32 => DType::I32,
        Element::I16 => DType::I16,
        Element::I8 => DType::I8,
        Element::U64 => DType::U64,
        Element::U32 => DType::U32,
        Element::U16 => DType::U16,
        Element::U8 => DType::U8,
        Element::BoolNative => DType::Bool(BoolStore::Native),
        Element::BoolU8 => DType::Bool(BoolStore::U8),
        Element::BoolU32 => DType::Bool(BoolStore::U32),
    }
}

/// The protocol's word for Burn's type; quantised elements have none.
pub fn from_burn(element: DType) -> Option<Element> {
    Element::ALL.into_iter().find(|candidate| to_burn(*candidate) == element)
}

/// What a backend can do with elements of a type; none if it cannot even hold them.
pub fn support(element: Element, usage: DTypeUsageSet) -> Option<ElementSupport> {
    usage.contains(DTypeUsage::Storage).then(|| ElementSupport {
        element,
        arithmetic: usage.contains(DTypeUsage::Arithmetic),
        accelerated: usage.contains(DTypeUsage::Accelerated),
    })
}
