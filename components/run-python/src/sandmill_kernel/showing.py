"""How values are shown: in every form that they know themselves, and as text.

Never lets a value's own representation break the cell that shows it.
"""

import base64
import json
import uuid

from wit_world.imports import session
from wit_world.imports.sandmill_kernel_types import Bundle, Representation

from . import outlet

# The methods by which values say how they look, as notebooks have them, and the media type of each.
METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
SUMMARY_CHARACTERS_MAX = 200


def display(*values, raw: bool = False, metadata: dict | None = None, display_id=None, update: bool = False):
    """Shows values in the cell's output. With `raw`, each is a mapping from media types to contents, such as
    `{"application/vnd.vegalite.v5+json": {...}}`. With an id (or `True`, for a new one), what is returned replaces
    what was shown under it."""
    if display_id is True:
        display_id = uuid.uuid4().hex
    for value in values:
        shown = raw_bundle(value, metadata) if raw else bundle_of(value, metadata)
        outlet.to.display(shown, display_id, update)
    return None if display_id is None else Shown(display_id)


class Shown:
    """Something that was shown, and can be replaced."""

    def __init__(self, display_id: str) -> None:
        self.display_id = display_id

    def update(self, value, **options) -> None:
        display(value, display_id=self.display_id, update=True, **options)

    def display(self, value, **options) -> None:
        display(value, display_id=self.display_id, **options)


def raw_bundle(forms: dict, metadata: dict | None) -> Bundle:
    if not isinstance(forms, dict) or not forms:
        raise TypeError("display(..., raw=True) shows mappings from media types to contents")
    representations = [Representation(str(media_type), content_of(content)) for media_type, content in forms.items()]
    return Bundle(representations, json.dumps(metadata) if metadata else None)


def clear_output(wait: bool = False) -> None:
    """Takes back what the cell has shown."""
    outlet.to.clear(wait)


def bundle_of(value: object, more: dict | None = None) -> Bundle:
    """The value in every form that it has."""
    forms, metadata = own_forms(value)
    metadata.update(more or {})
    forms.setdefault("text/plain", text_of(value))
    representations = [Representation(media_type, content_of(content)) for media_type, content in forms.items()]
    return Bundle(representations, json.dumps(metadata) if metadata else None)


def text_bundle(text: str) -> Bundle:
    return Bundle([Representation("text/plain", text)], None)


def own_forms(value: object) -> tuple[dict, dict]:
    """What the value says of itself: forms by media type, and metadata."""
    if isinstance(value, type):
        return {}, {}
    forms: dict = {}
    metadata: dict = {}
    bundle = called(value, "_repr_mimebundle_")
    if bundle is not None:
        bundle, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        forms.update(bundle)
        metadata.update(about)
    for method, media_type in METHODS.items():
        if media_type not in forms:
            content = called(value, method)
            if content is not None:
                content, about = content if isinstance(content, tuple) else (content, None)
                forms[media_type] = content
                if about:
                    metadata[media_type] = about
    return forms, metadata


def called(value: object, method: str):
    """What a method returns; nothing if there is none, or if it fails."""
    function = getattr(value, method, None)
    if function is None or not callable(function):
        return None
    try:
        return function()
    except NotImplementedError:
        return None
    except Exception as error:
        outlet.to.write(session.TextStream.STDERR, f"{type(value).__name__}.{method} failed: {error!r}\n")
        return None


def content_of(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, (bytes, bytearray)):
        return base64.b64encode(content).decode()
    return json.dumps(content, default=str)


def text_of(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__} whose repr failed: {error!r}>"


def in_a_line(value: object) -> str:
    # What would have to be fetched from elsewhere to be shown says something shorter of itself.
    summary = None if isinstance(value, type) else called(value, "_summary_")
    text = " ".join((summary or text_of(value)).split())
    return text if len(text) <= SUMMARY_CHARACTERS_MAX else text[: SUMMARY_CHARACTERS_MAX - 1] + "…"
