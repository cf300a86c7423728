"""Everything the environment may say, read once; nothing else reads the environment."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process; each is the variable `UNIVERSITY_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="UNIVERSITY_", env_nested_delimiter="__", frozen=True)

    mode: Literal["development", "production"] = Field(
        default="development",
        description="Development mode brings the demo accounts; production refuses them, and its sessions of browsers "
        "are for https alone.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=1, le=65534, description="The public port; management answers on the next one.")
    data_dir: Path = Field(default=Path("var"), description="Where the embedded databases live.")
    timezone: str = Field(default="Europe/Warsaw", description="The university's time zone, for dates and deadlines.")
    threads: int = Field(default=4, ge=1, le=64, description="Requests served at once by a process.")
    database_url: dict[str, str] = Field(
        default_factory=dict, description="A module's primary: UNIVERSITY_DATABASE_URL__COURSE, ...; SQLite without."
    )
    replica_url: dict[str, str] = Field(default_factory=dict, description="A module's replica; its primary without.")
    broker_url: str = Field(
        default="",
        description="`amqp://user:password@host/vhost`; several nodes with `;` between; none in one process.",
    )
    neighbor_url: dict[str, str] = Field(
        default_factory=dict,
        description="Where a module lives that is not in this process, several addresses separated by spaces: "
        "UNIVERSITY_NEIGHBOR_URL__COURSE.",
    )
    signing_keys: Path | None = Field(
        default=None, description="A file with the private keys to sign with; fresh ones of this process without."
    )
    trusted_keys: Path | None = Field(default=None, description="A file with everybody's public keys.")
    event_attempts: int = Field(
        default=20, ge=1, le=50, description="How often an event is tried before it is set aside."
    )
    drain_seconds: float = Field(default=0.0, ge=0, le=60, description="Seconds to serve on, unready, after SIGTERM.")
    request_timeout: float = Field(default=10.0, gt=0, description="Seconds the gateway gives a request.")
    neighbor_timeout: float = Field(default=0.8, gt=0, description="Seconds a module waits for a neighbor's answer.")
    body_limit: int = Field(default=1_048_576, gt=0, description="Bytes of a request body; uploads have their own.")
    upload_limit: int = Field(default=67_108_864, gt=0, description="Bytes of an uploaded file.")
    settings_file: Path | None = Field(
        default=None,
        description="A file with more settings, `NAME=value` a line, waited for 30 s; the environment goes first.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (OSError, KeyError) as error:
            raise ValueError(f"there is no time zone {name!r}") from error

    def primary_of(self, module: str) -> str:
        """Return the URL of a module's primary database."""
        return self.database_url.get(module, f"sqlite:///{self.data_dir / module}.db")

    def replica_of(self, module: str) -> str:
        """Return the URL of a module's replica, which is the primary when there is none."""
        return self.replica_url.get(module, self.primary_of(module))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The university's time zone."""
        return ZoneInfo(self.timezone)
