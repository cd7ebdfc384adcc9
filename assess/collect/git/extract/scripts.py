"""Scripts that operate something: shell, PowerShell, Python and Ruby, by the commands and cloud calls in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.python_text import cloud_calls, shell_lines
from assess.collect.git.extract.steps import Steps, constants, fill
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact
from assess.model.gap import Gap

MAX_TEXT = 400_000
_SHELL_NAMES = (".sh", ".bash", ".zsh", ".ksh")
_SHELL_LINE = re.compile(rb"#![^\n]*\b(?:ba|z|k|da)?sh\b")
_DRAWERS = re.compile(r"(?:^|/)(?:\.?(?:scripts?|bin|hack|tools?|ci|util|utils|helpers?|build|deploy|automation))$")
_SCRIPT_DIR = re.compile(
    r"\"?\$\((?:cd\s++)?\"?\$?\(?\s*+dirname\s++(?:--\s++)?\"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?\"?\s*+\)\"?"
    r"(?:\s*+(?:>\s*+/dev/null)?+\s*+(?:2>&1)?+\s*+(?:&&|;)\s*+pwd(?:\s++-P)?+\s*+\))?\"?|\$\{BASH_SOURCE(?:\[0\])?%/\*\}"
)
_ROOT = re.compile(r"\"?\$\(git rev-parse --show-toplevel\)\"?")
_SET = re.compile(
    r"(?m)^[ \t]*(?:export |readonly |local |declare -r )?([A-Za-z_]\w*)="
    r"(\"(?:\$CI_PROJECT_DIR)?[^\"\n$`]*\"|'[^'\n]*'|(?:\$CI_PROJECT_DIR)?[^\s;&|$`\"']+)[ \t]*(?:#.*)?$"
)
_CMDLET = re.compile(
    r"(?im)^[^#\n]*?\b((?:New|Set|Remove|Start|Stop|Update|Add|Enable|Disable|Restart|Publish|Deploy|Grant|Revoke|Register|Install"
    r"|Import|Move|Edit)"
    r"-((?:Az|AzureRm|AzureAD|MgGraph|Mg|AD|EC2|S3|IAM|RDS|CFN|ECS|EKS|LM|SSM|VM|DnsServer|Dsc|IIS|WebApp)[A-Z]\w*))"
)
_DEPLOYMENT = re.compile(r"(?i)^(?:Az|AzureRm)(?:ResourceGroup|Subscription|ManagementGroup|Tenant)?Deployment(?:Stack)?$")
_NOT_A_SCRIPT = re.compile(
    rb"(?m)^[ \t]*(?:from|import)\s+(?:django|flask|fastapi|rest_framework|starlette|sqlalchemy|pytest|unittest|moto|airflow"
    rb"|pulumi|aws_cdk|setuptools|celery|tornado|aiohttp|troposphere|checkov)\b|^class\s+\w*Test\w*\b|^\s*from\s+\.+\w*\s+import"
)
_NOT_A_PATH = re.compile(r"(^|/)(tests?|migrations|site-packages)/|(^|/)(test_|conftest|setup\.py)")
_RUNS = re.compile(rb"(?m)\A#!|^if __name__\s*==|^(?:main|run|cli|app)\(|^def lambda_handler\b")


def shell(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a shell script with a command or call of note."""
    if not file.name.endswith(_SHELL_NAMES) and not _SHELL_LINE.match(file.content):
        return
    text = file.text[:MAX_TEXT]
    here = "$CI_PROJECT_DIR" if file.directory == "." else f"$CI_PROJECT_DIR/{file.directory}"

    def placed(written: str) -> str:
        if "dirname" in written or "BASH_SOURCE" in written:
            written = _SCRIPT_DIR.sub(lambda _: here, written)
        return _ROOT.sub("$CI_PROJECT_DIR", written)

    known = _constants(placed(text))
    steps = Steps()
    steps.shell([(text, 1)], _where(file), lambda written: fill(placed(written), known))
    if steps:
        yield steps.procedure(file, 1, "bash", file.path, "script")


