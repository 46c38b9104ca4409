"""Reads the reports of surefire and failsafe: prints what failed and what was skipped and why, what took longest, and counts.

summary.py ROOT FILE adds "passed failed skipped" to FILE, one line, so that several runs can be summed up, and what failed to FILE.failed.
"""

import sys
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path


LONGEST = 12  # classes
REASON = 300  # characters


def suites(root):
    for kind in ("surefire", "failsafe"):
        for report in sorted(root.glob(f"*/target/{kind}-reports/TEST-*.xml")):
            yield xml.parse(report).getroot()


def longest(read):
    """The classes that took most of the time, in seconds."""
    taken = sorted(((float(suite.get("time", "0").replace(",", "")), suite.get("name")) for suite in read), reverse=True)
    return ", ".join(f"{name.rsplit('.', 1)[-1]} {seconds:.0f}" for seconds, name in taken[:LONGEST])


def verdict(case):
    """What became of the test, and the reason that JUnit gives."""
    for kind, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(kind)
        if found is not None:
            reason = found.get("message") or (found.text or "").strip().split("\n")[0]
            return word, cut(" ".join(reason.split()))
    return "passed", ""


def cut(reason):
    return reason[:REASON] + "…" if len(reason) > REASON else reason or "no reason given"


def main(root, totals):
    counts = Counter()
    failed = []
    read = list(suites(Path(root)))
    print(f"longest: {longest(read)}")
    for case in (case for suite in read for case in suite.iter("testcase")):
        word, reason = verdict(case)
        counts[word] += 1
        if word != "passed":
            print(f"{word}: {case.get('classname')}.{case.get('name')}: {reason}")
            if word == "failed":
                failed.append(f"{case.get('classname')}.{case.get('name')}: {reason}")
    with open(f"{totals}.failed", "a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in failed)
    with open(totals, "a", encoding="utf-8") as file:
        file.write(f"{counts['passed']} {counts['failed']} {counts['skipped']}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
