"""`run-python kfp`: one lightweight KFP component, run by kfp's own executor.

Never interprets the executor's input or output: that is kfp's, unmodified.
"""

import sys

from kfp.dsl import executor_main

# Where the host lays the component's source.
SOURCE_FILE = "/tmp/kfp/source.py"


def main() -> None:
    """As `python3 -m kfp.dsl.executor_main --component_module_path FILE …` does."""
    sys.argv[1:1] = ["--component_module_path", SOURCE_FILE]
    executor_main.executor_main()
