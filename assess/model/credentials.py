"""Text without what looks like a credential. Nothing that a run keeps, prints or raises may hold one.

`clean` is for any text of a target: it knows credentials by their shape and by where they stand in an address. `redact`
is for command lines: it knows besides the options and names that are followed by one. What is found becomes `***`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

MASK = "***"
LONGEST = 4_000
"""How much of a command line is looked at; the rest is dropped, for no more than `SHOWN` characters are kept."""
SHOWN = 160

_SHAPES = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bgl(?:pat|dt|rt|ptt|cbt|ft|soat|agent|oas|imt)-[\w.-]{16,}"
    r"|\bxox[a-z]-[\w-]{10,}|\beyJ[\w-]{8,2000}\.[\w-]{4,}(?:\.[\w-]*)?|\b[sr]k_(?:live|test)_\w{16,}|\bAIza[\w-]{35}|\bya29\.[\w-]{20,}"
    r"|\bnpm_\w{36}|\bdckr_pat_[\w-]{20,}|\bpypi-\w[\w-]{20,}|\bhv[sb]\.[\w-]{20,}|\bdop_v1_\w{32,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:.*?-----END [A-Z ]{0,40}PRIVATE KEY-----|.*)",
    re.S,
)
"""Source: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github,
https://docs.gitlab.com/security/tokens/#token-prefixes, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html,
https://www.rfc-editor.org/rfc/rfc7519 (a header object in base64 begins with eyJ)."""
_USERINFO = re.compile(r"(://)(?!git@)[^/\s\"'<>?#]+@(?!sha\d+:)")
_SCP = re.compile(r"(?<![\w.+/:@-])[\w.+-]+:[^\s/@:\"']+@(?!sha\d+:)(?=[A-Za-z][\w-]*[.:/]|\d+\.\d+\.\d+\.\d+)")
"""`user:secret@host` without a scheme, as registries and scp write it; not `image:tag@sha256:…`, nor `npm:name@1.2.3`."""
_QUERY = re.compile(r"(?i)([?&](?:[\w.-]*(?:token|secret|password|passwd|api[_-]?key|signature)|sig|key|auth)=)[^&\s\"'#]+")
_TOKEN = r"AKIA|ASIA|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox|eyJ|sk_|rk_|AIza|ya29|npm_|dckr_|pypi-|hv[sb]\.|dop_|SG\.|-----B"
_SHAPED = re.compile(_TOKEN)
_MARKS = re.compile(rf"@|=|{_TOKEN}")
"""What a text must have for one of the patterns above to fit; most have nothing of it. Each alternative begins with a letter
of its own, so that the search skips to those."""


def clean(text: str) -> str:
    """A text without tokens of a known shape, userinfo of addresses, and tokens in their queries."""
    if not _MARKS.search(text):
        return text
    if "@" in text:
        text = _SCP.sub(f"{MASK}@", _USERINFO.sub(rf"\1{MASK}@", text))
    if "=" in text:
        text = _QUERY.sub(rf"\1{MASK}", text)
    return _SHAPES.sub(MASK, text) if _SHAPED.search(text) else text


T = TypeVar("T")


def cleaned(value: T) -> T:
    """A dataclass with `clean` of every text in it, however deep; the value itself where nothing changes.

    Locations stay as they are: a person opens the file by its path.
    """
    changed = {}
    for name in _texts(type(value)):  # type: ignore[arg-type]
        old = getattr(value, name)
        if old and (new := _cleaned(old)) is not old:
            changed[name] = new
    return replace(value, **changed) if changed else value  # type: ignore[type-var]


