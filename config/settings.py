"""Réglages de Socle. Tout ce qui change d’une installation à l’autre vient de l’environnement."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf.locale.fr import formats as formats_fr
from environs import Env

from config.applications import *  # noqa: F403
from config.comptes import *  # noqa: F403  (réglages constants de django-allauth)

RACINE = Path(__file__).resolve().parent.parent
TESTS = "pytest" in sys.modules

env = Env(eager=False, prefix="SOCLE_")  # eager=False : toutes les erreurs d’un coup, à env.seal()
if not TESTS:
    env.read_env(RACINE / ".env", recurse=False)


def read_secret(nom: str, defaut: str = "") -> str:
    """Lit un secret dans `SOCLE_<nom>`, sinon dans le fichier que désigne `SOCLE_<nom>_FILE`."""
    fichier = env.str(f"{nom}_FILE", "")
    return Path(fichier).read_text().strip() if fichier else env.str(nom, defaut)


# --- Installation
VERSION = "0.1.0"
NOM_INSTALLATION = env.str("NOM", "Socle")
DOSSIER_DONNEES = Path(env.str("DONNEES", str(RACINE / "donnees"))).resolve()
DOSSIER_CLES = Path(env.str("DOSSIER_CLES", str(DOSSIER_DONNEES / "cles")))
ADRESSE = env.str("ADRESSE", "http://localhost:8000").rstrip("/")
BAC_A_SABLE = env.bool("BAC_A_SABLE", False)
# Les simulateurs répondent sous le port du site ; leur processus, à une adresse interne.
SIMULATEURS_INTERNE = env.str("SIMULATEURS_URL", "")
SIMULATEURS_URL = f"{ADRESSE}/simulateurs" if BAC_A_SABLE else ""
HTTPS = ADRESSE.startswith("https://")

SECRET_KEY = "tests-seulement" if TESTS else read_secret("SECRET_KEY", "")
DEBUG = env.bool("DEBUG", False)
# Les noms d’hôte propres aux collectivités sont en base : le middleware les vérifie lui-même.
ALLOWED_HOSTS = ["*"]
HOTE_INSTALLATION = urlsplit(ADRESSE).hostname or "localhost"
MANDATAIRES: list[str] = env.list(
    "MANDATAIRES", []
)  # adresses des serveurs mandataires dont on croit X-Forwarded-*

# --- Pages
ROOT_URLCONF = "config.urls"
URLCONF_COLLECTIVITE = "config.urls_collectivite"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "socle.fondations.commun.contexte.describe_installation",
                "socle.fondations.comptes.middleware.describe_session",
            ],
            "builtins": [
                "template_partials.templatetags.partials",  # natif en Django 6
                "socle.fondations.commun.templatetags.composants",
                "socle.fondations.commun.templatetags.adresses",
                "socle.fondations.commun.templatetags.textes",
            ],
        },
    }
]
FORM_RENDERER = "socle.fondations.commun.renderers.RenduSocle"

if BAC_A_SABLE:
    # Les commandes qui sèment n’existent pas dans une vraie installation.
    INSTALLED_APPS += ["socle.serveur.demo", "socle.serveur.banc"]  # noqa: F405

# --- Base de données : deux rôles, le propriétaire (migrations) et l’application (RLS forcée)
PROPRIETAIRE = env.bool("PROPRIETAIRE", False)
ROLE_APP = env.str("ROLE_APP", "socle_app")
ROLE_OPERATEUR = env.str("ROLE_OPERATEUR", "socle_operateur")
_URL_BASE = read_secret("DATABASE_URL_PROPRIETAIRE" if PROPRIETAIRE else "DATABASE_URL", "")


def read_base(url: str) -> dict[str, object]:
    """Convertit une adresse `postgresql://…` en réglages de Django, socket Unix comprise."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  lu ici seulement

    parties = conninfo_to_dict(url) if url else {}
    options: dict[str, object] = {"server_side_binding": False}
    return {
        "ENGINE": "socle.fondations.commun.postgresql",
        "NAME": parties.get("dbname", "socle"),
        "USER": parties.get("user", ""),
        "PASSWORD": parties.get("password", ""),
        "HOST": parties.get("host", ""),
        "PORT": parties.get("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options
        if PROPRIETAIRE
        else options
        | {
            "options": "-c statement_timeout=30000 -c lock_timeout=8000"
            " -c idle_in_transaction_session_timeout=60000"
        },
    }


DATABASES = {"default": read_base(_URL_BASE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# --- Comptes et sessions
AUTH_USER_MODEL = "comptes.Compte"
LOGIN_URL = "comptes:connexion"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = env.int("DUREE_SESSION_MAX", 12 * 3600)
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "socle.fondations.commun.views.erreur_csrf"
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTS
    else ["django.contrib.auth.hashers.ScryptPasswordHasher"]
)

# Un invité ne dépose pas aussitôt commencé : les robots, si. Nul au bac à sable et aux essais.
DELAI_INVITE = env.int("DELAI_INVITE", 0 if TESTS or BAC_A_SABLE else 5)

# --- Langue et formats
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
USE_I18N = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
DATE_INPUT_FORMATS = ["%Y-%m-%d", *formats_fr.DATE_INPUT_FORMATS]

# --- Fichiers statiques et sécurité de la page
STATIC_URL = "/static/"
# Socle sert lui-même ses fichiers ; ce dossier ne sert qu’à les confier à un serveur mandataire.
STATIC_ROOT = env.str("DOSSIER_STATIQUES", "") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 24 * 3600  # leur adresse porte leur empreinte
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# --- Documents
TAILLE_MAX_DOCUMENT = env.int("TAILLE_MAX_DOCUMENT", 200 * 1024 * 1024)
CLAMAV_TAILLE_MAX = env.int("CLAMAV_TAILLE_MAX", 100 * 1024 * 1024)  # StreamMaxLength de clamd
CLAMAV = env.str("CLAMAV", "")  # unix:/run/clamav/clamd.ctl ou tcp:127.0.0.1:3310
S3_ADRESSE = env.str("S3_ADRESSE", "")
S3_SEAU = env.str("S3_SEAU", "")
S3_CLE = env.str("S3_CLE", "")
S3_SECRET = read_secret("S3_SECRET", "")

# --- Courriels
EMAIL_HOST = env.str("SMTP_HOTE", "")
EMAIL_PORT = env.int("SMTP_PORT", 25)
EMAIL_HOST_USER = env.str("SMTP_COMPTE", "")
EMAIL_HOST_PASSWORD = read_secret("SMTP_SECRET", "")
EMAIL_USE_TLS = env.bool("SMTP_TLS", False)
BOITE_RETOURS = env.str("RETOURS", "")  # maildir ou mbox où reviennent les lettres refusées
EMAIL_TIMEOUT = 15
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(DOSSIER_DONNEES / "courriels")
DEFAULT_FROM_EMAIL = env.str("COURRIEL", f"ne-pas-repondre@{HOTE_INSTALLATION}")

# --- Annuaire qui donne le nom et l’adresse d’un SIRET ; vide = pas de recherche
ANNUAIRE_ETABLISSEMENTS = env.str("ANNUAIRE_ETABLISSEMENTS", "recherche_entreprises")

# --- Preuve
HORODATAGE_URL = env.str("HORODATAGE_URL", "")

# --- Journaux techniques : une ligne JSON par événement, sans donnée personnelle
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "socle.fondations.commun.traces.FormatJson"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("NIVEAU_JOURNAL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "httpx": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}

env.seal()
