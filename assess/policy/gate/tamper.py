"""What a change does to the gate itself: it is told, and nothing of it counts before the change is on the base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from assess.model.finding import Finding
from assess.policy.gate.change import Change
from assess.policy.gate.notices import notice
from assess.policy.gate.trusted import FILES, Trusted
from assess.spec.gate import BASELINE_FILE

_PIPELINE = re.compile(
    r"(^|/)(\.(github|gitea|forgejo|gitlab|circleci|buildkite|azure|azuredevops|ci|ado|woodpecker|tekton|husky|git-?hooks)/|ci/|"
    r"\.(gitlab-ci|drone|travis|woodpecker|pre-commit-config)[^/]*\.ya?ml$|(azure|bitbucket)-pipelines[^/]*\.ya?ml$|"
    r"(cloudbuild|buildspec|taskfile|lefthook)[^/]*\.(ya?ml|json)$|jenkinsfile|(gnu)?makefile$|justfile$|tox\.ini$|noxfile\.py$)"
    r"|\.(mk|sh|bash|ps1|groovy)$",
    re.I,
)
"""Where a pipeline, or a script that one calls, may run the gate."""
_CALLED = re.compile(rb"idp[-_]assess(?!:ignore)")
_PATH = re.compile(rb"[\w.-]+(?:/[\w.-]+)+")
MOST_NAMED = 200
"""How many paths of one pipeline are looked up."""
_OURS = re.compile(rb"(?m)^package[ \t]+idp_assess\.")


def edits(change: Change, base: Trusted) -> Iterator[Finding]:
    """A finding for each file that the gate goes by, pipeline that runs it, and pack, which a change edits."""
    yield from _files(change, base)
    yield from _pipelines(change)
    yield from _policies(change)


def _files(change: Change, base: Trusted) -> Iterator[Finding]:
    for path in FILES:
        if path not in change.touched:
            continue
        had, has = (path in tree.entries for tree in (change.before, change.after))
        done = "edits" if had and has else "adds" if has else "takes away"
        yield notice("GATE-001", change.after.at(path), f"the change {done} {path}; what counts is {base.told}", key=path)


def _pipelines(change: Change) -> Iterator[Finding]:
    for path in sorted(change.touched - FILES.keys()):
        if not _PIPELINE.search(path):
            continue
        done = "edits" if path in change.after.entries else "takes away"
        if any(_CALLED.search(text) for text in _texts(change, path)):
            yield notice("GATE-003", change.after.at(path), f"the change {done} {path}, which runs idp-assess", key=path)
        elif through := _through(change, path):
            said = f"the change {done} {path}, which names {through}, which runs idp-assess"
            yield notice("GATE-003", change.after.at(path), said, key=path)


def _through(change: Change, path: str) -> str:
    """A file of the repository that a pipeline names and that runs us: a workflow or action that is called, an include, a script."""
    named = dict.fromkeys(
        name.decode("utf-8", "replace").removeprefix("./") for text in _texts(change, path) for name in _PATH.findall(text)
    )
    for name in list(named)[:MOST_NAMED]:
        for file in (name, f"{name}/action.yml", f"{name}/action.yaml"):
            if file != path and any(_CALLED.search(text) for text in _texts(change, file)):
                return file
    return ""


def _policies(change: Change) -> Iterator[Finding]:
    """One finding a pack: a directory with a `pack.yaml`, or one with policies of our kind."""
    found: dict[str, list[str]] = {}
    sides = (change.before, change.after)
    for path in sorted(change.touched - FILES.keys()):
        root = next((above for above in _above(path) if any(join(above, "pack.yaml") in tree.entries for tree in sides)), None)
        if root is None and path.endswith(".rego") and any(_OURS.search(text) for text in _texts(change, path)):
            root = dirname(path)
        if root is not None:
            found.setdefault(root, []).append(path)
    for root, paths in found.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield notice("GATE-004", change.after.at(paths[0]), f"the change edits the pack in {root or '.'}: {paths[0]}{more}", key=root)


def _above(path: str) -> Iterator[str]:
    """The directories above a file, the nearest first; the last is the root."""
    while path:
        path = dirname(path)
        yield path


def _texts(change: Change, path: str) -> Iterator[bytes]:
    for tree in (change.before, change.after):
        if path in tree.entries and isinstance(content := tree.blob(tree.entries[path]), bytes):
            yield content


def growth(change: Change, left: Trusted, head: Trusted) -> Iterator[Finding]:
    """A finding where a change lists more in the baseline than was there where it left the base. A first baseline does not grow."""
    if BASELINE_FILE not in left.files or BASELINE_FILE not in head.files:
        return
    had = {known.fingerprint for known in left.baseline.findings}
    grown = [known for known in head.baseline.findings if known.fingerprint not in had]
    if grown:
        bare = [known for known in grown if not known.accepted]
        first = (bare or grown)[0]
        why = "" if bare else f": {first.accepted}"
        said = f"the baseline grows by {len(grown)}, {len(bare)} of them without a reason; first {first.policy} in {first.path}{why}"
        yield notice("GATE-013", change.after.at(BASELINE_FILE), said, key="grown", blocks=bool(bare))
