# shellcheck shell=bash
# Options and commands by name; what is not known is refused with the nearest that is.

readonly STATUS_USAGE=2

# Ends with the status that means "you typed something wrong".
refuse() {
    printf 'miroir: %s\n' "$*" >&2
    exit "$STATUS_USAGE"
}

# parse_options COMMAND "name= flag …" ARGUMENTS…: sets OPTION_NAME to the value, OPTION_FLAG to true, and OPERANDS to
# the rest. A name with '=' takes a value.
parse_options() {
    local command="$1" known="$2" argument name value
    shift 2
    OPERANDS=()
    while [ $# -gt 0 ]; do
        argument="$1"
        shift
        case "$argument" in
            --help | -h) main help && exit 0 ;;
            --) OPERANDS+=("$@") && return ;;
            --*=*) name="${argument%%=*}" value="${argument#*=}" ;;
            --*) name="$argument" value='' ;;
            *) OPERANDS+=("$argument") && continue ;;
        esac
        name="${name#--}"
        if is_word "$name=" "$known"; then
            if [ "$argument" = "--$name" ]; then
                [ $# -gt 0 ] || refuse "option --$name needs a value"
                value="$1"
                shift
            fi
            [ -n "$value" ] || refuse "option --$name needs a value"
            printf -v "OPTION_${name//-/_}" '%s' "$value"
        elif is_word "$name" "$known"; then
            [ "$argument" = "--$name" ] || refuse "option --$name takes no value"
            printf -v "OPTION_${name//-/_}" '%s' true
        else
            refuse_option "$command" "$name" "${known//=/}"
        fi
    done
}

refuse_option() {
    local command="$1" name="$2" known="$3"
    if [ -z "$known" ]; then
        refuse "'$command' has no options; got --$name"
    fi
    # shellcheck disable=SC2086 # a list of words
    refuse "'$command' has no option --$name; did you mean --$(nearest "$name" $known)? Allowed: $(printf -- '--%s ' $known)"
}

no_operands() {
    local command="$1"
    shift
    [ $# -eq 0 ] || refuse "'$command' takes options only; got '$1'"
}

is_word() {
    case " $2 " in
        *" $1 "*) return 0 ;;
        *) return 1 ;;
    esac
}

# nearest WORD CANDIDATES…: the candidate with the fewest edits.
nearest() {
    local word="$1" candidate best='' least=1000 edits
    shift
    for candidate in "$@"; do
        edits="$(edit_distance "$word" "$candidate")"
        if [ "$edits" -lt "$least" ]; then
            least="$edits" best="$candidate"
        fi
    done
    printf '%s\n' "$best"
}

# Levenshtein's distance, one row at a time.
edit_distance() {
    local a="$1" b="$2" i j diagonal above cost smallest
    local -a row
    for ((j = 0; j <= ${#b}; j++)); do row[j]=$j; done
    for ((i = 1; i <= ${#a}; i++)); do
        diagonal=${row[0]}
        row[0]=$i
        for ((j = 1; j <= ${#b}; j++)); do
            above=${row[j]}
            cost=1
            [ "${a:i-1:1}" != "${b:j-1:1}" ] || cost=0
            smallest=$((diagonal + cost))
            ((above + 1 >= smallest)) || smallest=$((above + 1))
            ((row[j - 1] + 1 >= smallest)) || smallest=$((row[j - 1] + 1))
            row[j]=$smallest
            diagonal=$above
        done
    done
    printf '%s\n' "${row[${#b}]}"
}
