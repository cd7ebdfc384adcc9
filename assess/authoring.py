"""Checking packs: every rule against its own examples, in repositories made in memory's stead."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assess.collect.git.libgit2 import git
from assess.collect.seen import Seen
from assess.content import Content, load, policies_of
from assess.errors import ContentError, ExitCode
from assess.model.fact import Fact
from assess.model.outcome import Outcome, Result
from assess.model.target import Source, Target
from assess.request import Request
from assess.spec.document import read_yaml
from assess.spec.rule import Rule, World

if TYPE_CHECKING:
    from assess.collect.git.history import Window

_CLUSTER, _COMMITS = "cluster/", "commits/"
_WHEN, _DAY = 1_760_000_000, 86_400
"""When the repository of an example is made; each further commit follows a day later."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An example that its rule judges otherwise than it says."""

    rule: str
    file: Path | None
    example: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: examples.{self.example}: {self.what}"


def check(packs: tuple[Path, ...], opa: str = "") -> ExitCode:
    """Load the packs, run all examples of rules and policies, print what does not check.

    Errors: EngineFailed where a pack has policies, and there is no opa to compile them.
    """
    import typer

    try:
        content = load(packs)
    except ContentError as error:
        typer.echo(f"idp-assess: {error}", err=True)
        return ExitCode.FAILED
    policies, broken = _policies(packs, opa)
    broken = [*map(str, examples(content)), *broken]
    for line in broken:
        typer.echo(line, err=True)
    told = f"{len(broken)} examples broken" if broken else "all check"
    typer.echo(f"{len(content.rules)} rules and {policies} policies in {len(content.packs)} pack(s): {told}")
    return ExitCode.FAILED if broken else ExitCode.PASSED


def _policies(packs: tuple[Path, ...], opa: str) -> tuple[int, list[str]]:
    """How many policies there are, ours too, and what does not check about them."""
    from assess.policy.rego import catalogue
    from assess.policy.rego.checking import check_pack, problems

    ours = catalogue.load()
    told = [check_pack(pack, opa) for pack in packs if policies_of(pack)]
    count = len(ours.policies) + sum(number for number, _ in told)
    return count, [*problems(ours.root, ours), *(line for _, lines in told for line in lines)]


def examples(content: Content, rules: tuple[str, ...] = ()) -> Iterator[Broken]:
    """The examples that do not come out as their rule says, by rule; all rules, or the ids named."""
    for rule in content.rules:
        if rules and rule.id not in rules:
            continue
        wanted = [("good", Result.MET, rule.examples.good), ("bad", Result.UNMET, rule.examples.bad),
                  ("silent", Result.NOT_APPLICABLE, rule.examples.silent)]  # fmt: skip
        for name, result, worlds in wanted:
            for number, world in enumerate(worlds):
                if wrong := _wrong(outcomes(content, rule, world), result):
                    yield Broken(rule.id, content.file_of(rule.id), f"{name}[{number}]", wrong)


def outcomes(content: Content, rule: Rule, world: World) -> list[Outcome]:
    """What one rule says about a small repository with these files, in the first reading that it takes part in.

    Files below `cluster/` are no part of the repository: they hold live objects, as an API server sends them. Nor are those
    below `commits/`: each is a list of further commits, `{by: NAME <ADDRESS>, through: NAME <ADDRESS>, message, files, tag, times}`.
    """
    from assess.run import assess

    assessment = assess(Request(), _seen(world), content)
    return [o for o in assessment.outcomes if o.rule == rule.id and o.reading.value == rule.readings[0]]


def facts(world: World) -> tuple[Fact, ...]:
    """The facts of an example's files, joined as those of an estate are."""
    from assess.collect.link.estate import link

    return link(_seen(world)).facts


def _seen(world: World) -> list[Seen]:
    from assess.collect.git.collector import collect_repository

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "example"
        window = _write(path, world)
        return [collect_repository(path, "example", window=window), *_clusters(world)]


def _clusters(world: World) -> Iterator[Seen]:
    """The cluster of an example, where it has one."""
    from assess.collect.kubernetes.objects import facts_from_objects

    files = [text for name, text in world.items() if name.startswith(_CLUSTER)]
    objects = [document.value for text in files for document in read_yaml(text.encode())]
    if objects:
        yield Seen(Target(source=Source.KUBERNETES, label="kubernetes:cluster"), facts_from_objects("kubernetes:cluster", objects))


def _wrong(found: list[Outcome], wanted: Result) -> str:
    """Why the outcomes are not what was wanted: no unit asked is *not applicable*; else one unit at least must come out so."""
    results = {outcome.result for outcome in found} or {Result.NOT_APPLICABLE}
    reasons = "; ".join(sorted({outcome.reason for outcome in found if outcome.reason}))
    if wanted in results and not (wanted is Result.NOT_APPLICABLE and len(results) > 1):
        return ""
    return f"wanted {wanted}, got {', '.join(sorted(results))}{f' ({reasons})' if reasons else ''}"


def _write(path: Path, world: World) -> Window | None:
    """Makes the repository of an example; the window of its further commits, where it has any."""
    from assess.collect.git.history import Window

    files = {name: text for name, text in world.items() if not name.startswith((_CLUSTER, _COMMITS))}
    made, repository = 0, git().init_repository(str(path), bare=True, initial_head="main")
    _commit(repository, files, {"by": "idp-assess <examples@example.org>"}, made)
    for text in [text for name, text in sorted(world.items()) if name.startswith(_COMMITS)]:
        for change in read_yaml(text.encode())[0].value:
            for number in range(change.get("times", 1)):
                files |= {name: f"{content}\n# {number}\n" for name, content in change.get("files", {}).items()}
                made += 1
                _commit(repository, files, change, made)
    return Window(datetime.fromtimestamp(_WHEN + (made + 1) * _DAY, UTC), made) if made else None


def _commit(repository: Any, files: World, change: dict[str, Any], day: int) -> None:
    index = git().Index()
    for name, text in files.items():
        index.add(git().IndexEntry(name, repository.create_blob(text.encode()), git().enums.FileMode.BLOB))
    author, committer = (_signed(change.get(key, change["by"]), day) for key in ("by", "through"))
    parents = [] if repository.head_is_unborn else [repository.head.target]
    made = repository.create_commit(
        "refs/heads/main", author, committer, change.get("message", "a change"), index.write_tree(repository), parents
    )
    if tag := change.get("tag"):
        repository.references.create(f"refs/tags/{tag}", made)


def _signed(who: str, day: int) -> Any:
    name, _, email = who.removesuffix(">").partition(" <")
    return git().Signature(name, email, _WHEN + day * _DAY, 0)
