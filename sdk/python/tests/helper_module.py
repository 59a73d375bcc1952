"""Steps that import what a step cannot have.

Never imported but by a test.
"""

import other_helper
import pip

from sandmill_sdk import step


@step
def uses_helper() -> int:
    return other_helper.SEVEN


@step
def uses_package() -> str:
    return pip.__version__