@cache
def _texts(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that may hold text: all but places, numbers and what is true or false."""
    return tuple(part.name for part in fields(kind) if part.name != "at" and part.type not in ("int", "bool", "bool | None", "int | None"))


@lru_cache(maxsize=16_384)
def _marked(text: str) -> bool:
    """Whether a text may hold a credential; asked once of a path, a kind or a version that many facts share."""
    return _MARKS.search(text) is not None


def _cleaned(old: Any) -> Any:
    if type(old) is str:  # a member of an enumeration is a word of ours
        if not _marked(old):
            return old
        new = clean(old)
        return old if new == old else new
    if isinstance(old, tuple):
        items = tuple(map(_cleaned, old))
        return old if all(a is b for a, b in zip(items, old, strict=True)) else items
    if isinstance(old, Mapping):
        values = {name: _cleaned(value) for name, value in old.items()}
        return old if all(values[name] is value for name, value in old.items()) else values
    return cleaned(old) if is_dataclass(old) and not isinstance(old, type) else old


def without_credentials(url: str) -> str:
    """An address without userinfo, query and fragment; empty where it is none.

    The user `git` stays: every clone over ssh names it.
    """
    if "::" in url.partition("/")[0]:  # `ext::sh -c …`: a program, not an address
        return ""
    if "://" not in url:
        host, slash, path = url.partition("/")
        user, _, bare = host.rpartition("@")
        return clean(url if user.partition("@")[0] == "git" else f"{bare}{slash}{path}")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    user = "git@" if parts.scheme == "ssh" and parts.netloc == f"git@{host}" else ""
    return clean(f"{parts.scheme}://{user}{host}{parts.path}")


# --- command lines ------------------------------------------------------------------------------------------------

_NAME = r"[\w.-]{0,200}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credential)"
_NO_VALUE = r"(?:stdin|file|path|names?|ref|ttl|type|policy|length|arn|manager|version|rotation|ids?)"
_SECRET = re.compile(r"(?i)password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credential|private_?key")
_NAMED = (
    re.compile(rf"(?i)(?<![\w.-])--?{_NAME}(?![\w.-]{{0,200}}{_NO_VALUE}(?![\w-]))[\w.-]*+(?:=|\s+)(?!id=)"),
    re.compile(
        rf"(?i)(?<![\w.-])(?<!\d:){_NAME}(?![\w.-]{{0,200}}(?:manager|file|path|names?|arn)(?![\w-]))[\w.-]*+(?:\\?[\"'])?(?:\s*=|:)\s*(?!id=|[\"']?\s)"
    ),
    re.compile(r"(?i)(?<![\w.-])(?:\w+_)?(?:pwd|private[_-]?key|account[_-]?key|sharedaccesssignature)\s*="),
    re.compile(r"(?i)\bauthorization(?:\\?[\"'])?\s*[:=]\s*(?:\\?[\"'])?(?:(?:bearer|basic|token|apikey|digest)\s+)?"),
    re.compile(r"(?i)\bbearer\s+(?=\S{12})"),
)
"""What stands before a value that is a credential by its name: an option, an assignment, a header."""
_LETTER = r"(?:=|\s+|(?=\S))"
_TOOLS = tuple(
    (re.compile(rf"(?<![\w-])(?:{words})(?![\w-])"), re.compile(option))
    for words, option in (
        (r"sshpass(?:\s+-[ev])*", rf"\A\s+-p{_LETTER}"),
        ("mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump", r"(?<!\S)-p(?=[^\s=])"),
        ("curl|wget|http|https", rf"(?<!\S)(?:-u{_LETTER}|--(?:proxy-)?user(?:=|\s+))"),
        ("login", rf"(?<!\S)-p{_LETTER}"),
        ("kubectl|oc", r"--from-literal(?:=|\s+)[\"']?[\w.-]+="),
        ("put-parameter", r"(?<!\S)--value(?:=|\s+)"),
        (r"secrets? set", r"(?<!\S)(?:--value|--body|-b|-v)(?:=|\s+)"),
        (r"secrets? set|config:set|secrets:set", r"(?<!\S)[A-Z][A-Z0-9_]+="),
        (r"vault (?:kv )?(?:put|write|patch)", r"(?<!\S)[\w.-]+="),
        ("configure set", r"\A\s+\S*(?:secret|token|password|key)\S*\s+"),
        (r"vault login|encrypt_string", r"\A\s+(?!-)(?=\S)"),
        ("ldapsearch|ldapadd|ldapmodify|ldapdelete|ldappasswd", rf"(?<!\S)-[ws]{_LETTER}"),
        ("redis-cli", rf"(?<!\S)-a{_LETTER}"),
        ("sqlcmd|bcp|zip|unzip", rf"(?<!\S)-P{_LETTER}"),
        ("mongo|mongosh|mongodump|mongorestore|7z|7za", rf"(?<!\S)-p{_LETTER}"),
        ("openssl", r"(?<!\S)(?:-pass(?:in|out)?\s+(?:pass:)?|-[kK]\s+)"),
        ("plink|pscp|putty", r"(?<!\S)-pw\s+"),
        ("smbclient|rpcclient", r"(?<!\S)-U\s*[^\s%]*%"),
    )
)
"""(words of a command, the option or name in it that a credential follows): one row a tool; add a tool by adding a row."""

_ANY_TOOL = re.compile("|".join(words.pattern for words, _ in _TOOLS))
_ANY_NAME = re.compile(r"(?i)pass(?:w|phrase)|secret|token|key|credential|pwd|accesssignature|authorization|bearer")
"""What a text must have for one of the patterns above to fit; most have nothing of it."""


def is_secret(name: str) -> bool:
    """Whether a value of this name is a credential, by the name."""
    return bool(_SECRET.search(name))


def redact(text: str) -> str:
    """A command line without anything that looks like a credential, in one line, cut to `SHOWN` characters."""
    text = " ".join(text[:LONGEST].split())
    for words, option in _TOOLS if _ANY_TOOL.search(text) else ():
        if words.search(text):
            text = _masked(text, _after_options(text, words, option))
    text = clean(text)
    for pattern in _NAMED if _ANY_NAME.search(text) else ():
        text = _masked(text, [found.end() for found in pattern.finditer(text)])
    return text[:SHOWN]


def _after_options(text: str, words: re.Pattern[str], option: re.Pattern[str]) -> list[int]:
    """Where the values of an option begin, in each simple command that has the words."""
    ends: list[int] | None = None
    starts = set()
    for found in words.finditer(text):
        if not option.search(text[found.end() :]):
            continue
        if ends is None:
            ends = [place for place, char, quote in _quoted(text) if char in "|;&" and not quote]
        end = next((place for place in ends if place >= found.end()), len(text))
        starts |= {found.end() + one.end() for one in option.finditer(text[found.end() : end])}
    return sorted(starts)


def _masked(text: str, starts: Sequence[int]) -> str:
    """A text in which the shell word at each of these places is masked."""
    if not starts:
        return text
    quotes = [quote for _, _, quote in _quoted(text)] + [""]
    kept: list[str] = []
    done = 0
    for start in starts:
        if start < done:
            continue
        end = _word_end(text, start, quotes[start])
        word = text[start:end]
        masks = word and word != MASK and not re.match(r"--[a-z]|[|&;<>]", word)
        kept += [text[done:start], MASK if masks else word]
        done = end
    return "".join([*kept, text[done:]])


def _word_end(text: str, start: int, around: str) -> int:
    """Where the shell word at `start` ends: at a blank outside quotes, or at the quote that is open around it.

    A quote that opened in the same word, as in `'password=a b'`, holds blanks of the value.
    """
    whole = bool(around) and " " not in text[text.rfind(around, 0, start) : start]
    if text[start : start + 2] in ('\\"', "\\'"):
        closing = text.find(text[start : start + 2], start + 2)
        return len(text) if closing < 0 else closing + 2
    place, quote = start, ""
    while place < len(text):
        char = text[place]
        if char == "\\" and quote != "'":
            place += 1
        elif quote:
            quote = "" if char == quote else quote
        elif (char.isspace() and not whole) or (char == around and (place > start or whole)):
            return place
        elif char in "\"'":
            quote = char
        place += 1
    return min(place, len(text))


def _quoted(text: str) -> Iterator[tuple[int, str, str]]:
    """Each character with its place and the quote that is open before it (empty: none)."""
    quote, escaped = "", False
    for place, char in enumerate(text):
        yield place, char, quote
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
