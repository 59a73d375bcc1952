"""matplotlib in a session: its own files are laid where it looks for them, and figures are shown where cells show things.

Never does anything before a cell imports matplotlib.
"""

import io
import os
import sys
import zipfile
import zipimport

MATPLOTLIB = "matplotlib"
BACKEND = "sandmill_run_science.plots_backend"


class Notice:
    """Among those who find modules: finds none, but notices when matplotlib is wanted."""

    def __init__(self, archive: str) -> None:
        self.archive = archive

    def find_spec(self, name, path=None, target=None):
        if name == MATPLOTLIB:
            sys.meta_path.remove(self)
            lay_out(self.archive)
        return None


def lay_out(archive: str) -> None:
    """Fonts and settings, ten megabytes in two hundred files of the session's, beside its modules as it was built to
    have them; whatever the archive is to the importer, to everybody else it is a folder then."""
    folder = f"{archive}/{MATPLOTLIB}/mpl-data"
    content = zipimport.zipimporter(archive).get_data(f"{folder}.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        files.extractall(folder)
    os.environ.setdefault("MPLBACKEND", f"module://{BACKEND}")
    os.environ.setdefault("MPLCONFIGDIR", f"{archive}/{MATPLOTLIB}/config")


def show_open() -> None:
    """Shows the figures that a cell has left open, as notebooks do."""
    backend = sys.modules.get(BACKEND)
    if backend is not None:
        backend.show()
