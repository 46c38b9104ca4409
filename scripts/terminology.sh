# shellcheck shell=bash
# terminology: code tables, which are resources like others. The program of the synchronisation loads them.

readonly TERMINOLOGY_COMMANDS="load"

terminology() {
    local command="${1:-}"
    [ $# -eq 0 ] || shift
    is_word "$command" "$TERMINOLOGY_COMMANDS" ||
        refuse "'terminology' needs one of: $TERMINOLOGY_COMMANDS${command:+; did you mean '$(nearest "$command" $TERMINOLOGY_COMMANDS)'?}"
    take_store_options "$@"
    [ -z "${OPTION_background:-}" ] || refuse "--background is for 'sync run' only"
    [ ${#OPERANDS[@]} -gt 0 ] || OPERANDS=("$ROOT/conf/terminology")
    make_paths_absolute load
    make_state
    build
    read_configuration "$([ -z "${OPTION_config:-}" ] || existing_file "$OPTION_config")"
    sync_with_database load
}
