"""A gate's result as JSON, with its exit codes; its shape is `reports/schema/gate.v1.json`."""

from __future__ import annotations

from assess.report.gate.render import Shown


def render(shown: Shown) -> str:
    """The result with the model's own names, and its exit codes."""
    import orjson

    value = {"exit_codes": [int(code) for code in shown.result.exit_codes], "result": shown.result}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
