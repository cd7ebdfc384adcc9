"""What a repository is for: a program and what it ships for its users is nobody's operation."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.model.fact import ApiRequest, HelmChart, Portal, Repository
from tests.worlds import commit

SOURCE = {"go.mod": "module acme\n", **{f"pkg/p{n}/main.go": "package p\n" for n in range(24)}}
PLUGINS = {"package.json": "{}", **{f"plugins/p{n}/src/index.ts": "export {}\n" for n in range(24)}}
API = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: shops.acme.io}\nspec: {group: acme.io}\n"
REQUEST = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: load}\nspec: {components: []}\n"
CHART = {"charts/acme/Chart.yaml": "apiVersion: v2\nname: acme\nversion: 1.0.0\n"}
PORTAL = {
    "app-config.yaml": "app: {title: Portal}\nbackend: {baseUrl: https://portal.example.com}\n",
    "packages/app/package.json": '{"dependencies": {"@backstage/core-app-api": "^1.0.0", "@backstage/plugin-scaffolder": "^1.0.0"}}',
}


def job(*lines: str) -> dict[str, str]:
    steps = "".join(f"      - run: {line}\n" for line in lines)
    return {".github/workflows/ship.yml": f"on: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"}


def kinds(path: Path, files: dict[str, str]) -> set[type]:
    commit(path, files)
    facts = collect_repository(path, "acme").facts
    assert [fact.purpose for fact in facts if isinstance(fact, Repository)] == ["software"]
    return {type(fact) for fact in facts} & {ApiRequest, HelmChart, Portal}


@pytest.mark.parametrize(("api", "kept"), [({"manifests/crd.yaml": API}, set()), ({}, {HelmChart})])
def test_an_operators_chart_is_how_it_is_shipped(tmp_path: Path, api: dict[str, str], kept: set[type]) -> None:
    assert kinds(tmp_path / "r", {**SOURCE, **CHART, **api, **job("helm push acme-1.0.0.tgz oci://registry.example.com/charts")}) == kept


@pytest.mark.parametrize(("api", "kept"), [({"manifests/crd.yaml": API}, set()), ({}, {ApiRequest})])
def test_what_asks_for_a_programs_own_api_tries_it_out(tmp_path: Path, api: dict[str, str], kept: set[type]) -> None:
    assert kinds(tmp_path / "r", {**SOURCE, **api, "tools/load/app.yaml": REQUEST}) == kept


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("yarn npm publish",), set()),
        (("yarn npm publish", "docker push registry.example.com/portal"), {Portal}),
        (("yarn npm publish", "kubectl apply -f deploy/"), {Portal}),
        (("yarn build",), {Portal}),
    ],
)
def test_a_portal_among_published_plugins_only_tries_them_out(tmp_path: Path, lines: tuple[str, ...], kept: set[type]) -> None:
    assert kinds(tmp_path / "r", {**PLUGINS, **PORTAL, **job(*lines)}) == kept
