"""Where secrets come from: the environment, or inside a task of Airflow its connections; never a file of ours."""

import os
import re
from collections.abc import Mapping

_VARIABLE = "TIERLINE_CREDENTIAL_"
_INSIDE_AIRFLOW = "AIRFLOW_CTX_DAG_ID"


def credential_variable(name: str) -> str:
    """Gives the environment variable that holds the secret of that name."""
    return _VARIABLE + re.sub(r"[^A-Z0-9]", "_", name.upper())


def credential_value(name: str, environment: Mapping[str, str] | None = None) -> str:
    """Gives the secret of that name, or nothing where neither the environment nor Airflow has it."""
    environment = os.environ if environment is None else environment
    value = environment.get(credential_variable(name), "").strip()
    return value or (_airflow_password(name) if _INSIDE_AIRFLOW in environment else "")


def _airflow_password(name: str) -> str:
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return str(BaseHook.get_connection(name).password or "")
    except AirflowNotFoundException:
        return ""
