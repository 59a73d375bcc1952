"""A backend of matplotlib's: figures are pictures in the cell's output.

Never imported but by matplotlib.
"""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas
from matplotlib.figure import Figure
from sandmill_kernel.showing import display

__all__ = ["FigureCanvas", "show"]


def show(*arguments, **options) -> None:
    """In place of windows: each open figure once, in the order in which they were made."""
    figures = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    Gcf.destroy_all()
    for figure in figures:
        display(figure)


def picture(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", bbox_inches="tight")
    return content.getvalue()


# By which values say how they look, in every notebook.
Figure._repr_png_ = picture
