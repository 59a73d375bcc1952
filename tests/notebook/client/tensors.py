"""The module `sandmill.tensor` in a session that was lent a device: what it computes beside plain Python, and what it
says when something cannot be done. Arguments: the backend, and the node's data folder."""

import os
import signal
import sys

from session import Socket, ok, plain, rest, start

backend, data_folder = sys.argv[2:4]
kernel = start()
socket = Socket(kernel)


def run(code):
    heard, reply = socket.run(code)
    assert reply["status"] == "ok", (code, reply)
    return heard


def fails(code, error, *words):
    heard, reply = socket.run(code)
    assert reply["status"] == "error" and reply["ename"].endswith(error), (code, reply)
    for word in words:
        assert word in reply["evalue"], (code, word, reply["evalue"])


heard, reply = socket.run("""
import math, random as plain_random
from sandmill.tensor import *
device().backend
""")
if reply["status"] == "error" and "no graphics adapter" in reply["evalue"]:
    print("skipped: no graphics adapter")
    raise SystemExit
assert reply["status"] == "ok" and plain(heard) == repr({"cpu": "flex", "gpu": "wgpu"}[backend]), (heard, reply)

run("""
plain_random.seed(3)
A = [[plain_random.uniform(-2, 2) for _ in range(5)] for _ in range(4)]
B = [[plain_random.uniform(0.1, 3) for _ in range(5)] for _ in range(4)]
a, b = tensor(A), tensor(B)

def flat(items):
    return [one for item in items for one in flat(item)] if isinstance(items, list) else [items]

def same(found, expected):
    \"\"\"Whether a tensor is what plain Python says, as far as 32 bits can tell.\"\"\"
    found = found.tolist()
    assert type(flat(found)[0]) is type(flat(expected)[0]), (found, expected)
    assert len(flat(found)) == len(flat(expected)), (found, expected)
    assert all(math.isclose(x, y, rel_tol=2e-5, abs_tol=2e-6) for x, y in zip(flat(found), flat(expected))), (found, expected)
    if isinstance(expected, list):
        assert len(found) == len(expected), (found, expected)

def each(function, *rows):
    return [[function(*numbers) for numbers in zip(*row)] for row in zip(*rows)]
""")
run("""
same(a + b, each(lambda x, y: x + y, A, B))
same(a - b, each(lambda x, y: x - y, A, B))
same(a * b, each(lambda x, y: x * y, A, B))
same(a / b, each(lambda x, y: x / y, A, B))
same(2 - a * 3 + 1, each(lambda x: 2 - x * 3 + 1, A))
same(1 / b, each(lambda x: 1 / x, B))
same(b ** 2, each(lambda x: x ** 2, B))
same(b ** a, each(lambda x, y: y ** x, A, B))
same(-a, each(lambda x: -x, A))
same(abs(a), each(abs, A))
same(a.exp(), each(math.exp, A))
same(b.log(), each(math.log, B))
same(b.sqrt(), each(math.sqrt, B))
same(a.sin() + a.cos(), each(lambda x: math.sin(x) + math.cos(x), A))
same(a.tanh(), each(math.tanh, A))
same(a.relu(), each(lambda x: max(x, 0.0), A))
same(a.sigmoid(), each(lambda x: 1 / (1 + math.exp(-x)), A))
same(a + tensor([1.0, 2, 3, 4, 5]), [[x + n for n, x in enumerate(row, 1)] for row in A])
same(a * tensor([[1.0], [2], [3], [4]]), [[x * n for x in row] for n, row in enumerate(A, 1)])
same(tensor([1, 2, 3]) * 2 - 1, [1, 3, 5])
same(tensor([7, 8]) / 2, [3.5, 4.0])
same(tensor([True, False]) + 1, [2, 1])
same(tensor([1, 2]) + 0.5, [1.5, 2.5])
""")
run("""
C = [[plain_random.uniform(-1, 1) for _ in range(3)] for _ in range(5)]
product = [[sum(x * y for x, y in zip(row, column)) for column in zip(*C)] for row in A]
same(a @ tensor(C), product)
same(tensor(A[0]) @ tensor(C), product[0])
same(a @ tensor([row[1] for row in C]), [row[1] for row in product])
same(tensor([1.0, 2, 3]) @ tensor([4.0, 5, 6]), 32.0)
same(tensor([[1, 2], [3, 4]]) @ tensor([[5, 6], [7, 8]]), [[19, 22], [43, 50]])
same(tensor([A, A]) @ tensor(C), [product, product])
same(tensor([A, A]) @ tensor([C, C]), [product, product])
""")
ok("arithmetic")

