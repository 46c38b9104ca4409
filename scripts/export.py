"""Fetches an export: asks for it, waits until it is cut, fetches its files, counts their lines.

A file is fetched under a name that ends with .part and has its own name once it is whole. What is whole is not fetched again, and an
export that was broken off is gone on with as long as the server has it: its address stands in .export.json, beside what was asked.
"""
import argparse
import gzip
import http.client
import json
import os
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 5
STATE = ".export.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\.ndjson")
BLOCK = 1 << 16
LONGEST_WAIT = 60


class OwnOrigin(urllib.request.HTTPRedirectHandler):
    """Who is sent elsewhere does not take his token along."""

    def redirect_request(self, request, answer, code, message, sent, url):
        raise Failed(f"{request.full_url} sends elsewhere, to {url}; --url is to be where the server is")


OPENER = urllib.request.build_opener(OwnOrigin)


class Failed(Exception):
    """Something that can be told in a sentence."""


def main():
    options = parse()
    folder = pathlib.Path(options.to)
    state = folder / STATE
    try:
        address, manifest = gone_on_with(options, state) or begun(options, state)
        report, manifest = fetch_all(options, folder, address, manifest)
    except Failed as failure:
        sys.exit(f"miroir: {failure}")
    except KeyboardInterrupt:
        sys.exit("miroir: interrupted; the same command goes on")
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    state.unlink(missing_ok=True)
    print(report)
    try:
        ask("DELETE", address, options, allowed=(404,))
    except Failed as failure:
        print(f"The server has the export until it expires: {failure}", file=sys.stderr)


