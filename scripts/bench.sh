# shellcheck shell=bash
# bench: builds the benchmarks and runs them against a database that is thrown away.

bench() {
    parse_options bench "quick full growth core writes ingest questions checks console start url= load= pids=" "$@"
    no_operands bench ${OPERANDS[@]+"${OPERANDS[@]}"}
    if [ -n "${OPTION_url:-}" ]; then
        for option in "$@"; do
            case "$option" in --url* | --load* | --pids* | [!-]*) ;; *) refuse "bench --url takes --load and --pids beside, not $option" ;; esac
        done
    else
        [ -z "${OPTION_load:-}${OPTION_pids:-}" ] || refuse "bench takes --load and --pids beside --url only"
        [ $# -le 1 ] || refuse "bench takes --quick, --full, --growth, --core, --writes, --ingest, --questions, --checks, --console or --start, one at once"
    fi
    check_tools
    [ -z "${OPTION_start:-}" ] || installed_java 25 >/dev/null || fail "bench --start needs a JDK 25, which the image is made with (looked at MIROIR_JAVA_25 and the usual folders)"
    maven -DskipTests -pl "benchmarks${OPTION_start:+,server,validation,sync-annuaire,sql-copies,simulator}" -am package >&2 || fail "the build failed; its reasons stand above"
    cd "$ROOT" || exit
    if [ -n "${OPTION_url:-}" ]; then
        measure miroir.benchmarks.operations.OperationsMain --url "$OPTION_url" ${OPTION_load:+--load "$OPTION_load"} ${OPTION_pids:+--pids "$OPTION_pids"}
    elif [ -n "${OPTION_core:-}" ]; then
        measure miroir.benchmarks.CoreMain
    else
        OPTION_data="$(mktemp -d)"
        make_state
        trap 'stop_database; rm -rf "$OPTION_data"' EXIT
        trap 'exit 130' INT TERM HUP
        [ -z "${OPTION_start:-}" ] || assemble_image "$OPTION_data/image"
        obtain_database "${MONGODB_URI:-$OWN_DATABASE}"
        measure "$(measured)" "${@:---full}"
    fi
}

# What starts is the folder that the image consists of.
assemble_image() {
    local java
    java="$(installed_java 25)"
    JAVA_HOME="${java%/bin/java}" "$ROOT/image/assemble" "$1" >&2 || fail "the folder of the image was not assembled; the reasons stand above"
    MIROIR_IMAGE_FOLDER="$1"
    export MIROIR_IMAGE_FOLDER
}

# The program that measures what is asked for.
measured() {
    if [ -n "${OPTION_writes:-}" ]; then
        printf miroir.benchmarks.WritesMain
    elif [ -n "${OPTION_ingest:-}" ]; then
        printf miroir.benchmarks.ingest.IngestMain
    elif [ -n "${OPTION_questions:-}" ]; then
        printf miroir.benchmarks.questions.QuestionsMain
    elif [ -n "${OPTION_checks:-}" ]; then
        printf miroir.benchmarks.checks.ChecksMain
    elif [ -n "${OPTION_console:-}" ]; then
        printf miroir.benchmarks.presence.PresenceMain
    elif [ -n "${OPTION_start:-}" ]; then
        printf miroir.benchmarks.start.StartMain
    else
        printf miroir.benchmarks.operations.OperationsMain
    fi
}

measure() {
    # shellcheck disable=SC2086 # options of the JVM are words
    MONGODB_URI="${DATABASE_URI:-}" MIROIR_DATABASE=bench MIROIR_REVISION="$(revision)" \
        "$(java_command)" -Xmx1g ${MIROIR_JAVA_OPTS:-} -cp "benchmarks/target/app/*" "$@"
}
