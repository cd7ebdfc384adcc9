"""Runbooks: documents that lead a person through a change, by clicks in a console or by typed commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.commands import analyse
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Runbook
from assess.model.gap import Gap

LEAST_STEPS = 3
MAX_TEXT = 400_000
_STEP = re.compile(r"^\s{0,8}(?:\d{1,3}[.)]|[-*+]|\.{1,3}|step\s+\d+[:.]?)\s+\S", re.I)
_NUMBERED = re.compile(r"^\s{0,8}(?:\d{1,3}[.)]|#{2,5}\s*(?:step\s*)?\d{1,3}[.):]?|\.{1,2}|step\s+\d+[:.]?)\s+\S", re.I)
_CLICK = re.compile(
    r"(?i)\bclick(?:\s+(?:on|the|in))?\b|\b(?:navigate|go|browse|head)\s+(?:over\s+)?to\b.{0,60}\b(?:console|portal|dashboard|blade|tab|page|menu)\b"
    r"|\bin\s+the\s+.{0,30}\b(?:console|portal|dashboard)\b.{0,60}\b(?:select|choose|open|create|enter|press)\b"
    r"|\b(?:select|choose|press|tick|check)\b.{0,60}\b(?:button|checkbox|drop-?down|radio|tab)\b"
)
_CONSOLE = re.compile(
    r"(?i)\b(?:aws|amazon|management|azure|gcp|google(?:\s+cloud)?|cloud|ec2|iam|s3|route\s*53|cloudflare|vsphere|vcenter|openstack|digital\s*ocean"
    r"|hetzner|rancher|openshift|kubernetes|entra)\b[^.\n]{0,40}\b(?:console|portal|dashboard|control\s+panel|web\s+ui|admin\s+center)\b"
    r"|console\.aws\.amazon\.com|portal\.azure\.com|console\.cloud\.google\.com"
)
_OPERATES = {"apply", "deploy", "operate", "configure", "host"}
_FENCE = re.compile(r"^\s{0,8}(```|~~~)")
_SKIPPED = re.compile(r"(?i)(^|/)(changelog|changes|history|license|contributing|code_of_conduct|security|release[-_]?notes?)[\w.-]*$")


def runbook(file: File) -> Iterator[Fact | Gap | Part]:
    """The runbook that a document is: at least three steps in a console, or three numbered steps that operate something."""
    if _SKIPPED.search(file.path):
        return
    text = file.text[:MAX_TEXT]
    if not file.name.lower().endswith((".md", ".markdown")):
        text = re.sub(r"(?m)^----[ \t]*$", "```", text)  # how AsciiDoc fences a listing
    clicks, click_line = _clicks(text)
    commands, command_line = _command_steps(text)
    if clicks >= LEAST_STEPS and not _CONSOLE.search(text):
        clicks = 0
    if max(clicks, commands) >= LEAST_STEPS:
        line = click_line if clicks >= LEAST_STEPS else command_line
        yield Runbook(
            at=file.at(line), path=file.path, console_steps=clicks if clicks >= LEAST_STEPS else 0,
            command_steps=commands if commands >= LEAST_STEPS else 0,
        )  # fmt: skip


def _clicks(text: str) -> tuple[int, int]:
    """How many list items tell to click, outside code, and the line of the first."""
    count, first, fenced = 0, 0, False
    for number, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and len(line) < 2000 and _STEP.match(line) and _CLICK.search(line):
            count, first = count + 1, first or number
    return count, first


def _command_steps(text: str) -> tuple[int, int]:
    """How many numbered steps hold a command that changes something in operation, and the line of the first."""
    count, first, fenced, in_step, counted = 0, 0, False, False, False
    for number, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.startswith("#") and not _NUMBERED.match(line):
            in_step = False
        elif not fenced and len(line) < 2000 and _NUMBERED.match(line):
            in_step, counted = True, False
        if in_step and not counted and len(line) < 2000 and (found := _operates(line, fenced)):
            count, first, counted = count + found, first or number, True
    return count, first


def _operates(line: str, fenced: bool) -> bool:
    written = [re.sub(r"^\s*[$#>]\s", "", line)] if fenced else re.findall(r"`([^`\n]{4,300})`", line)
    return any(c.does in _OPERATES for part in written for c in analyse(part)[0])


DOCUMENTS = Extractor(
    name="documents", run=runbook, suffixes=(".md", ".adoc", ".asciidoc", ".markdown"),
    marks=re.compile(rb"(?i)\bclick|\b(?:kubectl|oc|aws|az|gcloud|terraform|helm|ansible-playbook|systemctl|ssh) "),
)  # fmt: skip
