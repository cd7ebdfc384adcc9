"""A Terraform plan as both sides of a change: what it says is there, and what will be; what is known after apply is unknown.

A plan's resources become Terraform modules as `formats/hcl.py` has them, so that the same policies judge them. A value that
Terraform knows only after apply is tried as several: what a policy says under each of them it says of the resource; what it
says under some only, nobody knows yet. Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from posixpath import normpath
from typing import Any

from assess.errors import UsageError
from assess.model.finding import Finding, Severity, Verdict
from assess.model.target import Location
from assess.policy.documents import PolicyDocument
from assess.policy.engine import ENGINE, Checked, EngineFailed, numbered, trouble
from assess.policy.fingerprint import identify
from assess.policy.formats.hcl import read_module
from assess.policy.formats.source import Read, Source, Unreadable
from assess.policy.gate.asking import Asked
from assess.policy.gate.compare import Compared, Moves, compare
from assess.policy.gate.result import EngineRun
from assess.policy.kinds import KINDS
from assess.policy.rego.engine import Rego
from assess.policy.tree import Tree
from assess.spec.nodes import Span

MAX_BYTES = 64_000_000
SENSITIVE, UNKNOWN = "${sensitive}", "${known after apply}"
_ABSENT = object()
TRIED: tuple[Any, ...] = (UNKNOWN, _ABSENT, True, False, 0, "", [], {}, "*", "0.0.0.0/0", "latest", ["*"], ["0.0.0.0/0"])
"""What a value that is not known yet is tried as."""
_FIX = "Write one with `terraform show -json PLANFILE > plan.json`."
Place = Callable[[str, str, str], tuple[str, Span]]
"""Module address, resource type, name -> where its code stands."""


@dataclass(frozen=True)
class Plan:
    """A plan as it was read. name: its file. changes: its resource changes."""

    name: str
    changes: tuple[Mapping[str, Any], ...]

    def before(self) -> list[PolicyDocument]:
        """What is there now."""
        return self._documents("before", None)

    def after(self) -> list[list[PolicyDocument]]:
        """What will be there, once for each value that an unknown one is tried as; once where nothing is unknown."""
        tried = TRIED if any(_any(change["change"].get("after_unknown")) for change in self.changes) else TRIED[:1]
        return [self._documents("after", value) for value in tried]

    def _documents(self, side: str, tried: Any) -> list[PolicyDocument]:
        """One Terraform module for each module address, and the plan itself."""
        modules: dict[str, dict[str, Any]] = {}
        for one in self.changes:
            change = one["change"]
            unknown = change.get("after_unknown") if side == "after" else None
            if change.get(side) is not None or unknown is True:
                module = modules.setdefault(str(one.get("module_address", "")), {})
                kind = module.setdefault("data" if one.get("mode") == "data" else "resource", {}).setdefault(str(one.get("type")), {})
                kind[_label(one)] = _known(change.get(side), change.get(f"{side}_sensitive"), unknown, tried)
        told = [] if side == "before" else [{"address": c["address"], "type": str(c.get("type")), **_actions(c)} for c in self.changes]
        documents = [("terraform", address, module) for address, module in sorted(modules.items())]
        return [_document(kind, path, value) for kind, path, value in [*documents, ("terraform-plan", "", {"changes": told})]]


def read_plan(path: Path) -> Plan:
    """The plan in a file. Errors: UsageError for a file that cannot be read or is no plan."""
    import orjson

    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"larger than {MAX_BYTES} bytes", str(path), "Plan fewer resources at a time.")
        value = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", str(path), _FIX) from None
    except ValueError:
        raise UsageError("is not JSON", str(path), _FIX) from None
    changes = value.get("resource_changes", []) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not str(value.get("format_version", "")).startswith("1.") or not isinstance(changes, list):
        raise UsageError("is no Terraform plan of format 1", str(path), _FIX)
    if value.get("errored") or value.get("complete") is False:
        raise UsageError("is a plan that did not succeed: it does not say all that will be", str(path), "Plan again.")
    if not all(isinstance(c, dict) and isinstance(c.get("address"), str) and isinstance(c.get("change"), dict) for c in changes):
        raise UsageError("has a resource change without address or change", str(path), _FIX)
    return Plan(path.name, tuple(changes))


def judge(
    plan: Plan, asked: Callable[[Sequence[PolicyDocument]], list[Finding]], place: Place, scope: str
) -> tuple[list[Finding], list[Finding]]:
    """The findings of the plan before and after. asked: documents -> findings. scope: what fingerprints call the repository.

    What a policy says of a resource under some of the values tried, and not under others, is *not observed*.
    """
    before = [_placed(finding, plan, place, scope) for finding in asked(plan.before()) if _of_resource(finding)]
    runs = [{_key(f): f for f in asked(documents) if _of_resource(f)} for documents in plan.after()]
    certain = set(runs[0]).intersection(*runs[1:])
    after = [_placed(found, plan, place, scope) for key, found in runs[0].items() if key in certain]
    unsure: dict[tuple[str, str], Finding] = {}
    for run in runs:
        for key, found in run.items():
            if key not in certain:
                unsure.setdefault((found.policy, found.address.partition("/")[0]), found)
    after += [_unsure(_placed(found, plan, place, scope)) for found in unsure.values()]
    return before, after


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.policy, finding.at.path, finding.address


def _of_resource(finding: Finding) -> bool:
    """A plan has no backend, no version constraints: what a policy says of a module as a whole is not about it."""
    return finding.unseen or bool(_ADDRESS.search(finding.address))


_ADDRESS = re.compile(r"(?:^|/)(?:resource|data)\.|^(?:module\.[^./]+\.)*(?:data\.)?[a-z][a-z0-9]*_\w+\.[\w-]")


def _placed(finding: Finding, plan: Plan, place: Place, scope: str) -> Finding:
    """The finding where its resource stands in the code, else in the plan."""
    parts = re.search(r"([a-z][a-z0-9]*_\w+)\.\"?([\w-]+)", finding.address)
    file, span = place(finding.at.path, parts[1], parts[2]) if parts else ("", Span())
    moved = replace(
        finding, at=Location(target=finding.at.target, path=file or plan.name, line=span.line), column=span.column,
        end_line=span.end_line, end_column=span.end_column,
    )  # fmt: skip
    return identify(moved, scope=scope, path=finding.at.path, evidence={}, source="terraform-plan")


def _unsure(finding: Finding) -> Finding:
    return replace(
        finding, verdict=Verdict.NOT_OBSERVED, severity=Severity.INFO, blocks=False,
        message=f"known after apply: whether {finding.message}", fix="Check it after the apply, or give the value in the code.",
    )  # fmt: skip


def _document(kind: str, path: str, value: Any) -> PolicyDocument:
    import orjson

    id = sha256(orjson.dumps([kind, path, value], option=orjson.OPT_SORT_KEYS)).hexdigest()
    return PolicyDocument(f"{kind}:{id}", kind, path, value, lambda _path: (path, Span()))


def _label(change: Mapping[str, Any]) -> str:
    """`web`, `web[0]`, `web["eu"]`: the last part of its address."""
    name, index = str(change.get("name")), change.get("index")
    return name if index is None else f'{name}["{index}"]' if isinstance(index, str) else f"{name}[{index}]"


def _actions(change: Mapping[str, Any]) -> dict[str, Any]:
    actions = change["change"].get("actions")
    known = [action for action in actions if isinstance(action, str)] if isinstance(actions, list) else []
    return {"actions": known, "destroys": "delete" in known, "replaces": "delete" in known and "create" in known}


def _any(unknown: Any) -> bool:
    children = unknown.values() if isinstance(unknown, dict) else unknown if isinstance(unknown, list) else ()
    return unknown is True or any(_any(child) for child in children)


def _known(value: Any, sensitive: Any, unknown: Any, tried: Any, depth: int = 0) -> Any:
    """A value as code would have it: no nulls, no empty lists; what is sensitive as an expression, what is unknown as tried."""
    if sensitive is True or depth > 100:
        return SENSITIVE
    if unknown is True:
        return tried
    if isinstance(value, dict) or isinstance(unknown, dict):
        value = value if isinstance(value, dict) else {}
        keys = dict.fromkeys([*value, *(unknown if isinstance(unknown, dict) else ())])
        pairs = ((key, _known(value.get(key), _at(sensitive, key), _at(unknown, key), tried, depth + 1)) for key in keys)
        return {key: item for key, item in pairs if item is not None and item is not _ABSENT and item != []}
    if isinstance(value, list):
        return list(_items(value, sensitive, unknown, tried, depth))
    return value


def _items(value: list[Any], sensitive: Any, unknown: Any, tried: Any, depth: int) -> Iterator[Any]:
    for position, item in enumerate(value):
        known = _known(item, _at(sensitive, position), _at(unknown, position), tried, depth + 1)
        if known is not _ABSENT:
            yield known


def _at(tree: Any, key: str | int) -> Any:
    if isinstance(tree, dict):
        return tree.get(str(key)) if isinstance(key, str) else None
    return tree[key] if isinstance(tree, list) and isinstance(key, int) and key < len(tree) else None


def planned(plan: Plan, root: str, tree: Tree, rego: Rego) -> Asked:
    """What a plan adds, and what was asked. tree: the commit that was planned, root: the directory in it.

    What is known after apply only is *noted*: it is no reason to stop a change, and no reason to call it good.
    """
    try:
        before, after = judge(plan, lambda documents: rego.judge(documents, tree.label, tree.scope), code(tree, root), tree.scope)
    except EngineFailed as failure:
        bad = trouble("rego", ENGINE, tree.at(plan.name), str(failure.what), failure.fix)
        return Asked(Compared(incomparable=(bad,)), (EngineRun("plan"),))
    told = compare(numbered(before), numbered(f for f in after if not f.unseen), Moves())
    unsure = numbered(f for f in after if f.unseen)
    policies = [policy for policy in rego.catalogue.policies if policy.reads.startswith("terraform")]
    run = EngineRun("plan", len(policies), len(plan.changes))
    texts = tuple(policy.text for policy in policies)
    return Asked(replace(told, noted=(*told.noted, *unsure)), (run,), (), (Checked(texts=texts),))


def code(tree: Tree, root: str) -> Place:
    """Where the resources of a plan stand in the code of a tree. root: the directory that was planned, relative to the tree.

    A module that is not a directory of the tree has no place in it.
    """
    modules: dict[str, Read | None] = {}

    def module(address: str) -> Read | None:
        """The module of an address; its calls are followed from the root."""
        if address not in modules:
            *outer, name = re.findall(r"module\.([\w-]+)(?:\[[^\]]*\])?", address) or [""]
            above = module(".".join(f"module.{one}" for one in outer)) if name else None
            source = str(above.value.get("module", {}).get(name, {}).get("source", "")) if above else ""
            directory = normpath(f"{above.path or '.'}/{source}") if above and source.startswith(".") else root if not name else None
            modules[address] = _module(tree, directory) if directory is not None else None
        return modules[address]

    def place(address: str, type: str, name: str) -> tuple[str, Span]:
        read = module(address)
        held = [kind for kind in ("resource", "data") if read and name in read.value.get(kind, {}).get(type, {})]
        return read.place((held[0], type, name)) if read and held else ("", Span())

    return place


def _module(tree: Tree, directory: str) -> Read | None:
    directory = "" if directory == "." else directory
    names = KINDS["terraform"].paths
    entries = [entry for entry in tree.entries.files(directory) if names.search(entry.path)]
    contents = [(entry.path, tree.blob(entry)) for entry in entries]
    try:
        (read,) = read_module(Source(path, content) for path, content in contents if isinstance(content, bytes))
    except (Unreadable, ValueError):  # no file, or one that says nothing: the finding then points at the plan
        return None
    return read if entries else None
