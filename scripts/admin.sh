# shellcheck shell=bash
# admin: who may do what, told to the running server with the local token.

readonly ADMIN_COMMANDS="setup-link roles role groups group consumers consumer token revoke block unblock requests accept refuse audit api"

admin() {
    parse_options admin "data= label= expires= roles= groups= contact= answer= quota= from= to= consumer= interaction= type= id= outcome= after= tenant=" "$@"
    local command="${OPERANDS[0]:-}"
    [ -n "$command" ] || refuse "'admin' takes a command: $ADMIN_COMMANDS"
    # shellcheck disable=SC2086 # a list of words
    is_word "$command" "$ADMIN_COMMANDS" ||
        refuse "'admin' has no command '$command'; did you mean '$(nearest "$command" $ADMIN_COMMANDS)'? There are: $ADMIN_COMMANDS"
    [[ "${OPTION_tenant:-any}" =~ ^[a-z0-9-]+$ ]] || refuse "--tenant takes the name of a folder in conf/tenants; got '$OPTION_tenant'"
    open_state
    runs "$RUN/server" || fail "no server runs in $STATE; ./miroir start starts one"
    [ -n "$(admin_token)" ] || fail "this needs the local token${OPTION_tenant:+ of the tenant $OPTION_tenant}, and access.writeTokenFile names none"
    set -- "${OPERANDS[@]:1}"
    case "$command" in
        setup-link) takes 0 "$command" "$@" && ask POST setup-link ;;
        roles | groups | consumers | requests) takes 0 "$command" "$@" && ask GET "$command" ;;
        role) set_role "$@" ;;
        group) set_group "$@" ;;
        consumer) set_consumer "$@" ;;
        token) takes 1 "$command" "$@" && ask POST "consumers/$1/tokens" "$(json_fields label "${OPTION_label:-by hand}" expires "${OPTION_expires:-}")" ;;
        revoke) takes 2 "$command" "$@" && ask DELETE "consumers/$1/tokens/$2" ;;
        block) takes 1 "$command" "$@" && ask PUT "consumers/$1/blocked" '{"blocked": true}' ;;
        unblock) takes 1 "$command" "$@" && ask PUT "consumers/$1/blocked" '{"blocked": false}' ;;
        accept) takes 1 "$command" "$@" && ask POST "requests/$1/accept" "{\"roles\": $(json_words "${OPTION_roles:-}"), \"groups\": $(json_words "${OPTION_groups:-}")}" ;;
        refuse) takes 1 "$command" "$@" && ask POST "requests/$1/refuse" "$(json_fields answer "${OPTION_answer:-}")" ;;
        audit) takes 0 "$command" "$@" && ask GET "audit$(audit_filter)" ;;
        api) [ $# -ge 2 ] || refuse "'admin api' takes METHOD PATH [JSON], like: admin api GET consumers" && ask "$@" ;;
    esac
}

# The options that narrow it, as a query.
audit_filter() {
    local name option separator='?'
    for name in from to consumer interaction type id outcome after; do
        option="OPTION_$name"
        if [ -n "${!option:-}" ]; then
            printf '%s%s=%s' "$separator" "$name" "${!option}"
            separator='&'
        fi
    done
}

takes() {
    local wanted="$1" command="$2"
    shift 2
    [ $# -eq "$wanted" ] || refuse "'admin $command' takes $wanted names; got $#"
}

# Without more than the name it is shown.
set_role() {
    [ $# -ge 1 ] || refuse "'admin role' takes NAME ['READ, SEARCH on Practitioner' ...]"
    local name="$1"
    shift
    [ $# -gt 0 ] || { ask GET "roles/$name" && return; }
    put "roles/$name" "{\"permissions\": $(json_list "$@")}"
}

set_group() {
    takes 1 group "$@"
    [ -n "${OPTION_roles:-}" ] || { ask GET "groups/$1" && return; }
    put "groups/$1" "{\"roles\": $(json_words "$OPTION_roles")}"
}

# What is said of it is replaced as a whole, its quota apart from that. Without more than the name it is shown.
set_consumer() {
    takes 1 consumer "$@"
    local said="${OPTION_roles:-}${OPTION_groups:-}${OPTION_contact:-}" quota="${OPTION_quota:-}"
    [ -n "$said$quota" ] || { ask GET "consumers/$1" && return; }
    case "$quota" in
        off) quota=null ;;
        *[!0-9]*) refuse "--quota takes how many requests it may send in a second, such as 50, or 'off'; got '$quota'" ;;
    esac
    [ -z "$said" ] || put "consumers/$1" "{\"contact\": $(json_text "${OPTION_contact:-}"), \"roles\": $(json_words "${OPTION_roles:-}"), \"groups\": $(json_words "${OPTION_groups:-}")}"
    [ -z "$quota" ] || ask PUT "consumers/$1/quota" "{\"quota\": $quota}"
}

# put PATH JSON: makes it, or replaces what is there now.
put() {
    local answer version
    answer="$(admin_answer GET "$1" '')"
    version="$(sed -n '/^$/q; s/^[Ee][Tt]ag: *//p' <<<"$answer")"
    ask PUT "$1" "$2" ${version:+"If-Match: $version"}
}

# ask METHOD PATH [JSON] HEADER…: prints what is answered; fails where that is an error.
ask() {
    local method="$1" path="$2" body="${3:-}" answer status
    shift "$(($# < 3 ? $# : 3))"
    answer="$(admin_answer "$method" "$path" "$body" "$@")" || fail "no answer from $(base_address)"
    status="$(head -n 1 <<<"$answer" | cut -d ' ' -f 2)"
    case "$status" in
        2*) sed '1,/^$/d' <<<"$answer" ;;
        *) fail "$status: $(sed -n 's/.*"diagnostics": *"\(.*\)".*/\1/p' <<<"$answer" | head -n 1 | sed 's/\\"/"/g')" ;;
    esac
}

admin_answer() {
    local method="$1" path="$2" body="$3"
    shift 3
    http_send "$method" "$(fact "$RUN/server" port)" "${OPTION_tenant:+/$OPTION_tenant}/admin/api/$(encode_address "${path#/}")" "$body" \
        "Authorization: Bearer $(admin_token)" "Content-Type: application/json" "Accept: application/fhir+json" "$@"
}

# The local token of the server, or of the tenant that is named.
admin_token() {
    if [ -n "${OPTION_tenant:-}" ]; then
        tenant_token "$OPTION_tenant"
    else
        token
    fi
}

json_text() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

json_list() {
    local text separator=''
    printf '['
    for text in "$@"; do
        printf '%s' "$separator"
        json_text "$text"
        separator=', '
    done
    printf ']'
}

# json_words A,B: the list of them.
json_words() {
    local -a words
    IFS=', ' read -r -a words <<<"$1"
    json_list ${words[@]+"${words[@]}"}
}

# json_fields NAME TEXT …: an object of those that are not empty.
json_fields() {
    local separator=''
    printf '{'
    while [ $# -gt 0 ]; do
        if [ -n "$2" ]; then
            printf '%s"%s": ' "$separator" "$1"
            json_text "$2"
            separator=', '
        fi
        shift 2
    done
    printf '}'
}
