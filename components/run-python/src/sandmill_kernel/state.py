"""A session's names as bytes, and back: what can be pickled survives, the rest is told by name and type.

Never pickles the namespace itself: functions of cells find their names in that of the session that reads them again.
"""

import io
import linecache
import pickle

import cloudpickle

# Stands for the session's namespace.
NAMESPACE = "namespace"
REASON_CHARACTERS_MAX = 300


class Pickler(cloudpickle.Pickler):
    """Pickles what cells defined by value. Their functions belong to the session's namespace, now and later."""

    def __init__(self, file, namespace: dict) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.namespace = namespace
        self.globals_ref[id(namespace)] = namespace

    def persistent_id(self, value):
        return NAMESPACE if value is self.namespace else None

    def _dynamic_function_reduce(self, function):
        make, arguments, state, *rest, set_state = super()._dynamic_function_reduce(function)
        if function.__globals__ is not self.namespace:
            return make, arguments, state, *rest, set_state
        # The names that it uses are pickled as names of the session, each once.
        attributes, slots = state
        return make, arguments, (attributes, slots | {"__globals__": {}}), *rest, set_state


class Unpickler(pickle.Unpickler):
    """Reads what a `Pickler` wrote, into another session's namespace."""

    def __init__(self, file, namespace: dict) -> None:
        super().__init__(file)
        self.namespace = namespace

    def persistent_load(self, identity):
        return self.namespace


def save(names: dict[str, object], namespace: dict) -> tuple[bytes, list[tuple[str, object, str]]]:
    """The names as bytes, and those that are not among them, with the reason."""
    lost = []
    try:
        return written(names, namespace), lost
    except Exception:
        # Which of them it is shows when each is written alone.
        kept = {}
        for name, value in names.items():
            try:
                written({name: value}, namespace)
                kept[name] = value
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                lost.append((name, value, reason[:REASON_CHARACTERS_MAX]))
        return written(kept, namespace), lost


def written(names: dict[str, object], namespace: dict) -> bytes:
    file = io.BytesIO()
    # Tracebacks show lines of cells that ran before the pause, too.
    Pickler(file, namespace).dump((names, cells()))
    return file.getvalue()


def cells() -> dict:
    return {name: entry for name, entry in linecache.cache.items() if name.startswith("<cell ")}


def restore(content: bytes, namespace: dict) -> None:
    """Brings the names back."""
    names, sources = Unpickler(io.BytesIO(content), namespace).load()
    linecache.cache.update(sources)
    namespace.update(names)
