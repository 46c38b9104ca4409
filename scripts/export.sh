# shellcheck shell=bash
# export: everything that a server has, or some of it, as NDJSON files, by FHIR's $export.

export_data() {
    parse_options export "data= url= token-file= types= since= filter= elements= gzip to=" "$@"
    [ ${#OPERANDS[@]} -eq 0 ] || refuse "'export' takes no '${OPERANDS[0]}'; --to names the folder"
    [ -n "${OPTION_to:-}" ] || refuse "'export' needs --to FOLDER"
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
