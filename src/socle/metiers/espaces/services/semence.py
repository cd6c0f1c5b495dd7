"""Ce que sèment les espaces : les livrables des sources ; au bac à sable, un retour et un groupe.

Rejouable : ce qui existe n’est ni refait ni changé.
"""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import find_compte
from socle.fondations.documents.services import store_bytes
from socle.fondations.journal.services import record
from socle.metiers.espaces.enums import AccesGroupe, EtatRetour, GenreSujet, RoleGroupe
from socle.metiers.espaces.models import (
    GroupeDeTravail,
    Livrable,
    MembreDeGroupe,
    RetourDExperience,
)
from socle.metiers.espaces.queries.mots import build_mots
from socle.metiers.espaces.services import boite, travaux
from socle.metiers.espaces.services.autorite import identify_autorite
from socle.metiers.espaces.services.groupes import create_groupe

FICHIER = Path(__file__).resolve().parents[1] / "donnees" / "boite.toml"
ACTEUR = "systeme"
ANIMATRICE, MEMBRE = "claire.delmas@programme.example", "thomas.roussel@ministere.example"
NOTE = "Titre;Qui;Pour quand\nRelire la note;Chaque collectivité;Prochain atelier\n"
TYPE_NOTE = "text/csv"


def seed(maintenant: datetime) -> str:
    """Sème ce qui manque ; rend une phrase."""
    with FICHIER.open("rb") as fichier:
        lus = tomllib.load(fichier)
    livrables = sum(_seed_livrable(dict(fiche), maintenant) for fiche in lus["livrable"])
    retours = groupes = 0
    if settings.BAC_A_SABLE:
        retours = sum(_seed_retour(dict(fiche), maintenant) for fiche in lus["retour"])
        groupes = _seed_groupe(maintenant)
        _seed_usages(maintenant)
        _seed_brouillon(lus["brouillon"], maintenant)
    return (
        f"Espaces : {livrables} livrables des sources, {retours} retour d’exemple,"
        f" {groupes} groupe ajoutés."
    )


def _seed_livrable(fiche: dict[str, Any], maintenant: datetime) -> bool:
    lien = fiche.pop("lien", "")
    if Livrable.objects.filter(slug=fiche["slug"]).exists():
        return False
    livrable = boite.create_livrable(acteur=ACTEUR, maintenant=maintenant, **fiche)
    if lien:
        boite.add_version(
            livrable=livrable, lien=lien, nom="En ligne", acteur=ACTEUR, maintenant=maintenant
        )
    boite.publish_livrable(livrable=livrable, acteur=ACTEUR, maintenant=maintenant)
    return True


def _seed_retour(fiche: dict[str, Any], maintenant: datetime) -> bool:
    """Un exemple, dit fictif sur sa page : il montre le modèle."""
    mots = build_mots(*(str(fiche[nom]) for nom in ("titre", "contexte", "besoin", "realise")))
    retour, neuf = RetourDExperience.objects.get_or_create(
        slug=fiche["slug"],
        defaults=fiche
        | {
            "autorite": "exemple",
            "etat": EtatRetour.PUBLIE,
            "publie_le": maintenant,
            "propose_par": ACTEUR,
            "fictif": True,
            "mots": mots,
        },
    )
    if neuf:
        record(
            action="retour.publie", objet=retour.cle, acteur=ACTEUR, collectivite_id=None,
            maintenant=maintenant,
        )  # fmt: skip
    return neuf


