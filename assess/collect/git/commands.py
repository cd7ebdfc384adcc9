"""Shell text as commands: which tool, what it does, and on which path.

A row of `TABLE` is (tools, pattern over the arguments, what it does); the first row that fits wins. Add a tool by
adding rows. Nothing is executed and nothing expanded but `cd`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, normpath

from assess.model.credentials import redact
from assess.model.fact import Call, Command

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("terraform tofu terragrunt", r"\b(fmt|validate|hclfmt|validate-inputs|hclvalidate)\b", "lint"),
    ("terraform tofu", r"\btest\b", "test"),
    ("terraform tofu terragrunt", r"\bplan\b.*-detailed-exitcode", "drift"),
    ("terraform tofu terragrunt", r"\bplan(-all)?\b", "plan"),
    ("terraform tofu terragrunt", r"\b(apply|destroy|apply-all)\b", "apply"),
    ("tfmigrate", r"\bapply\b", "apply"),
    ("kubectl oc", r"--dry-run|\bdiff\b", "lint"),
    ("kubectl oc", r"^(-\S+ \S+ )*apply\b|\b(apply|create|replace)\b.* -[fk]\b", "deploy"),
    ("kubectl", r"\bargo rollouts\b|\brollout (restart|undo)\b", "operate"),
    ("oc", r"\b(new-app|start-build|process)\b", "operate"),
    ("kubectl oc", r"\b(create|delete|patch|scale|set|label|annotate|edit|expose|run|taint|drain|cordon|replace)\b", "operate"),
    ("helm", r"--dry-run|^(lint|template|unittest|diff)\b", "lint"),
    ("helm", r"\b(upgrade|install)\b", "deploy"),
    ("helm", r"(^|\s)(push|cm-push|s3 push)\s", "publish"),
    ("helm", r"(^|\s)package\s", "build"),
    ("helm", r"\b(uninstall|delete|rollback)\b", "operate"),
    ("helmfile", r"\b(lint|template|build)\b", "lint"),
    ("helmfile", r"\bdiff\b", "plan"),
    ("helmfile", r"\b(apply|sync)\b", "deploy"),
    ("cr chart-releaser", r"\b(upload|index)\b", "publish"),
    ("ct chart-testing", r".", "lint"),
    ("kustomize", r"\bbuild\b", "build"),
    ("skaffold", r"\b(run|deploy|apply)\b", "deploy"),
    ("ansible-playbook ansible-pull", r"--syntax-check|--check\b|--list-", "lint"),
    ("ansible-playbook ansible-pull", r".", "configure"),
    ("ansible-lint yamllint tflint actionlint shellcheck hadolint regal kubeconform kubeval markdownlint", r"", "lint"),
    ("ansible", r" -m | -a ", "operate"),
    ("ansible-galaxy", r"\bpublish\b", "publish"),
    ("pulumi", r"\bpreview\b", "plan"),
    ("pulumi", r"\b(up|update|destroy)\b", "apply"),
    ("cdk cdktf", r"\b(diff|synth)\b", "plan"),
    ("cdk cdktf", r"\b(deploy|destroy)\b", "apply"),
    ("sam", r"\bvalidate\b", "lint"),
    ("sam serverless sls", r"\bdeploy\b", "apply"),
    ("aws", r"\bcloudformation (validate-template|lint)\b", "lint"),
    ("aws", r"\bcloudformation (deploy|create-stack|update-stack|execute-change-set)\b", "apply"),
    ("aws", r"\bs3 (cp|sync)\b|\becr \S*login|\bs3api put-object\b", "upload"),
    ("aws", r"\b(ecs update-service|lambda update-function-code|deploy create-deployment)\b", "deploy"),
    ("az", r"\bdeployment \S+ (validate|what-if)\b|\bbicep (build|lint)\b", "lint"),
    ("az", r"\bdeployment (\S+ )?create\b", "apply"),
    ("az", r"\bwebapp (deploy|up)\b|\bfunctionapp deployment\b|\bcontainerapp update\b", "deploy"),
    ("gcloud", r"\b(builds submit)\b", "build"),
    ("gcloud", r"\b(run|app|functions) (\S+ )?deploy\b", "deploy"),
    ("aws az gcloud doctl ibmcloud aliyun oci linode-cli hcloud openstack eksctl govc nsc flyctl",
     r"\b(create|delete|update|put|modify|set|run-instances|terminate|start|stop|attach|detach|add|remove|authorize"
     r"|revoke|register|deregister|associate|enable|disable|restart|resize|tag|mb|rb|rm|apply|scale)\b|-(add|create|delete)-",
     "operate"),
    ("packer", r"\b(validate|fmt)\b", "lint"),
    ("packer", r"\bbuild\b", "apply"),
    ("nomad", r"\b(run|job run)\b", "deploy"),
    ("nixos-rebuild darwin-rebuild", r"\b(switch|boot)\b", "apply"),
    ("colmena deploy-rs nixops", r"\b(apply|deploy)\b", "apply"),
    ("salt salt-ssh salt-call", r"\bstate\.(apply|highstate|sls)\b", "configure"),
    ("puppet bolt r10k", r"\b(apply|agent|deploy|plan run)\b", "configure"),
    ("chef-client chef-solo knife", r".", "configure"),
    ("talosctl", r"\b(apply-config|upgrade|bootstrap|patch)\b", "apply"),
    ("docker podman buildah nerdctl", r"\bpush\b|--push\b", "publish"),
    ("docker podman buildah nerdctl kaniko buildx", r"\bbuild\b", "build"),
    ("docker docker-compose", r"\b(stack deploy)\b", "deploy"),
    ("flux", r"\bpush artifact\b", "publish"),
    ("flux", r"\bbootstrap\b", "operate"),
    ("argocd", r"\bapp (sync|create|set)\b", "operate"),
    ("oras crane skopeo", r"\b(push|copy|cp)\b", "publish"),
    ("crossplane up", r"\b(xpkg )?push\b", "publish"),
    ("timoni", r"\bmod push\b", "publish"),
    ("timoni", r"\b(apply|bundle apply)\b", "deploy"),
    ("gh", r"\brelease (create|upload)\b", "release"),
    ("goreleaser semantic-release release-please standard-version", r"", "release"),
    ("npx", r"\bsemantic-release\b", "release"),
    ("npm yarn pnpm", r"\bpublish\b", "publish"),
    ("twine", r"\bupload\b", "publish"),
    ("poetry cargo uv flit hatch", r"\bpublish\b", "publish"),
    ("checkov tfsec terrascan kics conftest kyverno opa gator kube-score kubescape polaris datree snyk regula infracost", r"", "policy"),
    ("trivy", r"\b(config|conf)\b", "policy"),
    ("trivy grype semgrep", r"", "scan"),
    ("pytest tox nox go cargo mvn gradle gradlew npm yarn pnpm rspec bats jest", r"\b(test|check|verify)\b", "test"),
    ("pytest tox nox bats", r"", "test"),
    ("go cargo mvn gradle gradlew npm yarn pnpm", r"\b(build|compile|package|install|run build)\b", "build"),
    ("kind k3d", r"\b(create|cluster create)\b", "ephemeral"),
    ("minikube", r"\bstart\b", "ephemeral"),
    ("ssh scp rsync sshpass", r"[@:]", "operate"),
    ("heroku", r"\bcontainer:release\b", "deploy"),
    ("apt apt-get yum dnf apk zypper pacman brew snap systemctl service useradd adduser usermod update-rc.d iptables ufw "
     "firewall-cmd sysctl mkfs mount fdisk hostnamectl timedatectl chkconfig visudo modprobe", r"", "host"),
)  # fmt: skip

TABLE: dict[str, list[tuple[re.Pattern[str], str]]] = {}
for _tools, _pattern, _does in _ROWS:
    for _tool in _tools.split():
        TABLE.setdefault(_tool, []).append((re.compile(_pattern), _does))

_TOOL_IDS = {"tofu": "terraform", "oc": "kubectl", "tfmigrate": "terraform", "sls": "serverless", "docker-compose": "compose"}
_PREFIXES = {"sudo", "time", "exec", "nohup", "command", "env", "then", "do", "else", "if", "while", "!", "{", "(", "eval", "xargs",
             "nice", "retry", "run", "set"}  # fmt: skip
_WRAPPERS = re.compile(
    r"^(?:aws-vault exec \S+ --|doppler run --|op run (?:\S+ )*--|sops exec-env \S+|chamber exec \S+ --|dotenv --|uv run|poetry run|pipenv run"
    r"|bundle exec|npx(?: --yes| -y)?|mise exec --|nix develop -c)\s+"
)
_ASSIGN = re.compile(r"^[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\$\([^)]*\)|\S*)\s*")
_SPLIT = re.compile(r"\s*(?:&&|\|\||;;?|(?<!\|)\|(?!\|)|(?<![<>&])&(?![&>]))\s*")
_CD = re.compile(r"^(?:cd|pushd)\s+(?:--\s+)?[\"']?([^\s\"';&]+)")
_RECIPE = re.compile(r"^[@+-]+\s*(?=[A-Za-z./$({])")
"""What make reads before a recipe's command."""
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_EXPRESSION = re.compile(r"[$`{}<]")


