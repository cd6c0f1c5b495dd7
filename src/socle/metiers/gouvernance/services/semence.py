"""Sème la gouvernance de la démonstration : instances des sources, exemples fictifs datés d’ici.

Rejouable : une instance qui existe n’est pas touchée, et les exemples ne se sèment qu’une fois.
"""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    College,
    EtatEnvoi,
    NatureEffet,
    NatureInstance,
    Presence,
    RegleDeVote,
    Reponse,
    Sens,
)
from socle.metiers.gouvernance.models import Decision, FeuilleDeRoute, Instance, Reunion, Siege
from socle.metiers.gouvernance.queries.feuilles import compare_lignes
from socle.metiers.gouvernance.queries.sieges import find_agent
from socle.metiers.gouvernance.services import (
    application,
    ateliers,
    decisions,
    evaluations,
    feuilles,
    instances,
    points,
    rapports,
    reunions,
    votes,
)

DONNEES = Path(__file__).resolve().parent.parent / "donnees"
ACTEUR = "systeme"
SECRETAIRE = "claire.delmas@programme.example"
JOUR = timedelta(days=1)


def seed(maintenant: datetime) -> str:
    """Sème, et rend une phrase."""
    fiches = tomllib.loads((DONNEES / "instances.toml").read_text())["instance"]
    for fiche in fiches:
        _seed_instance(dict(fiche), maintenant)
    neuf = not Decision.objects.filter(demonstration=True).exists()
    if neuf and _has_membres():
        _seed_exemples(maintenant)
    return (
        f"Gouvernance : {len(fiches)} instances, {Decision.objects.count()} décisions,"
        f" {Reunion.objects.count()} réunions"
    )


def _seed_instance(fiche: dict[str, Any], maintenant: datetime) -> None:
    sieges = fiche.pop("siege", [])
    if Instance.objects.filter(slug=fiche["slug"]).exists():
        return
    fiche |= {
        "nature": NatureInstance(fiche["nature"]),
        "regle": RegleDeVote(fiche.get("regle", RegleDeVote.MAJORITE)),
        "mandat": fiche["mandat"].strip(),
    }
    debut = maintenant - 330 * JOUR
    instance = instances.create_instance(acteur=ACTEUR, maintenant=debut, **fiche)
    for siege in sieges:
        instances.create_siege(
            instance=instance,
            college=College(siege["college"]),
            organisation=siege["organisation"],
            titulaire=find_agent(siege["titulaire"]) if "titulaire" in siege else None,
            du=timezone.localdate(debut),
            acteur=ACTEUR,
            maintenant=debut,
        )


def _has_membres() -> bool:
    """Les exemples demandent les personnes fictives de la démonstration, dans les deux collèges."""
    sieges = Siege.objects.pourvus().filter(instance__slug="cos")
    colleges = set(sieges.order_by("pk").values_list("college", flat=True))
    return {College.ETAT.value, College.COLLECTIVITES.value} <= colleges


def _seed_exemples(maintenant: datetime) -> None:
    cos, inp, gt = (Instance.objects.get(slug=slug) for slug in ("cos", "inp", "gt-dln1f"))
    _seed_feuilles(cos, maintenant)
    seance = _seed_seance(cos, maintenant)
    _seed_prise(cos, inp, seance, maintenant)
    _seed_en_attente(cos, inp, gt, maintenant)
    _seed_a_venir(inp, gt, maintenant)
    _seed_evaluation(maintenant)
    mois = timezone.localdate(maintenant).replace(day=1) - JOUR
    rapports.make_rapport(mois=mois, maintenant=maintenant)


def _vote(decision: Decision, college: College, quand: datetime) -> Decision:
    """Tous les sièges pourvus d’un collège votent pour."""
    sieges = Siege.objects.pourvus().filter(instance=decision.instance, college=college)
    for siege in sieges.select_related("titulaire").order_by("pk"):
        decision = decisions.lock_decision(decision.numero)
        version = decisions.get_version(decision)
        if version.validations.filter(college=college).exists():
            break
        decision = votes.cast_vote(
            decision=decision,
            siege=siege,
            compte=siege.titulaire,  # type: ignore[arg-type]
            sens=Sens.POUR,
            empreinte=version.empreinte,
            maintenant=quand,
        )
    return decision


def _read_semestre(jour: date) -> str:
    return f"{jour.year}-{1 if jour.month <= 6 else 2}"


