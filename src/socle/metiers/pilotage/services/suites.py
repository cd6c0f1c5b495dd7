"""Ce qu’une décision prise change au programme : un état, une date, une action nouvelle."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from socle.fondations.commun.textes import format_jour
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.errors import EtatInconnu, ObjetIntrouvable
from socle.metiers.pilotage.models import Action, Axe, Recommandation
from socle.metiers.pilotage.services.avancement import record_avancement
from socle.metiers.pilotage.services.edition import Origine, save_objet

FICHES: dict[str, type[Action] | type[Recommandation]] = {
    "action": Action,
    "recommandation": Recommandation,
}


def read_etat(mots: str) -> EtatAction:
    """Lit « en_cours » comme « En cours ».

    Raises:
        EtatInconnu.
    """
    propre = mots.strip().casefold()
    for etat in EtatAction:
        if propre in (etat.value, etat.label.casefold()):
            return etat
    raise EtatInconnu(f"« {mots[:40]} » n’est pas un état.")


def get_fiche(cle: str) -> Action | Recommandation:
    """Action ou recommandation publique de cette clé.

    Raises:
        ObjetIntrouvable.
    """
    prefixe, _, code = cle.partition(":")
    fiche = FICHES[prefixe].objects.filter(code=code, retire=False).first()
    if fiche is None:
        raise ObjetIntrouvable(f"« {cle[:80]} » n’est pas au programme.")
    return fiche


def get_axe(cle: str) -> Axe:
    """Axe public de cette clé.

    Raises:
        ObjetIntrouvable.
    """
    axe = Axe.objects.filter(code=cle.partition(":")[2], retire=False).first()
    if axe is None:
        raise ObjetIntrouvable(f"« {cle[:80]} » n’est pas au programme.")
    return axe


@transaction.atomic
def apply_etat(
    *, cle: str, etat: EtatAction, lien: str, texte: str, par: Origine, maintenant: datetime
) -> str:
    """Fait passer une fiche à cet état ; la décision (`lien`) en est la preuve. Rend sa clé.

    L’avancement suit : 100 % quand elle est faite, sinon celui qui est noté.
    """
    fiche = get_fiche(cle)
    record_avancement(
        fiche=fiche,
        etat=etat,
        avancement=100 if etat == EtatAction.FAITE else fiche.avancement,
        date_constat=timezone.localdate(maintenant),
        revision=fiche.revision,
        par=par,
        maintenant=maintenant,
        texte=texte,
        lien=lien,
    )
    return cle


@transaction.atomic
def add_date(*, cle: str, jour: date, texte: str, par: Origine, maintenant: datetime) -> str:
    """Ajoute une ligne au calendrier d’une fiche, une seule fois. Rend sa clé."""
    fiche = get_fiche(cle)
    ligne = write_date(jour, texte)
    if ligne not in fiche.calendrier.splitlines():
        calendrier = f"{fiche.calendrier.rstrip()}\n{ligne}".strip()
        save_objet(
            objet=fiche, champs={"calendrier": calendrier}, revision=fiche.revision, par=par,
            maintenant=maintenant,
        )  # fmt: skip
    return cle


@transaction.atomic
def create_action(
    *,
    axe: str,
    titre: str,
    jour: date | None,
    source: str,
    lien: str,
    par: Origine,
    maintenant: datetime,
) -> str:
    """Crée une action au bout de l’axe, à démarrer, qui cite la décision. Rend sa clé."""
    parent = Axe.objects.select_for_update(of=["self"]).get(pk=get_axe(axe).pk)
    dernier = Action.objects.filter(axe=parent).aggregate(n=Max("numero"))["n"] or 0
    action = Action(axe=parent, numero=dernier + 1, code=f"{parent.code}-{dernier + 1}")
    champs = {
        "titre": titre,
        "calendrier": write_date(jour, titre) if jour else "",
        "source": source,
        "liens": [lien],
    }
    return save_objet(objet=action, champs=champs, revision=0, par=par, maintenant=maintenant).cle


def write_date(jour: date, texte: str) -> str:
    """« - 1er décembre 2026 : premier rapport », une ligne de liste du calendrier."""
    return f"- {format_jour(jour)} : {texte}"
