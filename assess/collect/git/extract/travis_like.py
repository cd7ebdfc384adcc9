"""Pipelines of one file with phases of shell lines: Travis, AppVeyor, AWS CodeBuild.

Source: https://docs.travis-ci.com/user/job-lifecycle/, https://www.appveyor.com/docs/appveyor-yml/,
https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assess.collect.git.extract.steps import Chunk, Steps, chunks, constants, fill, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

_PHASES = (
    "before_install",
    "install",
    "before_script",
    "script",
    "after_success",
    "before_deploy",
    "after_deploy",
    "after_script",
)
_PROVIDERS = {
    "releases": "release", "npm": "publish", "pypi": "publish", "rubygems": "publish", "cargo": "publish", "s3": "upload",
    "gcs": "upload", "pages": "upload", "heroku": "deploy", "lambda": "deploy", "elasticbeanstalk": "deploy",
    "codedeploy": "deploy",
    "gae": "deploy", "cloudfoundry": "deploy", "openshift": "deploy", "azure_web_apps": "deploy", "firebase": "deploy",
    "github": "release", "nuget": "publish", "webdeploy": "deploy", "azurewebapp": "deploy", "azureblob": "upload",
    "bintray": "publish", "ftp": "operate", "environment": "deploy",
}  # fmt: skip


def _document(file: File) -> Document | Gap | None:
    try:
        documents = file.documents()
    except DocumentError as error:
        return file.unreadable(error, "PipelineJob")
    return documents[0] if documents and isinstance(documents[0].value, dict) else None


def travis(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for the common phases, one for each of `jobs.include`, and one for what `deploy` does."""
    document = _document(file)
    if not isinstance(document, Document):
        yield from [document] if document else []
        return
    value = mapping(document.value)
    branches = texts(mapping(value.get("branches")).get("only"))
    trigger = _condition(value.get("if"), Trigger(events=("push", "pull_request"), branches=branches))
    stages = {str(mapping(s).get("name")): mapping(s).get("if") for s in sequence(value.get("stages"))}
    procedures: list[Procedure] = []
    _travis_job(file, document, value, (), "job", trigger, procedures)
    for key in ("jobs", "matrix"):
        include = mapping(value.get(key)).get("include") if isinstance(value.get(key), dict) else None
        for index, job in enumerate(include if isinstance(include, list) else ()):
            entry = mapping(job)
            name = str(entry.get("name") or entry.get("stage") or f"job{index + 1}")
            own = _condition(entry.get("if"), _condition(stages.get(str(entry.get("stage"))), trigger))
            _travis_job(file, document, entry, (key, "include", index), name, own, procedures)
    yield from procedures
    yield jobs_of(file, document.start, "travis", procedures)


def _condition(written: Any, trigger: Trigger) -> Trigger:
    """A trigger narrowed by an `if`. Source: https://docs.travis-ci.com/user/conditions-v1"""
    text = "" if written is None else str(written).strip()
    if not text or re.search(r"\bOR\b|\|\||\bNOT\b", text, re.I):
        return trigger
    kinds = {"push": "push", "pull_request": "pull_request", "cron": "schedule", "api": "manual"}
    events = tuple(kinds[kind] for kind in re.findall(r"\btype\s*=\s*(push|pull_request|cron|api)\b", text))
    if not events and re.search(r"\btag\s*(?:=~|IS present|=)", text):
        events = ("tag",)
    return replace(
        trigger, events=events or trigger.events, can_run=trigger.can_run and text.lower() != "false",
        branches=tuple(re.findall(r"\bbranch\s*=\s*([\w./-]+)", text)) or trigger.branches,
    )  # fmt: skip


