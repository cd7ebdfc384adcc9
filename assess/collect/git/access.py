"""What a fetch may show a server: the address's own user, a token from the environment, the user's agent or credential helper.

A token goes to the one host that it was given for, over https alone; nothing that a target says chooses either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assess.collect.forge.servers import LOOPBACK, github, gitlab
from assess.collect.git.libgit2 import git
from assess.errors import IncompleteError
from assess.model.address import Address

if TYPE_CHECKING:
    import pygit2

HELPER_SECONDS = 30.0

Pair = tuple[str, str]
"""A user and a secret."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A token in the environment: the host that it is for, the user beside it, the variables that may hold it, the first first."""

    host: str
    user: str
    names: tuple[str, ...]


def variables(named: Mapping[str, str], environment: Mapping[str, str]) -> list[Variable]:
    """The variables that may hold a token, those that the user named first.

    named: host → variable.
    Source: https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/ (`x-token-auth`; other servers take any user)
    """
    forges = (github(environment), gitlab(environment))
    own = [Variable(host.lower(), "x-token-auth", (variable,)) for host, variable in named.items()]
    return own + [Variable(one.host, one.user, one.tokens) for one in forges]


def is_private(address: Address) -> bool:
    """Whether what is sent stays between the two ends; loopback does, whatever the scheme."""
    return address.scheme != "http" or address.host in LOOPBACK


class Access:
    """The credentials for one address, each offered once, in order: its own, the environment's, the helper's."""

    def __init__(self, address: Address, named: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> None:
        self._address, self._environment = address, environment
        self.named = [v for v in variables(named, environment) if v.host == address.netloc]
        self._asked = 0

    def next(self, user: str, allowed: int) -> Any:
        """The next credential to try. Errors: IncompleteError where there is none left, with how to give one."""
        git = _pygit2()
        kinds = git.enums.CredentialType
        if allowed & kinds.USERNAME and not allowed & kinds.SSH_KEY:
            return git.Username(user or self._address.user or "git")
        self._asked += 1
        if allowed & kinds.SSH_KEY:
            if self._asked == 1 and self._environment.get("SSH_AUTH_SOCK"):
                return git.KeypairFromAgent(user or self._address.user or "git")
        elif allowed & kinds.USERPASS_PLAINTEXT and is_private(self._address):
            pairs = self._pairs()
            if self._asked <= len(pairs):
                return git.UserPass(*pairs[self._asked - 1])
        raise IncompleteError(*self.refusal())

    def _pairs(self) -> list[Pair]:
        """What there is to try over https; the helper is asked only where nothing else is given."""
        address = self._address
        given = [(address.user or "x-token-auth", address.secret)] if address.secret else []
        given += [(address.user or v.user, token) for v in self.named if (token := self.token(v))]
        if not given and (pair := helped(address, self._environment)):
            given.append(pair)
        return given

    def token(self, variable: Variable) -> str:
        """The first of a variable's names that holds something."""
        return next((value for name in variable.names if (value := self._environment.get(name, "").strip())), "")

    def refusal(self) -> tuple[str, str, str]:
        """What to say where every credential was refused, or there was none: what, where, and how to give one."""
        address = self._address
        if address.scheme == "ssh":
            agent = "no key of the ssh-agent is accepted" if self._environment.get("SSH_AUTH_SOCK") else "no ssh-agent is running"
            fix = f"Add a key with `ssh-add` that may read the repository, or name it by https. ~/.ssh/config is not read: user {address.user}."
            return f"the server asks for a key, and {agent}", address.url, fix
        if not is_private(address):
            return "the server asks for credentials, which are not sent over http", address.url, "Name the repository by https."
        held = next((name for v in self.named for name in v.names if self._environment.get(name, "").strip()), "")
        what = f"the server refuses the token in {held}" if held else "the server asks for credentials"
        if address.secret and not held:
            what = "the server refuses the credentials in the address"
        names = " or ".join(dict.fromkeys(name for v in self.named for name in v.names))
        way = f"Set {names}" if names else f"Name a variable that holds a token: --credential {address.netloc}=VARIABLE"
        return what, address.url, f"{way}, or set up a credential helper in your global git configuration (credential.helper)."


def helped(address: Address, environment: Mapping[str, str]) -> Pair | None:
    """What the credential helper of the user's own git configuration says; None where none is named, or it knows nothing.

    git itself asks it, outside of any repository, so that no repository's configuration has a word in it.
    Source: https://git-scm.com/docs/git-credential
    """
    git = shutil.which("git")
    if not git or address.scheme not in ("https", "http") or not is_private(address) or not _names_helper():
        return None
    asked = f"protocol={address.scheme}\nhost={address.netloc}\npath={address.written}\n" + (
        f"username={address.user}\n" if address.user else ""
    )
    silent = {"GIT_DIR": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true", "GCM_INTERACTIVE": "never"}
    try:
        answer = subprocess.run(
            [git, "credential", "fill"], input=asked.encode(), capture_output=True, env={**environment, **silent},
            timeout=HELPER_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = dict(line.split("=", 1) for line in answer.stdout.decode("utf-8", "replace").splitlines() if "=" in line)
    return (said.get("username", ""), said["password"]) if said.get("password") else None


def _names_helper() -> bool:
    """Whether the user's global or the system's git configuration names a credential helper."""
    git = _pygit2()
    for read in (git.Config.get_global_config, git.Config.get_xdg_config, git.Config.get_system_config):
        try:
            config: pygit2.Config = read()
        except (OSError, KeyError, git.GitError):
            continue
        if any(entry.name.startswith("credential.") and entry.name.endswith(".helper") and entry.value for entry in config):
            return True
    return False


def _pygit2() -> Any:
    return git()
