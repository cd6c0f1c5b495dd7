"""Documents produits : accusé et décision (PDF/A-3a et PDF/UA-1)."""

from datetime import date, datetime
from typing import Any

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.lettre import (
    Bloc,
    Signataire,
    Texte,
    build_images,
    champs,
    describe_lettre,
    encadre,
    paragraphe,
    parse_texte,
    titre,
)
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import format_jour
from socle.metiers.demarches.enums import Silence
from socle.metiers.dossiers.enums import Canal, EtatDossier, Fait
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.agents import find_decideur
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.echeances import compute_silence_du_dossier
from socle.normes.delais.calculs import to_jour
from socle.normes.delais.echeances import compute_recours_apres_silence

CODE = "du code des relations entre le public et l’administration"
ACCUSES = {  # en ligne ?
    True: ("Accusé de réception électronique", f"l’article R. 112-11-1 {CODE}"),
    False: ("Accusé de réception", f"l’article R. 112-5 {CODE}"),
}
TELERECOURS = {"texte": "www.telerecours.fr", "lien": "https://www.telerecours.fr/"}
RECOURS: Texte = [
    "Si vous contestez cette décision, vous pouvez, dans les deux mois qui suivent sa"
    " notification, écrire à l’autorité qui l’a prise pour lui demander de la revoir (recours"
    " gracieux), ou saisir le tribunal administratif, par courrier ou sur ",
    TELERECOURS,
    " (code de justice administrative, art. R. 421-1 et R. 421-5). Un recours gracieux fait dans ce"
    " délai le prolonge : vous aurez encore deux mois pour saisir le tribunal après la réponse.",
]
COMPLETE = (
    "Cette date vaut si votre demande est complète. S’il manque une information ou une pièce, le"
    " service vous écrit, avec le délai pour la donner."
)
VOIES: list[str | dict[str, Any]] = [
    "Vous pouvez écrire au tribunal par courrier ou sur ",
    TELERECOURS,
    ". Vous pouvez aussi, pendant ces deux mois, demander au service de revoir ce rejet (recours"
    " gracieux) : ce recours prolonge le délai, vous aurez encore deux mois pour saisir le tribunal"
    " après la réponse (code des relations entre le public et l’administration, art. L. 411-2).",
]


def build_accuse(dossier: Dossier) -> bytes:
    """Rend l’accusé de réception, avec toutes les mentions dues ; « électronique » en ligne.

    Une demande saisie par un agent est datée du jour où il l’a reçue, l’accusé du jour où il est
    fait.

    Source: CRPA, art. R. 112-11-1 (en ligne) et R. 112-5 (sur papier, au guichet, par téléphone) :
    date de réception ; service, adresse et téléphone ; effet du silence et sa date ; attestation
    (L. 232-3) en cas d’acceptation, voies et délais de recours en cas de rejet.
    """
    jour = _jour(dossier.depose_le)
    # L’accusé peut tarder : il dit toujours ce qui a été déposé, pas ce qui a changé depuis.
    formulaire = get_formulaire(dossier.version_deposee_id or dossier.version_id)
    deposees = dossier.reponses if dossier.reponses_deposees is None else dossier.reponses_deposees
    pages = formulaire.lines_resume(deposees, maintenant=dossier.depose_instant)
    lignes = [ligne for page in pages for ligne in page.lignes]
    reponses = [(ligne.libelle, ligne.texte) for ligne in lignes if ligne.texte]
    recu = f"Votre demande « {dossier.demarche.titre} » nous est parvenue le {format_jour(jour)}"
    if dossier.canal == Canal.EN_LIGNE:
        recu += f" à {_heure(dossier.depose_le)}"
    corps = [
        paragraphe(f"{recu}. Gardez ce document : il prouve la date de votre demande."),
        encadre(
            [
                paragraphe(f"Numéro de dossier : {dossier.numero}"),
                paragraphe(f"Référence : {dossier.reference}"),
                paragraphe(f"Date de réception : {format_jour(jour)}"),
                paragraphe(f"Reçue : {dossier.get_canal_display().lower()}"),
            ],
            titre="Votre demande",
        ),
        titre("Quand aurez-vous une réponse ?"),
        *describe_silence(dossier),
        titre("Ce que vous avez déposé"),
        champs(reponses),
    ]
    titre_, article = ACCUSES[dossier.canal == Canal.EN_LIGNE]
    corps[1]["blocs"].append(paragraphe(f"Accusé fait selon {article}."))
    return _compile(dossier, titre_, corps, _find_jour_de_saisie(dossier))


