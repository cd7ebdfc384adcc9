"""Builds the demo organization: nine Git repositories and their estate file.

    python tests/demo/build.py OUT [--now 2026-11-21]

`repositories/<name>/` holds each repository as it is now, as plain files; `history.yaml` says how it came to be.
The same files, history and `--now` give the same commit ids. No git command is run.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import pygit2
import yaml
from pygit2.enums import CheckoutStrategy, FileMode, ObjectType, RepositoryInitFlag

HERE = Path(__file__).resolve().parent
MARKER = ".built-by-tests-demo"  # a folder without it is not ours to empty
GITHUB = ("GitHub", "noreply@github.com")  # who commits what is merged on the web
Json = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the demo organization.")
    parser.add_argument("out", type=Path, help="folder to build into; new, empty, or built by this before")
    today = datetime.now(UTC).date()
    parser.add_argument("--now", type=date.fromisoformat, default=today, metavar="YYYY-MM-DD", help="day of the look (today)")
    options = parser.parse_args(arguments)
    try:
        heads = build(options.out, options.now)
    except ValueError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    for name, commit in heads.items():
        print(f"{commit}  {name}")
    return 0


def build(out: Path, now: date) -> dict[str, str]:
    """Folder of each repository below `out` → its newest commit id.

    Errors: ValueError where `out` is not ours to write, or where files and history do not agree.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise ValueError(f"{out} is not empty and was not built by this program; name another folder")
    shutil.rmtree(out / "repositories", ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text(f"{now}\n")
    estate = (HERE / "idp-assess.yaml").read_text(encoding="utf-8")
    dated = re.sub(r"\bNOW([+-]\d+)", lambda day: str(now + timedelta(days=int(day[1]))), estate)
    (out / "idp-assess.yaml").write_text(dated, encoding="utf-8")
    history = yaml.safe_load((HERE / "history.yaml").read_text(encoding="utf-8"))
    heads = {}
    for name, told in history["repositories"].items():
        folder = out / "repositories" / (f"{name}.git" if told.get("bare") else name)
        heads[str(folder.relative_to(out))] = Builder(name, told, history, folder, now).build()
    return heads


@dataclass
class Branch:
    tip: pygit2.Oid | None = None
    title: str = ""  # first line of its newest message
    files: dict[str, str] = field(default_factory=dict)  # path → text
    changed: set[str] = field(default_factory=set)  # since it left the main branch


class Builder:
    """One repository, from its files on disk and its part of history.yaml."""

    def __init__(self, name: str, told: Json, history: Json, folder: Path, now: date) -> None:
        self.name, self.told, self.now = name, told, now
        self.people, self.messages = history["people"], history["messages"]
        self.main = told.get("branch", "main")
        self.bare = bool(told.get("bare"))
        source = HERE / "repositories" / name
        files = [path for path in sorted(source.rglob("*")) if path.is_file()]
        self.disk = {path.relative_to(source).as_posix(): path.read_bytes().decode() for path in files}
        self.then: dict[str, list[tuple[str, str]]] = {}  # path → what was different: pattern, text at that time
        self.blobs: dict[str, pygit2.Oid] = {}
        self.branches = {self.main: Branch()}
        self.clock = datetime.min.replace(tzinfo=UTC)
        flags = RepositoryInitFlag.MKPATH | (RepositoryInitFlag.BARE if self.bare else 0)
        self.git = pygit2.init_repository(str(folder), flags=flags, initial_head=self.main)

    def build(self) -> str:
        """Id of the newest commit of the main branch."""
        events = sorted([*self.told["commits"], *self.bumps()], key=lambda event: -event["day"])  # stable
        for event in events:
            try:
                self.merge(event) if "merge" in event else self.commit(event)
            except ValueError as error:
                raise ValueError(f"history.yaml: {self.name}, day {event['day']}: {error}") from None
        self.check()
        self.finish()
        return str(self.branches[self.main].tip)

    def bumps(self) -> Iterator[Json]:
        """The commits of a bot that writes one new version after the other into the same files."""
        for bump in self.told.get("bumps", []):
            steps = sorted(bump["values"].items(), reverse=True)  # days before now: the first is the longest ago
            template = self.messages.get(bump["message"], bump["message"])
            for (_, old), (day, new) in pairwise(steps):
                text = template.format(**bump, old=old, new=new)
                yield {"day": day, "by": bump["by"], "message": text, "files": bump["files"], "bump": True}

    def commit(self, event: Json) -> None:
        name = event.get("side", self.main)
        if name not in self.branches:
            trunk = self.branches[self.main]
            self.branches[name] = Branch(trunk.tip, trunk.title, dict(trunk.files))
        branch = self.branches[name]
        before = dict(branch.files)
        was = [(pattern, "") for pattern in event.get("without", [])]
        was += [(re.escape(new), old) for new, old in event.get("was", {}).items()]
        unused = {pattern for pattern, _ in was}
        for path in self.matching(event.get("files", [])):
            if event.get("bump") and path not in before:
                raise ValueError(f"{path} is changed by a bot before somebody added it")
            if not event.get("bump"):
                self.then[path] = [step for step in was if re.search(step[0], self.disk[path])]
                unused -= {pattern for pattern, _ in self.then[path]}
            branch.files[path] = self.text(path, event["day"])
        if unused:
            raise ValueError(f"none of the files has this text: {sorted(unused)}")
        branch.files |= event.get("texts", {})
        for path in event.get("removes", []):
            del branch.files[path]
        touched = {p for p in before.keys() | branch.files.keys() if before.get(p) != branch.files.get(p)}
        if not touched:
            raise ValueError(f"nothing changes in {event['message']!r}")
        branch.changed |= touched
        self.write(event, branch, event["message"], [branch.tip], on_web=bool(re.search(r"\(#\d+\)(\n|$)", event["message"])))

    def merge(self, event: Json) -> None:
        trunk, name = self.branches[self.main], event["merge"]
        if name not in self.branches:
            raise ValueError(f"there is no branch {name}")
        side = self.branches.pop(name)
        for path in side.changed:
            if path in side.files:
                trunk.files[path] = side.files[path]
            else:
                trunk.files.pop(path, None)
        title = event.get("title", side.title)
        organization, project = self.told["remote"].removesuffix(".git").split("/")[-2:]
        if "gitlab" in self.told["remote"]:
            reference = f"See merge request {organization}/{project}!{event['number']}"
            message = f"Merge branch '{name}' into '{self.main}'\n\n{title}\n\n{reference}"
        else:
            message = f"Merge pull request #{event['number']} from {organization}/{name}\n\n{title}"
        self.write(event, trunk, message, [trunk.tip, side.tip], on_web="github" in self.told["remote"])

    def write(self, event: Json, branch: Branch, message: str, parents: list[pygit2.Oid | None], on_web: bool) -> None:
        """Makes the commit of what `branch.files` holds, and moves the branch to it."""
        self.tick(event)
        index = pygit2.Index()
        for path, text in branch.files.items():
            if text not in self.blobs:
                self.blobs[text] = self.git.create_blob(text.encode())
            mode = FileMode.BLOB_EXECUTABLE if text.startswith("#!") else FileMode.BLOB
            index.add(pygit2.IndexEntry(path, self.blobs[text], mode))
        person = self.people[event["by"]]
        author, web = self.signature(person), self.signature([*GITHUB, person[2]])
        tree, text = index.write_tree(self.git), message.rstrip("\n") + "\n"
        branch.tip = self.git.create_commit(None, author, web if on_web else author, text, tree, [p for p in parents if p])
        branch.title = message.split("\n", 1)[0]
        if "tag" in event:
            self.git.create_tag(event["tag"], branch.tip, ObjectType.COMMIT, author, f"{event['tag']}\n")

    def text(self, path: str, day: int) -> str:
        """What the file said on that day: the text on disk, with what was different then."""
        text = self.disk[path]
        for pattern, old in self.then.get(path, []):
            text = re.sub(pattern, lambda _, old=old: old, text)  # type: ignore[misc]
        for bump in self.told.get("bumps", []):
            if path in self.matching(bump["files"]):
                steps = sorted(bump["values"].items())  # the last value is the one on disk
                current = next((value for since, value in steps if since >= day), steps[-1][1])
                pattern = bump.get("text", "{}")
                if pattern.format(steps[0][1]) not in self.disk[path]:
                    raise ValueError(f"{path} does not say {pattern.format(steps[0][1])!r}, the last value")
                text = text.replace(pattern.format(steps[0][1]), pattern.format(current))
        return text

    def matching(self, patterns: list[str]) -> list[str]:
        """Paths on disk that a pattern names; `*` also matches a slash."""
        found = []
        for pattern in patterns:
            paths = [path for path in self.disk if fnmatchcase(path, pattern)]
            if not paths:
                raise ValueError(f"no file in repositories/{self.name} matches {pattern!r}")
            found += paths
        return list(dict.fromkeys(found))

    def tick(self, event: Json) -> None:
        """Moves the clock to the event. All work on weekdays, only bots at night (`at` is an exception); no way back."""
        name, _, minutes = self.people[event["by"]]
        day = self.now - timedelta(days=event["day"])
        noise = zlib.crc32(f"{self.name} {event['day']} {name} {event.get('message', 'merge')}".encode())
        if "at" not in event:
            day -= timedelta(days=max(0, day.weekday() - 4))
        hour = noise % 24 if name.endswith("[bot]") else 8 + noise % 10
        clock = event.get("at") or f"{hour:02}:{noise // 16 % 60:02}"
        wanted = datetime.fromisoformat(f"{day}T{clock}:{noise // 64 % 60:02}")
        wanted = wanted.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        self.clock = wanted if wanted > self.clock else self.clock + timedelta(minutes=4 + noise % 23)
        if self.clock.timestamp() > datetime(self.now.year, self.now.month, self.now.day, tzinfo=UTC).timestamp():
            raise ValueError("this would be after --now")

    def signature(self, person: list[Any]) -> pygit2.Signature:
        return pygit2.Signature(person[0], person[1], int(self.clock.timestamp()), person[2], "utf-8")

    def check(self) -> None:
        """ValueError unless the history ends in exactly what is on disk."""
        now = self.branches[self.main].files
        wrong = sorted(p for p in now.keys() | self.disk.keys() if now.get(p) != self.disk.get(p))
        if wrong:
            raise ValueError(f"{self.name}: after the last commit these are not as on disk: {', '.join(wrong)}")

    def finish(self) -> None:
        """Remote, references and, unless bare, the work tree: as a clone has them."""
        self.git.remotes.create("origin", self.told["remote"])
        local, remote = "refs/heads/", "refs/heads/" if self.bare else "refs/remotes/origin/"
        for name, branch in self.branches.items():
            self.git.references.create(remote + name, branch.tip)  # type: ignore[arg-type]
        if self.bare:
            return
        self.git.references.create(local + self.main, self.branches[self.main].tip)  # type: ignore[arg-type]
        self.git.references.create(f"{remote}HEAD", remote + self.main)
        self.git.config[f"branch.{self.main}.remote"] = "origin"
        self.git.config[f"branch.{self.main}.merge"] = local + self.main
        self.git.checkout_head(strategy=CheckoutStrategy.FORCE)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    sys.exit(main())
