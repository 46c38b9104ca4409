# shellcheck shell=bash
# What the configuration comes to. The server's own reader says it, so that script and server cannot differ.

# Stands for the database that the script would start, while it is not known whether it has to.
readonly OWN_DATABASE=mongodb://started-by-miroir.invalid
readonly DIRECTORY_TYPES=CodeSystem,Device,HealthcareService,Organization,Practitioner,PractitionerRole,ValueSet

# read_configuration FILE: sets the environment of the server, and what `configured` says. FILE may be empty. What an
# option says and the file does not heed is refused.
read_configuration() {
    set_server_environment "$1"
    CONFIGURATION="$(cd "$ROOT" && MONGODB_URI="${MONGODB_URI:-$OWN_DATABASE}" "$(java_command)" -Xmx64m \
        -cp "server/target/app/*" miroir.server.ConfigurationMain)" ||
        fail "the configuration cannot be used; the reason stands above"
    refuse_contradiction port "${OPTION_port:-}" listen.port MIROIR_PORT
    refuse_contradiction types "$(sorted_types "${OPTION_types:-}")" fhir.types MIROIR_TYPES
    refuse_contradiction writable "${OPTION_writable:-}" access.writable MIROIR_WRITABLE
    check_reachable
}

set_server_environment() {
    [ -z "${OPTION_port:-}" ] || export MIROIR_PORT="$OPTION_port"
    [ -z "${OPTION_types:-}" ] || export MIROIR_TYPES="$OPTION_types"
    [ -z "${OPTION_writable:-}" ] || export MIROIR_WRITABLE=true
    [ -z "$1" ] || export MIROIR_CONFIG="$1"
    export MIROIR_WRITE_TOKEN_FILE="$STATE/write-token" MIROIR_LOG_DIR="$LOG"
}

# configured NAME: a value of the configuration.
configured() {
    sed -n "s/^$1=//p" <<<"$CONFIGURATION"
}

refuse_contradiction() {
    local option="$1" wanted="$2" key="$3" variable="$4" value
    value="$(configured "$option")"
    [ -z "$wanted" ] || [ "$wanted" = "$value" ] ||
        refuse "--$option contradicts the configuration, where $key is $value; leave the option out, or write \${$variable:$value} there"
}

sorted_types() {
    local sorted
    sorted="$(tr ',' '\n' <<<"$1" | sed "s/^directory\$/$DIRECTORY_TYPES/" | tr ',' '\n' | LC_ALL=C sort -u | paste -s -d , -)"
    if [ "$sorted" = "$DIRECTORY_TYPES" ]; then
        sorted=directory
    fi
    printf '%s\n' "$sorted"
}

# The script asks 127.0.0.1 whether the server is ready, at a port that it has to know.
check_reachable() {
    case "$(configured address)" in
        127.0.0.1 | localhost | 0.0.0.0 | ::) ;;
        *) fail "listen.address is $(configured address); the script can start a server on 127.0.0.1, 0.0.0.0 or :: only" ;;
    esac
    [ "$(configured port)" != 0 ] || fail "listen.port is 0, any free one; the script has to know it: choose one with --port N"
}
