"""La recevabilité : ce qui se constate d’un dossier, puis ce que l’équipe décide."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from socle.fondations.commun.textes import format_instant
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.metiers.consultations.errors import EtapeRefusee, ResultatRefuse
from socle.metiers.consultations.models import Campagne, Recevabilite, Reponse
from socle.metiers.consultations.services.evaluation_grille import (
    REGLABLES,
    lock_instruction,
    open_instruction,
)


@dataclass(frozen=True, slots=True)
class Constat:
    """Un point vérifié tout seul : ce qui est attendu, et ce qui est trouvé."""

    point: str
    tenu: bool
    trouve: str


def list_constats(campagne: Campagne, reponse: Reponse) -> list[Constat]:
    """Vérifie ce qui se vérifie sans juger ; l’équipe garde la décision."""
    depose, ferme = reponse.depose_le, campagne.ferme_le
    constats = [
        Constat(
            "Déposé avant la clôture",
            bool(depose and ferme and depose <= ferme),
            f"Déposé le {_write(depose)}, clôture le {_write(ferme)}.",
        )
    ]
    if campagne.departements or campagne.regions:
        tenu = reponse.departement in campagne.departements or reponse.region in campagne.regions
        constats.append(
            Constat("Dans le territoire de l’appel", tenu,
                    f"Département : {reponse.departement or 'inconnu'}.")
        )  # fmt: skip
    if campagne.genres_autorites:
        constats.append(
            Constat("Sorte de collectivité admise",
                    reponse.genre_autorite in campagne.genres_autorites,
                    reponse.nom_autorite or "Aucune collectivité.")
        )  # fmt: skip
    if campagne.is_par_autorite:
        constats.append(
            Constat("Déposé pour une collectivité", bool(reponse.nom_autorite),
                    reponse.nom_autorite or "Aucune collectivité.")
        )  # fmt: skip
    return constats


def _write(instant: datetime | None) -> str:
    return format_instant(instant) if instant else "date inconnue"


@transaction.atomic
def judge_recevabilite(
    *, reponse: Reponse, recevable: bool, motif: str, agent: Compte, maintenant: datetime
) -> Recevabilite:
    """Dit un dossier recevable ou non, et garde les constats du jour. Se refait avant délibération.

    Raises:
        EtapeRefusee: le dossier n’est pas déposé, l’appel est encore ouvert, ou c’est trop tard.
        ResultatRefuse: une irrecevabilité sans motif.
    """
    campagne = reponse.campagne
    instruction = open_instruction(campagne=campagne, acteur=agent.acteur, maintenant=maintenant)
    lock_instruction(instruction, *REGLABLES)
    if not reponse.is_deposee or campagne.is_ouverte(maintenant):
        raise EtapeRefusee(suite="Attendez la clôture : le dossier peut encore changer.")
    if not recevable and not motif.strip():
        raise ResultatRefuse("Une irrecevabilité se motive : le déposant lira ce motif.")
    constats = list_constats(campagne, reponse)
    jugee, _ = Recevabilite.objects.update_or_create(
        reponse=reponse,
        defaults={
            "recevable": recevable, "motif": motif.strip(), "faite_par": agent,
            "faite_le": maintenant,
            "constats": [{"point": c.point, "tenu": c.tenu, "trouve": c.trouve} for c in constats],
        },
    )  # fmt: skip
    record(
        action="reponse.recevable" if recevable else "reponse.irrecevable", objet=reponse.objet,
        acteur=agent.acteur, collectivite_id=None, maintenant=maintenant,
        donnees={"constats_tenus": sum(c.tenu for c in constats), "constats": len(constats)},
    )  # fmt: skip
    return jugee
