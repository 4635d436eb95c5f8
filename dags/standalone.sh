#!/usr/bin/env bash
# Runs an Airflow command with this project's configuration; without arguments, Airflow standalone on loopback.
# Secrets are made once, under the Airflow home, which git ignores; only their owner can read them.
set -euo pipefail
umask 077

export TIERLINE_PROJECT=${TIERLINE_PROJECT:-$(cd "$(dirname "$0")/.." && pwd)}
export TIERLINE_CONFIG=${TIERLINE_CONFIG:-$TIERLINE_PROJECT/data/demo/tierline.yml}
export TIERLINE_AIRFLOW_PORT=${TIERLINE_AIRFLOW_PORT:-8080}
export AIRFLOW_HOME=${AIRFLOW_HOME:-$TIERLINE_PROJECT/data/airflow}
export AIRFLOW_CONFIG=$TIERLINE_PROJECT/airflow.cfg
export PATH="$TIERLINE_PROJECT/.venv/bin:$PATH"

secrets=$AIRFLOW_HOME/secrets.env
mkdir -p "$AIRFLOW_HOME"
if [ ! -s "$secrets" ]; then
  python - > "$secrets.new" <<'PYTHON'
import base64
import secrets

print(f"AIRFLOW__API_AUTH__JWT_SECRET={secrets.token_urlsafe(48)}")
print(f"AIRFLOW__API__SECRET_KEY={secrets.token_urlsafe(48)}")
print(f"AIRFLOW__CORE__FERNET_KEY={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")
PYTHON
  mv "$secrets.new" "$secrets"
fi
set -a
. "$secrets"
set +a

airflow db migrate > "$AIRFLOW_HOME/migrate.log" 2>&1 || { tail -20 "$AIRFLOW_HOME/migrate.log" >&2; exit 1; }
airflow pools set tierline_writer 1 "One writer to the warehouse" > /dev/null
if [ $# -gt 0 ]; then
  exec airflow "$@"
fi

# `airflow standalone` would serve logs on every network interface. Its parts are started here instead, without the log
# servers: on one machine the web page reads the log files themselves.
trap 'trap - EXIT; kill 0' EXIT INT TERM
airflow api-server &
airflow scheduler --skip-serve-logs &
airflow dag-processor &
echo "Airflow: http://127.0.0.1:$TIERLINE_AIRFLOW_PORT"
echo "User admin; the password is in $AIRFLOW_HOME/simple_auth_manager_passwords.json.generated"
echo "Stop with Ctrl-C."
wait -n
