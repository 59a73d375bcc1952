"""The table of pipelines that tests compile and run: a definition, and what is expected of a run of it.

Never runs anything.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Optional


@dataclass
class Expectation:
    """What a run of a pipeline must show.

    parameters: what the run is given.
    state: how the run ends.
    outputs: the pipeline's own outputs; an artifact stands as {"content": TEXT} and/or {"metadata": {...}}.
    states: how single tasks end, by path: `condition-1/print-text`, `for-loop-1/0/print-text`.
    order: pairs of paths; the first ends before the second starts.
    refused: parts of the message with which the submission is refused; then there is no run.
    """

    parameters: Dict[str, Any] = field(default_factory=dict)
    state: str = 'SUCCEEDED'
    outputs: Dict[str, Any] = field(default_factory=dict)
    states: Dict[str, str] = field(default_factory=dict)
    order: List[List[str]] = field(default_factory=list)
    refused: Optional[List[str]] = None


CASES: Dict[str, tuple] = {}


def case(**expected):
    """Registers a pipeline under its own name."""

    def register(pipeline):
        name = pipeline.name
        if name in CASES:
            raise ValueError(f'two cases are called {name}')
        CASES[name] = (pipeline, asdict(Expectation(**expected)))
        return pipeline

    return register
