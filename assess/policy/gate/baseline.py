"""The baseline: what was there when a gate was adopted. It shrinks; it grows only where somebody says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from assess.model.finding import Finding
from assess.spec.gate import BaselineFile, Known


@dataclass(frozen=True, slots=True)
class Renewed:
    """A baseline anew. gone: what is mended. new: what is found and was not in it; with no reason given it is left out."""

    file: BaselineFile
    kept: int
    gone: tuple[Known, ...]
    new: tuple[Finding, ...]


def renewed(
    old: BaselineFile | None, findings: Iterable[Finding], today: date, accept: str = "", asked: Callable[[str], bool] = lambda policy: True
) -> Renewed:  # fmt: skip
    """The baseline for the findings of a repository.

    old: None for the first one, which takes all. accept: why it may grow. asked: whether a policy was asked, by its id; what
    another one found stays.
    """
    found = {finding.fingerprint: finding for finding in findings}
    had = {known.fingerprint: known for known in old.findings} if old else {}
    kept = [known for print, known in had.items() if print in found or not asked(known.policy)]
    new = [finding for print, finding in found.items() if print not in had]
    let_in = [_known(finding, today, accept) for finding in new] if accept or old is None else []
    every = sorted([*kept, *let_in], key=lambda known: (known.path, known.policy, known.address, known.fingerprint))
    gone = tuple(known for known in had.values() if known not in kept)
    return Renewed(BaselineFile(findings=tuple(every)), len(kept), gone, tuple(new))


def _known(finding: Finding, today: date, accept: str) -> Known:
    return Known(
        fingerprint=finding.fingerprint, policy=finding.policy, path=finding.at.path, address=finding.address, first_seen=today,
        accepted=accept,
    )  # fmt: skip


def baseline_text(file: BaselineFile) -> bytes:
    """The file as it is written: one finding after the other, so that a review shows which went."""
    import orjson

    value = file.model_dump(mode="json", by_alias=True, exclude_defaults=False)
    for known in value["findings"]:
        for key in ("address", "accepted"):
            if not known[key]:
                del known[key]
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
