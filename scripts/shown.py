"""shown.py PAGE PROGRAM NAME=VALUE…: runs the commands that a page of Markdown shows, those of one program, one after the other in the folder where one is, and ends with 1 where the page shows something else.

What stands below a line `$ command` has to be printed by it, in that order; others may stand between, since pages leave lines out. What differs from run to run is left alone: instants, ids, and how
many there are. A call of curl without `$` has to be answered as the remark behind it says, such as `# 410: it was there`, or with 2xx; and a search that it shows has to find something."""

import os
import re
import subprocess
import sys
from pathlib import Path

FENCE = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)
REMARK = re.compile(r"\s+# (.*)$")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
COUNT = re.compile(r"^\d+ (?=[A-Z][A-Za-z]+ as at)|^\d+ (?=changed)|(?<=changed, )\d+ ")
GIVEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATUS = re.compile(r"\d{3}\b")


def commands(page, program):
    """Each command in one line, with what is shown below it."""
    found = []
    for block in FENCE.findall(page):
        lines = re.sub(r" *\\\n +", " ", block).splitlines()
        if not any(line.startswith("$ ") for line in lines):
            found += [(line, []) for line in lines if line.startswith(program + " ")]
            continue
        for line in lines:
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return [each for each in found if each[0].startswith(program + " ")]


def run(command, variables):
    # The status of curl beside what it prints, which may go into a file.
    script = "curl() { command curl --silent --show-error --write-out '%{stderr}status %{http_code}' \"$@\"; }\n" + command
    return subprocess.run(["bash", "-c", script], env={**os.environ, **variables}, capture_output=True, text=True, timeout=120)


def normal(line):
    """Without the mark by which spreadsheets know what the letters are."""
    return COUNT.sub("N ", GIVEN.sub("ID", INSTANT.sub("INSTANT", line.lstrip("\ufeff")))).rstrip()


def missing(shown, printed):
    """The first line that is not printed after those before it."""
    rest = iter([normal(line) for line in printed])
    return next((line for line in shown if normal(line) not in rest), None)


def status_of(command, done):
    remark = REMARK.search(command)
    said = STATUS.match(remark.group(1)) if remark else None
    status = done.stderr.rpartition("status ")[2]
    if status != said.group() if said else not status.startswith("2"):
        return f"answered {status}"
    if re.search(r'^curl "[^"]*/[A-Z][A-Za-z]+\?', command) and '"fullUrl"' not in done.stdout:
        return "nothing was found"
    return None


def main(page, program, *variables):
    wrong = 0
    found = commands(Path(page).read_text(encoding="utf-8"), program)
    for command, shown in found:
        done = run(command, dict(each.split("=", 1) for each in variables))
        if program == "curl":
            reason = status_of(command, done)
        else:
            lacking = missing(shown, done.stdout.splitlines())
            reason = f"ended with {done.returncode}" if done.returncode else lacking and f"does not print: {lacking}"
        if reason:
            wrong += 1
            print(f"{command}\n  {reason}\n  {(done.stdout + done.stderr)[:2000]}")
    print(f"{len(found)} commands, {wrong} of them otherwise than shown")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
