"""From a score to a grade: half-open bands on the unrounded score (methods 5.4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import on_edge
from mktanalytics.settings import Thresholds

# the usual names in English; a company's own names stay as it writes them
ENGLISH = {
    "优秀": "Excellent",
    "优": "Excellent",
    "良好": "Good",
    "良": "Good",
    "中": "Fair",
    "合格": "Pass",
    "差": "Poor",
    "不合格": "Fail",
}
Bands = Sequence[tuple[str, float]]  # (name, lowest score that earns it), best first


def grade_word(name: str, language: str = "zh") -> str:
    """A grade's name as a report in `language` shows it.

    >>> grade_word("良", "en"), grade_word("S", "en")
    ('Good', 'S')
    """
    return ENGLISH.get(name, name) if language == "en" else name


@checked
def grade(score: float, bands: Bands = Thresholds.grades, *, veto: str = "") -> str:
    """The grade an unrounded score earns; "" where there is no score.

    Each band holds its lower end and not its upper end: 89.5 is 良 where 优 begins at 90. The last band
    holds everything below as well, so that every score has a grade.

    Parameters
    ----------
    score : points, unrounded; NaN is no score.
    bands : name and lower end of each grade, best first.
    veto : grade that 一票否决 sets whatever the score is; "" where there was no veto.

    Raises
    ------
    MetricError
        The lower ends don't fall, or there is no band.

    Source
    ------
    财预〔2020〕10号 (优 ≥ 90, 良 ≥ 80, 中 ≥ 60, 差 < 60); methods 5.2.7 and 5.4.

    Examples
    --------
    >>> [grade(s) for s in (90, 89.999, 79.5, 59.99)]
    ['优', '良', '中', '差']
    >>> grade(96.0, veto="差")
    '差'
    """
    _check(bands)
    if veto:
        return veto
    if math.isnan(score):
        return ""
    points = on_edge(score, (lowest for _, lowest in bands))
    return next((name for name, lowest in bands if points >= lowest), bands[-1][0])


def _check(bands: Bands) -> None:
    ends = [lowest for _, lowest in bands]
    if not bands or any(a <= b for a, b in pairwise(ends)):
        raise MetricError(
            (
                "等级须由优到差排列，下限逐级降低",
                "grades must be listed from best to worst, each with a lower end below the one before",
            ),
            found=str(list(bands)),
            expected=(
                '如 [("优", 90), ("良", 80), ("中", 60), ("差", 0)]',
                'such as [("优", 90), ("良", 80), ("中", 60), ("差", 0)]',
            ),
            todo=(
                "改正 mktanalytics.toml 中 [thresholds] grades",
                "mend [thresholds] grades in mktanalytics.toml",
            ),
        )
