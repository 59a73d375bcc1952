"""What the stock SDK compiles a function to. Run while the component is built, and never afterwards."""

import kfp
from kfp import dsl
from kfp.dsl import *
from typing import *


def successor(number: int, text: str) -> NamedTuple("Outputs", [("number", int), ("text", str)]):
    outputs = NamedTuple("Outputs", [("number", int), ("text", str)])
    return outputs(number + 1, text)
