//! What is carried out here, beside the same operation as Burn carries it out.

use burn_backend::DType;
use burn_backend::TensorData;
use burn_backend::ops::{ActivationOps, FloatTensorOps};
use burn_flex::{Flex, FlexTensor};
use burn_ir::{
    ActivationOperationIr, BinaryOpIr, FloatOperationIr, OperationIr, TensorId, TensorIr, TensorStatus, UnaryOpIr,
};
use burn_router::TensorInterpreter;

use super::ComputedBackend;

const ROWS: usize = 37;
const COLUMNS: usize = 513;

fn named(id: u64, shape: [usize; 2]) -> TensorIr {
    TensorIr { id: TensorId::new(id), shape: shape.into(), status: TensorStatus::ReadOnly, dtype: DType::F32 }
}

fn data(factor: f32) -> TensorData {
    let numbers: Vec<f32> = (0..ROWS * COLUMNS).map(|at| ((at * 7919) % 2001) as f32 * factor - 8.0).collect();
    TensorData::new(numbers, [ROWS, COLUMNS])
}

/// An interpreter that holds two tensors, 1 and 2, as they are and as they are seen transposed.
fn interpreter(transposed: bool) -> (TensorInterpreter<Flex>, [FlexTensor; 2]) {
    let mut interpreter = TensorInterpreter::new(Default::default());
    let tensors = [data(0.008), data(0.009)].map(|data| {
        let tensor = FlexTensor::from_data(data);
        if transposed { tensor.transpose(0, 1) } else { tensor }
    });
    for (tensor, id) in tensors.iter().zip(1..) {
        interpreter.register_tensor_to_device(TensorId::new(id), burn_ir::HandleKind::Float(tensor.clone()));
    }
    (interpreter, tensors)
}

fn numbers(interpreter: &mut TensorInterpreter<Flex>, output: TensorIr) -> Vec<f32> {
    let data = burn_std::future::block_on(interpreter.read_tensor_async(output)).expect("it was made");
    data.try_to_vec().expect("they are numbers")
}

fn assert_near(own: &[f32], burn: FlexTensor) {
    let burn: Vec<f32> = burn.into_data().try_to_vec().expect("they are numbers");
    assert_eq!(own.len(), burn.len());
    for (at, (own, burn)) in own.iter().zip(&burn).enumerate() {
        assert!((own - burn).abs() <= 1e-5, "number {at}: {own}, and by Burn {burn}");
    }
}

#[test]
fn what_is_carried_out_here_is_what_burn_would_have_carried_out() {
    for (transposed, shape) in [(false, [ROWS, COLUMNS]), (true, [COLUMNS, ROWS])] {
        let (mut interpreter, [input, gradient]) = interpreter(transposed);
        let forward = ActivationOperationIr::Gelu(UnaryOpIr { input: named(1, shape), out: named(3, shape) });
        assert!(Flex::carried_out(&mut interpreter, &OperationIr::Activation(forward)).expect("they are as named"));
        assert_near(&numbers(&mut interpreter, named(3, shape)), Flex::gelu(input.clone()));

        let exp = FloatOperationIr::Exp(UnaryOpIr { input: named(1, shape), out: named(5, shape) });
        assert!(Flex::carried_out(&mut interpreter, &OperationIr::Float(DType::F32, exp)).expect("they are as named"));
        let own = numbers(&mut interpreter, named(5, shape));
        let burn: Vec<f32> = Flex::float_exp(input.clone()).into_data().try_to_vec().expect("they are numbers");
        assert!(own.iter().zip(&burn).all(|(own, burn)| (own / burn - 1.0).abs() <= 1e-6), "e to the x");

        let backward = BinaryOpIr { lhs: named(1, shape), rhs: named(2, shape), out: named(4, shape) };
        let backward = OperationIr::Activation(ActivationOperationIr::GeluBackward(backward));
        assert!(Flex::carried_out(&mut interpreter, &backward).expect("they are as named"));
        assert_near(&numbers(&mut interpreter, named(4, shape)), Flex::gelu_backward(input, gradient));
    }
}

#[test]
fn tensors_that_are_not_as_they_were_called_are_refused() {
    let (mut interpreter, _) = interpreter(false);
    let lie = [ROWS, COLUMNS + 1];
    let forward = ActivationOperationIr::Gelu(UnaryOpIr { input: named(1, lie), out: named(3, lie) });
    let refused = Flex::carried_out(&mut interpreter, &OperationIr::Activation(forward));
    assert!(
        matches!(&refused, Err(host_gpu::DeviceError::InvalidOperation(why)) if why.contains("[37, 514]")),
        "{refused:?}"
    );
}
