# shellcheck shell=bash
# pictures: makes those of docs/ui anew, by the test that looks at every page.

pictures() {
    parse_options pictures "" "$@"
    no_operands pictures ${OPERANDS[@]+"${OPERANDS[@]}"}
    check_tools
    # A browser that is not there skips the test, and no picture would be new.
    has chromium && has chromedriver || fail "there is no chromium with its chromedriver (Debian: chromium, chromium-driver)"
    maven -pl benchmarks -am verify -Dtest=None -Dit.test=FaceIT -Dregenerate -Dmiroir.face.every=true \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false || fail "the pages are not as they should be; the reasons stand above"
    say "The pictures in docs/ui are those of this build: look at those that changed (git status docs/ui)."
}
