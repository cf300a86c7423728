#!/usr/bin/env bash
# Starts the split university of deploy/compose.yaml on this machine; its images are built when they are missing.
#
#     entrypoints/compose.sh [--offline] [COMMAND...]
#
# COMMAND is what compose takes: `up --detach` when nothing is said, `down`, `down --volumes`, `logs`, `ps`. --offline builds
# on bases made from Debian's packages. Uses podman-compose where podman is, else docker compose.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

IMAGES=${UNIVERSITY_IMAGES:-localhost/university-}
TAG=${UNIVERSITY_TAG:-dev}
PARTS="course student enrollment gateway frontend postgresql rabbitmq"
PORT=${UNIVERSITY_COMPOSE_PORT:-8080}
OFFLINE=()

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

if [ "${1:-}" = --offline ]; then
    OFFLINE=(--offline)
    shift
fi
[ $# -gt 0 ] || set -- up --detach

if command -v podman >/dev/null; then
    ENGINE=podman
    COMPOSE=$(command -v podman-compose || true)
    [ -n "$COMPOSE" ] || COMPOSE=.venv/bin/podman-compose
    [ -x "$COMPOSE" ] || fail "podman-compose is missing: \`make setup\` brings it."
    compose() { "$COMPOSE" "$@"; }
elif command -v docker >/dev/null; then
    ENGINE=docker
    compose() { docker compose "$@"; }
else
    fail "Neither podman nor docker is here."
fi

if [ "$1" = up ]; then
    missing=()
    for part in $PARTS; do
        "$ENGINE" image inspect "$IMAGES$part:$TAG" >/dev/null 2>&1 || missing+=("$part")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        [[ $IMAGES == *university- ]] || fail "${missing[*]}: no image ${IMAGES}PART:$TAG is here."
        entrypoints/build-images.sh --engine "$ENGINE" --prefix "${IMAGES%university-}" --tag "$TAG" "${OFFLINE[@]}" "${missing[@]}"
    fi
fi
compose -f deploy/compose.yaml "$@"
if [ "$1" = up ]; then
    say "Within a minute the university is open at http://127.0.0.1:$PORT (\`make compose COMPOSE_ARGS=down\` ends it)."
    say "Accounts: registrar, admin, instructor, student, or any student's number; the password is demo."
fi
