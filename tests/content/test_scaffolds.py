"""Every scaffold that ships: it checks, it is linked with its rules both ways, and its files are the golden ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from assess.collect.collector import collect
from assess.collect.link.estate import link
from assess.content import load
from assess.remedy import write as writer
from assess.remedy.library import load_library
from assess.remedy.plan import World, plan
from assess.remedy.render import before, render
from assess.remedy.tree import CommitTree
from assess.remedy.validate import VALIDATORS, check
from assess.request import Request
from assess.run import assess
from tests.conftest import ROOT
from tests.worlds import commit

CASES = sorted((ROOT / "remediation").glob("*/*/golden/*/world.yaml"))
NAMES = [f"{case.parents[2].name}/{case.parent.name}" for case in CASES]


def rendered(case: Path, at: Path) -> dict[str, bytes]:
    """What the plan of a golden world writes, and what it tells a person, by path."""
    world = yaml.safe_load(case.read_text())
    repository = commit(at / "shop", world["files"], remote=world["remote"])
    request = Request(targets=(str(repository),))
    seen = collect(request)
    assessment, estate = assess(request, seen), link(seen)
    target = assessment.targets[0]
    tree = CommitTree(repository, target.label, target.commit)
    answers = writer.answers(tree.read(writer.PARAMS), writer.PARAMS)
    made = plan(assessment, World(target, estate.units, estate.facts, tree, answers), load_library(), date(2026, 11, 21))
    assert made.steps, f"{case}: {made.blocked}"
    files = render(made.steps, load_library())
    told = "".join(f"{line}\n" for step in made.steps for line in before(step, load_library()))
    return {**writer.contents(made.steps, files, at / "nothing"), "before.txt": told.encode()}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_golden_world_renders_its_golden_files(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    found = rendered(case, tmp_path)
    expected = case.parent / "expected"
    if pytestconfig.getoption("--update-golden"):
        for path, content in found.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(content)
    golden = {p.relative_to(expected).as_posix(): p.read_bytes() for p in expected.rglob("*") if p.is_file()}
    assert found == golden


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_golden_files_pass_every_validator_their_scaffold_names(case: Path, need_tool: Callable[[str], Path]) -> None:
    need_tool("actionlint")
    workflows = sorted((case.parent / "expected").glob(".github/workflows/*"))
    assert workflows
    for workflow in workflows:
        for name in VALIDATORS:
            checked = check(name, workflow.name, workflow.read_bytes())
            assert (checked.result, checked.detail) == ("pass", ""), workflow


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_action_is_pinned_to_a_commit_and_no_job_has_more_rights_than_it_names(case: Path) -> None:
    for workflow in (case.parent / "expected").glob(".github/workflows/*"):
        text = workflow.read_text()
        value = yaml.safe_load(text)
        assert value["permissions"] == {}
        assert re.findall(r"uses: (.+)", text)
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in re.findall(r"uses: (.+)", text))
        steps = [step for job in value["jobs"].values() for step in job["steps"]]
        assert all("${{" not in step.get("run", "") for step in steps)
        checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
        assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]
        assert value["jobs"]["apply"]["environment"]


def test_each_rule_names_the_scaffold_that_fixes_it_and_each_scaffold_a_rule_that_there_is() -> None:
    rules = {rule.id: rule for rule in load().rules}
    for loaded in load_library().scaffolds.values():
        for fixed in loaded.spec.fixes:
            assert rules[fixed].remedy == loaded.spec.id
            assert set(loaded.spec.units) <= set(rules[fixed].units)


def test_every_pin_is_used_and_every_template_is_named_by_its_scaffold() -> None:
    library = load_library()
    texts = [text for loaded in library.scaffolds.values() for text in loaded.templates.values()]
    used = {action for text in texts for action in re.findall(r'pin\("([^"]+)"\)', text)}
    assert used == set(library.pins.actions)
    for loaded in library.scaffolds.values():
        named = {name for v in loaded.spec.variants for name in (v.before, *(f.template for f in v.files))}
        included = set(re.findall(r'include "([^"]+)"', "\n".join(loaded.templates.values())))
        assert named | included == set(loaded.templates)
        assert list((loaded.root / "golden").glob("*/world.yaml"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("when: 'fact.backend != \"local\"'", "when: 'fact.backned != \"local\"'"),
            "no field 'backned'; did you mean 'backend'?",
        ),
        (("evidence: terraform.engine\n", "evidence: terraform.engin\n"), "no reader 'terraform.engin'; did you mean"),
        (("github/before.txt.j2", "github/befor.txt.j2"), "no template files/github/befor.txt.j2; did you mean"),
        (("validators: [yaml, actionlint]", "validators: [yaml, actionlit]"), "none is called 'actionlit'; did you mean"),
        (("id: delivery/terraform-pipeline", "id: delivery/other"), "the directory says delivery/terraform-pipeline"),
    ],
)
def test_a_scaffold_with_a_mistake_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    import shutil

    from assess.errors import ContentError

    root = tmp_path / "delivery" / "terraform-pipeline"
    shutil.copytree(ROOT / "remediation" / "delivery" / "terraform-pipeline", root)
    text = (root / "scaffold.yaml").read_text()
    assert change[0] in text
    (root / "scaffold.yaml").write_text(text.replace(*change))
    with pytest.raises(ContentError, match=re.escape(problem)) as refused:
        load_library([tmp_path])
    assert f"{root}/scaffold.yaml:" in str(refused.value)
