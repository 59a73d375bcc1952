"""Writes the models of the inference group as ONNX, and what one run of each takes in onnxruntime.

Arguments: runs of each, folder for the models, result file. Every model takes a batch of any length.
"""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# No release that onnxruntime may not know yet.
IR_VERSION = 9
WARM_UP = 5
BATCHES = [1, 64]
WIDTH, HEADS, LENGTH = 128, 4, 64
random = np.random.default_rng(7)


class Graph:
    """Operators one after the other; each makes one output, which is named after its place."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value):
        name = f"constant-{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, operator, *inputs, **attributes):
        made = f"{operator}-{len(self.nodes)}"
        inputs = [name if isinstance(name, str) else self.constant(name) for name in inputs]
        self.nodes.append(helper.make_node(operator, inputs, [made], name=made, **attributes))
        return made

    def model(self, name, made, shape):
        taken = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", *shape])
        result = helper.make_tensor_value_info(made, TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, name, [taken], [result], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        return onnx.shape_inference.infer_shapes(model)


def weights(*shape):
    return random.normal(0.0, 0.05, shape).astype(np.float32)


def perceptron():
    graph, last = Graph(), "input"
    for before, behind in [(784, 512), (512, 512)]:
        last = graph.add("Relu", graph.add("Gemm", last, weights(before, behind), weights(behind)))
    return graph.model("mlp", graph.add("Gemm", last, weights(512, 10), weights(10)), [784]), [784]


def convolutions():
    graph, last = Graph(), "input"
    for before, behind in [(1, 16), (16, 32)]:
        last = graph.add("Conv", last, weights(behind, before, 3, 3), weights(behind), pads=[1, 1, 1, 1])
        last = graph.add("MaxPool", graph.add("Relu", last), kernel_shape=[2, 2], strides=[2, 2])
    last = graph.add("Gemm", graph.add("Flatten", last), weights(32 * 7 * 7, 10), weights(10))
    return graph.model("cnn", last, [1, 28, 28]), [1, 28, 28]


def transformer():
    """One block as exporters write it: attention over heads, and two layers behind it."""
    graph = Graph()

    def linear(source, before, behind):
        return graph.add("Add", graph.add("MatMul", source, weights(before, behind)), weights(behind))

    def by_heads(source, axes):
        split = graph.add("Reshape", source, np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        return graph.add("Transpose", split, perm=axes)

    normal = graph.add("LayerNormalization", "input", weights(WIDTH), weights(WIDTH))
    query = by_heads(linear(normal, WIDTH, WIDTH), [0, 2, 1, 3])
    key = by_heads(linear(normal, WIDTH, WIDTH), [0, 2, 3, 1])
    value = by_heads(linear(normal, WIDTH, WIDTH), [0, 2, 1, 3])
    scores = graph.add("Div", graph.add("MatMul", query, key), np.float32((WIDTH // HEADS) ** 0.5))
    joined = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    joined = graph.add("Reshape", graph.add("Transpose", joined, perm=[0, 2, 1, 3]), np.array([0, 0, WIDTH], np.int64))
    hidden = graph.add("Add", "input", linear(joined, WIDTH, WIDTH))
    normal = graph.add("LayerNormalization", hidden, weights(WIDTH), weights(WIDTH))
    inner = graph.add("Relu", linear(normal, WIDTH, 4 * WIDTH))
    made = graph.add("Add", hidden, linear(inner, 4 * WIDTH, WIDTH))
    return graph.model("transformer", made, [LENGTH, WIDTH]), [LENGTH, WIDTH]


def run_millis(model, shape, runs):
    """The median of so many runs, one after the other, on as many threads as onnxruntime takes of its own accord."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {"input": random.normal(0.0, 1.0, shape).astype(np.float32)}
    for _ in range(WARM_UP):
        session.run(None, given)
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        session.run(None, given)
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def main():
    runs, folder, result = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    told = []
    for model, shape in [perceptron(), convolutions(), transformer()]:
        onnx.checker.check_model(model)
        name = model.graph.name
        onnx.save(model, folder / f"{name}.onnx")
        for batch in BATCHES:
            millis = run_millis(model, [batch, *shape], runs)
            told.append({"name": name, "shape": [batch, *shape], "millis": millis})
    with open(result, "w") as file:
        json.dump({"version": onnxruntime.__version__, "runs": told}, file)


main()
