# shellcheck shell=bash
# release: everything that a release consists of, built and tried. What publishes it is .github/workflows/release.yaml, when a tag is pushed.

readonly RELEASE="$ROOT/target/release"
readonly RELEASED_MODULES=index-engine,storage-mongo,server,validation,sync-annuaire,sql-copies,simulator,war
# Whose API other programs may use: these have sources and Javadoc beside them.
readonly LIBRARIES="index-engine storage-mongo server"

release() {
    parse_options release "dry-run tag=" "$@"
    no_operands release ${OPERANDS[@]+"${OPERANDS[@]}"}
    [ -n "${OPTION_dry_run:-}" ] ||
        refuse "nothing is published from here: 'release --dry-run' builds and tries what a release has, and a tag such as v1.0.0 that is pushed has the forge publish it"
    check_tools
    installed_java 25 >/dev/null || fail "a release is tried with a JDK 25, and there is none here (looked at MIROIR_JAVA_25 and the usual folders)"
    local version name
    version="$(project_version)"
    name="miroir-$version"
    require_tag "$version"
    rm -rf "$RELEASE"
    mkdir -p "$RELEASE"
    say "== $name: programs, WAR, sources, Javadoc"
    maven -Dmaven.test.skip=true -pl "$RELEASED_MODULES" -am package >&2 || fail "the build failed; its reasons stand above"
    build_libraries "$version"
    cp "$ROOT/war/target/miroir.war" "$RELEASE/$name.war"
    say "== what it is made of"
    sbom >&2
    cp "$ROOT/$SBOM" "$RELEASE/$name-sbom.json"
    pack_programs "$name"
    write_notes "$version"
    say "== tried"
    try_programs "$name"
    try_libraries "$version"
    try_war "$name"
    try_containers
    try_image
    (cd "$RELEASE" && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS . && sha256sum --quiet --check SHA256SUMS) ||
        fail "the sums do not agree"
    say "target/release has all of $name:"
    (cd "$RELEASE" && ls -1sh) >&2
}

# What is published under a tag is what the tag says.
require_tag() {
    [ -n "${OPTION_tag:-}" ] || return 0
    case "$1" in *-SNAPSHOT) refuse "the version of the sources is $1, which is no release: say another one in pom.xml, then tag it" ;; esac
    [ "$OPTION_tag" = "v$1" ] || refuse "the tag is $OPTION_tag, and the version of the sources $1: the tag has to be v$1"
}

project_version() {
    sed -n 's:^  <version>\(.*\)</version>:\1:p' "$ROOT/pom.xml" | head -n 1
}

build_libraries() {
    local version="$1" module
    maven -Dmaven.test.skip=true -Ddoclint=all,-missing -pl "${LIBRARIES// /,}" -am \
        package org.apache.maven.plugins:maven-source-plugin:3.3.1:jar-no-fork org.apache.maven.plugins:maven-javadoc-plugin:3.12.0:jar >&2 ||
        fail "sources or Javadoc could not be built; the reasons stand above"
    cp "$ROOT/pom.xml" "$RELEASE/miroir-$version.pom"
    for module in $LIBRARIES; do
        cp "$ROOT/$module/target/app/$module-$version.jar" "$RELEASE/" 2>/dev/null || cp "$ROOT/$module/target/$module-$version.jar" "$RELEASE/"
        cp "$ROOT/$module/target/$module-$version-sources.jar" "$ROOT/$module/target/$module-$version-javadoc.jar" "$RELEASE/"
        cp "$ROOT/$module/pom.xml" "$RELEASE/$module-$version.pom"
    done
}

# The folders lie as they do in a clone, so that what docs/operations/running.md says of running without the script works in it.
pack_programs() {
    local name="$1" folder="$RELEASE/$1" module
    mkdir -p "$folder"
    for module in server validation sync-annuaire sql-copies simulator; do
        mkdir -p "$folder/$module/target"
        cp -R "$ROOT/$module/target/app" "$folder/$module/target/app"
    done
    cp -R "$ROOT/conf" "$ROOT/docs" "$ROOT/deploy" "$ROOT/README.md" "$ROOT/CHANGELOG.md" "$ROOT/LICENSE" "$folder/"
    tar -C "$RELEASE" -czf "$RELEASE/$name.tar.gz" "$name"
    rm -rf "$folder"
}

