"""Asks a service of known vulnerabilities about every pinned package, and says plainly when it could not be asked.

pip-audit by itself ends well when it found no package at all in the service, as with an index that has no such service.
Ends with 0 when every package was looked up and none is known to be vulnerable, with 1 when one is, and with 2 when
some or all could not be looked up.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 2
OFFLINE: Final = (
    "没有审计成：漏洞服务连不上，或不认识这些软件包。这不等于没有漏洞。\n"
    "在能访问 pypi.org 或 osv.dev 的机器上再运行一次 make audit；有内部镜像时：\n"
    "make audit AUDIT='--vulnerability-service osv --osv-url https://镜像/v1/query'。详见 docs/deploy.md。"
)


def ask(requirements: Path, options: list[str]) -> dict[str, Any] | None:
    """Return pip-audit's findings, or None when it had none to give."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--no-deps", "--disable-pip"]
    fixed = ["--format", "json", "--progress-spinner", "off"]
    done = subprocess.run([*command, *fixed, *options], capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().splitlines()[-1:]
        print(*last, file=sys.stderr)
        return None
    return found if isinstance(found, dict) else None


def main(arguments: list[str]) -> int:
    """Print what was found, in Chinese."""
    found = ask(REPOSITORY / "constraints.txt", arguments)
    packages = found["dependencies"] if found is not None else []
    vulnerable = [package for package in packages if package.get("vulns")]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    for package in vulnerable:
        for vulnerability in package["vulns"]:
            fixes = "、".join(vulnerability["fix_versions"]) or "还没有"
            print(f"{package['name']} {package['version']}：{vulnerability['id']}，修好的版本：{fixes}")
    looked_up = len(packages) - len(skipped)
    print(f"查了 {looked_up} 个软件包，{len(vulnerable)} 个有已知漏洞，{len(skipped)} 个没查到。")
    if not looked_up or skipped:
        print(OFFLINE, file=sys.stderr)
    if vulnerable:
        return VULNERABLE
    return NOT_AUDITED if not looked_up or skipped else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
