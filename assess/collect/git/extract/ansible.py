"""Ansible: playbooks, roles and collections; how much of them only runs commands, and what they take from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.definitions import Packages, Piece, Tasks
from assess.collect.git.extract.objects import dig, items, text
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.settle import Inventory, Remote
from assess.model.fact import Fact
from assess.model.gap import Gap
from assess.spec.document import DocumentError


def playbook(file: File) -> Iterator[Fact | Gap | Part]:
    """A playbook: a list of plays, of which at least one names hosts or imports another playbook.

    Source: https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_intro.html
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        if _PLAYS.search(file.content) and not re.search(r"(^|/)templates/", file.path):
            yield file.unreadable(error, "Definition", under=file.directory)
        return
    within = re.search(r"(^|/)(tasks|handlers|roles/[^/]+)/", file.path)
    for document in documents[:1] if not within else ():
        plays = document.value if isinstance(document.value, list) else []
        found = [(index, key) for index, play in enumerate(plays) if (key := _play(play))]
        if found:
            tasks, commands = _counted([task for play in plays for key in _OWN_TASKS for task in items(play, key)])
            at = file.at(document.line(*found[0]))
            yield Piece(file.path, at, "ansible", "configuration", file.directory, tasks=tasks, commands=commands)
            if tasks:
                yield Packages(file.path, "ansible", file.directory, local=1)


_PLAYS = re.compile(rb"(?m)^-[ \t]+(?:\{[ \t]*)?[\"']?(?:hosts|import_playbook|include)[\"']?[ \t]*:|^(?:  |    )hosts[ \t]*:[ \t]*\S")

_REACHES_OUT = re.compile(
    rb"(?m)^[ \t]+(?:-[ \t]+)?(?:(?:amazon|community)\.aws\.\w+|azure\.azcollection\.\w+|google\.cloud\.\w+|kubernetes\.core\.\w+"
    rb"|openstack\.cloud\.\w+|hetzner\.hcloud\.\w+|community\.(?:vmware|digitalocean|okd|dns|proxmox|hashi_vault)\.\w+"
    rb"|community\.general\.(?:terraform|proxmox\w*)|(?:ec2|s3|rds|iam|elb|gcp|azure_rm|os|vmware|cloudflare)_\w+|cloudformation"
    rb"|route53|k8s|helm|terraform|add_host|delegate_to)[ \t]*:"
    rb"|(?:shell|command|cmd)[ \t]*:[^\n]{0,400}?\b(?:kubectl|oc|helm|aws|az|gcloud|terraform|ssh)[ \t]"
)
"""Modules by which a play changes something other than the machine that it runs on."""


def _play(play: Any) -> str:
    """The key that makes a mapping a play; empty where it is none."""
    if not isinstance(play, dict):
        return ""
    for key in ("import_playbook", "ansible.builtin.import_playbook"):
        if isinstance(play.get(key), str):
            return key
    if isinstance(play.get("hosts"), str | list) and any(key in play for key in _WORKS):
        return "hosts"
    return "include" if isinstance(play.get("include"), str) and set(play) <= _INCLUDES else ""


_WORKS = ("roles", "tasks", "pre_tasks", "post_tasks", "handlers", "gather_facts", "become", "vars", "vars_files", "connection")
_INCLUDES = {"include", "name", "tags", "when", "vars"}


def modules(file: File) -> Iterator[Part]:
    """That plays or tasks change something elsewhere, by the modules they use."""
    if any(isinstance(document.value, list) for document in file.parsed()[:1]):
        yield Remote(file.path)


def inventory(file: File) -> Iterator[Part]:
    """The machines of an INI inventory, as far as to say whether they are all the one that Ansible runs on.

    Source: https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
    """
    hosts, names = [], True
    for line in file.text.splitlines():
        line = line.strip()
        if line.startswith("["):
            names = not line.endswith((":vars]", ":children]"))
        elif names and line and line[0] not in "#;":
            hosts.append(line)
    if hosts:
        yield Inventory(file.path, local=all("ansible_connection=local" in host for host in hosts))


