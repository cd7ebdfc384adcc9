"""What a Terraform root says of how it wants to be run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, normpath

from assess.model.target import Location
from assess.remedy.constraint import allows, npm_range
from assess.remedy.evidence import Ask, Blocked, Evidence, Found
from assess.remedy.hcl import Attribute, Block, read

_SUFFIXES = (".tf", ".tofu")
_CLOUDS = {
    "aws": "aws", "awscc": "aws", "azurerm": "azure", "azuread": "azure", "azapi": "azure", "google": "google",
    "google-beta": "google",
}  # fmt: skip
_PLAIN = {
    "archive", "cloudinit", "external", "http", "local", "null", "random", "template", "terraform", "time", "tls", "",
}  # fmt: skip
"""Providers that need no credentials."""
_BACKEND_FILE = re.compile(r"\.tfbackend$|(^|[./_-])backend[\w.-]*\.(hcl|conf|tfvars)$")
_BACKEND_CLOUD = {"s3": "aws", "azurerm": "azure", "gcs": "google"}
_NEEDS = {
    "s3": ("bucket", "key"),
    "azurerm": ("resource_group_name", "storage_account_name", "container_name", "key"),
    "gcs": ("bucket",),
}
"""The settings without which a backend asks; S3's region comes with the credentials, as AWS_REGION.

Source: https://developer.hashicorp.com/terraform/language/backend
"""
_ENVIRONMENTS = re.compile(r"(?:^|[/_-])(prod|production|live|staging|stage|preprod|test|dev|development)(?=$|[/_-])", re.I)


def engine(evidence: Evidence) -> Found | None:
    """terraform or tofu, by the files that only one of them has. Errors: Blocked where Terragrunt runs the root."""
    root = evidence.unit.path
    for directory in _upwards(root):
        if (path := _join(directory, "terragrunt.hcl")) in evidence.tree.paths:
            raise Blocked("Terragrunt runs this root; the scaffold runs Terraform itself.", evidence.at(path, 1))
    for path in (_join(root, ".opentofu-version"), ".opentofu-version", *evidence.files(root, ".tofu")):
        if path in evidence.tree.paths:
            return Found("tofu", (evidence.at(path, 1),))
    lock = _join(root, ".terraform.lock.hcl")
    if line := _line_of(evidence, lock, b"registry.opentofu.org"):
        return Found("tofu", (evidence.at(lock, line),))
    return Found("terraform", (evidence.unit.at,))


def version(evidence: Evidence) -> Found | None:
    """The version to run: a version file's, else our pin where `required_version` allows it, else the constraint."""
    name = evidence.answers["engine"]
    files = [f".{'opentofu' if name == 'tofu' else 'terraform'}-version"]
    for path in (_join(d, f) for d in _upwards(evidence.unit.path) for f in files):
        text = (evidence.tree.read(path) or b"").decode("utf-8", "replace").strip()
        if re.fullmatch(r"\d+\.\d+\.\d+", text):
            return Found(text, (evidence.at(path, 1),))
    pin = evidence.pins.tools[name].version
    for block in _blocks(evidence, "terraform"):
        if (wanted := block.attributes.get("required_version")) and wanted.literal:
            at = (evidence.at(block.path, wanted.line),)
            return Found(pin if allows(wanted.literal, pin) else npm_range(wanted.literal), at)
    return Found(pin, note="remediation/pins.yaml")


def paths(evidence: Evidence) -> Found | None:
    """The root and every local module that it calls, as globs; none for a root at the top, which any change may touch."""
    if evidence.unit.path == ".":
        return Found([], (evidence.unit.at,))
    called = _modules(evidence, evidence.unit.path, {})
    outside = {p: at for p, at in called.items() if not _inside(p, evidence.unit.path)}
    wanted = [evidence.unit.path, *sorted(outside)]
    return Found([f"{path}/**" for path in wanted], (evidence.unit.at, *(outside[path] for path in wanted[1:])))