run("""
same(a.sum(), sum(flat(A)))
same(a.sum(axis=0), [sum(column) for column in zip(*A)])
same(a.sum(axis=-1), [sum(row) for row in A])
same(a.sum(axis=(0, 1)), sum(flat(A)))
same(a.mean(), sum(flat(A)) / 20)
same(a.mean(axis=1, keepdims=True), [[sum(row) / 5] for row in A])
same(a.max(), max(flat(A)))
same(a.min(), min(flat(A)))
same(a.max(axis=1), [max(row) for row in A])
same(a.min(axis=0), [min(column) for column in zip(*A)])
same(tensor([3, 9, 4]).max(), 9)
same(tensor([1, 2]).mean(), 1.5)
same(a.argmax(), flat(A).index(max(flat(A))))
same(a.argmax(axis=1), [row.index(max(row)) for row in A])
same(a.argmin(axis=0), [column.index(min(column)) for column in zip(*A)])
same((a > 0).sum(), sum(x > 0 for x in flat(A)))
weights = [[math.exp(x) for x in row] for row in A]
same(a.softmax(), [[w / sum(row) for w in row] for row in weights])
same(a.softmax(axis=0).sum(axis=0), [1.0] * 5)
""")
ok("reductions")

run("""
for name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    same(getattr(a, name)(b), each(lambda x, y: getattr(x, name)(y), A, B))
    same(getattr(tensor([1, 2, 3]), name)(2), [getattr(x, name)(2) for x in (1, 2, 3)])
same(where(a > 0, a, 0), each(lambda x: x if x > 0 else 0.0, A))
same(where(a > b, a, b), each(max, A, B))
same(where(tensor([True, False]), 1, 2), [1, 2])
same((a > 0) & (a < 1), each(lambda x: 0 < x < 1, A))
same((a < 0) | ~(a < 1), each(lambda x: x < 0 or x >= 1, A))
same((a > 0) ^ (a < 1), each(lambda x: (x > 0) != (x < 1), A))
same((a == a).all(), True)
same((a > 0).any(), True)
same((a > -1).all(axis=0), [all(x > -1 for x in column) for column in zip(*A)])
same((a > 0).any(axis=1), [any(x > 0 for x in row) for row in A])
assert bool((a == a).all()) and int(tensor(3)) == 3 and float(tensor(0.5)) == 0.5
""")
ok("truth")

run("""
same(a.reshape(2, -1), [A[0] + A[1], A[2] + A[3]])
same(a.T, [list(column) for column in zip(*A)])
same(tensor([A, B]).transpose(1, 0, 2), [list(pair) for pair in zip(A, B)])
same(a[1], A[1])
same(a[-1, 2], A[-1][2])
same(a[1:3, ::2], [row[::2] for row in A[1:3]])
same(a[::-1], A[::-1])
same(a[..., 4:0:-2], [row[4:0:-2] for row in A])
same(a[:, None, 0], [[row[0]] for row in A])
same(concatenate([a, b]), A + B)
same(concatenate([a, b], axis=1), [x + y for x, y in zip(A, B)])
same(tensor([1.0, 2]).broadcast_to((3, 2)), [[1.0, 2.0]] * 3)
assert [row.shape for row in a] == [(5,)] * 4 and len(a) == 4 and a.ndim == 2 and a.size == 20 and a.nbytes == 80
""")
ok("shapes")

