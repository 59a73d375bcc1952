//! Types of elements, between Burn's and the contract's.
//! Never guesses: a type that the contract does not have is none.

use burn_backend::{DType, DTypeUsage, DTypeUsageSet};
use burn_std::BoolStore;

use crate::bindings::sandmill::tensor::types::{ElementSupport, ElementType};

/// The contract's word for Burn's type. Quantised elements have none.
pub fn to_contract(element: DType) -> Option<ElementType> {
    Some(match element {
        DType::F64 => ElementType::F64,
        DType::F32 => ElementType::F32,
        DType::Flex32 => ElementType::Flex32,
        DType::F16 => ElementType::F16,
        DType::BF16 => ElementType::Bf16,
        DType::I64 => ElementType::I64,
        DType::I32 => ElementType::I32,
        DType::I16 => ElementType::I16,
        DType::I8 => ElementType::I8,
        DType::U64 => ElementType::U64,
        DType::U32 => ElementType::U32,
        DType::U16 => ElementType::U16,
        DType::U8 => ElementType::U8,
        DType::Bool(BoolStore::Native) => ElementType::BoolNative,
        DType::Bool(BoolStore::U8) => ElementType::BoolU8,
        DType::Bool(BoolStore::U32) => ElementType::BoolU32,
        DType::QFloat(_) => return None,
    })
}

/// Burn's type for the contract's word.
pub fn from_contract(element: ElementType) -> DType {
    match element {
        ElementType::F64 => DType::F64,
        ElementType::F32 => DType::F32,
        ElementType::Flex32 => DType::Flex32,
        ElementType::F16 => DType::F16,
        ElementType::Bf16 => DType::BF16,
        ElementType::I64 => DType::I64,
        ElementType::I32 => DType::I32,
        ElementType::I16 => DType::I16,
        ElementType::I8 => DType::I8,
        ElementType::U64 => DType::U64,
        ElementType::U32 => DType::U32,
        ElementType::U16 => DType::U16,
        ElementType::U8 => DType::U8,
        ElementType::BoolNative => DType::Bool(BoolStore::Native),
        ElementType::BoolU8 => DType::Bool(BoolStore::U8),
        ElementType::BoolU32 => DType::Bool(BoolStore::U32),
    }
}

/// What the device can do with elements of a type, in Burn's words.
pub fn usage(support: &ElementSupport) -> DTypeUsageSet {
    let mut usage = DTypeUsageSet::only(DTypeUsage::Storage);
    if support.arithmetic {
        usage.insert(DTypeUsage::Arithmetic);
    }
    if support.accelerated {
        usage.insert(DTypeUsage::Accelerated);
    }
    usage
}
