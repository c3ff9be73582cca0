"""The analysts' face: `import mktanalytics as mk`.

mk.load("sales")                     a tidy table as a pandas frame
mk.describe("sales")                 its columns: what they hold, how full they are
mk.rollup("sales", by=["month"], measures=["amount"])      any size, reduced on disk
mk.metrics.market_share(...)         every metric takes and gives pandas frames
mk.display.Table(...)                blocks that show well in JupyterLab and in the PDF
mk.settings()                        the choices in mktanalytics.toml
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mktanalytics import display as display
    from mktanalytics import metrics as metrics
    from mktanalytics.describe import describe as describe
    from mktanalytics.settings_file import load_settings as settings
    from mktanalytics.store import available as tables
    from mktanalytics.store import load as load
    from mktanalytics.store import rollup as rollup

# name -> module and attribute; imported on first use, so that the command line starts quickly
_FACE = {
    "load": ("mktanalytics.store", "load"),
    "rollup": ("mktanalytics.store", "rollup"),
    "tables": ("mktanalytics.store", "available"),
    "describe": ("mktanalytics.describe", "describe"),
    "settings": ("mktanalytics.settings_file", "load_settings"),
    "metrics": ("mktanalytics.metrics", ""),
    "display": ("mktanalytics.display", ""),
}
__all__ = ["describe", "display", "load", "metrics", "rollup", "settings", "tables"]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"mktanalytics has no {name!r}; it has {', '.join(__all__)}")
    module, attribute = _FACE[name]
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__
