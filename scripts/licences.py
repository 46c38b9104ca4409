"""licences.py SBOM ALLOWED: prints which licences the components of a CycloneDX file have; fails where one has none that is allowed."""

import json
import sys
from collections import defaultdict
from pathlib import Path


def read(allowed):
    """The licences that are allowed, and those of components that do not name theirs."""
    lines = [line.strip() for line in Path(allowed).read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    known = dict(line.split(" ", 1) for line in lines if ":" in line)
    return {line for line in lines if ":" not in line}, known


def licences(component, known):
    """Of several each is a choice."""
    choices = component.get("licenses", [])
    named = [choice.get("license", {}) for choice in choices]
    found = [licence.get("id") or licence.get("name") for licence in named] + [choice.get("expression") for choice in choices]
    found = [name for name in found if name]
    return found or [known.get(f"{component.get('group', '')}:{component['name']}", "none is named")]


def main(sbom, allowed):
    good, known = read(allowed)
    by_licence = defaultdict(int)
    refused = []
    for component in json.loads(Path(sbom).read_text(encoding="utf-8"))["components"]:
        its = licences(component, known)
        by_licence[" or ".join(its)] += 1
        if not good.intersection(its):
            refused.append(f"{component.get('group', '')}:{component['name']}:{component['version']}: {' or '.join(its)}")
    for licence, count in sorted(by_licence.items()):
        print(f"{count:4}  {licence}")
    for line in sorted(refused):
        print(f"not allowed: {line}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
