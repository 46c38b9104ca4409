# shellcheck shell=bash
# start, stop and status. One server per state folder, which holds everything that belongs to it:
#   run/server run/mongod   which processes, and facts about them      write-token   the local token, 0600
#   log/                    of server and mongod                       mongo/        the database's files

readonly STATUS_NOT_RUNNING=3
readonly STATUS_RUNS_ALREADY=4
# Longer than the server itself takes until it gives up on what is unfinished.
readonly SERVER_STOP_MARGIN=12

start() {
    parse_options start "background port= data= empty types= writable config=" "$@"
    no_operands start ${OPERANDS[@]+"${OPERANDS[@]}"}
    local port config=''
    check_port "${OPTION_port:-8080}"
    check_types "${OPTION_types:-directory}"
    [ -z "${OPTION_config:-}" ] || config="$(existing_file "$OPTION_config")"
    make_state
    refuse_second_start
    # Before the build, which may take minutes, where it is known already.
    [ -z "${OPTION_port:-}" ] || refuse_taken_port "$OPTION_port"
    remember "$RUN/start" "$$"
    build
    read_configuration "$config"
    refuse_tls
    port="$(configured port)"
    refuse_taken_port "$port"
    trap interrupted INT TERM HUP
    obtain_database "$(configured uri)"
    start_server "$port"
    await_ready "$port"
    load_sample "$port"
    start_demo
    READY=true
    welcome "$port"
    [ -n "${OPTION_background:-}" ] || stay_in_foreground
    rm -f "$RUN/start"
}

check_port() {
    if ! [[ "$1" =~ ^[1-9][0-9]{0,4}$ ]] || [ "$1" -gt 65535 ]; then
        refuse "--port must be a number from 1 to 65535; got '$1'"
    fi
}

check_types() {
    [[ "$1" =~ ^(all|(directory|[A-Z][A-Za-z]+)(,(directory|[A-Z][A-Za-z]+))*)$ ]] ||
        refuse "--types must be 'directory', 'all' or resource types like Practitioner,Organization or directory,Subscription; got '$1'"
}

refuse_taken_port() {
    local port="$1" free="$1"
    while is_port_open "$free"; do
        free=$((free + 1))
    done
    [ "$free" -eq "$port" ] || fail "port $port is in use by another program; choose another one, like --port $free"
}

# The script asks whether the server is ready, and does not speak TLS.
refuse_tls() {
    [ "$(configured tls)" != true ] ||
        fail "listen.tls is set, and the script starts a server without TLS only; docs/operations/running.md has the command for others"
}

existing_file() {
    [ -f "$1" ] || refuse "--config must name a file; there is none at '$1'"
    printf '%s\n' "$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")"
}

state_folder() {
    printf '%s\n' "${OPTION_data:-$ROOT/.miroir}"
}

# Sets STATE, RUN and LOG; makes the folders.
make_state() {
    local folder
    folder="$(state_folder)"
    (umask 077 && mkdir -p "$folder/run" "$folder/log") || fail "the folder '$folder' cannot be made; --data names another one"
    [ -w "$folder/run" ] && [ -w "$folder/log" ] ||
        fail "the folder '$folder' belongs to somebody else and cannot be written; --data names another one"
    open_state
}

# Sets STATE, RUN and LOG of a folder that is there.
open_state() {
    local folder
    folder="$(state_folder)"
    if [ -d "$folder" ]; then
        STATE="$(cd "$folder" && pwd -P)"
    else
        STATE="$folder"
    fi
    RUN="$STATE/run"
    LOG="$STATE/log"
}

refuse_second_start() {
    # Two starts at the same moment: the second one waits here, then sees the first.
    if has flock; then
        exec 9>"$RUN/lock"
        flock -w 300 9 || fail "another start in $STATE has been going on for five minutes"
    fi
    if stays "$RUN/server"; then
        revive_database
        say "Miroir runs already: $(base_address) (process $(fact "$RUN/server" pid), data $STATE)"
        exit "$STATUS_RUNS_ALREADY"
    fi
}

# A server waits for a database that died, and goes on with it; so that is all that has to be done.
revive_database() {
    if [ -f "$RUN/mongod" ] && ! database_stays; then
        say "Its database has died."
        start_database
    fi
}

base_address() {
    printf 'http://127.0.0.1:%s/fhir\n' "$(fact "$RUN/server" port)"
}

