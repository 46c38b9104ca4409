#!/usr/bin/env bash
# publish-libraries.sh VERSION REPOSITORY: puts the libraries that `./miroir release --dry-run` has made into a Maven repository, whose URL it is given, as the forge's user of GITHUB_TOKEN. What the repository has already is
# left alone, so that what failed half-way can be done again. A library of which it has some files and not others has to be deleted there by hand, since files cannot be replaced.
set -euo pipefail

readonly VERSION="${1:?publish-libraries.sh needs the version}"
readonly REPOSITORY="${2:?publish-libraries.sh needs the URL of the repository}"
FILES="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/target/release"
readonly FILES

# status_of PATH: what the repository answers for it. The token is in nobody's list of processes.
status_of() {
    printf 'user = "%s:%s"\n' "${GITHUB_ACTOR:-}" "${GITHUB_TOKEN:-}" |
        curl --config - --silent --location --range 0-0 --output /dev/null --write-out '%{http_code}' "$REPOSITORY/$1" || printf '000'
}

# is_there LIBRARY FILE…: fails where none of its files is; where the repository cannot be asked, or some files are and others not, nothing more is published.
is_there() {
    local library="$1" file status found=0
    shift
    for file in "$@"; do
        status="$(status_of "miroir/$library/$VERSION/$file")"
        case "$status" in
            200 | 206) found=$((found + 1)) ;;
            404) ;;
            *) printf 'publish-libraries: %s does not say whether it has %s: %s\n' "$REPOSITORY" "$file" "$status" >&2 && exit 1 ;;
        esac
    done
    [ "$found" -eq 0 ] || [ "$found" -eq $# ] || { printf 'publish-libraries: %s has %s of the %s files of %s %s; delete that version there\n' "$REPOSITORY" "$found" $# "$library" "$VERSION" >&2 && exit 1; }
    [ "$found" -gt 0 ]
}

# publish LIBRARY [FILE…]: its pom, and those files.
publish() {
    local library="$1" pom="$1-$VERSION.pom"
    local -a options=(-Dpackaging=pom -Dfile="$pom")
    [ $# -eq 1 ] || options=(-Dfile="$2" -Dsources="$3" -Djavadoc="$4")
    if is_there "$library" "$pom" "${@:2}"; then
        printf '%s %s is there already\n' "$library" "$VERSION"
    else
        mvn -q -B org.apache.maven.plugins:maven-deploy-plugin:3.1.4:deploy-file -DrepositoryId=github -Durl="$REPOSITORY" -DpomFile="$pom" "${options[@]}"
        printf '%s %s is published\n' "$library" "$VERSION"
    fi
}

cd "$FILES"
publish miroir
for library in index-engine storage-mongo server; do
    publish "$library" "$library-$VERSION.jar" "$library-$VERSION-sources.jar" "$library-$VERSION-javadoc.jar"
done
