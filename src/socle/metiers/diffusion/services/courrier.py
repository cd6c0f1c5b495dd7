"""Une lettre en courriel : texte, HTML, en-têtes de désabonnement (RFC 2369, RFC 8058)."""

import hashlib
import hmac
from email.utils import formataddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

from socle.fondations.commun.adresses import build_origine
from socle.fondations.commun.couleurs import build_palette
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.notifications.services.programme import build_lien
from socle.fondations.notifications.services.rendu import PAGE, render_sujet
from socle.metiers.diffusion.models import Lettre, Remise
from socle.metiers.diffusion.services.abonnements import build_depart

COULEUR = "#14532d"
PLACE_DU_PIED = "\x00pied\x00"


def build_courriel(lettre: Lettre, remise: Remise) -> EmailMultiAlternatives:
    """Met une lettre en forme pour un abonné.

    Ni image, ni lien suivi : rien ne dit qui a lu. L’identifiant du message est signé, pour
    reconnaître son retour et n’y croire que s’il vient de nous.
    """
    adresse = build_lien("diffusion:desabonner", build_depart(remise.abonne_id))
    en_ligne = build_lien("diffusion:lettre", lettre.numero)
    sujet = render_sujet(lettre.sujet, {})
    pied = f"Lire en ligne : {en_ligne}\nNe plus recevoir cette lettre : {adresse}"
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    courriel = EmailMultiAlternatives(
        subject=sujet,
        body=f"{lettre.texte.strip()}\n\n-- \n{pied}\n",
        from_email=formataddr((settings.NOM_INSTALLATION, settings.DEFAULT_FROM_EMAIL)),
        to=[remise.abonne.courriel or ""],
        headers={
            "Message-ID": f"<{sign_remise(remise.pk)}@{hote}>",
            "List-Unsubscribe": f"<{adresse}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-ID": f"<lettre.{hote}>",
            "Precedence": "bulk",
        },
    )
    courriel.attach_alternative(_render_html(lettre, sujet, en_ligne, adresse), "text/html")
    return courriel


def _render_html(lettre: Lettre, sujet: str, en_ligne: str, adresse: str) -> str:
    pied = (
        f'<a href="{escape(en_ligne)}">Lire en ligne</a> · '
        f'<a href="{escape(adresse)}">Ne plus recevoir cette lettre</a>'
    )
    return _render_page(lettre.texte, sujet).replace(PLACE_DU_PIED, pied)


@lru_cache(maxsize=4)
def _render_page(texte: str, sujet: str) -> str:
    """Rend ce que toutes les lettres d’un envoi ont en commun, une seule fois."""
    corps = render_texte(texte).replace('href="/', f'href="{build_origine(None)}/')
    return PAGE.format(
        sujet=escape(sujet),
        entete=escape(settings.NOM_INSTALLATION),
        accent=build_palette(COULEUR).clair.fort,
        corps=corps.replace(PLACE_DU_PIED, ""),
        pied=PLACE_DU_PIED,
    )


def sign_remise(remise_id: int) -> str:
    """Rend « r12.5f1c… », que seul ce serveur sait écrire."""
    cle = f"diffusion.remise:{settings.SECRET_KEY}".encode()
    return f"r{remise_id}.{hmac.new(cle, str(remise_id).encode(), hashlib.sha256).hexdigest()[:24]}"