run("""
import array
same(zeros((2, 3)), [[0.0] * 3] * 2)
same(ones(2, dtype=int), [1, 1])
same(full((2,), 2.5), [2.5, 2.5])
same(arange(5), [0, 1, 2, 3, 4])
same(arange(1, 0, -0.25), [1.0, 0.75, 0.5, 0.25])
same(tensor(array.array("f", [1.5, 2.5])), [1.5, 2.5])
content = array.array("f", range(6)).tobytes()
same(tensor(content, "float32", (2, 3)), [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
assert tensor(memoryview(content), "float32", 6).tobytes() == content
assert tensor([True, False, True]).tobytes() == bytes([1, 0, 1])
same(tensor([1.7, -1.7]).astype(int), [1, -1])
same(tensor([0, 3]).astype(bool), [False, True])
same(tensor([True, False]).astype("float32"), [1.0, 0.0])
assert tensor([1, -200], "int64").astype("int32").tobytes() == array.array("i", [1, -200]).tobytes()
if "float64" in device().elements:
    assert (tensor([0.1], "float64") * 3).tolist() == [0.1 * 3]
    same((tensor([0.1]).astype("float64") * 3).astype("float32"), [0.1 * 3])
seed(7)
first = random((1000,), low=-1, high=3).tolist()
seed(7)
assert first == random((1000,), low=-1, high=3).tolist() != random((1000,), low=-1, high=3).tolist()
assert -1 <= min(first) < -0.9 and 2.9 < max(first) < 3 and 0.8 < sum(first) / 1000 < 1.2
bell = normal((10000,), 5, 2)
assert 4.9 < bell.mean().item() < 5.1 and 1.9 < ((bell - 5) ** 2).mean().sqrt().item() < 2.1
# As large as several pieces, there and back.
large = bytes(range(256)) * (9 << 12)
assert tensor(large, "int32", (len(large) // 4,)).tobytes() == large
""")
ok("made")

run("""
asked = []
ask = device().ask
device().ask = lambda function, *arguments: (asked.append(function.__name__), ask(function, *arguments))[1]
device().synchronize()
asked.clear()
x = b
for _ in range(50):
    x = (x * 1.01).tanh() + b
taken = device().taken_bytes
total = x.sum().item()
assert asked == ["run", "read"], asked
device().ask = ask
y = B
for _ in range(50):
    y = each(lambda x, z: math.tanh(x * 1.01) + z, y, B)
assert math.isclose(total, sum(flat(y)), rel_tol=1e-4), total
before = device().taken_bytes
z = random((1000, 100))
assert device().taken_bytes == before + 400_000
del z
assert device().taken_bytes == before
for _ in range(300):
    z = random((1000, 1000)) + 1
assert device().taken_bytes <= before + 8_000_000
""")
ok("batched")

heard = run("tensor([[1.0, 0.1], [2.5, -3.0]])")
assert plain(heard) == "tensor([[1.0, 0.1],\n        [2.5, -3.0]], shape=(2, 2), dtype=float32)", heard
assert "<table>" in heard[-1][1]["data"]["text/html"], heard
assert plain(run("arange(100000) * 2")).startswith("tensor([0, 2, 4, 6, 8, 10, …], shape=(100000,)"), heard
status, variables = rest("GET", f"/api/kernels/{kernel}/variables")
assert {"name": "a", "type": "Tensor", "summary": "float32[4, 5] on the device"} in variables, variables
ok("shown")

for code, error, *words in [
    ("a + tensor([1.0, 2.0])", "ValueError", "(4, 5) and (2,)"),
    ("a @ b", "ValueError", "5 columns meet 4 rows"),
    ("a.reshape(3, 7)", "ValueError", "20 elements"),
    ("a.sum(axis=2)", "ValueError", "no axis 2"),
    ("a[7]", "IndexError", "out of range"),
    ("a[0, 0, 0]", "IndexError", "2 dimensions"),
    ("a[a > 0]", "TypeError", "indexed by"),
    ("zeros((2, 0))", "ValueError", "without elements"),
    ("tensor([[1, 2], [3]])", "ValueError", "not alike"),
    ("tensor(['x'])", "TypeError", "not of str"),
    ("tensor(b'1234')", "TypeError", "say what they are"),
    ("tensor(b'123', 'float32', (1,))", "ValueError", "3 bytes"),
    ("tensor([1], 'float17')", "TypeError", "float32"),
    ("tensor([1 << 40], 'int32')", "OverflowError", "int32"),
    ("tensor([1 << 40], 'int64').astype('int32')", "OverflowError", "int32"),
    ("bool(a)", "ValueError", "all()"),
    ("a.item()", "ValueError", "20 elements"),
    ("a + 'x'", "TypeError"),
]:
    fails(code, error, *words)
