"""Fits a classifier of the digits, writes it as ONNX, and what onnxruntime says of rows it has not seen.

Called with the table to learn from, the table to name, and the folder to write to: `any.onnx` takes any number of rows
and makes scores, `seven.onnx` takes seven at a time, as pictures, and makes probabilities.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# No release that onnxruntime may not know yet.
IR_VERSION = 9
HIDDEN = 256
random = np.random.default_rng(3)


def read(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    return rows[:, :-1], rows[:, -1].astype(int)


def fitted(pixels, digits):
    """A layer of random features, and least squares on what they make: one solution, and quickly found."""
    first, shift = random.normal(0.0, 0.05, (64, HIDDEN)), random.normal(0.0, 0.5, HIDDEN)
    hidden = np.maximum(pixels @ first + shift, 0.0)
    hidden = np.hstack([hidden, np.ones((len(hidden), 1))])
    wanted = np.eye(10)[digits] * 10.0
    second = np.linalg.solve(hidden.T @ hidden + np.eye(HIDDEN + 1), hidden.T @ wanted)
    return [part.astype(np.float32) for part in (first, shift, second[:-1], second[-1])]


def write(path, parts, shape, probable):
    nodes, last = [], "pixels"
    if len(shape) > 2:
        nodes.append(helper.make_node("Flatten", [last], ["row"]))
        last = "row"
    nodes.append(helper.make_node("Gemm", [last, "first", "shift"], ["sum"]))
    nodes.append(helper.make_node("Relu", ["sum"], ["hidden"]))
    nodes.append(helper.make_node("Gemm", ["hidden", "second", "base"], ["scores"]))
    made = "scores"
    if probable:
        nodes.append(helper.make_node("Softmax", [made], ["probabilities"], axis=-1))
        made = "probabilities"
    taken = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)
    result = helper.make_tensor_value_info(made, TensorProto.FLOAT, [shape[0], 10])
    names = ["first", "shift", "second", "base"]
    constants = [numpy_helper.from_array(part, name) for part, name in zip(parts, names)]
    graph = helper.make_graph(nodes, "digits", [taken], [result], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main():
    learned, unseen, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    pixels, digits = read(learned)
    rows, truth = read(unseen)
    parts = fitted(pixels, digits)
    (scores,) = write(folder / "any.onnx", parts, ["rows", 64], False).run(None, {"pixels": rows})
    write(folder / "seven.onnx", parts, [7, 1, 8, 8], True)
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    sure = (exponents / exponents.sum(axis=1, keepdims=True)).max(axis=1)
    named = scores.argmax(axis=1)
    expected = {
        "named": [str(place) for place in named],
        "sure": sure.astype(float).tolist(),
        "accuracy": float((named == truth).mean()),
    }
    (folder / "expected.json").write_text(json.dumps(expected))


main()
