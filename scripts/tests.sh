# shellcheck shell=bash
# The three tiers: `check` for every change, `test` for every landing, `soak` for the proofs at full size. The tests say
# by JUnit tags where they belong: long (neither in check nor on the second JDK), smoke (integration tests that are run on the second JDK, too),
# source (unit tests that read sources or class files, which are the same on the second JDK), soak (only by name),
# own-container (not in those of others).

readonly SUPPORTED_JDKS="17 25"

fmt() {
    parse_options fmt "" "$@"
    no_operands fmt ${OPERANDS[@]+"${OPERANDS[@]}"}
    maven spotless:apply
}

check() {
    parse_options check "" "$@"
    no_operands check ${OPERANDS[@]+"${OPERANDS[@]}"}
    begin_tests
    run_step "format" maven spotless:check
    lint_scripts
    run_maven_tests "everything but long proofs, JDK $(java_version "$(java_command)")" -Dtests.excluded='long | soak'
    end_tests
}

run_all_tests() {
    parse_options test "" "$@"
    no_operands test ${OPERANDS[@]+"${OPERANDS[@]}"}
    begin_tests
    run_step "format" maven spotless:check
    lint_scripts
    begin_shell_tests
    run_maven_tests "everything, JDK $(java_version "$(java_command)")"
    test_on_other_jdk
    await_shell_tests
    end_tests
}

# What CI has not installed is not demanded of anybody. Left out: quotes of French in texts, `A && B || fail`, and dollars that are meant as they stand.
lint_scripts() {
    if has shellcheck; then
        run_step "the script, by shellcheck" shellcheck -x -e SC1112,SC2015,SC2016 "$ROOT/miroir" "$ROOT"/scripts/*.sh \
            "$ROOT/image/miroir" "$ROOT/image/assemble" "$ROOT/examples/use-cases.sh" "$ROOT/.ci/run"
    else
        printf 'skipped: shellcheck of the script: not installed (Debian: shellcheck)\n'
    fi
}

# Sets TOTALS, the file where the runs leave their counts, BEGUN, and BROKEN, what went wrong apart from single tests.
begin_tests() {
    check_tools
    has python3 || fail "python3 is needed to read the test reports (Debian: python3)"
    TOTALS="$(mktemp)"
    : >"$TOTALS.failed"
    forget_reports
    BEGUN=$SECONDS
    BROKEN=''
}

run_step() {
    local name="$1"
    shift
    say "== $name"
    if ! "$@"; then
        BROKEN+="${BROKEN:+, }$name"
    fi
}

forget_reports() {
    rm -rf "$ROOT"/*/target/surefire-reports "$ROOT"/*/target/failsafe-reports
}

# All modules run to their end whatever fails; what failed is read from the reports.
run_maven_tests() {
    local name="$1" begin=$SECONDS
    shift
    forget_reports
    run_step "$name" maven verify -Dmaven.test.failure.ignore=true "$@"
    python3 "$ROOT/scripts/summary.py" "$ROOT" "$TOTALS"
    say "   $(tail -n 1 "$TOTALS" | awk '{ print $1 " passed, " $2 " failed, " $3 " skipped" }') in $((SECONDS - begin)) s"
}

# What was compiled stays: only the JVM that runs the tests is another one.
test_on_other_jdk() {
    local this other java
    this="$(java_version "$(java_command)")"
    for other in $SUPPORTED_JDKS; do
        if [ "$other" = "$this" ]; then
            continue
        elif java="$(installed_java "$other")"; then
            run_maven_tests "unit and smoke tests, JDK $other" -Dtest.jvm="$java" -Dtests.integration=smoke \
                -Dtests.excluded='long | source | soak'
        else
            printf 'skipped: unit and smoke tests on JDK %s: not installed (looked at MIROIR_JAVA_%s and the usual folders)\n' "$other" "$other"
        fi
    done
}

# Beside the others: the script's tests mostly wait, for starts and ends of processes. In a process group of its own, since what runs in the
# background otherwise ignores interrupts, and so would all that is started there.
begin_shell_tests() {
    TOLD="$(mktemp)"
    set -m
    test_shell >"$TOLD" 2>&1 </dev/null &
    SHELL_TESTS=$!
    set +m
    trap 'end_shell_tests' EXIT
    trap 'exit 130' INT TERM HUP
    say "== the script, in a fresh clone, beside what follows; it tells at the end"
}

# Whoever interrupts has the prompt back when nothing runs any more, and what was told so far.
end_shell_tests() {
    kill -- "-$SHELL_TESTS" 2>/dev/null || true
    wait "$SHELL_TESTS" || true
    cat "$TOLD"
    rm -f "$TOLD" "$TOLD.totals"
}

# Their clone is built once the first modules here are, so that most of what both have to load is there, and they do not compile at once.
test_shell() {
    local begin status=0
    while [ ! -d "$ROOT/storage-mongo/target/failsafe-reports" ] && [ ! -s "$TOTALS" ]; do
        sleep 1
    done
    begin=$SECONDS
    "$ROOT/scripts/test-miroir.sh" "$TOLD.totals" || status=$?
    say "   in $((SECONDS - begin)) s"
    return "$status"
}

await_shell_tests() {
    say "== the script, in a fresh clone"
    wait "$SHELL_TESTS" || BROKEN+="${BROKEN:+, }the script's tests did not run to their end"
    trap - EXIT INT TERM HUP
    cat "$TOLD"
    cat "$TOLD.totals" >>"$TOTALS" || true
    sed -n 's/^FAILED  */the script: /p' "$TOLD" >>"$TOTALS.failed"
    rm -f "$TOLD" "$TOLD.totals"
}

