"""The `opa` program: found, and run without network, environment, or more time and memory than it may have."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path

from assess.errors import ContentError
from assess.policy.engine import EngineFailed
from assess.policy.rego.builtins import REPLACED
from assess.policy.rego.text import FORBIDDEN

SECONDS = 120
MEMORY = 4 << 30
WRITTEN = 256 << 20
"""How much it may write to a file."""
INSTALL = "Install OPA (https://www.openpolicyagent.org/docs#1-download-opa), name one with --opa, or let a server evaluate the pack with --opa-url."
_CRASH = re.compile(rb"^(fatal error|runtime: |panic: |SIG[A-Z]+: |unexpected fault)", re.MULTILINE)
"""How a Go program ends that did not mean to: https://pkg.go.dev/runtime."""


def find(named: str = "") -> Path:
    """The `opa` that was named, or the one on the PATH. Errors: EngineFailed where there is none."""
    place = named or shutil.which("opa")
    if not place or not Path(place).is_file():
        raise EngineFailed("no opa" if not named else "no opa here", named, INSTALL)
    return Path(place).absolute()


def version(opa: Path) -> str:
    """Its version. Errors: EngineFailed."""
    found = re.search(r"^Version: (\S+)", run(opa, opa.parent, "version"), re.MULTILINE)
    if not found:
        raise EngineFailed("what should be opa does not say its version", str(opa), INSTALL)
    return found[1]


def capabilities(opa: Path, work: Path) -> Path:
    """A file that lets policies call what this opa knows, but for the network, the environment and the like.

    It has names of ours for builtins that are wrong natively: a module asks its host for those.
    """
    try:
        known = json.loads(run(opa, work, "capabilities", "--current"))
        known["builtins"] = [one for one in known["builtins"] if one["name"] not in FORBIDDEN]
        known["builtins"] += [{**one, "name": REPLACED[one["name"]]} for one in known["builtins"] if one["name"] in REPLACED]
    except (ValueError, KeyError, TypeError):
        raise EngineFailed("opa does not say what it is capable of", str(opa), INSTALL) from None
    known["allow_net"] = []  # a schema that a policy names is not fetched
    path = work / "capabilities.json"
    path.write_text(json.dumps(known), encoding="utf-8")
    return path


def run(opa: Path, work: Path, *arguments: str) -> str:
    """What opa prints. Errors: ContentError with its message where it refuses; EngineFailed where it cannot do its work."""
    env = {"HOME": str(work), "PATH": "/usr/bin:/bin", "GOMEMLIMIT": str(MEMORY // 2)}
    try:
        done = subprocess.run(
            [str(opa), *arguments], cwd=work, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
            preexec_fn=_limit, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise EngineFailed(f"opa {arguments[0]} was ended after {SECONDS} s", str(opa), "Compile fewer policies at once.") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineFailed(f"opa could not be started: {getattr(error, 'strerror', '') or error}", str(opa), INSTALL) from None
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    if done.returncode != 1 or _CRASH.search(done.stderr):
        raise EngineFailed(f"opa {arguments[0]} {_ending(done.returncode)}", str(opa), INSTALL)
    why = (done.stderr or done.stdout).decode("utf-8", "replace")[:4000].strip()
    raise ContentError(f"opa {arguments[0]} refuses the policies:\n{why}")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, WRITTEN),
    ):  # fmt: skip
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _ending(code: int) -> str:
    if code >= 0:
        return f"crashed (exit {code})"
    return f"was killed by signal {-code}" + (" (its CPU limit)" if -code == signal.SIGXCPU else "")