def collection(file: File) -> Iterator[Fact | Gap | Part]:
    """A collection, or a role that is the whole repository: offered to others, run by none of its own playbooks.

    Source: https://docs.ansible.com/ansible/latest/dev_guide/developing_collections_structure.html
    """
    for document in file.parsed()[:1]:
        key = "namespace" if file.name.startswith("galaxy") else "galaxy_info"
        root = file.directory if key == "namespace" else "."
        if dig(document.value, key) and (key == "namespace" or re.fullmatch(r"meta/main\.ya?ml", file.path)):
            yield Piece(file.path, file.at(document.line(key)), "ansible", "configuration", root)


_OWN_TASKS = ("pre_tasks", "tasks", "post_tasks")
_COMMANDS = frozenset(["command", "shell", "raw", "script", "expect", "psexec", "telnet", "win_command", "win_shell", "win_powershell"])
_NO_STEPS = frozenset(
    [
        "debug",
        "set_fact",
        "set_stats",
        "assert",
        "fail",
        "meta",
        "pause",
        "wait_for",
        "wait_for_connection",
        "add_host",
        "group_by",
        "setup",
        "gather_facts",
        "stat",
        "slurp",
        "include",
        "include_vars",
        "include_tasks",
        "include_role",
        "import_tasks",
        "import_role",
        "import_playbook",
        "block",
    ]
)
"""Actions that steer a play or look at something, and say nothing of the wanted state."""
_TASK_WORDS = frozenset(
    [
        "name",
        "when",
        "with_items",
        "loop",
        "loop_control",
        "register",
        "tags",
        "become",
        "become_user",
        "become_method",
        "notify",
        "listen",
        "vars",
        "args",
        "delegate_to",
        "delegate_facts",
        "environment",
        "changed_when",
        "failed_when",
        "ignore_errors",
        "ignore_unreachable",
        "no_log",
        "run_once",
        "until",
        "retries",
        "delay",
        "check_mode",
        "diff",
        "async",
        "poll",
        "connection",
        "remote_user",
        "module_defaults",
        "collections",
        "any_errors_fatal",
        "debugger",
        "throttle",
        "timeout",
        "first_available_file",
        "rescue",
        "always",
        "port",
        "become_flags",
        "become_exe",
        "local_action",
        "action",
        "with_dict",
        "with_fileglob",
        "with_together",
        "with_subelements",
        "with_sequence",
        "with_nested",
        "with_first_found",
        "with_lines",
        "with_indexed_items",
        "with_flattened",
        "with_list",
        "with_random_choice",
    ]
)
_MAX_DEPTH = 8


def _counted(tasks: list[Any], depth: int = 0) -> tuple[int, int]:
    """How many tasks state or do something, and how many of them only run a command that may change something."""
    total = commands = 0
    for task in tasks if depth < _MAX_DEPTH else ():
        if not isinstance(task, dict):
            continue
        for key in ("block", "rescue", "always"):
            inner, run = _counted(items(task, key), depth + 1)
            total, commands = total + inner, commands + run
        action = _action(task)
        if action and action not in _NO_STEPS:
            total += 1
            commands += action in _COMMANDS and task.get("changed_when") not in (False, "false")
    return total, commands


def _action(task: dict[Any, Any]) -> str:
    """The short name of a task's module; empty where there is none."""
    for key in ("action", "local_action"):
        if key in task:
            written = task[key] if isinstance(task[key], str) else text(task[key], "module")
            return (written.split() or [""])[0].rpartition(".")[2]
    named = (str(key) for key in task if key not in _TASK_WORDS)
    return next((key.rpartition(".")[2] for key in named), "")