# What failed once more, since all of it stands far above, then the summary.
end_tests() {
    local passed failed skipped
    read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$TOTALS")
    sed 's/^/failed: /' "$TOTALS.failed"
    rm -f "$TOTALS" "$TOTALS.failed"
    [ "$skipped" -eq 0 ] || printf '%s skipped, for the reasons above\n' "$skipped"
    if [ "$passed" -eq 0 ]; then
        BROKEN+="${BROKEN:+, }no test ran"
    fi
    [ -z "$BROKEN" ] || printf 'broken: %s\n' "$BROKEN"
    printf 'took %s s\n' "$((SECONDS - BEGUN))"
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ -z "$BROKEN" ] && [ "$failed" -eq 0 ]
}

soak() {
    parse_options soak "seed=" "$@"
    if [ ${#OPERANDS[@]} -eq 0 ]; then
        list_proofs
        return
    fi
    local name="${OPERANDS[0]}" file
    file="$(soak_class "$name")"
    check_tools
    prove "$name" "$file" "${OPTION_seed:-$((RANDOM * 32768 + RANDOM))}"
}

list_proofs() {
    local file
    [ -n "$(soak_classes)" ] || say "There are no proofs at full size yet."
    while IFS= read -r file; do
        [ -z "$file" ] || soak_name "$file"
    done < <(soak_classes)
}

soak_classes() {
    grep -rlE '^@Tag\("soak"\)' "$ROOT" --include='*.java' --exclude-dir=target | sort || true
}

# FooBarIT.java, FooBarTest.java and FooBar.java are foo-bar.
soak_name() {
    basename "$1" .java | sed -E 's/(IT|Test)$//; s/([a-z0-9])([A-Z])/\1-\2/g' | tr '[:upper:]' '[:lower:]'
}

soak_class() {
    local name="$1" file
    local -a names=()
    while IFS= read -r file; do
        names+=("$(soak_name "$file")")
        if [ "$(soak_name "$file")" = "$name" ]; then
            printf '%s\n' "$file"
            return
        fi
    done < <(soak_classes)
    [ ${#names[@]} -gt 0 ] || refuse "there is no proof '$name'; there are none yet"
    refuse "there is no proof '$name'; did you mean '$(nearest "$name" "${names[@]}")'? There are: ${names[*]}"
}

# Runs one class for as long as it takes, so with both compilers, and writes docs/proofs/NAME.json: its own figures, and
# what makes them repeatable. From files that no commit has nothing is written, and what failed does not take the place of what has passed.
prove() {
    local name="$1" file="$2" seed="$3" module figures verdict=passed begin=$SECONDS commit written="docs/proofs/$1.json"
    commit="$(clean_commit)" || say "dirty: $commit, so it runs, and docs/proofs/$name.json is left as it is"
    module="${file#"$ROOT/"}"
    module="${module%%/*}"
    figures="$(mktemp)"
    rm -rf "$ROOT"/*/target/failsafe-reports # of another proof, which would be judged again
    maven verify -pl "$module" -am -Dtests.excluded= -Dtests.compiler= -Dtest=None -Dit.test="$(basename "$file" .java)" \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
        -Dmiroir.seed="$seed" -Dmiroir.soak.result="$figures" || verdict=failed
    if [ "$verdict" = failed ] && grep -q '"verdict": "passed"' "$ROOT/$written" 2>/dev/null; then
        printf '%s is left as it is: it is of a run that passed\n' "$written"
        written="target/proofs/$name.json"
    fi
    if is_still_of "$commit"; then
        mkdir -p "$ROOT/${written%/*}"
        python3 "$ROOT/scripts/proof.py" "$figures" "$ROOT/$written" "name=$name" "verdict=$verdict" \
            "seed=$seed" "revision=$commit" "date=$(date -u +%Y-%m-%d)" "seconds=$((SECONDS - begin))" \
            "jdk=$(java_version "$(java_command)")"
        printf '%s %s (seed %s), %s\n' "$name" "$verdict" "$seed" "$written"
    else
        printf '%s %s (seed %s), dirty: %s\n' "$name" "$verdict" "$seed" "$(cat "$figures")"
        printf 'docs/proofs/%s.json is left as it is: these were not the files of one commit\n' "$name"
    fi
    rm -f "$figures"
    [ "$verdict" = passed ]
}

# is_still_of COMMIT: whether all files are those of that commit. Proofs may have been committed meanwhile.
is_still_of() {
    clean_commit >/dev/null && git -C "$ROOT" diff --quiet "$1" HEAD -- . ':!docs/proofs' 2>/dev/null
}

# The commit that all files are of; fails with the reason where there is none. Proofs of other runs may lie there.
clean_commit() {
    local other
    other="$(git -C "$ROOT" status --porcelain -- . ':!docs/proofs' 2>/dev/null)" || { printf 'this is no clone\n' && return 1; }
    [ -z "$other" ] || { printf '%s files differ from the commit, such as %s\n' "$(wc -l <<<"$other" | tr -d ' ')" "$(head -n 1 <<<"${other:3}")" && return 1; }
    git -C "$ROOT" rev-parse --short=12 HEAD
}

# The commit, with a mark where files differ from it.
revision() {
    git -C "$ROOT" describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || printf 'unknown\n'
}
