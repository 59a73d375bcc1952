"""Notebooks and files, as Jupyter's contents interface keeps them."""

import nbformat

from session import ok, rest

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("1 + 1")])


def save(path, content):
    return rest("PUT", f"/api/contents/{path}", {"type": "notebook", "format": "json", "content": content})


status, model = save("first.ipynb", notebook)
assert status == 201 and model["type"] == "notebook" and model["content"] is None, (status, model)
status, model = rest("GET", "/api/contents/first.ipynb")
assert status == 200 and model["content"] == notebook, (status, model)
assert save("first.ipynb", notebook)[0] == 200
ok("saved")

assert rest("PUT", "/api/contents/folder", {"type": "directory"})[0] == 201
assert rest("PUT", "/api/contents/folder/note.txt", {"type": "file", "format": "text", "content": "ä"})[0] == 201
status, model = rest("GET", "/api/contents")
assert [entry["name"] for entry in model["content"]] == ["first.ipynb", "folder"], model
status, model = rest("GET", "/api/contents/folder/note.txt")
assert model["content"] == "ä" and model["format"] == "text", model
ok("listed")

status, model = rest("POST", "/api/contents/first.ipynb/checkpoints")
assert status == 201 and model["id"] == "checkpoint", (status, model)
changed = nbformat.v4.new_notebook()
save("first.ipynb", changed)
assert len(rest("GET", "/api/contents/first.ipynb/checkpoints")[1]) == 1
assert rest("POST", "/api/contents/first.ipynb/checkpoints/checkpoint")[0] == 204
assert rest("GET", "/api/contents/first.ipynb")[1]["content"] == notebook
ok("checkpoint")

status, model = rest("PATCH", "/api/contents/first.ipynb", {"path": "second.ipynb"})
assert status == 200 and model["name"] == "second.ipynb", (status, model)
assert rest("GET", "/api/contents/first.ipynb")[0] == 404
ok("renamed")

status, model = rest("POST", "/api/contents/folder", {"copy_from": "second.ipynb"})
assert status == 201 and model["path"] == "folder/second-Copy.ipynb", (status, model)
status, model = rest("POST", "/api/contents/folder", {"type": "notebook"})
assert status == 201 and model["name"] == "Untitled.ipynb", (status, model)
status, model = rest("POST", "/api/contents", {"type": "notebook"})
assert status == 201 and model["path"] == "Untitled.ipynb", (status, model)
assert rest("DELETE", "/api/contents/folder")[0] == 409
assert rest("DELETE", "/api/contents/folder/Untitled.ipynb")[0] == 204
ok("copied")

for path in ["..%2F..%2Fledger", "folder%2F..%2F..%2Fx", "%2Fetc%2Fpasswd", ".ipynb_checkpoints/x"]:
    status, model = rest("GET", f"/api/contents/{path}")
    assert status in (400, 404), (path, status, model)
ok("outside")

for content in [{}, {"cells": 1, "nbformat": 4}, None]:
    status, model = save("bad.ipynb", content)
    assert status == 400 and model["message"], (status, model)
assert rest("GET", "/api/contents/bad.ipynb")[0] == 404
assert rest("PUT", "/api/contents/x.bin", {"type": "file", "format": "base64", "content": "?"})[0] == 400
ok("malformed")
