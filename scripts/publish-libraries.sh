#!/usr/bin/env bash
# publish-libraries.sh VERSION REPOSITORY: puts the libraries that `./miroir release --dry-run` has made into a Maven repository, whose URL it is given, as the forge's user of GITHUB_TOKEN. What the repository lists already is
# left alone, so that what failed half-way can be done again: a version is listed after its files have come. Should some of its files be there and the version not be listed, the repository
# refuses them, and that one has to be deleted there by hand.
set -euo pipefail

readonly VERSION="${1:?publish-libraries.sh needs the version}"
readonly REPOSITORY="${2:?publish-libraries.sh needs the URL of the repository}"
FILES="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/target/release"
readonly FILES

# is_listed LIBRARY: fails where it is not; where the repository cannot be asked, nothing is published at all.
is_listed() {
    local answer status
    answer="$(mktemp)"
    status="$(curl --silent --location --user "${GITHUB_ACTOR:-}:${GITHUB_TOKEN:-}" --output "$answer" --write-out '%{http_code}' "$REPOSITORY/miroir/$1/maven-metadata.xml")" || status=000
    case "$status" in
        200) grep -q "<version>$VERSION</version>" "$answer" && status=listed ;;
        404) ;;
        *) printf 'publish-libraries: %s does not say which versions of %s it has: %s\n' "$REPOSITORY" "$1" "$status" >&2 && exit 1 ;;
    esac
    rm -f "$answer"
    [ "$status" = listed ]
}

# publish LIBRARY OPTION…
publish() {
    if is_listed "$1"; then
        printf '%s %s is there already\n' "$1" "$VERSION"
    else
        mvn -q -B org.apache.maven.plugins:maven-deploy-plugin:3.1.4:deploy-file -DrepositoryId=github -Durl="$REPOSITORY" -DpomFile="$1-$VERSION.pom" "${@:2}"
        printf '%s %s is published\n' "$1" "$VERSION"
    fi
}

cd "$FILES"
publish miroir -Dpackaging=pom -Dfile="miroir-$VERSION.pom"
for library in index-engine storage-mongo server; do
    publish "$library" -Dfile="$library-$VERSION.jar" -Dsources="$library-$VERSION-sources.jar" -Djavadoc="$library-$VERSION-javadoc.jar"
done
