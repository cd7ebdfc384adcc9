"""What the commands of the command line do, once arguments are parsed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assess.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from assess.model.assessment import Assessment
    from assess.policy.gate.pipeline import Meant
    from assess.store.content import ContentCache


def run_scan(
    targets: tuple[str, ...], *, estate_file: Path | None, targets_file: Path | None, output: Path | None, format: str,
    facts_from: Path | None, cache: Path | None = None, **options: Any,
) -> ExitCode:  # fmt: skip
    """Scan, write what was asked for, print the report; the exit code says whether every named target was read.

    cache: the directory of the content cache; None: none is used.
    """
    from assess.report import render
    from assess.request import Request
    from assess.run import assess, check, facts_of, observe
    from assess.spec.wire import assessment_json, compressed

    render.check(format)
    if output is not None:
        check_output(output)
    request = Request.build(targets, estate_file=estate_file, targets_file=targets_file, facts_from=facts_from, **options)
    with _progress() as progress, _cached(cache) as kept:
        seen = observe(request, progress, kept)
        places = [one.place for one in seen if one.place is not None]
        checked = check(request, seen, kept if outside(cache, places) else None)
    assessment = assess(request, seen, checked=checked)
    if output is not None:
        files = {"assessment.json": assessment_json(assessment), "facts.jsonl.zst": compressed(facts_of(seen))}
        write_all({output / name: content for name, content in files.items()})
    code = _exit(assessment)
    with suppress(BrokenPipeError):  # whoever read the first page has seen enough; the code stands
        render.show(assessment, format)
    return code


def run_report(path: Path, format: str) -> ExitCode:
    """Print an assessment file in another format."""
    from assess.report import render
    from assess.spec.wire import read_assessment

    render.check(format)
    render.show(read_assessment(path), format)
    return ExitCode.PASSED


def run_gate(
    path: Path, base: str = "", *, head: str = "HEAD", format: str = "terminal", reports: Sequence[str] = (), opa: str = "",
    opa_url: str = "", cache: Path | None = None, whole: bool = False, config_ref: str = "", config_repo: Path | None = None,
    **options: Any,
) -> ExitCode:  # fmt: skip
    """Print the verdict on a change, findings on stdout and the summary on stderr; the code that the process ends with.

    reports: `FORMAT=PATH`, each written to a file besides. options: the others of `gate`.
    """
    from assess.collect.git.repository import Repository
    from assess.gate import gate
    from assess.policy.engines import Means
    from assess.policy.gate.trusted import Config
    from assess.report.gate import render as formats
    from assess.report.gate.terminal import summary
    from assess.report.gate.view import Shown

    formats.check(format)
    places = formats.places(reports)
    for place in places:
        check_output(place.absolute().parent)
    said = None if base else _meant(path, head, whole)
    config = Config(config_ref, config_repo)
    with _cached(outside(cache, [path])) as kept:
        means = Means(opa, opa_url, kept)
        result = gate(path, said.base if said else base, head, means=means, whole=whole, config=config, **options)
    if said:
        result = replace(result, settings=(said.because, *result.settings))
    read = Repository(path, result.target.label, result.head).content
    plainly = Shown(result, read)
    write_all({place: formats.render(plainly, wanted).encode() for place, wanted in places.items()})
    shown = replace(plainly, colour=_coloured(sys.stdout), width=min(_width(), 140))
    _print(formats.render(shown, format), (sys.stdout.encoding or "utf-8") if format == "terminal" else "utf-8")
    if format == "github" and (page := os.environ.get("GITHUB_STEP_SUMMARY")):
        from assess.report.gate.markdown import SUMMARY_BYTES, within

        _append(Path(page), within(plainly, SUMMARY_BYTES))
    print("\n".join(summary(result, colour=_coloured(sys.stderr))), file=sys.stderr)
    return result.exit_codes[0]


def _meant(path: Path, head: str, whole: bool) -> Meant | None:
    """The base that a pipeline means; with everything judged it only supplies the settings, and there need not be one."""
    from assess.policy.gate.pipeline import meant

    try:
        return meant(os.environ, path, head)
    except UsageError:
        if whole:
            return None
        raise


def _coloured(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR")


def _width() -> int:
    """The columns of the terminal; 0 where there is none."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0


def _print(text: str, encoding: str) -> None:
    try:
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # `gate | head -1`: the reader went away, and the verdict stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _append(page: Path, text: str) -> None:
    """Add to the summary of a job. One that cannot be written does not change the verdict, and is said."""
    try:
        with page.open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        print(f"idp-assess: the job summary cannot be written: {error.strerror}", file=sys.stderr)


def check_output(directory: Path) -> None:
    """Nothing, where files can be written to a directory, which need not exist yet; asked before the work starts.

    Errors: UsageError for a file, and for a directory that cannot be made or written to.
    """
    nearest = next(path for path in (directory.absolute(), *directory.absolute().parents) if os.path.lexists(path))
    if not nearest.is_dir():
        raise UsageError("is not a directory", str(nearest), _OUTPUT)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError("cannot be written to", str(nearest), _OUTPUT)


_OUTPUT = "Name a directory for --output: a new one, or one that you may write to."


def write_all(files: dict[Path, bytes]) -> None:
    """Write files so that an interruption leaves either all of an old file or all of a new one.

    Errors: UsageError for a place that cannot be written.
    """
    for path, content in files.items():
        partial = path.with_name(path.name + ".partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(content)
            os.replace(partial, path)
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror}", str(path), _OUTPUT) from None
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def _exit(assessment: Assessment) -> ExitCode:
    from assess.report.text import visible

    unread = [target.label for target in assessment.targets if not target.read]
    for label in unread:
        why = next((gap for gap in assessment.gaps if gap.at.target == label), None)
        fix = f"\n  {why.settle}" if why and why.settle else ""
        print(visible(f"idp-assess: {label} could not be read: {why.what if why else ''}{fix}"), file=sys.stderr)
    return ExitCode.INCOMPLETE if unread else ExitCode.PASSED


def outside(cache: Path | None, repositories: Iterable[Path]) -> Path | None:
    """The directory of a cache, if no repository that is judged could have put something there: verdicts and machine code
    are taken from it as they are."""
    inside = cache is not None and any(cache.resolve().is_relative_to(path.resolve()) for path in repositories)
    return None if inside else cache


@contextmanager
def _cached(directory: Path | None) -> Iterator[ContentCache | None]:
    """The content cache, pruned afterwards; one notice where it cannot be used, for nothing else depends on it."""
    if directory is None:
        yield None
        return
    from assess.store.content import ContentCache

    cache = ContentCache(directory)
    yield cache
    cache.prune()
    cache.close()
    if cache.trouble:
        print(
            f"idp-assess: without the cache: {cache.trouble}\n  Delete that file, name another --cache, or give --no-cache.",
            file=sys.stderr,
        )


def _progress() -> AbstractContextManager[Any]:
    """A progress bar on a terminal's stderr; nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext(None)
    from assess.report.progress import bar

    return bar()
