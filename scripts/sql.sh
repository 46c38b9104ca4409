# shellcheck shell=bash
# sql: copies of views in other databases. The commands are a program of its own; this part gives it the database, where files of copies are, and
# what the server's configuration says about the store.

readonly SQL_COMMANDS="once run status check"

copy_to_sql() {
    local command="${1:-}"
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2086 # a list of words
    is_word "$command" "$SQL_COMMANDS" ||
        refuse "'sql' needs one of: $SQL_COMMANDS${command:+; did you mean '$(nearest "$command" $SQL_COMMANDS)'?}"
    take_store_options "$@"
    make_sql_paths_absolute
    [ -z "${OPTION_background:-}" ] || [ "$command" = run ] || refuse "--background is for 'sql run' only"
    make_state
    build
    read_configuration "$([ -z "${OPTION_config:-}" ] || existing_file "$OPTION_config")"
    if [ -n "${OPTION_background:-}" ]; then
        sql_in_background
    elif [ "$command" = status ]; then
        # It is written down in the copies; no database has to be started for it.
        DATABASE_URI="$(configured uri)"
        run_sql status
    else
        sql_with_database "$command"
    fi
}

# The program runs in the folder of the project; what somebody names is meant from where they are.
make_sql_paths_absolute() {
    local name
    for name in MIROIR_SQL_CONFIG MIROIR_SQL_PASSWORD_FILE; do
        case "${!name:-}" in
            '' | /*) ;;
            *) export "$name=$PWD/${!name}" ;;
        esac
    done
    case "${MIROIR_SQL_TO:-}" in
        sqlite:/* | sqlite: | jdbc:* | '') ;;
        sqlite:*) export MIROIR_SQL_TO="sqlite:$PWD/${MIROIR_SQL_TO#sqlite:}" ;;
    esac
}

# A database that was started only for this is stopped with it; one that serves already is used and left running.
sql_with_database() {
    local status=0 started=''
    database_stays 2>/dev/null || started=true
    obtain_database "${OPTION_mongo:-$(configured uri)}"
    run_sql "$1" || status=$?
    [ -z "$started" ] || [ ! -f "$RUN/mongod" ] || stop_database
    exit "$status"
}

run_sql() {
    trap 'interrupt_sql' INT TERM HUP
    start_sql "$1" ${OPERANDS[@]+"${OPERANDS[@]}"}
    wait_for_sync
}

# One that `stop` ends, with its database. What is wrong with its configuration shows within seconds.
sql_in_background() {
    ! runs "$RUN/sql" || fail "copies are kept already in $STATE (process $(fact "$RUN/sql" pid)); ./miroir stop$(data_option) ends it"
    obtain_database "${OPTION_mongo:-$(configured uri)}"
    start_sql run ${OPERANDS[@]+"${OPERANDS[@]}"} >"$LOG/sql.out" 2>&1
    remember "$RUN/sql" "$SYNC_PID"
    if await_end "$RUN/sql" 5; then
        rm -f "$RUN/sql"
        tail -n 3 "$LOG/sql.out" >&2
        fail "it ended; see $LOG/sql.out"
    fi
    say "Copies are kept (process $SYNC_PID, log $LOG/sql.log). Stop with: ./miroir stop$(data_option)"
}

# Sets SYNC_PID, for which wait_for_sync waits.
start_sql() {
    local log=()
    [ "$1" != run ] || log=(-Dlogback.configurationFile=conf/logback.xml -DMIROIR_LOG_NAME=sql)
    cd "$ROOT" || exit
    export_store
    export MIROIR_SQL_FOLDER="$STATE/sql" MIROIR_OWN_BASES MIROIR_VIEWS="${MIROIR_CONF:-conf}/views"
    MIROIR_OWN_BASES="$(configured ownBases)"
    # shellcheck disable=SC2206 # options of the JVM are words
    local -a program=("$(java_command)" -Xmx256m -XX:+ExitOnOutOfMemoryError ${MIROIR_JAVA_OPTS:-} ${log[@]+"${log[@]}"} \
        -cp "sql-copies/target/app/*" miroir.sql.SqlMain)
    start_detached "${program[@]}" "$@" 9>&-
    # shellcheck disable=SC2034 # read by wait_for_sync
    SYNC_PID=$STARTED_PID
}

interrupt_sql() {
    say "Stopping after what is under way ..."
    kill -TERM "$SYNC_PID" 2>/dev/null || true
}

# It ends after a transaction.
stop_sql() {
    [ ! -f "$RUN/sql" ] || stop_process "$RUN/sql" 40
}

# For `status`.
sql_status() {
    ! runs "$RUN/sql" || printf 'copies    process %s; ./miroir sql status%s\n' "$(fact "$RUN/sql" pid)" "$(data_option)"
}
