"""Directories that are set aside by what they are called, and those that only look so."""

from __future__ import annotations

import pytest

from assess.collect.git.classify import Classification

BULK = tuple(f"infra/{n}/main.tf" for n in range(30))


@pytest.mark.parametrize(
    ("path", "beside", "role"),
    [
        ("_examples/a/main.tf", (), "example"),
        (".examples/a/main.tf", (), "example"),
        ("test-fixtures/a/main.tf", (), "test"),
        ("api-tests/main.tf", (), "test"),
        ("usage-examples/app.yaml", (), "example"),
        ("pkg/__data__/x.yaml", (), "test"),
        ("test-cluster/main.tf", ("prod-cluster/main.tf",), ""),
        ("test-cluster/main.tf", ("prod-network/main.tf",), "test"),
        ("clusters/test-eu/main.tf", (), ""),
        ("test/main.tf", ("prod/main.tf",), ""),
        ("test/main.tf", ("prod-tools/main.tf",), "test"),
        ("src/app/template/x.yaml", ("src/app/template.yaml",), ""),
        ("src/app/template/x.yaml", ("src/app/template.yaml", "src/app/template/{{name}}.yaml"), "skeleton"),
        ("web/template/x.yaml", ("web/template.yaml",), "skeleton"),
        ("latest/x.yaml", (), ""),
        ("charts/shop/ci/a-values.yaml", ("charts/shop/Chart.yaml",), "test"),
        ("ci/deploy.yaml", ("charts/shop/Chart.yaml",), ""),
    ],
)
def test_a_directory_is_known_by_its_name_and_its_neighbours(path: str, beside: tuple[str, ...], role: str) -> None:
    assert Classification("shop", [path, *beside, *BULK]).role(path) == role
