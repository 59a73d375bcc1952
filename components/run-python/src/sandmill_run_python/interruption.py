"""Stopping a cell with its state kept: the host is asked now and then while loops of the cell turn.

Never watches more than the cell's own code: functions of libraries run at full speed, and what cannot be stopped
here (one long call of a library, a sleep) the host ends together with the session.
"""

import contextlib
import sys
import types

from . import outlet

TOOL = sys.monitoring.OPTIMIZER_ID
EVENTS = sys.monitoring.events
# Jumps between two questions. A question crosses to the host, which takes longer than a jump.
JUMPS_PER_QUESTION = 1024

jumps = 0


def on_jump(code, origin, destination) -> None:
    global jumps
    jumps += 1
    if jumps >= JUMPS_PER_QUESTION:
        jumps = 0
        if outlet.to.interrupted():
            raise KeyboardInterrupt


def prepare() -> None:
    """Once, when the component is built."""
    sys.monitoring.use_tool_id(TOOL, "sandmill")
    sys.monitoring.register_callback(TOOL, EVENTS.JUMP, on_jump)


@contextlib.contextmanager
def watched(code: types.CodeType):
    """Watches the loops of a cell and of the functions that it defines, for as long as these live."""
    if outlet.to.interrupted():
        raise KeyboardInterrupt
    watch(code)
    yield


def watch(code: types.CodeType) -> None:
    """Watches the loops of this code wherever it is run."""
    for part in parts_of(code):
        sys.monitoring.set_local_events(TOOL, part, EVENTS.JUMP)


def parts_of(code: types.CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from parts_of(constant)
