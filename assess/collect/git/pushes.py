"""Where a publishing command sends what it publishes: the address in a registry, as written.

Source: https://fluxcd.io/flux/cmd/flux_push_artifact/, https://helm.sh/docs/topics/registries/,
https://docs.docker.com/reference/cli/docker/buildx/build/, https://oras.land/docs/commands/oras_push/
"""

from __future__ import annotations

import re

from assess.model.credentials import clean

MAX_ADDRESS = 300
_OCI = re.compile(r"\b(?:oci|docker)://[^\s\"',;|&)]+")
_TAG = re.compile(r"(?:^|\s)(?:-t|--tag|--destination|-d)(?:[= ])[\"']?([^\s\"',;|&]+)")
_URL = re.compile(r"(?:^|\s)--url[= ][\"']?(https?://[^\s\"']+)")
_PUSH = re.compile(r"(?:^|\s)push((?:\s+--?[\w-]+=\S+|\s+-[\w-]+)*)\s+[\"']?([^\s\"'-][^\s\"',;|&]*)")


def destination(tool: str, arguments: str) -> str:
    """The address in a command's arguments, with its expressions and its tag; empty where it names none."""
    if found := _OCI.search(arguments) or (_URL.search(arguments) if tool == "helm" else None):
        return _shown(found[1] if found.lastindex else found[0])
    if tool in ("docker", "podman", "buildah", "nerdctl", "kaniko", "buildx"):
        found = _TAG.search(arguments) or _PUSH.search(arguments)
    elif tool in ("oras", "crossplane", "up"):
        found = _PUSH.search(arguments)
    return _shown(found[found.lastindex or 0]) if found else ""


def _shown(address: str) -> str:
    return clean(address)[:MAX_ADDRESS]
