# shellcheck shell=bash
# bench: builds the benchmarks and runs them against a database that is thrown away.

bench() {
    parse_options bench "quick writes ingest questions checks console" "$@"
    no_operands bench ${OPERANDS[@]+"${OPERANDS[@]}"}
    [ $# -le 1 ] || refuse "bench takes --quick, --writes, --ingest, --questions, --checks or --console, one at once"
    check_tools
    maven -DskipTests -pl benchmarks -am package >&2 || fail "the build failed; its reasons stand above"
    OPTION_data="$(mktemp -d)"
    make_state
    trap 'stop_database; rm -rf "$OPTION_data"' EXIT
    trap 'exit 130' INT TERM HUP
    obtain_database "${MONGODB_URI:-$OWN_DATABASE}"
    local main=miroir.benchmarks.BenchmarkMain
    [ -z "${OPTION_ingest:-}" ] || main=miroir.benchmarks.ingest.IngestMain
    [ -z "${OPTION_questions:-}" ] || main=miroir.benchmarks.questions.QuestionsMain
    [ -z "${OPTION_checks:-}" ] || main=miroir.benchmarks.checks.ChecksMain
    [ -z "${OPTION_console:-}" ] || main=miroir.benchmarks.presence.PresenceMain
    cd "$ROOT" || exit
    # shellcheck disable=SC2086 # options of the JVM are words
    MONGODB_URI="$DATABASE_URI" MIROIR_DATABASE=bench MIROIR_REVISION="$(revision)" \
        "$(java_command)" -Xmx1g ${MIROIR_JAVA_OPTS:-} -cp "benchmarks/target/app/*" "$main" "$@"
}
