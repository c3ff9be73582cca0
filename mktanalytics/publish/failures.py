"""What can go wrong with a report itself."""

from __future__ import annotations

import mktanalytics.errors as errors
from mktanalytics.errors import MktError


class ReportError(MktError):
    """A notebook failed while it ran, or shows something that has no form on paper."""


def kernel_error(name: str, sentence: str, where: str) -> MktError:
    """The error a notebook's kernel raised: one of ours says its own sentence, any other says where."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, MktError):
        return kind(sentence)
    return ReportError(
        f"{name}: {sentence}" if sentence else name,
        where=where,
        todo=(
            "打开 .failed.ipynb，出错的单元格已标出",
            "open the .failed.ipynb, which is marked at that cell",
        ),
    )
