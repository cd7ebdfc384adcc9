"""The wheel alone: build it, install it in a clean environment, scan a repository with it. `python -m tests.installed`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.worlds import commit

ROOT = Path(__file__).parent.parent
WORLD = {
    "infra/main.tf": 'terraform { backend "s3" {} }\nresource "aws_s3_bucket" "logs" {}\n',
    ".github/workflows/apply.yml": "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n",
}


def main() -> int:
    """0 when the installed program places the small repository at level 3 and knows every rule of the checkout."""
    uv = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        _run(uv, "build", "--quiet", "--wheel", "--out-dir", str(home / "dist"), str(ROOT))
        (wheel,) = (home / "dist").glob("*.whl")
        _run(uv, "export", "--quiet", "--locked", "--no-dev", "--no-emit-project", "--project", str(ROOT), "-o", str(home / "req.txt"))
        _run(uv, "venv", "--quiet", "--python", sys.executable, str(home / "venv"))
        python = str(home / "venv" / "bin" / "python")
        _run(uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", str(home / "req.txt"))
        _run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, str(wheel))
        program = str(home / "venv" / "bin" / "idp-assess")
        target = commit(home / "shop", WORLD)
        placed = _run(program, "scan", str(target), "--format", "json", cwd=home)
        listed = _run(program, "explain", cwd=home)
    rules = [path.stem.rpartition("-")[0][:7] for path in (ROOT / "rules").glob("*/[A-Z]*-*.yaml")]
    missing = [rule for rule in rules if rule not in listed]
    right = '"low": 3' in placed and not missing
    print("the wheel alone: " + ("ok" if right else f"wrong: {missing or placed[:500]}"))
    return 0 if right else 1


def _run(*command: str, cwd: Path | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd, env=environment, timeout=600)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
