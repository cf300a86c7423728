#!/bin/bash
# Starts one RabbitMQ node in /data, with the management plugin.
#
#   RABBITMQ_ADMIN_PASSWORD   of the administrator `admin`, who is made on the first start; or the content of the file
#                             that RABBITMQ_ADMIN_PASSWORD_FILE names. Letters, digits and . _ ~ - only.
set -euo pipefail
umask 077

DATA=/data/rabbitmq
RUN=/tmp/rabbitmq

if [ -n "${RABBITMQ_ADMIN_PASSWORD_FILE:-}" ]; then
    # Whoever makes it may have started together with us.
    for _ in $(seq 60); do
        [ ! -r "$RABBITMQ_ADMIN_PASSWORD_FILE" ] || break
        sleep 0.5
    done
    password=$(cat "$RABBITMQ_ADMIN_PASSWORD_FILE")
else
    password=${RABBITMQ_ADMIN_PASSWORD:-}
fi
unset RABBITMQ_ADMIN_PASSWORD RABBITMQ_ADMIN_PASSWORD_FILE
case $password in
    '') printf 'RABBITMQ_ADMIN_PASSWORD is not set.\n' >&2 && exit 1 ;;
    *[!A-Za-z0-9._~-]*) printf 'RABBITMQ_ADMIN_PASSWORD has other characters than letters, digits and . _ ~ -\n' >&2 && exit 1 ;;
esac

mkdir -p "$DATA" "$RUN"
{
    cat /etc/university/rabbitmq.conf
    printf 'default_pass = %s\n' "$password"
} >"$RUN/rabbitmq.conf"

# The data are found again under another host name, too.
export RABBITMQ_NODENAME=rabbit@localhost ERL_EPMD_ADDRESS=127.0.0.1
export HOME=$DATA RABBITMQ_MNESIA_BASE=$DATA/node RABBITMQ_LOG_BASE=$RUN/log RABBITMQ_PID_FILE=$RUN/pid
export RABBITMQ_FEATURE_FLAGS_FILE=$DATA/node/feature_flags RABBITMQ_CONF_ENV_FILE=/dev/null
export RABBITMQ_CONFIG_FILE=$RUN/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$RUN/none
export RABBITMQ_GENERATED_CONFIG_DIR=$RUN/generated RABBITMQ_ENABLED_PLUGINS_FILE=/etc/university/enabled_plugins
# A laptop has better use for the processor than waiting busily.
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
# Without its own signal handling, Erlang itself hears SIGTERM and ends the node in order.
export RABBITMQ_ALLOW_INPUT=1

for programs in /opt/rabbitmq/sbin /usr/lib/rabbitmq/bin; do
    [ ! -x "$programs/rabbitmq-server" ] || exec "$programs/rabbitmq-server" -noinput
done
printf 'There is no RabbitMQ in this image.\n' >&2
exit 1
