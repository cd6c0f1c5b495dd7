"""Ce que l’installation compte des demandes et des archives, pour le pilotage du programme."""

from datetime import date
from decimal import Decimal

from socle.fondations.commun.locataire import operateur
from socle.fondations.commun.mesures import Mesure, mesures
from socle.metiers.archivage.queries import count_prepares
from socle.metiers.dossiers.enums import Canal, EtatDossier
from socle.metiers.dossiers.queries.mesures import ISSUES, count_actives, count_faits

TOUTES = "Depuis le premier jour de l’installation, dossiers éliminés compris."


def count(jour: date, faits: tuple[str, ...], canaux: tuple[str, ...] = ()) -> Decimal:
    with operateur():
        nombres = count_faits(jour)
    retenus = (
        nombre
        for (fait, canal), nombre in nombres.items()
        if fait in faits and (not canaux or canal in canaux)
    )
    return Decimal(sum(retenus))


def register(code: str, libelle: str, faits: tuple[str, ...], canaux: tuple[str, ...] = ()) -> None:
    mesures.register(
        f"dossiers.{code}",
        Mesure(libelle, "demandes", TOUTES, lambda jour: count(jour, faits, canaux)),
    )


def count_archives(jour: date) -> Decimal:
    with operateur():
        return Decimal(count_prepares())


def count_collectivites(jour: date) -> Decimal:
    with operateur():
        return Decimal(count_actives(jour))


register("deposes", "Demandes déposées", ("depose",))
register("decides", "Demandes décidées", tuple(str(issue) for issue in ISSUES))
for issue, libelle in (
    (EtatDossier.ACCEPTE, "Demandes acceptées"),
    (EtatDossier.REFUSE, "Demandes refusées"),
    (EtatDossier.SANS_SUITE, "Demandes classées sans suite"),
):
    register(f"issue_{issue.value}", libelle, (str(issue.value),))
register("canal_en_ligne", "Demandes déposées en ligne", ("depose",), (Canal.EN_LIGNE,))
register("canal_assiste", "Demandes saisies par un agent", ("depose",),
         (Canal.GUICHET, Canal.TELEPHONE, Canal.COURRIER))  # fmt: skip
mesures.register(
    "dossiers.collectivites_actives",
    Mesure(
        "Collectivités qui reçoivent des demandes",
        "collectivités",
        "Au moins une demande dans les douze derniers mois.",
        count_collectivites,
    ),
)
mesures.register(
    "archivage.versements",
    Mesure("Paquets d’archives préparés", "versements", "Transmis ou non.", count_archives),
)
