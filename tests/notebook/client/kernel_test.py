"""jupyter_kernel_test: Jupyter's own tests, which check each message by its schema, over the WebSocket."""

import unittest

import jupyter_kernel_test
from jupyter_kernel_client import JupyterKernelClient

from session import URL, ok, wait_for_the_first_kernel

wait_for_the_first_kernel()


class SandboxedPython(jupyter_kernel_test.KernelTests):
    kernel_name = "python3"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "print('hello')", "def f(x):\n  return x*2\n\n\n"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_generate_error = "raise"
    code_execute_result = [{"code": "6*7", "result": "42"}]
    code_display_data = [
        {"code": "class S:\n    def _repr_svg_(self): return '<svg/>'\ndisplay(S())", "mime": "image/svg+xml"}
    ]
    code_inspect_sample = "zip"

    @classmethod
    def setUpClass(cls):
        cls.manager = JupyterKernelClient(server_url=URL, token="any")
        cls.manager.start()
        cls.kc = cls.manager._manager.client
        cls.km = cls.manager._manager

    @classmethod
    def tearDownClass(cls):
        cls.manager.stop()


result = unittest.main(argv=["kernel_test"], exit=False, verbosity=2).result
assert result.wasSuccessful() and result.testsRun - len(result.skipped) >= 7, (result.testsRun, result.skipped)
ok("kernel-test")