def _seed_groupe(maintenant: datetime) -> int:
    """Un groupe où tout se voit : nouvelle, question répondue, document, tâche."""
    animatrice = find_compte(GenreCompte.AGENT, ANIMATRICE)
    if animatrice is None or GroupeDeTravail.objects.filter(slug="dites-le-nous-une-fois").exists():
        return 0
    groupe = create_groupe(
        slug="dites-le-nous-une-fois", compte=animatrice, organisation="Équipe du programme",
        maintenant=maintenant, nom="Dites-le-nous une fois",
        but="Aider les collectivités à ne plus demander ce que l’administration sait déjà.",
        acces=AccesGroupe.PUBLIC, liens=["action:2018-2020-3-1"],
    )  # fmt: skip
    membre = MembreDeGroupe.objects.select_related("groupe", "compte").get(groupe=groupe)
    autre = _add_second(groupe, maintenant) or membre
    nouvelle = "L’atelier du mois regarde trois démarches de près. Venez avec un formulaire."
    travaux.write_sujet(
        membre=membre, genre=GenreSujet.NOUVELLE, titre="Prochain atelier", texte=nouvelle,
        maintenant=maintenant,
    )  # fmt: skip
    question = travaux.write_sujet(
        membre=autre, genre=GenreSujet.QUESTION, titre="Faut-il une délibération ?",
        texte="Pour demander le quotient à l’administration, le conseil doit-il délibérer ?",
        maintenant=maintenant,
    )  # fmt: skip
    reponse = travaux.write_commentaire(
        membre=membre, sujet=question, maintenant=maintenant,
        texte="Voyez avec votre délégué à la protection des données : l’habilitation dit le texte"
        " qui vous fonde. C’est lui qui compte. (Réponse d’exemple.)",
    )  # fmt: skip
    travaux.choose_reponse(
        membre=membre, sujet=question, commentaire=reponse, maintenant=maintenant
    )
    _seed_document(membre, maintenant)
    travaux.create_tache(
        membre=membre, titre="Relire la note de synthèse", responsable=autre,
        echeance=(maintenant + timedelta(days=30)).date(), maintenant=maintenant,
    )  # fmt: skip
    return 1


def _add_second(groupe: GroupeDeTravail, maintenant: datetime) -> MembreDeGroupe | None:
    compte: Compte | None = find_compte(GenreCompte.AGENT, MEMBRE)
    if compte is None:
        return None
    return MembreDeGroupe.objects.create(
        groupe=groupe, compte=compte, organisation="État", role=RoleGroupe.MEMBRE,
        entre_le=maintenant,
    )  # fmt: skip


def _seed_document(membre: MembreDeGroupe, maintenant: datetime) -> None:
    sujet = travaux.write_sujet(
        membre=membre, genre=GenreSujet.DOCUMENT, titre="Suites de l’atelier",
        texte="Qui fait quoi, après l’atelier.", maintenant=maintenant,
    )  # fmt: skip
    programme = get_programme()
    with locataire(programme.pk):
        document = store_bytes(
            collectivite=programme, contenu=NOTE.encode(), nom="suites.csv",
            objet=membre.groupe.cle, type_mime=TYPE_NOTE, maintenant=maintenant,
        )  # fmt: skip
    travaux.add_version(
        membre=membre, sujet=sujet, document=document, note="", maintenant=maintenant
    )


def _seed_brouillon(fiche: dict[str, Any], maintenant: datetime) -> None:
    """Un retour commencé par la commune de la démonstration, si elle n’en a aucun."""
    clamart = Collectivite.objects.filter(siren="219200235").first()
    if clamart is None or RetourDExperience.objects.filter(slug=fiche["slug"]).exists():
        return
    cle, nom = identify_autorite(clamart)
    with locataire(clamart.pk):
        retour = RetourDExperience.objects.create(
            autorite=cle, nom_autorite=nom, propose_par=ACTEUR, fictif=True, **fiche
        )
        record(
            action="retour.cree", objet=retour.cle, acteur=ACTEUR, collectivite_id=clamart.pk,
            maintenant=maintenant,
        )  # fmt: skip


def _seed_usages(maintenant: datetime) -> None:
    """La commune de la démonstration dit se servir de la note ; si rien n’est encore dit."""
    note = Livrable.objects.filter(slug="note-dites-le-nous-une-fois").first()
    clamart = Collectivite.objects.filter(siren="219200235").first()
    if note and clamart and not note.usages.exists():
        with locataire(clamart.pk):
            boite.set_usage(
                livrable=note, collectivite=clamart, utilise=True, acteur=ACTEUR,
                maintenant=maintenant,
            )  # fmt: skip
