# shellcheck shell=bash
# Enough HTTP for the script's own questions to its own server, so that no other program is needed.

is_port_open() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# http_get PORT PATH HEADER…: the whole answer, head and body.
http_get() {
    local port="$1" path="$2"
    shift 2
    http_send GET "$port" "$path" '' "$@"
}

# http_send METHOD PORT PATH BODY HEADER…: the same for any method. HTTP/1.0, so that the body comes in one piece.
http_send() {
    local method="$1" port="$2" path="$3" body="$4"
    shift 4
    (
        exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
        {
            printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n' "$method" "$path" "$port"
            [ $# -eq 0 ] || printf '%s\r\n' "$@"
            [ "$method" = GET ] || printf 'Content-Length: %s\r\n' "$(printf '%s' "$body" | wc -c | tr -d ' ')"
            printf '\r\n%s' "$body"
        } >&3
        while IFS= read -r -t 60 line <&3 || [ -n "$line" ]; do
            printf '%s\n' "${line%$'\r'}"
        done
    ) 2>/dev/null
}

# http_status PORT PATH HEADER…: the status alone, 000 where nobody answers.
http_status() {
    local answer
    answer="$(http_get "$@" | head -n 1)" || true
    case "$answer" in
        HTTP/*) answer="${answer#* }" && printf '%s\n' "${answer%% *}" ;;
        *) printf '000\n' ;;
    esac
}

# The address as it may stand in a request line: what no address may hold is written as %XX.
encode_address() {
    local LC_ALL=C text="$1" result='' i letter
    for ((i = 0; i < ${#text}; i++)); do
        letter="${text:i:1}"
        case "$letter" in
            [A-Za-z0-9._~:/?@\!$\&\'\(\)*+,\;=%-]) result+="$letter" ;;
            *) result+="$(printf '%%%02X' "$(($(printf '%d' "'$letter") & 255))")" ;;
        esac
    done
    printf '%s\n' "$result"
}

free_port() {
    local port="$1"
    while is_port_open "$port"; do port=$((port + 1)); done
    printf '%s\n' "$port"
}
