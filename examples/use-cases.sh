#!/usr/bin/env bash
# What people do with the directory, by curl alone: use-cases.sh BASE, such as http://127.0.0.1:8080/fhir. A token is taken from MIROIR_TOKEN.
set -euo pipefail

readonly BASE="${1:?use-cases.sh needs the FHIR base, such as http://127.0.0.1:8080/fhir}"

ask() {
    curl --fail-with-body --silent --show-error ${MIROIR_TOKEN:+-H "Authorization: Bearer $MIROIR_TOKEN"} "$@"
}

# case_of TITLE CURL-ARGUMENT...: shows the first lines of the answer. Where that has nothing in it the case failed, unless MAY_BE_EMPTY says otherwise.
case_of() {
    local answer
    printf '\n== %s\n' "$1"
    answer="$(ask "${@:2}")" || { printf '%s\n' "$answer" && exit 1; }
    [ -n "${MAY_BE_EMPTY:-}" ] || ! is_empty "$answer" || { printf '%s\nuse-cases.sh: nothing was found\n' "$answer" && exit 1; }
    sed -n '1,8{s/^\(.\{200\}\).*/\1 …/;p;}' <<<"$answer"
}

# A Bundle without entries, or a table with nothing below its head.
is_empty() {
    if [[ "$1" =~ \"resourceType\"[[:space:]]*:[[:space:]]*\"Bundle\" ]]; then
        [[ ! "$1" =~ \"entry\"[[:space:]]*: ]]
    else
        [ "$(grep -c . <<<"$1")" -lt 2 ]
    fi
}

case_of 'a full load: the first page; follow its link "next" as it is' "$BASE/Practitioner?_count=2&_pretty=true"
MAY_BE_EMPTY=true case_of 'what changed since yesterday, in the order of commits, deletions too' \
    -G "$BASE/Organization/_history" --data-urlencode "_since=$(date -u -d yesterday +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -v-1d +%Y-%m-%dT%H:%M:%SZ)" \
    --data-urlencode _sort=_lastUpdated --data-urlencode _count=2
case_of 'a role with whose it is and where, in one answer' \
    "$BASE/PractitionerRole?_count=1&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization"
case_of 'who practises in a department' -G "$BASE/\$directory-search" --data-urlencode department=75 --data-urlencode _count=2
case_of 'secure mailboxes of a department, for a spreadsheet' "${BASE%/fhir}/reports/mailboxes.csv?department=75"
case_of 'what has the directory of Ségur lists: name, profession, place, mailbox' \
    -G "$BASE/\$directory-search" --data-urlencode name=dupont --data-urlencode _display=true --data-urlencode _count=1
case_of 'a table of qualifications, as CSV' "$BASE/ViewDefinition/practitioner-qualification/\$run?_format=csv&_limit=3"