start_server() {
    local port="$1" out="$LOG/server.out"
    write_token
    say "Starting the server on port $port ..."
    local kind
    kind="$(database_kind)"
    export MONGODB_URI="$DATABASE_URI"
    cd "$ROOT" || exit
    local -a command
    # As the image does it: what a busy hour took is given back.
    # shellcheck disable=SC2206 # options of the JVM are words
    command=("$(java_command)" -Xms64m -Xmx1g -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:G1PeriodicGCInterval=30000 -XX:+ExitOnOutOfMemoryError ${MIROIR_JAVA_OPTS:-} -cp "server/target/app/*:validation/target/app/*" miroir.server.ServerMain)
    if [ -n "${OPTION_background:-}" ]; then
        start_detached "${command[@]}" >"$out" 2>&1 9>&-
    else
        start_detached "${command[@]}" 9>&-
    fi
    remember "$RUN/server" "$STARTED_PID" "port=$port" "types=$(configured types)" "writable=$(configured writable)" \
        "token=$(configured writeTokenFile)" "$(sed -n '/^token\./p' <<<"$CONFIGURATION")" "stop=$(configured stop)" "database=$(shown_uri "$DATABASE_URI")" "kind=$kind"
}

# 256 random bits with a prefix that secret scanners can recognise; made once per state folder.
write_token() {
    local file="$STATE/write-token"
    [ -s "$file" ] || (umask 077 && printf 'miroir_%s\n' "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')" >"$file")
}

# The token that the running server takes for writing; nothing where it takes none.
token() {
    token_in token
}

# tenant_token NAME: that of a tenant.
tenant_token() {
    token_in "token.$1"
}

# token_in FACT: what the file that it names has; nothing where it names none.
token_in() {
    local file
    file="$(fact "$RUN/server" "$1")"
    [ -z "$file" ] || (cd "$ROOT" && cat "$file" 2>/dev/null) || true
}

# authorized_get PORT PATH: as who has the token, where there is one.
authorized_get() {
    local token
    token="$(token)"
    http_get "$@" ${token:+"Authorization: Bearer $token"}
}

# What takes as long as the data is large, such as indexes, is no failure: only while nothing is being made ready does time count.
await_ready() {
    local port="$1" limit="${MIROIR_START_SECONDS:-300}" end told=$SECONDS answer
    # By the clock: while the database is away, each answer takes seconds.
    end=$((SECONDS + limit))
    while [ "$SECONDS" -lt "$end" ]; do
        runs "$RUN/server" || fail_server "the server ended while starting"
        answer="$(http_get "$port" /health/ready)" || true
        case "${answer%%$'\n'*}" in *' 200 '*) return ;; esac
        if [[ "$answer" == *'"detail":"preparing '* ]]; then
            end=$((SECONDS + limit))
            [ $((SECONDS - told)) -lt 30 ] || { told=$SECONDS && say "The server is $(readiness_detail "$answer") ..."; }
        fi
        sleep 0.2
    done
    fail_server "the server was not ready after $limit s; /health/ready says: $(http_get "$port" /health/ready | tail -n 1)"
}

readiness_detail() {
    tail -n 1 <<<"$1" | sed 's/.*"detail":"\([^"]*\)".*/\1/'
}

fail_server() {
    say "miroir: $1"
    if [ -n "${OPTION_background:-}" ]; then
        show_end_of_log
    fi
    stop_all
    exit 1
}

# What the server said before it had a log, else its log.
show_end_of_log() {
    local file="$LOG/server.out"
    [ -s "$file" ] || file="$LOG/server.log"
    say "The last lines of $file:"
    tail -n 20 "$file" >&2 || true
}

# Into an empty database only, which is marked by it: any other may be somebody's real one. Sets SAMPLE where the database
# began with the sample, now or at another start.
load_sample() {
    SAMPLE=''
    [ -z "${OPTION_empty:-}" ] || return 0
    if (cd "$ROOT" && export_store && "$(java_command)" -Xmx256m -cp "sync-annuaire/target/app/*" \
        miroir.sync.SyncMain load --show samples/directory conf/terminology) >"$LOG/sample.out" 2>&1; then
        SAMPLE=true
        say "Sample resources: $(tail -n 1 "$LOG/sample.out")"
    else
        say "No sample resources and no simulated directory here: $(tail -n 1 "$LOG/sample.out")"
    fi
}

welcome() {
    local port="$1" root="http://127.0.0.1:$1"
    cat <<EOT

Miroir is ready.
  FHIR R4      $root/fhir          ($root/fhir/metadata says what it can do)
  Home page    $root/
  Health       $root/health/ready     Metrics  $root/metrics
  Types        $(fact "$RUN/server" types)
  Database     $(fact "$RUN/server" database) ($(fact "$RUN/server" kind))
  State, logs  $STATE$(demo_remark)
  Write token  $(shown_token)$(writable_remark)$(setup_remark)

Try:
  curl '$root/fhir/$(first_query "$port")'
EOT
    [ -z "${OPTION_background:-}" ] || printf 'Stop with: ./miroir stop%s\n' "$(data_option)"
}

shown_token() {
    local token
    token="$(token)"
    printf '%s' "${token:-none: access.writeTokenFile names no file}"
}

writable_remark() {
    [ "$(configured writable)" != true ] || printf '   (not needed on this machine: access.writable)'
}

