"""La vie d’une décision : proposer, figer, amender, retirer, prolonger."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Max

from socle.fondations.commun.verrou import check_empreinte
from socle.metiers.gouvernance.enums import EtatDecision, NatureEffet, Pouvoir
from socle.metiers.gouvernance.errors import (
    DecisionFermee,
    FicheModifieeAilleurs,
    SaisieRefusee,
    TexteFige,
)
from socle.metiers.gouvernance.models import (
    Decision,
    Effet,
    FeuilleDeRoute,
    Instance,
    Reunion,
    VersionDeDecision,
)
from socle.metiers.gouvernance.permissions import check_pouvoir
from socle.metiers.gouvernance.queries.editions import describe_proposition, describe_version
from socle.metiers.gouvernance.services.application import observe_effets
from socle.metiers.gouvernance.services.effets import follow_decision
from socle.metiers.gouvernance.services.trace import record_action

VERROU_NUMERO = 0x44656369  # « Deci » : un numéro à la fois
TEXTE_MAX = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EffetPropose:
    """Ce que la décision changera : « action:2018-2020-2-4 » passe en cours."""

    nature: NatureEffet
    texte: str
    cle: str = ""
    valeur: str = ""
    date_visee: date | None = None


@transaction.atomic
def propose_decision(
    *,
    instance: Instance,
    titre: str,
    texte: str,
    acteur: str,
    maintenant: datetime,
    proposee_par: Instance | None = None,
    preparee_par: Instance | None = None,
    reunion: Reunion | None = None,
    feuille: FeuilleDeRoute | None = None,
    effets: Sequence[EffetPropose] = (),
    liens: Sequence[str] = (),
    demonstration: bool = False,
) -> Decision:
    """Propose une décision à une instance qui décide ; rien n’est public avant d’être figé.

    Args:
        proposee_par: instance de travail ; None quand l’équipe du programme propose.
        preparee_par: instance qui a préparé le sujet (groupe de travail).

    Raises:
        PouvoirRefuse: une instance n’a pas le pouvoir qu’on lui prête.
    """
    check_pouvoir(instance, Pouvoir.VALIDER_FEUILLE if feuille else Pouvoir.DECIDER)
    if proposee_par is not None:
        check_pouvoir(proposee_par, Pouvoir.PROPOSER)
    if preparee_par is not None:
        check_pouvoir(preparee_par, Pouvoir.PREPARER)
    _check_reunion(instance, reunion)
    decision = Decision.objects.create(
        numero=_take_numero(),
        instance=instance,
        proposee_par=proposee_par,
        preparee_par=preparee_par,
        reunion=reunion,
        feuille=feuille,
        titre=titre.strip(),
        proposee_le=maintenant,
        liens=list(liens),
        demonstration=demonstration,
    )
    VersionDeDecision.objects.create(decision=decision, rang=1, texte=_clean_texte(texte))
    _write_effets(decision, effets)
    record_action(
        action="decision.proposee",
        objet=decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={
            "instance": instance.slug,
            "proposee_par": proposee_par.slug if proposee_par else "",
            "preparee_par": preparee_par.slug if preparee_par else "",
        },
    )
    return decision


@transaction.atomic
def edit_proposition(
    *,
    decision: Decision,
    titre: str,
    texte: str,
    acteur: str,
    maintenant: datetime,
    reunion: Reunion | None = None,
    effets: Sequence[EffetPropose] | None = None,
    liens: Sequence[str] | None = None,
    empreinte: str | None = None,
) -> Decision:
    """Change une proposition pas encore figée. `effets` et `liens` à None ne changent pas.

    Args:
        empreinte: celle de `describe_proposition` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs, TexteFige, DecisionFermee.
    """
    decision = lock_decision(decision.numero)
    check_ouverte(decision)
    if decision.etat != EtatDecision.PROPOSEE:
        raise TexteFige
    check_empreinte(describe_proposition(decision), empreinte, FicheModifieeAilleurs)
    _check_reunion(decision.instance, reunion)
    decision.titre, decision.reunion = titre.strip(), reunion
    if liens is not None:
        decision.liens = list(liens)
    decision.save(update_fields=["titre", "reunion", "liens", "modifie_le"])
    VersionDeDecision.objects.filter(decision=decision, rang=1).update(texte=_clean_texte(texte))
    if effets is not None:
        decision.effets.all().delete()
        _write_effets(decision, effets)
    record_action(
        action="decision.modifiee", objet=decision.cle, acteur=acteur, maintenant=maintenant
    )
    return decision


@transaction.atomic
def freeze_decision(
    *, decision: Decision, acteur: str, maintenant: datetime, cloture_le: datetime | None = None
) -> Decision:
    """Fige le texte et ouvre le vote : la décision devient publique.

    Args:
        cloture_le: fin du vote en ligne ; None si la décision se prend en séance.

    Raises:
        TexteFige, DecisionFermee, SaisieRefusee (clôture passée, ni réunion ni clôture).
    """
    decision = lock_decision(decision.numero)
    check_ouverte(decision)
    if decision.etat != EtatDecision.PROPOSEE:
        raise TexteFige
    if cloture_le is None and decision.reunion_id is None:
        raise SaisieRefusee(
            "Dites jusqu’à quand le vote est ouvert, ou dans quelle réunion il a lieu."
        )
    _check_cloture(cloture_le, maintenant)
    version = get_version(decision)
    _freeze(version, maintenant)
    decision.etat, decision.cloture_le = EtatDecision.EN_VALIDATION, cloture_le
    decision.save(update_fields=["etat", "cloture_le", "modifie_le"])
    record_action(
        action="decision.figee",
        objet=decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={
            "version": version.rang,
            "sha256": version.empreinte,
            "cloture": cloture_le.isoformat() if cloture_le else "",
        },
    )
    return decision


@transaction.atomic
def amend_decision(
    *,
    decision: Decision,
    texte: str,
    motif: str,
    acteur: str,
    maintenant: datetime,
    cloture_le: datetime | None = None,
    empreinte: str | None = None,
) -> VersionDeDecision:
    """Remplace le texte soumis : nouvelle version, nouvelle empreinte, tout se revote.

    Les votes et les validations de la version d’avant restent lisibles, et ne comptent plus.

    Args:
        empreinte: celle de `describe_version` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: un autre amendement est soumis depuis.
        DecisionFermee, SaisieRefusee (pas de motif, même texte, pas encore figée).
    """
    decision = lock_decision(decision.numero)
    check_ouverte(decision)
    if decision.etat == EtatDecision.PROPOSEE:
        raise SaisieRefusee("Cette proposition n’est pas figée : modifiez-la directement.")
    ancienne, propre = get_version(decision), _clean_texte(texte)
    check_empreinte(describe_version(ancienne), empreinte, FicheModifieeAilleurs)
    if not motif.strip():
        raise SaisieRefusee("Dites pourquoi le texte change : le motif est public.")
    if propre == ancienne.texte:
        raise SaisieRefusee("Le texte est le même : il n’y a rien à amender.")
    _check_cloture(cloture_le, maintenant)
    version = VersionDeDecision(
        decision=decision, rang=ancienne.rang + 1, texte=propre, motif=motif.strip()
    )
    _freeze(version, maintenant)
    decision.rang, decision.etat = version.rang, EtatDecision.EN_VALIDATION
    decision.cloture_le = cloture_le or decision.cloture_le
    if decision.cloture_le and decision.cloture_le <= maintenant:
        raise SaisieRefusee("Le vote est clos : donnez une nouvelle date de clôture.")
    decision.save(update_fields=["rang", "etat", "cloture_le", "modifie_le"])
    record_action(
        action="decision.amendee",
        objet=decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={
            "version": version.rang,
            "sha256": version.empreinte,
            "remplace": ancienne.empreinte,
        },
    )
    return version


@transaction.atomic
def withdraw_decision(
    *, decision: Decision, motif: str, acteur: str, maintenant: datetime
) -> Decision:
    """Retire une décision pas encore prise ; le motif est public.

    Raises:
        DecisionFermee, SaisieRefusee (pas de motif).
    """
    decision = lock_decision(decision.numero)
    check_ouverte(decision)
    if not motif.strip():
        raise SaisieRefusee("Dites pourquoi cette décision est retirée.")
    decision.etat, decision.motif = EtatDecision.RETIREE, motif.strip()
    decision.finie_le = maintenant
    decision.save(update_fields=["etat", "motif", "finie_le", "modifie_le"])
    record_action(
        action="decision.retiree", objet=decision.cle, acteur=acteur, maintenant=maintenant
    )
    follow_decision(decision, maintenant=maintenant)
    return decision


@transaction.atomic
def extend_vote(
    *, decision: Decision, cloture_le: datetime, motif: str, acteur: str, maintenant: datetime
) -> Decision:
    """Laisse plus de temps, même après un quorum manqué. Les voix déjà exprimées restent.

    Raises:
        DecisionFermee, SaisieRefusee.
    """
    decision = lock_decision(decision.numero)
    check_ouverte(decision)
    if decision.etat == EtatDecision.PROPOSEE:
        raise SaisieRefusee("Figez d’abord le texte.")
    if not motif.strip():
        raise SaisieRefusee("Dites pourquoi le vote est prolongé.")
    if decision.cloture_le and cloture_le <= decision.cloture_le:
        raise SaisieRefusee("La nouvelle clôture vient après l’ancienne.")
    _check_cloture(cloture_le, maintenant)
    decision.etat, decision.cloture_le = EtatDecision.EN_VALIDATION, cloture_le
    decision.motif = motif.strip()
    decision.save(update_fields=["etat", "cloture_le", "motif", "modifie_le"])
    record_action(
        action="decision.vote_prolonge",
        objet=decision.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"cloture": cloture_le.isoformat()},
    )
    return decision


def lock_decision(numero: int) -> Decision:
    """Verrouille une décision : ses gestes passent l’un après l’autre."""
    decisions = Decision.objects.select_related("instance", "feuille")
    return decisions.select_for_update(of=["self"]).get(numero=numero)


def check_ouverte(decision: Decision) -> None:
    if decision.is_finie:
        raise DecisionFermee


def get_version(decision: Decision) -> VersionDeDecision:
    """Version courante, sa décision attachée."""
    version = VersionDeDecision.objects.get(decision=decision, rang=decision.rang)
    version.decision = decision
    return version


def build_texte_fige(version: VersionDeDecision) -> bytes:
    """Le texte exact dont on prend l’empreinte : numéro, objet, texte, suites. UTF-8.

    C’est aussi le fichier que la page publique donne, et que joint le dossier de preuve.
    """
    decision = version.decision
    suites = [
        " ".join(
            morceau
            for morceau in (
                f"- {effet.texte}",
                f"[{effet.cle}]" if effet.cle else "",
                f"({effet.valeur})" if effet.valeur else "",
                f"({effet.date_visee.isoformat()})" if effet.date_visee else "",
            )
            if morceau
        )
        for effet in decision.effets.order_by("pk")
    ]
    lignes = [
        f"Décision n° {decision.numero}, version {version.rang}",
        f"Instance : {decision.instance.nom}",
        f"Objet : {decision.titre}",
        "",
        version.texte,
        *(["", "Suites :", *suites] if suites else []),
    ]
    return ("\n".join(lignes) + "\n").encode()


def _freeze(version: VersionDeDecision, maintenant: datetime) -> None:
    version.empreinte = sha256(build_texte_fige(version)).hexdigest()
    version.figee_le = maintenant
    version.save()
    observe_effets(version.decision)


def _clean_texte(texte: str) -> str:
    propre = texte.replace("\r\n", "\n").strip()
    if not propre:
        raise SaisieRefusee("Écrivez le texte de la décision.")
    if len(propre) > TEXTE_MAX or "\x00" in propre:
        raise SaisieRefusee(f"Le texte dépasse {TEXTE_MAX} signes : joignez un document par lien.")
    return propre


def _check_cloture(cloture_le: datetime | None, maintenant: datetime) -> None:
    if cloture_le is not None and cloture_le <= maintenant:
        raise SaisieRefusee("La clôture du vote est dans le passé.")


def _check_reunion(instance: Instance, reunion: Reunion | None) -> None:
    if reunion is not None and reunion.instance_id != instance.pk:
        raise SaisieRefusee("Cette réunion n’est pas celle de l’instance qui décide.")


def _write_effets(decision: Decision, effets: Sequence[EffetPropose]) -> None:
    Effet.objects.bulk_create(Effet(decision=decision, **asdict(effet)) for effet in effets)


def _take_numero() -> int:
    """Numéros qui se suivent, sans trou ni doublon : un verrou jusqu’à la fin de la transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU_NUMERO])
    return (Decision.objects.aggregate(dernier=Max("numero"))["dernier"] or 0) + 1
