"""HCL facts with lines, through the Terraform extractor, against python-hcl2 8 in an environment of its own.

python-hcl2 cannot be a dependency: checkov ships another package of that name. Without uv the ratio is left out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assess.collect.git.extract.terraform import TERRAFORM
from assess.collect.git.file import File
from tests.bench.measure import Ratio, interleaved

FILES = 60
_PEER = """
import pathlib, sys, time, hcl2
texts = [path.read_text() for path in sorted(pathlib.Path(sys.argv[1]).iterdir())]
for _ in sys.stdin:
    start, blocks = time.process_time(), 0
    for text in texts:
        blocks += sum(map(len, hcl2.loads(text).values()))
    print(time.process_time() - start, blocks, flush=True)
"""


def ratios(directory: Path) -> Iterator[Ratio]:
    uv = shutil.which("uv") or _private_uv()
    if uv is None:
        print("HCL: left out, there is no uv to make the peer's environment", file=sys.stderr)
        return
    place = directory / "hcl"
    place.mkdir()
    for number in range(FILES):
        (place / f"f{number}.tf").write_text(_text(number))
    contents = [path.read_bytes() for path in sorted(place.iterdir())]
    command = [uv, "run", "--no-project", "--quiet", "--with", "python-hcl2==8.*", "python", "-c", _PEER, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        theirs, ours = interleaved(lambda: _round(peer), lambda: _blocks(contents))
        peer.communicate()
    size = sum(map(len, contents)) / 1e6
    told = f"{size:.2f} MB; python-hcl2 8 {size / theirs:.2f} MB/s without lines, the extractor {size / ours:.1f} MB/s with them"
    yield Ratio("HCL: times less than python-hcl2 8", theirs / ours, told, least=14)


def _round(peer: subprocess.Popen[str]) -> float:
    assert peer.stdin
    assert peer.stdout
    peer.stdin.write("\n")
    peer.stdin.flush()
    seconds, blocks = peer.stdout.readline().split()
    assert int(blocks) >= FILES * 4, "python-hcl2 saw less than the files hold"
    return float(seconds)


def _blocks(contents: list[bytes]) -> None:
    found = [part for number, content in enumerate(contents) for part in TERRAFORM.run(File("r", f"m{number}/main.tf", content))]
    assert len(found) == len(contents)


def _private_uv() -> str | None:
    private = Path(__file__).parents[2] / ".uv" / "bin" / "uv"
    return str(private) if private.exists() else None


def _text(number: int) -> str:
    return f"""
terraform {{
  required_version = ">= 1.5"
  backend "s3" {{
    bucket = "state-{number}"
    key    = "infra/{number}.tfstate"
  }}
}}

variable "size_{number}" {{
  type        = map(object({{ cpu = number, memory = string }}))
  description = "How large the service is"
  default     = {{ small = {{ cpu = 1, memory = "512Mi" }}, large = {{ cpu = 4, memory = "8Gi" }} }}
}}

module "network" {{
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.{number % 9}.0"
  name    = "net-${{var.environment}}-{number}"
  cidr    = cidrsubnet("10.0.0.0/8", 8, {number})
  tags    = merge(local.tags, {{ Name = "net" }})
}}

resource "aws_instance" "web_{number}" {{
  count         = var.enabled ? 2 : 0
  ami           = data.aws_ami.base.id
  instance_type = var.size_{number}["small"].cpu > 2 ? "m5.large" : "t3.micro"
  subnet_id     = element(module.network.private_subnets, count.index)
  user_data     = <<-EOT
    #!/bin/sh
    echo "starting {number}"
  EOT
  lifecycle {{
    ignore_changes = [ami]
  }}
}}

output "ids_{number}" {{
  value = [for one in aws_instance.web_{number} : one.id if one.id != ""]
}}
"""
