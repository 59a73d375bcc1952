"""Writes models in the form of ONNX, an input for each, and what onnxruntime makes of it.

Never from anywhere else: every model is put together here. Called with the folder to write to.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(sys.argv[1])
OPSET = 17
# No release that onnxruntime may not know yet.
IR_VERSION = 9
random = np.random.default_rng(7)


def weights(*shape):
    return random.normal(0.0, 0.5, shape).astype(np.float32)


class Graph:
    """Operators one after the other; each is given the last one's output where it names no input."""

    def __init__(self):
        self.nodes, self.constants, self.last = [], [], "input"

    def constant(self, value):
        name = f"constant-{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, operator, *inputs, outputs=1, **attributes):
        names = [f"{operator}-{len(self.nodes)}-{at}" for at in range(outputs)]
        inputs = [name if isinstance(name, str) else self.constant(name) for name in inputs]
        self.nodes.append(helper.make_node(operator, inputs, names, name=f"{operator}-{len(self.nodes)}", **attributes))
        self.last = names[0]
        return names[0]

    def then(self, operator, *more, outputs=1, **attributes):
        return self.add(operator, self.last, *more, outputs=outputs, **attributes)

    def write(self, name, array, result=TensorProto.FLOAT, lengths=None):
        taken = helper.make_tensor_value_info("input", TensorProto.FLOAT, lengths or list(array.shape))
        made = helper.make_tensor_value_info(self.last, result, None)
        graph = helper.make_graph(self.nodes, name, [taken], [made], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        model = onnx.shape_inference.infer_shapes(model)
        onnx.checker.check_model(model)
        onnx.save(model, FOLDER / f"{name}.onnx")
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (expected,) = session.run(None, {"input": array})
        case = {
            "shape": list(array.shape),
            "numbers": array.reshape(-1).tolist(),
            "expectedShape": list(expected.shape),
            "expected": expected.reshape(-1).astype(np.float64).tolist(),
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(case))


def single(name, array, operator, *more, result=TensorProto.FLOAT, **attributes):
    graph = Graph()
    graph.then(operator, *more, **attributes)
    graph.write(name, array.astype(np.float32), result)


def ints(*numbers):
    return np.array(numbers, np.int64)


def elementwise():
    square = random.normal(0.0, 2.0, (3, 4))
    positive = np.abs(square) + 0.1
    for operator in ["Neg", "Abs", "Exp", "Ceil", "Floor", "Sign", "Erf", "Sin", "Cos", "Tanh", "Relu", "Sigmoid",
                     "HardSwish", "Softplus", "Identity"]:
        single(operator.lower(), square, operator)
    for operator in ["Sqrt", "Log", "Reciprocal"]:
        single(operator.lower(), positive, operator)
    single("round", np.array([[-1.6, -0.4], [0.4, 1.6]]), "Round")
    for operator in ["Add", "Sub", "Mul", "Div", "Max", "Min"]:
        single(operator.lower(), square, operator, weights(4) + 3.0)
        single(f"{operator.lower()}-stretched", square[:, :1], operator, weights(2, 1, 4) + 3.0)
    single("pow", positive, "Pow", np.array([2.5], np.float32))
    single("sum", square, "Sum", weights(4), weights(3, 1))
    single("mean", square, "Mean", weights(3, 4), weights(3, 4))
    single("leaky-relu", square, "LeakyRelu", alpha=0.2)
    single("elu", square, "Elu", alpha=1.5)
    single("prelu", square, "PRelu", weights(4))
    single("hard-sigmoid", square, "HardSigmoid", alpha=0.3, beta=0.4)
    single("clip", square, "Clip", np.float32(-0.5), np.float32(0.8))
    single("clip-below", square, "Clip", np.float32(0.0))
    single("softmax", square, "Softmax", axis=-1)
    single("softmax-first", square, "Softmax", axis=0)
    single("log-softmax", square, "LogSoftmax", axis=1)
    whole = np.array([[1.0, 2.0], [3.0, 4.0]])
    for operator in ["Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"]:
        graph = Graph()
        graph.then(operator, np.array([2.0, 3.0], np.float32))
        graph.then("Cast", to=TensorProto.FLOAT)
        graph.write(f"{operator.lower()}", whole.astype(np.float32))
    graph = Graph()
    low, high = graph.add("Greater", "input", np.float32(1.5)), graph.add("Less", "input", np.float32(3.5))
    graph.add("And", low, high)
    graph.add("Where", graph.last, "input", np.float32(-1.0))
    graph.write("where", whole.astype(np.float32))
    graph = Graph()
    graph.add("Xor", graph.add("Or", low := graph.add("Greater", "input", np.float32(3.5)), graph.add("Less", "input", np.float32(1.5))), graph.add("Not", low))
    graph.then("Cast", to=TensorProto.INT64)
    graph.write("logic", whole.astype(np.float32), TensorProto.INT64)


def reductions():
    cube = random.normal(0.0, 1.0, (2, 3, 4))
    for operator in ["ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare"]:
        single(operator.lower(), cube, operator, axes=[1], keepdims=1)
        single(f"{operator.lower()}-all", cube, operator, keepdims=0)
        single(f"{operator.lower()}-two", cube, operator, axes=[0, -1], keepdims=0)
    single("reducesum", cube, "ReduceSum", ints(-1), keepdims=0)
    single("argmax", cube, "ArgMax", axis=2, keepdims=0, result=TensorProto.INT64)
    single("argmin", cube, "ArgMin", axis=1, keepdims=1, result=TensorProto.INT64)
    single("argmax-last", np.array([[1.0, 3.0, 3.0]]), "ArgMax", axis=1, select_last_index=1, result=TensorProto.INT64)
    graph = Graph()
    graph.then("TopK", ints(2), outputs=2, axis=-1)
    graph.write("topk", cube.astype(np.float32))
    graph = Graph()
    graph.then("TopK", ints(3), outputs=2, axis=1, largest=0)
    graph.last = graph.nodes[-1].output[1]
    graph.write("topk-places", cube.astype(np.float32), TensorProto.INT64)


def shapes():
    cube = random.normal(0.0, 1.0, (2, 3, 4))
    single("reshape", cube, "Reshape", ints(0, -1))
    single("flatten", cube, "Flatten", axis=2)
    single("transpose", cube, "Transpose", perm=[2, 0, 1])
    single("squeeze", cube[:1], "Squeeze", ints(0))
    single("unsqueeze", cube, "Unsqueeze", ints(0, -1))
    single("expand", cube[:, :1], "Expand", ints(2, 3, 4))
    single("tile", cube, "Tile", ints(1, 2, 3))
    single("gather", cube, "Gather", ints(2, 0, -1), axis=1)
    single("gather-one", cube, "Gather", np.int64(1), axis=2)
    single("gather-table", cube, "Gather", np.array([[0, 1], [1, 0]], np.int64), axis=0)
    single("gather-elements", cube, "GatherElements", np.zeros((2, 3, 2), np.int64) + [1, -1], axis=2)
    single("slice", cube, "Slice", ints(1, -3), ints(3, 1000), ints(1, 2), ints(1, 2))
    single("slice-backwards", cube, "Slice", ints(-1), ints(-1000), ints(2), ints(-1))
    single("pad", cube, "Pad", ints(0, 1, 0, 0, 0, 2), np.float32(9.0))
    single("pad-reflect", cube, "Pad", ints(0, 0, 1, 0, 0, 2), mode="reflect")
    single("pad-edge", cube, "Pad", ints(0, 0, 1, 0, 0, 2), mode="edge")
    graph = Graph()
    parts = graph.add("Split", "input", ints(1, 3), outputs=2, axis=2)
    graph.add("Concat", graph.nodes[-1].output[1], parts, axis=2)
    graph.write("split-and-join", cube.astype(np.float32))
    graph = Graph()
    graph.then("Shape")
    graph.write("shape", cube.astype(np.float32), TensorProto.INT64)
    graph = Graph()
    graph.then("Size")
    graph.then("Unsqueeze", ints(0))
    graph.write("size", cube.astype(np.float32), TensorProto.INT64)
    # As exported models do it: a shape that is found, taken apart and put together again, of a length not known before.
    graph = Graph()
    graph.then("Shape")
    first = graph.then("Gather", np.int64(0), axis=0)
    first = graph.add("Unsqueeze", first, ints(0))
    graph.add("Concat", first, ints(-1), axis=0)
    graph.add("Reshape", "input", graph.last)
    graph.write("shape-at-run-time", cube.astype(np.float32), lengths=["batch", 3, 4])
    graph = Graph()
    graph.then("Shape")
    graph.then("ConstantOfShape", value=numpy_helper.from_array(np.array([0.5], np.float32)))
    graph.add("Add", "input", graph.last)
    graph.write("constant-of-shape", cube.astype(np.float32))
    graph = Graph()
    graph.add("Range", np.int64(1), np.int64(9), np.int64(2))
    graph.then("Cast", to=TensorProto.FLOAT)
    graph.add("Add", "input", graph.last)
    graph.write("range", cube.astype(np.float32))


def layers():
    picture = random.normal(0.0, 1.0, (2, 3, 8, 8))
    row = random.normal(0.0, 1.0, (2, 3, 10))
    single("conv1d", row, "Conv", weights(5, 3, 3), weights(5), pads=[1, 1], strides=[2])
    single("conv2d", picture, "Conv", weights(5, 3, 3, 3), weights(5), pads=[1, 1, 1, 1])
    single("conv2d-uneven", picture, "Conv", weights(5, 3, 3, 3), pads=[0, 1, 2, 1], strides=[2, 1])
    single("conv2d-dilated", picture, "Conv", weights(5, 3, 3, 3), dilations=[2, 2])
    single("conv2d-by-channel", picture, "Conv", weights(3, 1, 3, 3), group=3, pads=[1, 1, 1, 1])
    single("conv2d-same", picture, "Conv", weights(5, 3, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    single("conv-transpose", picture, "ConvTranspose", weights(3, 4, 2, 2), strides=[2, 2])
    single("max-pool", picture, "MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    single("max-pool-padded", picture, "MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    single("max-pool-uneven", picture, "MaxPool", kernel_shape=[2, 2], pads=[0, 0, 1, 1])
    single("max-pool-1d", row, "MaxPool", kernel_shape=[2], strides=[2])
    single("average-pool", picture, "AveragePool", kernel_shape=[2, 2], strides=[2, 2])
    single("average-pool-padded", picture, "AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    single("average-pool-1d", row, "AveragePool", kernel_shape=[2], strides=[2])
    single("global-average-pool", picture, "GlobalAveragePool")
    variance = np.abs(weights(3)) + 0.5
    single("batch-norm", picture, "BatchNormalization", weights(3), weights(3), weights(3), variance)
    single("instance-norm", picture, "InstanceNormalization", weights(3), weights(3))
    single("layer-norm", row, "LayerNormalization", weights(10), weights(10), axis=-1)
    single("layer-norm-two", row, "LayerNormalization", weights(3, 10), axis=1)
    single("matmul", row[0], "MatMul", weights(10, 4))
    single("matmul-batched", row, "MatMul", weights(2, 10, 4))
    single("matmul-stretched", row, "MatMul", weights(10, 4))
    single("matmul-column", row, "MatMul", weights(10))
    single("gemm", row[0], "Gemm", weights(4, 10), weights(4), transB=1)
    single("gemm-scaled", row[0], "Gemm", weights(3, 4), weights(4), transA=1, alpha=0.5, beta=2.0)


def networks():
    graph = Graph()
    graph.then("Gemm", weights(4, 16), weights(16))
    graph.then("Relu")
    graph.then("Gemm", weights(16, 3), weights(3))
    graph.then("Softmax", axis=-1)
    graph.write("mlp", random.normal(0.0, 1.0, (1, 4)).astype(np.float32))
    graph = Graph()
    for channels, before in [(8, 1), (16, 8)]:
        graph.then("Conv", weights(channels, before, 3, 3), weights(channels), pads=[1, 1, 1, 1])
        graph.then("BatchNormalization", weights(channels), weights(channels), weights(channels), np.abs(weights(channels)) + 0.5)
        graph.then("Relu")
        graph.then("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    graph.then("Flatten")
    graph.then("Gemm", weights(16 * 7 * 7, 10) / 10, weights(10))
    graph.write("cnn", random.normal(0.0, 1.0, (4, 1, 28, 28)).astype(np.float32), lengths=["batch", 1, 28, 28])
    transformer()


def transformer(width=32, heads=4, length=6):
    """One block as exporters write it: attention over heads, and a row of two layers behind it."""
    graph = Graph()

    def linear(source, before, behind):
        return graph.add("Add", graph.add("MatMul", source, weights(before, behind) / 4), weights(behind))

    def by_heads(source, axes):
        split = graph.add("Reshape", source, ints(0, 0, heads, width // heads))
        return graph.add("Transpose", split, perm=axes)

    normal = graph.add("LayerNormalization", "input", weights(width), weights(width))
    query = by_heads(linear(normal, width, width), [0, 2, 1, 3])
    key = by_heads(linear(normal, width, width), [0, 2, 3, 1])
    value = by_heads(linear(normal, width, width), [0, 2, 1, 3])
    scores = graph.add("Div", graph.add("MatMul", query, key), np.float32((width // heads) ** 0.5))
    mask = np.triu(np.full((length, length), -1e9, np.float32), 1)
    scores = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    joined = graph.add("Transpose", graph.add("MatMul", scores, value), perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", joined, ints(0, 0, width))
    hidden = graph.add("Add", "input", linear(joined, width, width))
    inner = linear(graph.add("LayerNormalization", hidden, weights(width), weights(width)), width, 4 * width)
    # The exact form of GELU, written out.
    halves = graph.add("Mul", graph.add("Add", graph.add("Erf", graph.add("Div", inner, np.float32(2**0.5))), np.float32(1)), inner)
    outer = linear(graph.add("Mul", halves, np.float32(0.5)), 4 * width, width)
    graph.add("Add", hidden, outer)
    graph.write("transformer", random.normal(0.0, 1.0, (2, length, width)).astype(np.float32), lengths=["batch", length, width])


def wrong():
    """Models that must be refused."""

    def save(name, nodes, constants=()):
        taken = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 4])
        made = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 4])
        graph = helper.make_graph(nodes, name, [taken], [made], list(constants))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())

    node = helper.make_node
    save("unknown", [node("Hardmax", ["input"], ["h"], name="first"), node("LpNormalization", ["h"], ["output"], name="second")])
    save("cyclic", [node("Add", ["input", "b"], ["a"], name="one"), node("Relu", ["a"], ["b"], name="two"),
                    node("Identity", ["b"], ["output"], name="three")])
    save("huge", [node("Expand", ["input", "wide"], ["output"], name="wide-one")],
         [numpy_helper.from_array(ints(1 << 20, 1 << 20, 1, 4), "wide")])


elementwise()
reductions()
shapes()
layers()
networks()
wrong()
