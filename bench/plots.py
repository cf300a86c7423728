"""Pictures of what benchmarks found, as SVG."""

from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
from matplotlib.rcsetup import cycler

mpl.use("svg")
# Text stays text, to be searched and read aloud; a picture drawn again of the same figures is the same file.
mpl.rcParams |= {
    "svg.fonttype": "none",
    "svg.hashsalt": "university",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(
        color=["#1b6ca8", "#d1495b", "#2e8b57", "#edae49", "#6a4c93", "#8d6e63", "#607d8b", "#111111"]
    ),
}

from matplotlib import pyplot as plt  # noqa: E402 - the settings first

FEW, WHOLE, LETTERS = 20, 1000, 12
"""So few points are marked; from this on figures are told without decimals; so long are lines below bars."""


def draw(plot: dict[str, Any], file: Path) -> None:
    """Write one picture, named by its ending."""
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    (_bars if plot["kind"] == "bars" else _lines)(axes, plot)
    axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
    axes.set_ylim(bottom=0)
    if len(plot["series"]) > 1:
        figure.legend(loc="outside right upper", frameon=False)
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
    plt.close(figure)


def _lines(axes: Any, plot: dict[str, Any]) -> None:
    for name, values in plot["series"].items():
        axes.plot(plot["at"][: len(values)], values, label=name, marker="." if len(values) < FEW else "", linewidth=1.4)


def _bars(axes: Any, plot: dict[str, Any]) -> None:
    count = len(plot["series"])
    width = 0.8 / count
    for number, (name, values) in enumerate(plot["series"].items()):
        places = [at + (number - (count - 1) / 2) * width for at in range(len(values))]
        drawn = axes.bar(places, values, width, label=name)
        axes.bar_label(drawn, fmt=lambda value: f"{value:,.3g}" if value < WHOLE else f"{value:,.0f}", fontsize=7)
    axes.set_xticks(range(len(plot["at"])), [fill(str(name), LETTERS) for name in plot["at"]])
    axes.grid(visible=False, axis="x")
