"""Configuration of machines: Ansible, Puppet, Chef, Salt, Nix, Talos, cloud-init, dotbot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.definitions import Anchor, Piece
from assess.collect.git.extract.objects import dig, items, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.settle import Inventory, Remote
from assess.model.fact import Command, Fact, Procedure
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError


def playbook(file: File) -> Iterator[Fact | Gap | Part]:
    """A playbook: a list of plays, of which at least one names hosts or imports another playbook.

    Source: https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_intro.html
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        if not re.search(r"(^|/)templates/", file.path):
            yield file.unreadable(error, "Definition", under=file.directory)
        return
    within = re.search(r"(^|/)(tasks|handlers|roles/[^/]+)/", file.path)
    for document in documents[:1] if not within else ():
        plays = document.value if isinstance(document.value, list) else []
        found = [(index, key) for index, play in enumerate(plays) if (key := _play(play))]
        if found:
            yield Piece(file.path, file.at(document.line(*found[0])), "ansible", "configuration", file.directory)


_REACHES_OUT = re.compile(
    rb"(?m)^[ \t]+(?:-[ \t]+)?(?:(?:amazon|community)\.aws\.\w+|azure\.azcollection\.\w+|google\.cloud\.\w+|kubernetes\.core\.\w+"
    rb"|openstack\.cloud\.\w+|hetzner\.hcloud\.\w+|community\.(?:vmware|digitalocean|okd|dns|proxmox|hashi_vault)\.\w+"
    rb"|community\.general\.(?:terraform|proxmox\w*)|(?:ec2|s3|rds|iam|elb|gcp|azure_rm|os|vmware|cloudflare)_\w+|cloudformation"
    rb"|route53|k8s|helm|terraform|add_host|delegate_to)[ \t]*:"
    rb"|(?:shell|command|cmd)[ \t]*:[^\n]*\b(?:kubectl|oc|helm|aws|az|gcloud|terraform|ssh)[ \t]"
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
    if any(isinstance(document.value, list) for document in _documents(file)):
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
    for document in _documents(file):
        key = "namespace" if file.name.startswith("galaxy") else "galaxy_info"
        root = file.directory if key == "namespace" else "."
        if dig(document.value, key) and (key == "namespace" or re.fullmatch(r"meta/main\.ya?ml", file.path)):
            yield Piece(file.path, file.at(document.line(key)), "ansible", "configuration", root)


def puppet(file: File) -> Iterator[Fact | Gap | Part]:
    """The manifest's catalog: all below the directory that holds `manifests`, `modules` or `site`.

    Source: https://www.puppet.com/docs/puppet/latest/dirs_manifest.html
    """
    if found := _PUPPET.search(file.content):
        root = re.split(r"(?:^|/)(?:manifests|modules|site|site-modules)/", f"{file.directory}/")[0]
        line = file.line_of(found.start())
        yield Piece(file.path, file.at(line), "puppet", "configuration", root.rstrip("/") or ".", "puppet")


_PUPPET = re.compile(rb"(?m)^[ \t]*(?:class|node|define|include|package|service|file|\w{1,60}::\w)")


def puppet_control(file: File) -> Iterator[Fact | Gap | Part]:
    """The root of a control repository, with r10k (Puppetfile) and Hiera. Source: https://github.com/puppetlabs/r10k"""
    if file.name == "Puppetfile":
        yield Anchor(file.path, "puppet", file.directory)
        if re.search(rb"(?m)^[ \t]*(?:mod|forge)\b", file.content):
            yield Piece(file.path, file.at(1), "r10k", "configuration", file.directory)
    elif any(items(d.value, "hierarchy") or items(d.value, ":hierarchy") for d in _documents(file)):
        yield Piece(file.path, file.at(1), "hiera", "configuration", file.directory)


def chef(file: File) -> Iterator[Fact | Gap | Part]:
    """A cookbook, counted with its neighbours below `cookbooks/`; a policy of its own.

    Source: https://docs.chef.io/cookbooks/
    """
    if file.name == "Policyfile.rb" or re.search(rb"(?m)^[ \t]*(?:chef_version|depends|supports|name)\b", file.content):
        root = re.split(r"(?:^|/)(?:site-)?cookbooks/", f"{file.directory}/")[0].rstrip("/") or "."
        yield Piece(file.path, file.at(1), "chef", "configuration", root)


def salt(file: File) -> Iterator[Fact | Gap | Part]:
    """A state or a pillar: part of the tree whose top file lies above it.

    Source: https://docs.saltproject.io/en/latest/ref/states/top.html
    """
    pillar = re.search(r"(^|/)pillars?/", file.path)
    family = "salt-pillar" if pillar else "salt"
    if file.name == "top.sls":
        yield Anchor(file.path, family, file.directory)
    root = file.path[: pillar.end() - 1] if pillar else file.path.partition("/")[0] if "/" in file.path else "."
    yield Piece(file.path, file.at(1), family, "configuration", root, family)


def nix(file: File) -> Iterator[Fact | Gap | Part]:
    """The machines of a flake, and Colmena where it deploys them; a flake that only makes shells is none.

    Source: https://nixos.wiki/wiki/Flakes, https://colmena.cli.rs/
    """
    if file.name == "flake.nix":
        yield Anchor(file.path, "nix", file.directory)
    code = re.sub(rb"(?m)^[ \t]*#[^\n]*$", b"", file.content)
    if found := _MACHINES.search(code):
        line = code.count(b"\n", 0, found.start()) + 1
        yield Piece(file.path, file.at(line), "nix", "configuration", file.directory, "nix")
    if found := _COLMENA.search(code):
        line = code.count(b"\n", 0, found.start()) + 1
        yield Piece(file.path, file.at(line), "colmena", "configuration", file.directory, "nix")


_MACHINES = re.compile(rb"\b(nixosConfigurations|darwinConfigurations|homeConfigurations|nixosSystem|nixops|deploy\.nodes)\b")
_COLMENA = re.compile(rb"\bcolmena(?:Hive)?[ \t]*=(?!=)")


def talos(file: File) -> Iterator[Fact | Gap | Part]:
    """The machine configuration of Talos, written out, as a patch, or for talhelper.

    Source: https://www.talos.dev/latest/reference/configuration/
    """
    if _TALOS.search(file.content):
        root = re.split(r"/(?:patches|nodes|controlplane|worker)(?:/|$)", file.directory)[0]
        yield Piece(file.path, file.at(1), "talos", "configuration", root)


_TALOS = re.compile(
    rb"(?m)^machine:[ \t]*\r?\n(?:[^\n]*\n){0,40}?[ \t]+"
    rb"(?:install|kubelet|sysctls|kernel|nodeLabels|features|network|certSANs|type):"
    rb"|^talosVersion:|^apiVersion: v1alpha1\r?\nkind: (?:\w*(?:Volume|Config|Link|Bond|Hostname|Dhcp)\w*)"
)


def cloud_init(file: File) -> Iterator[Fact | Gap | Part]:
    """Configuration for a machine's first boot; one directory of them is one definition.

    Source: https://cloudinit.readthedocs.io/en/latest/explanation/format.html
    """
    line = file.line_of(file.content.find(b"#cloud-config"))
    yield Piece(file.path, file.at(line), "cloud-init", "configuration", file.directory)


def dotbot(file: File) -> Iterator[Fact | Gap | Part]:
    """A script of one's own machine: dotbot's list of directives, run from top to bottom.

    It links, creates and runs; it compares nothing and is told of no wanted state beyond one home directory.
    Source: https://github.com/anishathalye/dotbot#configuration
    """
    directives = {"link", "create", "clean", "shell", "defaults", "plugins", "include"}
    for document in _documents(file):
        tasks = document.value if isinstance(document.value, list) else []
        keys = {str(key) for task in tasks for key in mapping(task)}
        if "link" in keys and keys <= directives | {key for key in keys if key.startswith(("brew", "apt", "git", "sudo"))}:
            step = Command(does="host", tool="dotbot", path=file.directory, line=document.start, text="dotbot: link")
            yield Procedure(at=file.at(document.start), tool="dotbot", name=file.path, form="script", commands=(step,))


def _documents(file: File) -> list[Document]:
    """The first document; none where the file does not parse."""
    try:
        return file.documents()[:1]
    except DocumentError:
        return []


_YAML = (".yaml", ".yml")
ANSIBLE = Extractor(
    name="ansible", run=playbook, suffixes=_YAML,
    marks=re.compile(rb"(?:hosts|import_playbook|- include)[\"']?[ \t]*:"),
)  # fmt: skip
ANSIBLE_MODULES = Extractor(
    name="ansible-modules", run=modules, suffixes=_YAML, marks=_REACHES_OUT,
    words=(b".aws.", b".azcollection.", b".cloud.", b".core.", b"hcloud.", b"community.", b"ec2_", b"s3_", b"rds_", b"iam_", b"elb_", b"gcp_",
           b"azure_rm_", b"os_", b"vmware_", b"cloudflare_", b"cloudformation", b"route53", b"k8s", b"helm", b"terraform", b"add_host",
           b"delegate_to", b"shell", b"command", b"cmd"),
)  # fmt: skip
ANSIBLE_INVENTORY = Extractor(
    name="ansible-inventory", run=inventory, names=frozenset({"inventory", "hosts", "inventory.ini", "hosts.ini", "inventory.cfg"})
)
ANSIBLE_GALAXY = Extractor(
    name="ansible-galaxy", run=collection, suffixes=_YAML, within=re.compile(r"(^|/)galaxy\.ya?ml$|^meta/main\.ya?ml$")
)
PUPPET = Extractor(name="puppet", run=puppet, suffixes=(".pp",))
PUPPET_CONTROL = Extractor(name="puppet-control", run=puppet_control, names=frozenset({"puppetfile", "hiera.yaml"}))
CHEF = Extractor(name="chef", run=chef, names=frozenset({"metadata.rb", "policyfile.rb"}))
SALT = Extractor(name="salt", run=salt, suffixes=(".sls",))
NIX = Extractor(name="nix", run=nix, suffixes=(".nix",), marks=re.compile(_MACHINES.pattern + rb"|\bcolmena|\boutputs\b"))
TALOS = Extractor(
    name="talos", run=talos, suffixes=(*_YAML, ".j2", ".tmpl", ".tftpl", ".gotmpl"),
    words=(b"machine:", b"talosVersion:", b"v1alpha1"), marks=re.compile(rb"(?m)^machine:|^talosVersion:|^apiVersion: v1alpha1"),
)  # fmt: skip
CLOUD_INIT = Extractor(
    name="cloud-init", run=cloud_init, suffixes=(*_YAML, ".cfg", ".tpl", ".tftpl", ".tmpl", ".j2", ".conf", ".txt", ".init"),
    names=frozenset({"user-data", "userdata", "cloud-init"}), words=(b"#cloud-config",), marks=re.compile(rb"\A(?:[ \t\r\n]|##[^\n]*\n)*#cloud-config\b"),
)  # fmt: skip
DOTBOT = Extractor(name="dotbot", run=dotbot, suffixes=_YAML, words=(b"link:",), marks=re.compile(rb"(?m)^-[ \t]+link:"))
CONFIGURATION = (
    ANSIBLE, ANSIBLE_MODULES, ANSIBLE_INVENTORY, ANSIBLE_GALAXY, PUPPET, PUPPET_CONTROL, CHEF, SALT, NIX, TALOS, CLOUD_INIT, DOTBOT,
)  # fmt: skip
