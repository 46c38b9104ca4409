# shellcheck shell=bash
# How the script talks: what a command answers goes to standard output, everything said on the way to standard error.

say() {
    printf '%s\n' "$*" >&2
}

# The reason, then the end. An error names the guilty value and what is allowed.
fail() {
    printf 'miroir: %s\n' "$*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}