def clouds(evidence: Evidence) -> Found | None:
    """The clouds of the backend, of the providers and of the resources, with the first place of each."""
    seen: dict[str, Location] = {}
    for block, _ in _backends(evidence):
        if cloud := _BACKEND_CLOUD.get(block.labels[0] if block.labels else ""):
            seen.setdefault(cloud, evidence.at(block.path, block.line))
    for directory in [evidence.unit.path, *sorted(_modules(evidence, evidence.unit.path, {}))]:
        for name, at in _providers(evidence, directory):
            if cloud := _CLOUDS.get(name):
                seen.setdefault(cloud, at)
    return Found(sorted(seen), tuple(seen[cloud] for cloud in sorted(seen)))


def other_providers(evidence: Evidence) -> Found | None:
    """The providers that need credentials which no cloud's sign-in gives."""
    seen: dict[str, Location] = {}
    for directory in [evidence.unit.path, *sorted(_modules(evidence, evidence.unit.path, {}))]:
        for name, at in _providers(evidence, directory):
            if name not in _CLOUDS and name not in _PLAIN:
                seen.setdefault(name, at)
    return Found(sorted(seen), tuple(seen[name] for name in sorted(seen)))


def private_modules(evidence: Evidence) -> Found | None:
    """The modules that are fetched over SSH, for which a runner has no key."""
    seen: dict[str, Location] = {}
    for directory in [evidence.unit.path, *sorted(_modules(evidence, evidence.unit.path, {}))]:
        for block in _blocks(evidence, "module", directory=directory):
            source = block.attributes.get("source")
            if source and re.search(r"^git@|ssh://", source.literal):
                seen.setdefault(source.literal, evidence.at(block.path, source.line))
    return Found(sorted(seen), tuple(seen[name] for name in sorted(seen)))


def region(evidence: Evidence) -> Found | None:
    """The AWS region, where the default provider or the backend has it as a literal."""
    defaults = [b for b in _blocks(evidence, "provider") if b.labels == ("aws",) and "alias" not in b.attributes]
    for block in [*defaults, *(b for b, _ in _backends(evidence) if b.labels == ("s3",))]:
        if (wanted := block.attributes.get("region")) and wanted.literal:
            return Found(wanted.literal, (evidence.at(block.path, wanted.line),))
    return None


def locked(evidence: Evidence) -> Found | None:
    """Whether the root has its own lock file."""
    path = _join(evidence.unit.path, ".terraform.lock.hcl")
    return Found(True, (evidence.at(path, 1),)) if path in evidence.tree.paths else Found(False)


def backend_file(evidence: Evidence) -> Found | None:
    """The one file with backend settings in the root's directory. Errors: Ask where there are several."""
    found = [p for p in evidence.files(evidence.unit.path, "") if _BACKEND_FILE.search(basename(p))]
    if len(found) > 1:
        names = ", ".join(basename(p) for p in found)
        raise Ask(f"Which file holds the backend's settings for this pipeline: {names}?", *(evidence.at(p, 1) for p in found))
    return Found(basename(found[0]), (evidence.at(found[0], 1),)) if found else Found("")


def backend_settings(evidence: Evidence) -> Found | None:
    """The required settings of the backend that neither the block nor its file gives.

    Errors: Blocked where the block uses variables, which Terraform refuses (OpenTofu takes them).
    """
    given: set[str] = set()
    if file := evidence.answers["backend_file"]:
        path = _join(evidence.unit.path, file)
        given = set(read(path, evidence.tree.read(path) or b"").attributes)
    for block, _ in _backends(evidence):
        for name, wanted in block.attributes.items():
            if re.search(r"\b(var|local|data)\.", wanted.text) and evidence.answers["engine"] == "terraform":
                why = f"The backend's `{name}` uses a variable, which Terraform refuses; write it out or leave it open."
                raise Blocked(why, evidence.at(block.path, wanted.line))
        open_ = [name for name in _NEEDS.get(block.labels[0], ()) if name not in given | set(block.attributes)]
        needed = [name for name in open_ if not _spared(name, block)]
        settings = [{"key": name, "variable": _variable(evidence, f"BACKEND_{name}")} for name in needed]
        return Found(settings, (evidence.at(block.path, block.line),) if settings else ())
    return Found([])


