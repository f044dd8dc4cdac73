"""The one settings file. Everything that differs between installations comes from the environment and fails loudly."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from heli.accounts.types import ROLE_NAMES
from heli.kernel.packs import override_from

SOURCE = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("HELI_VAR", SOURCE.parents[1] / "var")).resolve()
"""Where this installation keeps its database, files, backups and generated secrets."""

DEMO = os.environ.get("HELI_DEMO") == "1"
DEBUG = os.environ.get("HELI_DEBUG") == "1"

os.umask(0o077)
"""What any process of this installation creates is for its own account alone: folders 0700, files 0600 (`web.checks` looks)."""


def secret_key() -> str:
    """From HELI_SECRET_KEY; otherwise generated once and kept in the folder of this installation."""
    if key := os.environ.get("HELI_SECRET_KEY"):
        return key
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return kept.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's database settings for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] or ":memory:",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; "
                    "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parts.scheme!r}")


def mail(url: str) -> dict[str, object]:
    """Django's mail settings for `smtps://user:password@host:465?from=heli@example.cn` (`smtp://` by STARTTLS, `smtp+plain://`
    without encryption inside one's own net), or `console:`; empty sends nothing.
    """
    parts = urlsplit(url)
    if url in ("", "console:"):
        backend = "console" if url else "dummy"
        return {"BACKEND": f"django.core.mail.backends.{backend}.EmailBackend", "FROM": "heli@localhost"}
    if parts.scheme not in ("smtps", "smtp", "smtp+plain") or not parts.hostname:
        raise ImproperlyConfigured(
            f"HELI_MAIL_URL must begin with smtps://, smtp:// or smtp+plain://, not {parts.scheme!r}"
        )
    user = unquote(parts.username or "")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "FROM": dict(parse_qsl(parts.query)).get("from", user or "heli@localhost"),
        "HOST": parts.hostname,
        "PORT": parts.port or {"smtps": 465, "smtp": 587, "smtp+plain": 25}[parts.scheme],
        "HOST_USER": user,
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_SSL": parts.scheme == "smtps",
        "USE_TLS": parts.scheme == "smtp",
    }


def second_factor(text: str) -> tuple[bool, frozenset[str]]:
    """Whether a second factor is required, and of which roles besides those of roles.toml ("0", "1", "auditor,town_officer")."""
    named = frozenset(part.strip() for part in text.split(",")) - {"", "0", "1"}
    if unknown := named - ROLE_NAMES:
        raise ImproperlyConfigured(
            f"HELI_SECOND_FACTOR names no role: {', '.join(sorted(unknown))}; roles are {', '.join(sorted(ROLE_NAMES))}"
        )
    return bool(named) or text.strip() == "1", named


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = [one for one in os.environ.get("HELI_OLD_SECRET_KEYS", "").split() if one]
ALLOWED_HOSTS = os.environ.get("HELI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HELI_ORIGINS", "").split(",") if origin]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'heli.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "heli.web",
    "heli.figures",
    "heli.assemblies",
    "heli.ledger",
    "heli.matters",
    "heli.handover",
    "heli.stations",
    "heli.posts",
    "heli.points",
    "heli.appraisal",
    "heli.meetings",
    "heli.consultation",
    "heli.inquiries",
    "heli.problems",
    "heli.rounds",
    "heli.risks",
    "heli.campaigns",
    "heli.warnings",
    "heli.papers",
    "heli.planning",
    "heli.records",
    "heli.notices",
    "heli.accounts",
    "heli.bodies",
    "heli.places",
    "heli.files",
    "heli.audit",
    "heli.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_q",
]

MIDDLEWARE = [
    "heli.accounts.middleware.AccessLogMiddleware",
    "heli.accounts.middleware.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "heli.accounts.middleware.ActorMiddleware",
    "heli.ui.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "heli.ui.middleware.RefusalMiddleware",
    "heli.ui.middleware.OnceMiddleware",
]

ROOT_URLCONF = "heli.config.urls"
WSGI_APPLICATION = "heli.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "heli.ui.templatetags.once",  # {% csrf_token %} brings the token that lets a form work once
                "heli.ui.templatetags.addresses",  # {% url … as … %} of an address that does not exist is an error
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "heli.ui.context.shell",
                "heli.audit.context.alarm",
                "heli.accounts.demo.demo_accounts",
                "heli.notices.context.bell",
                "heli.web.navigation.navigation",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
] + [{"NAME": "heli.accounts.passwords.SiteWordsValidator"}]
"""Django ships 20,000 common passwords; the last one takes out the words of the site and looks at what is left."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Sign-in: by name only, nobody signs up, the second factor is a code (heli.accounts.sign_in).
ACCOUNT_ADAPTER = "heli.accounts.sign_in.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "heli.accounts.sign_in.SignInForm",
    "change_password": "heli.accounts.sign_in.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,20/15m/key"}
