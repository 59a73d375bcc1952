//! What goes into a model and comes out: contents under names, in their bytes.
//! Never converts a number: what is asked for in another type than it has is not given.

/// What one element of a content is. Numbers are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the type of the same name in wit/tensor")]
pub enum Element {
    F64,
    F32,
    Flex32,
    F16,
    Bf16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BoolNative,
    BoolU8,
    BoolU32,
}

/// What a model takes or makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueType {
    /// The model's name for it.
    pub name: String,
    /// Its elements.
    pub element: Element,
    /// Lengths of its dimensions, outermost first; none where any will do, as for a batch.
    pub shape: Vec<Option<u64>>,
}

/// A content under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The model's name for it.
    pub name: String,
    /// Its elements.
    pub element: Element,
    /// Lengths of its dimensions, outermost first; none for a single number.
    pub shape: Vec<u64>,
    /// Its elements, row by row.
    pub content: Vec<u8>,
}

/// Contents of one type of numbers.
macro_rules! numbers {
    ($($make:ident $read:ident $number:ty, $element:ident, $what:literal;)*) => {
        impl Value {
            $(
                #[doc = concat!("A content of ", $what, ", row by row.")]
                #[must_use]
                pub fn $make(name: impl Into<String>, shape: &[u64], numbers: &[$number]) -> Self {
                    let content = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                    Self { name: name.into(), element: Element::$element, shape: shape.to_vec(), content }
                }

                #[doc = concat!("Its elements, row by row; none where they are not ", $what, ".")]
                #[must_use]
                pub fn $read(&self) -> Option<Vec<$number>> {
                    if self.element != Element::$element {
                        return None;
                    }
                    let (numbers, _) = self.content.as_chunks();
                    Some(numbers.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
                }
            )*
        }
    };
}

numbers! {
    from_f32 to_f32 f32, F32, "numbers of 32 bits";
    from_f64 to_f64 f64, F64, "numbers of 64 bits";
    from_i64 to_i64 i64, I64, "whole numbers of 64 bits";
    from_i32 to_i32 i32, I32, "whole numbers of 32 bits";
}
