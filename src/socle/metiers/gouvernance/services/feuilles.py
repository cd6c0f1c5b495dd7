"""La feuille de route : préparer, expliquer chaque changement, figer, faire valider."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from socle.fondations.commun.verrou import check_empreinte
from socle.metiers.gouvernance.enums import EtatFeuille
from socle.metiers.gouvernance.errors import (
    ChangementSansMotif,
    FeuilleFigee,
    FicheModifieeAilleurs,
    SaisieRefusee,
)
from socle.metiers.gouvernance.models import Decision, FeuilleDeRoute, Instance, LigneDeFeuille
from socle.metiers.gouvernance.queries.editions import describe_ligne
from socle.metiers.gouvernance.queries.feuilles import compare_lignes
from socle.metiers.gouvernance.services.decisions import propose_decision
from socle.metiers.gouvernance.services.trace import record_action
from socle.normes.preuve.json_canonique import encode_json

CHAMPS = ("axe", "titre", "objectif", "date_prevue", "responsable", "liens")


@transaction.atomic
def open_feuille(
    *,
    semestre: str,
    acteur: str,
    maintenant: datetime,
    introduction: str = "",
    demonstration: bool = False,
) -> FeuilleDeRoute:
    """Ouvre la feuille d’un semestre à partir de la dernière figée : ses lignes sont reprises.

    Raises:
        SaisieRefusee: une version de ce semestre est déjà en préparation.
    """
    versions = FeuilleDeRoute.objects.select_for_update().filter(semestre=semestre)
    if versions.filter(etat__in=[EtatFeuille.BROUILLON, EtatFeuille.FIGEE]).exists():
        raise SaisieRefusee("Une version de ce semestre est déjà en préparation ou à valider.")
    figees = FeuilleDeRoute.objects.filter(etat=EtatFeuille.VALIDEE, semestre__lte=semestre)
    precedente = figees.order_by("-semestre", "-rang").first()
    rang = (versions.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    feuille = FeuilleDeRoute.objects.create(
        semestre=semestre,
        rang=rang,
        introduction=introduction,
        precedente=precedente,
        demonstration=demonstration,
    )
    if precedente is not None:
        _copy_lignes(precedente, feuille)
    record_action(
        action="feuille.ouverte",
        objet=feuille.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"version": rang, "precedente": precedente.empreinte if precedente else ""},
    )
    return feuille


@transaction.atomic
def save_ligne(
    *,
    feuille: FeuilleDeRoute,
    titre: str,
    acteur: str,
    maintenant: datetime,
    ligne: LigneDeFeuille | None = None,
    axe: str = "",
    objectif: str = "",
    date_prevue: date | None = None,
    responsable: str = "",
    motif: str = "",
    liens: tuple[str, ...] | list[str] = (),
    empreinte: str | None = None,
) -> LigneDeFeuille:
    """Ajoute une ligne, ou change celle-ci ; le motif peut attendre, mais pas au-delà du gel.

    Args:
        empreinte: celle de `describe_ligne` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
        FeuilleFigee.
    """
    feuille = lock_brouillon(feuille)
    if ligne is None:
        dernier = feuille.lignes.aggregate(dernier=Max("rang"))["dernier"] or 0
        ligne = LigneDeFeuille(feuille=feuille, rang=dernier + 1)
    else:
        ligne = LigneDeFeuille.objects.select_for_update().get(pk=ligne.pk)
        check_empreinte(describe_ligne(ligne), empreinte, FicheModifieeAilleurs)
    valeurs: dict[str, Any] = {
        "axe": axe, "titre": titre.strip(), "objectif": objectif.strip(),
        "date_prevue": date_prevue, "responsable": responsable.strip(), "liens": list(liens),
    }  # fmt: skip
    for champ, valeur in valeurs.items():
        setattr(ligne, champ, valeur)
    ligne.motif = motif.strip()
    ligne.save()
    _record_ligne(feuille, ligne, acteur, maintenant)
    return ligne


@transaction.atomic
def remove_ligne(*, ligne: LigneDeFeuille, motif: str, acteur: str, maintenant: datetime) -> None:
    """Retire une ligne. Reprise d’avant, elle reste lisible avec son motif ; neuve, elle s’efface.

    Raises:
        FeuilleFigee, ChangementSansMotif.
    """
    feuille = lock_brouillon(ligne.feuille)
    if ligne.origine_id is None:
        ligne.delete()
    elif not motif.strip():
        raise ChangementSansMotif(f"Dites pourquoi « {ligne.titre} » est retirée.")
    else:
        ligne.retiree, ligne.motif = True, motif.strip()
        ligne.save(update_fields=["retiree", "motif", "modifie_le"])
    _record_ligne(feuille, ligne, acteur, maintenant)


@transaction.atomic
def restore_ligne(*, ligne: LigneDeFeuille, acteur: str, maintenant: datetime) -> None:
    """Remet une ligne retirée.

    Raises:
        FeuilleFigee.
    """
    feuille = lock_brouillon(ligne.feuille)
    ligne.retiree, ligne.motif = False, ""
    ligne.save(update_fields=["retiree", "motif", "modifie_le"])
    _record_ligne(feuille, ligne, acteur, maintenant)


@transaction.atomic
def freeze_feuille(
    *,
    feuille: FeuilleDeRoute,
    instance: Instance,
    acteur: str,
    maintenant: datetime,
) -> Decision:
    """Fige la feuille et propose à l’instance politique de la valider.

    Rend la décision à faire voter : la feuille n’est validée que si les deux collèges la prennent.

    Raises:
        ChangementSansMotif: une ligne change sans explication.
        FeuilleFigee, PouvoirRefuse, SaisieRefusee (feuille vide).
    """
    feuille = lock_brouillon(feuille)
    lignes = compare_lignes(feuille)
    if not lignes:
        raise SaisieRefusee("Cette feuille de route n’a aucune ligne.")
    muette = next((c for c in lignes if c.is_changee and not c.ligne.motif), None)
    if muette is not None:
        raise ChangementSansMotif(f"« {muette.ligne.titre} » change sans dire pourquoi.")
    feuille.etat, feuille.figee_le = EtatFeuille.FIGEE, maintenant
    feuille.empreinte = sha256(build_contenu(feuille, [c.ligne for c in lignes])).hexdigest()
    feuille.save(update_fields=["etat", "figee_le", "empreinte", "modifie_le"])
    record_action(
        action="feuille.figee",
        objet=feuille.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"version": feuille.rang, "sha256": feuille.empreinte, "lignes": len(lignes)},
    )
    return propose_decision(
        instance=instance,
        titre=f"Valider la feuille de route du {feuille.titre[:1].lower()}{feuille.titre[1:]}",
        texte=(
            f"La feuille de route du {feuille.titre.lower()} (version {feuille.rang},"
            f" {sum(not c.ligne.retiree for c in lignes)} lignes) est validée.\n\n"
            f"Empreinte SHA-256 de la feuille figée : {feuille.empreinte}."
        ),
        feuille=feuille,
        liens=[feuille.cle],
        acteur=acteur,
        maintenant=maintenant,
        demonstration=feuille.demonstration,
    )


def build_contenu(feuille: FeuilleDeRoute, lignes: list[LigneDeFeuille]) -> bytes:
    """JSON canonique (RFC 8785) dont on prend l’empreinte : tout ce que la feuille dit."""
    return encode_json(
        {
            "semestre": feuille.semestre,
            "version": feuille.rang,
            "introduction": feuille.introduction,
            "lignes": [
                {
                    "rang": ligne.rang,
                    "axe": ligne.axe,
                    "titre": ligne.titre,
                    "objectif": ligne.objectif,
                    "date_prevue": ligne.date_prevue.isoformat() if ligne.date_prevue else "",
                    "responsable": ligne.responsable,
                    "retiree": ligne.retiree,
                    "motif": ligne.motif,
                    "liens": list(ligne.liens),
                }
                for ligne in lignes
            ],
        }
    )


def lock_brouillon(feuille: FeuilleDeRoute) -> FeuilleDeRoute:
    """Verrouille une feuille que l’on peut encore changer.

    Raises:
        FeuilleFigee.
    """
    feuille = FeuilleDeRoute.objects.select_for_update().get(pk=feuille.pk)
    if not feuille.is_brouillon:
        raise FeuilleFigee
    return feuille


def _copy_lignes(precedente: FeuilleDeRoute, feuille: FeuilleDeRoute) -> None:
    gardees = precedente.lignes.filter(retiree=False).order_by("rang", "pk")
    LigneDeFeuille.objects.bulk_create(
        LigneDeFeuille(
            feuille=feuille,
            rang=rang,
            origine=ligne,
            **{champ: getattr(ligne, champ) for champ in CHAMPS},
        )
        for rang, ligne in enumerate(gardees, 1)
    )


def _record_ligne(
    feuille: FeuilleDeRoute, ligne: LigneDeFeuille, acteur: str, maintenant: datetime
) -> None:
    record_action(
        action="feuille.ligne_changee",
        objet=feuille.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"version": feuille.rang, "rang": ligne.rang, "retiree": ligne.retiree},
    )
