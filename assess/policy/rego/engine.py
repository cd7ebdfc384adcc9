"""Rego policies over documents: batches in, findings out. How a batch is evaluated is the evaluator's business."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assess.model.credentials import clean, cleaned
from assess.model.finding import Finding, Verdict
from assess.model.target import Location
from assess.policy.documents import PolicyDocument, documents, may_hold
from assess.policy.engine import PARSE, UNSEEN, Checked, EngineFailed, numbered, trouble
from assess.policy.fingerprint import identify, logical
from assess.policy.formats.yaml import TEMPLATED
from assess.policy.rego.catalogue import Catalogue
from assess.policy.rego.verdicts import Verdicts
from assess.policy.tree import Tree
from assess.spec.policy import PolicySpec, filled

BATCH_BYTES = 1_000_000
Evaluator = Callable[[bytes], Any]
"""The input as JSON -> the value of `data.idp_assess.aggregate.answers`. Errors: EngineFailed."""


@dataclass(frozen=True, slots=True)
class Rego:
    """The Rego engine over one catalogue. `evaluator` is called once, when there is a document that was not judged before.

    verdicts: where answers are kept; None for none.
    """

    catalogue: Catalogue
    evaluator: Callable[[], Evaluator]
    name: str = "rego"
    verdicts: Verdicts | None = None

    def reads(self, tree: Tree, path: str) -> bool:
        """Whether some policy judges this file."""
        return may_hold(tree, path, self.catalogue.kinds)

    def check(self, trees: Sequence[Tree]) -> list[Checked]:
        """As `Engine.check`."""
        read = [list(documents(tree, self.catalogue.kinds)) for tree in trees]
        wanted = [document for found in read for _, one in found if isinstance(one, list) for document in one]
        answers = self._answers({document.id: document for document in wanted}) if wanted else {}
        before = _judged(read[0]) if read else {}
        return [
            _with_lost(tree, self._checked(tree, found, answers), before, _judged(found)) for tree, found in zip(trees, read, strict=True)
        ]

    def judge(self, wanted: Sequence[PolicyDocument], label: str, scope: str) -> list[Finding]:
        """What the policies say of documents of a target. scope: what fingerprints call it. Errors: EngineFailed."""
        answers = self._answers({document.id: document for document in wanted}) if wanted else {}
        return [finding for document in wanted for finding in self._findings(label, scope, document, answers[document.id])]

    def _checked(self, tree: Tree, read: list[tuple[str, list[PolicyDocument] | Finding]], answers: dict[str, dict[str, Any]]) -> Checked:
        findings: list[Finding] = []
        for _, one in read:
            if isinstance(one, Finding):
                findings.append(one)
                continue
            for document in one:
                findings += self._findings(tree.label, tree.scope, document, answers[document.id])
        inputs = sum(isinstance(one, list) or one.policy == PARSE for _, one in read)
        kinds = {document.kind for _, one in read if isinstance(one, list) for document in one}
        texts = tuple(policy.text for policy in self.catalogue.policies if policy.reads in kinds)
        return Checked(numbered(findings), inputs, len(self.catalogue.policies), texts)

    def _answers(self, wanted: dict[str, PolicyDocument]) -> dict[str, dict[str, Any]]:
        """Document id -> policy id -> rule -> its answers, all of them defined; equal documents are asked about once."""
        texts = {id: asked(document) for id, document in wanted.items()}
        found = {id: answer for id in wanted if (answer := self._kept(wanted[id], texts[id])) is not None}
        evaluate = self.evaluator() if len(found) < len(wanted) else None
        for batch in batches({id: text for id, text in texts.items() if id not in found}):
            answers = evaluate(_input(texts[id] for id in batch)) if evaluate else None
            for position, id in enumerate(batch):
                answer = answers.get(str(position)) if isinstance(answers, dict) else None
                found[id] = self._complete(wanted[id], answer)
                if self.verdicts:
                    self.verdicts.put(texts[id], answer)
        return found

    def _kept(self, document: PolicyDocument, text: str) -> dict[str, Any] | None:
        """The answer from an earlier run, if it is one: what a cache holds may have been damaged."""
        answer = self.verdicts.get(text) if self.verdicts else None
        if answer is None or self._undefined(document, answer):
            return None
        try:
            for policy, _, item in self._given(document, answer):
                _shape(policy, item)
        except EngineFailed:
            return None
        return dict(answer) if isinstance(answer, dict) else None

    def _complete(self, document: PolicyDocument, answer: Any) -> dict[str, Any]:
        if name := self._undefined(document, answer):
            raise EngineFailed(f"{name} is undefined for {document.path}", fix=_UNDEFINED)
        return dict(answer) if isinstance(answer, dict) else {}

    def _undefined(self, document: PolicyDocument, answer: Any) -> str:
        """The first rule without an answer; empty where all have one."""
        for policy in self.catalogue.reading(document.kind):
            given = answer.get(policy.id) if isinstance(answer, dict) else None
            for rule in policy.rules:
                if not isinstance(given, dict) or not isinstance(given.get(rule), list):
                    return f"policy {policy.id}: {policy.package}.{rule}"
        return ""

    def _given(self, document: PolicyDocument, answer: dict[str, Any]) -> Iterator[tuple[PolicySpec, str, Any]]:
        for policy in self.catalogue.reading(document.kind):
            yield from ((policy, rule, item) for rule in policy.rules for item in answer[policy.id][rule])

    def _findings(self, label: str, scope: str, document: PolicyDocument, answer: dict[str, Any]) -> Iterator[Finding]:
        for policy, rule, item in self._given(document, answer):
            yield _finding(label, scope, document, policy, item, blocks=rule == "deny")


_UNDEFINED = "An undefined answer is no pass. Check that the engine holds this policy."


def asked(document: PolicyDocument) -> str:
    """A document as it is asked about.

    Keys that are no strings become strings, as OPA's own YAML reader has it; NaN and infinity become their names.
    """
    return f'{{"kind":{json.dumps(document.kind)},"content":{json.dumps(_plain(document.value))}}}'


def _judged(read: Iterable[tuple[str, list[PolicyDocument] | Finding]]) -> dict[str, bool]:
    """Each file or directory with documents, and each that cannot be read."""
    return {path: isinstance(one, list) for path, one in read}


def _with_lost(tree: Tree, checked: Checked, before: Mapping[str, bool], after: Mapping[str, bool]) -> Checked:
    """With a finding for each touched file that was judged on the other side and holds nothing to judge any more.

    One that was emptied was taken away; one that is a template now is not, and its findings are not mended.
    """
    lost: list[Finding] = []
    unjudged: list[str] = []
    for path in sorted((tree.touched or frozenset()) - after.keys()):
        entry = tree.entries.get(path)
        if entry is None or not tree.counts(path):
            continue
        content = tree.blob(entry)
        if not isinstance(content, bytes) or not _COMMENT.sub(b"", content).strip():
            continue
        if before.get(path):
            what = "was judged before, and holds nothing that policies read any more; if it is a template now, they do not see it filled in"
            lost.append(
                trouble(
                    "rego", UNSEEN, tree.at(path), what, "Delete the file if it is not used, or keep it readable.", Verdict.NOT_OBSERVED
                )
            )
        elif path.endswith((".yaml", ".yml", ".tpl")) and b"apiVersion" in content and TEMPLATED.search(content):
            unjudged.append(path)
    return replace(checked, findings=numbered([*checked.findings, *lost]), unjudged=tuple(unjudged))


_COMMENT = re.compile(rb"(?m)^[ \t]*(?:#.*|---|\.\.\.)$")


def batches(texts: Mapping[str, str]) -> Iterator[list[str]]:
    """The ids of documents in batches of about `BATCH_BYTES` of JSON."""
    batch: list[str] = []
    size = 0
    for id, text in texts.items():
        batch.append(id)
        size += len(text)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _input(texts: Iterable[str]) -> bytes:
    return f'{{"documents":[{",".join(texts)}]}}'.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if isinstance(key, str) else _key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _key(key: Any) -> str:
    return json.dumps(key) if isinstance(key, bool | int | float) or key is None else str(key)


def _finding(label: str, scope: str, document: PolicyDocument, policy: PolicySpec, item: Any, *, blocks: bool) -> Finding:
    path, params, resource = _shape(policy, item)
    file, span = document.place(path)
    bare = Finding(
        policy=policy.id, engine="rego", verdict=Verdict.FAIL, severity=policy.severity,
        at=Location(target=label, path=file, line=span.line), column=span.column, end_line=span.end_line, end_column=span.end_column,
        address=f"{resource}/{logical(path)}" if resource else logical(path), message=filled(policy.message, params),
        why=policy.why, fix=filled(policy.fix, params), remedy=policy.remedy, blocks=blocks,
    )  # fmt: skip
    return identify(cleaned(bare), scope=scope, path=document.path, evidence={name: _clean(value) for name, value in params.items()})


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _shape(policy: PolicySpec, item: Any) -> tuple[tuple[str | int, ...], dict[str, Any], str]:
    """The parts of one answer. Errors: EngineFailed where it is not what the contract says."""
    contract = "An answer is {id, path, params, resource}; params has every name that the message and the fix use."
    if not isinstance(item, dict) or item.get("id") != policy.id or item.keys() - {"id", "path", "params", "resource"}:
        raise EngineFailed(f"policy {policy.id} answered something that is no answer", fix=contract)
    path, params, resource = item.get("path"), item.get("params", {}), item.get("resource", "")
    if not isinstance(path, list) or not all(isinstance(part, str | int) for part in path):
        raise EngineFailed(f"policy {policy.id} answered without a path", fix=contract)
    if not isinstance(params, dict) or policy.slots - params.keys() or not isinstance(resource, str):
        raise EngineFailed(f"policy {policy.id} answered without a param that its message needs", fix=contract)
    return tuple(path), params, resource