def variables(evidence: Evidence) -> Found | None:
    """The input variables without a default that no file which Terraform loads by itself gives a value."""
    given: set[str] = set()
    for path in evidence.files(evidence.unit.path, "terraform.tfvars", ".auto.tfvars"):
        given |= set(read(path, evidence.tree.read(path) or b"").attributes)
    declared = [b for b in _blocks(evidence, "variable") if b.labels and "default" not in b.attributes]
    without = [b for b in declared if b.labels[0] not in given]
    values = [{"name": b.labels[0], "variable": _variable(evidence, b.labels[0]), "secret": _sensitive(b)} for b in without]
    return Found(values, tuple(evidence.at(b.path, b.line) for b in without))


def workspace(evidence: Evidence) -> Found | None:
    """The default workspace. Errors: Ask where the code tells workspaces apart."""
    for path in evidence.files(evidence.unit.path, *_SUFFIXES):
        if line := _line_of(evidence, path, b"terraform.workspace"):
            raise Ask("The code tells workspaces apart: which one does this pipeline apply?", evidence.at(path, line))
    return Found("default")


def environment(evidence: Evidence) -> Found | None:
    """The environment that the root's path names."""
    named = _ENVIRONMENTS.findall(evidence.unit.path)
    return Found(named[-1].lower(), (evidence.unit.at,)) if named else None


def _blocks(evidence: Evidence, *kinds: str, directory: str = "") -> Iterator[Block]:
    for path in evidence.files(directory or evidence.unit.path, *_SUFFIXES):
        if (content := evidence.tree.read(path)) is not None:
            yield from (block for block in read(path, content).blocks if block.kind in kinds)


def _backends(evidence: Evidence) -> Iterator[tuple[Block, Block]]:
    for block in _blocks(evidence, "terraform"):
        yield from ((backend, block) for backend in block.nested("backend"))


def _providers(evidence: Evidence, directory: str) -> Iterator[tuple[str, Location]]:
    """The providers of a directory by name: configured, used by a resource, or required."""
    for block in _blocks(evidence, "provider", "resource", "data", directory=directory):
        word = block.labels[0] if block.labels else ""
        yield word if block.kind == "provider" else word.partition("_")[0], evidence.at(block.path, block.line)
    for block in _blocks(evidence, "terraform", directory=directory):
        for required in block.nested("required_providers"):
            for name, wanted in required.attributes.items():
                source = re.search(r'source\s*=\s*"(?:[^"]*/)?([\w-]+)"', wanted.text)
                yield source[1] if source else name, evidence.at(block.path, wanted.line)


def _modules(evidence: Evidence, directory: str, seen: dict[str, Location]) -> dict[str, Location]:
    """Every local module below a directory's calls, with the call that first names it."""
    for block in _blocks(evidence, "module", directory=directory):
        source = block.attributes.get("source")
        if source and source.literal.startswith(("./", "../")):
            path = normpath(_join(directory, source.literal))
            if path not in seen and not path.startswith("..") and path != evidence.unit.path:
                seen[path] = evidence.at(block.path, source.line)
                _modules(evidence, path, seen)
    return seen


def _sensitive(block: Block) -> bool:
    return block.attributes.get("sensitive", Attribute("", 0)).text == "true"


def _spared(name: str, block: Block) -> bool:
    """The resource group is only needed to look an access key up."""
    return name == "resource_group_name" and bool({"use_azuread_auth", "access_key", "sas_token"} & set(block.attributes))


def _variable(evidence: Evidence, name: str) -> str:
    return f"TF_{re.sub(r'[^A-Za-z0-9]+', '_', f'{slug(evidence.unit.path)}_{name}').upper()}"


def slug(path: str) -> str:
    """A path as a part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "root"


def _line_of(evidence: Evidence, path: str, text: bytes) -> int:
    content = evidence.tree.read(path) if path in evidence.tree.paths else None
    position = content.find(text) if content else -1
    return content.count(b"\n", 0, position) + 1 if content and position >= 0 else 0


def _upwards(path: str) -> Iterator[str]:
    while path not in ("", "."):
        yield path
        path = dirname(path)
    yield "."


def _join(directory: str, name: str) -> str:
    return name if directory == "." else f"{directory}/{name}"


def _inside(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory + "/")
