"""Python source read as text: the commands it starts and the cloud calls that change something.

The source is not parsed: CPython's parser may crash on hostile input (https://docs.python.org/3/library/ast.html#ast.parse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_TEXT = 400_000
_STRING = r"[rbfuRBFU]{0,2}(?:\"\"\"(?P<a>[^\"\\]{0,4000})\"\"\"|\"(?P<b>[^\"\n\\]{0,1000})\"|'(?P<c>[^'\n\\]{0,1000})')"
_RUN = re.compile(
    r"(?:\bos\.(?:system|popen)|\bsubprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|\b\w+\.(?:run|sudo|local)"
    r"|(?<![\w.])(?:run|sudo|local|call|check_call|check_output|Popen|exec_command|execute_command|run_command|run_cmd|sh))"
    r"\(\s*(?:\[(?P<list>[^\]]{0,2000})\]|" + _STRING + ")"
)  # fmt: skip
_ITEM = re.compile(r"[fF]?\"([^\"\n]*)\"|[fF]?'([^'\n]*)'|([A-Za-z_][\w.]*)")
_CLIENTS = (
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+(?:boto3|boto|aioboto3)\b"), "aws"),
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+azure\.(?:mgmt|identity)\b"), "az"),
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+(?:google\.cloud|googleapiclient)\b"), "gcloud"),
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+(?:kubernetes|pykube)\b"), "kubectl"),
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+(?:paramiko|fabric|netmiko|napalm)\b"), "ssh"),
    (re.compile(r"(?m)^[ \t]*(?:import|from)\s+(?:openstack|novaclient)\b"), "openstack"),
)
_MUTATES = {
    "aws": re.compile(
        r"\.((?:create|delete|put|update|modify|attach|detach|authorize|revoke|register|deregister|associate|disassociate|enable"
        r"|disable|tag|untag|add|remove|restore|release|allocate|change)_[a-z_]+|(?:run|start|stop|reboot|terminate)_(?:instances?"
        r"|task|job\w*|build|db_\w+|execution|cluster|pipeline\w*|automation\w*)|set_(?:desired|instance|identity|queue|topic|load)_\w+"
        r"|send_command|copy_(?:image|snapshot|db_\w+))\(|\b\w+\.(delete|terminate|stop|start|create_tags)\(\)"
    ),
    "az": re.compile(r"\.((?:begin_)?(?:create|delete|update|start|stop|restart|deallocate|power_off|set)\w*)\("),
    "gcloud": re.compile(r"\.((?:create|delete|update|insert|patch|stop|start|set)(?:_\w+)?)\("),
    "kubectl": re.compile(r"\.((?:create|delete|patch|replace)_(?:namespaced|cluster|node|namespace|persistent)\w*)\("),
    "ssh": re.compile(r"\.(exec_command|send_config_set|send_config|load_merge_candidate|commit_config|put)\("),
    "openstack": re.compile(r"\.((?:create|delete|update)_\w+)\("),
}  # fmt: skip
_READS = re.compile(
    r"^(?:put_(?:metric_data|events|records?|item|object|log_events|nowait)|(?:delete|update)_item|add_(?:argument|subparsers|parser|mutually\w*"
    r"|handler|rows?|header|column|option|section|url|filter)|create_(?:engine|task|session|parser|default_context|connection|table_string"
    r"|paginator)|remove_(?:handler|prefix|suffix|duplicates)|change_(?:dir|directory))$"
)
"""Methods of the same form that read, hold an application's data, or belong to other libraries."""


def shell_lines(text: str) -> Iterator[tuple[str, int]]:
    """Each command that the source starts, with its line; arguments that are no literals stand as `${name}`."""
    text = text[:MAX_TEXT]
    for match in _RUN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["list"] is not None:
            words = [a or b or "${" + c + "}" for a, b, c in _ITEM.findall(match["list"])]
            yield " ".join(words), line
        elif written := match["a"] or match["b"] or match["c"]:
            yield re.sub(r"\{(\w++)[^{}]*+\}", r"${\1}", written), line


def cloud_calls(text: str) -> Iterator[tuple[str, str, int]]:
    """Each call of a cloud or cluster client that changes something: tool, method, line."""
    text = text[:MAX_TEXT]
    for imported, tool in _CLIENTS:
        if not imported.search(text):
            continue
        for match in _MUTATES[tool].finditer(text):
            method = next(group for group in match.groups() if group)
            start = text.rfind("\n", 0, match.start()) + 1
            if not _READS.match(method) and "#" not in text[start : match.start()]:
                yield tool, method, text.count("\n", 0, match.start()) + 1
