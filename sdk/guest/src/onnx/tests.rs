//! Contents keep their numbers, and a model is refused where there is nobody to run it.

use super::{Element, ONNX_MEDIA_TYPE, OnnxError, OnnxModel, Value};
use crate::{Handle as _, Model};

#[test]
fn numbers_come_out_as_they_went_in_and_only_as_what_they_are() {
    let value = Value::from_f32("input", &[1, 2], &[0.5, -1.0]);
    assert_eq!((value.element, value.content.len()), (Element::F32, 8));
    assert_eq!(value.to_f32(), Some(vec![0.5, -1.0]));
    assert_eq!(value.to_f64(), None);
    let places = Value::from_i64("places", &[2], &[1, -1]);
    assert_eq!((places.to_i64(), places.to_i32()), (Some(vec![1, -1]), None));
}

#[test]
fn natively_nobody_runs_a_model() {
    let model = Model::from_bytes(ONNX_MEDIA_TYPE, b"a model").expect("stored");
    let refused = OnnxModel::load(&model).err().expect("refused");
    assert!(matches!(&refused, OnnxError::Unsupported(_)));
    assert!(refused.to_string().contains("only there in the sandbox"), "{refused}");
}