"""The outermost stop, before the lock of names (`accounts.sign_in`); by key it counts wrong codes of a second factor."""
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HELI_PROXIES", "0"))
MFA_ADAPTER = "heli.accounts.sign_in.EncryptingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR, SECOND_FACTOR_ROLES = second_factor(os.environ.get("HELI_SECOND_FACTOR", "0" if DEMO else "1"))
"""Whether roles must set up a second factor before anything else: those marked in roles.toml, and further ones by name."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "heli_cache",
        # Django's 300 would let a few hundred sources push everybody's counts out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
"""In the database, so that rate limits hold in every process; `heli migrate` makes the table."""

HTTPS = os.environ.get("HELI_HTTPS") == "1"
"""Served over HTTPS only, by a reverse proxy that says so in X-Forwarded-Proto (docs/how-to/run-it.md)."""
SESSION_ENGINE = "heli.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = (
    # A browser takes a __Host- cookie only from this very host, over HTTPS, for all of it: no neighbour can plant one.
    f"{'__Host-' if HTTPS else ''}{name}"
    for name in ("heli", "heli-forms", "heli-language")
)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "heli.ui.storage.StaticStorage"},
}
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

HELI_MAP_TILES = os.environ.get("HELI_MAP_TILES", "")
"""An optional tile address (https://…/{z}/{x}/{y}.png) for maps; maps never need one."""
TILES_FROM = ["{0.scheme}://{0.netloc}".format(urlsplit(HELI_MAP_TILES))] if HELI_MAP_TILES else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *TILES_FROM],
        "worker-src": [SELF],
        "connect-src": [SELF, *TILES_FROM],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}
Q_CLUSTER = {"name": "heli", "orm": "default", "workers": 1, "timeout": 1800, "retry": 2000, "max_attempts": 3}

LOG_DAYS = int(os.environ.get("HELI_LOG_DAYS", "200"))
"""Law: 网络安全法 Art. 23 asks for network logs of at least six months."""
if LOG_DAYS < 183:
    raise ImproperlyConfigured(f"HELI_LOG_DAYS is {LOG_DAYS}: logs are kept at least 183 days")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "heli.kernel.logs.JsonLines"}},
    "handlers": {
        "day": {"()": "heli.kernel.logs.DailyFile", "folder": VAR / "logs", "keep_days": LOG_DAYS, "formatter": "json"},
        "stderr": {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "json"},
    },
    "root": {"handlers": ["day", "stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}, "django.server": {"handlers": []}},
}

TRAIL_ANCHOR = Path(os.environ.get("HELI_ANCHOR", VAR / "backups" / "trail-anchor.log"))
TRAIL_ANCHOR_DATABASE = str(DATABASES["default"]["NAME"])
TRAIL_WITNESS = os.environ.get("HELI_WITNESS", "")
"""The heads of the audit trail, outside the database; and once more at a witness, best on another machine (audit.anchor)."""


def anchor_key_file() -> Path:
    """The file of the key: named, or a credential of the systemd unit, or generated in the folder of this installation."""
    if named := os.environ.get("HELI_ANCHOR_KEY_FILE", ""):
        if not Path(named).is_file():
            raise ImproperlyConfigured(f"HELI_ANCHOR_KEY_FILE is {named!r}: there is no such file")
        return Path(named)
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / "heli-anchor-key"
    return credential if "CREDENTIALS_DIRECTORY" in os.environ and credential.is_file() else VAR / "anchor-key"


ANCHOR_KEY = os.environ.get("HELI_ANCHOR_KEY", "")
ANCHOR_KEY_FILE = anchor_key_file()
"""Entries of the trail, its anchor and backups are sealed with this key; best kept apart from the data (audit.keys)."""

if RULES := os.environ.get("HELI_RULES", ""):
    # Data files of the locality come before the shipped ones of the same name.
    if not Path(RULES).is_dir():
        raise ImproperlyConfigured(f"HELI_RULES is {RULES!r}: there is no such folder")
    override_from(Path(RULES).resolve())

MAIL = mail(os.environ.get("HELI_MAIL_URL", "console:" if DEMO else ""))
MAIL_IS_SET = bool(os.environ.get("HELI_MAIL_URL")) or DEMO
EMAIL_BACKEND, DEFAULT_FROM_EMAIL = MAIL["BACKEND"], MAIL["FROM"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("HOST", "localhost"), MAIL.get("PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("HOST_USER", ""), MAIL.get("HOST_PASSWORD", "")
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.get("USE_SSL", False), MAIL.get("USE_TLS", False)
EMAIL_TIMEOUT = 20

WEBHOOK_HOSTS = frozenset(
    host.strip().lower()
    for host in os.environ.get("HELI_WEBHOOK_HOSTS", "qyapi.weixin.qq.com,oapi.dingtalk.com,open.feishu.cn").split(",")
    if host.strip()
)
"""The only hosts that messages are posted to; by default the robots of WeCom, DingTalk and Feishu."""
OPEN311_HOSTS = frozenset(
    host.strip().lower() for host in os.environ.get("HELI_OPEN311_HOSTS", "").split(",") if host.strip()
)
"""The only hosts that the open interface asks: for photos that a report names, and hotlines of others; none by default."""
SITE_URL = os.environ.get("HELI_URL", "").rstrip("/")
"""This installation's own address, for links in messages that leave it."""

PRODUCT_NAME = _("Heli")
