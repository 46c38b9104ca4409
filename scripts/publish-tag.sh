#!/usr/bin/env bash
# publish-tag.sh image TAG TRIED IMAGE: pushes the image that was tried here, by the name TRIED, as IMAGE:TAG. One that the registry has already stays as it is, since an image that is built again is never the same; and `latest` becomes the one
# of the highest version that has a tag.
# publish-tag.sh release TAG: makes the release of that tag from target/release. Nobody sees it until all its files are there, and one that is out stays as it is.
# Where it cannot be found out what there is, nothing is published.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly ROOT
readonly TAG="${2:?publish-tag.sh needs what to publish, and the tag}"

fail() {
    printf 'publish-tag: %s\n' "$1" >&2
    exit 1
}

# What has a hyphen in its version comes before a release, and is nobody's latest; nor is a fix of an older version.
is_highest() {
    [ "$(git -C "$ROOT" tag --list 'v*' | grep -E '^v[0-9]+(\.[0-9]+)*$' | sort -V | tail -n 1)" = "$TAG" ]
}

# is_there IMAGE: fails where the registry says that there is none. `docker manifest inspect` says so as well where the registry did not answer.
is_there() {
    local answer
    ! answer="$(docker buildx imagetools inspect "$1" 2>&1 >/dev/null)" || return 0
    case "$answer" in
        *"$1: not found"* | *'manifest unknown'* | *MANIFEST_UNKNOWN* | *'name unknown'* | *NAME_UNKNOWN*) return 1 ;;
        *) fail "it cannot be found out whether $1 is there: $answer" ;;
    esac
}

publish_image() {
    local tried="$1" image="$2"
    if is_there "$image:$TAG"; then
        printf '%s:%s is there already\n' "$image" "$TAG"
    else
        docker tag "$tried" "$image:$TAG"
        docker push "$image:$TAG"
    fi
    ! is_highest || docker buildx imagetools create --tag "$image:latest" "$image:$TAG"
}

# Whether the release is a draft: true, false, or none where there is none.
state_of_release() {
    local answer
    if answer="$(gh release view "$TAG" --json isDraft --jq .isDraft 2>&1)"; then
        printf '%s\n' "$answer"
    else
        [[ "$answer" == *'release not found'* ]] || fail "it cannot be found out whether there is a release $TAG: $answer"
        printf 'none\n'
    fi
}

publish_release() {
    local state before=false latest=false
    state="$(state_of_release)"
    case "$state" in
        false) printf 'the release %s is out already\n' "$TAG" && return ;;
        none) gh release create "$TAG" --draft --verify-tag --title "$TAG" --notes-file "$ROOT/target/release/NOTES.md" ;;
        true) ;;
        *) fail "it is not known what that says of the release $TAG: $state" ;;
    esac
    gh release upload "$TAG" --clobber "$ROOT"/target/release/*
    case "$TAG" in *-*) before=true ;; esac
    ! is_highest || latest=true
    gh release edit "$TAG" --draft=false --prerelease="$before" --latest="$latest"
}

case "$1" in
    image) publish_image "${3:?publish-tag.sh needs the image that was tried}" "${4:?publish-tag.sh needs the name of the image}" ;;
    release) publish_release ;;
    *) fail "there is no '$1'; there are: image, release" ;;
esac
