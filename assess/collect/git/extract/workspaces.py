"""Places to develop in, as files: dev containers, Gitpod, devfiles, devbox, Nix shells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import DevelopmentEnvironment, Fact
from assess.model.gap import Gap


def _place(tool: str) -> Callable[[File], Iterator[Fact | Gap | Part]]:
    def read(file: File) -> Iterator[Fact | Gap | Part]:
        yield DevelopmentEnvironment(at=file.at(1), tool=tool, path=file.path)

    return read


def nix_shell(file: File) -> Iterator[Fact | Gap | Part]:
    """A shell to develop in of Nix. Source: https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-develop"""
    if found := re.search(rb"(?m)^[^#\n]*?\b(?:devShells?\b|mkShell(?:NoCC)?\b|devenv\.lib\.mkShell)", file.content):
        yield DevelopmentEnvironment(at=file.at(file.line_of(found.start())), tool="nix", path=file.path)


DEVCONTAINER = Extractor(
    name="devcontainer", run=_place("devcontainer"), suffixes=(".json",),
    places=(".devcontainer",), within=re.compile(r"(^|/)(\.devcontainer/([^/]+/)?devcontainer|\.devcontainer)\.json$"),
)  # fmt: skip
GITPOD = Extractor(
    name="gitpod", run=_place("gitpod"), names=frozenset({".gitpod.yml", "automations.yaml"}),
    places=("/.gitpod",), within=re.compile(r"^(\.gitpod\.yml|\.gitpod/automations\.yaml)$"),
)  # fmt: skip
DEVFILE = Extractor(name="devfile", run=_place("devfile"), names=frozenset({"devfile.yaml", ".devfile.yaml"}), words=(b"schemaVersion",))
DEVBOX = Extractor(name="devbox", run=_place("devbox"), names=frozenset({"devbox.json"}), words=(b'"packages"',))
DEVENV = Extractor(name="devenv", run=_place("devenv"), names=frozenset({"devenv.nix"}))
NIX_SHELL = Extractor(name="nix-shell", run=nix_shell, names=frozenset({"flake.nix", "shell.nix"}))
WORKSPACES = (DEVCONTAINER, GITPOD, DEVFILE, DEVBOX, DEVENV, NIX_SHELL)
