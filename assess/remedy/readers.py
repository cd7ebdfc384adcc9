"""The registry of evidence readers: the name that a scaffold writes, and what reads it."""

from __future__ import annotations

from assess.remedy import terraform
from assess.remedy.evidence import Reader, branch_of

READERS: dict[str, Reader] = {
    "repository.branch": branch_of,
    "terraform.backend_file": terraform.backend_file,
    "terraform.backend_settings": terraform.backend_settings,
    "terraform.clouds": terraform.clouds,
    "terraform.engine": terraform.engine,
    "terraform.environment": terraform.environment,
    "terraform.locked": terraform.locked,
    "terraform.other_providers": terraform.other_providers,
    "terraform.paths": terraform.paths,
    "terraform.private_modules": terraform.private_modules,
    "terraform.region": terraform.region,
    "terraform.variables": terraform.variables,
    "terraform.version": terraform.version,
    "terraform.workspace": terraform.workspace,
}
