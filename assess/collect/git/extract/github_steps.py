"""Steps of GitHub jobs and composite actions: what they run, use and check out.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from posixpath import normpath
from typing import Any

from assess.collect.git.expressions import Row, each, is_plain
from assess.collect.git.extract.actions import action_command
from assess.collect.git.extract.github_values import environment, with_environment
from assess.collect.git.extract.sign_in import by_action, by_variables
from assess.collect.git.extract.steps import Steps, given, mapping
from assess.model.fact import Call, Checkout

_WORKFLOW = re.compile(r"([\w.-]+/[\w.-]+)/(\.(?:github|gitea|forgejo)/workflows/[^@]+)@?(.*)")
_ACTION = re.compile(r"([\w.-]+/[\w.-]+)((?:/[^@]+)?)@(.+)")
_NO_CALLS = re.compile(r"(?i)(?:actions|github|docker|hashicorp|aws-actions|azure|google-github-actions)/")
"""Owners whose actions stand in the table of actions, or prepare a runner; an estate that holds them is their author's."""
_WORKSPACE = re.compile(r"^\$\{\{\s*github\.workspace\s*\}\}/?")


def add_step(
    step: Mapping[str, Any], directory: str, line: int, steps: Steps, rows: Sequence[Row], holders: Sequence[Mapping[str, Any]]
) -> None:
    """Add what one step does. holders: the workflow and the job around it, for their variables."""
    where = normpath(_WORKSPACE.sub("", str(step.get("working-directory") or directory)) or ".")
    soft = step.get("continue-on-error") is True
    known = with_environment(rows, environment(*holders, step))
    steps.signs_in += by_variables(mapping(step.get("env")))
    if script := _given_script(step):
        step = {**step, "run": script}
    if isinstance(step.get("run"), str):
        own = Steps()
        own.shell([(step["run"], line + (1 if "\n" in step["run"] else 0))], where, None, known, soft)
        if own.calls and (mine := _exported(step, holders)):
            own.calls = [replace(call, given=(*mine, *call.given)) for call in own.calls]
            own.calls = list(each(own.calls, [{name: text for name, text in row.items() if "." in name} for row in known]))
        steps.add(own)
    elif isinstance(step.get("uses"), str):
        found = Steps()
        uses(step["uses"], step.get("with"), where, line, found, environment=mapping(step.get("env")))
        found.commands = [replace(command, soft=soft or command.soft) for command in found.commands]
        steps.add(found, known)


_RUNNERS = re.compile(r"(?i)(?:nick-(?:fields|invision)/retry|wandalen/wretry\.action|azure/(?:cli|powershell)|addnab/docker-run-action)@")
"""Actions that run the commands they are given: again until they succeed, in an image, signed in."""


def _given_script(step: Mapping[str, Any]) -> str:
    """The commands that an action is given to run, as if the step ran them; empty for every other step."""
    if not isinstance(step.get("uses"), str) or not _RUNNERS.match(step["uses"]):
        return ""
    given = {str(key).lower(): value for key, value in mapping(step.get("with")).items()}
    return next((given[key] for key in ("command", "inlinescript", "run") if isinstance(given.get(key), str)), "")


def _exported(step: Mapping[str, Any], holders: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The variables that a step's scripts see beyond the constants of its job: its own, and those that a matrix sets."""
    own = environment(step)
    shared = {name: text for name, text in environment(*holders).items() if not is_plain(text)}
    return tuple({**shared, **own}.items())


def uses(
    name: str, inputs: Any, where: str, line: int, steps: Steps, own: bool = False, environment: Mapping[str, Any] | None = None
) -> None:
    """Add what is used: an action or workflow by its path, of the checkout or (own) of this file's repository, or elsewhere.

    environment: the step's variables, which some actions take their inputs from.
    """
    options = mapping(inputs)
    if name.startswith("./"):
        steps.call(normpath(name), line, repository="." if own else "", given=given("inputs", inputs))
    elif re.match(r"(?i)actions/checkout@", name):
        steps.checkouts += _checkout(options)
    elif command := action_command(name, {**(environment or {}), **options}, where, line):
        steps.commands.append(command)
    if found := _WORKFLOW.match(name):
        call = Call(name=normpath(found[2]), line=line, repository=found[1], ref=found[3], otherwise=name, given=given("inputs", inputs))
        steps.calls.append(call)
    elif (found := _ACTION.match(name)) and not _NO_CALLS.match(name):
        steps.calls.append(
            Call(name=found[2].strip("/") or ".", line=line, repository=found[1], ref=found[3], given=given("inputs", inputs))
        )  # fmt: skip
    if signed := by_action(name, options):
        steps.signs_in.append(signed)


def _checkout(given: Mapping[str, Any]) -> list[Checkout]:
    """Where a checkout puts a repository; of the own one at the root, nothing is said."""
    path = str(given.get("path") or ".")
    repository = str(given.get("repository") or ".").strip()
    if re.match(r"\$\{\{\s*github\.repository\s*\}\}\Z", repository):
        repository = "."
    path = normpath(_WORKSPACE.sub("", path) or ".")
    return [] if (path, repository) == (".", ".") or "$" in path else [Checkout(path=path, repository=repository)]
