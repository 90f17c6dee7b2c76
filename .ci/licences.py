#!/usr/bin/env python3
"""Fails where a dependency's licence is not among the allowed ones.

Reads what `cargo metadata` says of every package in the lock file. A package may offer a choice
(`A OR B`, or `A/B` as older ones write): one allowed licence is enough.
"""

import json
import re
import subprocess
import sys

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause",
    "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "Unicode-3.0", "Unlicense", "Zlib",
}


def allowed(expression):
    """Whether an SPDX expression can be met with allowed licences alone."""
    tokens = re.findall(r"\(|\)|\bAND\b|\bOR\b|[^()\s]+(?: WITH \S+)?",
                        re.sub(r"\s*/\s*", " OR ", expression))
    position = 0

    def one():
        nonlocal position
        token = tokens[position]
        position += 1
        if token != "(":
            return token in ALLOWED
        inside = choice()
        position += 1
        return inside

    def both():
        nonlocal position
        result = one()
        while position < len(tokens) and tokens[position] == "AND":
            position += 1
            result = one() and result
        return result

    def choice():
        nonlocal position
        result = both()
        while position < len(tokens) and tokens[position] == "OR":
            position += 1
            result = both() or result
        return result

    return bool(tokens) and choice()


def self_test():
    for expression, expected in [
        ("MIT", True), ("GPL-3.0", False), ("MIT/Apache-2.0", True), ("", False),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", True), ("MIT AND GPL-3.0", False),
        ("GPL-2.0 OR (MIT AND Zlib)", True), ("Apache-2.0 WITH LLVM-exception OR X", True),
    ]:
        assert allowed(expression) == expected, expression


def main():
    self_test()
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    packages = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    packages = [p for p in packages["packages"] if p["source"]]
    bad = [p for p in packages if not allowed(p["license"] or "")]
    for package in bad:
        print(f"{package['name']} {package['version']}: {package['license']}", file=sys.stderr)
    if bad:
        sys.exit("licences: the packages above are not under an allowed licence")
    print(f"licences: {len(packages)} packages, all under an allowed licence")


main()
