"""Réglages constants de django-allauth : rien ici ne dépend de l’installation."""

AUTHENTICATION_BACKENDS = ["socle.fondations.comptes.adapters.locaux.ConnexionLocale"]
SESSION_ENGINE = "socle.fondations.comptes.adapters.stockage"
PASSWORD_RESET_TIMEOUT = 3600  # secondes
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "socle.fondations.comptes.forms.MotDePasseTropCourant"},
]
# Table partagée : une limite de fréquence vaut pour tous les processus.
CACHES = {"default": {"BACKEND": "socle.fondations.commun.cache.CachePartage"}}

ACCOUNT_ADAPTER = "socle.fondations.comptes.adapters.AdaptateurComptes"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = False  # unique par genre : contrainte de la table des comptes
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
# Sans la table des adresses d’allauth : le courriel du compte fait foi.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/h/ip",
    "reset_password": "10/h/ip,3/h/key",
    "confirm_email": "1/3m/key",
}
ACCOUNT_FORMS = {
    "login": "socle.fondations.comptes.forms.ConnexionForm",
    "signup": "socle.fondations.comptes.forms.InscriptionForm",
    "reset_password": "socle.fondations.comptes.forms.OubliForm",
    "reset_password_from_key": "socle.fondations.comptes.forms.NouveauMotDePasseForm",
    "change_password": "socle.fondations.comptes.forms.ChangementMotDePasseForm",
    "set_password": "socle.fondations.comptes.forms.ChoixMotDePasseForm",
    "reauthenticate": "socle.fondations.comptes.forms.ConfirmationForm",
}

MFA_ADAPTER = "socle.fondations.comptes.adapters.AdaptateurMfa"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "socle.fondations.comptes.forms.mfa.SecondFacteurForm",
    "reauthenticate": "socle.fondations.comptes.forms.mfa.SecondFacteurConfirmationForm",
    "activate_totp": "socle.fondations.comptes.forms.mfa.ActivationApplicationForm",
    "authenticate_webauthn": "socle.fondations.comptes.forms.cles.SecondFacteurCleForm",
    "login_webauthn": "socle.fondations.comptes.forms.cles.ConnexionCleForm",
    "reauthenticate_webauthn": "socle.fondations.comptes.forms.cles.ConfirmationCleForm",
    "add_webauthn": "socle.fondations.comptes.forms.cles.AjoutCleForm",
    "edit_webauthn": "socle.fondations.comptes.forms.cles.NomCleForm",
}
