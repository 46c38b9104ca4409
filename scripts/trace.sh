# shellcheck shell=bash
# trace: asks the running server for the life of one request. It answers that in a header, and only to who shows the
# local token.

trace() {
    parse_options trace "data=" "$@"
    [ ${#OPERANDS[@]} -eq 1 ] || refuse "'trace' takes one path, like '/Practitioner?family=dupont'"
    open_state
    runs "$RUN/server" || fail "no server runs in $STATE; ./miroir start starts one"
    local path answer token
    token="$(token)"
    [ -n "$token" ] || fail "the server shows times only to who has the token, and access.writeTokenFile names none"
    path="/$(encode_address "${OPERANDS[0]#/}")"
    [ "${path#/fhir/}" != "$path" ] || path="/fhir$path"
    answer="$(http_get "$(fact "$RUN/server" port)" "$path" "X-Miroir-Trace: 1" "Accept: application/fhir+json" \
        "Authorization: Bearer $token")" || fail "no answer from $(base_address)"
    print_life "$path" "$answer"
}

print_life() {
    local path="$1" answer="$2" head body
    head="$(sed '/^$/q' <<<"$answer")"
    body="$(sed '1,/^$/d' <<<"$answer")"
    printf 'GET %s\n%s, %s bytes\n\n' "$path" "$(head -n 1 <<<"$head" | cut -d ' ' -f 2-)" "$(printf '%s' "$body" | wc -c | tr -d ' ')"
    if ! grep -qi '^server-timing:' <<<"$head"; then
        printf '%s\n' "$body" | head -n 20
        fail "the answer carries no times"
    fi
    sed -n 's/^[Ss]erver-[Tt]iming: *//p' <<<"$head" | print_times
}

# Server-Timing is name;dur=milliseconds;desc="text", name;…: one line for each.
print_times() {
    awk '
        function value(text, key,    at) {
            at = index(text, ";" key "=")
            if (at == 0) return ""
            text = substr(text, at + length(key) + 2)
            if (substr(text, 1, 1) == "\"") { text = substr(text, 2); return substr(text, 1, index(text, "\"") - 1) }
            sub(/;.*/, "", text)
            return text
        }
        # A comma inside quotes belongs to the text.
        function cut(line,    i, letter, quoted, part) {
            for (i = 1; i <= length(line); i++) {
                letter = substr(line, i, 1)
                if (letter == "\"") quoted = !quoted
                if (letter == "," && !quoted) { show(part); part = "" } else part = part letter
            }
            show(part)
        }
        function show(part,    name) {
            sub(/^ +/, "", part)
            if (part == "") return
            name = part
            sub(/;.*/, "", name)
            printf "%-14s %9s ms  %s\n", name, value(part, "dur"), value(part, "desc")
        }
        { cut($0) }'
}
