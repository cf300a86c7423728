"""Everything the environment may say, read once; nothing else reads the environment."""

import re
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
OFFICES = ("registrar", "admin")
"""The roles that are nobody's by a number."""
_CONTACT = re.compile(r"(mailto:[^@\s]+@\S+|https://\S+|tel:\S+)")
_TRIED_FIRST = frozenset(
    {
        *("admin", "changeme", "change-me", "default", "demo", "example", "guest", "password", "postgres"),
        *("rabbitmq", "root", "secret", "test", "university"),
    }
)
_SENDER = re.compile(r"[!-?A-~]+@[!-?A-~]+")


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
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="How many proxies of our own stand in front, one behind the other, and append whom they hear to "
        "`X-Forwarded-For`; it is not read without.",
    )
    rate_limit_student: int = Field(
        default=600, ge=0, description="Requests a minute of one student; 0 is without a limit, here and below."
    )
    rate_limit_staff: int = Field(
        default=3_000,
        ge=0,
        description="Of one instructor, registrar or administrator; development mode limits the last two not at all.",
    )
    rate_limit_system: int = Field(default=6_000, ge=0, description="Of one integrating system.")
    rate_limit_address: int = Field(
        default=30_000,
        ge=0,
        description="Of one address, or one IPv6 network, without signing in: a campus behind one address is many "
        "people. Development mode does not limit addresses.",
    )
    smtp_url: str = Field(
        default="",
        description="Where notifications are handed over as e-mails: `smtp+starttls://user:password@host:587`, "
        "`smtps://...`, or `smtp://host` without TLS; no e-mails without.",
    )
    mail_from: str = Field(
        default="", description="Whom e-mails are from: `University <no-reply@example.edu>`; asked for with SMTP_URL."
    )
    public_url: str = Field(
        default="",
        description="Where people open the pages: `https://enroll.example.edu`; asked for with SMTP_URL "
        "and OIDC_ISSUER.",
    )
    oidc_issuer: str = Field(
        default="",
        description="The OpenID Connect provider, as it names itself: `https://id.example.edu/realms/uni`, or none.",
    )
    oidc_client_id: str = Field(default="", description="What we are called there; asked for with OIDC_ISSUER.")
    oidc_client_secret: str = Field(default="", description="What we prove that with; asked for with OIDC_ISSUER.")
    oidc_scopes: str = Field(default="openid profile", description="What we ask it for.")
    oidc_name: str = Field(default="", description="What people call that sign-in; the provider's host without.")
    oidc_student_number_claim: str = Field(
        default="student_number", description="The claim with a student's number; `a.b` is `b` in the object `a`."
    )
    oidc_instructor_number_claim: str = Field(
        default="instructor_number", description="The claim with an instructor's number."
    )
    oidc_roles_claim: str = Field(default="roles", description="The claim with what else somebody is.")
    oidc_roles: str = Field(
        default="", description="What of it is a role here: `deans-office=registrar, it=admin`; none without."
    )
    security_contact: str = Field(
        default="",
        description="Whom to tell of a weakness, as a URI: `mailto:security@example.edu`; shown at "
        "`/.well-known/security.txt`, which is not there without.",
    )
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

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and not (parts.scheme in SMTP_SCHEMES and parts.hostname and not parts.path.strip("/")):
            raise ValueError(f"must be one of {', '.join(SMTP_SCHEMES)}, with a host")
        if parts.port == 0:
            raise ValueError("no server listens on port 0")
        if parts.scheme == "smtp" and parts.password is not None:
            raise ValueError("a password is not sent without TLS: smtps:// or smtp+starttls://")
        return url

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        if sender and not _SENDER.fullmatch(parseaddr(sender)[1]):
            raise ValueError("is not an e-mail address")
        return sender

    @field_validator("security_contact")
    @classmethod
    def _contact(cls, uri: str) -> str:
        if uri and not _CONTACT.fullmatch(uri):
            raise ValueError("must be one address that begins with mailto:, https:// or tel:")
        return uri

    @field_validator("public_url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and not (parts.scheme in {"http", "https"} and parts.hostname):
            raise ValueError("must begin with https:// or http://, and name a host")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _provider(cls, url: str, info: ValidationInfo) -> str:
        parts = urlsplit(url)
        schemes = {"https"} if info.data.get("mode") == "production" else {"https", "http"}
        if url and not (parts.scheme in schemes and parts.hostname and not parts.query and not parts.fragment):
            raise ValueError("must begin with https:// (in development mode http://, too), and name a host")
        return url

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_for_openid(cls, scopes: str) -> str:
        if "openid" not in scopes.split():
            raise ValueError("must hold openid")
        return scopes

    @field_validator("oidc_roles")
    @classmethod
    def _offices(cls, roles: str) -> str:
        if any(role not in OFFICES for _, role in _pairs(roles)):
            raise ValueError(
                f"must be like value={OFFICES[0]}, other={OFFICES[1]}; numbers tell who studies or teaches"
            )
        return roles

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """The settings that those given make no sense without, each with the one that asks for it."""
        wanted = {
            "smtp_url": ("mail_from", "public_url"),
            "oidc_issuer": ("oidc_client_id", "oidc_client_secret", "public_url"),
        }
        return [
            (name, given)
            for given, names in wanted.items()
            if getattr(self, given)
            for name in names
            if not getattr(self, name)
        ]

    @property
    def oidc_label(self) -> str | None:
        """What people call the university's own sign-in; None where there is none."""
        return (self.oidc_name or urlsplit(self.oidc_issuer).hostname) if self.oidc_issuer else None

    @property
    def oidc_offices(self) -> dict[str, str]:
        """The roles that the provider's values mean."""
        return dict(_pairs(self.oidc_roles))

    @property
    def guessable(self) -> list[str]:
        """The settings with a password that anybody would try first."""
        urls = {
            "broker_url": self.broker_url.split(";"),
            "smtp_url": [self.smtp_url],
            **{f"database_url__{module}": [url] for module, url in self.database_url.items()},
            **{f"replica_url__{module}": [url] for module, url in self.replica_url.items()},
        }
        return [name for name, told in urls.items() if any(_is_guessable(url) for url in told)]

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


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return pairs told as `name=value`, with commas between; the last `=` counts."""
    told = [one.strip().rpartition("=") for one in text.split(",") if one.strip()]
    return [(name.strip(), value.strip()) for name, _, value in told]


def _is_guessable(url: str) -> bool:
    """Tell whether a URL's password says nothing that its reader could not have guessed."""
    parts = urlsplit(url)
    password = unquote(parts.password or "").casefold()
    return bool(password) and (password in _TRIED_FIRST or password == unquote(parts.username or "").casefold())
