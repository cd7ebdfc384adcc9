"""The child process in which checkov runs, by path and with `-I`: JSON in on stdin, JSON out on what was stdout.

It is on its own because checkov keeps global state, rewires logging and signals, and is not meant as a library
(https://github.com/bridgecrewio/checkov/issues/6050). Nothing of ours is imported here. Only the Runner class is used:
checkov's own main reads a `.checkov.yaml` from the tree and runs the Python that it names.
"""

import json
import logging
import os
import re
import sys
from typing import Any

_NO_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
_NO_PROCESS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
_NO_READING = ("open", "os.scandir", "os.listdir")
_CRASHED = re.compile(r"Failed to run check (\S+) on (.*)", re.S)


def main() -> None:
    """Answer one request and end. Whatever goes wrong ends the process with a traceback and no answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    _limit(request["memory"], request["seconds"])
    readable: list[str] = []
    sys.addaudithook(lambda event, arguments: _deny(event, arguments, readable))
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.runner import Runner

    logging.disable(logging.INFO)  # checkov collects every DEBUG line, resource values and all, in memory
    readable += [*request["roots"], sys.prefix, sys.base_prefix, *filter(None, sys.path), "/dev/null"]
    checks: set[str] = set()
    told = [_scan(Runner(), RunnerFilter, root, checks) for root in request["roots"]]
    with answer:
        json.dump({"checks": sorted(checks), "trees": told}, answer)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _deny(event: str, arguments: tuple[Any, ...], readable: list[str]) -> None:
    """Errors: PermissionError for the network, for other programs, and (once checkov is loaded) for files outside the tree.

    A local module may be called `../../elsewhere`; a check has no business there.
    """
    if event in _NO_NETWORK or event in _NO_PROCESS:
        raise PermissionError(f"{event} is not allowed here")
    if readable and event in _NO_READING and isinstance(arguments[0], str):
        path = os.path.realpath(arguments[0])
        if not any(path == root or path.startswith(root.rstrip("/") + "/") for root in readable):
            raise PermissionError("outside of the exported tree")


class _Crashes(logging.Handler):
    """What checkov logs as an error while it scans, for it carries on as if the check had passed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[list[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the check and the place; nothing else of the text, for it may hold values."""
        match = _CRASHED.match(record.getMessage())
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        self.found.append([match[1], match[2], kind] if match else ["", record.name, kind])


def _scan(runner: Any, filter_class: Any, root: str, checks: set[str]) -> dict[str, Any]:
    """What checkov says of one directory; `checks` gains the ids of the checks that it has."""
    crashes = _Crashes()
    logging.getLogger().addHandler(crashes)
    chosen = filter_class(framework=["terraform"], download_external_modules=False, show_progress_bar=False)
    try:
        report = runner.run(root_folder=root, external_checks_dir=None, runner_filter=chosen)
    finally:
        logging.getLogger().removeHandler(crashes)
    registries = [registry for registry in runner.block_type_registries.values() if registry]
    checks |= {check.id for registry in registries for found in registry.checks.values() for check in found}
    checks |= {check.id for check in runner.graph_registry.checks}
    return {
        "failed": [_record(record, root) for record in report.failed_checks],
        "skipped": [_record(record, root) for record in report.skipped_checks],
        "judged": {r.check_id: r.check_name for r in (*report.passed_checks, *report.failed_checks, *report.skipped_checks)},
        "unparsed": sorted({os.path.relpath(path, root) for path in report.parsing_errors}),
        "read": sorted({os.path.relpath(key.file_path, root) for key in runner.definitions or {}}),
        "crashed": [[check, place.replace(root, ""), kind] for check, place, kind in crashes.found],
    }


def _record(record: Any, root: str) -> dict[str, Any]:
    """One result. `repo_file_path` is not used: it is relative to the current directory, and cached."""
    result = record.check_result
    return {
        "check": record.check_id,
        "name": record.check_name,
        "address": record.resource_address or record.resource,
        "path": os.path.relpath(record.file_abs_path, root),
        "line": record.file_line_range[0],
        "keys": sorted(str(key) for key in result.get("evaluated_keys") or () if key != "resource_type"),
        "comment": str(result.get("suppress_comment") or ""),
    }


if __name__ == "__main__":
    main()
