"""What is read in a repository, one module a sort of file; the tuple is the registry."""

from __future__ import annotations

from assess.collect.git.extract.github import ACTIONS, WORKFLOWS
from assess.collect.git.extract.terraform import TERRAFORM
from assess.collect.git.file import Extractor

EXTRACTORS: tuple[Extractor, ...] = (TERRAFORM, WORKFLOWS, ACTIONS)