def analyse(text: str, directory: str = ".", first_line: int = 1) -> tuple[list[Command], list[Call]]:
    """The commands and calls of a shell text.

    directory: where it starts, relative to the repository. first_line: the file's line of the text's first line.
    Shape: commands that do something of note, in order; calls of scripts, make, just, task and npm targets.
    """
    commands: list[Command] = []
    calls: list[Call] = []
    where = directory
    text = _SPACED.sub(lambda match: "".join(match[0].split()), text)
    for line, statement in _statements(text, first_line):
        for part in _SPLIT.split(statement):
            simple = _strip(part)
            if not simple:
                continue
            if moved := _CD.match(simple):
                where = join(where, moved[1])
                continue
            found = _command(simple, where, line)
            if found:
                commands.append(found)
            calls += _calls(simple, where, line)
    return commands, calls


def _statements(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Logical lines: continuations joined, comments, here-documents and printed text left out."""
    pending, start, until = "", 0, ""
    for number, raw in enumerate(text.split("\n"), first_line):
        if until:
            until = "" if raw.strip() == until else until
            continue
        line = raw.strip() if pending else _RECIPE.sub("", raw.strip())
        if not pending and (not line or line.startswith("#")):
            continue
        start = start if pending else number
        pending = f"{pending} {line}".strip()
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        if heredoc := _HEREDOC.search(pending):
            until = heredoc[1]
        yield start, pending
        pending = ""
    if pending:
        yield start, pending


def _strip(part: str) -> str:
    """A simple command without assignments, sudo and wrappers; empty for text that is only printed."""
    simple = part.strip().strip("()").strip()
    for _ in range(8):
        before = simple
        simple = _ASSIGN.sub("", simple)
        simple = _WRAPPERS.sub("", simple)
        word = simple.split(" ", 1)[0]
        if word in _PREFIXES:
            simple = simple[len(word):].lstrip()
            simple = re.sub(r"^(-\S+\s+)+", "", simple) if word in ("sudo", "env", "nice", "xargs") else simple
        if simple == before:
            break
    return "" if simple.startswith(("echo ", "printf ", "#", "log ", "info ", "cat ", "grep ", "export ")) else simple


def _command(simple: str, where: str, line: int) -> Command | None:
    word, _, arguments = simple.partition(" ")
    tool = basename(word.strip("\"'")).removesuffix(".exe")
    for pattern, does in TABLE.get(tool, ()):
        if pattern.search(arguments):
            path = _works_on(tool, arguments, where)
            return Command(
                does=does, tool=_TOOL_IDS.get(tool, tool), path=path, line=line, text=redact(simple),
                resolved=not _EXPRESSION.search(path),
            )  # fmt: skip
    return None


_PATH_FLAG = re.compile(
    r"(?:-chdir|--chdir|--working-dir|--terragrunt-working-dir|--cwd|-C|--project-directory)[= ][\"']?([^\s\"']+)"
)
_FILE_FLAG = re.compile(r"(?:^| )(?:-f|-k|--filename|--kustomize|--template-file|--template|--path)[= ][\"']?([^\s\"']+)")


_VALUED = re.compile(
    r"(?:^| )(?:-[ieltu]|--inventory(?:-file)?|--extra-vars|--limit|--tags|--user|--private-key|--vault-password-file|--values|--set"
    r"|--namespace|-n|--version|--var-file|-var-file|-var)[= ]\S+"
)


def _works_on(tool: str, arguments: str, where: str) -> str:
    if flag := _PATH_FLAG.search(arguments):
        return join(where, flag[1])
    if tool in ("kubectl", "oc", "aws", "az", "flux") and (flag := _FILE_FLAG.search(arguments)):
        return where if "://" in flag[1] or flag[1] == "-" else join(where, flag[1])
    if tool in ("helm", "ansible-playbook", "packer", "kustomize", "nomad"):
        words = [w.strip("\"'") for w in _VALUED.sub(" ", arguments).split() if not w.startswith("-")]
        local = [w for w in words if "/" in w or w == "." or w.endswith((".yml", ".yaml", ".hcl", ".json"))]
        local = [w for w in local if "://" not in w and "=" not in w]
        if local:
            return join(where, local[0])
    return where


_RUNNERS = re.compile(r"^(make|gmake|just|task|npm|yarn|pnpm|invoke|inv|fab)\b(.*)")
_INTERPRETED = re.compile(
    r"^(?:(?:bash|sh|zsh|python3?|pwsh|powershell|source|\.|ruby|node)\s+(?:-\S+\s+)*)?[\"']?"
    r"((?:\./|\.\./|[\w.@-]+/)*[\w.@-]+\.(?:sh|bash|py|ps1|rb|js)|\./[\w./-]+)[\"']?(?=\s|$)"
)


def _calls(simple: str, where: str, line: int) -> Iterator[Call]:
    if runner := _RUNNERS.match(simple):
        name, words = runner[1].replace("gmake", "make"), runner[2].split()
        directory = where
        if "-C" in words and words.index("-C") + 1 < len(words):
            directory = join(where, words[words.index("-C") + 1])
        targets = [w for i, w in enumerate(words) if not w.startswith("-") and "=" not in w and (i == 0 or words[i - 1] != "-C")]
        if name in ("npm", "yarn", "pnpm"):
            targets = [w for w in targets if w != "run"][:1]
        for target in targets or ([""] if name == "make" else []):
            yield Call(name=_star(f"{name}:{directory}#{target}"), line=line)
    elif script := _INTERPRETED.match(simple):
        yield Call(name=_star(join(where, script[1])), line=line)


_SPACED = re.compile(r"\$\{\{[^{}\n]*\}\}")
"""An expression of a pipeline; without its blanks it stays one word."""
_VARIABLE = re.compile(r"\$\{\{.*?\}\}|\$\([^)]*\)|\$\{[^}]*\}|\$\w+|`[^`]*`")


def _star(name: str) -> str:
    return _VARIABLE.sub("*", name)


def join(where: str, path: str) -> str:
    """A path relative to the repository; expressions stay as they are written."""
    path = path.strip("\"'")
    for root in ("$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}",
                 "$(pwd)", "$PWD", "${PWD}"):  # fmt: skip
        if path.startswith(root):
            base = "." if "PWD" not in root.upper() else where
            return _inside(f"{base}/{path[len(root):].lstrip('/')}")
    if path.startswith(("/", "~", "$", "`")) and not path.startswith("$*"):
        return path
    return _inside(f"{where}/{path}")


def _inside(path: str) -> str:
    normal = normpath(path).lstrip("/")
    while normal.startswith("../"):
        normal = normal[3:]
    return normal if normal not in ("", "..") else "."
