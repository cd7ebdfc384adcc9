"""Which trees count as use, by path alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.collect.git.classify import Classification


def roles(*paths: str, **options: object) -> dict[str, str]:
    """The role of each path, in a repository of these and enough other files to be no collection of examples."""
    bulk = [f"infra/{n}/main.tf" for n in range(30)]
    classification = Classification("shop", [*paths, *bulk], **options)  # type: ignore[arg-type]
    return {path: classification.role(path) for path in paths}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("infra/main.tf", ""), ("main.tf", ""), (".github/workflows/x.yml", ""), ("docs/x.md", "documentation"), ("a/Docs/x.yaml", "documentation"),
        ("tests/main.tf", "test"), ("a/fixtures/b/c.yaml", "test"), ("molecule/default/x.yml", "test"), ("examples/vpc/main.tf", "example"),
        ("modules/vpc/examples/a/main.tf", "example"), ("vendor/a/b.tf", "vendored"), ("node_modules/x/package.json", "vendored"),
        (".terraform/modules/x/main.tf", "vendored"), ("charts/a/charts/b/Chart.yaml", "vendored"), ("charts/b/Chart.yaml", ""),
        ("dist/x.yaml", "generated"), ("skeleton/main.tf", "skeleton"), ("{{cookiecutter.name}}/main.tf", "skeleton"), ("a/${{values.x}}/b.yaml", "skeleton"),
        ("archive/old/main.tf", "archive"), ("testing.tf", ""), ("latest/main.tf", ""), ("contest/x.yaml", ""), ("test.yaml", ""),
        ("docs/examples/main.tf", "documentation"), ("tests/vendor/x.tf", "test"), ("a/test_pod.yaml", "test"), ("a/bad-resource.yaml", "test"),
        ("a/test-eu.yaml", ""), ("values-test.yaml", ""), ("a/resource.yaml", ""),
    ],
)  # fmt: skip
def test_roles(path: str, role: str) -> None:
    assert roles(path)[path] == role


def test_an_environment_called_test_is_use() -> None:
    found = roles("envs/test/main.tf", "live/test/main.tf", "a/test/main.tf", "a/prod/main.tf", "b/test/main.tf")
    assert found["envs/test/main.tf"] == ""
    assert found["a/test/main.tf"] == "", "beside `prod`, it is one environment among others"
    assert found["b/test/main.tf"] == "test"


def test_what_a_template_copies_is_no_use() -> None:
    found = roles(
        "templates/web/template.yaml", "templates/web/skeleton/k8s.yaml", "templates/web/content/main.tf", "templates/web/readme.yaml"
    )
    assert found == {
        "templates/web/template.yaml": "", "templates/web/skeleton/k8s.yaml": "skeleton", "templates/web/content/main.tf": "skeleton",
        "templates/web/readme.yaml": "",
    }  # fmt: skip


def test_where_examples_are_all_there_is_they_are_the_content() -> None:
    paths = [f"examples/{n}/main.tf" for n in range(30)]
    classification = Classification("shop", paths)
    assert {classification.role(path) for path in paths} == {""}


def test_a_program_with_examples_keeps_them_aside() -> None:
    paths = ["go.mod", *(f"examples/{n}/main.tf" for n in range(30))]
    classification = Classification("shop", paths)
    assert classification.role(paths[1]) == "example"


def test_the_estate_file_has_the_last_word() -> None:
    found = roles("tests/live/main.tf", "infra/old/main.tf", use=["tests/live/*"], exclude={"infra/old/*": "left out by robin"})
    assert found == {"tests/live/main.tf": "", "infra/old/main.tf": "excluded"}


def test_what_is_set_aside_is_told_once_a_tree_with_its_reason() -> None:
    paths = ["docs/a.md", "docs/b/c.md", "infra/main.tf", "a/tests/x.tf", "infra/old/y.tf"]
    classification = Classification(
        "shop", [*paths, *(f"infra/{n}/main.tf" for n in range(9))], exclude={"infra/old/*": "left out by robin"}
    )
    for path in paths:
        classification.role(path)
    told = {(fact.role, fact.path, fact.files): fact.reason for fact in classification.set_aside()}
    assert told == {
        ("documentation", "docs", 2): "named as documentation", ("test", "a/tests", 1): "named as tests or their fixtures",
        ("excluded", "infra/old/*", 1): "left out by robin",
    }  # fmt: skip
    assert classification.used == ["infra/main.tf"]


NAMES = st.sampled_from(
    [
        "a",
        "docs",
        "test",
        "prod",
        "charts",
        "examples",
        "{{x}}",
        "vendor",
        "src",
        "envs",
        "content",
        "template.yaml",
        "dist",
        "test-eu",
        "prod-eu",
    ]
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=5).map("/".join), min_size=1, unique=True)


@given(PATHS, st.randoms(use_true_random=False))
def test_the_order_of_paths_is_of_no_account(paths: list[str], chosen: random.Random) -> None:
    """Neither that of the tree, nor that in which roles are asked for."""
    files = [f"{path}/main.tf" for path in paths]
    shuffled = files[:]
    chosen.shuffle(shuffled)
    one, other = Classification("shop", files), Classification("shop", shuffled)
    roles = {path: one.role(path) for path in files}
    chosen.shuffle(shuffled)
    assert {path: other.role(path) for path in shuffled} == roles
    assert other.set_aside() == one.set_aside()
    assert sorted(other.used) == sorted(one.used)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "docs", "test", "prod", "charts", "examples", "{{x}}", "vendor", "src"]), min_size=1, max_size=5
        ).map("/".join),
        min_size=1,
    )
)
def test_a_tree_has_one_role_from_its_root_down(paths: list[str]) -> None:
    """Whatever is below a directory that is set aside is set aside with it, and every file is counted once."""
    files = [f"{path}/f{n}.yaml" for n, path in enumerate(paths)]
    classification = Classification("shop", files)
    found = {path: classification.role(path) for path in files}
    aside = classification.set_aside()
    assert sum(fact.files for fact in aside) + len(classification.used) == len(files)
    for fact in aside:
        assert all(role == fact.role for path, role in found.items() if path.startswith(fact.path + "/"))
