#!/usr/bin/env bash
# Makes the base of an image from Debian's packages, where no registry of images is reachable.
#
#     deploy/images/make-base.sh [--engine podman|docker] [--suite bookworm] [--prefix localhost/] [--if-needed] BASE...
#
# BASE is python, nginx, postgresql or rabbitmq; the image is called localhost/university-base-BASE:SUITE. It holds the
# packages named below with what they depend on, unpacked and not configured: no documentation, no locales, no package
# lists, no package manager. With --if-needed a base stays that was made just as it would be now; without, it is made
# anew and has Debian's latest security updates. Needs mmdebstrap, which downloads from the mirrors that its machine is
# set up with.
set -euo pipefail

ENGINE=podman
SUITE=bookworm
PREFIX=localhost/
IF_NEEDED=

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# What the programs of a base need beside themselves: `python` no shell, the others have scripts.
packages() {
    local scripts=dash,bash,coreutils,sed,grep,findutils
    case $1 in
        python) echo "python3.11-minimal,libpython3.11-stdlib,ca-certificates" ;;
        nginx) echo "nginx-light,gzip,libc-bin,$scripts" ;;
        postgresql) echo "postgresql-15,postgresql-client-15,gawk,$scripts" ;;
        rabbitmq) echo "rabbitmq-server,gawk,procps,$scripts" ;;
        *) fail "There is no base '$1': python, nginx, postgresql and rabbitmq can be made." ;;
    esac
}

# What an installed system has and unpacked packages have not. It runs outside, on the folder that is $1.
finish() {
    cat <<'END'
set -eu
root=$1
cd "$root"
# What is in the base, for whoever looks for packages with known faults.
mkdir -p var/lib/dpkg
for package in var/cache/apt/archives/*.deb; do
    dpkg-deb --field "$package" | sed '/^Package:/a Status: install ok installed'
    echo
done >var/lib/dpkg/status
rm -rf var/lib/dpkg/info
find usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete 2>/dev/null || true
find usr/share/doc -mindepth 1 -type d -empty -delete 2>/dev/null || true
rm -rf usr/share/man usr/share/locale usr/share/info usr/share/lintian usr/share/bug usr/share/bash-completion \
    usr/share/pixmaps usr/share/polkit-1 usr/share/debconf usr/share/dpkg \
    usr/share/python3 usr/lib/*/gconv usr/lib/python3.11/pydoc_data/topics.py usr/lib/python3.11/lib-dynload/_test* \
    var/cache/debconf etc/cron.* etc/init.d etc/logrotate.d etc/dpkg usr/lib/systemd usr/lib/dpkg usr/libexec/dpkg usr/sbin/rmt-tar
# PostgreSQL compiles nothing while it runs when LLVM is not there; perl, python and systemd serve its packaging alone.
rm -rf usr/lib/*/libLLVM* usr/lib/*/libz3.so* usr/lib/postgresql/*/lib/bitcode usr/lib/postgresql/*/lib/llvmjit* \
    usr/lib/*/perl usr/lib/*/perl-base usr/lib/*/libperl.so* usr/share/perl usr/share/perl5 usr/bin/perl* usr/share/i18n \
    usr/share/zoneinfo/right usr/share/zoneinfo/posix var/lock var/spool
[ ! -d usr/lib/erlang ] || rm -rf usr/lib/python3* usr/bin/python3*
rm -f usr/bin/dpkg* usr/bin/debconf* usr/sbin/dpkg* usr/bin/update-alternatives usr/sbin/update-ca-certificates \
    usr/bin/py3* usr/lib/*/libmvec.so.1
find . -xdev -type f -perm /6000 -exec chmod ug-s {} +
mkdir -p etc/ssl/certs tmp var/tmp run proc sys dev home root usr/local/bin
chmod 1777 tmp var/tmp
chmod 700 root
[ ! -d usr/share/ca-certificates ] || cat usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
printf 'root:x:0:0:root:/root:/sbin/nologin\nuniversity:x:10001:10001:university:/tmp:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n' >etc/passwd
printf 'root:x:0:\nuniversity:x:10001:\nnogroup:x:65534:\n' >etc/group
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >etc/nsswitch.conf
printf 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_CODENAME=%s\n' "$SUITE" >etc/os-release
[ ! -e usr/bin/python3.11 ] || ln -sf python3.11 usr/bin/python3
END
}

make_base() {
    local wanted folder recipe image=${PREFIX}university-base-$1:$SUITE
    wanted=$(packages "$1")
    recipe=$({ echo "$wanted" && finish && declare -f make_base; } | sha256sum | cut -c 1-16)
    # Two checkouts that make it in different ways share the machine's images, and leave each other's alone.
    if [ -n "$IF_NEEDED" ] && "$ENGINE" image inspect "$image-$recipe" >/dev/null 2>&1; then
        printf '%s\n' "$image-$recipe"
        return
    fi
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: sudo apt-get install mmdebstrap"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' RETURN
    finish >"$folder/finish"
    say "Making $image from Debian's packages ..."
    SUITE=$SUITE mmdebstrap --quiet --variant=extract --include="$wanted" \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --extract-hook="sh '$folder/finish' \"\$1\"" \
        "$SUITE" "$folder/base.tar" >"$folder/log" 2>&1 || fail "$(cat "$folder/log")"
    "$ENGINE" import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        "$folder/base.tar" "$image" >/dev/null 2>&1 ||
        fail "$ENGINE could not take $folder/base.tar in."
    "$ENGINE" tag "$image" "$image-$recipe"
    printf '%s\n' "$image-$recipe"
}

while [ $# -gt 0 ]; do
    case $1 in
        --engine) ENGINE=$2; shift 2 ;;
        --suite) SUITE=$2; shift 2 ;;
        --prefix) PREFIX=$2; shift 2 ;;
        --if-needed) IF_NEEDED=yes; shift ;;
        -*) fail "Usage: make-base.sh [--engine podman|docker] [--suite bookworm] [--prefix localhost/] [--if-needed] BASE..." ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || fail "Name a base: python, nginx, postgresql or rabbitmq."
command -v "$ENGINE" >/dev/null || fail "$ENGINE is missing."
for base in "$@"; do
    make_base "$base"
done
