#!/usr/bin/env bash
# Builds the images: all, or the parts that are named.
#
#     entrypoints/build-images.sh [OPTION...] [PART...]
#
#     --engine podman|docker   what builds; the first of these that is there
#     --offline                on bases made from Debian's packages, made now where missing (deploy/images/make-base.sh)
#     --base IMAGE             on this base; for parts that have the same
#     --prefix PREFIX          images are called PREFIXuniversity-PART:TAG; localhost/
#     --tag TAG                dev
#     --print-bases            build nothing, print the base of every part
#
# PART is course, student, enrollment, gateway, frontend, postgresql or rabbitmq. The Python parts take their wheels from a
# folder that this fills with pip, for the base's Python and with the hashes of requirements/runtime.txt: the build itself
# reaches no network. At the end a table tells the sizes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON_PARTS="course student enrollment gateway"
ALL_PARTS="$PYTHON_PARTS frontend postgresql rabbitmq"
ENGINE=
BASE=
OFFLINE=
PREFIX=localhost/
TAG=dev
PAGES=src/university/gateway/static
CACHE=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/university

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

usage() {
    sed -n '2,/^set -e/{/^set -e/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

is_among() {
    case " $2 " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

containerfile() {
    if is_among "$1" "$PYTHON_PARTS"; then echo deploy/images/Containerfile; else echo "deploy/images/$1/Containerfile"; fi
}

# Prints the name of a part's base, and makes it first where it must be made here.
base_of() {
    local kind=$1
    if [ -n "$BASE" ]; then
        printf '%s\n' "$BASE"
        return
    fi
    if [ -z "$OFFLINE" ]; then
        sed -n 's/^ARG BASE_IMAGE=//p' "$(containerfile "$1")"
        return
    fi
    if is_among "$1" "$PYTHON_PARTS"; then kind=python; fi
    if [ "$1" = frontend ]; then kind=nginx; fi
    deploy/images/make-base.sh --engine "$ENGINE" --if-needed "$kind"
}

# Prints a Python that has pip.
python_with_pip() {
    local python
    for python in .venv/bin/python python3 python; do
        if "$python" -m pip --version >/dev/null 2>&1; then
            printf '%s\n' "$python"
            return
        fi
    done
    fail "No Python with pip is here to bring the wheels: \`make setup\` prepares one."
}

# Prints the folder of the wheels that fit the Python of a base; only what requirements/runtime.txt has locked gets there.
wheels_for() {
    local base=$1 told version libc machine folder minor python platforms=()
    told=$("$ENGINE" run --rm --network none --entrypoint python3 "$base" -c \
        'import platform, sys; print("%d.%d" % sys.version_info[:2], "".join(platform.libc_ver()) or "-", platform.machine())') ||
        fail "The base $base has no python3, or cannot be had. Where no registry is reachable, say --offline."
    read -r version libc machine <<<"$told"
    [[ $libc == glibc2.* ]] || fail "The base $base stands on '$libc'; the wheels here are for glibc."
    folder=$CACHE/wheels-$(sha256sum requirements/runtime.txt | cut -c 1-16)-$version-$libc-$machine
    if [ ! -d "$folder" ]; then
        python=$(python_with_pip)
        for ((minor = ${libc#glibc2.}; minor >= 17; minor--)); do
            platforms+=(--platform "manylinux_2_${minor}_$machine")
        done
        say "Bringing the wheels for Python $version ..."
        rm -rf "$folder.part"
        mkdir -p "$folder.part"
        "$python" -m pip -qq --disable-pip-version-check download --no-deps --only-binary :all: --require-hashes \
            --implementation cp --python-version "$version" "${platforms[@]}" --platform "manylinux2014_$machine" \
            --requirement requirements/runtime.txt --dest "$folder.part" >&2
        mv -T "$folder.part" "$folder"
    fi
    printf '%s\n' "$folder"
}

# Builds the user interface, unless it is as new as its sources.
build_pages() {
    make --no-print-directory ui >&2 && return
    [ -f "$PAGES/index.html" ] || fail "The pages could not be built, and the frontend is nothing without them."
    say "The pages could not be built anew; those that were built before are taken."
}

build() {
    local part=$1 base version wheels options=() context
    [ -f "$(containerfile "$part")" ] || fail "$(containerfile "$part") is missing."
    base=$(base_of "$part")
    case $part in postgresql | rabbitmq) context=deploy/images/$part ;; *) context=. ;; esac
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
    if is_among "$part" "$PYTHON_PARTS"; then
        wheels=$(wheels_for "$base")
        options=(--build-context "wheelhouse=$wheels" --build-arg "MODULE=$part")
        options+=(--build-arg "VERSION=$version" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || true)")
    fi
    if [ "$part" = frontend ]; then
        build_pages
        options=(--build-context "ui=$PAGES")
    fi
    say "Building ${PREFIX}university-$part:$TAG on $base ..."
    "$ENGINE" build --quiet --build-arg "BASE_IMAGE=$base" "${options[@]}" \
        --file "$(containerfile "$part")" --tag "${PREFIX}university-$part:$TAG" "$context" >/dev/null
}

# Prints a line for each layer, the lowest first: what it is known by, and its megabytes.
layers_of() {
    paste -d ' ' \
        <("$ENGINE" image inspect --format '{{range .RootFS.Layers}}{{println .}}{{end}}' "$1" | sed '/^$/d') \
        <("$ENGINE" history --format '{{.Size}}' "$1" | tac | sed -n 's/^\([1-9][0-9.]*\) *\([kMG]\{0,1\}\)B$/\1 \2/p')
}

# Several images have the same layers, which are pulled and kept once: `own` is what an image adds to those above it.
print_sizes() {
    local part
    for part in "$@"; do
        layers_of "${PREFIX}university-$part:$TAG" | sed "s|^|${PREFIX}university-$part:$TAG |"
    done | awk '
        BEGIN { scale[""] = 1e-6; scale["k"] = 1e-3; scale["M"] = 1; scale["G"] = 1e3 }
        !($1 in size) { order[++count] = $1 }
        { size[$1] += $3 * scale[$4]; if (!seen[$2]++) own[$1] += $3 * scale[$4] }
        END {
            printf "%-48s %9s %9s\n", "image", "size", "own"
            for (i = 1; i <= count; i++) printf "%-48s %6.1f MB %6.1f MB\n", order[i], size[order[i]], own[order[i]]
        }'
}

PARTS=()
ONLY_PRINT=
while [ $# -gt 0 ]; do
    case $1 in
        --engine | --base | --prefix | --tag)
            [ $# -gt 1 ] || fail "$1 needs a value."
            declare "$(tr '[:lower:]' '[:upper:]' <<<"${1#--}")=$2"
            shift
            ;;
        --offline) OFFLINE=yes ;;
        --print-bases) ONLY_PRINT=yes ;;
        -h | --help)
            usage
            exit
            ;;
        -*) fail "There is no option $1; --help tells them." ;;
        *)
            is_among "$1" "$ALL_PARTS" || fail "There is no part '$1'; there are: $ALL_PARTS."
            PARTS+=("$1")
            ;;
    esac
    shift
done
# shellcheck disable=SC2206 # A list of words on purpose.
[ ${#PARTS[@]} -gt 0 ] || PARTS=($ALL_PARTS)
if [ -z "$ENGINE" ]; then
    ENGINE=$(basename "$(command -v podman || command -v docker || fail "Neither podman nor docker is here.")")
fi
command -v "$ENGINE" >/dev/null || fail "$ENGINE is not here."

for part in "${PARTS[@]}"; do
    if [ -n "$ONLY_PRINT" ]; then printf '%s %s\n' "$part" "$(base_of "$part")"; else build "$part"; fi
done
[ -n "$ONLY_PRINT" ] || print_sizes "${PARTS[@]}"
