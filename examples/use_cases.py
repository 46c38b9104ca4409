#!/usr/bin/env python3
"""What people do with the directory, in Python without any library. With a server running:

  use_cases.py BASE full TYPE FILE        all of a type, page after page, as NDJSON; and FILE.since, up to when that is
  use_cases.py BASE delta TYPE FILE       what has changed since then, deletions too, brought into the file
  use_cases.py BASE roles RPPS            where somebody works: a practitioner, the roles, the places, in one call
  use_cases.py BASE department CODE [PROFESSION]   who practises in a department
  use_cases.py BASE mailboxes CODE        MSSanté mailboxes of a department, with owners
  use_cases.py BASE segur NAME            the list of the Ségur specifications: who somebody is, and where to write to

BASE is like http://127.0.0.1:8080/fhir; a token is taken from MIROIR_TOKEN.
"""
import csv
import json
import os
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request

ORIGIN = "/".join(sys.argv[1].split("/")[:3]) if len(sys.argv) > 1 else ""


def get(url, accept="application/fhir+json"):
    """An answer as text. What the server says against it ends the program."""
    if not url.startswith(ORIGIN + "/"):
        sys.exit(f"{url}: leads to another server than {ORIGIN}, which is not given the token")
    request = urllib.request.Request(url, headers={"Accept": accept})
    if os.environ.get("MIROIR_TOKEN"):
        request.add_header("Authorization", "Bearer " + os.environ["MIROIR_TOKEN"])
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as answer:
            return answer.read().decode("utf-8")
    except urllib.error.HTTPError as refused:
        sys.exit(f"{url}: {refused.code} {refused.read().decode('utf-8', 'replace')}")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Who follows shows the token to whoever is named."""

    def redirect_request(self, *_):
        return None


def bundle(url, **query):
    return json.loads(get(url + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")))


def link(page, relation):
    return next((each["url"] for each in page.get("link", []) if each["relation"] == relation), None)


def pages(url, **query):
    """Each page of a search: links are followed as they are."""
    page = bundle(url, **query)
    while page:
        yield page
        following = link(page, "next")
        page = bundle(following) if following else None


def resources(page, resource_type):
    return [entry["resource"] for entry in page.get("entry", []) if entry["resource"]["resourceType"] == resource_type]


def replace(file, lines):
    """What was there stays until all that is new is."""
    with open(file + ".new", "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
    os.replace(file + ".new", file)


def full(base, resource_type, file):
    # Up to when all of it is: what changes from now on is in the history behind this instant.
    since = bundle(f"{base}/{resource_type}/_history", _count=1)["meta"]["lastUpdated"]
    count = 0
    with open(file + ".new", "w", encoding="utf-8") as out:
        for page in pages(f"{base}/{resource_type}", _count=200):
            for resource in resources(page, resource_type):
                out.write(json.dumps(resource, ensure_ascii=False) + "\n")
                count += 1
    os.replace(file + ".new", file)
    replace(file + ".since", [since])
    print(f"{count} {resource_type} as at {since}")


def delta(base, resource_type, file):
    with open(file + ".since", encoding="utf-8") as known:
        since = until = known.read().strip()
    newest = {}
    # The history in the order of commits, so that what comes later is newer; what is deleted has no resource.
    for page in pages(f"{base}/{resource_type}/_history", _since=since, _sort="_lastUpdated", _count=200):
        until = page["meta"]["lastUpdated"]
        for entry in page.get("entry", []):
            newest[entry["fullUrl"].rsplit("/", 1)[1]] = entry.get("resource")
    changed = {key for key, resource in newest.items() if resource}
    with open(file, encoding="utf-8") as known, open(file + ".new", "w", encoding="utf-8") as out:
        for line in known:
            if json.loads(line)["id"] not in newest:
                out.write(line)
        for key in changed:
            out.write(json.dumps(newest[key], ensure_ascii=False) + "\n")
    os.replace(file + ".new", file)
    replace(file + ".since", [until])
    print(f"{len(changed)} changed, {len(newest) - len(changed)} deleted since {since}")


def called(practitioner):
    name = (practitioner.get("name") or [{}])[0]
    return " ".join(name.get("given", []) + [name.get("family", "")]).strip()


def reference(role, element):
    return role.get(element, {}).get("reference")


def by_reference(page):
    return {f"{each['resource']['resourceType']}/{each['resource']['id']}": each["resource"] for each in page.get("entry", [])}


def address(place):
    first = (place.get("address") or [{}])[0]
    return " ".join(line for line in first.get("line", []) if line), first.get("postalCode", ""), first.get("city", "")


def roles(base, rpps):
    query = {"practitioner.identifier": rpps, "_include": ["PractitionerRole:practitioner", "PractitionerRole:organization"]}
    page = bundle(f"{base}/PractitionerRole", **query)
    known = by_reference(page)
    for role in resources(page, "PractitionerRole"):
        who = known.get(reference(role, "practitioner"), {})
        where = known.get(reference(role, "organization"), {})
        print(f"{called(who)} | {where.get('name', '')} | {' '.join(address(where))}".strip())


def people(base, **query):
    """Each of those who are found, with one of their places after the other; roles and places come with the page."""
    for page in pages(f"{base}/$directory-search", _count=50, _display="true", **query):
        known = by_reference(page)
        for who in resources(page, "Practitioner"):
            mine = [each for each in resources(page, "PractitionerRole") if reference(each, "practitioner") == f"Practitioner/{who['id']}"]
            for role in mine or [{}]:
                yield who, role, known.get(reference(role, "organization"), {})


def department(base, code, profession=None):
    for who, _, where in people(base, department=code, **({"profession": profession} if profession else {})):
        # Of somebody who is found all places are there, those elsewhere as well. Of 2A and 2B postal codes begin with 20.
        if address(where)[1].startswith(code.replace("2A", "20").replace("2B", "20")):
            print(f"{called(who)} | {where.get('name', '')} | {' '.join(address(where))}")


def mailboxes(base, code):
    print(get(f"{base.rsplit('/fhir', 1)[0]}/reports/mailboxes.csv?department={urllib.parse.quote(code)}", "text/csv"), end="")


def is_rpps(identifier):
    return any(coding.get("code") == "RPPS" for coding in identifier.get("type", {}).get("coding", []))


def coded(resource, systems):
    """Labels, or codes where a table has none, of what is from tables whose names have one of these in them."""
    codings = [coding for each in resource.get("qualification", []) for coding in each["code"].get("coding", [])]
    return next((each.get("display") or each["code"] for each in codings if any(part in each["system"] for part in systems)), "")


def secure(*owners):
    return next((each["value"] for owner in owners for each in owner.get("telecom", []) if "mssante" in each.get("value", "")), "")


def segur(base, name):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["rpps", "surname", "given", "profession", "specialty", "company", "street", "postalcode", "town", "mailbox"])
    for who, role, where in people(base, name=name):
        first = (who.get("name") or [{}])[0]
        rpps = next((each["value"] for each in who.get("identifier", []) if is_rpps(each)), "")
        out.writerow([rpps, first.get("family", ""), " ".join(first.get("given", [])), coded(who, ["TRE-G15", "TRE_G15"]),
                      coded(who, ["R38", "R40"]), where.get("name", ""), *address(where), secure(who, role, where)])


COMMANDS = {"full": full, "delta": delta, "roles": roles, "department": department, "mailboxes": mailboxes, "segur": segur}

if __name__ == "__main__":
    # `| head` ends it without a word.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if len(sys.argv) < 4 or sys.argv[2] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[2]](sys.argv[1].rstrip("/"), *sys.argv[3:])
