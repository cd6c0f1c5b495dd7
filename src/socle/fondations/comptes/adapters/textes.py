"""Phrases françaises des annonces et des erreurs de django-allauth."""

ERREURS = {
    "account_inactive": "Ce compte est désactivé.",
    "cannot_remove_primary_email": "Vous ne pouvez pas retirer votre adresse principale.",
    "duplicate_email": "C’est déjà l’adresse de ce compte.",
    "email_password_mismatch": (
        "Le courriel ou le mot de passe n’est pas le bon. Vérifiez les deux, ou choisissez"
        " « Mot de passe oublié »."
    ),
    "email_taken": "Cette adresse sert déjà à un autre compte.",
    "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
    "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.",
    "incorrect_password": "Ce n’est pas votre mot de passe.",
    "invalid_or_expired_key": "Ce lien ne sert plus. Demandez-en un nouveau.",
    "invalid_login": "Le courriel ou le mot de passe n’est pas le bon.",
    "invalid_password_reset": "Ce lien ne sert plus. Demandez-en un nouveau.",
    "max_email_addresses": "Vous avez déjà une adresse.",
    "too_many_login_attempts": (
        "Trop d’essais en peu de temps. Attendez cinq minutes, puis recommencez."
    ),
    "unknown_email": "Nous ne connaissons pas cette adresse.",
    "unverified_primary_email": "Votre adresse doit d’abord être confirmée.",
    "select_only_one": "Choisissez une seule réponse.",
    "same_as_current": "C’est déjà votre adresse.",
    "rate_limited": "Trop de demandes en peu de temps. Attendez un peu, puis recommencez.",
}
ERREURS_MFA = {
    "add_email_blocked": "Retirez d’abord le second facteur pour changer d’adresse.",
    "cannot_delete_authenticator": "Vous ne pouvez pas retirer ce second facteur.",
    "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé.",
    "incorrect_code": ERREURS["incorrect_code"],
    "unverified_email": "Confirmez d’abord votre adresse : le lien est dans le courriel envoyé.",
}
ANNONCES = {
    "account/messages/password_changed.txt": (
        "Votre mot de passe est changé. Vos autres sessions sont fermées."
    ),
    "account/messages/password_set.txt": "Votre mot de passe est enregistré.",
    "account/messages/logged_out.txt": "Vous êtes déconnecté.",
    "account/messages/email_confirmation_sent.txt": "Un courriel de confirmation vous est envoyé.",
    "mfa/messages/totp_activated.txt": "L’application est ajoutée à votre compte.",
    "mfa/messages/totp_deactivated.txt": "L’application est retirée de votre compte.",
    "mfa/messages/recovery_codes_generated.txt": (
        "Vos codes de secours sont prêts : gardez-les hors de cet appareil."
    ),
    "mfa/messages/webauthn_added.txt": "La clé est ajoutée à votre compte.",
    "mfa/messages/webauthn_removed.txt": "La clé est retirée de votre compte.",
}