def _seed_feuilles(cos: Instance, maintenant: datetime) -> None:
    """La feuille du semestre, figée puis validée ; la suivante, avec deux changements expliqués."""
    lue = tomllib.loads((DONNEES / "feuilles.toml").read_text())
    jour = timezone.localdate(maintenant)
    avant = maintenant - 100 * JOUR
    semestre = _read_semestre(jour)
    feuille = feuilles.open_feuille(
        semestre=semestre,
        introduction=lue["premiere"]["introduction"],
        acteur=ACTEUR,
        maintenant=avant,
        demonstration=True,
    )
    decalage = 0 if semestre.endswith("2") else -6
    for ligne in lue["premiere"]["ligne"]:
        feuilles.save_ligne(
            feuille=feuille,
            axe=ligne["axe"],
            titre=ligne["titre"],
            objectif=ligne["objectif"],
            date_prevue=date(jour.year, ligne["mois"] + decalage, min(ligne["jour"], 28)),
            responsable=ligne["responsable"],
            liens=ligne["liens"],
            acteur=ACTEUR,
            maintenant=avant,
        )
    decision = feuilles.freeze_feuille(
        feuille=feuille, instance=cos, acteur=ACTEUR, maintenant=avant
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=ACTEUR, maintenant=avant, cloture_le=avant + 15 * JOUR
    )
    decision = _vote(decision, College.COLLECTIVITES, avant + 4 * JOUR)
    _vote(decision, College.ETAT, avant + 7 * JOUR)
    _seed_suivante(feuille, lue, maintenant)


def _seed_suivante(feuille: FeuilleDeRoute, lue: dict[str, Any], maintenant: datetime) -> None:
    annee, moitie = feuille.semestre.split("-")
    semestre = f"{int(annee) + 1}-1" if moitie == "2" else f"{annee}-2"
    suivante = feuilles.open_feuille(
        semestre=semestre, acteur=ACTEUR, maintenant=maintenant - 5 * JOUR, demonstration=True
    )
    titres = {ligne["cle"]: ligne["titre"] for ligne in lue["premiere"]["ligne"]}
    lignes = {compare.ligne.titre: compare.ligne for compare in compare_lignes(suivante)}
    reportee = lignes[titres[lue["changement_date"]["ligne"]]]
    prevue = (reportee.date_prevue or timezone.localdate(maintenant)) + timedelta(
        days=30 * lue["changement_date"]["mois_de_plus"]
    )
    feuilles.save_ligne(
        feuille=suivante,
        ligne=reportee,
        axe=reportee.axe,
        titre=reportee.titre,
        objectif=reportee.objectif,
        date_prevue=prevue,
        responsable=reportee.responsable,
        liens=reportee.liens,
        motif=lue["changement_date"]["motif"],
        acteur=ACTEUR,
        maintenant=maintenant - 5 * JOUR,
    )
    feuilles.remove_ligne(
        ligne=lignes[titres[lue["changement_retrait"]["ligne"]]],
        motif=lue["changement_retrait"]["motif"],
        acteur=ACTEUR,
        maintenant=maintenant - 5 * JOUR,
    )


def _seed_seance(cos: Instance, maintenant: datetime) -> Reunion:
    """Une réunion du COS le mois dernier : convoquée, tenue, son relevé publié."""
    premier = maintenant - (timezone.localdate(maintenant).day - 1) * JOUR
    debut = (premier - 24 * JOUR).replace(hour=13, minute=0, second=0, microsecond=0)
    reunion = reunions.create_reunion(
        instance=cos,
        titre="Commission d’orientation stratégique d’automne (exemple)",
        debut=debut,
        fin=debut + timedelta(hours=2),
        lieu="Paris, et en visioconférence",
        acteur=ACTEUR,
        maintenant=debut - 20 * JOUR,
        demonstration=True,
        liens=["action:2018-2020-2-1"],
    )
    for titre, minutes in (("Bilan du semestre", 40), ("Rapport du mois : le publier", 30)):
        points.save_point(
            reunion=reunion,
            titre=titre,
            minutes=minutes,
            acteur=ACTEUR,
            maintenant=debut - 20 * JOUR,
        )
    reunions.convene(reunion=reunion, acteur=ACTEUR, maintenant=debut - 18 * JOUR)
    reunion.convocations.update(envoi=EtatEnvoi.ENVOYEE, envoyee_le=debut - 18 * JOUR)
    for convocation in reunion.convocations.select_related("compte").order_by("pk"):
        reunions.answer_convocation(
            convocation=convocation,
            compte=convocation.compte,
            reponse=Reponse.PRESENT,
            maintenant=debut - 10 * JOUR,
        )
    presences = {c.pk: Presence.PRESENT for c in reunion.convocations.order_by("pk")}
    fin = debut + timedelta(hours=3)
    reunions.record_presences(reunion=reunion, presences=presences, acteur=ACTEUR, maintenant=fin)
    reunions.publish_releve(
        reunion=reunion,
        compte_rendu="Exemple fictif. Les deux collèges souhaitent que le rapport paraisse sans"
        " attendre une relecture : ses chiffres sont mesurés, et chacun peut les vérifier.",
        releve="1. Le bilan du semestre est partagé.\n2. La publication du rapport du mois est"
        " soumise aux deux collèges, en ligne.",
        acteur=ACTEUR,
        maintenant=fin + JOUR,
    )
    return reunion