# What the changelog says of the version, or of what is not released yet.
write_notes() {
    local heading="${1%-SNAPSHOT}"
    [ "$heading" = "$1" ] || heading=Unreleased
    sed -n "/^## $heading\$/,/^## /{/^## /!p;}" "$ROOT/CHANGELOG.md" >"$RELEASE/NOTES.md"
    grep -q '^- ' "$RELEASE/NOTES.md" || fail "CHANGELOG.md has nothing under '## $heading'"
}

# answers_alive PORT PROCESS: whether what runs there says that it is well, within a minute.
answers_alive() {
    local port="$1" process="$2" tries
    for ((tries = 0; tries < 300; tries++)); do
        [ "$(http_status "$port" /health/live)" != 200 ] || return 0
        kill -0 "$process" 2>/dev/null || return 1
        sleep 0.2
    done
    return 1
}

# Without a database it is well, and not ready.
try_programs() {
    local folder port process well=''
    folder="$(mktemp -d)"
    tar -C "$folder" -xzf "$RELEASE/$1.tar.gz"
    port="$(free_port 18300)"
    (cd "$folder/$1" && MIROIR_PORT="$port" MONGODB_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200' exec "$(java_command)" -Xmx512m \
        -cp 'server/target/app/*:validation/target/app/*' miroir.server.ServerMain) >"$folder/out" 2>&1 &
    process=$!
    ! answers_alive "$port" "$process" || well=true
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    [ -n "$well" ] || fail "the server of the release does not answer: $(tail -n 3 "$folder/out")"
    say "   the server of $1.tar.gz answers"
    knows_its_commands "$folder/$1" sync-annuaire miroir.sync.SyncMain
    knows_its_commands "$folder/$1" sql-copies miroir.sql.SqlMain
    knows_its_commands "$folder/$1" simulator miroir.simulator.http.SimulatorMain
    rm -rf "$folder"
}

# knows_its_commands FOLDER MODULE MAIN: a program that has all its classes says what there is where it is asked for something else.
knows_its_commands() {
    local said
    said="$(cd "$1" && "$(java_command)" -cp "$2/target/app/*" "$3" --nothing 2>&1)" && fail "$2 of the release does whatever it is asked for"
    grep -q "'--nothing'; there are: " <<<"$said" || fail "$2 of the release does not start: $(tail -n 3 <<<"$said")"
    say "   $2 starts"
}

# A plugin as somebody else builds it: by a pom of its own, against what is released and nothing of this folder.
try_libraries() {
    local version="$1" folder module
    folder="$ROOT/target/plugin" # in the same file system as what Maven knows, as a rule
    rm -rf "$folder"
    mkdir -p "$folder"
    # What is needed beside may be here already; what was built here must not be found there.
    [ ! -d "$HOME/.m2/repository" ] || cp -al "$HOME/.m2/repository" "$folder/repository" 2>/dev/null || rm -rf "$folder/repository"
    [ ! -d "$folder/repository" ] || own_tracking_files "$folder/repository"
    rm -rf "$folder/repository/miroir"
    mkdir -p "$folder/repository/miroir/miroir/$version" "$folder/src/main"
    cp "$RELEASE/miroir-$version.pom" "$folder/repository/miroir/miroir/$version/"
    for module in $LIBRARIES; do
        mkdir -p "$folder/repository/miroir/$module/$version"
        cp "$RELEASE/$module-$version.jar" "$RELEASE/$module-$version.pom" "$folder/repository/miroir/$module/$version/"
    done
    cp -R "$ROOT/examples/plugin/src/main/java" "$folder/src/main/java"
    sed "s/VERSION/$version/" "$ROOT/examples/plugin/stand-alone.xml" >"$folder/pom.xml"
    maven -Dmaven.repo.local="$folder/repository" -f "$folder/pom.xml" compile >&2 || fail "a plugin cannot be built against the libraries; the reasons stand above"
    rm -rf "$folder"
    say "   a plugin is built against the libraries"
}

# own_tracking_files REPOSITORY: what Maven writes into, instead of beside it, is linked with the user's repository no longer.
own_tracking_files() {
    # shellcheck disable=SC2016 # a script for another shell
    find "$1" -type f \( -name _remote.repositories -o -name resolver-status.properties -o -name '*.lastUpdated' -o -name 'maven-metadata*' \) \
        -exec sh -c 'for file; do cp -p "$file" "$file.own" && mv "$file.own" "$file"; done' sh {} +
}

try_war() {
    local listed
    listed="$(python3 -m zipfile --list "$RELEASE/$1.war")"
    grep -q 'WEB-INF/web.xml' <<<"$listed" || fail "the WAR has no web.xml"
    grep -q "WEB-INF/lib/server-" <<<"$listed" || fail "the WAR has no server in it"
    ! grep -qE 'WEB-INF/lib/(jetty-|jakarta.servlet)' <<<"$listed" || fail "the WAR has classes of a container in it"
    say "   $1.war has what a container wants, and nothing of one"
}

# The server's tests in Tomcat and Jetty, and the WAR itself: more of them than every change has. Tests of other modules are none of these.
try_containers() {
    rm -rf "$ROOT"/*/target/failsafe-reports # of other tests, which would be judged again
    maven -Pevery-container -pl war -am -Dtest=None -Dtests.integration=none -Dtests.containers='any() | none()' -Dsurefire.failIfNoSpecifiedTests=false verify >&2 ||
        fail "the tests in containers failed; the reasons stand above"
    say "   the server passes its tests in Tomcat and Jetty, and so does the WAR"
}

# The folder that the image consists of; the image itself needs a Docker engine.
try_image() {
    local java folder
    java="$(installed_java 25)"
    folder="$(mktemp -d)"
    JAVA_HOME="${java%/bin/java}" "$ROOT/image/assemble" "$folder/miroir" >&2 || fail "the folder of the image could not be made"
    try_assembled "$folder/miroir"
    try_moves "$folder/miroir"
    rm -rf "$folder"
    say "   the folder of the image answers; the image itself was not built"
}

# try_assembled FOLDER: whether the server in it answers where nothing can be written, as the image is run.
try_assembled() {
    local port process well=''
    port="$(free_port 18400)"
    chmod -R a-w "$1"
    MIROIR_HOST=0.0.0.0 MIROIR_OPEN_BEYOND_LOOPBACK=true MIROIR_PORT="$port" MONGODB_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200' "$1/bin/miroir" server >/dev/null 2>&1 &
    process=$!
    ! answers_alive "$port" "$process" || well=true
    [ -z "$well" ] || MIROIR_PORT="$port" "$1/bin/miroir" health || well=''
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    chmod -R u+w "$1"
    [ -n "$well" ] || fail "the server in the folder of the image does not answer"
}

# try_moves FOLDER: whether what a database has is carried into another one by the programs in it.
try_moves() {
    local data uri
    data="$(mktemp -d)"
    "$ROOT/miroir" start --background --data "$data" --port "$(free_port 18500)" >"$data/out" 2>&1 || fail "nothing to export from: $(tail -n 3 "$data/out")"
    uri="$(fact "$data/run/server" database)"
    chmod -R a-w "$1"
    {
        MONGODB_URI="$uri" "$1/bin/miroir" export --complete --to "$data/archive" &&
            MONGODB_URI="$uri" MIROIR_DATABASE=imported "$1/bin/miroir" import "$data/archive"
    } >"$data/out" 2>&1 || true
    chmod -R u+w "$1"
    "$ROOT/miroir" stop --data "$data" >/dev/null 2>&1 || true
    grep -q 'everything is in' "$data/out" || fail "what a database has was not carried into another one: $(tail -n 3 "$data/out")"
    rm -rf "$data"
    say "   its export is imported"
}
