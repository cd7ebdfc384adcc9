"""Pipelines that are lists of steps: Bitbucket, Buildkite.

Source: https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/,
https://buildkite.com/docs/pipelines/configure/defining-steps
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from assess.collect.git.extract.container_ci import read_mappings
from assess.collect.git.extract.images import plugin
from assess.collect.git.extract.steps import Steps, chunks, constants, fill, jobs_of, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document

Path = tuple[str | int, ...]
_KINDS = {"pull-requests": "pull_request", "tags": "tag", "custom": "manual"}
_CHANGES = re.compile(r"(?i)deploy|apply|publish|release|push|run")
_BRANCH = re.compile(r"build\.branch\s*==\s*[\"']([\w./-]+)[\"']")


def bitbucket(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each step of each pipeline of the file; a pipeline that is imported from elsewhere is unresolved."""
    for document in read_mappings(file):
        if isinstance(document, Gap):
            yield document
            return
        procedures: list[Procedure] = []
        for kind, body in mapping(mapping(document.value).get("pipelines")).items():
            branched = mapping(body).items() if isinstance(body, dict) and "import" not in body else [("", body)]
            for name, items in branched:
                path: Path = ("pipelines", kind, name) if name else ("pipelines", kind)
                trigger = Trigger(events=(_KINDS.get(kind, "push"),), branches=(name,) if kind == "branches" else ())
                label = f"{kind}.{name}" if name else kind
                for at, step, outer in _bitbucket_steps(items, path, {}, 0):
                    procedures.append(_bitbucket_job(file, document, at, {**outer, **step}, f"{label}.{len(procedures) + 1}", trigger))
                if isinstance(imported := mapping(items).get("import"), str):
                    steps = Steps(unresolved=[f"import: {imported}"])
                    job = steps.procedure(file, document.line(*path), "bitbucket-pipelines", f"{file.path}#{label}", "job", trigger)
                    procedures.append(job)
        yield from procedures
        yield jobs_of(file, document.start, "bitbucket-pipelines", procedures)
        return


def _bitbucket_steps(items: Any, path: Path, outer: dict[str, Any], depth: int) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """Each step with its path, and what its stage says for all of its steps."""
    for index, item in enumerate(items if isinstance(items, list) else ()):
        entry, at = mapping(item), (*path, index)
        if isinstance(entry.get("step"), dict):
            yield (*at, "step"), mapping(entry["step"]), outer
        for key in ("parallel", "stage"):
            inner = entry.get(key)
            given = {k: v for k, v in mapping(inner).items() if k in ("trigger", "deployment")}
            nested, where = (mapping(inner).get("steps"), (*at, key, "steps")) if isinstance(inner, dict) else (inner, (*at, key))
            if depth < 5:
                yield from _bitbucket_steps(nested, where, {**outer, **given}, depth + 1)


def _bitbucket_job(file: File, document: Document, at: Path, step: dict[str, Any], label: str, trigger: Trigger) -> Procedure:
    steps = Steps()
    for key in ("script", "after-script"):
        script = step.get(key)
        steps.shell(chunks(document, script, *at, key))
        for index, item in enumerate(script if isinstance(script, list) else ()):
            if isinstance(pipe := mapping(item).get("pipe"), str):
                line = document.line(*at, key, index)
                known = plugin(pipe.split(":")[0], mapping(item).get("variables"), ".", line, steps, "pipe")
                if not known and _CHANGES.search(pipe):
                    steps.unresolved.append(f"pipe: {pipe}")
    events = (*trigger.events, "manual") if step.get("trigger") == "manual" else trigger.events
    environment = step.get("deployment")
    reach = Trigger(
        events=tuple(dict.fromkeys(events)), branches=trigger.branches, environment=environment if isinstance(environment, str) else "",
        soft_fail=mapping(step.get("on-fail")).get("strategy") == "ignore",
    )  # fmt: skip
    return steps.procedure(file, document.line(*at), "bitbucket-pipelines", f"{file.path}#{label}", "job", reach)


def buildkite(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each command step, those of groups too. Whatever comes after a block step waits for a person."""
    for document in read_mappings(file):
        if isinstance(document, Gap):
            yield document
            return
        found, procedures = mapping(document.value).get("steps"), list[Procedure]()
        if not isinstance(found, list):
            return
        read, blocked = partial(fill, known=constants(mapping(document.value).get("env"))), False
        for at, step in _buildkite_steps(found, ("steps",), 0):
            blocked = blocked or "block" in step or "input" in step or step.get("type") in ("block", "input")
            steps = Steps()
            for key in ("command", "commands"):
                steps.shell(chunks(document, step.get(key), *at, key), ".", read)
            _plugins(step.get("plugins"), document.line(*at, "plugins"), steps)
            if isinstance(step.get("trigger"), str):
                steps.unresolved.append(f"trigger: {step['trigger']}")
            name = f"{file.path}#{step.get('key') or step.get('label') or step.get('name') or at[-1]}"
            if steps:
                procedures.append(steps.procedure(file, document.line(*at), "buildkite", name, "job", _buildkite_trigger(step, blocked)))
        yield from procedures
        yield jobs_of(file, document.start, "buildkite", procedures)
        return


def _buildkite_steps(items: list[Any], path: Path, depth: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    for index, item in enumerate(items):
        step, at = mapping(item), (*path, index)
        if isinstance(step.get("steps"), list) and depth < 3:
            shared = {key: step[key] for key in ("if", "skip", "branches") if key in step}
            yield from ((where, {**shared, **inner}) for where, inner in _buildkite_steps(step["steps"], (*at, "steps"), depth + 1))
        elif step:
            yield at, step


def _plugins(value: Any, line: int, steps: Steps) -> None:
    """Add what plugins do by themselves: those that the table knows."""
    pairs: list[tuple[Any, Any]] = []
    for item in value if isinstance(value, list) else [value]:
        pairs += mapping(item).items() if isinstance(item, dict) else [(item, {})]
    for name, settings in pairs:
        if isinstance(name, str):
            plugin(name.partition("#")[0], settings, ".", line, steps, "plugin")


def _buildkite_trigger(step: dict[str, Any], blocked: bool) -> Trigger:
    condition = str(step.get("if", ""))
    branches = tuple(str(step["branches"]).split()) if isinstance(step.get("branches"), str) else tuple(_BRANCH.findall(condition))
    events = ["tag"] if re.search(r"build\.tag\s*!=\s*null", condition) else ["push"]
    if re.search(r"build\.source\s*==\s*[\"']schedule", condition):
        events = ["schedule"]
    skipped = step.get("skip") is True or (isinstance(step.get("skip"), str) and bool(step["skip"].strip()))
    trigger = Trigger(events=tuple(events), branches=branches, soft_fail=bool(step.get("soft_fail")))
    return replace(
        trigger, events=(*events, "manual") if blocked else tuple(events), can_run=not skipped and condition.strip().lower() != "false"
    )


_YAML = (".yml", ".yaml")
BITBUCKET = Extractor(name="bitbucket-pipelines", run=bitbucket, names=frozenset({"bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"}))
BUILDKITE = Extractor(name="buildkite", run=buildkite, suffixes=_YAML, places=("/.buildkite/",), within=re.compile(r"(^|/)\.buildkite/"))