def _travis_job(
    file: File, document: Document, job: dict[str, Any], path: tuple[str | int, ...], name: str, trigger: Trigger,
    procedures: list[Procedure],
) -> None:  # fmt: skip
    steps = Steps()
    steps.shell([c for phase in _PHASES for c in chunks(document, job.get(phase), *path, phase)])
    if steps:
        line = document.line(*path, "script")
        procedures.append(steps.procedure(file, line, "travis", f"{file.path}#{name}", "job", trigger))
    deploys = job.get("deploy")
    for index, deploy in enumerate(sequence(deploys)):
        entry = mapping(deploy)
        at = (*path, "deploy", index) if isinstance(deploys, list) else (*path, "deploy")
        steps, provider = Steps(), str(entry.get("provider", ""))
        if provider == "script":
            steps.shell(chunks(document, entry.get("script"), *at, "script"))
        elif does := _PROVIDERS.get(provider):
            steps.command(does, "", ".", document.line(*at), f"deploy: {provider}")
        on = mapping(entry.get("on"))
        events = ("tag",) if on.get("tags") is True else ("push",)
        where = texts(on.get("branch")) or (() if on.get("all_branches") or events == ("tag",) else trigger.branches)
        if steps:
            off = entry.get("skip") is True or str(on.get("condition", "")).lower() == "false"
            reach = Trigger(events=events, branches=where, can_run=trigger.can_run and not off)
            full = f"{file.path}#{name}.deploy{index + 1 if index else ''}"
            procedures.append(steps.procedure(file, document.line(*at), "travis", full, "job", reach))


def appveyor(file: File) -> Iterator[Fact | Gap | Part]:
    """One job with every phase's script, and what `deploy` does."""
    document = _document(file)
    if not isinstance(document, Document):
        yield from [document] if document else []
        return
    value = mapping(document.value)
    steps = Steps()
    for key in value:
        if re.fullmatch(r"install|(before|after)_\w+|\w+_script|on_success|on_finish", key):
            steps.shell(_shells(document, value[key], (key,)))
    for index, entry in enumerate(sequence(value.get("deploy"))):
        if does := _PROVIDERS.get(str(mapping(entry).get("provider", "")).lower()):
            steps.command(does, "", ".", document.line("deploy", index), f"deploy: {mapping(entry)['provider']}")
    trigger = Trigger(events=("push", "pull_request"), branches=texts(mapping(value.get("branches")).get("only")))
    job = steps.procedure(file, document.start, "appveyor", f"{file.path}#job", "job", trigger)
    yield job
    yield jobs_of(file, document.start, "appveyor", [job])


def _shells(document: Document, value: Any, path: tuple[str | int, ...]) -> Iterator[Chunk]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            for shell in ("cmd", "ps", "pwsh", "sh", "bash"):
                yield from chunks(document, item.get(shell), *path, index, shell)
        else:
            yield from chunks(document, item, *path, index)


def codebuild(file: File) -> Iterator[Fact | Gap | Part]:
    """One job with the commands of every phase, which one shell runs in turn."""
    document = _document(file)
    named = file.name.lower().startswith("buildspec")
    if not isinstance(document, Document):
        yield from [document] if document and named else []
        return
    value = mapping(document.value)
    if not isinstance(value.get("phases"), dict) or "version" not in value:
        return
    steps = Steps()
    phases(document, steps)
    trigger = Trigger(events=("push",))  # the project that names the file holds the webhook
    job = steps.procedure(file, document.line("phases"), "codebuild", f"{file.path}#build", "job", trigger)
    yield job
    yield jobs_of(file, document.start, "codebuild", [job])


def phases(document: Document, steps: Steps) -> None:
    """Add the commands of every phase of a buildspec, which one shell runs in turn."""
    value = mapping(document.value)
    known = constants(mapping(value.get("env")).get("variables"))
    all_chunks = [
        chunk
        for phase, body in mapping(value.get("phases")).items()
        for key in ("commands", "finally")
        for chunk in chunks(document, mapping(body).get(key), "phases", phase, key)
    ]
    steps.shell(all_chunks, ".", lambda text: fill(text, known))


TRAVIS = Extractor(name="travis", run=travis, names=frozenset({".travis.yml", ".travis.yaml"}), within=re.compile(r"^[^/]+$"))
"""Only the file at the root starts anything."""
APPVEYOR = Extractor(name="appveyor", run=appveyor, names=frozenset({"appveyor.yml", ".appveyor.yml", "appveyor.yaml"}))
CODEBUILD = Extractor(
    name="codebuild", run=codebuild, suffixes=(".yml", ".yaml"), words=(b"phases",), marks=re.compile(rb"(?m)^phases\s*:")
)