def _find_jour_de_saisie(dossier: Dossier) -> date:
    """Rend le jour où la demande est entrée ici, peut-être après celui où elle a été reçue."""
    if dossier.saisi_par_id is None:
        return _jour(dossier.depose_le)
    instants = dossier.evenements.filter(fait=Fait.DEPOSE).order_by("instant")
    return _jour(instants.values_list("instant", flat=True).first() or dossier.depose_le)


def describe_silence(dossier: Dossier) -> list[Bloc]:
    """Dit ce que vaut l’absence de réponse, à quelle date, et ce que l’on peut faire alors."""
    effet = compute_silence_du_dossier(dossier.demarche, dossier.depose_le)
    if effet is None:
        return [paragraphe("Le service vous répondra. Cette démarche n’ouvre pas de délai légal.")]
    blocs = [paragraphe(f"{effet.explication} ({effet.article}.)"), paragraphe(COMPLETE)]
    if dossier.demarche.silence == Silence.REJET:
        recours = compute_recours_apres_silence(effet.date)
        blocs.append(paragraphe([f"{recours.explication} ({recours.article}.) ", *VOIES]))
    return blocs


def build_decision(dossier: Dossier) -> bytes:
    """Rend la décision : auteur (prénom, nom, qualité), fondement, motif, voies de recours.

    Source: CRPA, art. L. 211-2, L. 212-1 et L. 212-2 (dispense de signature en téléservice).
    """
    jour = _jour(dossier.decide_le)
    demarche = dossier.demarche
    intitules = {
        EtatDossier.ACCEPTE: ("Décision d’acceptation", "acceptons", demarche.decision_acceptation),
        EtatDossier.REFUSE: ("Décision de refus", "refusons", demarche.decision_refus),
        EtatDossier.SANS_SUITE: ("Classement sans suite", "classons sans suite", ""),
    }
    objet, verbe, texte = intitules[EtatDossier(dossier.etat)]
    depot = format_jour(_jour(dossier.depose_le))
    corps = [
        paragraphe(
            f"Nous {verbe} votre demande « {demarche.titre} », reçue le {depot}"
            f" sous la référence {dossier.reference}."
        ),
        *parse_texte(texte),
    ]
    if dossier.motif:
        corps += [titre("Motif"), *parse_texte(dossier.motif)]
    corps += [titre("Fondement"), *parse_texte(demarche.cadre_juridique)]
    mentions = [titre("Voies et délais de recours"), paragraphe(RECOURS)]
    return _compile(dossier, objet, corps, jour, mentions=mentions, signe=True)


def _compile(
    dossier: Dossier,
    objet: str,
    corps: list[Bloc],
    jour: date,
    *,
    mentions: list[Bloc] | None = None,
    signe: bool = False,
) -> bytes:
    agent = find_decideur(dossier) if signe else None
    signature = None
    if agent is not None:
        qualite = agent.qualite or "Agent instructeur"
        mention = dossier.demarche.describe_delegation(dossier.collectivite.genre)
        signature = Signataire(nom=agent.nom_affiche, qualite=qualite, mention=mention)
    donnees = describe_lettre(
        collectivite=dossier.collectivite,
        service=dossier.demarche.service,
        destinataire=[dossier.demandeur, dossier.courriel],
        objet=f"{objet} : {dossier.demarche.titre}",
        corps=corps,
        jour=jour,
        reference=dossier.reference,
        signature=signature,
        mentions=mentions or [],
    )
    return compile_pdf(
        "lettre.typ",
        donnees,
        titre=f"{objet}, {dossier.reference}",
        auteur=dossier.collectivite.nom,
        maintenant=dossier.decide_le or dossier.depose_instant,
        images=build_images(dossier.collectivite.logo),
    )


def _jour(instant: datetime | None) -> date:
    if instant is None:
        raise ValueError("Ce document demande une date que le dossier n’a pas.")
    return to_jour(instant)


def _heure(instant: datetime | None) -> str:
    if instant is None:
        return ""
    local = instant.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}"
