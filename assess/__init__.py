"""idp-assess: where an organization stands between ClickOps and a self-service platform, with evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assess.model.assessment import Assessment
    from assess.request import Request
    from assess.run import scan

__version__ = "0.1.0"
__all__ = ["Assessment", "Request", "__version__", "scan"]

_HOMES = {"Assessment": "assess.model.assessment", "Request": "assess.request", "scan": "assess.run"}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: `import assess` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'assess' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
