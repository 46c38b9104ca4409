# shellcheck shell=bash
# The build that `start` needs: done only when sources are newer than what was built.

readonly MODULES_OF_START=server,validation,sync-annuaire,sql-copies,simulator
readonly BUILT="$ROOT/server/target/built"

java_command() {
    if [ -n "${JAVA_HOME:-}" ]; then
        printf '%s\n' "$JAVA_HOME/bin/java"
    else
        printf 'java\n'
    fi
}

# java_version COMMAND: the feature version, 17 of "17.0.15"; nothing where the command does not run.
java_version() {
    local answer
    answer="$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)" || true
    printf '%s\n' "$answer"
}

# installed_java VERSION: a java of that feature version.
installed_java() {
    local version="$1" named="MIROIR_JAVA_$1" java
    for java in "${!named:-}" "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java)" /usr/lib/jvm/*/bin/java /opt/*/bin/java "${HOME:-}"/.sdkman/candidates/java/*/bin/java \
        /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
        if [ -x "$java" ] && [ "$(java_version "$java")" = "$version" ]; then
            printf '%s\n' "$java"
            return
        fi
    done
    return 1
}

check_tools() {
    local version
    version="$(java_version "$(java_command)")"
    [ "${version:-0}" -ge 17 ] ||
        fail "a JDK of version 17 or newer is needed; $(java_command) is ${version:-missing} (Debian: openjdk-17-jdk-headless)"
    has mvn || fail "Maven 3.8 or newer is needed as 'mvn' on the PATH (Debian: maven)"
}

maven() {
    # Without noreset even an uncoloured Maven resets the colours of whatever reads it.
    (cd "$ROOT" && MAVEN_OPTS="${MAVEN_OPTS:-} -Djansi.noreset=true" mvn -q -B -Dstyle.color=never "$@")
}

is_built() {
    [ -f "$BUILT" ] || return 1
    # Folders count as well: one is newer when something in it was deleted.
    [ -z "$(cd "$ROOT" && find pom.xml .mvn ./*/pom.xml ./*/src/main -newer "$BUILT" -print -quit)" ]
}

build() {
    mkdir -p "$ROOT/.miroir" && [ -w "$ROOT/.miroir" ] || fail "the folder '$ROOT/.miroir', which the build needs, cannot be written"
    (
        # Two starts of one clone with different data build once: the second one waits here.
        ! has flock || flock 8
        is_built || build_now
    ) 8>"$ROOT/.miroir/build.lock"
}

build_now() {
    local begin="$ROOT/.miroir/build-begin"
    check_tools
    say "Building (the first time this takes a few minutes) ..."
    rm -rf "$ROOT"/*/target/app
    : >"$begin"
    maven -Dmaven.test.skip=true -pl "$MODULES_OF_START" -am package >&2 ||
        fail "the build failed; its reasons stand above"
    # As old as the begin of the build: a source that changed during it is built the next time.
    mv -f "$begin" "$BUILT"
}
