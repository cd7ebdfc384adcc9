"""What a command line does, by its tool: the table, and how a line's words and flags are told apart.

A row of `_ROWS` is (tools, verb, flag, what it does); the first row that fits wins. Add a tool by adding rows.
verb: a pattern that the bare words must begin with; flags and what belongs to them are left out first, so the names of
files, environments and stacks never count. Empty: any. flag: a pattern that one of the flags must begin with; empty: any.
Longer than a file should be, for the table is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_CLOUD = (
    r"(?:\S+ ){0,4}?(?:\S+[.:])?(?:create|delete|update|put|modify|set|run-instances|terminate|start|stop|attach|detach|add|remove"
    r"|authorize|revoke|register|deregister|associate|enable|disable|restart|resize|tag|mb|rb|rm|apply|scale)(?:[-.]\S+)?"
    r"|(?:\S+ ){0,2}?\S+-(?:add|create|delete)-\S+"
)
_ANY = r"(?:\S+ )*?(?:\S*[:-])?"
"""Goals and targets come in any order and with a prefix: `clean verify`, `:app:test`."""

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("terraform tofu terragrunt", r"fmt|validate|hclfmt|validate-inputs|hclvalidate|hcl (?:fmt|validate)", "", "lint"),
    ("terraform tofu", r"test", "", "test"),
    ("terraform tofu terragrunt", r"(?:run-all |run |stack run )?plan", r"--?detailed-exitcode", "drift"),
    ("terraform tofu terragrunt", r"(?:run-all |run |stack run )?plan(?:-all)?", "", "plan"),
    ("terraform tofu terragrunt", r"(?:run-all |run |stack run )?(?:apply|destroy)(?:-all)?", "", "apply"),
    ("tfmigrate", r"apply", "", "apply"),
    ("octodns-sync", r"", r"--doit\b", "apply"),
    ("octodns-sync", r"", "", "plan"),
    ("dnscontrol", r"push", "", "apply"),
    ("dnscontrol", r"preview", "", "plan"),
    ("dnscontrol", r"check|fmt", "", "lint"),
    ("kubectl oc", r"diff|apply|create|replace|delete|patch|set", r"--dry-run(?!=(?:none|false))|--server-dry-run", "lint"),
    ("kubectl oc", r"diff", "", "lint"),
    ("kubectl oc", r"apply", "", "deploy"),
    ("kubectl oc", r"create|replace", r"-[fk]\b|--filename|--kustomize", "deploy"),
    ("kubectl", r"argo rollouts|rollout (?:restart|undo)", "", "operate"),
    ("oc", r"new-app|start-build|process", "", "operate"),
    ("kubectl oc", r"create|delete|patch|scale|set|label|annotate|edit|expose|run|(?:adm )?(?:taint|drain|cordon)|replace", "", "operate"),
    ("kapp", r"deploy|app-group deploy", r"--diff-run", "plan"),
    ("kapp", r"deploy|app-group deploy", "", "deploy"),
    ("kapp", r"delete", "", "operate"),
    ("ko", r"apply|create", "", "deploy"),
    ("ko", r"resolve|build|publish", "", "publish"),
    ("werf", r"converge|bundle apply", "", "deploy"),
    ("werf", r"bundle publish", "", "publish"),
    ("werf", r"build", "", "build"),
    ("helm", r"(?:secrets )?(?:upgrade|install)|uninstall|delete|rollback", r"--dry-run(?!=(?:none|false))", "lint"),
    ("helm", r"(?:secrets )?(?:lint|template|unittest|diff)", "", "lint"),
    ("helm", r"(?:secrets )?(?:upgrade|install)", "", "deploy"),
    ("helm", r"push|cm-push|s3 push|gcs push|repo index", "", "publish"),
    ("helm", r"package", "", "build"),
    ("helm", r"uninstall|delete|rollback", "", "operate"),
    ("helmfile", r"lint|template|build", "", "lint"),
    ("helmfile", r"diff", "", "plan"),
    ("helmfile", r"apply|sync|charts", "", "deploy"),
    ("cr chart-releaser", r"upload|index", "", "publish"),
    ("cosign", r"sign|sign-blob|attest", "", "build"),
    ("cosign", r"verify|verify-blob|verify-attestation", "", "scan"),
    ("op", r"read|item get|inject|run|document get", "", "build"),
    ("ct chart-testing", r"\S+", "", "lint"),
    ("kustomize", r"build", "", "build"),
    ("skaffold", r"run|deploy|apply", "", "deploy"),
    ("kluctl", r"diff|render|validate|lint", "", "plan"),
    ("kluctl", r"deploy", r"--dry-run", "plan"),
    ("kluctl", r"deploy|delete|prune", "", "deploy"),
    ("humctl", r"(?:score )?(?:validate|diff)|score draft", "", "lint"),
    ("humctl", r"(?:score )?deploy|deploy app", "", "deploy"),
    ("humctl", r"apply|create|update|delete", "", "apply"),
    ("score-compose score-k8s", r"generate|init", "", "build"),
    ("vcluster", r"(?:platform )?create", "", "ephemeral"),
    ("dagger", r"call (?:\S+ )*?\S*(?:publish|push|release)\S*", "", "publish"),
    ("dagger", r"call (?:\S+ )*?\S*(?:deploy|apply)\S*", "", "deploy"),
    ("dagger", r"call (?:\S+ )*?\S*(?:test|lint|check)\S*", "", "test"),
    ("dagger", r"call (?:\S+ )*?\S*build\S*", "", "build"),
    ("okteto", r"(?:preview )?deploy|up", "", "deploy"),
    ("okteto", r"build", "", "build"),
    ("ansible-playbook ansible-pull", "", r"--syntax-check|--check|-C\b|--list-", "lint"),
    ("ansible-playbook ansible-pull", r"\S+", "", "configure"),
    ("ansible-lint yamllint tflint actionlint shellcheck hadolint regal kubeconform kubeval markdownlint", "", "", "lint"),
    ("ansible", "", r"-m|-a|--module-name|--args", "operate"),
    ("ansible-galaxy", r"(?:collection |role )?(?:publish|import)", "", "publish"),
    ("pulumi", r"preview", r"--expect-no-changes", "drift"),
    ("pulumi", r"refresh", r"--expect-no-changes|--preview-only", "drift"),
    ("pulumi", r"preview", "", "plan"),
    ("pulumi", r"deployment run up", "", "apply"),
    ("pulumi", r"up|update|destroy", "", "apply"),
    ("cdk cdktf aws-cdk", r"diff|synth", "", "plan"),
    ("cdk cdktf aws-cdk", r"deploy|destroy", "", "apply"),
    ("sam", r"validate", "", "lint"),
    ("sam", r"deploy", r"--no-execute-changeset", "plan"),
    ("sam", r"sync", "", "apply"),
    ("sam", r"publish", "", "publish"),
    ("sam serverless sls osls", r"deploy|remove|delete", "", "apply"),
    ("sceptre", r"(?:launch|create|update|delete|execute)\b", "", "apply"),
    ("sceptre", r"diff|generate|validate", "", "plan"),
    ("org-formation", r"perform-tasks|update|execute-change-set", "", "apply"),
    ("org-formation", r"validate\S*|print\S*|create-change-set", "", "plan"),
    ("rain", r"deploy", "", "apply"),
    ("rain", r"fmt|diff", "", "lint"),
    ("bosh", r"deploy|create-env|update-cloud-config|update-config|update-runtime-config", r"--dry-run", "plan"),
    ("bosh", r"deploy|create-env|update-cloud-config|update-config|update-runtime-config", "", "apply"),
    ("aws", r"cloudformation (?:validate-template|lint)", "", "lint"),
    ("aws", r"cloudformation (?:deploy|create-stack|update-stack|execute-change-set)", "", "apply"),
    ("aws", r"s3 (?:cp|sync)|ecr \S*login\S*|s3api put-object", "", "upload"),
    ("aws", r"ecs update-service|lambda update-function-code|deploy create-deployment", "", "deploy"),
    ("az", r"bicep publish", "", "publish"),
    ("azd", r"provision", r"--preview", "plan"),
    ("azd", r"provision|up|infra create", "", "apply"),
    ("azd", r"deploy", "", "deploy"),
    ("az", r"(?:stack|deployment) \S+ (?:validate|what-if)|bicep (?:build|lint)", "", "lint"),
    ("az", r"(?:deployment|stack) (?:\S+ )?create", r"--what-if", "plan"),
    ("az", r"(?:deployment|stack) (?:\S+ )?create", "", "apply"),
    ("az", r"webapp (?:deploy|up)|functionapp deployment|containerapp (?:update|up)", "", "deploy"),
    ("az", r"acr build", "", "build"),
    ("new-azresourcegroupdeployment new-azsubscriptiondeployment new-azdeployment new-azmanagementgroupdeployment "
     "new-aztenantdeployment", "", r"(?i)-whatif", "plan"),
    ("new-azresourcegroupdeployment new-azsubscriptiondeployment new-azdeployment new-azmanagementgroupdeployment "
     "new-aztenantdeployment new-azresourcegroupdeploymentstack new-azsubscriptiondeploymentstack "
     "set-azresourcegroupdeploymentstack set-azsubscriptiondeploymentstack new-azmanagementgroupdeploymentstack",
     "", "", "apply"),
    ("test-azresourcegroupdeployment test-azdeployment test-azsubscriptiondeployment", "", "", "lint"),
    ("publish-module publish-psresource publish-azbicepmodule", "", "", "publish"),
    ("gcloud", r"(?:alpha |beta )?builds submit", "", "build"),
    ("gcloud", r"(?:alpha |beta )?(?:run|app|functions) (?:\S+ )?deploy", "", "deploy"),
    ("fly flyctl", r"deploy", r"--build-only", "build"),
    ("fly flyctl", r"deploy", "", "deploy"),
    ("wrangler", r"(?:pages |versions )?(?:deploy|publish)", r"--dry-run", "build"),
    ("wrangler", r"(?:pages |versions )?(?:deploy|publish)", "", "deploy"),
    ("vercel", r"build|pull|dev|link|env|login|whoami|ls|list|logs|inspect", "", "build"),
    ("vercel", r"deploy\b|rollback|promote|$", "", "deploy"),
    ("netlify ntl", r"deploy", "", "deploy"),
    ("firebase", r"deploy|hosting:channel:deploy", "", "deploy"),
    ("eb", r"deploy|create", "", "deploy"),
    ("cf", r"push|deploy|blue-green-deploy|v3-zdt-push", "", "deploy"),
    ("cf", r"create-\S+|update-\S+|delete-\S+|set-\S+|bind-\S+|map-route", "", "operate"),
    ("aws az gcloud doctl", r"config|configure|account set|extension|components|auth|init|login|cloud set|plugin", "", ""),
    ("aws az gcloud doctl ibmcloud aliyun oci linode-cli hcloud openstack eksctl govc nsc flyctl fly", _CLOUD, "", "operate"),
    ("packer", r"validate|fmt", "", "lint"),
    ("packer", r"build", "", "apply"),
    ("nomad nomad-pack sst", r"job plan|plan|diff", "", "plan"),
    ("nomad nomad-pack", r"run|job run", "", "deploy"),
    ("nixos-rebuild darwin-rebuild", r"switch|boot", "", "apply"),
    ("colmena deploy-rs nixops", r"apply\S*|deploy", "", "apply"),
    ("salt salt-ssh salt-call", r"(?:\S+ )?state\.(?:apply|highstate|sls)", "", "configure"),
    ("puppet", r"module (?:publish|release)", "", "publish"),
    ("puppet bolt r10k", r"(?:apply|agent)", r"--noop", "lint"),
    ("puppet bolt r10k", r"apply|agent|deploy|plan run", "", "configure"),
    ("g10k puppet-code", r"deploy|$", "", "configure"),
    ("pdk", r"release(?: publish)?", "", "publish"),
    ("pdk", r"validate", "", "lint"),
    ("chef chef-cli", r"push(?:-archive)?", "", "configure"),
    ("berks", r"upload", "", "publish"),
    ("knife", r"(?:supermarket|cookbook site) share", "", "publish"),
    ("stove", "", "", "publish"),
    ("chef-client chef-solo knife", r"", "", "configure"),
    ("talosctl", r"apply-config|upgrade|bootstrap|patch|apply", "", "apply"),
    ("docker podman buildah nerdctl", r"(?:image |compose |manifest )?push", "", "publish"),
    ("docker podman buildah nerdctl", r"(?:buildx |image |builder |compose )?(?:build|bake)", r"--push", "publish"),
    ("docker podman buildah nerdctl kaniko buildx", r"(?:buildx |image |builder |compose )?(?:build|bake|bud)", "", "build"),
    ("docker docker-compose", r"stack (?:deploy|up)", "", "deploy"),
    ("ecspresso kpt", r"(?:\S+ )?(?:deploy|refresh|rollback|apply|destroy)", r"--dry-run", "plan"),
    ("ecspresso kpt", r"(?:\S+ )?(?:deploy|refresh|rollback|apply|destroy)", "", "deploy"),
    ("copilot levant", r"(?:svc |job |env |app )?deploy", "", "deploy"),
    ("cdk8s", r"synth", "", "build"),
    ("sst kusion", r"(?:release )?(?:deploy|remove|apply|destroy)", "", "apply"),
    ("tk tanka kubecfg qbec", r"(?:alpha )?diff", "", "plan"),
    ("tk tanka kubecfg qbec", r"update|apply|prune", "", "deploy"),
    ("kcl cue tk tanka", r"vet|lint|fmt|test|eval|trim|show|export", "", "lint"),
    ("cue", r"cmd (?:\S*apply|\S*deploy)\S*", "", "deploy"),
    ("cue kcl", r"mod (?:publish|push)", "", "publish"),
    ("imgpkg", r"push|copy", "", "publish"),
    ("kctrl", r"package (?:release|repository release)", "", "publish"),
    ("docker-compose", r"build", "", "build"),
    ("flux", r"push artifact", "", "publish"),
    ("flux", r"bootstrap", "", "operate"),
    ("argocd", r"app (?:sync|create|set)", "", "operate"),
    ("oras crane skopeo", r"push|copy|cp", "", "publish"),
    ("crossplane up", r"(?:xpkg |project )?push", "", "publish"),
    ("timoni", r"(?:mod|artifact) push", "", "publish"),
    ("timoni", r"(?:bundle )?apply", "", "deploy"),
    ("gh", r"release (?:create|upload)", "", "release"),
    ("goreleaser semantic-release release-please standard-version", "", "", "release"),
    ("lerna changeset", r"publish", "", "publish"),
    ("npm yarn pnpm", r"(?:\S+ ){0,4}?publish", "", "publish"),
    ("twine", r"upload", "", "publish"),
    ("poetry cargo uv flit hatch", r"publish", "", "publish"),
    ("checkov tfsec terrascan kics conftest kyverno opa gator kube-score kubescape polaris datree snyk regula infracost", "", "", "policy"),
    ("trivy", r"config|conf", "", "policy"),
    ("trivy grype semgrep", "", "", "scan"),
    ("pytest tox nox go cargo mvn gradle gradlew npm yarn pnpm rspec bats jest", _ANY + r"(?:test|check|verify)(?:[:-]\S*)?", "", "test"),
    ("pytest tox nox bats", "", "", "test"),
    ("go cargo mvn gradle gradlew npm yarn pnpm", _ANY + r"(?:build|compile|package|install)(?:[:-]\S*)?", "", "build"),
    ("kind k3d", r"(?:cluster )?create", "", "ephemeral"),
    ("minikube", r"start", "", "ephemeral"),
    ("molecule", r"", "", "test"),
    ("ssh scp rsync sshpass", r".*?[@:]\S*", "", "operate"),
    ("heroku", r"container:release", "", "deploy"),
    ("apt apt-get yum dnf apk zypper pacman brew snap systemctl service useradd adduser usermod update-rc.d iptables ufw "
     "firewall-cmd sysctl mkfs mount fdisk hostnamectl timedatectl chkconfig visudo modprobe", "", "", "host"),
)  # fmt: skip

_TOOL_IDS = {
    "tofu": "terraform", "oc": "kubectl", "tfmigrate": "terraform", "sls": "serverless", "docker-compose": "compose",
    "aws-cdk": "cdk", "osls": "serverless", "tanka": "tk", "fly": "flyctl", "ntl": "netlify", "ansible-galaxy": "ansible", "pdk": "puppet", "rain": "cloudformation",
    "sceptre": "cloudformation", "org-formation": "cloudformation",
    "humctl": "humanitec", "chef-client": "chef", "chef-solo": "chef", "knife": "chef", "stove": "chef",
}  # fmt: skip

_VALUED = """
--config --config-file --context --kube-context --kubeconfig --profile --region --project --namespace --file --environment --env
--stack --cwd --chdir --working-dir --working-directory --dir --directory --cluster --server --user --token --output --format
--selector --label --filter --log-level --color --app --context-file --account --configuration --verbosity --host --env-file
--project-name --project-directory --prefix --workspace --subscription --endpoint-url --query --cli-read-timeout --org --space
--site --scope --state-values-file --state-values-set --helm-binary --inventory --limit --tags --extra-vars --set --values
--version --filename --kustomize --template-file --template --path -chdir -var-file -var -target -out --var-file --terragrunt-config
--terragrunt-working-dir --terragrunt-include-dir --terragrunt-exclude-dir --terragrunt-parallelism --terragrunt-log-level
--terragrunt-download-dir --terragrunt-iam-role --queue-include-dir --queue-exclude-dir --parallelism --plugin --url --branch
--pull --entrypoint --volume --workdir --name --network --mount --platform --service-account --as --impersonate-service-account
""".split()  # noqa: SIM905
"""Flags whose value is the next word, where no `=` joins it to them; the same for every tool."""
_SHORT = {
    "kubectl oc": "-n -s -v -f -k -l -o -c -p", "helm": "-n -f", "helmfile": "-f -e -n -l -b -c", "pulumi": "-s -C -p",
    "cdk cdktf aws-cdk": "-c -a -o -r -v", "aws az": "-o -g -n -s", "docker podman nerdctl": "-c -H -l",
    "docker-compose": "-f -p -H -c", "bosh": "-d -e", "fly flyctl": "-a -c -t", "serverless sls": "-s -r -c",
    "npm yarn pnpm": "-C -w -F", "ansible-playbook ansible": "-i -e -l -t -u -M -c", "nomad": "-address -namespace -region",
    "salt salt-ssh": "-G -E -L -N -t", "talosctl": "-n -e -f -c", "kapp": "-a -f -n", "firebase": "-P", "wrangler": "-c -e",
    "ssh scp sshpass rsync": "-i -p -P -o -e -F -l -J", "mvn": "-pl -P -f -s", "knife": "-c -o",
    "ko": "-f", "skaffold": "-f -n -p -m", "make": "-C -f", "puppet bolt": "-t",
}  # fmt: skip
_TOKEN = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\$\([^)]{0,400}\)|[^\s\"']|[\"'])+")
_REDIRECT = re.compile(r"\d?(?:>>?|<)&?")
MAX_ARGUMENTS = 8_000


@dataclass(frozen=True, slots=True)
class Line:
    """A tool's arguments: the bare words, and the flags, each in order; a flag keeps what `=` joins to it."""

    words: tuple[str, ...]
    flags: tuple[str, ...]


