"""Réunions : préparer, convoquer une fois, noter qui est là, publier le relevé."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from socle.fondations.commun import taches
from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    EtatEnvoi,
    EtatReunion,
    Pouvoir,
    Presence,
    Reponse,
)
from socle.metiers.gouvernance.errors import (
    DelaiTropCourt,
    FicheModifieeAilleurs,
    ReunionFermee,
    RienAConvoquer,
    SaisieRefusee,
)
from socle.metiers.gouvernance.models import (
    Convocation,
    Delegation,
    Instance,
    Reunion,
    Siege,
)
from socle.metiers.gouvernance.permissions import check_pouvoir
from socle.metiers.gouvernance.queries.editions import describe_releve, describe_reunion
from socle.metiers.gouvernance.services.trace import record_action

TACHE = "gouvernance.envoyer_convocation"
CHAMPS = ("titre", "debut", "fin", "lieu", "visio", "ouverte", "places", "liens")
ANNONCES = ("debut", "fin", "lieu", "visio")  # un changement renvoie la convocation


@transaction.atomic
def create_reunion(
    *, instance: Instance, acteur: str, maintenant: datetime, **champs: Any
) -> Reunion:
    """Prépare une réunion ; personne n’est prévenu avant la convocation.

    Raises:
        PouvoirRefuse: réunion ouverte à tous dans une instance qui n’ouvre pas d’atelier.
        SaisieRefusee: fin avant le début.
    """
    _check_reunion(instance, champs)
    reunion = Reunion.objects.create(instance=instance, **champs)
    record_action(
        action="reunion.creee",
        objet=reunion.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"instance": instance.slug, "debut": reunion.debut.isoformat()},
    )
    return reunion


@transaction.atomic
def update_reunion(
    *,
    reunion: Reunion,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **champs: Any,
) -> bool:
    """Change une réunion. Déjà convoquée, un changement de date ou de lieu est renvoyé à tous.

    Args:
        empreinte: celle de `describe_reunion` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
        ReunionFermee, PouvoirRefuse, SaisieRefusee.
    """
    reunion = lock_reunion(reunion.pk)
    check_modifiable(reunion)
    changes = [nom for nom in CHAMPS if nom in champs and getattr(reunion, nom) != champs[nom]]
    if not changes:
        return False
    check_empreinte(describe_reunion(reunion), empreinte, FicheModifieeAilleurs)
    for nom in changes:
        setattr(reunion, nom, champs[nom])
    _check_reunion(reunion.instance, {"ouverte": reunion.ouverte, "debut": reunion.debut,
                                      "fin": reunion.fin})  # fmt: skip
    reunion.revision += 1
    reunion.save(update_fields=[*changes, "revision", "modifie_le"])
    if reunion.etat == EtatReunion.CONVOQUEE and set(changes) & set(ANNONCES):
        _send_again(reunion)
    record_action(
        action="reunion.modifiee",
        objet=reunion.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"champs": changes},
    )
    return True


@transaction.atomic
def convene(*, reunion: Reunion, acteur: str, maintenant: datetime, motif: str = "") -> int:
    """Convoque les sièges pourvus, une fois chacun ; rend le nombre de nouvelles convocations.

    Rappelée, elle ne convoque que les sièges pourvus depuis. Une réunion ouverte peut n’avoir aucun
    siège : la convoquer, c’est l’annoncer.

    Args:
        motif: pourquoi le délai de l’instance n’est pas tenu ; public.

    Raises:
        DelaiTropCourt: délai non tenu, sans motif.
        RienAConvoquer, ReunionFermee.
    """
    reunion = lock_reunion(reunion.pk)
    check_modifiable(reunion)
    if reunion.debut <= maintenant:
        raise SaisieRefusee("Cette réunion a déjà commencé : changez sa date.")
    jours = (timezone.localdate(reunion.debut) - timezone.localdate(maintenant)).days
    premiere = reunion.etat == EtatReunion.PREVUE
    court = jours < reunion.instance.delai_convocation
    if premiere and court and not motif.strip():
        raise DelaiTropCourt(
            f"L’instance demande {reunion.instance.delai_convocation} jours de délai ; il en reste"
            f" {jours}."
        )
    nouvelles = _create_convocations(reunion)
    if premiere and not nouvelles and not reunion.ouverte:
        raise RienAConvoquer
    if premiere:
        reunion.etat, reunion.convoquee_le = EtatReunion.CONVOQUEE, maintenant
        reunion.motif_delai = motif.strip() if court else ""
        reunion.revision += 1
        reunion.save(
            update_fields=["etat", "convoquee_le", "motif_delai", "revision", "modifie_le"]
        )
    if nouvelles or premiere:
        record_action(
            action="reunion.convoquee",
            objet=reunion.cle,
            acteur=acteur,
            maintenant=maintenant,
            donnees={"convocations": len(nouvelles), "jours": jours, "delai_tenu": not court},
        )
    return len(nouvelles)


@transaction.atomic
def cancel_reunion(*, reunion: Reunion, motif: str, acteur: str, maintenant: datetime) -> None:
    """Annule une réunion ; ceux qui étaient convoqués reçoivent l’annulation.

    Raises:
        ReunionFermee, SaisieRefusee (pas de motif).
    """
    reunion = lock_reunion(reunion.pk)
    check_modifiable(reunion)
    if not motif.strip():
        raise SaisieRefusee("Dites pourquoi la réunion est annulée.")
    convoquee = reunion.etat == EtatReunion.CONVOQUEE
    reunion.etat, reunion.motif_annulation = EtatReunion.ANNULEE, motif.strip()
    reunion.revision += 1
    reunion.save(update_fields=["etat", "motif_annulation", "revision", "modifie_le"])
    if convoquee:
        _send_again(reunion)
    record_action(action="reunion.annulee", objet=reunion.cle, acteur=acteur, maintenant=maintenant)


@transaction.atomic
def answer_convocation(
    *, convocation: Convocation, compte: Compte, reponse: Reponse, maintenant: datetime
) -> None:
    """Répond présent ou excusé ; « représenté » vient d’une délégation.

    Raises:
        SaisieRefusee: pas sa convocation, réponse impossible, ou voix déjà confiée.
        ReunionFermee: réunion passée ou annulée.
    """
    convocations = Convocation.objects.select_related("reunion", "siege")
    convocation = convocations.select_for_update(of=["self"]).get(pk=convocation.pk)
    reunion, siege = convocation.reunion, convocation.siege
    if compte.pk not in (siege.titulaire_id, siege.suppleant_id):
        raise SaisieRefusee("Cette convocation est celle d’un autre siège.")
    if reunion.etat != EtatReunion.CONVOQUEE or reunion.fin <= maintenant:
        raise ReunionFermee("Il n’y a plus à répondre à cette convocation.")
    if reponse not in (Reponse.PRESENT, Reponse.EXCUSE):
        raise SaisieRefusee("Répondez présent ou excusé, ou confiez votre voix.")
    jour = timezone.localdate(reunion.debut)
    if Delegation.objects.at(jour).filter(siege=siege).exists():
        raise SaisieRefusee(
            "Votre voix est confiée pour ce jour-là.",
            "Reprenez-la d’abord dans « Mes délégations ».",
        )
    convocation.reponse, convocation.repondu_le = reponse, maintenant
    convocation.save(update_fields=["reponse", "repondu_le", "modifie_le"])
    record_action(
        action="reunion.reponse",
        objet=reunion.cle,
        acteur=compte.acteur,
        maintenant=maintenant,
        donnees={"siege": siege.pk, "reponse": str(reponse)},
    )


@transaction.atomic
def record_presences(
    *,
    reunion: Reunion,
    presences: Mapping[int, Presence],
    acteur: str,
    maintenant: datetime,
) -> None:
    """Note qui était là : convocation → présence. Représenté demande un mandataire présent.

    Raises:
        SaisieRefusee: réunion pas commencée, ou siège représenté par personne.
        ReunionFermee: réunion annulée.
    """
    reunion = lock_reunion(reunion.pk)
    if reunion.etat == EtatReunion.ANNULEE:
        raise ReunionFermee
    if reunion.debut > maintenant:
        raise SaisieRefusee("La réunion n’a pas commencé : les présences se notent ensuite.")
    lignes = list(
        reunion.convocations.filter(pk__in=list(presences)).select_related("siege").order_by("pk")
    )
    jour = timezone.localdate(reunion.debut)
    mandats = {d.siege_id: d.beneficiaire_id for d in Delegation.objects.at(jour).order_by("pk")}
    presents = {c.siege_id for c in lignes if presences[c.pk] == Presence.PRESENT}
    for ligne in lignes:
        representable = mandats.get(ligne.siege_id) in presents
        if presences[ligne.pk] == Presence.REPRESENTE and not representable:
            raise SaisieRefusee(
                f"{ligne.siege.organisation} n’a confié sa voix à aucun membre présent.",
                "Notez-le excusé, ou enregistrez d’abord la délégation.",
            )
        ligne.presence = presences[ligne.pk]
    Convocation.objects.bulk_update(lignes, ["presence"])
    nombres = {str(p): sum(c.presence == p for c in lignes) for p in Presence}
    record_action(
        action="reunion.presences",
        objet=reunion.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"nombres": nombres},
    )


@transaction.atomic
def publish_releve(
    *,
    reunion: Reunion,
    compte_rendu: str,
    releve: str,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> None:
    """Publie le relevé de décisions et le compte rendu : la réunion est tenue. Corrigible ensuite.

    Args:
        empreinte: celle de `describe_releve` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistré depuis.
        SaisieRefusee: réunion pas commencée, ou relevé vide.
        ReunionFermee: réunion annulée.
    """
    reunion = lock_reunion(reunion.pk)
    if reunion.etat == EtatReunion.ANNULEE:
        raise ReunionFermee
    if reunion.debut > maintenant:
        raise SaisieRefusee("La réunion n’a pas commencé : le relevé se publie ensuite.")
    if not releve.strip():
        raise SaisieRefusee("Écrivez le relevé, même court : « Aucune décision ».")
    check_empreinte(describe_releve(reunion), empreinte, FicheModifieeAilleurs)
    reunion.compte_rendu, reunion.releve = compte_rendu.strip(), releve.strip()
    reunion.etat, reunion.releve_publie_le = EtatReunion.TENUE, maintenant
    reunion.save(update_fields=["compte_rendu", "releve", "etat", "releve_publie_le", "modifie_le"])
    record_action(action="reunion.releve", objet=reunion.cle, acteur=acteur, maintenant=maintenant)


def lock_reunion(pk: int) -> Reunion:
    """Verrouille une réunion ; ses gestes passent l’un après l’autre."""
    reunions = Reunion.objects.select_related("instance")
    return reunions.select_for_update(of=["self"]).get(pk=pk)


def check_modifiable(reunion: Reunion) -> None:
    """Refuse une réunion tenue ou annulée.

    Raises:
        ReunionFermee.
    """
    if not reunion.is_modifiable:
        raise ReunionFermee


def _check_reunion(instance: Instance, champs: Mapping[str, Any]) -> None:
    if champs.get("ouverte"):
        check_pouvoir(instance, Pouvoir.OUVRIR)
    if champs["fin"] <= champs["debut"]:
        raise SaisieRefusee("La réunion finit avant de commencer.")


def _create_convocations(reunion: Reunion) -> list[Convocation]:
    jour = timezone.localdate(reunion.debut)
    convoques = reunion.convocations.order_by("pk").values_list("siege_id", flat=True)
    sieges = Siege.objects.at(jour).pourvus().filter(instance=reunion.instance)
    sieges = sieges.exclude(pk__in=list(convoques)).select_related("titulaire").order_by("pk")
    delegues = set(Delegation.objects.at(jour).order_by("pk").values_list("siege_id", flat=True))
    nouvelles = []
    for siege in sieges:
        courriel = siege.titulaire.courriel_envoi  # type: ignore[union-attr]
        nouvelles.append(
            Convocation.objects.create(
                reunion=reunion,
                siege=siege,
                compte=siege.titulaire,  # type: ignore[misc]
                courriel=courriel,
                envoi=EtatEnvoi.A_ENVOYER if courriel else EtatEnvoi.SANS_COURRIEL,
                reponse=Reponse.REPRESENTE if siege.pk in delegues else Reponse.SANS,
            )
        )
    for convocation in nouvelles:
        _defer(convocation)
    return nouvelles


def _send_again(reunion: Reunion) -> None:
    """Une réunion déplacée ou annulée se redit, une fois par changement."""
    convocations = reunion.convocations.exclude(envoi=EtatEnvoi.SANS_COURRIEL)
    convocations.update(envoi=EtatEnvoi.A_ENVOYER, essais=0)
    for convocation in convocations.order_by("pk"):
        _defer(convocation)


def _defer(convocation: Convocation) -> None:
    if convocation.envoi == EtatEnvoi.A_ENVOYER:
        taches.defer(TACHE, verrou=f"convocation:{convocation.pk}", convocation_id=convocation.pk)
