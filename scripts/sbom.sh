# shellcheck shell=bash
# sbom: what the server and the daemon are made of, for whoever has to know.

readonly SBOM=target/miroir-sbom.json

sbom() {
    parse_options sbom "" "$@"
    no_operands sbom ${OPERANDS[@]+"${OPERANDS[@]}"}
    check_tools
    maven -Dmaven.test.skip=true package cyclonedx:makeAggregateBom >&2 || fail "the build failed; its reasons stand above"
    python3 "$ROOT/scripts/licences.py" "$ROOT/$SBOM" "$ROOT/scripts/licences.txt" ||
        fail "somebody has to look at these licences, and list in scripts/licences.txt what may be shipped"
    say "$SBOM lists all of it (CycloneDX)"
}
