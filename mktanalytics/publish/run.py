"""Publish a report: run its notebook, make the PDF and the workbook, put them in their place, whole."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from mktanalytics.disk import write_whole, writing
from mktanalytics.errors import DataError, DiskError, MktError, NotPublishedError, UsageError
from mktanalytics.publish.document import document
from mktanalytics.publish.execute import Failed, execute
from mktanalytics.publish.notebook import notebook_bytes, read_notebook
from mktanalytics.publish.parameters import check_parameters, declared_parameters
from mktanalytics.publish.pdf import make_pdf
from mktanalytics.publish.published import Published, processed_manifest, record
from mktanalytics.publish.workbook import make_workbook
from mktanalytics.settings_file import load_settings
from mktanalytics.swap import recover, renewed
from mktanalytics.turns import Say, alone, at_rest

AT_ONCE = 2
ENDINGS = (".pdf", ".xlsx", ".ipynb", ".failed.ipynb")


def publish(
    name: str,
    *,
    month: str,
    language: str = "zh",
    regions: Sequence[str] = (),
    edition: str = "",
    notebooks: Path,
    processed: Path,
    reports: Path,
) -> Published:
    """Publish the report `name` for `month`.

    Parameters
    ----------
    name
        A notebook in `notebooks`.
    month
        As 2026-10.
    regions, edition
        Passed on where they are given; a notebook that doesn't declare them refuses them.

    Returns
    -------
    Published
        With `<month>/<name>.pdf`, `.xlsx` and `.ipynb` below `reports` (`<name>-en.*` in English).

    Raises
    ------
    NotPublishedError
        The report would be wrong or incomplete (`DataError`: because a workbook must be mended); what stood there of it is removed.
    MktError
        A parameter doesn't fit, or the notebook failed (it is kept as `<name>.failed.ipynb`).
    """
    _request(notebooks, name, month, language, regions, edition)  # refused before anything is written
    (done,) = publish_many(
        [name], month=month, language=language, regions=regions, edition=edition,
        notebooks=notebooks, processed=processed, reports=reports,
    )  # fmt: skip
    if done.error is not None:
        raise done.error
    return done


def _request(
    notebooks: Path, name: str, month: str, language: str, regions: Sequence[str], edition: str
) -> tuple[Path, dict[str, Any]]:
    """The notebook of a report, and its parameters where it takes them all."""
    source = notebooks / f"{name}.ipynb"
    if not source.is_file():
        known = sorted(p.stem for p in notebooks.glob("*.ipynb"))
        raise UsageError(
            (f"没有报告“{name}”", f"there is no report {name!r}"),
            expected=", ".join(known),
            todo=("选用其中之一", "use one of these names"),
        )
    parameters: dict[str, Any] = {"month": month, "language": language}
    parameters |= {"regions": list(regions)} if regions else {}
    parameters |= {"edition": edition} if edition else {}
    check_parameters(parameters, declared_parameters(read_notebook(source), source.name), f"report {name}")
    return source, parameters


def _publish(source: Path, stem: str, parameters: dict[str, Any], processed: Path, folder: Path) -> Published:
    settings, inputs = load_settings(), processed_manifest(processed)
    common: dict[str, Any] = {"parameters": parameters, "inputs": inputs, "settings": settings}
    try:
        notebook = execute(source, parameters, processed)
        try:
            doc = document(
                notebook,
                parameters,
                company=settings.company,
                sample=bool(inputs.get("sample")),
                name=source.stem,
            )
            files = {
                f"{stem}.pdf": make_pdf(doc),
                f"{stem}.xlsx": make_workbook(doc),
                f"{stem}.ipynb": notebook_bytes(notebook),
            }
        except MktError as error:
            raise Failed(notebook, error) from None
    except Failed as failed:
        _withdraw(folder, stem)
        quiet = isinstance(failed.error, NotPublishedError | DataError)
        if not quiet:
            write_whole({folder / f"{stem}.failed.ipynb": notebook_bytes(failed.notebook)})
        outcome = "not published" if quiet else "failed"
        record(folder, stem, outcome=outcome, files={}, reason=failed.error.sentence(), **common)
        raise failed.error from None
    write_whole({folder / file: content for file, content in files.items()})
    _withdraw(folder, stem, (".failed.ipynb",))
    record(folder, stem, outcome="published", files=files, **common)
    return Published(name=source.stem, outcome="published", files=tuple(folder / f for f in files))


def _withdraw(folder: Path, stem: str, endings: Sequence[str] = ENDINGS) -> None:
    """Remove what an earlier run left of this report: it must not be taken for this one."""
    for ending in endings:
        (folder / f"{stem}{ending}").unlink(missing_ok=True)


def publish_many(
    names: Sequence[str],
    *,
    month: str,
    language: str = "zh",
    regions: Sequence[str] = (),
    edition: str = "",
    notebooks: Path,
    processed: Path,
    reports: Path,
    say: Say = print,
) -> list[Published]:
    """Publish several reports, two at a time; the outcomes, in the order of `names`.

    All of them are made beside the month's folder, which is replaced at the end, in one step: a run that is killed leaves
    the old reports, and never old ones among new ones. `say` hears that another run is waited for: no other run writes
    reports of the month, or tidy tables, meanwhile.

    Raises
    ------
    MktError
        The disk is full, another run holds a folder for longer than ten minutes, or the tables were replaced meanwhile.
    """
    place = reports / month

    def one(name: str, folder: Path) -> Published:
        stem = name if language == "zh" else f"{name}-{language}"
        try:
            source, parameters = _request(notebooks, name, month, language, regions, edition)
            return _publish(source, stem, parameters, processed, folder)
        except (NotPublishedError, DataError) as error:
            return Published(name=name, outcome="not published", reason=error.sentence(), error=error)
        except DiskError:
            raise
        except MktError as error:
            kept = folder / f"{stem}.failed.ipynb"
            files = (kept,) if kept.is_file() else ()
            return Published(name=name, outcome="failed", files=files, reason=error.sentence(), error=error)

    with at_rest(processed.resolve(), say), alone(place, say), writing(place):
        recover(place)
        with renewed(place) as folder, ThreadPoolExecutor(AT_ONCE) as pool:
            done = list(pool.map(lambda name: one(name, folder), names))
    return [replace(p, files=tuple(place / f.name for f in p.files)) for p in done]
