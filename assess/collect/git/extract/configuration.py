"""Configuration of machines: Puppet, Chef, Salt, Nix, Talos, cloud-init, dotbot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.definitions import Anchor, Packages, Piece
from assess.collect.git.extract.objects import items, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Command, Definition, Fact, Procedure, ToolMarker
from assess.model.gap import Gap


def puppet(file: File) -> Iterator[Fact | Gap | Part]:
    """The manifest's catalog: all below the directory that holds `manifests`, `modules` or `site`.

    Source: https://www.puppet.com/docs/puppet/latest/dirs_manifest.html
    """
    if found := _PUPPET.search(file.content):
        root = re.split(r"(?:^|/)(?:manifests|modules|site|site-modules)/", f"{file.directory}/")[0].rstrip("/") or "."
        line = file.line_of(found.start())
        yield Piece(file.path, file.at(line), "puppet", "configuration", root, "puppet")
        if re.search(r"(?:^|/)(?:modules|site|site-modules)/[^/]+/manifests/init\.pp$", file.path):
            yield Packages(file.path, "puppet", root, local=1)


_PUPPET = re.compile(rb"(?m)^[ \t]*(?:class|node|define|include|package|service|file|\w{1,60}::\w)")


def puppet_control(file: File) -> Iterator[Fact | Gap | Part]:
    """The root of a control repository, with the modules that r10k brings in (Puppetfile), and the marker of Hiera.

    Source: https://github.com/puppetlabs/r10k/blob/main/doc/puppetfile.mkd
    """
    if file.name == "Puppetfile":
        yield Anchor(file.path, "puppet", file.directory)
        code = re.sub(r"(?m)^[ \t]*#.*$", "", file.text)
        modules = re.split(r"(?m)^[ \t]*mod\b", code)[1:]
        if modules or re.search(r"(?m)^[ \t]*forge\b", code):
            fixed = sum(bool(_FIXED_MODULE.search(module)) for module in modules)
            yield ToolMarker(at=file.at(1), tool="r10k", category="cac")
            yield Piece(file.path, file.at(1), "puppet", "configuration", file.directory, "puppet")
            yield Packages(file.path, "puppet", file.directory, pinned=fixed, unpinned=len(modules) - fixed)
    elif any(items(d.value, "hierarchy") or items(d.value, ":hierarchy") for d in file.parsed()[:1]):
        yield ToolMarker(at=file.at(1), tool="hiera", category="cac")


_FIXED_MODULE = re.compile(
    r"\A[ \t(]*[\"'][^\"'\n]+[\"'][ \t]*,[ \t]*[\"']v?\d[\w.-]*[\"']|:?(?:tag|commit)\b[ \t\"']*(?:=>|:)[ \t]*[\"']"
    r"|:?ref\b[ \t\"']*(?:=>|:)[ \t]*[\"'](?:v?\d+\.|[0-9a-f]{7,40}[\"'])"
)


def chef(file: File) -> Iterator[Fact | Gap | Part]:
    """A cookbook, counted with its neighbours below `cookbooks/`; a policy of its own.

    Source: https://docs.chef.io/cookbooks/
    """
    if file.name == "Policyfile.rb" or re.search(rb"(?m)^[ \t]*(?:chef_version|depends|supports|name)\b", file.content):
        root = re.split(r"(?:^|/)(?:site-)?cookbooks/", f"{file.directory}/")[0].rstrip("/") or "."
        yield Piece(file.path, file.at(1), "chef", "configuration", root)


def salt(file: File) -> Iterator[Fact | Gap | Part]:
    """A state or a pillar: part of the tree whose top file lies above it.

    A formula is a tree of states that is offered to others.
    Source: https://docs.saltproject.io/en/latest/ref/states/top.html, https://docs.saltproject.io/en/latest/topics/development/conventions/formulas.html
    """
    if file.name == "FORMULA":
        yield Anchor(file.path, "salt", file.directory)
        return
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
        yield ToolMarker(at=file.at(line), tool="colmena", category="cac")
        yield Piece(file.path, file.at(line), "nix", "configuration", file.directory, "nix")


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
    for document in file.parsed()[:1]:
        tasks = document.value if isinstance(document.value, list) else []
        keys = {str(key) for task in tasks for key in mapping(task)}
        if "link" in keys and keys <= directives | {key for key in keys if key.startswith(("brew", "apt", "git", "sudo"))}:
            step = Command(does="host", tool="dotbot", path=file.directory, line=document.start, text="dotbot: link")
            yield Procedure(at=file.at(document.start), tool="dotbot", name=file.path, form="script", commands=(step,))


def deployers(file: File) -> Iterator[Fact | Gap | Part]:
    """A program deployed by commands over SSH, one after the other: Capistrano, Deployer.

    Source: https://capistranorb.com/documentation/overview/what-is-capistrano/, https://deployer.org/docs/8.x/basics
    """
    tool = "capistrano" if file.path.lower().endswith("capfile") else "deployer"
    yield Definition(at=file.at(1), tool=tool, path=file.directory, form="configuration", tasks=1, commands=1)


_HOME = {
    "rcrc": "rcm", ".rcrc": "rcm", ".chezmoiroot": "chezmoi", ".chezmoiignore": "chezmoi", ".chezmoiversion": "chezmoi",
    ".chezmoi.toml.tmpl": "chezmoi", ".chezmoi.yaml.tmpl": "chezmoi", ".stowrc": "stow", ".stow-local-ignore": "stow",
}  # fmt: skip


def home_files(file: File) -> Iterator[Fact | Gap | Part]:
    """A script of one's own machine: settings of a program that links or copies a home directory's files into place.

    Source: https://thoughtbot.github.io/rcm/rcrc.5.html, https://www.chezmoi.io/reference/special-files/,
    https://www.gnu.org/software/stow/manual/stow.html#Resource-Files
    """
    tool = _HOME[file.path.rpartition("/")[2].lower()]
    step = Command(does="host", tool=tool, path=file.directory, line=1, text=f"{tool}: link")
    yield Procedure(at=file.at(1), tool=tool, name=file.path, form="script", commands=(step,))


_YAML = (".yaml", ".yml")
PUPPET = Extractor(name="puppet", run=puppet, suffixes=(".pp",))
PUPPET_CONTROL = Extractor(name="puppet-control", run=puppet_control, names=frozenset({"puppetfile", "hiera.yaml"}))
CHEF = Extractor(name="chef", run=chef, names=frozenset({"metadata.rb", "policyfile.rb"}))
SALT = Extractor(name="salt", run=salt, suffixes=(".sls",), names=frozenset({"formula"}))
NIX = Extractor(name="nix", run=nix, suffixes=(".nix",), marks=re.compile(_MACHINES.pattern + rb"|\bcolmena|\boutputs\b"))
TALOS = Extractor(
    name="talos", run=talos, suffixes=(*_YAML, ".j2", ".tmpl", ".tftpl", ".gotmpl"),
    words=(b"machine:", b"talosVersion:", b"v1alpha1"), marks=re.compile(rb"(?m)^machine:|^talosVersion:|^apiVersion: v1alpha1"), by_line=True,
)  # fmt: skip
CLOUD_INIT = Extractor(
    name="cloud-init", run=cloud_init, suffixes=(*_YAML, ".cfg", ".tpl", ".tftpl", ".tmpl", ".j2", ".conf", ".txt", ".init"),
    names=frozenset({"user-data", "userdata", "cloud-init"}), words=(b"#cloud-config",), marks=re.compile(rb"\A(?:[ \t\r\n]|##[^\n]*\n)*#cloud-config\b"),
)  # fmt: skip
DOTBOT = Extractor(name="dotbot", run=dotbot, suffixes=_YAML, words=(b"link:",), marks=re.compile(rb"(?m)^-[ \t]+link:"), by_line=True)
HOME_FILES = Extractor(name="home-files", run=home_files, names=frozenset(_HOME))
DEPLOYERS = Extractor(
    name="deployers", run=deployers, names=frozenset({"capfile", "deploy.php"}), marks=re.compile(rb"capistrano|\bnamespace\s+Deployer\b"),
)  # fmt: skip
CONFIGURATION = (PUPPET, PUPPET_CONTROL, CHEF, SALT, NIX, TALOS, CLOUD_INIT, DOTBOT, HOME_FILES, DEPLOYERS)
