"""Response curves as declared scenarios, and what a reallocation would do under them (methods 4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A declared response curve: low, middle and high scale, its shape, and where it comes from.

    hill: scale × x^shape / (x^shape + half^shape); power: scale × x^shape.
    """

    channel: str
    source: str  # an experiment, an earlier study, an expert's range: never a monthly regression
    scale: float  # middle
    low: float
    high: float
    kind: str = "hill"
    half: float = 1.0  # spend at half the maximum (hill), CNY
    shape: float = 1.0

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise MetricError(
                ("响应曲线没有注明来源", "a response curve without a source"),
                where=self.channel,
                expected=("试验、研究或专家区间", "an experiment, study or expert range"),
                todo=("请注明", "name it"),
            )
        if (
            self.kind not in ("hill", "power")
            or not 0 < self.low <= self.scale <= self.high
            or min(self.half, self.shape) <= 0
        ):
            raise MetricError(
                ("不是有效的响应曲线", "not a response curve"), where=self.channel, found=f"{self.kind}, {self.low:g} ≤ {self.scale:g} ≤ {self.high:g}",
                expected=("hill 或 power；0 < low ≤ scale ≤ high；half、shape > 0", "hill or power; 0 < low ≤ scale ≤ high; half, shape > 0"), todo=("改正参数", "correct the parameters"),
            )  # fmt: skip

    def per_scale(self, spend: float) -> float:
        """The response to a spend, where the scale is 1."""
        return (
            float(hill([spend], self.half, self.shape)[0])
            if self.kind == "hill"
            else float(spend**self.shape)
        )

    def marginal(self, spend: float) -> float:
        """What one more CNY returns at a spend, by the middle scale."""
        if self.kind == "power":
            return self.scale * self.shape * spend ** (self.shape - 1) if spend > 0 else np.inf
        if spend == 0:
            return self.scale / self.half if self.shape == 1 else (np.inf if self.shape < 1 else 0.0)
        z = (spend / self.half) ** self.shape
        return float(self.scale * self.shape * z / (spend * (1 + z) ** 2))


@checked
def adstock(
    spend: Sequence[float] | Array, theta: float, *, window: int | None = None, normalised: bool = False
) -> Array:
    """Geometric carry-over: a_t = x_t + theta × a_(t-1).

    Parameters
    ----------
    spend : CNY a period, oldest first. theta : carry-over, 0 ≤ theta < 1.
    window : periods the effect lasts (None: for ever). normalised : divide by 1 + theta + … + theta^(window-1).

    Returns
    -------
    Adstocked CNY, as long as `spend`.

    Raises
    ------
    MetricError
        theta or the window is out of range, or normalised without a window.

    Source
    ------
    methods 4.8. Robyn: not normalised; Meridian: finite window, normalised. Not comparable.

    Examples
    --------
    >>> adstock([100, 0, 0], 0.5).tolist()
    [100.0, 50.0, 25.0]
    """
    if not 0 <= theta < 1 or (window is not None and window < 1) or (normalised and window is None):
        raise MetricError(
            ("不是有效的延续效应", "not an adstock"),
            found=f"theta {theta:g}, window {window}",
            expected="0 ≤ theta < 1; window ≥ 1",
            todo=("请改正", "correct it"),
        )
    x = np.asarray(spend, dtype="float64")
    weights = theta ** np.arange(min(window or len(x), max(len(x), 1)))
    out = np.convolve(x, weights)[: len(x)] if len(x) else x
    total = sum(theta**i for i in range(window)) if normalised and window else 1.0
    return np.asarray(out / total)


@checked
def hill(spend: Sequence[float] | Array, half: float, shape: float) -> Array:
    """Saturation x^s / (x^s + k^s): 0 at 0, one half at `half`, towards 1.

    Parameters
    ----------
    spend : CNY, ≥ 0. half : k, CNY. shape : s (1 is Michaelis–Menten).

    Returns
    -------
    Fractions of the maximum.

    Raises
    ------
    MetricError
        A parameter is not positive, or spend is negative.

    Source
    ------
    methods 4.8. Robyn sets k from the largest spend seen: it moves with every new maximum.

    Examples
    --------
    >>> hill([0, 50e4, 150e4], half=50e4, shape=1).tolist()
    [0.0, 0.5, 0.75]
    """
    x = np.asarray(spend, dtype="float64")
    if half <= 0 or shape <= 0 or (x < 0).any():
        raise MetricError(
            ("不是有效的饱和曲线", "not a saturation curve"),
            found=f"half {half:g}, shape {shape:g}",
            expected=("两者大于 0，费用不为负", "both > 0, spend ≥ 0"),
            todo=("请改正", "correct it"),
        )
    # scaled first: x^s of a budget in 元 overflows for steep shapes
    z = (x / half) ** shape
    return np.asarray(z / (1 + z))


@checked
def response_scenarios(
    curves: Sequence[Curve], spends: pd.DataFrame, *, language: str = "zh"
) -> pd.DataFrame:
    """What declared curves say at given spends: a scenario with its band, never a finding.

    Parameters
    ----------
    curves : one per channel. spends : channel, spend (CNY).

    Returns
    -------
    channel, spend, low, response, high (in the curves' unit), marginal (response of one more CNY), source, note.

    Raises
    ------
    MetricError
        A column is missing or a channel has no curve.

    Source
    ------
    methods 4.8.

    Examples
    --------
    >>> c = Curve(channel="抖音", source="2025 区域停投实验", scale=400e4, low=300e4, high=500e4, half=100e4)
    >>> response_scenarios([c], pd.DataFrame({"channel": ["抖音"], "spend": [100e4]}))[["low", "response", "high"]].values.tolist()
    [[1500000.0, 2000000.0, 2500000.0]]
    """
    need_columns(spends, ["channel", "spend"], metric="response_scenarios")
    need_numbers(spends, ["spend"], metric="response_scenarios")
    known = {c.channel: c for c in curves}
    wrong = spends[~(np.isfinite(spends["spend"].astype("float64")) & (spends["spend"] >= 0))]
    if len(wrong):
        raise MetricError(
            ("费用须为不小于0的数", "spend is a number not below 0"),
            where=", ".join(map(str, wrong["channel"])),
            found=", ".join(map(str, wrong["spend"])),
            expected="≥ 0",
        )
    without = sorted({str(c) for c in spends["channel"]} - set(known))
    if without:
        raise MetricError(
            ("有渠道没有声明响应曲线", "channels without a declared curve"),
            found=", ".join(without),
            expected=", ".join(known),
            todo=("声明曲线并注明来源", "declare it with its source"),
        )
    note = "情景假设，非实测结果" if language == "zh" else "a declared scenario, not a finding"
    rows = []
    for channel, spend in zip(spends["channel"], spends["spend"].astype("float64"), strict=True):
        c = known[channel]
        unit = c.per_scale(spend)
        rows.append(
            (channel, spend, c.low * unit, c.scale * unit, c.high * unit, c.marginal(spend), c.source, note)
        )
    names = ["channel", "spend", "low", "response", "high", "marginal", "source", "note"]
    return pd.DataFrame(rows, columns=names).astype({"channel": "str", "source": "str", "note": "str"})
