"""Version constraints as Terraform writes them."""

from __future__ import annotations

import re


def allows(constraint: str, version: str) -> bool:
    """Whether a version fits a constraint; False for one that is not understood."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    text = re.sub(r"~>\s*(\d+)\s*(?=,|$)", r">=\1,<=\1.999999", constraint).replace("~>", "~=")
    try:
        return version in SpecifierSet(re.sub(r"(^|,)\s*=?\s*(?=\d)", r"\1==", text))
    except InvalidSpecifier:
        return False


def npm_range(constraint: str) -> str:
    """A constraint as the setup actions take it: npm's ranges, where `~> 1.3` means what `>=1.3 <2` does.

    Source: https://github.com/hashicorp/setup-terraform (inputs, terraform_version)
    """

    def pessimistic(match: re.Match[str]) -> str:
        parts = match[1].split(".")
        upper = [*map(int, parts[:-1] or parts)]
        upper[-1] += 1
        return f">={match[1]} <{'.'.join(map(str, upper))}"

    return re.sub(r"\s*,\s*", " ", re.sub(r"~>\s*([\d.]+)", pessimistic, constraint)).strip()
