"""Which Kubernetes objects a file holds, and what of a template that is no YAML yet."""

from __future__ import annotations

import pytest

from assess.policy.formats.source import Read, Source, Unreadable
from assess.policy.formats.yaml import read_objects

BROKEN = "a: [\n"


def objects(text: str) -> list[Read]:
    """The objects of one file."""
    return read_objects([Source("a.yaml", text.encode())])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n- {kind: Pod}\n- 1\n", ["v1 Pod"]),
        ("apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- {apiVersion: v2, kind: Job}\n", ["v1 Pod", "v2 Job"]),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: apps/v1, kind: DeploymentList, items: [{spec: {}}]}\n",
            ["apps/v1 Deployment"],
        ),
        ("apiVersion: v1\nkind: PodList\nitems: []\n", []),
        ("apiVersion: x/v1\nkind: AllowList\nitems: [a, b]\n", ["x/v1 AllowList"]),
        ("apiVersion: x/v1\nkind: AllowList\nspec: {}\n", ["x/v1 AllowList"]),
    ],
)
def test_the_items_of_a_list_are_objects_of_their_own(text: str, kinds: list[str]) -> None:
    assert [f"{read.value['apiVersion']} {read.value['kind']}" for read in objects(text)] == kinds


def test_an_item_of_a_list_stands_where_it_is_written() -> None:
    read = objects("apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n- metadata:\n    name: b\n")[1]
    assert [read.place(path)[1].line for path in ((), ("kind",), ("metadata", "name"))] == [6, 6, 7]


@pytest.mark.parametrize("line", ["b: {{ .Values.b }}", "b: 1 # {{ b }}", "<% if b %>", "{% if b %}"])
def test_a_template_that_is_no_yaml_yet_has_no_objects(line: str) -> None:
    assert objects(f"{BROKEN}{line}\n") == []


@pytest.mark.parametrize("line", ["# {{ .Values.b }}", "  \t# see <% b %>", "b: 1"])
def test_what_only_talks_of_a_template_is_none(line: str) -> None:
    with pytest.raises(Unreadable):
        objects(f"{line}\n{BROKEN}")


@pytest.mark.parametrize(
    "text",
    ["[" * 300, "- []\n" * 100_001 + "- !a b\n", "#" * 8_000_001, '{"a":' * 300 + "1" + "}" * 300],
    ids=["deep", "collections", "large", "json"],
)  # fmt: skip
def test_what_is_over_a_cap_is_told_of_a_template_too(text: str) -> None:
    told = "{{ a }}: {{ b }}"
    with pytest.raises(Unreadable, match=r"larger|more than|deeper"):
        objects(f"{text}\n# a comment\n'{told}'" if not text.startswith("{") else text.replace("1", f'"{told}"'))