def _where(file: File) -> str:
    """Where a script is taken to start: in its own directory, or above it where that is a drawer for scripts."""
    if _DRAWERS.search(file.directory):
        return file.directory.rpartition("/")[0] or "."
    return file.directory


def _constants(text: str) -> dict[str, str]:
    """The variables that the script sets once, to a literal or to its own place."""
    values: dict[str, set[str]] = {}
    for name, value in _SET.findall(text):
        values.setdefault(name, set()).add(value.strip("\"'"))
    return constants({name: next(iter(found)) for name, found in values.items() if len(found) == 1})


def powershell(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a PowerShell script: cloud cmdlets that change something, and command lines as in a shell."""
    text = re.sub(r"<#.*?(?:#>|\Z)", lambda m: re.sub(r"[^\n]", " ", m[0]), file.text[:MAX_TEXT], flags=re.S)
    text = re.sub(r"`[ \t]*\n", "\\\\\n", text)
    steps = Steps()
    steps.shell([(text, 1)], _where(file))
    lines = text.split("\n")
    for match in _CMDLET.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        does, tool = ("apply", "arm") if _DEPLOYMENT.match(match[2]) else ("operate", "powershell")
        if re.search(r"(?i)-WhatIf\b", lines[line - 1]):
            does = "plan"
        if all(command.line != line for command in steps.commands):
            steps.command(does, tool, _where(file), line, lines[line - 1].strip())
    steps.commands.sort(key=lambda command: command.line)
    if steps:
        yield steps.procedure(file, 1, "powershell", file.path, "script")


def python(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a Python program that operates something; nothing for ordinary source."""
    if not file.name.endswith(".py") and not re.match(rb"#![^\n]*python", file.content):
        return
    if _NOT_A_PATH.search(file.path) or _NOT_A_SCRIPT.search(file.content):
        return
    text = file.text
    changes = list(cloud_calls(text))
    if not (_RUNS.search(file.content) or (changes and _acts(text))):
        return
    steps = Steps()
    for command, line in shell_lines(text):
        steps.shell([(command, line)], _where(file))
    lines = text.split("\n")
    for tool, _, line in changes:
        steps.command("operate", tool, _where(file), line, lines[line - 1].strip())
    steps.commands.sort(key=lambda command: command.line)
    if steps:
        yield steps.procedure(file, 1, "python", file.path, "script")


def _acts(text: str) -> bool:
    """Whether the file acts when it is run: something beside definitions, imports and constants stands at its margin."""
    return bool(re.search(r"(?m)^(?:for|while|with|try|if)\b|^[\w.]+\([^)\n]*\)\s*$|^\w+\s*=\s*[\w.]*boto3\.", text))


def ruby(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a Ruby script that starts commands of note."""
    text = file.text[:MAX_TEXT]
    steps = Steps()
    started = r"\b(?:system|exec|sh)[ (]+[\"']([^\"'\n]{1,400})[\"']|`([^`\n]{1,400})`|%x[({]([^)}\n]{1,400})"
    for match in re.finditer(started, text):
        line = text.count("\n", 0, match.start()) + 1
        steps.shell([(match[1] or match[2] or match[3], line)], _where(file))
    if steps:
        yield steps.procedure(file, 1, "ruby", file.path, "script")


SHELL = Extractor(name="shell", run=shell, suffixes=(".sh", ".bash", ".zsh", ".ksh", ""))
POWERSHELL = Extractor(name="powershell", run=powershell, suffixes=(".ps1", ".psm1"))
PYTHON = Extractor(
    name="python-scripts",
    run=python,
    suffixes=(".py", ""),
    words=(b"boto", b"azure", b"google", b"kubernetes", b"subprocess", b"paramiko", b"fabric", b"netmiko", b"openstack", b"os.system"),
    by_line=True,
    marks=re.compile(rb"\b(?:boto3?|azure|google|kubernetes|subprocess|paramiko|fabric|netmiko|openstack|os\.system)\b"),
)
RUBY = Extractor(name="ruby-scripts", run=ruby, suffixes=(".rb",), marks=re.compile(rb"\A#!"))
