"""De quoi essayer les consultations : une campagne, une réponse, des dates fixes."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.permissions import Titre
from socle.metiers.consultations.services import campagnes, reponses
from tests.metiers.consultations.fabrique_evaluation import create_objets_evaluation

T0 = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
OUVRE = T0 + timedelta(days=1)
FERME = T0 + timedelta(days=30)
PENDANT = OUVRE + timedelta(days=2)
APRES = FERME + timedelta(days=1)
FORMULAIRE = {
    "pages": [
        {
            "id": "vous",
            "titre": "Vous",
            "champs": [
                {"type": "oui_non", "id": "connait", "libelle": "Connaissez-vous le programme ?"},
                {"type": "nombre_entier", "id": "agents", "libelle": "Combien d’agents ?",
                 "obligatoire": False, "minimum": 0},
                {"type": "choix_simple", "id": "frein", "libelle": "Quel frein ?",
                 "options": ["Temps", "Argent", "Savoir"], "obligatoire": False},
            ],
        },
        {
            "id": "avis",
            "titre": "Votre avis",
            "champs": [
                {"type": "texte_long", "id": "mot", "libelle": "Un mot ?", "obligatoire": False},
                {"type": "piece_justificative", "id": "piece", "libelle": "Un fichier ?",
                 "obligatoire": False, "formats": ["pdf", "texte"]},
            ],
        },
    ]
}  # fmt: skip
FICHE = {
    "chapo": "Pour décider de la suite.", "contact": "equipe@exemple.fr",
    "finalite": "Décider.", "lecteurs": "L’équipe", "definition": FORMULAIRE,
    "ouvre_le": OUVRE, "ferme_le": FERME,
}  # fmt: skip


def create_campagne(slug="essai", genre="questionnaire", maintenant=T0, **fiche) -> Campagne:
    """Un brouillon prêt à être publié."""
    return campagnes.create_campagne(
        slug=slug, genre=genre, titre="Vos usages", acteur="agent:1", maintenant=maintenant,
        **(FICHE | fiche),
    )  # fmt: skip


def publish(campagne: Campagne, maintenant=T0) -> Campagne:
    return campagnes.publish_campagne(
        campagne=campagne, revision=campagne.revision, acteur="agent:1", maintenant=maintenant
    )


def create_ouverte(slug="ouverte", **fiche) -> Campagne:
    """Une campagne ouverte à l’heure vraie, pour les essais de pages."""
    maintenant = timezone.now()
    debut, fin = maintenant - timedelta(days=2), maintenant + timedelta(days=30)
    campagne = create_campagne(slug, ouvre_le=debut, ferme_le=fin, **fiche)
    return publish(campagne, debut - timedelta(days=1))


def start(campagne: Campagne, compte, maintenant=PENDANT, valeurs=None) -> Reponse:
    """Une réponse commencée, en son nom."""
    reponse = reponses.start_reponse(
        campagne=campagne, compte=compte, titre=Titre(f"compte:{compte.pk}", "Vous"),
        maintenant=maintenant,
    )  # fmt: skip
    if valeurs is None:
        valeurs = {"connait": True, "mot": "Merci."}
    return reponses.save_reponses(
        reponse=reponse, reponses=valeurs, revision=reponse.revision, maintenant=maintenant
    )


def file(reponse: Reponse, maintenant=PENDANT) -> Reponse:
    return reponses.file_reponse(reponse=reponse, acteur="agent:1", maintenant=maintenant)


def create_objets() -> dict[str, str]:
    """Un objet de chaque sorte, pour les adresses de l’équipe."""
    campagne = create_ouverte("objet-consultation", genre="aap", budget=1000)
    reponse = Reponse.objects.create(
        campagne=campagne, repondant="exemple:1", reponses={"connait": True}
    )
    file(reponse, timezone.now())
    return {
        "consultations/slug": campagne.slug,
        "reponses/cle": str(reponse.cle),
        "page/page_id": "avis",
        "questions/champ_id": "connait",
        **create_objets_evaluation(campagne, reponse),
    }
