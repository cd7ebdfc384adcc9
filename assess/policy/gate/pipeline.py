"""Which base a pipeline means: from the variables that CI systems set, and the shape of the commit that they check out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assess.collect.git.repository import Repository
from assess.errors import IncompleteError, UsageError

_TARGETS = {
    "SYSTEM_PULLREQUEST_TARGETBRANCH": "Azure Pipelines",
    "BITBUCKET_PR_DESTINATION_BRANCH": "Bitbucket Pipelines",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "Buildkite",
    "CHANGE_TARGET": "Jenkins",
}
"""Variable -> the system that names the target branch of a pull request by it."""
_MERGE = re.compile(r"refs/pull/\d+/merge")
MAX_EVENT = 5_000_000


@dataclass(frozen=True, slots=True)
class Meant:
    """The base of a change. because: how it is known, in words."""

    base: str
    because: str


def meant(environ: Mapping[str, str], path: Path, head: str) -> Meant:
    """The base that a pipeline means.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
    https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group, https://docs.gitlab.com/ci/variables/predefined_variables/
    Errors: UsageError where nothing says that this is a pipeline of a pull request.
    """
    commit = Repository(path, path.name, head).commit
    parents = [str(parent) for parent in commit.parent_ids]
    found = _github(environ, str(commit.id), parents) or _gitlab(environ, path, parents) or _other(environ)
    if found is None:
        fix = "Name the branch that the change will go to, `--base origin/main`, or judge all there is with --all."
        raise UsageError("no --base, and no variable of a pipeline that would say it", fix=fix)
    return found


def _github(environ: Mapping[str, str], head: str, parents: list[str]) -> Meant | None:
    """GitHub Actions, and what is like it. A pull request is checked out as its merge into the base, whose first parent is the base;
    a merge queue stacks several, and its event names the one below. Gitea checks out the pull request's own head (refs/pull/N/head):
    were a merge there taken for the forge's, its author would choose the base."""
    event, branch = environ.get("GITHUB_EVENT_NAME", ""), environ.get("GITHUB_BASE_REF", "")
    if event == "merge_group":
        return _queued(environ)
    merged = event == "pull_request" and _MERGE.fullmatch(environ.get("GITHUB_REF", ""))
    if merged and len(parents) == 2 and environ.get("GITHUB_SHA") == head:
        return Meant(parents[0], f"the base is {parents[0][:12]}, into which the pull request is merged here")
    return Meant(f"origin/{branch}", f"the base is origin/{branch}, of GITHUB_BASE_REF") if branch else None


def _queued(environ: Mapping[str, str]) -> Meant:
    try:
        with Path(environ.get("GITHUB_EVENT_PATH", "")).open("rb") as file:
            base = json.loads(file.read(MAX_EVENT))["merge_group"]["base_sha"]
        if isinstance(base, str) and base:
            return Meant(base, f"the base is {base[:12]}, on which the merge queue put this group")
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise UsageError("the event of the merge queue does not say its base", fix="Name it: --base ${{ github.event.merge_group.base_sha }}.")


def _gitlab(environ: Mapping[str, str], path: Path, parents: list[str]) -> Meant | None:
    """GitLab. Only a pipeline of the merged result names the source's commit, which then is the second parent. The base of the
    difference is the last to be asked: it may be that of an earlier target branch (https://gitlab.com/gitlab-org/gitlab/-/issues/442031)."""
    branch, base = environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""), environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if not branch:
        return None
    if len(parents) == 2 and environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") == parents[1]:
        return Meant(parents[0], f"the base is {parents[0][:12]}, into which the merge request is merged here")
    if not base or _there(path, f"origin/{branch}"):
        return Meant(f"origin/{branch}", f"the base is origin/{branch}, of CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
    return Meant(base, f"the base is {base[:12]}, of CI_MERGE_REQUEST_DIFF_BASE_SHA")


def _there(path: Path, rev: str) -> bool:
    try:
        return bool(Repository(path, path.name, rev).commit)
    except IncompleteError:
        return False


def _other(environ: Mapping[str, str]) -> Meant | None:
    for name, system in _TARGETS.items():
        if branch := environ.get(name, "").removeprefix("refs/heads/"):
            return Meant(f"origin/{branch}", f"the base is origin/{branch}, of {name} ({system})")
    return None
