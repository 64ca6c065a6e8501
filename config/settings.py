"""Every setting, from the environment; .env.example lists them. No domain logic."""

import os
import secrets
from pathlib import Path

import environ

from apps.foundation.logs import logging_config
from config import databases, embedded
from config.services import CREATIVE
from config.storage import media_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

VAR = Path(env("VAR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """SECRET_KEY, or one made once and kept under VAR with owner-only permissions."""
    given: str = env("SECRET_KEY", default="")
    if given:
        return given
    VAR.mkdir(parents=True, exist_ok=True)
    file = VAR / "secret_key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    os.write(handle, secrets.token_urlsafe(50).encode())
    os.close(handle)
    return file.read_text()


SECRET_KEY = _secret_key()
#: Secret keys before this one: what they signed is still taken, and webhooks are signed with them too.
SECRET_KEY_FALLBACKS = [key for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# --- servers -----------------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", default="")
BROKER_URL = env("BROKER_URL", default="")
if not (DATABASE_URL and BROKER_URL):
    _servers = embedded.endpoints(VAR / "servers")
    DATABASE_URL = DATABASE_URL or _servers.database_url
    BROKER_URL = BROKER_URL or _servers.redis_url

DATABASE_OWNER = databases.from_url(DATABASE_URL)
DATABASES = databases.all_aliases(env, DATABASE_OWNER, secret_key=SECRET_KEY)
DATABASE_ROUTERS = ["config.router.ServiceRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.HookloopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.apps.ConfigAppConfig",
    "apps.foundation",
    *(f"apps.{service}" for service in CREATIVE),
    "apps.orchestrator",
    "apps.gateway",
    "apps.studio",
    "apps.mcp",
]
MIDDLEWARE = [
    "apps.gateway.middleware.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "apps.studio.views.csrf_failure"
LOGIN_URL = "/admin/login/"
#: Whether Studio's pages need no login: right for one person on 127.0.0.1, wrong on a server.
STUDIO_OPEN = env.bool("STUDIO_OPEN", default=True)

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR / "media"))
SCRATCH_ROOT = env("SCRATCH_ROOT", default=str(VAR / "scratch"))
S3_BUCKET = env("S3_BUCKET", default="")
STORAGES = {
    "default": media_storage(env, MEDIA_ROOT),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # so that no collectstatic is needed to look at the pages
FILE_UPLOAD_HANDLERS = ["apps.gateway.receiving.ScratchUploads"]
#: Megabytes of all files in one request together; images and clips come one or a few at once.
UPLOAD_MAX_MB = env.float("UPLOAD_MAX_MB", default=200.0)
#: Bytes of a request body without its files; a brief with its source text fits many times over.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
#: Fields of a form; a library that was scrolled far, all of it marked, has two for each short.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CACHE_URL = env("CACHE_URL", default="" if BROKER_URL.startswith("amqp") else BROKER_URL)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- work --------------------------------------------------------------------------------------
#: Module whose functions do the stages' work; benchmarks put instant ones in its place.
STAGES = env("STAGES", default="apps.orchestrator.stages")
#: Seconds a claimed stage run is its worker's alone; renewed while the worker lives.
LEASE_SECONDS = env.float("LEASE_SECONDS", default=30.0)
#: Seconds between sweeps; what a lost message or a killed worker costs at most, beside the lease.
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5.0)
#: Times a stage is tried again after an infrastructure failure.
STAGE_TRIES = env.int("STAGE_TRIES", default=4)
#: Creative attempts after the first.
RETRY_LIMIT = env.int("RETRY_LIMIT", default=1)
FRAME_WIDTH = env.int("FRAME_WIDTH", default=1080)
FRAME_HEIGHT = env.int("FRAME_HEIGHT", default=1920)
FRAME_RATE = env.int("FRAME_RATE", default=30)
ENCODER_PRESET = env("ENCODER_PRESET", default="veryfast")

# --- providers ---------------------------------------------------------------------------------
WRITER = env("WRITER", default="facts")
PICTURES = env("PICTURES", default="drawn")
VOICE = env("VOICE", default="espeak")
MUSIC = env("MUSIC", default="composed")
LLM_BASE_URL = env("LLM_BASE_URL", default="")
LLM_API_KEY = env("LLM_API_KEY", default="")
LLM_MODEL = env("LLM_MODEL", default="")
#: Seconds one answer of the language model may take; local models on slow machines need more.
LLM_TIMEOUT = env.float("LLM_TIMEOUT", default=60.0)
#: USD for a million tokens, so that a job's cost is known; 0: tokens are counted, cost is not.
LLM_PRICE_IN = env.float("LLM_PRICE_IN", default=0.0)
LLM_PRICE_OUT = env.float("LLM_PRICE_OUT", default=0.0)
# pictures
IMAGE_BASE_URL = env("IMAGE_BASE_URL", default="")
IMAGE_API_KEY = env("IMAGE_API_KEY", default="")
IMAGE_MODEL = env("IMAGE_MODEL", default="")
#: Pixels asked of the image model, as "1024x1536"; empty: what suits the model's name.
IMAGE_SIZE = env("IMAGE_SIZE", default="")
IMAGE_STYLE = env("IMAGE_STYLE", default="")
#: What one picture costs, for the job's usage.
IMAGE_PRICE_USD = env.float("IMAGE_PRICE_USD", default=0.0)
PEXELS_API_KEY = env("PEXELS_API_KEY", default="")
PEXELS_BASE_URL = env("PEXELS_BASE_URL", default="https://api.pexels.com")
PIXABAY_API_KEY = env("PIXABAY_API_KEY", default="")
PIXABAY_BASE_URL = env("PIXABAY_BASE_URL", default="https://pixabay.com/api")
#: Images and clips of the operator's own, for the provider `own`.
PICTURES_FOLDER = env("PICTURES_FOLDER", default="")

#: Tracks of the operator's own, for the music provider `own`.
MUSIC_FOLDER = env("MUSIC_FOLDER", default="")

# Voices: each needs its own few settings; see apps/audio/providers.
PIPER_VOICE = env("PIPER_VOICE", default="")
PIPER_COMMAND = env("PIPER_COMMAND", default="piper")
SPEECH_BASE_URL = env("SPEECH_BASE_URL", default="")
SPEECH_API_KEY = env("SPEECH_API_KEY", default="")
SPEECH_MODEL = env("SPEECH_MODEL", default="gpt-4o-mini-tts")
SPEECH_VOICE = env("SPEECH_VOICE", default="alloy")
SPEECH_LANGUAGES = env.list("SPEECH_LANGUAGES", default=[])
#: US dollars for a million characters, for the usage that a job shows.
SPEECH_PRICE = env.float("SPEECH_PRICE", default=0.0)
ELEVENLABS_BASE_URL = env("ELEVENLABS_BASE_URL", default="https://api.elevenlabs.io")
ELEVENLABS_API_KEY = env("ELEVENLABS_API_KEY", default="")
ELEVENLABS_VOICE = env("ELEVENLABS_VOICE", default="")
ELEVENLABS_MODEL = env("ELEVENLABS_MODEL", default="eleven_multilingual_v2")
ELEVENLABS_PRICE = env.float("ELEVENLABS_PRICE", default=0.0)

# critic: a language model's opinion as one more signal; without a model there is none
CRITIC_BASE_URL = env("CRITIC_BASE_URL", default="")
CRITIC_API_KEY = env("CRITIC_API_KEY", default="")
CRITIC_MODEL = env("CRITIC_MODEL", default="")
#: Whether the model is shown the contact sheet beside the script.
CRITIC_SEES = env.bool("CRITIC_SEES", default=True)
#: The opinion's share of the total; more than 0.2 counts as 0.2.
CRITIC_WEIGHT = env.float("CRITIC_WEIGHT", default=0.1)
CRITIC_TIMEOUT = env.float("CRITIC_TIMEOUT", default=30.0)
#: USD for a million tokens, for the job's usage.
CRITIC_PRICE_IN = env.float("CRITIC_PRICE_IN", default=0.0)
CRITIC_PRICE_OUT = env.float("CRITIC_PRICE_OUT", default=0.0)

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.gateway.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "apps.gateway.api.openapi.CompleteSchema",
    "EXCEPTION_HANDLER": "apps.gateway.problems.problem_handler",
    "DEFAULT_THROTTLE_CLASSES": ["apps.gateway.throttles.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "read": env("THROTTLE_READ", default="600/min"),
        "write": env("THROTTLE_WRITE", default="60/min"),
    },
}
#: Where this installation is reached, for the links in messages to webhooks; empty: they begin with a slash.
PUBLIC_URL = env("PUBLIC_URL", default="")
#: Whether webhooks may lead into private networks: right where receivers live in one's own, else a way in.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
#: Streams of server-sent events that one web process keeps open; each holds one of its threads.
STREAMS = env.int("STREAMS", default=6)
SPECTACULAR_SETTINGS = {
    "TITLE": "Hookloop",
    "DESCRIPTION": "A brief in, a finished vertical short out, with the reasons on record.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # the contracts use JSON Schema's null
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": False,  # what a change may hold says so itself
    "WEBHOOKS": [
        f"apps.gateway.api.announced.{name}"
        for name in ("ACCEPTED", "COMPLETED", "FAILED", "CANCELLED", "RETRIED")
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
LOGGING = logging_config(level=env("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=False))