run("same(a * 1, A)")
ok("refused")

fails("huge = ones((64 << 20,))", "DeviceMemoryError", "SM0801", "67108864 bytes", "--notebook-device-memory-mib")
fails("ones((1 << 40,))", "DeviceMemoryError", "SM0801")
run("same(a * 1, A)")
# The node counts for itself, whatever the module believes.
run("device().memory_bytes = 1 << 50")
fails("(ones((64 << 20,)) + 1).sum().item()", "DeviceMemoryError", "SM0801", "67108864 bytes")
fails("a + 1", "DeviceLostError", "a device that is gone", "make the tensor again")
run("a, b = tensor(A), tensor(B)\nsame(a + b, each(lambda x, y: x + y, A, B))\nassert device().memory_bytes == 64 << 20")
ok("memory")


def workers():
    """The processes of this node's devices."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{name}/cmdline", "rb").read().split(b"\0")
            parent = open(f"/proc/{name}/stat").read().rpartition(")")[2].split()[1]
            if b"device-worker" in words and data_folder.encode() in open(f"/proc/{parent}/cmdline", "rb").read():
                found.append(int(name))
        except OSError:
            continue
    return found


assert len(workers()) == 1, workers()
os.kill(workers()[0], signal.SIGKILL)
fails("(a + 1).sum().item()", "DeviceLostError", "SM0804")
fails("b.tolist()", "DeviceLostError", "SM0804")
assert "is gone" in plain(run("a")), "a tensor that is lost can still be shown"
run("b = tensor(B)\nsame(b * 2, each(lambda x: x * 2, B))\nassert A[0][0] == A[0][0]")
ok("lost")

run("""
import pickle, json
from sandmill.tensor import to_npy, to_safetensors, load
t = tensor([[1, 2, 3], [4, 5, 6]], dtype="int32")
content = to_npy(t)
assert content[:8] == b"\\x93NUMPY\\x01\\x00" and len(content) % 64 == 24 and content.endswith(t.tobytes())
again = load(content)
assert (again.shape, again.dtype, again.tolist()) == (t.shape, t.dtype, t.tolist())
turned = content.replace(b"'fortran_order': False", b"'fortran_order': True ")
assert load(turned).tolist() == [[1, 3, 5], [2, 4, 6]]
both = load(to_safetensors({"weight": b, "bias": tensor([True, False])}))
same(both["weight"], B)
assert both["bias"].tolist() == [True, False] and both["bias"].dtype == "bool"
""")
fails("load(b'no file at all')", "ValueError", "neither")
run("""
import sandmill
kept = sandmill.tensor.save(b)
assert kept.media_type == "application/x-npy", kept
same(load(kept), B)
model = sandmill.tensor.save({"weight": b})
assert model.kind == "model"
same(load(sandmill.artifact(model.digest))["weight"], B)
""")
ok("files")

fails("pickle.dumps(b)", "TypeError", "lives on the device")
run("try:\n    ones((64 << 20,))\nexcept DeviceError as error:\n    told, on = error, device()")
status, paused = rest("POST", f"/api/v1/sessions/{kernel}/pause")
assert status == 200, (status, paused)
lost = {one["name"]: one["reason"] for one in paused["paused"]["lost"]}
assert "lives on the device" in lost["b"] and "this session's own" in lost["on"] and "B" not in lost, lost
assert workers() == [], "a paused session keeps no device"
status, resumed = rest("POST", f"/api/v1/sessions/{kernel}/resume")
assert status == 200, (status, resumed)
socket = Socket(kernel)
run("b = tensor(B)\nassert b.shape == (4, 5) and (told.code, type(told)) == ('SM0801', DeviceMemoryError)")
ok("paused")
