"""Appels et octrois d’essai : tout passe par les services."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from socle.metiers.appels.models import Appel, Octroi
from socle.metiers.appels.services.appels import Cloture, change_etat, create_appel
from socle.metiers.appels.services.octrois import add_versement, ask_justificatif, record_octroi

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUJOURDHUI = date(2026, 11, 21)
ACTEUR = "agent:1"
LOIN = date(2036, 3, 1)  # les pages lisent l’horloge
FICHE: dict[str, Any] = {
    "titre": "Aide aux sites",
    "organisateur": "Agence d’essai",
    "genre": "aap",
    "resume": "Une aide pour refaire un site.",
    "themes": ["services"],
    "lien": "https://exemple.fr/aide",
    "source": "Site de l’agence",
}
COMMUN: dict[str, Any] = {"acteur": ACTEUR, "maintenant": MAINTENANT}


def propose(*, jour: date | None = LOIN, surete: str = "connue", **fiche: Any) -> Appel:
    """Une proposition complète."""
    return create_appel(cloture=Cloture(surete=surete, jour=jour), **COMMUN, **(FICHE | fiche))


def relay(*, maintenant: datetime = MAINTENANT, **fiche: Any) -> Appel:
    """Un appel relayé."""
    return change_etat(
        appel=propose(**fiche), geste="relayer", acteur=ACTEUR, maintenant=maintenant
    )


def accord(autorite: str = "commune-92023", montant: str = "10000", **fiche: Any) -> Octroi:
    """Un octroi en cours."""
    return record_octroi(
        autorite=autorite, titre=fiche.pop("titre", "Refaire le site"), montant=Decimal(montant),
        origine=fiche.pop("origine", ""), **COMMUN, **fiche,
    )  # fmt: skip


def accord_suivi(autorite: str = "commune-92023", **fiche: Any) -> Octroi:
    """Un octroi avec un versement prévu et une pièce demandée."""
    octroi = accord(autorite, **fiche)
    add_versement(
        octroi=octroi, echeance=LOIN, montant=Decimal(4000), condition="Signature", **COMMUN
    )
    ask_justificatif(octroi=octroi, demande="Factures", attendu_le=LOIN, **COMMUN)
    octroi.refresh_from_db()
    return octroi


def create_objets() -> dict[str, str]:
    """De quoi remplir les adresses de l’équipe."""
    octroi = accord_suivi(origine="essai:equipe")
    return {
        "appels/slug": relay(titre="Appel des essais").slug,
        "octrois/pk": str(octroi.pk),
        "versements/rang": "1",
        "pieces/rang": "1",
    }


def create_propres(cle: str) -> dict[str, str]:
    """De quoi remplir les adresses d’une collectivité."""
    return {"octroi": str(accord_suivi(cle, origine="essai:agent").pk)}
