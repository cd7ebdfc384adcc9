"""Text that others wrote, made harmless before it meets a format: control characters shown, length capped, links checked."""

from __future__ import annotations

import re

from assess.model.target import Location, Target
from assess.model.web import link

LIMIT = 400
"""Characters of one piece of foreign text; longer ones end in an ellipsis."""

LONGEST = 2_000
"""Characters of an address; what is longer is named and not linked."""

# C0 and C1 controls and DEL drive terminals; bidirectional and zero-width marks reorder or hide what a person reads
# (https://trojansource.codes/); lone surrogates are file names that are no UTF-8 and cannot be written.
_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]")
_COMMAND = re.compile(r"##(?=\w{0,20}\[)|(?<!\S)::(?=[A-Za-z-]{1,40}(?: |::))")
"""`##[error]`, `##vso[…]`, `##teamcity[…]`: a command to the CI server that shows the log, wherever in a line it stands;
`::error::` is one where a line begins.

Source: ActionCommand.TryParse in https://github.com/actions/runner, https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}()]+\Z", re.IGNORECASE)


def plain(text: object, limit: int = LIMIT) -> str:
    r"""Text on one line without anything that a terminal or browser acts on: controls appear as `\x1b`, breaks as spaces."""
    whole = str(text).strip()
    start = whole[: 8 * limit]  # of a megabyte nobody sees more
    shown = _shown(re.sub(r"[\t\r\n]+", " ", start).strip())
    return shown if len(shown) <= limit and len(start) == len(whole) else shown[: limit - 1].rstrip() + "…"


def visible(text: str) -> str:
    """Text as `plain` shows it, on as many lines as it has, of any length: a message of ours with foreign names in it."""
    return "\n".join(map(_shown, text.split("\n")))


def _shown(text: str) -> str:
    text = _COMMAND.sub(lambda match: " ".join(match[0]), text)
    return _HARMFUL.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}", text)


def web(address: str) -> str:
    """The address if a browser may open it from a report, else nothing: http and https only, no userinfo, no spaces."""
    address = address.replace("(", "%28").replace(")", "%29")
    if not _WEB.match(address) or _HARMFUL.search(address) or "@" in address.split("/")[2]:
        return ""
    return address


def address(target: Target | None, at: Location) -> str:
    """Where a browser opens a location; empty where there is no such place."""
    found = web(link(target, at)) if target is not None and web(target.web) else ""
    return found if len(found) <= LONGEST else ""


def sentence(text: str) -> str:
    """Text with a capital first letter, unless it begins with a name such as `aws_s3_bucket.logs`, and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text[0].upper() if text.partition(" ")[0].rstrip(",:;").isalpha() else text[0]
    return first + text[1:] + ("" if text[-1] in ".!?…" else ".")
