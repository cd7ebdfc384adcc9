"""Packs: find the directories of rules, policies and scaffolds, load them once, refuse what does not check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from assess.errors import ContentError
from assess.spec.ladder import Ladder
from assess.spec.pack import PackSpec
from assess.spec.rule import Rule
from assess.spec.strict import read_file


@dataclass(frozen=True)
class Pack:
    """One directory of content. `rules` maps each rule to the file that holds it."""

    root: Path
    spec: PackSpec
    rules: dict[str, tuple[Rule, Path]]


@dataclass(frozen=True)
class Content:
    """Everything that judges, from all packs; ours first."""

    packs: tuple[Pack, ...]
    ladder: Ladder

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that take part, by id."""
        alive = [rule for pack in self.packs for rule, _ in pack.rules.values() if rule.lifecycle != "removed"]
        return tuple(sorted(alive, key=lambda rule: rule.id))

    @cached_property
    def digest(self) -> str:
        """Names the rules and the ladder: 16 hex digits of the sha256 over their meaning."""
        parts = [rule.model_dump_json(exclude={"examples"}) for rule in self.rules]
        return sha256("\n".join([*parts, self.ladder.model_dump_json()]).encode()).hexdigest()[:16]

    def file_of(self, rule_id: str) -> Path | None:
        """The file that holds a rule, or None."""
        return next((pack.rules[rule_id][1] for pack in self.packs if rule_id in pack.rules), None)


def shipped(area: str) -> Path:
    """The directory of our own content of one area (`rules`, `policies`, `reports`, `remediation`).

    In a wheel it lies inside the package, in a checkout beside it.
    """
    inside = Path(__file__).parent / "_content" / area
    return inside if inside.is_dir() else Path(__file__).parent.parent / area


def load(packs: Iterable[Path] = ()) -> Content:
    """Our content and that of every further pack directory.

    Errors: ContentError with every problem of every file, one a line; a duplicate id and a pack without rules are
    problems.
    """
    problems: list[str] = []
    loaded = [pack for root in [shipped("rules"), *packs] if (pack := _load_pack(root, problems)) is not None]
    problems += _clashes(loaded)
    if problems:
        raise ContentError("\n".join(problems), fix="`idp-assess pack check DIR` checks a pack without scanning.")
    return Content(tuple(loaded), read_file(shipped("rules") / "ladder.yaml", Ladder, ContentError))


def _load_pack(root: Path, problems: list[str]) -> Pack | None:
    rules_dir = root / "rules" if (root / "rules" / "pack.yaml").is_file() else root
    if not (rules_dir / "pack.yaml").is_file():
        problems.append(f"{root}: no pack.yaml here: not a pack")
        return None
    rules: dict[str, tuple[Rule, Path]] = {}
    try:
        spec = read_file(rules_dir / "pack.yaml", PackSpec, ContentError)
    except ContentError as error:
        problems.append(error.what)
        return None
    for path in sorted(rules_dir.glob("*/*.yaml")):
        try:
            rule = read_file(path, Rule, ContentError)
        except ContentError as error:
            problems.append(error.what)
            continue
        problems += _misplaced(rule, path, spec, rules)
        rules[rule.id] = rule, path
    if not rules:
        problems.append(f"{root}: holds no rule that loads")
    return Pack(root, spec, rules)


def _misplaced(rule: Rule, path: Path, spec: PackSpec, known: dict[str, tuple[Rule, Path]]) -> Iterator[str]:
    if path.stem != f"{rule.id}-{rule.name}":
        yield f"{path}:1: name: the file should be called {rule.id}-{rule.name}.yaml"
    if rule.id.split("-")[0] not in spec.prefixes:
        yield f"{path}:1: id: {rule.id} is outside this pack's prefixes ({', '.join(spec.prefixes)})"
    if rule.id in known:
        yield f"{path}:1: id: {rule.id} is taken by {known[rule.id][1]}"


def _clashes(packs: list[Pack]) -> Iterator[str]:
    for position, pack in enumerate(packs):
        for earlier in packs[:position]:
            for rule_id in pack.rules.keys() & earlier.rules.keys():
                yield f"{pack.rules[rule_id][1]}:1: id: {rule_id} is taken by {earlier.rules[rule_id][1]}"
