"""Kubernetes objects in YAML, JSON and Helm templates, and safe ways into values of unknown shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from typing import Any

from assess.collect.git.extract.templated import PLACEHOLDER, STAR, Neutral, is_templated, neutralise, starred
from assess.collect.git.file import File
from assess.model.target import Location
from assess.spec.document import Document, DocumentError, read_yaml

MARKS = re.compile(rb"apiVersion[\"']?[ \t]*:[ \t]*[\"']?(?:\w|\{\{|\$\{)")
"""Content that may hold an object: `apiVersion` with a value, not the schema of one."""

KINDS = ("Manifest", "PolicyGuard", "PolicyException", "PolicyTest", "SecretSource", "ExposedSecret", "WorkloadImage", "DnsRecord", "Certificate",
         "Telemetry", "CostControl", "Environment", "Promotion")  # fmt: skip
"""What an object that cannot be read may have been."""
_API = re.compile(r"(?:[a-z0-9][a-z0-9.-]*/)?v?\d[\w.]*\Z")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_MAX_LISTS = 3


@dataclass(frozen=True, slots=True)
class Object:
    """One object of a file. prefix: where it is in its document. neutral: set where the file is a template."""

    file: File
    document: Document
    value: dict[str, Any]
    prefix: tuple[str | int, ...] = ()
    neutral: Neutral | None = None
    guessed: bool = False
    """Put together from single lines, because the file does not parse."""

    @property
    def api(self) -> str:
        """The apiVersion; `*` where it is an expression."""
        return text(self.value, "apiVersion")

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api.rpartition("/")[0]

    @property
    def kind(self) -> str:
        """The kind."""
        return text(self.value, "kind")

    @property
    def name(self) -> str:
        """The name, with `*` for what is an expression; empty where there is none."""
        return text(self.value, "metadata", "name") or text(self.value, "metadata", "generateName")

    @property
    def templated(self) -> bool:
        """Whether the object is written by a template."""
        return self.neutral is not None

    def at(self, *path: str | int) -> Location:
        """Where the object starts, or the key at a path."""
        if not path and not self.prefix:
            return self.file.at(self.document.start)
        return self.file.at(self.document.line(*self.prefix, *path))

    def conditional(self, *path: str | int) -> bool:
        """Whether the key at a path stands in a condition of the template that the object itself does not stand in."""
        if self.neutral is None or self.guessed:
            return self.guessed
        return self.neutral.depth(self.at(*path).line) > self.neutral.depth(self.at().line)


def read_objects(file: File) -> tuple[list[Object], DocumentError | None]:
    """The objects of a file, `List`s expanded; and the error that may hide some.

    A template that does not parse is read with its actions replaced, or else line by line.
    """
    try:
        return list(_expand(file, file.documents(), None)), None
    except DocumentError as error:
        if not is_templated(file.content):
            return [], error
        neutral = neutralise(file.content)
        try:
            return list(_expand(file, read_yaml(neutral.content), neutral)), None
        except DocumentError:
            return list(_scan(file, neutral)), None if in_helm_templates(file.path) else error


def in_helm_templates(path: str) -> bool:
    """Whether a path is where a chart keeps its templates."""
    return bool(re.search(r"(^|/)templates/", path))


def _expand(file: File, documents: list[Document], neutral: Neutral | None) -> Iterator[Object]:
    for document in documents:
        yield from _objects(file, document, document.value, (), neutral, _MAX_LISTS)


def _objects(
    file: File, document: Document, value: Any, prefix: tuple[str | int, ...], neutral: Neutral | None, lists: int
) -> Iterator[Object]:
    if isinstance(value, list) and lists:
        for index, item in enumerate(value):
            yield from _objects(file, document, item, (*prefix, index), neutral, lists - 1)
        return
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str) or not isinstance(value.get("apiVersion"), str):
        return
    if value["kind"].endswith("List") and isinstance(value.get("items"), list) and lists:
        yield from _objects(file, document, value["items"], (*prefix, "items"), neutral, lists)
    elif _KIND.match(value["kind"]) and (_API.match(value["apiVersion"]) or PLACEHOLDER in value["apiVersion"]):
        yield Object(file, document, value, prefix, neutral)


_LINES = {
    "apiVersion": re.compile(r"(?m)^apiVersion:[ \t]*[\"']?([\w./-]+)"),
    "kind": re.compile(r"(?m)^kind:[ \t]*[\"']?(\w+)"),
    "name": re.compile(r"(?m)^metadata:[ \t]*\n(?:[ \t#].*\n){0,20}?  name:[ \t]*[\"']?([^\s\"'#]+)"),
}
_SOURCE = re.compile(r"(?m)^[ \t]+(?:- )?(repoURL|path|chart|targetRevision|url):[ \t]*[\"']?([^\s\"'#]+)")


def _scan(file: File, neutral: Neutral) -> Iterator[Object]:
    """What single lines of a broken template say for certain."""
    line = 1
    for chunk in re.split(r"(?m)^---", neutral.content.decode("utf-8", "replace")):
        found = {key: match for key, pattern in _LINES.items() if (match := pattern.search(chunk))}
        if "kind" in found and "apiVersion" in found and _KIND.match(found["kind"][1]):
            start = line + chunk.count("\n", 0, found["apiVersion"].start())
            value: dict[str, Any] = {key: found[key][1] for key in ("apiVersion", "kind")}
            value["metadata"] = {"name": found["name"][1] if "name" in found else PLACEHOLDER}
            source = dict(reversed(_SOURCE.findall(chunk)))
            value["spec"] = {"source": source, "syncPolicy": PLACEHOLDER, **source}
            yield Object(file, Document(value, start), value, (), neutral, guessed=True)
        line += chunk.count("\n")


def dig(value: Any, *keys: str | int) -> Any:
    """What is at a path of keys and positions; None where the path leads nowhere."""
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def text(value: Any, *keys: str | int) -> str:
    """The text or number at a path, `*` for expressions; empty for anything else."""
    found = dig(value, *keys)
    if isinstance(found, str):
        return starred(found)
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def mapping(value: Any, *keys: str | int) -> dict[str, Any]:
    """The mapping at a path; empty for anything else."""
    found = dig(value, *keys)
    return found if isinstance(found, dict) else {}


def items(value: Any, *keys: str | int) -> list[Any]:
    """The list at a path; empty for anything else."""
    found = dig(value, *keys)
    return found if isinstance(found, list) else []


def words(value: Any, *keys: str | int) -> list[str]:
    """The texts of the list at a path."""
    return [starred(item) for item in items(value, *keys) if isinstance(item, str)]


def resolved(directory: str, path: str) -> str:
    """A path written in a file of a directory, relative to the repository; never leads out of it."""
    normal = normpath(f"{directory}/{path}" if not path.startswith("/") else path).lstrip("/")
    while normal.startswith("../"):
        normal = normal[3:]
    return normal if normal not in ("", "..") else "."


def unresolved(path: str) -> bool:
    """Whether nothing of a path is literal."""
    return not path.replace(STAR, "").strip("./")


def clean_url(url: str) -> str:
    """An address without userinfo and without query, but for `ref` and `version`."""
    from assess.model.credentials import without_credentials

    if "://" not in url:
        return url
    try:
        bare = without_credentials(url)
    except ValueError:  # urlsplit refuses `http://[`
        return STAR
    kept = re.search(r"[?&]((?:ref|version)=[\w./-]+)", url)
    return f"{bare}?{kept[1]}" if kept else bare
