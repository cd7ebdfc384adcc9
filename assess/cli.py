"""Arguments in, exit code out. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from assess import __version__
from assess.errors import AssessError, ExitCode, UsageError
from assess.excuses import baseline_app, waiver_app

app = typer.Typer(
    name="idp-assess", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Where an organization stands between ClickOps and a self-service platform, with evidence.\n\n"
    "Start with [bold]idp-assess scan .[/bold] in a repository, or name a directory that holds many.",
)  # fmt: skip
pack_app = typer.Typer(no_args_is_help=True, help="Check packs of rules: ours and your own.")
app.add_typer(pack_app, name="pack")
app.add_typer(waiver_app, name="waiver")
app.add_typer(baseline_app, name="baseline")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"idp-assess {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """The options that stand before a command."""


_TARGETS = (
    "Repositories, directories of them, addresses (https://…, ssh://…, git@host:path, file://…), github:ORG, gitlab:GROUP, "
    "kubernetes:CONTEXT, aws:PROFILE."
)

_OPA = "The opa that compiles a pack's policies; default: the one on the PATH."
_OPA_URL = "Evaluate Rego on this OPA server. IDP_ASSESS_OPA_TOKEN: its token; IDP_ASSESS_OPA_CA: a file with its CA."


@app.command()
def scan(
    targets: Annotated[list[str] | None, typer.Argument(help=_TARGETS)] = None,
    estate: Annotated[Path | None, typer.Option(help="The estate file; default: idp-assess.yaml in the first directory named.")] = None,
    targets_file: Annotated[Path | None, typer.Option("--targets", help="A file with one target a line.")] = None,
    rev: Annotated[str, typer.Option(help="The revision to read; default: HEAD of the default branch.")] = "",
    at: Annotated[
        str | None, typer.Option(help="Read each repository as it was then: a date (its end, in UTC) or a time. Not with --rev.")
    ] = None,
    include: Annotated[list[str] | None, typer.Option(help="forks, archived: what a listing leaves out otherwise (repeatable).")] = None,
    credential: Annotated[
        list[str] | None, typer.Option(metavar="HOST=VARIABLE", help="The environment variable with a token for a host (repeatable).")
    ] = None,
    clones: Annotated[
        Path | None, typer.Option(help="Where fetched repositories are kept; default: in the user's cache directory.")
    ] = None,
    pack: Annotated[list[Path] | None, typer.Option(help="A further pack of rules and policies (repeatable).")] = None,
    facts: Annotated[Path | None, typer.Option("--from", help="Judge a facts.jsonl.zst again, without touching a target.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A directory for assessment.json and facts.jsonl.zst.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="What to print: terminal, json, markdown, html.")] = "terminal",
    jobs: Annotated[int, typer.Option(help="Processes that read targets; 0: one a core.", min=0)] = 1,
    cpu_seconds: Annotated[int, typer.Option(help="Processor time that one target may take, in seconds.", min=1)] = 600,
    tau: Annotated[float | None, typer.Option(help="The share of units that must reach a level: above 0.5, at most 1.")] = None,
    cache: Annotated[
        Path | None,
        typer.Option(envvar="IDP_ASSESS_CACHE", help="The directory that keeps results by content; default: in your cache directory."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Read everything anew, and keep nothing.")] = False,
    check: Annotated[list[str] | None, typer.Option(help="rego, checkov: a policy engine to ask (default: rego).")] = None,
    opa: Annotated[str, typer.Option(help=_OPA)] = "",
    opa_url: Annotated[str, typer.Option(help=_OPA_URL)] = "",
) -> None:
    """Place repositories, clusters and accounts on the ladder, with evidence.

    Exit codes: 0 done, 2 usage, 3 a named target could not be read, 4 internal error.
    """
    from assess.commands import run_scan
    from assess.store.content import default_directory

    raise typer.Exit(
        run_scan(
            tuple(targets or ()), estate_file=estate, targets_file=targets_file, output=output, format=format, rev=rev,
            packs=tuple(pack or ()), facts_from=facts, jobs=jobs or os.cpu_count() or 1, cpu_seconds=cpu_seconds, tau=tau,
            checks=tuple(check or ("rego",)), at=at, include=tuple(include or ()), credentials=_credentials(credential or ()), clones=clones,
            cache=None if no_cache else cache or default_directory(), opa=opa, opa_url=opa_url,
        )
    )  # fmt: skip


def _credentials(pairs: Iterable[str]) -> dict[str, str]:
    """Host → variable. Errors: UsageError for what names no variable that is set; not echoed, for it may be the token itself."""
    found = {host.lower(): name for host, _, name in (pair.rpartition("=") for pair in pairs)}
    for host, name in found.items():
        if not re.fullmatch(r"[\w.:\[\]-]+", host) or name not in os.environ:
            fix = "Set an environment variable to the token and give its name: --credential git.example.org=SHOP_TOKEN."
            raise UsageError("--credential is not HOST=VARIABLE with a variable that is set", fix=fix)
    return found


@app.command()
def report(
    assessment: Annotated[Path, typer.Argument(help="An assessment.json that a scan wrote.")],
    format: Annotated[str, typer.Option("--format", "-f", help="terminal, json, markdown, html.")] = "terminal",
) -> None:
    """Render an assessment again, without scanning."""
    from assess.commands import run_report

    raise typer.Exit(run_report(assessment, format))


@app.command()
def explain(
    topic: Annotated[
        list[str] | None, typer.Argument(help="A rule id, fact kind, level, exit code or subject; nothing lists them.")
    ] = None,
    assessment: Annotated[Path, typer.Option(help="The assessment that knows the subject.")] = Path("assessment.json"),
    why_not: Annotated[int | None, typer.Option(help="The level that the subject does not reach.", min=0, max=5)] = None,
    pack: Annotated[list[Path] | None, typer.Option(help="A further pack of rules (repeatable).")] = None,
) -> None:
    """Say what an id means, or why a subject stands where it stands."""
    from assess.explain import explain as explained

    typer.echo(explained(" ".join(topic or ()), assessment_file=assessment, why_not=why_not, packs=tuple(pack or ())))


@app.command()
def plan(
    targets: Annotated[list[str] | None, typer.Argument(help="Repositories, or directories of them.")] = None,
    assessment: Annotated[Path | None, typer.Option(help="Plan from this assessment and the facts file beside it.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="What to print: terminal, json.")] = "terminal",
) -> None:
    """Say what raises a repository to its next level: the cheapest set of scaffolds, and what has to come first."""
    from assess.remediate import run_plan

    raise typer.Exit(run_plan(tuple(targets or ()), assessment_file=assessment, format=format))


@app.command()
def remediate(
    target: Annotated[str, typer.Argument(help="One repository; it is only read.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The directory to write to: a new one, or a work tree.")],
    node: Annotated[list[str] | None, typer.Option(help="Only this step of the plan, by node or path (repeatable).")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file would be written anew.")] = False,
) -> None:
    """Write what the plan says into a directory, after a rescan has shown that it raises the declared level.

    Exit codes: 0 written, 1 drift or a proof that does not hold, 2 usage, 3 a file is in the way or something comes first.
    """
    from assess.remediate import run_remediate

    raise typer.Exit(run_remediate(target, output=output, nodes=tuple(node or ()), check=check))


@app.command()
def gate(
    base: Annotated[str, typer.Option(help="What the change will go to; default: what the pipeline's variables say.")] = "",
    head: Annotated[str, typer.Option(help="The change.")] = "HEAD",
    whole: Annotated[bool, typer.Option("--all", help="Judge all that the head holds, not only what it adds.")] = False,
    config_ref: Annotated[str, typer.Option(help="Take settings, waivers and exclusions from this revision, not from the base.")] = "",
    config_repo: Annotated[Path | None, typer.Option(help="Take them from a clone of another repository.")] = None,
    repo: Annotated[Path, typer.Option(help="The repository; only its objects are read.")] = Path(),
    engine: Annotated[list[str] | None, typer.Option(help="rego, checkov (default: those with something to read).")] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option(help="A directory of further policies; inside of the repository it is that of the base (repeatable)."),
    ] = None,
    opa: Annotated[str, typer.Option(help=_OPA)] = "",
    opa_url: Annotated[str, typer.Option(help=_OPA_URL)] = "",
    cache: Annotated[
        Path | None,
        typer.Option(envvar="IDP_ASSESS_CACHE", help="The directory that keeps verdicts by content; default: in your cache directory."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Judge everything anew, and keep nothing.")] = False,
    plan: Annotated[Path | None, typer.Option(help="What `terraform show -json` says of the plan of the head: judged too.")] = None,
    plan_root: Annotated[str, typer.Option(help="The directory of the repository that was planned.")] = "",
    format: Annotated[
        str, typer.Option("--format", "-f", help="What to print: terminal, json, sarif, junit, markdown, github.")
    ] = "terminal",
    report: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=PATH", help="Also write the result to a file in a format (repeatable).")
    ] = None,
) -> None:
    """Fail a change that adds a finding; say which line, why, and how to mend it.

    What blocks is said by .idp/gate.yaml of the base, never of the change; see docs/gate.md.

    Exit codes: 0 nothing new, 1 something new, 2 usage, 3 something could not be compared, 4 internal error; 1 beats 3.
    """
    from assess.commands import run_gate
    from assess.store.content import default_directory

    raise typer.Exit(
        run_gate(
            repo, base, head=head, engines=tuple(engine or ()), packs=tuple(pack or ()), opa=opa, opa_url=opa_url, format=format,
            reports=tuple(report or ()), whole=whole, config_ref=config_ref, config_repo=config_repo, plan=plan, plan_root=plan_root,
            cache=None if no_cache else cache or default_directory(),
        )
    )  # fmt: skip


@pack_app.command("compile")
def pack_compile(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where what is compiled is stale.")] = False,
    opa: Annotated[str, typer.Option(help="The opa to use; default: the one on the PATH.")] = "",
) -> None:
    """Compile our Rego policies to WebAssembly, with the manifest that says what is in it."""
    from assess.policy.rego.compile import run_compile

    raise typer.Exit(run_compile(check=check, opa=opa))


@pack_app.command("check")
def pack_check(
    packs: Annotated[list[Path] | None, typer.Argument(help="Pack directories; ours is always checked with them.")] = None,
    opa: Annotated[str, typer.Option(help=_OPA)] = "",
) -> None:
    """Load packs and run the examples of every rule and policy. Exit 1 where something does not check."""
    from assess.authoring import check

    raise typer.Exit(check(tuple(packs or ()), opa))


def _named(words: list[str]) -> typer.Typer:
    """The application with the one command that is named, where one is: typer looks at the signature of each that it has."""
    from copy import copy

    found = [one for one in app.registered_commands if one.callback and (one.name or one.callback.__name__) in words]
    if not found:
        return app
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = found, []
    return alone


def main() -> None:
    """The console script: one message for what went wrong, and the exit code that DESIGN section 6 names."""
    import gc

    gc.set_threshold(50_000, 20, 20)  # what a command makes lives until it ends: looking for cycles is a tenth of a short one
    try:
        code = _named(sys.argv[1:2])(standalone_mode=False)  # click hands the code of `typer.Exit` back here instead of ending with it
    except AssessError as error:
        _say(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted", ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001  the process ends here: a fault of ours is told with its lines, and exit 4
        _exit_of(error)
    else:
        if code == ExitCode.INTERRUPTED:  # so does Ctrl-C, without a word
            _say("interrupted", ExitCode.INTERRUPTED)
        sys.exit(code or ExitCode.PASSED)


def _exit_of(error: Exception) -> Any:
    """Click's own usage errors are usage; a closed pipe ends quietly; anything else is a fault of ours."""
    if hasattr(error, "exit_code") and hasattr(error, "format_message"):
        error.show()  # type: ignore[attr-defined]
        sys.exit(ExitCode.USAGE)
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.PASSED)
    import traceback

    traceback.print_exc()
    _say(f"internal error: {type(error).__name__}: {error}\n  Please report this with the lines above.", ExitCode.INTERNAL)


def _say(message: str, code: ExitCode) -> None:
    from assess.report.text import visible

    typer.echo(visible(f"idp-assess: {message}"), err=True)
    sys.exit(code)
