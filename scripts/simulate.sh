# shellcheck shell=bash
# simulate: a made-up health directory to develop against, in the foreground.

readonly SIMULATOR_PORT=8090

simulate() {
    parse_options simulate "size= address= port= seed= pace= key= quota= longest-delta= clock= faults=" "$@"
    no_operands simulate ${OPERANDS[@]+"${OPERANDS[@]}"}
    check_port "${OPTION_port:-$SIMULATOR_PORT}"
    refuse_taken_port "${OPTION_port:-$SIMULATOR_PORT}"
    build
    local name option
    local -a command
    # shellcheck disable=SC2206 # options of the JVM are words
    command=("$(java_command)" -Xmx256m ${MIROIR_JAVA_OPTS:-} -cp "simulator/target/app/*"
        miroir.simulator.http.SimulatorMain --port "${OPTION_port:-$SIMULATOR_PORT}")
    for name in size address seed pace key quota longest-delta clock faults; do
        option="OPTION_${name//-/_}"
        [ -z "${!option:-}" ] || command+=("--$name" "${!option}")
    done
    cd "$ROOT" || exit
    exec "${command[@]}"
}
