# shellcheck shell=bash
# What `start` shows where nothing real is there: a simulated directory, and the daemon that copies it.

readonly DEMO_SIZE="${MIROIR_DEMO_SIZE:-3110}"

# Into a database that began with the sample and says so itself (load_sample), never into one that somebody else filled.
wants_demo() {
    [ -n "${SAMPLE:-}" ] || return 1
    case "$(configured types)" in
        directory | all) return 0 ;;
        *) return 1 ;;
    esac
}

start_demo() {
    wants_demo || return 0
    stop_demo
    local port="$SIMULATOR_PORT"
    # The same directory at every start: its clock begins where it began the first time, and is put forward to what it is now.
    [ -s "$STATE/demo-clock" ] || date -u +%Y-%m-%dT%H:%M:%SZ >"$STATE/demo-clock"
    while is_port_open "$port"; do port=$((port + 1)); done
    say "Starting a simulated directory on port $port, and the daemon that copies it ..."
    cd "$ROOT" || exit
    start_detached "$(java_command)" -Xmx128m -cp "simulator/target/app/*" miroir.simulator.http.SimulatorMain \
        --port "$port" --size "$DEMO_SIZE" --clock "$(<"$STATE/demo-clock")" \
        --forward-to "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$LOG/simulator.out" 2>&1 9>&-
    remember "$RUN/simulator" "$STARTED_PID" "port=$port"
    start_daemon "http://127.0.0.1:$port/fhir/v2" 9>&-
}

start_daemon() {
    export_store
    MIROIR_DEMO_URL="$1" MIROIR_SYNC_CONFIG=scripts/demo.yaml start_detached "$(java_command)" -Xmx128m -XX:+ExitOnOutOfMemoryError \
        -Dlogback.configurationFile=conf/logback.xml -DMIROIR_LOG_NAME=sync -cp "sync-annuaire/target/app/*" miroir.sync.SyncMain run >"$LOG/sync.out" 2>&1
    remember "$RUN/daemon" "$STARTED_PID"
}

stop_demo() {
    local part
    for part in daemon simulator; do
        # The daemon ends a call before it ends itself; a call may take 30 seconds.
        [ ! -f "$RUN/$part" ] || stop_process "$RUN/$part" 40
    done
}

demo_address() {
    printf 'http://127.0.0.1:%s/fhir/v2' "$(fact "$RUN/simulator" port)"
}

# For the welcome.
demo_remark() {
    ! runs "$RUN/simulator" ||
        printf '\n  Directory    a simulated one, %s, is being copied: ./miroir sync status%s' "$(demo_address)" "$(data_option)"
}

# For `status`.
demo_status() {
    ! runs "$RUN/simulator" || printf 'directory simulated at %s\n' "$(demo_address)"
    ! runs "$RUN/daemon" || printf 'daemon    process %s; ./miroir sync status%s\n' "$(fact "$RUN/daemon" pid)" "$(data_option)"
}
