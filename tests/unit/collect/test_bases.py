"""Kustomize bases: what a build takes in is delivered with it; what none takes in is put to use by nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assess.collect.git.collector import collect_repository
from assess.request import Request
from assess.run import assess

APP = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
OTHER = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: other}
spec: {source: {repoURL: "https://git.example.org/acme/other.git", path: deploy}, syncPolicy: {automated: {}}}
"""
BUILT = {
    "base/kustomization.yaml": "resources: [app.yaml]\n",
    "base/app.yaml": APP,
    "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
}


def _units(path: Path) -> dict[str, tuple[int, int]]:
    return {f"{u.kind} {u.path}": u.declared for u in assess(Request(), [collect_repository(path, "shop")]).units}


def test_an_application_for_something_else_hides_no_build_made_by_hand(repository: Callable[..., Path]) -> None:
    assert _units(repository(BUILT))["manifests overlays/prod"] == (2, 2)
    assert _units(repository(BUILT | {"argo/other.yaml": OTHER}, "beside"))["manifests overlays/prod"] == (2, 2)


def test_a_base_that_no_build_takes_in_is_no_unit(repository: Callable[..., Path]) -> None:
    unused = {"unused/base/kustomization.yaml": "resources: [app.yaml]\n", "unused/base/app.yaml": APP}
    assert not [name for name in _units(repository(BUILT | unused | {"argo/other.yaml": OTHER})) if "unused" in name]
