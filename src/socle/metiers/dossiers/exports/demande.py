"""La demande telle qu’elle a été décidée, lisible par une personne (PDF/A-3a et PDF/UA-1)."""

from socle.fondations.commun.lettre import (
    Bloc,
    build_images,
    champs,
    describe_lettre,
    encadre,
    paragraphe,
    tableau,
    titre,
)
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import format_jour
from socle.metiers.demarches.models import Version
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import (
    get_formulaire,
    list_changements,
    list_evenements,
)
from socle.normes.delais.calculs import to_jour

OBJET = "Demande"


def build_demande(dossier: Dossier) -> bytes:
    """Rend les réponses du dossier, page par page, et l’histoire de leurs corrections.

    Pour les archives : l’accusé dit ce qui a été déposé, ce document ce qui a été décidé.
    """
    depot = to_jour(dossier.depose_instant)
    formulaire = get_formulaire(dossier.version_id)
    corps: list[Bloc] = [
        paragraphe(
            "Voici la demande telle que le service l’a lue pour décider, corrections comprises."
        ),
        encadre(
            [
                paragraphe(f"Référence : {dossier.reference}"),
                paragraphe(f"Déposée le : {format_jour(depot)}"),
                paragraphe(f"Reçue : {dossier.get_canal_display().lower()}"),
            ],
            titre="Le dossier",
        ),
    ]
    for page in formulaire.lines_resume(dossier.reponses, maintenant=dossier.depose_instant):
        reponses = [(ligne.libelle, ligne.texte) for ligne in page.lignes if ligne.texte]
        if reponses:
            corps += [titre(page.titre), champs(reponses)]
    donnees = describe_lettre(
        collectivite=dossier.collectivite,
        service=dossier.demarche.service,
        destinataire=[dossier.demandeur, dossier.courriel],
        objet=f"{OBJET} : {dossier.demarche.titre}",
        corps=[*corps, *_tell_version(dossier), *_list_corrections(dossier)],
        jour=to_jour(dossier.decide_le or dossier.depose_instant),
        reference=dossier.reference,
    )
    return compile_pdf(
        "lettre.typ",
        donnees,
        titre=f"{OBJET}, {dossier.reference}",
        auteur=dossier.collectivite.nom,
        maintenant=dossier.decide_le or dossier.depose_instant,
        images=build_images(dossier.collectivite.logo),
    )


def _tell_version(dossier: Dossier) -> list[Bloc]:
    """Dit avec quelle version du formulaire la demande fut déposée, si elle en a changé."""
    if dossier.version_deposee_id is None:
        return []
    versions = Version.objects.in_bulk([dossier.version_deposee_id, dossier.version_id])
    deposee, suivie = versions[dossier.version_deposee_id], versions[dossier.version_id]
    raisons = [
        paragraphe(f"Le {format_jour(to_jour(e.instant))}. {e.detail}")
        for e in list_evenements(dossier)
        if e.fait == Fait.VERSION_CHANGEE
    ]
    return [
        titre("Formulaire"),
        paragraphe(
            f"Déposée avec la version {deposee.numero} du formulaire ; instruite avec la version"
            f" {suivie.numero}. Les réponses du dépôt sont gardées à part."
        ),
        *raisons,
    ]


def _list_corrections(dossier: Dossier) -> list[Bloc]:
    """Ce qui a changé après le dépôt : avant, après, quand."""
    lignes = [
        [c.libelle, c.avant or "(vide)", c.apres or "(vide)", format_jour(to_jour(c.instant))]
        for c in list_changements(dossier)
    ]
    if not lignes:
        return []
    entetes = ["Question", "Au dépôt ou avant", "Après", "Le"]
    nom = "Changements" if dossier.version_deposee_id else "Corrections"
    return [titre(f"{nom} depuis le dépôt"), tableau(entetes, lignes[::-1])]
