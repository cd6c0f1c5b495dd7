"""Adaptateur du second facteur."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from socle.fondations.commun.chiffrement import decrypt, encrypt
from socle.fondations.comptes.adapters.textes import ERREURS_MFA


class AdaptateurMfa(DefaultMFAAdapter):
    """Adaptateur de `allauth.mfa` : secrets chiffrés au repos, noms en français."""

    error_messages = DefaultMFAAdapter.error_messages | ERREURS_MFA

    def encrypt(self, text: str) -> str:
        return encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.NOM_INSTALLATION)

    def build_totp_svg(self, url: str) -> str:
        """Dessine le code avec segno, sans attribut de style (CSP)."""
        import segno  # noqa: PLC0415  (rare : à l’activation seulement)

        return str(segno.make(url, error="m").svg_inline(border=2, omitsize=True))

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Le genre est dans le nom : usager et agent ne se confondent pas dans le trousseau."""
        nom = f"{user.nom_affiche} ({user.get_genre_display().lower()})"
        return super().get_public_key_credential_user_entity(user) | {
            "name": nom,
            "display_name": nom,
        }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        from allauth.mfa.models import Authenticator  # noqa: PLC0415

        nombre = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Clé principale" if nombre == 0 else f"Clé n° {nombre + 1}"

    def _get_site_name(self) -> str:
        return str(settings.NOM_INSTALLATION)
