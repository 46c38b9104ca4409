# shellcheck shell=bash
# sync: the copy of the directory. The commands are the daemon's own program; this part gives it the database and what the
# server's configuration says about the store.

readonly SYNC_COMMANDS="run once status rejections check load start full stop confirm"

synchronise() {
    local command="${1:-}"
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2016 # between double quotes they do expand
    is_word "$command" "$SYNC_COMMANDS" ||
        refuse "'sync' needs one of: $SYNC_COMMANDS${command:+; did you mean '$(nearest "$command" $SYNC_COMMANDS)'?}"
    take_store_options "$@"
    make_paths_absolute "$command"
    [ -z "${OPTION_background:-}" ] || [ "$command" = run ] || refuse "--background is for 'sync run' only"
    make_state
    build
    read_configuration "$([ -z "${OPTION_config:-}" ] || existing_file "$OPTION_config")"
    if [ -n "${OPTION_background:-}" ]; then
        sync_in_background
    else
        sync_with_database "$command"
    fi
}

# Takes --data, --mongo, --config and --background out of the arguments; the rest, which the program itself knows, goes into OPERANDS.
take_store_options() {
    local option
    OPERANDS=()
    while [ $# -gt 0 ]; do
        case "$1" in
            --data | --mongo | --config)
                [ -n "${2:-}" ] || refuse "option $1 needs a value"
                printf -v "OPTION_${1#--}" '%s' "$2"
                shift 2
                ;;
            --data=* | --mongo=* | --config=*)
                option="${1%%=*}"
                printf -v "OPTION_${option#--}" '%s' "${1#*=}"
                shift
                ;;
            --background) OPTION_background=true && shift ;;
            --help | -h) main help && exit 0 ;;
            *) OPERANDS+=("$1") && shift ;;
        esac
    done
    name_database
}

# By --mongo or --data.
name_database() {
    [ -z "${OPTION_mongo:-}" ] || [ -z "${OPTION_data:-}" ] || refuse "--mongo names a database, --data the folder of another one: give one of them"
    [ -z "${OPTION_mongo:-}" ] || export MONGODB_URI="$OPTION_mongo"
}

# The program runs in the folder of the project; what somebody names is meant from where they are.
make_paths_absolute() {
    local i name
    for ((i = 0; i < ${#OPERANDS[@]}; i++)); do
        case "$1 ${OPERANDS[i]}" in
            'load --source') i=$((i + 1)) ;;
            'load -'* | 'load /'*) ;;
            'load '*) OPERANDS[i]="$PWD/${OPERANDS[i]}" ;;
        esac
    done
    for name in MIROIR_SYNC_CONFIG MIROIR_SYNC_TRUST ANNUAIRE_API_KEY_FILE; do
        case "${!name:-}" in
            '' | /*) ;;
            *) export "$name=$PWD/${!name}" ;;
        esac
    done
}

# A database that was started only for this is stopped with it; one that serves already is used and left running.
sync_with_database() {
    local command="$1" status=0 started=''
    database_stays 2>/dev/null || started=true
    obtain_database "${OPTION_mongo:-$(configured uri)}"
    trap 'interrupt_sync' INT TERM HUP
    start_sync "$command" ${OPERANDS[@]+"${OPERANDS[@]}"}
    wait_for_sync || status=$?
    [ -z "$started" ] || [ ! -f "$RUN/mongod" ] || stop_database
    exit "$status"
}

# A daemon that `stop` ends, with its database. What is wrong with its configuration shows within seconds.
sync_in_background() {
    ! runs "$RUN/daemon" || fail "a daemon runs already in $STATE (process $(fact "$RUN/daemon" pid)); ./miroir stop$(data_option) ends it"
    obtain_database "${OPTION_mongo:-$(configured uri)}"
    start_sync run ${OPERANDS[@]+"${OPERANDS[@]}"} >"$LOG/sync.out" 2>&1
    remember "$RUN/daemon" "$SYNC_PID"
    if await_end "$RUN/daemon" 5; then
        rm -f "$RUN/daemon"
        tail -n 3 "$LOG/sync.out" >&2
        fail "the daemon ended; see $LOG/sync.out"
    fi
    say "The daemon runs (process $SYNC_PID, log $LOG/sync.log). Stop with: ./miroir stop$(data_option)"
}

# What decides about store and search fields is what the server has, whatever its file heeds.
export_store() {
    export MONGODB_URI="$DATABASE_URI" MIROIR_DATABASE MIROIR_TYPES MIROIR_ZONE MIROIR_PUBLIC_BASE
    MIROIR_DATABASE="$(configured database)" MIROIR_TYPES="$(configured types)"
    MIROIR_ZONE="$(configured zone)" MIROIR_PUBLIC_BASE="$(configured publicBase)"
}

# Sets SYNC_PID.
start_sync() {
    local log=()
    # A daemon writes its log as the server does; the others say what matters in the terminal.
    [ "$1" != run ] || log=(-Dlogback.configurationFile=conf/logback.xml -DMIROIR_LOG_NAME=sync)
    cd "$ROOT" || exit
    [ ! -t 2 ] || export MIROIR_TERMINAL=true
    export_store
    # shellcheck disable=SC2206 # options of the JVM are words
    local -a program=("$(java_command)" -Xmx256m -XX:+ExitOnOutOfMemoryError ${MIROIR_JAVA_OPTS:-} ${log[@]+"${log[@]}"} \
        -cp "sync-annuaire/target/app/*" miroir.sync.SyncMain)
    start_detached "${program[@]}" "$@" 9>&-
    SYNC_PID=$STARTED_PID
}

# A signal ends the wait, not the program: it stops within a page, and is waited for again.
wait_for_sync() {
    local status=0
    wait "$SYNC_PID" || status=$?
    while kill -0 "$SYNC_PID" 2>/dev/null; do
        status=0
        wait "$SYNC_PID" || status=$?
    done
    return "$status"
}

interrupt_sync() {
    say "Stopping within a page ..."
    kill -TERM "$SYNC_PID" 2>/dev/null || true
}
