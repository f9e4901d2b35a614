"""The one settings module. What differs between places comes from the environment.

`docs/running.md` lists every variable. DATABASE_URL and REDIS_URL have no default: `make demo` and
`make test` start an embedded PostgreSQL and Valkey and set them.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from palvelumanuaali import cache, logs
from palvelumanuaali.employers import employers_from
from palvelumanuaali.secret_key import refuse_demo_in_earnest, refuse_known_key

# Lets generic Django classes be subscripted at run time too, as their type stubs have them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
# A place served over https gets secure cookies and HSTS; the demo on loopback can't have them.
HTTPS = urlsplit(BASE_URL).scheme == "https"
# Demo content is marked on every page's foot.
DEMO = env.bool("DEMO", default=False)
refuse_known_key(SECRET_KEY, https=HTTPS, demo=DEMO)
refuse_demo_in_earnest(https=HTTPS, demo=DEMO, debug=DEBUG)

INSTALLED_APPS = [
    "palvelumanuaali.apps.PalvelumanuaaliConfig",
    "sanctions",
    "workflow",
    "services",
    "orgs",
    "django_linear_migrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_structlog",
    "guardian",
    "health_check",
    "lucide",
    "pgtrigger",
    "simple_history",
]

MIDDLEWARE = [
    # Outermost, so that whatever answers below is marked.
    "services.site.caching.PrivateByDefaultMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "palvelumanuaali.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "palvelumanuaali.request_log.RouteLogMiddleware",
    "services.site.body_limit.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "orgs.sessions.SignedInMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "palvelumanuaali.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "services.site.context.site",
                "orgs.pages.context.tools",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "palvelumanuaali.cache.FallingBackCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "palvelumanuaali.cache.JsonSerializer",
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
        },
    },
    # Named here so that `createcachetable` finds it; `palvelumanuaali.cache` asks it.
    "fallback": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": cache.FALLBACK_TABLE},
}
CELERY_BROKER_URL = REDIS_URL
# Tasks by the clock name their queue in the schedule (`palvelumanuaali.celery`).
CELERY_TASK_DEFAULT_QUEUE = "sweeps"
CELERY_TASK_ROUTES = {
    "orgs.delivery.deliver_one": {"queue": "mail"},
    "services.tasks.read_attachments": {"queue": "files"},
}
# Seconds: what takes longer hangs, and its process is ended; the schedule gives whole jobs more.
CELERY_TASK_TIME_LIMIT = 540
CELERY_BEAT_SCHEDULER = "palvelumanuaali.scheduler:Scheduler"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Europe/Helsinki"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page never waits for a broker that is down: what was to be done is in the database, and a sweep finds it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "orgs.sign_in.AgreedLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "orgs.passwords.GuessedQuicklyValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "orgs:start"
# How many searches one address may have counted. Tries to sign in are slowed down, never shut out for long:
# by person and device or address, by person from all strange devices together, and by a whole office.
ACCOUNT_RATE_LIMITS = {
    "searched": "120/m/ip",
    "login": "300/m/ip",
    "login_failed": "60/m/ip,10/10m/key",
    "login_failed_here": "5/m/key",
}
ACCOUNT_FORMS = {"reset_password": "orgs.password_reset.ResetForm"}
ACCOUNT_ADAPTER = "orgs.sign_in.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# Mail goes only to those who have an account: a stranger's address must not get any from us.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# `orgs.sessions` says how long a session lasts.
ACCOUNT_SESSION_REMEMBER = True
# A link in the mail sets a new password; the second factor is asked for at the sign-in after it.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# How many proxies before us tell the reader's address truly (X-Forwarded-For).
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Palvelumanuaali"
MFA_ADAPTER = "orgs.sign_in.EncryptingMFAAdapter"
# An invitation came to the address, so it is known to be the person's.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers take 127.0.0.1 and localhost for secure; everywhere else passkeys need https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "orgs.sign_in.EmployerAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Whoever connects or removes an employer's sign-in shows once more who they are.
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": employers_from(env)}}
# The brake on mass effects (`orgs.brakes`): what share, in percent, of services or accounts a step by the
# clock may change in a day, how many it may always, and how many people the clock may write to in an hour.
MASS_SHARE = env.int("MASS_SHARE", default=5)
MASS_ALWAYS = env.int("MASS_ALWAYS", default=10)
MASS_PEOPLE = env.int("MASS_PEOPLE", default=200)
# How long the user log is kept.
USER_LOG_DAYS = env.int("USER_LOG_DAYS", default=730)
# How long a notice is kept after it was written: people look up what they were told.
NOTICE_DAYS = env.int("NOTICE_DAYS", default=365)
# The anonymous object permissions of guardian would be a side door past `services_for`.
ANONYMOUS_USER_NAME = None
# Of visitors; `orgs.sessions` sets it for those who are signed in.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "orgs.session_store"

# Bytes that one request may bring: texts only from visitors, files from those who are signed in.
LARGEST_VISITORS_BODY = 1_000_000
LARGEST_BODY = 60_000_000

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static"))
# Attachments are private: nothing serves this folder but `services.site.attachments`.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media"))
# Where the ledger's last hash is kept outside of the database; beside the attachments if nothing is said.
LEDGER_SEALS = env.str("LEDGER_SEALS", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

vars().update(env.email("EMAIL_URL", default="consolemail://"))
# Seconds for each answer of the mail server.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="palvelumanuaali@localhost")

# Memory for public answers in each process; 0 keeps none.
PUBLIC_CACHE_MB = env.float("PUBLIC_CACHE_MB", default=64)
# For how long a cache in front of us may keep public answers; it must drop them by Surrogate-Key.
SHARED_CACHE_SECONDS = env.int("SHARED_CACHE_SECONDS", default=0)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = HTTPS
# Asked over plain http from beside the server itself.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = logs.configure(env.str("LOG_LEVEL", default="INFO"))
