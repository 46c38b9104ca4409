# shellcheck shell=bash
# export: everything that a server has, or some of it, as NDJSON files, by FHIR's $export; or, with --complete, all that the database has, with its history, by
# the daemon's program. import: puts the latter into another database.

export_data() {
    parse_options export "data= url= token-file= types= since= filter= elements= gzip to= complete mongo= config=" "$@"
    [ ${#OPERANDS[@]} -eq 0 ] || refuse "'export' takes no '${OPERANDS[0]}'; --to names the folder"
    [ -n "${OPTION_to:-}" ] || refuse "'export' needs --to FOLDER"
    if [ -n "${OPTION_complete:-}" ]; then
        export_database
        return
    fi
    [ -z "${OPTION_mongo:-}${OPTION_config:-}" ] || refuse "--mongo and --config are for 'export --complete': without it the server is asked"
    local url token
    url="$(exported_url)"
    token="$(exported_token)"
    mkdir -p "$OPTION_to" || fail "the folder '$OPTION_to' cannot be made"
    MIROIR_TOKEN="$token" python3 "$ROOT/scripts/export.py" --url "$url" --to "$OPTION_to" \
        ${OPTION_types:+--types "$OPTION_types"} ${OPTION_since:+--since "$OPTION_since"} \
        ${OPTION_filter:+--filter "$OPTION_filter"} ${OPTION_elements:+--elements "$OPTION_elements"} \
        ${OPTION_gzip:+--gzip}
}

# The FHIR base: what is said, or the server that ./miroir start started.
exported_url() {
    if [ -n "${OPTION_url:-}" ]; then
        printf '%s\n' "${OPTION_url%/}"
        return
    fi
    open_state
    runs "$RUN/server" || fail "no server runs in $STATE; ./miroir start starts one, or --url names another"
    printf 'http://127.0.0.1:%s/fhir\n' "$(fact "$RUN/server" port)"
}

# A file's first line, or MIROIR_TOKEN; nothing where reading is open.
exported_token() {
    if [ -z "${OPTION_token_file:-}" ]; then
        printf '%s\n' "${MIROIR_TOKEN:-}"
        return
    fi
    [ -r "$OPTION_token_file" ] || fail "the file of the token, '$OPTION_token_file', cannot be read"
    head -n 1 "$OPTION_token_file"
}

# All that the database has: nothing is asked of a server.
export_database() {
    local option value
    for option in url token_file since filter elements gzip; do
        value="OPTION_$option"
        [ -z "${!value:-}" ] || refuse "'export --complete' has no --${option//_/-}: it has everything, and its files are zipped"
    done
    name_database
    OPERANDS=(--to "$(absolute "$OPTION_to")" ${OPTION_types:+--types "$OPTION_types"})
    move_with_database export
}

import_data() {
    take_store_options "$@"
    [ -z "${OPTION_background:-}" ] || refuse "'import' has no --background"
    local operand
    if [ "${OPERANDS[*]:-}" = --give-up ]; then
        move_with_database import
        return
    fi
    for operand in ${OPERANDS[@]+"${OPERANDS[@]}"}; do
        [[ "$operand" != -* ]] || refuse "'import' has no option $operand; allowed: --data --mongo --config, and --give-up without a folder"
    done
    if [ ${#OPERANDS[@]} -ne 1 ]; then
        refuse "'import' needs one folder, which 'export --complete' has filled"
    fi
    OPERANDS=("$(absolute "${OPERANDS[0]}")")
    move_with_database import
}

# move_with_database COMMAND: of the daemon's program, with OPERANDS.
move_with_database() {
    make_state
    build
    read_configuration "$([ -z "${OPTION_config:-}" ] || existing_file "$OPTION_config")"
    sync_with_database "$1"
}

# The program runs in the folder of the project; what somebody names is meant from where they are.
absolute() {
    case "$1" in
        /*) printf '%s\n' "$1" ;;
        *) printf '%s\n' "$PWD/$1" ;;
    esac
}