def parse():
    parser = argparse.ArgumentParser()
    for name in ("url", "to", "types", "since", "filter", "elements"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--gzip", action="store_true")
    options = parser.parse_args()
    options.token = os.environ.get("MIROIR_TOKEN", "")
    return options


def asked(options):
    parameters = [("_type", options.types), ("_since", options.since), ("_typeFilter", options.filter), ("_elements", options.elements)]
    query = urllib.parse.urlencode([(name, value) for name, value in parameters if value])
    return f"{options.url}/$export" + (f"?{query}" if query else "")


def gone_on_with(options, state):
    """The export of before, where the same was asked and the server still has it."""
    try:
        known = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if known.get("asked") != asked(options) or known.get("gzip") != options.gzip:
        raise Failed(f"in {options.to} something else is being exported; another folder, or without {state}")
    address = known["address"]
    status, _, _ = ask("GET", address, options, allowed=(404, 410))
    if status in (404, 410):
        clear(state.parent)
        return None
    print("Going on with what was broken off.")
    return address, complete(address, options)


def clear(folder):
    """What belongs to an export that is over cannot be put together with another one."""
    for name in ("*.ndjson", "*.ndjson.gz", "*.part"):
        for file in folder.glob(name):
            file.unlink()


def begun(options, state):
    if any(state.parent.glob("*.ndjson*")):
        raise Failed(f"the folder {options.to} has files of another export; an empty one is needed")
    # Whoever does not hear the answer does not know whether there is one now, and another one would take a place as well.
    _, headers, _ = ask("GET", asked(options), options, {"Prefer": "respond-async"}, again=False)
    address = headers["Content-Location"]
    state.write_text(
        json.dumps({"asked": asked(options), "gzip": options.gzip, "address": address}) + "\n", encoding="utf-8")
    return address, complete(address, options)


def complete(address, options):
    """What the export has, once it is cut."""
    while True:
        status, headers, body = ask("GET", address, options)
        if status == 200:
            return json.loads(body)
        print(headers.get("X-Progress", "begun"), flush=True)
        time.sleep(seconds_until_more(headers))


def seconds_until_more(headers):
    """How long the server wants to be left alone, within reason."""
    said = headers.get("Retry-After", "")
    return min(int(said), LONGEST_WAIT) if said.isdecimal() else 2


def fetch_all(options, folder, address, manifest):
    lines = 0
    files = listed(manifest)
    options.token_for_files = manifest.get("requiresAccessToken", True)
    for file in files:
        if (found := fetch(options, folder, file)) is None:
            # Where something was erased meanwhile the manifest does not count any more.
            manifest = complete(address, options)
            file = next((each for each in listed(manifest) if each["url"] == file["url"]), file)
            found = fetch(options, folder, file)
        if found is None:
            raise Failed(f"{name(file, options.gzip)} could not be fetched whole; the same command goes on")
        lines += found
    stay = {name(file, options.gzip) for file in files}
    for extra in folder.glob("*.part"):
        if extra.name.removesuffix(".part") not in stay:
            extra.unlink()
    for file in manifest.get("error", []):
        print(f"The server left something out: {folder / name(file, options.gzip)} says what.")
    return (f"{lines} lines in {len(files)} files, as of {manifest['transactionTime']}, in {folder}."
            f" The next time: --since {manifest['transactionTime']}"), manifest


def listed(manifest):
    return [file for kind in ("output", "deleted", "error") for file in manifest.get(kind, [])]


def name(file, gzipped):
    """As its URL ends, if that can only be the name of a file of ours."""
    last = urllib.parse.urlparse(file["url"]).path.rpartition("/")[2]
    if not NAME.fullmatch(last):
        raise Failed(f"the server calls a file '{last}', which is no name that is expected")
    return last + (".gz" if gzipped else "")


def fetch(options, folder, file):
    """How many lines the file has, which is fetched unless it is there; None where that is not what the manifest counts, or it could not be fetched."""
    target = folder / name(file, options.gzip)
    for attempt in range(ATTEMPTS):
        if target.exists() or fetched(options, file["url"], target, 2**attempt):
            lines = count(target, options.gzip)
            if "count" not in file or lines == file["count"]:
                return lines
            target.unlink()
            return None
    return None


def fetched(options, url, target, pause):
    part = target.with_name(target.name + ".part")
    request = urllib.request.Request(
        url, headers=headers(options, url, {"Accept-Encoding": "gzip"}, options.token_for_files))
    try:
        with OPENER.open(request, timeout=120) as answer, open_part(part, options.gzip) as out:
            body = gzip.GzipFile(fileobj=answer) if answer.headers.get("Content-Encoding") == "gzip" else answer
            while block := body.read(BLOCK):
                out.write(block)
    except urllib.error.HTTPError as refused:
        if refused.code in (429, 503):
            time.sleep(max(pause, seconds_until_more(refused.headers)))
            return False
        raise Failed(told(refused)) from refused
    except (OSError, EOFError, ValueError, http.client.HTTPException) as broken:
        print(f"{target.name}: {broken}; again", flush=True)
        time.sleep(pause)
        return False
    part.replace(target)
    return True


def open_part(part, gzipped):
    return gzip.open(part, "wb", compresslevel=6) if gzipped else open(part, "wb")


def count(file, gzipped):
    with gzip.open(file, "rb") if gzipped else open(file, "rb") as lines:
        return sum(block.count(b"\n") for block in iter(lambda: lines.read(BLOCK), b""))


def headers(options, url, more, with_token=True):
    """Nothing is asked of whom the server names, but of the server: its token would be somebody else's, and so would be the files."""
    if origin(url) != origin(options.url):
        raise Failed(f"{url} is not at {options.url}; --url is to be the address by which the server calls itself")
    return {**more, **({"Authorization": f"Bearer {options.token}"} if options.token and with_token else {})}


def origin(url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def ask(method, url, options, more=None, allowed=(), again=True):
    request = urllib.request.Request(url, method=method, headers=headers(options, url, more or {}))
    for attempt in range(ATTEMPTS):
        try:
            with OPENER.open(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            if refused.code in allowed:
                return refused.code, refused.headers, b""
            if refused.code not in (429, 503) or attempt == ATTEMPTS - 1:
                raise Failed(told(refused)) from refused
            time.sleep(seconds_until_more(refused.headers))
        except (OSError, http.client.HTTPException) as broken:
            if not again or attempt == ATTEMPTS - 1:
                raise Failed(f"{url} does not answer: {broken}") from broken
            time.sleep(2**attempt)
    raise Failed(f"{url} does not answer")


def told(refused):
    """What an OperationOutcome says, or the status."""
    try:
        outcome = json.loads(refused.read())
        return f"the server says {refused.code}: " + "; ".join(
            issue.get("diagnostics", issue["code"]) for issue in outcome["issue"])
    except (ValueError, KeyError, OSError):
        return f"the server says {refused.code}"


main()
