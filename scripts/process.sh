# shellcheck shell=bash
# Processes that the script started, each remembered in a file: process number, when it started, and facts about it.
# The start time is what makes stopping safe: a number that the system gave to somebody else meanwhile has another one.

# Runs in a session of its own, so that Ctrl-C in the terminal reaches the script alone, which then stops in order.
# Sets STARTED_PID.
start_detached() {
    if has setsid; then
        setsid "$@" </dev/null &
    else
        (trap '' INT HUP && exec "$@") </dev/null &
    fi
    STARTED_PID=$!
}

# remember FILE PID FACT=VALUE…
remember() {
    local file="$1" pid="$2"
    shift 2
    {
        printf 'pid=%s\n' "$pid"
        printf 'started=%s\n' "$(process_start "$pid")"
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >"$file.new"
    mv -f "$file.new" "$file"
}

# fact FILE NAME: what is remembered under that name, nothing where nothing is.
fact() {
    [ ! -f "$1" ] || sed -n "s/^$2=//p" "$1" | head -n 1
}

# Whether the remembered process still runs.
runs() {
    local pid
    pid="$(fact "$1" pid)"
    [ -n "$pid" ] && [ -n "$(process_start "$pid")" ] && [ "$(process_start "$pid")" = "$(fact "$1" started)" ]
}

# Whether it runs and will go on: what was killed a moment ago is still a process, but answers nobody any more. A closed
# port would not tell: the system takes connections for it until the last file of the process is closed.
stays() {
    runs "$1" && { [ "$(http_status "$(fact "$1" port)" /health)" != 000 ] || ! await_end "$1" 5; }
}

# When the process started, with the boot it belongs to; nothing where there is no such process or it is a zombie.
process_start() {
    local stat
    if [ -r /proc/self/stat ]; then
        # The second field is the program's name in parentheses and may hold anything, spaces too.
        { stat="$(<"/proc/$1/stat")"; } 2>/dev/null || return 0
        stat="${stat##*) }"
        # A zombie is gone, but not before its last thread is: until then its files are locked and its ports open.
        local -a threads=("/proc/$1/task"/*)
        [ "${stat%% *}" != Z ] || [ ${#threads[@]} -gt 1 ] || return 0
        printf '%s %s\n' "$(cut -d ' ' -f 20 <<<"$stat")" "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
    else
        ps -o lstart= -p "$1" 2>/dev/null || true
    fi
}

# stop_process FILE SECONDS: asks it to end, and kills it when it has not after that time.
stop_process() {
    local file="$1" seconds="$2" pid
    if runs "$file"; then
        pid="$(fact "$file" pid)"
        kill -TERM "$pid" 2>/dev/null || true
        if ! await_end "$file" "$seconds"; then
            say "Process $pid did not end within $seconds s; killing it."
            kill -KILL "$pid" 2>/dev/null || true
            await_end "$file" 10 || true
        fi
    fi
    rm -f "$file"
}

await_end() {
    local file="$1" tenths=$(($2 * 10))
    while runs "$file"; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}
