"""Settings, read from the environment once; a malformed one stops the start with a sentence.

SQLite is the embedded default. It runs in WAL mode with IMMEDIATE transactions: a deferred transaction would lose its
write to "database is locked" when it turns from reader to writer.
"""

import difflib
import ipaddress
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Read by the test suite, not by the product.
NOT_SETTINGS = {"MILKRUN_SHARED"}


class Environment(BaseSettings):
    """What the environment may say; every name is documented in docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    database_url: str = ""
    migration_database_url: str = ""
    milkrun_home: Path = Path("var")
    milkrun_secret_key: str = ""
    milkrun_allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    milkrun_trusted_origins: str = ""
    milkrun_https: bool = False
    milkrun_demo: bool = False
    milkrun_demo_visitors: bool = True
    milkrun_support: str = Field(default="", max_length=200)
    milkrun_debug: bool = False
    milkrun_time_zone: str = "UTC"
    milkrun_sqlite_synchronous: str = Field(default="FULL", pattern="^(NORMAL|FULL)$")
    milkrun_gs1_prefix: str = Field(default="4012345", pattern="^[0-9]{7,10}$")
    milkrun_gs1_extension: int = Field(default=3, ge=0, le=9)
    milkrun_smtp_url: str = ""
    milkrun_mail_from: str = Field(default="Milkrun <milkrun@localhost>", pattern=r"^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$")
    milkrun_public_url: str = Field(default="", pattern=r"^(https?://[^\s/]+(/[^\s]*)?)?$")
    milkrun_web_workers: int = Field(default=1, ge=1, le=64)
    milkrun_web_threads: int = Field(default=8, ge=1, le=128)
    milkrun_webhook_networks: str = ""
    milkrun_plugins: str = ""
    milkrun_csv_encoding: str = Field(default="utf-8", pattern="^(utf-8|windows-1252|iso-8859-15)$")
    milkrun_csv_decimal: str = Field(default="", pattern="^(|point|comma)$")

    @field_validator("milkrun_webhook_networks")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for part in filter(None, (part.strip() for part in text.split(","))):
            ipaddress.ip_network(part)
        return text


def database(url: str, home: Path, synchronous: str) -> dict[str, Any]:
    """Turn a database URL into Django's settings.

    Args:
        url: `sqlite:///relative/or//absolute/path`, `postgres://user:password@host:port/name?sslmode=...` or "" for
            the embedded database in `home`.
        home: the data folder.
        synchronous: SQLite's durability at a power cut, NORMAL or FULL.

    Raises:
        ImproperlyConfigured: another scheme, or no database name.
    """
    parts = urlsplit(url or f"sqlite:///{home / 'milkrun.sqlite3'}")
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite" and name:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "ATOMIC_REQUESTS": False,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
                    f"PRAGMA synchronous={synchronous}; PRAGMA cache_size=-16000;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"} and name:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            # Statements that bind their values in the server (the ledger's) are planned once for a connection.
            "OPTIONS": {"application_name": "milkrun", "prepare_threshold": 3, **query},
        }
    raise ImproperlyConfigured(
        "DATABASE_URL must look like sqlite:///path/to/file or postgres://user:password@host:5432/name."
    )


def secret_key(home: Path, given: str) -> str:
    """Return the signing key: the given one, else one made once and kept readable for its owner only."""
    if given:
        return given
    kept = home / "secret_key"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f"secret_key.{os.getpid()}.tmp"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, kept)  # the first of several starting processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text().strip()


def mail_server(url: str) -> dict[str, Any] | None:
    """Turn the address of a mail server into its parts; None where no server is set.

    Args:
        url: `smtp://host:25`, `smtp+starttls://user:password@host:587` or `smtps://user:password@host:465`.

    Raises:
        ImproperlyConfigured: another scheme, or no host.
    """
    if not url:
        return None
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            "MILKRUN_SMTP_URL must look like smtp://host:25, smtp+starttls://user:password@host:587 "
            "or smtps://user:password@host:465."
        )
    return {
        "host": parts.hostname,
        "port": parts.port or ports[parts.scheme],
        "security": {"smtp": "", "smtp+starttls": "starttls", "smtps": "tls"}[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


def unknown_settings(names: Iterable[str]) -> list[str]:
    """List the names that look like ours and are not: a misspelt setting would be silently without effect."""
    known = {name.upper() for name in Environment.model_fields} | NOT_SETTINGS
    return sorted(name for name in names if name.startswith("MILKRUN_") and name not in known)


_unknown = unknown_settings(os.environ)
if _unknown:
    _near = difflib.get_close_matches(_unknown[0], [name.upper() for name in Environment.model_fields], 1)
    raise ImproperlyConfigured(
        f"Setting {_unknown[0]} is not known. " + (f"Do you mean {_near[0]}?" if _near else "Remove it.")
    )
try:
    ENVIRONMENT = Environment()
except ValidationError as problem:
    first = problem.errors()[0]
    raise ImproperlyConfigured(f"Setting {str(first['loc'][0]).upper()}: {first['msg']}.") from None

MILKRUN_HOME = ENVIRONMENT.milkrun_home.absolute()
MILKRUN_GS1_PREFIX = ENVIRONMENT.milkrun_gs1_prefix
MILKRUN_GS1_EXTENSION = ENVIRONMENT.milkrun_gs1_extension
MILKRUN_MAIL_SERVER = mail_server(ENVIRONMENT.milkrun_smtp_url)
MILKRUN_MAIL_FROM = ENVIRONMENT.milkrun_mail_from
MILKRUN_PUBLIC_URL = ENVIRONMENT.milkrun_public_url.rstrip("/")
MILKRUN_CSV_ENCODING = ENVIRONMENT.milkrun_csv_encoding
MILKRUN_CSV_DECIMAL = ENVIRONMENT.milkrun_csv_decimal
MILKRUN_PLUGINS = tuple(name.strip() for name in ENVIRONMENT.milkrun_plugins.split(",") if name.strip())
MILKRUN_WEBHOOK_NETWORKS = ENVIRONMENT.milkrun_webhook_networks
MILKRUN_DEMO = ENVIRONMENT.milkrun_demo
# Visitors are let in without a password only where everybody's password is public anyway.
MILKRUN_DEMO_VISITORS = ENVIRONMENT.milkrun_demo and ENVIRONMENT.milkrun_demo_visitors
MILKRUN_SUPPORT = ENVIRONMENT.milkrun_support.strip()
DEBUG = ENVIRONMENT.milkrun_debug
SECRET_KEY = secret_key(MILKRUN_HOME, ENVIRONMENT.milkrun_secret_key)
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.milkrun_allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in ENVIRONMENT.milkrun_trusted_origins.split(",") if origin.strip()]

_url = ENVIRONMENT.database_url
if ENVIRONMENT.migration_database_url and {"migrate", "init"} & set(sys.argv[1:2]):
    _url = ENVIRONMENT.migration_database_url
DATABASES = {"default": database(_url, MILKRUN_HOME, ENVIRONMENT.milkrun_sqlite_synchronous)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "ninja",
    "milkrun.kernel.apps.KernelConfig",
    "milkrun.configuration.apps.ConfigurationConfig",
    "milkrun.partners.apps.PartnersConfig",
    "milkrun.parts.apps.PartsConfig",
    "milkrun.stock.apps.StockConfig",
    "milkrun.exchange.apps.ExchangeConfig",
    "milkrun.connections.apps.ConnectionsConfig",
    "milkrun.demand.apps.DemandConfig",
    "milkrun.production.apps.ProductionConfig",
    "milkrun.purchasing.apps.PurchasingConfig",
    "milkrun.shipping.apps.ShippingConfig",
    "milkrun.printing.apps.PrintingConfig",
    "milkrun.billing.apps.BillingConfig",
    "milkrun.planning.apps.PlanningConfig",
    "milkrun.insight.apps.InsightConfig",
    "milkrun.web.apps.WebConfig",
]

MIDDLEWARE = [
    "milkrun.web.middleware.RequestIdMiddleware",
    "milkrun.web.health.counting.CountingMiddleware",
    "milkrun.web.middleware.BodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "milkrun.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "milkrun.web.middleware.ReaderMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "milkrun.config.urls"
WSGI_APPLICATION = "milkrun.config.wsgi.application"
APPEND_SLASH = False

_WEB = Path(__file__).parent.parent / "web"
_AREAS = sorted(folder.name for folder in _WEB.iterdir() if (folder / "templates").is_dir())
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / area / "templates" for area in _AREAS],
        "OPTIONS": {
            "builtins": ["milkrun.web.templatetags.milkrun_web"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "milkrun.web.navigation.frame",
            ],
        },
    }
]
STATIC_URL = "/static/"
# An area's scripts stand beside its templates and are served under the area's name.
STATICFILES_DIRS = [(area, _WEB / area / "js") for area in _AREAS if (_WEB / area / "js").is_dir()]
# Files are served from where they stand, so no collecting step can be forgotten.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["milkrun.config.passwords.Argon2"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429
# The name of the argument that `authenticate` is called with; with another one failures are counted for nobody.
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "milkrun.web.signin.views.locked_out"
LOGIN_URL = "/sign-in"
# Shown on the sign-in page of demo installations, and the password of every demo user.
MILKRUN_DEMO_PASSWORD = "just in time"  # noqa: S105 - public on purpose

USE_TZ = True
TIME_ZONE = ENVIRONMENT.milkrun_time_zone
USE_I18N = True
LANGUAGE_CODE = "en"
# A language is offered once its catalogue is whole: `tools/messages.py missing` says nothing.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
LANGUAGE_COOKIE_NAME = "milkrun_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.milkrun_https
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.milkrun_https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ENVIRONMENT.milkrun_https:
    # The prefix binds the cookies to this host; browsers take it over HTTPS only.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "milkrun.web.pages.forbidden_form"
# Scripts only as files of our own, nothing inline, nothing evaluated; text becomes HTML in one module only (html.js).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["milkrun"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 70 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "milkrun.config.logs.LogLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        "milkrun": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING"},
        "axes": {"handlers": ["stderr"], "level": "WARNING"},
    },
}