def _seed_prise(cos: Instance, inp: Instance, seance: Reunion, maintenant: datetime) -> None:
    """Une décision prise : proposée par l’INP, validée par chaque collège à sa date."""
    debut = seance.fin + 2 * JOUR
    premier = (timezone.localdate(maintenant).replace(day=1) + 32 * JOUR).replace(day=1)
    decision = decisions.propose_decision(
        instance=cos,
        proposee_par=inp,
        reunion=seance,
        titre="Publier le rapport chaque mois, sans relecture préalable",
        texte="Le rapport du programme est fait et publié le premier de chaque mois, à partir des"
        " données de l’installation.\n\nIl n’est pas relu avant. Une erreur se corrige dans le"
        " rapport suivant, qui le dit.",
        effets=[
            decisions.EffetPropose(
                nature=NatureEffet.DATE,
                cle="action:2018-2020-2-1",
                date_visee=premier,
                texte="Premier rapport publié sans relecture (exemple)",
            )
        ],
        liens=["action:2018-2020-2-1", "recommandation:2018-2020-2-2"],
        acteur=ACTEUR,
        maintenant=debut,
        demonstration=True,
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=ACTEUR, maintenant=debut, cloture_le=debut + 20 * JOUR
    )
    decision = _vote(decision, College.COLLECTIVITES, debut + 8 * JOUR)
    prise = _vote(decision, College.ETAT, debut + 10 * JOUR)
    for effet in prise.effets.order_by("pk"):
        application.run_effet(
            pk=effet.pk, acteur=ACTEUR, nom="Socle, d’office", maintenant=debut + 10 * JOUR
        )


def _seed_en_attente(cos: Instance, inp: Instance, gt: Instance, maintenant: datetime) -> None:
    """Une décision que le collège des collectivités a validée ; celui de l’État n’a pas voté."""
    debut = maintenant - 4 * JOUR
    decision = decisions.propose_decision(
        instance=cos,
        proposee_par=inp,
        preparee_par=gt,
        titre="Ne plus demander l’avis d’imposition pour le quotient familial",
        texte="Dans les démarches des services en ligne partagés, le quotient familial se calcule"
        " à partir de la donnée donnée par l’administration, avec l’accord de la personne.\n\n"
        "La pièce reste possible pour qui préfère la joindre.",
        effets=[
            decisions.EffetPropose(
                nature=NatureEffet.DATE,
                cle="action:2018-2020-3-1",
                date_visee=timezone.localdate(maintenant) + 180 * JOUR,
                texte="Le quotient familial sans pièce dans les démarches communes (exemple)",
            )
        ],
        liens=["action:2018-2020-3-1"],
        acteur=ACTEUR,
        maintenant=debut,
        demonstration=True,
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=ACTEUR, maintenant=debut, cloture_le=maintenant + 21 * JOUR
    )
    _vote(decision, College.COLLECTIVITES, debut + 2 * JOUR)


def _seed_a_venir(inp: Instance, gt: Instance, maintenant: datetime) -> None:
    """Une INP convoquée, et un atelier du groupe de travail ouvert à tous."""
    debut = (maintenant + 19 * JOUR).replace(hour=9, minute=0, second=0, microsecond=0)
    reunion = reunions.create_reunion(
        instance=inp,
        titre="Instance nationale partenariale du mois (exemple)",
        debut=debut,
        fin=debut + timedelta(hours=2),
        visio="https://visio.exemple.fr/inp",
        acteur=ACTEUR,
        maintenant=maintenant - 3 * JOUR,
        demonstration=True,
    )
    points.save_point(
        reunion=reunion, titre="Préparer la prochaine feuille de route", minutes=60,
        acteur=ACTEUR, maintenant=maintenant - 3 * JOUR,
    )  # fmt: skip
    reunions.convene(reunion=reunion, acteur=ACTEUR, maintenant=maintenant - 2 * JOUR)
    debut = (maintenant + 12 * JOUR).replace(hour=13, minute=0, second=0, microsecond=0)
    atelier = reunions.create_reunion(
        instance=gt,
        titre="Atelier ouvert : le quotient familial sans pièce (exemple)",
        debut=debut,
        fin=debut + timedelta(minutes=90),
        visio="https://visio.exemple.fr/atelier",
        ouverte=True,
        places=60,
        acteur=ACTEUR,
        maintenant=maintenant - 3 * JOUR,
        demonstration=True,
        liens=["action:2018-2020-3-1"],
    )
    reunions.convene(reunion=atelier, acteur=ACTEUR, maintenant=maintenant - 2 * JOUR)
    secretaire: Compte | None = find_agent(SECRETAIRE)
    if secretaire is not None:
        ateliers.register(
            reunion=atelier,
            compte=secretaire,
            organisation="Équipe du programme",
            maintenant=maintenant - JOUR,
        )


def _seed_evaluation(maintenant: datetime) -> None:
    evaluation = evaluations.save_evaluation(
        action="action:2018-2020-2-5",
        titre="Visioconférence dans les instances (exemple)",
        objectifs="Faire participer à distance les partenaires éloignés.",
        resultats="Exemple fictif. Les membres de province prennent part à toutes les réunions.",
        a_garder="Un ordre du jour envoyé une semaine avant, avec ses documents.",
        a_changer="Prévoir dix minutes d’essai du son.",
        redigee_par="Équipe du programme",
        demonstration=True,
        acteur=ACTEUR,
        maintenant=maintenant - 12 * JOUR,
    )
    evaluations.publish_evaluation(
        evaluation=evaluation, acteur=ACTEUR, maintenant=maintenant - 12 * JOUR
    )
