"""proof.py FIGURES TARGET NAME=VALUE…: writes TARGET, a JSON object of the given values and the figures of a proof."""

import json
import sys
from pathlib import Path


# The others stay as they are written: a revision may have no letter in it, and begin with 0.
NUMBERS = {"seed", "seconds", "jdk"}


def main(figures, target, *facts):
    proof = {name: int(value) if name in NUMBERS and value.isdigit() else value for name, value in (fact.split("=", 1) for fact in facts)}
    text = Path(figures).read_text(encoding="utf-8").strip()
    if text:
        proof["figures"] = json.loads(text)
    Path(target).write_text(json.dumps(proof, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
