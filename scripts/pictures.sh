# shellcheck shell=bash
# pictures: makes those of docs/ui anew, by the test that looks at every page.

pictures() {
    parse_options pictures "" "$@"
    no_operands pictures ${OPERANDS[@]+"${OPERANDS[@]}"}
    check_tools
    # A browser that is not there skips the test, and no picture would be new.
    has chromium && has chromedriver || fail "there is no chromium with its chromedriver (Debian: chromium, chromium-driver)"
    local made="$ROOT/target/pictures"
    rm -rf "$made"
    # What other modules' tests said last time counts as said now where they are not run.
    rm -f "$ROOT"/*/target/failsafe-reports/failsafe-summary.xml
    maven -pl benchmarks -am verify -Dtest=None -Dit.test=FaceIT -Dregenerate -Dmiroir.face.every=true -Dmiroir.pictures="$made" \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false || fail "the pages are not as they should be; the reasons stand above"
    # All of them or none: those of pages that are there no more go, too.
    [ -n "$(find "$made" -name '*.png' -print -quit)" ] || fail "no pictures were made"
    rm -f "$ROOT"/docs/ui/*.png
    mv "$made"/*.png "$ROOT/docs/ui/"
    say "The pictures in docs/ui are those of this build: look at those that changed (git status docs/ui)."
}
