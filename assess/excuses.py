"""`idp-assess waiver` and `idp-assess baseline`: what a gate excuses, written into the work tree for review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assess.errors import ExitCode, IncompleteError, UsageError

if TYPE_CHECKING:
    from assess.model.finding import Finding
    from assess.policy.gate.result import GateResult
    from assess.spec.gate import Waiver

waiver_app = typer.Typer(no_args_is_help=True, help="Accept a finding for a time: .idp/waivers.yaml.")
baseline_app = typer.Typer(no_args_is_help=True, help="List what is there when a gate is adopted: .idp/baseline.json.")
Repo = Annotated[Path, typer.Option(help="The work tree.")]
Engines = Annotated[list[str] | None, typer.Option("--engine", help="rego, checkov (default: those with something to read).")]
Packs = Annotated[list[Path] | None, typer.Option("--pack", help="A directory of further policies, as `gate` is given it (repeatable).")]
DAYS = 90


@waiver_app.command("add")
def waiver_add(
    reason: Annotated[str, typer.Option(help="Why it is accepted.")],
    owner: Annotated[str, typer.Option(help="Who answers for it.")],
    fingerprint: Annotated[str, typer.Option(help="The finding; with --from its first characters do.")] = "",
    policy: Annotated[str, typer.Option(help="A policy id, or a glob; with --path or --address.")] = "",
    path: Annotated[str, typer.Option(help="A path, or a glob.")] = "",
    address: Annotated[str, typer.Option(help="The place within the file, or a glob.")] = "",
    result: Annotated[Path | None, typer.Option("--from", help="What `gate --format json` printed.")] = None,
    expires: Annotated[str, typer.Option(help=f"The last day, YYYY-MM-DD; default: in {DAYS} days.")] = "",
    ticket: Annotated[str, typer.Option(help="Where it is tracked.")] = "",
    approved_by: Annotated[str, typer.Option(help="Who agreed.")] = "",
    id: Annotated[str, typer.Option(help="Default: the next W-number.")] = "",
    repo: Repo = Path(),
) -> None:
    """Add a waiver to .idp/waivers.yaml; everything else in it stays as it is. It counts once it is on the base branch."""
    from assess.commands import write_all
    from assess.policy.gate.waiver_text import added, next_id
    from assess.report.text import plain
    from assess.spec.gate import WAIVERS_FILE, Waiver

    file = repo / WAIVERS_FILE
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    today = _today()
    values: dict[str, Any] = {"policy": policy, "path": path, "address": address, "fingerprint": fingerprint}
    note = ""
    if result is not None:
        found = _found(result, values)
        values = {"policy": found["policy"], "fingerprint": found["fingerprint"]}
        note = plain(f"{found['at']['path']} {found['address']}: {found['message']}")
    values |= {
        "id": id or next_id(text), "reason": reason, "owner": owner, "created": today, "ticket": ticket, "approved_by": approved_by,
        "expires": expires or today + timedelta(days=DAYS),
    }  # fmt: skip
    waiver = _valid(Waiver, values)
    write_all({file: added(text, waiver, note).encode()})
    typer.echo(f"{file}: {waiver.id} until {waiver.expires}; it counts once it is on the base branch.")


@waiver_app.command("list")
def waiver_list(
    format: Annotated[str, typer.Option("--format", "-f", help="terminal, json.")] = "terminal",
    repo: Repo = Path(),
) -> None:
    """Say of every waiver in the work tree where it stands, and what is wrong with it."""
    from assess.report.text import plain

    if format not in ("terminal", "json"):
        raise UsageError(f"no format '{format}'", fix="One of: terminal, json.")
    rows = list(_rows(repo))
    if format == "json":
        import orjson

        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        waiver = row["waiver"]
        selects = " ".join(f"{key} {waiver[key]}" for key in ("policy", "path", "address", "fingerprint", "repository") if waiver.get(key))
        typer.echo(plain(f"{waiver['id']}  {row['standing']}  ({waiver['owner']})  {selects}"))
        for line in (waiver["reason"], *row["problems"]):
            typer.echo(f"    {plain(line)}")
    if not rows:
        typer.echo("no waivers")


@waiver_app.command("prune")
def waiver_prune(
    unused: Annotated[bool, typer.Option("--unused", help="Also those that excuse nothing of all that HEAD holds.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where one would go.")] = False,
    pack: Packs = None,
    repo: Repo = Path(),
) -> None:
    """Take expired waivers out of .idp/waivers.yaml; comments and the others stay as they are."""
    from assess.commands import write_all
    from assess.policy.gate.waiver_text import without
    from assess.spec.gate import WAIVERS_FILE

    gone = {row["waiver"]["id"]: row["standing"] for row in _rows(repo) if row["expired"]}
    if unused:
        from assess.gate import gate

        told = gate(repo, head="HEAD", packs=tuple(pack or ()), whole=True).judged
        gone |= {one.finding.address: "excuses nothing" for one in told if one.finding.policy == "GATE-006"}
    here = {row["waiver"]["id"] for row in _rows(repo)}
    gone = {id: why for id, why in gone.items() if id in here}
    for id, why in gone.items():
        typer.echo(f"{id}: {why}")
    if gone and not check:
        file = repo / WAIVERS_FILE
        write_all({file: without(file.read_text(encoding="utf-8"), gone).encode()})
    typer.echo(f"{len(gone)} {'would be' if check else 'were'} taken out", err=True)
    raise typer.Exit(ExitCode.FAILED if check and gone else ExitCode.PASSED)


@baseline_app.command("write")
def baseline_write(
    engine: Engines = None,
    pack: Packs = None,
    repo: Repo = Path(),
) -> None:
    """Write .idp/baseline.json with all that the gate would fail HEAD for; once, when the gate is adopted."""
    _baseline(repo, tuple(engine or ()), tuple(pack or ()), first=True, accept="")


@baseline_app.command("update")
def baseline_update(
    accept: Annotated[str, typer.Option(metavar="REASON", help="Let it grow by what is new, and say why.")] = "",
    engine: Engines = None,
    pack: Packs = None,
    repo: Repo = Path(),
) -> None:
    """Take out of .idp/baseline.json what HEAD has mended. Exit 1 where HEAD has findings that are not in it."""
    _baseline(repo, tuple(engine or ()), tuple(pack or ()), first=False, accept=accept)


def _baseline(repo: Path, engines: tuple[str, ...], packs: tuple[Path, ...], *, first: bool, accept: str) -> None:
    from assess.commands import write_all
    from assess.gate import gate
    from assess.policy.gate.asking import was_asked
    from assess.policy.gate.baseline import baseline_text, renewed
    from assess.spec.gate import BASELINE_FILE, BaselineFile
    from assess.spec.strict import read_file

    file = repo / BASELINE_FILE
    if first and file.is_file():
        raise UsageError("there is a baseline already", str(file), "Shrink it with `idp-assess baseline update`.")
    if not first and not file.is_file():
        raise UsageError("there is no baseline", str(file), "Make the first with `idp-assess baseline write`.")
    old = None if first else read_file(file, BaselineFile)
    result = gate(repo, head="HEAD", engines=engines, packs=packs, whole=True, baseline=False)
    new = renewed(old, _failing(result, repo), _today(), accept, was_asked(result.policies, engines))
    write_all({file: baseline_text(new.file)})
    let_in = len(new.file.findings) - new.kept
    typer.echo(f"{file}: {new.kept} kept, {len(new.gone)} mended and taken out, {let_in} added")
    left = [] if let_in else new.new
    for finding in left[:20]:
        typer.echo(f"not in it: {finding.policy} {finding.at.path}:{finding.at.line}", err=True)
    raise typer.Exit(ExitCode.FAILED if left else ExitCode.PASSED)


def _failing(result: GateResult, repo: Path) -> Iterator[Finding]:
    """The findings of HEAD that the gate would hold against it, were there no baseline.

    Errors: IncompleteError where something has no verdict: what is not seen cannot be listed, and would be taken for mended.
    """
    from assess.policy.gate.notices import NAME
    from assess.policy.gate.result import Action, State

    if blind := result.of(State.INCOMPARABLE):
        first = blind[0].finding
        fix = "Mend it, or state in .idp/gate.yaml what share must be seen (`minimum_coverage`)."
        raise IncompleteError(
            f"{len(blind)} places have no verdict; first: {first.at.path or first.engine}: {first.message}", str(repo), fix
        )
    for one in result.of(State.NEW):
        if one.finding.engine != NAME and one.action is not Action.REPORT:
            yield one.finding


def _rows(repo: Path) -> Iterator[dict[str, Any]]:
    from assess.policy.gate.trusted import waiver_lines
    from assess.policy.gate.waivers import Waivers
    from assess.spec.gate import GATE_FILE, WAIVERS_FILE, GateFile, WaiverFile
    from assess.spec.strict import parse, read_file

    file, settings = repo / WAIVERS_FILE, repo / GATE_FILE
    if not file.is_file():
        return
    text = file.read_bytes()
    found = parse(text, WAIVERS_FILE, WaiverFile)
    limits = (read_file(settings, GateFile) if settings.is_file() else GateFile()).waivers
    waivers = Waivers(found.waivers, limits, repo.resolve().name, _today())
    lines = waiver_lines(text, found)
    for one in found.waivers:
        alone = Waivers((one.model_copy(update={"repository": ""}),), limits, waivers.label, waivers.today)
        yield {
            "waiver": one.model_dump(mode="json", exclude_defaults=True), "standing": waivers.standing(one), "line": lines[one.id],
            "expired": waivers.last_day(one) < waivers.today,
            "problems": [f"{finding.policy}: {finding.message}" for finding in alone.notices()],
        }  # fmt: skip


def _found(result: Path, wanted: dict[str, str]) -> Any:
    """The one finding of a gate's JSON that fits. Errors: UsageError where none does, or several."""
    import orjson

    try:
        judged = orjson.loads(result.read_bytes())["result"]["judged"]
        found = [one["finding"] for one in judged]
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError("is not what `gate --format json` prints", str(result)) from None
    prefix = wanted["fingerprint"] if wanted["fingerprint"].startswith("v1:") else f"v1:{wanted['fingerprint']}"
    fits = [
        one for one in found
        if one["fingerprint"].startswith(prefix) and (not wanted["policy"] or one["policy"] == wanted["policy"])
        and (not wanted["path"] or one["at"]["path"] == wanted["path"]) and (not wanted["address"] or one["address"] == wanted["address"])
    ]  # fmt: skip
    if len(fits) != 1 or not any(wanted.values()):
        places = ", ".join(f"{one['policy']} {one['at']['path']}:{one['at']['line']} {one['fingerprint'][:15]}" for one in fits[:5])
        raise UsageError(
            f"{len(fits)} findings fit", str(result), f"Say which: {places}" if fits else "Name its fingerprint, policy or path."
        )
    return fits[0]


def _valid(model: type[Waiver], values: dict[str, Any]) -> Waiver:
    from assess.spec.document import Document
    from assess.spec.strict import validate

    return validate(Document(values, 1), "waiver", model)


def _today() -> date:
    return datetime.now(UTC).date()
