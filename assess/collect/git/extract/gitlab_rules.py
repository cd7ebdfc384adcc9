"""When a GitLab job runs: `rules`, `only`, `when`, `environment` as a trigger.

Source: https://docs.gitlab.com/ci/jobs/job_rules/, https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import re
from typing import Any

from assess.collect.git.extract.steps import mapping, sequence, texts
from assess.model.fact import Trigger

_SOURCES = {
    "push": "push", "merge_request_event": "pull_request", "external_pull_request_event": "pull_request",
    "schedule": "schedule", "web": "manual", "api": "manual", "chat": "chat", "trigger": "call", "pipeline": "call",
    "parent_pipeline": "call",
}  # fmt: skip
_REFS = {
    "branches": "push", "pushes": "push", "tags": "tag", "merge_requests": "pull_request", "schedules": "schedule",
    "web": "manual", "api": "manual", "triggers": "call", "pipelines": "call", "chat": "chat",
    "external_pull_requests": "pull_request",
}  # fmt: skip
_SOURCE = re.compile(r"\$\{?CI_PIPELINE_SOURCE\}?\s*==\s*[\"'](\w+)[\"']")
_SOURCE_ONE_OF = re.compile(r"\$\{?CI_PIPELINE_SOURCE\}?\s*=~\s*/([^/]*)/")
_BRANCH = re.compile(r"\$\{?CI_COMMIT_(?:BRANCH|REF_NAME)\}?\s*==\s*(?:[\"']([^\"']+)[\"']|\$\{?(CI_DEFAULT_BRANCH)\}?)")
_MERGE = re.compile(r"\$\{?CI_(?:MERGE_REQUEST_\w+|EXTERNAL_PULL_REQUEST_IID|OPEN_MERGE_REQUESTS)\}?(?!\s*(?:==\s*null|!=))")
_TAG = re.compile(r"\$\{?CI_COMMIT_TAG\}?(?!\s*(?:==\s*null|==\s*\"\"))")
_DEFAULT = "$CI_DEFAULT_BRANCH"


def default_events(workflow: Any, root: bool) -> tuple[str, ...]:
    """What starts the pipeline of a file: a push or what `workflow: rules` say; a call where another file includes it."""
    if not root:
        return ("call",)
    events, _, _ = _rules(sequence(mapping(workflow).get("rules")), ("push",))
    return events or ("push",)


def trigger_of(job: dict[str, Any], base: tuple[str, ...]) -> Trigger:
    """What starts one job. base: the events of its pipeline, for conditions that say nothing of events."""
    events = base
    branches: tuple[str, ...] = ()
    can_run = job.get("when") != "never"
    why_not = "" if can_run else "when: never"
    if isinstance(job.get("rules"), list) and job["rules"]:
        events, branches, can = _rules(_flat(job["rules"]), base)
        why_not = why_not or ("" if can else "no rule lets it run")
        can_run = can_run and can
    elif job.get("only") is not None:
        events, branches = _only(job["only"], base)
    if job.get("when") == "manual":
        events = tuple(dict.fromkeys((*events, "manual")))
    environment = job.get("environment")
    environment = mapping(environment).get("name") if isinstance(environment, dict) else environment
    return Trigger(
        events=events, branches=tuple(branches), can_run=can_run and bool(events),
        environment=environment if isinstance(environment, str) else "", soft_fail=job.get("allow_failure") is True,
        why_not=why_not, approval="manual" in events and job.get("allow_failure") is not True,
    )  # fmt: skip


def _flat(rules: list[Any], depth: int = 0) -> list[Any]:
    """The rules with nested lists (anchors) laid out; a list of strings is a `!reference`, of which nothing is known."""
    out: list[Any] = []
    for rule in rules:
        out += _flat(rule, depth + 1) if isinstance(rule, list) and depth < 10 else [rule]
    return out


def _rules(rules: list[Any], base: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The events, the branches, and whether any rule lets the job run."""
    events: list[str] = []
    branches: list[str] = []
    everywhere = False
    for rule in rules:
        if not isinstance(rule, dict):
            events += base  # a reference to rules of another file
            everywhere = True
            continue
        condition = rule.get("if")
        if rule.get("when") == "never":
            if not ({"if", "changes", "exists"} & rule.keys()):
                break
            continue
        found, where = _condition(condition if isinstance(condition, str) else "", base)
        events += [*found, "manual"] if rule.get("when") == "manual" else found
        branches += where
        everywhere = everywhere or not where
    unique = tuple(dict.fromkeys(events))
    return unique, () if everywhere else tuple(dict.fromkeys(branches)), bool(unique)


def _condition(text: str, base: tuple[str, ...]) -> tuple[list[str], list[str]]:
    events = [_SOURCES[name] for name in _SOURCE.findall(text) if name in _SOURCES]
    for names in _SOURCE_ONE_OF.findall(text):
        events += [event for name, event in _SOURCES.items() if re.search(rf"\b{name}\b", names)]
    if not events and _MERGE.search(text):
        events.append("pull_request")
    if not events and _TAG.search(text):
        events.append("tag")
    branches = [name or _DEFAULT for name, _ in _BRANCH.findall(text)]
    return events or list(base), branches


def _only(value: Any, base: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    refs = texts(mapping(value).get("refs") if isinstance(value, dict) else value)
    if not refs:
        return base, ()
    events = [_REFS[ref] for ref in refs if ref in _REFS]
    branches = tuple(ref for ref in refs if ref not in _REFS)
    if branches:
        events.append(base[0] if base else "push")
    return tuple(dict.fromkeys(events)), branches if events == [base[0] if base else "push"] else ()