def tokens(arguments: str) -> list[str]:
    """The words of a command line, as a shell would part them, without quotes."""
    return [token for found in _TOKEN.findall(arguments[:MAX_ARGUMENTS]) if (token := _bare(found))]


def _bare(token: str) -> str:
    return token if token.startswith("$(") else token.strip("\"'`()\\")


def read(tool: str, arguments: str) -> Line:
    """What is word and what is flag among a tool's arguments."""
    return Line(*map(tuple, _parted(tokens(arguments), valued_flags(tool))))


def _parted(given: list[str], valued: frozenset[str]) -> tuple[list[str], list[str]]:
    words: list[str] = []
    flags: list[str] = []
    rest = iter(given)
    for token in rest:
        if redirect := _REDIRECT.match(token):
            if redirect.end() == len(token):
                next(rest, "")
        elif token.startswith("-") and len(token) > 1:
            flags.append(token)
            if token in valued:
                next(rest, "")
        else:
            words.append("_".join(token.split()))
    return words, [flag for flag in flags if flag != "--"]


def meaning(tool: str, line: Line) -> str:
    """What a tool does with these arguments; empty where the table does not know, or it changes and makes nothing."""
    words = " ".join(line.words)
    for verb, flag, does in _table().get(tool.lower(), ()):
        if verb.match(words) and (flag is None or any(flag.match(given) for given in line.flags)):
            return does
    return ""


def known(tool: str) -> bool:
    """Whether the table has rows for a tool."""
    return tool.lower() in _table()


def tool_id(tool: str) -> str:
    """The name that facts give a tool: one for all the programs that drive it."""
    name = tool.lower()
    return "arm" if re.fullmatch(r"(?:new|set|test)-az\w*deployment(?:stack)?", name) else _TOOL_IDS.get(name, name)


_Row = tuple[re.Pattern[str], re.Pattern[str] | None, str]


@cache
def _table() -> dict[str, list[_Row]]:
    rows: dict[str, list[_Row]] = {}
    for tools, verb, flag, does in _ROWS:
        row = (re.compile(rf"(?:{verb})(?=\s|$)" if verb else ""), re.compile(flag) if flag else None, does)
        for tool in tools.split():
            rows.setdefault(tool, []).append(row)
    return rows


@cache
def valued_flags(tool: str) -> frozenset[str]:
    """The flags of a tool that take the next word."""
    own = next((short.split() for tools, short in _SHORT.items() if tool in tools.split()), [])
    return frozenset([*_VALUED, *own])
