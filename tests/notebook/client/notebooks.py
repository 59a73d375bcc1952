"""nbclient runs notebooks through jupyter_server's gateway manager, whose gateway is the node."""

import nbformat
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from session import URL, ok, wait_for_the_first_kernel

wait_for_the_first_kernel()

gateway = GatewayClient.instance()
gateway.url = URL
gateway.ws_url = URL.replace("http", "ws")


def executed(*cells, **options):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", kernel_manager_class=GatewayKernelManager, **options)
    client.execute()
    return notebook


notebook = executed("import math\nr = 2", "print('area')\nmath.pi * r * r", "display({'a': 1})")
assert notebook.cells[1].outputs[0]["text"] == "area\n", notebook.cells[1]
assert notebook.cells[1].outputs[1]["data"]["text/plain"].startswith("12.56"), notebook.cells[1]
assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3], notebook
ok("executed")
nbformat.validate(notebook)
ok("valid")
try:
    executed("undefined_name", "1")
except CellExecutionError as error:
    assert "NameError" in str(error), error
    ok("error")
