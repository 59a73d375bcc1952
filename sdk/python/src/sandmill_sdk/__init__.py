"""Steps in Python with types, and pipelines of them: what authors import, and what a step finds when it runs.

Never runs a pipeline and never talks to a node: what comes out is a document.
"""

from .artifact import Artifact, DataSet, Metrics, Model
from .failure import Failure
from .function import StepFunction, step
from .pipeline import RUN_PYTHON, Component, Pipeline, PipelineStep, Reference, text
from .types import F32, F64, S8, S16, S32, S64, U8, U16, U32, U64

__all__ = [
    "Artifact",
    "Component",
    "DataSet",
    "F32",
    "F64",
    "Failure",
    "Metrics",
    "Model",
    "Pipeline",
    "PipelineStep",
    "RUN_PYTHON",
    "Reference",
    "S16",
    "S32",
    "S64",
    "S8",
    "StepFunction",
    "U16",
    "U32",
    "U64",
    "U8",
    "step",
    "text",
]
