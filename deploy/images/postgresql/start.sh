#!/bin/bash
# Starts PostgreSQL in /data: a primary, made on the first start, or a streaming replica of POSTGRES_PRIMARY.
#
#   POSTGRES_PASSWORD      of the superuser `postgres`; asked for on a primary's first start
#   REPLICATION_PASSWORD   of `replicator`; without it a primary has no such role, and a replica does not start
#   POSTGRES_PRIMARY       host, or host:port, to follow
# Each password may be the content of a file instead: POSTGRES_PASSWORD_FILE, REPLICATION_PASSWORD_FILE.
set -euo pipefail
umask 077

DATA=/data/postgresql
SLOT=replica
PASSES=/tmp/pgpass

programs=(/usr/lib/postgresql/*/bin)
PATH=${programs[-1]}:$PATH

say() { printf '%s\n' "$*" >&2; }

# told NAME: prints a variable, or the file that NAME_FILE names; whoever makes it may have started together with us.
told() {
    local file=$1_FILE
    if [ -z "${!file:-}" ]; then
        printf '%s' "${!1:-}"
        return
    fi
    for _ in $(seq 60); do
        [ ! -r "${!file}" ] || break
        sleep 0.5
    done
    cat "${!file}"
}

child=
gone=
# The first process of a container ignores what it does not handle; SIGINT is PostgreSQL's fast way to end.
end() {
    gone=1
    [ -z "$child" ] || kill -INT "$child" 2>/dev/null || true
}
trap end TERM INT

# Runs a program beside the shell, so that a signal is heard meanwhile; returns as it did.
beside() {
    local code=0
    "$@" &
    child=$!
    wait "$child" || code=$?
    while kill -0 "$child" 2>/dev/null; do
        code=0
        wait "$child" || code=$?
    done
    child=
    return "$code"
}

settings=(
    -c "listen_addresses=*" -c port=5432 -c unix_socket_directories=
    -c max_connections=200 -c shared_buffers=128MB -c huge_pages=off
    -c password_encryption=scram-sha-256
    -c wal_level=replica -c max_wal_senders=5 -c max_replication_slots=5
    # A replica that is away for long is made anew, before the log it has not read fills the disk.
    -c max_slot_wal_keep_size=1GB
    -c hot_standby=on -c hot_standby_feedback=on -c wal_receiver_status_interval=1s
    -c logging_collector=off -c log_timezone=UTC -c "log_line_prefix=%m [%p] %q%u@%d "
)

make_primary() {
    local superuser replicator words=/tmp/superuser
    superuser=$(told POSTGRES_PASSWORD)
    replicator=$(told REPLICATION_PASSWORD)
    [ -n "$superuser" ] || { say "POSTGRES_PASSWORD is not set."; return 1; }
    rm -rf "$DATA.new"
    printf '%s\n' "$superuser" >"$words"
    initdb -D "$DATA.new" -U postgres --pwfile="$words" --auth=scram-sha-256 --data-checksums -E UTF8 --locale=C.UTF-8 >&2
    rm "$words"
    printf '%s\n' 'host all all all scram-sha-256' 'host replication replicator all scram-sha-256' >"$DATA.new/pg_hba.conf"
    if [ -n "$replicator" ]; then
        {
            printf "CREATE ROLE replicator LOGIN REPLICATION PASSWORD '%s'\n" "${replicator//\'/\'\'}"
            # It keeps nothing for a replica that never came.
            printf "SELECT pg_create_physical_replication_slot('%s')\n" "$SLOT"
        } | postgres --single -D "$DATA.new" "${settings[@]}" postgres >/dev/null
    fi
    mv "$DATA.new" "$DATA"
}

make_replica() {
    until [ -n "$gone" ]; do
        rm -rf "$DATA.new"
        if beside pg_basebackup -d "$source" -D "$DATA.new" -X stream -S "$SLOT" -c fast; then
            touch "$DATA.new/standby.signal"
            mv "$DATA.new" "$DATA"
            return
        fi
        say "The primary cannot be copied yet; trying again."
        beside sleep 2 || true
    done
    exit 0
}

if [ -n "${POSTGRES_PRIMARY:-}" ]; then
    password=$(told REPLICATION_PASSWORD)
    [ -n "$password" ] || { say "REPLICATION_PASSWORD is not set."; exit 1; }
    escaped=${password//\\/\\\\}
    printf '*:*:*:replicator:%s\n' "${escaped//:/\\:}" >"$PASSES"
    host=${POSTGRES_PRIMARY%:*}
    port=5432
    [ "$host" = "$POSTGRES_PRIMARY" ] || port=${POSTGRES_PRIMARY##*:}
    source="host=$host port=$port user=replicator passfile=$PASSES application_name=replica connect_timeout=5"
    [ -f "$DATA/PG_VERSION" ] || make_replica
    settings+=(-c "primary_conninfo=$source" -c "primary_slot_name=$SLOT")
elif [ ! -f "$DATA/PG_VERSION" ]; then
    make_primary
fi
unset POSTGRES_PASSWORD REPLICATION_PASSWORD
[ -z "$gone" ] || exit 0
beside postgres -D "$DATA" "${settings[@]}"
