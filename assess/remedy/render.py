"""Steps → files, as bytes by path. Pure: the same step makes the same bytes.

Templates are Jinja2 with `[[ ]]` and `[% %]`, since GitHub, Helm and Argo CD use the usual marks themselves. Every
value a template prints is written as JSON, which is YAML too; only a `Word`, checked to be one, goes out bare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from assess.errors import ContentError
from assess.remedy.library import Library, Loaded
from assess.remedy.plan import Step
from assess.spec.scaffold import Pins

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@-]*|\.")


class Word(str):
    """A text that means itself in YAML, in a shell and in an expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One file of one step."""

    path: str
    content: bytes
    node: str
    validators: tuple[str, ...]


def render(steps: Sequence[Step], library: Library) -> tuple[Rendered, ...]:
    """The files of every step, by path.

    Errors: ContentError where a template does not render, or two steps write the same path.
    """
    found: dict[str, Rendered] = {}
    for step in steps:
        loaded, variant = _variant(step, library)
        for file in variant.files:
            path = _text(loaded, file.path, _values(step))
            text = _file(loaded, file.template, {**_values(step), "file": path}, library.pins)
            if path in found:
                raise ContentError(f"{step.node} and {found[path].node} both write {path}")
            found[path] = Rendered(path=path, content=text.encode(), node=step.node, validators=file.validators)
    return tuple(found[path] for path in sorted(found))


def before(step: Step, library: Library) -> tuple[str, ...]:
    """What a person sets up before the first run, one sentence each."""
    loaded, variant = _variant(step, library)
    lines = _text(loaded, loaded.templates[variant.before], _values(step)).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def confirms(step: Step, library: Library) -> str:
    """The run that confirms the level, as a sentence."""
    loaded, variant = _variant(step, library)
    return _text(loaded, variant.confirms, _values(step))


def _variant(step: Step, library: Library) -> tuple[Loaded, Any]:
    loaded = library.scaffolds[step.scaffold]
    return loaded, loaded.variant(step.forge)


def _values(step: Step) -> dict[str, Any]:
    fixed = {"scaffold": step.scaffold, "version": step.version, "root": step.path, "slug": step.slug}
    return {**{param.name: param.value for param in step.params}, **fixed}


def _file(loaded: Loaded, template: str, values: Mapping[str, Any], pins: Pins) -> str:
    environment = _environment(loaded.templates, finalize=_written)
    environment.filters["word"] = _word
    environment.globals["pin"] = partial(_pin, pins)
    return _rendered(loaded, template, lambda: environment.get_template(template).render(values))


def _text(loaded: Loaded, text: str, values: Mapping[str, Any]) -> str:
    return _rendered(loaded, text, lambda: _environment({}).from_string(text).render(values))


def _rendered(loaded: Loaded, what: str, make: Any) -> str:
    from jinja2 import TemplateError

    try:
        return str(make())
    except (TemplateError, ValueError) as error:
        raise ContentError(f"{loaded.spec.id}: {what.splitlines()[0]}: {type(error).__name__}: {error}") from None


def _environment(templates: Mapping[str, str], **options: Any) -> Any:
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=DictLoader(templates), undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, variable_start_string="[[", variable_end_string="]]", block_start_string="[%",
        block_end_string="%]", comment_start_string="[#", comment_end_string="#]", **options,
    )  # fmt: skip


def _written(value: Any) -> Any:
    from jinja2 import Undefined

    if isinstance(value, Word | Undefined):
        return value
    return json.dumps(value, ensure_ascii=False)


def _word(value: object) -> Word:
    if not _WORD.fullmatch(str(value)):
        raise ValueError(f"{value!r} cannot stand without quotes")
    return Word(value)


def _pin(pins: Pins, action: str) -> Word:
    if action not in pins.actions:
        raise ValueError(f"no pin for {action} in pins.yaml")
    pin = pins.actions[action]
    return Word(f"{action}@{pin.commit} # {pin.version}")