def role_tasks(file: File) -> Iterator[Gap | Part]:
    """The tasks of a role, or of a list that playbooks include.

    Source: https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_reuse_roles.html#role-directory-structure
    """
    role = re.search(r"^(.*?)(?:^|/)roles/[^/]+/tasks/", file.path)
    project = (role[1] if role else re.split(r"(?:^|/)tasks/", file.path)[0]) or "."
    try:
        documents = file.documents()[:1]
    except DocumentError as error:
        yield file.unreadable(error, "Definition", under=project)
        return
    for document in documents:
        tasks, commands = _counted(document.value if isinstance(document.value, list) else [])
        if tasks:
            yield Tasks(file.path, "ansible", project, tasks, commands)
            if role and re.search(r"/tasks/main\.ya?ml$", file.path):
                yield Packages(file.path, "ansible", project, local=1)


def requirements(file: File) -> Iterator[Part]:
    """The roles, and the collections from Git, that a requirements file draws in.

    Collections of Galaxy count no more than a provider of Terraform does: most hold modules, which declare nothing.
    Source: https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-multiple-roles-from-a-file
    """
    for document in file.parsed()[:1]:
        roles = document.value if isinstance(document.value, list) else items(document.value, "roles")
        from_git = [c for c in items(document.value, "collections") if text(c, "type") == "git" or _ADDRESS.match(text(c, "name"))]
        drawn = [entry for entry in roles if text(entry, "src") or text(entry, "name")] + from_git
        pinned = sum(bool(_FIXED.match(text(entry, "version"))) for entry in drawn)
        root = re.sub(r"(^|/)(roles|collections)$", "", file.directory) or "."
        if drawn:
            yield Packages(file.path, "ansible", root, pinned=pinned, unpinned=len(drawn) - pinned)


_ADDRESS = re.compile(r"(?:git\+)?\w+://|git@")
_FIXED = re.compile(r"(?:==)?[ \t]*v?\d[\w.+-]*$|[0-9a-f]{7,40}$")


_YAML = (".yaml", ".yml")
ANSIBLE = Extractor(
    name="ansible", run=playbook, suffixes=_YAML, by_line=True, words=(b"hosts", b"import_playbook", b"- include"),
    marks=re.compile(rb"(?:hosts|import_playbook|- include)[\"']?[ \t]*:"),
)  # fmt: skip
ANSIBLE_MODULES = Extractor(
    name="ansible-modules", run=modules, suffixes=_YAML, marks=_REACHES_OUT, by_line=True,
    words=(b".aws.", b".azcollection.", b".cloud.", b".core.", b"hcloud.", b"community.", b"ec2_", b"s3_", b"rds_", b"iam_", b"elb_", b"gcp_",
           b"azure_rm_", b"os_", b"vmware_", b"cloudflare_", b"cloudformation", b"route53", b"k8s", b"helm", b"terraform", b"add_host",
           b"delegate_to", b"shell", b"command", b"cmd"),
)  # fmt: skip
ANSIBLE_INVENTORY = Extractor(
    name="ansible-inventory", run=inventory, names=frozenset({"inventory", "hosts", "inventory.ini", "hosts.ini", "inventory.cfg"})
)
ANSIBLE_GALAXY = Extractor(
    name="ansible-galaxy",
    run=collection,
    suffixes=_YAML,
    places=("/galaxy.y", "/meta/main.y"),
    within=re.compile(r"(^|/)galaxy\.ya?ml$|^meta/main\.ya?ml$"),
)
ANSIBLE_TASKS = Extractor(name="ansible-tasks", run=role_tasks, suffixes=_YAML, places=("/tasks/",), within=re.compile(r"(^|/)tasks/"))
ANSIBLE_REQUIREMENTS = Extractor(
    name="ansible-requirements", run=requirements, names=frozenset({"requirements.yml", "requirements.yaml"}), words=(b"name:", b"src:")
)
ANSIBLE_FILES = (ANSIBLE, ANSIBLE_MODULES, ANSIBLE_INVENTORY, ANSIBLE_GALAXY, ANSIBLE_TASKS, ANSIBLE_REQUIREMENTS)
