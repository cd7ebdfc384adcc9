"""Commands inside commands: what a container, a shell or a package manager is told to run, as if it were run by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import basename, normpath

from assess.collect.git import verbs
from assess.collect.git.paths import join

_DOCKER = re.compile(
    r"^(?:docker|podman|nerdctl)(?:\s+(?:--context|-H|--host|--config|-l)[= ]\S+)*\s+(?:container\s+)?(run|exec)\s+(.*)$", re.S
)
_COMPOSE = re.compile(r"^(?:docker[ -]compose|podman-compose)\s+(.*)$", re.S)
_MANAGED = re.compile(
    r"^(?:yarn|pnpm|npm|bun|bunx|pnpx)\s+(?:(?:-s|--silent|--cwd\s+\S+)\s+)*(?:exec\s+|dlx\s+|run\s+|x\s+|-c\s+)?(?:--\s+)?(?=\S)"
)
_NIX = re.compile(
    r"^nix\s+(?:-\S+\s+)*(?:run|shell|develop)(?:\s+--inputs-from\s+\S+|\s+-(?!-\s|c\s|-command)\S+)*+(?:\s+([^\s-]\S*))?"
    r"(?:\s+-(?!-\s|c\s|-command)\S+)*\s+(?:--|-c|--command)\s+(.*)$",
    re.S,
)
_HOLDS = re.compile(r"docker|podman|nerdctl|nix\s|yarn|p?npm|pnpx|bunx?\s|(?:ba|da|z|a)?sh\s")
"""How a command begins that one of the patterns above may fit, or a shell's."""
_NOT_WITH = {"npm", "yarn", "pnpm", "go", "cargo", "jest"}
"""What a package manager's word never means: a tool of its own."""
_ALIASES = {"opentofu": "tofu", "aws-cli": "aws", "kubernetes-helm": "helm", "aws-cdk": "cdk"}
"""Names of packages and images, where the program is called otherwise."""
_FLAGGED = frozenset(
    """
-v --volume -w --workdir -e --env --env-file --entrypoint --name --network --net -u --user -p --publish -h --hostname --mount
--platform -l --label -m --memory --cpus --add-host --cap-add --device --dns --gpus --link --log-driver --pull --restart
--volumes-from --security-opt --shm-size --tmpfs --ulimit --userns --ipc --pid --cidfile -f --file --project-name
--project-directory --profile --index --detach-keys
""".split()  # noqa: SIM905
)


@lru_cache(maxsize=4096)
def program(word: str) -> str:
    """The name of the program that a command's first word means: no directory, version or package registry."""
    name = basename(word.strip("\"'`(")).removesuffix(".exe")
    name = re.sub(r"(?<=\w)@[\w.^~*-]+$", "", name) if "@" in name else name
    return _ALIASES.get(name, name)


def through(simple: str, where: str) -> tuple[str, str]:
    """The command inside a command, and the directory it runs in; the command itself where it holds none."""
    for _ in range(4 if _HOLDS.match(simple) else 0):
        inner, inside = _once(simple, where)
        if inner == simple:
            break
        simple, where = inner, inside
    return simple, where


def _once(simple: str, where: str) -> tuple[str, str]:
    if found := _COMPOSE.match(simple):
        return _composed(simple, found[1], where)
    if found := _DOCKER.match(simple):
        return _contained(simple, found[2], where, named=found[1] == "run")
    if found := _NIX.match(simple):
        package, command = (found[1] or "").rpartition("#")[2], found[2]
        runs = re.match(r"nix\s+(?:-\S+\s+)*run\b", simple) is not None
        return (f"{package} {command}" if runs else command), where
    if (found := _MANAGED.match(simple)) and _is_tool(rest := simple[found.end() :]):
        return rest, where
    if found := re.match(r"(?:ba|da|z|a)?sh\s+(?:-\w+\s+)*-\w*c\s+[\"']?(?=\S)", simple):
        return simple[found.end() :], where
    return simple, where


def _is_tool(text: str) -> bool:
    name = program(text.split(" ", 1)[0])
    return verbs.known(name) and name not in _NOT_WITH


def _composed(simple: str, arguments: str, where: str) -> tuple[str, str]:
    given = verbs.tokens(arguments)
    at = next((i for i, token in enumerate(given) if token in ("run", "exec")), -1)
    if at < 0:
        return simple, where
    return _contained(simple, " ".join(_quoted(given[at + 1 :])), where, named=True)


def _contained(simple: str, arguments: str, where: str, named: bool) -> tuple[str, str]:
    """What runs in a container: its command, or what its image or service is named after.

    named: the first bare word may be the program too, as `hashicorp/terraform` and a service `terraform` are.
    """
    options, rest = _options(verbs.tokens(arguments))
    if not rest:
        return simple, where
    image = program(rest[0].partition(":")[0])
    entry = program(options.get("--entrypoint", ""))
    command = rest[1:]
    if entry and entry not in ("sh", "bash", "env"):
        command = [entry, *command]
    elif named and verbs.known(image) and (not command or not _runs_itself(command[0])):
        command = [image, *command]
    elif entry in ("sh", "bash"):
        command = [entry, *command]
    return (" ".join(_quoted(command)), _mounted(options, where)) if command else (simple, where)


def _runs_itself(word: str) -> bool:
    return verbs.known(program(word)) or word.rpartition("/")[2] in ("sh", "bash", "ash", "make", "env") or word.startswith("./")


def _options(given: list[str]) -> tuple[dict[str, str], list[str]]:
    """The flags with their values, several of one name joined by newlines, and the words from the first bare one on."""
    options: dict[str, str] = {}
    index = 0
    while index < len(given) and given[index].startswith("-"):
        name, joined, value = given[index].partition("=")
        if not joined and name in _FLAGGED:
            index += 1
            value = given[index] if index < len(given) else ""
        name = {"-v": "--volume", "-w": "--workdir"}.get(name, name)
        options[name] = f"{options[name]}\n{value}" if name in options else value
        index += 1
    return options, given[index:]


def _mounted(options: dict[str, str], where: str) -> str:
    """The repository's directory that the container's working directory is, where a volume says so."""
    directory = options.get("--workdir", "").rstrip("/")
    for volume in options.get("--volume", "").split("\n"):
        host, _, inside = volume.partition(":")
        inside = inside.partition(":")[0].rstrip("/")
        if directory and inside and f"{directory}/".startswith(f"{inside}/"):
            below = normpath(directory[len(inside) :].lstrip("/") or ".")
            return join(join(where, host), below)
    return where


def _quoted(words: list[str]) -> list[str]:
    return [f'"{word}"' if re.search(r"\s", word) else word for word in words]
