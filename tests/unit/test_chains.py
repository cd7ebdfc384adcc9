"""What a job really does: its commands and those of everything it calls, with the hops that lead there."""

from __future__ import annotations

from assess.collect.link.chains import MAX_HOPS, CallGraph
from assess.model.fact import Call, Command, Procedure
from assess.model.target import Location


def procedure(name: str, *calls: str, runs: str = "", form: str = "script", unresolved: tuple[str, ...] = ()) -> Procedure:
    """A procedure in a file of its name, which calls others on line 2 and runs one command on line 3."""
    commands = (Command(does="apply", tool="terraform", path=runs, line=3, text=f"terraform -chdir={runs} apply"),) if runs else ()
    return Procedure(
        at=Location(target="shop", path=name.partition("#")[0], line=1), name=name, form=form, commands=commands, unresolved=unresolved,
        calls=tuple(Call(name=call, line=2) for call in calls),
    )  # fmt: skip


def reached(*procedures: Procedure) -> list[tuple[str, tuple[str, ...]]]:
    """The path of each command that the first procedure reaches, with its chain."""
    return [(found.command.path, found.chain) for found in CallGraph(procedures).reach(procedures[0])]


def test_the_chain_names_every_hop() -> None:
    found = reached(
        procedure("w.yml#apply", "make:.#deploy", form="job"),
        procedure("make:.#deploy", "go.sh", form="target"),
        procedure("go.sh", runs="infra"),
    )
    assert found == [
        ("infra", ("w.yml:1 job apply", "make:.:1 target deploy", "go.sh:1 script go.sh", "go.sh:3 terraform -chdir=infra apply"))
    ]


def test_ones_own_commands_come_first() -> None:
    assert [
        path
        for path, _ in reached(
            procedure("a", "b", "c", runs="1"), procedure("b", "d", runs="2"), procedure("c", runs="4"), procedure("d", runs="3")
        )
    ] == list("1234")


def test_each_called_one_once_and_loops_end() -> None:
    assert [p for p, _ in reached(procedure("a", "b", "c", "a", runs="1"), procedure("b", "c", "a"), procedure("c", "b", runs="2"))] == [
        "1",
        "2",
    ]


def test_an_open_part_means_everything_that_fits() -> None:
    graph = (
        procedure("a", "bin/deploy-*.sh"),
        procedure("bin/deploy-x.sh", runs="1"),
        procedure("bin/deploy-y.sh", runs="2"),
        procedure("bin/other.sh", runs="3"),
    )
    assert [path for path, _ in reached(*graph)] == ["1", "2"]


def test_a_star_stays_in_its_directory() -> None:
    assert reached(procedure("a", "bin/*.sh"), procedure("lib/x.sh", runs="1")) == []


def test_a_pattern_rule_of_make_is_called_by_a_name_that_fits() -> None:
    assert [
        p
        for p, _ in reached(
            procedure("a", "make:.#deploy-prod"), procedure("make:.#deploy-%", runs="1"), procedure("make:.#%-dev", runs="2")
        )
    ] == ["1"]


def test_the_exact_name_beats_a_pattern() -> None:
    assert [
        p for p, _ in reached(procedure("a", "make:.#deploy"), procedure("make:.#%", runs="1"), procedure("make:.#deploy", runs="2"))
    ] == ["2"]


def test_a_chain_longer_than_can_be_told_is_followed_to_its_end() -> None:
    links = [procedure(f"s{n}", f"s{n + 1}") for n in range(2_000)]
    ((path, chain),) = reached(*links, procedure("s2000", runs="infra"))
    assert path == "infra"
    assert len(chain) == MAX_HOPS + 2
    assert chain[0] == "s0:1 script s0"
    assert chain[-2:] == ("s2000:1 script s2000", "s2000:3 terraform -chdir=infra apply")


def test_what_is_not_here_is_told_wherever_it_is_called() -> None:
    graph = CallGraph([procedure("a", "b"), procedure("b", unresolved=("other/repo/x.yml",)), procedure("c", unresolved=("y",))])
    assert list(graph.unresolved(procedure("a", "b"))) == ["other/repo/x.yml"]
