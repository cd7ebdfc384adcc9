"""Who made a commit, as far as its name, address and trailers say: a person, or which machine. Names go in, kinds come out.

A name proves nothing that somebody wants to fake; it tells which changes say themselves that a machine made them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assess.model.fact import MACHINES

Maker = tuple[str, str]
"""As `Tally.by` and `Tally.tool`."""
PERSON: Maker = ("person", "")
UNKNOWN: Maker = ("unknown", "")

# A row: by, tool, and what the tool signs with: logins, names or addresses, lower case, without `[bot]` and the number that
# GitHub puts before a login. Sources stand behind a row where its signature is a documented default.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    # controllers that write what they deliver back to Git
    ("controller", "flux", "fluxcdbot flux fluxbot flux-bot weave-flux support@weave.works"),  # https://fluxcd.io/flux/components/image/imageupdateautomations/
    ("controller", "argocd-image-updater", "argocd-image-updater noreply@argoproj.io"),  # the default of its --git-commit-user
    ("controller", "kargo", "kargo no-reply@kargo.io kargo-controller"),  # docs.kargo.io: controller.gitClient
    ("controller", "keel", "keel-bot"),
    ("controller", "spinnaker", "spinnakerbot"),
    ("controller", "argocd", "argocd-bot argo-cd-bot argocd-source-hydrator argo-cd"),
    # releases
    ("release", "release-please", "release-please release-please-bot googleapis-release-please"),
    ("release", "semantic-release", "semantic-release-bot semantic-release-bot@martynus.net"),  # semantic-release: GIT_AUTHOR_NAME
    ("release", "changesets", "changeset-bot changesets"),
    ("release", "goreleaser", "goreleaserbot bot@goreleaser.com"),
    ("release", "chart-releaser", "chart-releaser helm-bot"),
    # updates of what others publish
    ("updates", "dependabot", "dependabot dependabot-preview support@dependabot.com"),
    ("updates", "renovate", "renovate renovate-bot renovatebot self-hosted-renovate bot@renovateapp.com renovate@whitesourcesoftware.com"
     " mend-renovate forking-renovate"),
    ("updates", "snyk", "snyk-bot snyk-io"),
    ("updates", "pyup", "pyup-bot"), ("updates", "depfu", "depfu"), ("updates", "greenkeeper", "greenkeeper greenkeeperio-bot"),
    ("updates", "scala-steward", "scala-steward scala-steward-bot"), ("updates", "updatecli", "updatecli updateclibot"),
    ("updates", "nix-update", "nix-update-bot r-ryantm ryantm-bot"), ("updates", "mend", "mend-for-github-com whitesource-bolt-for-github"),
    # pipelines, and services that act on proposals
    ("pipeline", "github-actions", "github-actions action@github.com actions@github.com github-action github-actions@github.com"),
    ("pipeline", "azure-pipelines", "azure-pipelines azuredevops azuredevops@microsoft.com microsoft.visualstudio.services.tfs"),
    ("pipeline", "gitlab-ci", "gitlab-ci gitlab-ci-token gitlab-bot gitlabci"),
    ("pipeline", "bitbucket-pipelines", "bitbucket-pipelines commits-noreply@bitbucket.org"),
    ("pipeline", "jenkins", "jenkins jenkins-ci jenkins-bot jenkins-x-bot jenkinsci"),
    ("pipeline", "circleci", "circleci circle-ci circleci-bot"), ("pipeline", "travis", "travis-ci travisci builds@travis-ci.org"),
    ("pipeline", "concourse", "concourse-ci concourse-bot"), ("pipeline", "buildkite", "buildkite buildkite-bot"),
    ("pipeline", "drone", "drone-ci"), ("pipeline", "teamcity", "teamcity teamcity-bot"), ("pipeline", "atlantis", "atlantisbot"),
    ("pipeline", "pre-commit-ci", "pre-commit-ci"), ("pipeline", "mergify", "mergify mergifyio"), ("pipeline", "bors", "bors bors-servo"),
    ("pipeline", "prow", "k8s-ci-robot openshift-merge-robot openshift-merge-bot openshift-ci-robot"),
    ("pipeline", "autofix", "autofix-ci restyled-io restyled-commits deepsource-autofix imgbot"),
    ("bot", "allcontributors", "allcontributors all-contributors"),
    # coding agents: a person set them to work, so they are no automation of delivery
    ("assistant", "copilot", "copilot copilot-swe-agent"), ("assistant", "claude", "claude noreply@anthropic.com"),
    ("assistant", "devin", "devin-ai-integration"), ("assistant", "cursor", "cursoragent cursoragent@cursor.com cursor-agent"),
    ("assistant", "jules", "google-labs-jules"), ("assistant", "codex", "chatgpt-codex-connector"), ("assistant", "gemini", "gemini-code-assist"),
    ("assistant", "sweep", "sweep-ai"),
)  # fmt: skip
_BY_SIGNATURE: dict[str, Maker] = {word: (by, tool) for by, tool, words in _KNOWN for word in words.split()}
_LOGIN = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.(?:github\.com|\S+)")
"""Source: https://docs.github.com/en/account-and-profile/reference/email-addresses-reference"""
_GITLAB_BOT = re.compile(r"(?:project|group)_?\d+_?bot(?:_?\w+)?@\S+")
"""Source: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects"""
_AZURE_BUILD = re.compile(r".* build service \(.*\)")
"""Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/access-tokens"""
_MACHINE_WORDS = {
    "ci", "cd", "bot", "robot", "cibot", "ci-bot", "cd-bot", "automation", "build", "build-bot", "deploy", "deployer", "deploy-bot", "gitops",
    "gitops-bot", "pipeline", "release-bot", "ci-user", "git-bot",
}  # fmt: skip
_MACHINE_NAME = re.compile(r"(?:.*[-_ .](?:ro)?bot|bot[-_ .].*|.*[-_](?:ci|automation|pipeline|deployer|serviceaccount|service-account))")
_TRAILER = re.compile(r"(?im)^co-authored-by:[ \t]*([^<>\n]{0,200})<([^<>\s]{1,200})>")
_RELEASE = re.compile(
    r"(?i)(?:chore(?:\([^)\n]{0,60}\))?!?: (?:release|release [\w./-]{1,80})\b|chore\(release\)!?:|version packages\b|release v?\d+\.\d+)"
)
_SUBJECT_BRANCH = re.compile(
    r"(?:from|branch) \S{0,200}?['\"/]?(release-please--|changeset-release/|renovate/|dependabot/|image-updater-|kargo/promotion)"
)
_BRANCHES: dict[str, Maker] = {
    "release-please--": ("release", "release-please"), "changeset-release/": ("release", "changesets"), "renovate/": ("updates", "renovate"),
    "dependabot/": ("updates", "dependabot"), "image-updater-": ("controller", "argocd-image-updater"),
    "kargo/promotion": ("controller", "kargo"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """A name and address of a commit; never leaves the collector."""

    name: str
    email: str


@lru_cache(maxsize=4096)
def maker(who: Signature) -> Maker:
    """Who signs so: a machine where the name or address is one that machines use, else a person."""
    name, email = who.name.lower().strip(), who.email.lower().strip()
    login = found[1] if (found := _LOGIN.fullmatch(email)) else ""
    marked = name.endswith("[bot]") or login.endswith("[bot]")
    signatures = [email, login.removesuffix("[bot]"), "-".join(name.removesuffix("[bot]").split())]
    for signature in signatures:
        if known := _BY_SIGNATURE.get(signature):
            return known
    if _GITLAB_BOT.fullmatch(email):
        return "pipeline", "gitlab-ci"
    if _AZURE_BUILD.fullmatch(name):
        return "pipeline", "azure-pipelines"
    words = (name, login, email.partition("@")[0])
    if marked or any(word in _MACHINE_WORDS or _MACHINE_NAME.fullmatch(word) for word in words if word):
        return "bot", ""
    return PERSON


def maker_of(author: Signature, message: str) -> Maker:
    """Who made a commit of its own: its author, unless a person had a hand in a machine's change.

    A machine that signs for many things (a pipeline's token) is taken for the tool whose words the message has.
    """
    by = maker(author)
    if by[0] not in MACHINES:
        return by
    if any(maker(Signature(name.strip(), email))[0] == "person" for name, email in _TRAILER.findall(message)):
        return PERSON
    subject = message.partition("\n")[0][:300]
    if by[0] in ("pipeline", "bot") and _RELEASE.match(subject):
        return "release", "release-please" if by[1] == "github-actions" else by[1]
    return by


def maker_by_branch(subject: str) -> Maker:
    """Who made what a merge commit brings in, by the name of the branch; unknown where it says nothing."""
    found = _SUBJECT_BRANCH.search(subject[:400])
    return _BRANCHES[found[1]] if found else UNKNOWN
