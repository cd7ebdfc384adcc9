"""assessment.json, as `scan --output` writes it."""

from __future__ import annotations

from assess.model.assessment import Assessment
from assess.spec.wire import assessment_json


def render(assessment: Assessment) -> str:
    """The assessment as JSON."""
    return assessment_json(assessment).decode()