# The link by which the first administrator is made, while there is none.
setup_remark() {
    local answer
    [ -n "$(token)" ] || return 0
    answer="$(admin_answer GET administrators '')" || return 0
    if grep -q '^HTTP/[0-9.]* 200' <<<"$answer" && ! grep -q '"name"' <<<"$answer"; then
        answer="$(admin_answer POST setup-link '' | sed -n 's/.*"link": *"\([^"]*\)".*/\1/p')"
        [ -z "$answer" ] || printf '\n  First administrator (once, within 24 hours)\n               %s' "$answer"
    fi
}

data_option() {
    [ -z "${OPTION_data:-}" ] || printf ' --data %q' "$STATE"
}

# Something that answers: a search where there is something to find, else the statement of what can be done.
first_query() {
    local port="$1" query type
    local -a queries=('Practitioner?family=dupont' 'Organization?name=pharmacie')
    for type in $(served_types); do queries+=("$type?_count=2"); done
    for query in "${queries[@]}"; do
        if authorized_get "$port" "/fhir/$query" | grep -q '"fullUrl"'; then
            printf '%s\n' "$query"
            return
        fi
    done
    printf 'metadata\n'
}

# Those that are worth a look, people first.
served_types() {
    case "$(configured types)" in
        directory | all) printf 'Practitioner\nOrganization\nPractitionerRole\nHealthcareService\nDevice\n' ;;
        *) configured types | tr ',' '\n' ;;
    esac
}

stay_in_foreground() {
    # A start in another terminal need not wait for the end of this one.
    exec 9>&-
    say "Ctrl-C stops the server and its database."
    wait "$(fact "$RUN/server" pid)" || true
    say "miroir: the server ended by itself"
    stop_all
    exit 1
}

interrupted() {
    trap '' INT TERM HUP
    say "Stopping ..."
    stop_all
    [ -n "${READY:-}" ] || exit 130
    exit 0
}

# A start that is going on, or that waits in the foreground, stops everything itself and says so in its terminal.
stop_start() {
    local pid
    runs "$RUN/start" || return 0
    pid="$(fact "$RUN/start" pid)"
    runs "$RUN/server" || say "Ending the start that is going on (process $pid) ..."
    kill -TERM "$pid" 2>/dev/null || true
    await_end "$RUN/start" $(($(server_stop_seconds) + MONGO_STOP_SECONDS + 10)) || say "Process $pid has not ended."
}

# As the configuration says that the server was started with: it drains, then finishes what it works on.
server_stop_seconds() {
    local configured
    configured="$(fact "$RUN/server" stop)"
    printf '%s\n' $((${configured:-8} + SERVER_STOP_MARGIN))
}

stop_all() {
    stop_demo
    stop_sql
    [ ! -f "$RUN/server" ] || stop_process "$RUN/server" "$(server_stop_seconds)"
    stop_database
}

stop() {
    parse_options stop "data=" "$@"
    no_operands stop ${OPERANDS[@]+"${OPERANDS[@]}"}
    open_state
    if ! runs "$RUN/start" && ! runs "$RUN/server" && ! runs "$RUN/daemon" && ! runs "$RUN/sql" && ! runs "$RUN/simulator" && ! database_runs; then
        rm -f "$RUN/start" "$RUN/server" "$RUN/mongod" "$RUN/daemon" "$RUN/sql" "$RUN/simulator"
        say "Nothing runs in $STATE."
        return
    fi
    stop_start
    stop_all
    rm -f "$RUN/start"
    say "Stopped. The data stays in $STATE."
}

status() {
    parse_options status "data=" "$@"
    no_operands status ${OPERANDS[@]+"${OPERANDS[@]}"}
    open_state
    local database='stopped' ready
    if database_runs; then
        database="runs on port $(fact "$RUN/mongod" port) ($(fact "$RUN/mongod" kind))"
    elif runs "$RUN/server" && [ ! -f "$RUN/mongod" ]; then
        database="$(fact "$RUN/server" database) ($(fact "$RUN/server" kind))"
    fi
    if ! runs "$RUN/server"; then
        ! runs "$RUN/start" || printf 'start     is going on (process %s)\n' "$(fact "$RUN/start" pid)"
        printf 'server    stopped\ndatabase  %s\nstate     %s\n' "$database" "$STATE"
        exit "$STATUS_NOT_RUNNING"
    fi
    ready="$(http_status "$(fact "$RUN/server" port)" /health/ready)"
    printf 'server    %s (process %s, %s)\ndatabase  %s\ntypes     %s\nstate     %s\n' "$(base_address)" \
        "$(fact "$RUN/server" pid)" "$([ "$ready" = 200 ] && echo ready || echo "not ready: status $ready")" \
        "$database" "$(fact "$RUN/server" types)" "$STATE"
    demo_status
    sql_status
    [ "$ready" = 200 ]
}
