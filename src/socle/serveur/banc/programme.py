"""Le banc du programme commun : toutes ses pages publiques, et l’envoi d’une lettre.

Une page nouvelle se mesure en l’ajoutant à `ADRESSES`.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from string import Formatter

from socle.serveur.banc.client import Navigateur, Page
from socle.serveur.banc.mesure import Mesure, Point
from socle.serveur.banc.points import check_page
from socle.serveur.banc.serveur import ServeurMesure
from socle.serveur.errors import ErreurServeur

FAITS = 1_000_000
P95_MS = 50.0
SQL = 8
SECONDES_BILAN = 2.0
SECONDES_LETTRE = 5.0
SECONDES_ENVOI = 900.0  # le travailleur écrit les dix mille courriels
LETTRE = "lettre_10000"
INCHANGEE = " (304)"
# Point → adresse ; un mot entre accolades est remplacé par un objet de ce genre.
ADRESSES = {
    # Pilotage
    "accueil_programme": "/",
    "programmes": "/programme/",
    "programme": "/programme/{programme}/",
    "axe": "/programme/axe/{axe}/",
    "action": "/programme/action/{action}/",
    "recommandation": "/programme/recommandation/{recommandation}/",
    "echos": "/programme/echos/?cle=action:{action}",
    "indicateurs": "/indicateurs/",
    "indicateur": "/indicateurs/{indicateur}/",
    "indicateur_csv": "/indicateurs/{indicateur}/valeurs.csv",
    "recherche_partout": "/recherche/?q=archivage",
    "recherche_commune": "/recherche/?q=clamart",
    # Gouvernance
    "instances": "/instances/",
    "instances_ics": "/instances.ics",
    "instance": "/instances/{instance}/",
    "reunions": "/reunions/",
    "reunion": "/reunions/{reunion}/",
    "decisions": "/decisions/",
    "decisions_atom": "/decisions/atom.xml",
    "decision": "/decisions/{decision}/",
    "feuilles": "/feuille-de-route/",
    "feuille": "/feuille-de-route/{feuille}/",
    "rapports": "/rapports/",
    "rapport": "/rapports/{rapport}/",
    "evaluations": "/evaluations/",
    "evaluation": "/evaluations/{evaluation}/",
    "instance_ics": "/instances/{instance}.ics",
    "decision_texte": "/decisions/{decision}/texte.txt",
    "feuille_pdf": "/feuille-de-route/{feuille}.pdf",
    "rapports_atom": "/rapports/atom.xml",
    "rapport_pdf": "/rapports/{rapport}.pdf",
    "rapport_json": "/rapports/{rapport}.json",
    "rapport_csv": "/rapports/{rapport}.csv",
    # Échéancier
    "echeancier": "/echeancier/",
    "echeancier_filtre": "/echeancier/?theme=achats&genre=commune",
    "echeancier_commune": "/echeancier/?collectivite=commune-92023",
    "echeancier_mots": "/echeancier/?q=numero+7",
    "echeancier_ics": "/echeancier.ics",
    "echeancier_atom": "/echeancier.atom",
    "echeancier_csv": "/echeancier.csv",
    "echeancier_json": "/echeancier.json",
    "echeancier_imprimer": "/echeancier/imprimer/",
    "echeance": "/echeancier/echeance-0/",
    "echeancier_integrer": "/echeancier/integrer/",
    "echeancier_partager": "/echeancier/partager/",
    # Appels
    "appels": "/appels/",
    "appels_filtre": "/appels/?territoire=reg-11&theme=donnees&pour=commune&q=donnees",
    "appels_commune": "/appels/?autorite=commune-92023",
    "appels_ics": "/appels.ics",
    "appels_atom": "/appels.atom",
    "appels_csv": "/appels.csv",
    "appel": "/appels/exemple-identite-numerique/",
    "octrois": "/appels/octrois/",
    "octrois_commune": "/appels/octrois/?autorite=commune-92023",
    "octrois_csv": "/appels/octrois.csv",
    "appels_json": "/appels.json",
    "appels_alertes": "/appels/alertes/",
    # Catalogue
    "catalogue": "/catalogue/",
    "catalogue_filtre": "/catalogue/?q=mesure&taille=grande&libre=on",
    "catalogue_solution": "/catalogue/socle/",
    "catalogue_solution_de_mesure": "/catalogue/banc-07/",
    "catalogue_comparer": "/catalogue/comparer/?s=banc-01&s=banc-02&s=tchap&s=socle",
    "catalogue_choisir": "/catalogue/choisir/?besoin=demarches&taille=petite&moyens=aucun",
    "catalogue_label": "/catalogue/label/",
    "catalogue_referentiel": "/catalogue/label/version/1/",
    "catalogue_candidature": "/catalogue/label/{candidature}/",
    "catalogue_publiccode": "/catalogue/socle/publiccode.yml",
    "catalogue_editeurs": "/catalogue/editeurs/",
    "catalogue_bancs": "/catalogue/bancs/",
    "catalogue_apis": "/catalogue/api/",
    "catalogue_apis_json": "/catalogue/api/api.json",
    "catalogue_clauses": "/catalogue/clauses/",
    "catalogue_clause_texte": "/catalogue/clauses/{clause}/clause.txt",
    "catalogue_editeur": "/catalogue/editeurs/{editeur}/",
    "catalogue_api": "/catalogue/api/{api}/",
    "catalogue_cas": "/catalogue/api/cas/{cas}/",
    "catalogue_clause": "/catalogue/clauses/{clause}/",
    "catalogue_json": "/catalogue/solutions.json",
    "catalogue_csv": "/catalogue/solutions.csv",
    "catalogue_atom": "/catalogue/nouveautes.atom",
    # Adoption
    "collectivites": "/collectivites/",
    "collectivites_recherche": "/collectivites/?q=saint",
    "autorite": "/collectivites/commune-92023/",
    "autorite_epci": "/collectivites/{epci}/",
    "ecarts": "/collectivites/ecarts/?solution=banc-07",
    "ecarts_filtre": "/collectivites/ecarts/?solution=banc-07&departement=59&tranche=500",
    "taux_csv": "/collectivites/taux.csv",
    "adoption_solution": "/adoption/banc-07/",
    "adoption_departement": "/adoption/banc-07/?departement=59",
    "adoption_voisins": "/adoption/banc-07/pres-de/commune-92023/",
    "conventions": "/conventions/",
    "convention": "/conventions/{convention}/",
    "convention_csv": "/conventions/{convention}/adherentes.csv",
    "adoption_taux_csv": "/adoption/banc-07/taux.csv",
    # Espaces
    "boite_a_outils": "/boite-a-outils/",
    "boite_a_outils_atom": "/boite-a-outils.atom",
    "livrable": "/boite-a-outils/{livrable}/",
    "retours": "/retours/",
    "retour": "/retours/{retour}/",
    "groupes": "/groupes/",
    "groupe": "/groupes/{groupe}/",
    # Diffusion
    "actualites": "/actualites/",
    "actualites_atom": "/actualites.atom",
    "actualite": "/actualites/{article}/",
    "evenements": "/evenements/",
    "evenements_ics": "/evenements.ics",
    "evenement": "/evenements/{evenement}/",
    "lettres": "/lettres/",
    "lettre_lue": "/lettres/{parue}/",
    "lettres_abonnement": "/lettres/abonnement/",
    "actualites_json": "/actualites.json",
    "actualites_integrer": "/actualites/integrer/",
    "actualites_partager": "/actualites/partager/",
    "evenement_inscription": "/evenements/{a_venir}/inscription/",
    "plan": "/sitemap.xml",
    # Consultations
    "consultations": "/consultations/",
    "consultation": "/consultations/{campagne}/",
    "consultations_atom": "/consultations.atom",
    "consultations_ics": "/consultations.ics",
    "consultation_repondre": "/consultations/{ouverte}/repondre/",
    "consultation_synthese": "/consultations/{depouillee}/synthese/",
    "consultation_synthese_pdf": "/consultations/{depouillee}/synthese.pdf",
    "consultation_chiffres": "/consultations/{depouillee}/chiffres.csv",
    "resultats": "/consultations/{jugee}/resultats/",
    "resultats_pdf": "/consultations/{jugee}/resultats.pdf",
    "resultats_csv": "/consultations/{jugee}/resultats.csv",
    "resultats_json": "/consultations/{jugee}/resultats.json",
    # Bilan : deux secondes au plus
    "bilan": "/programme/2018-2020/bilan/",
    "bilan_pdf": "/programme/2018-2020/bilan.pdf",
}
BILANS = ("bilan", "bilan_pdf")
# Refaites à chaque fois : une lecture s’y compte, un formulaire y porte son jeton, ou la page nomme
# ce que les collectivités publient et ferment à leur gré. Leur 304, s’il y en a un, coûte la page.
REFAITES = frozenset({
    "actualite", "lettre_lue", "lettres_abonnement", "evenement_inscription", "appels_alertes",
    "consultation_repondre", "catalogue_api",
})  # fmt: skip


def prepare(serveur: ServeurMesure, faits: int = FAITS) -> dict[str, str]:
    """Crée les données du programme ; rend de quoi remplir les adresses."""
    essai = replace(serveur.installation, bac_a_sable=True)
    fini = essai.run_django("semer_banc_programme", "--faits", str(faits))
    if fini.returncode:
        raise ErreurServeur(
            "Les données du programme n’ont pas pu être semées.",
            fini.stderr.decode(errors="replace").strip()[-600:],
        )
    # Ce que l’entretien automatique ferait dans la minute ; le propriétaire seul en a le droit.
    serveur.connexion.execute("VACUUM (ANALYZE)")
    donnees: dict[str, str] = json.loads(fini.stdout.splitlines()[-1])
    return donnees


def list_points(donnees: dict[str, str]) -> list[Point]:
    """Chaque page, faite puis inchangée (304) ; enfin la lettre.

    Raises:
        ErreurServeur: la démonstration n’a pas d’objet d’un genre mesuré.
    """
    mots = {
        mot or "" for adresse in ADRESSES.values() for _, mot, _, _ in Formatter().parse(adresse)
    }
    if manquent := sorted(mots - {"", *donnees}):
        raise ErreurServeur(
            f"Le contenu de départ n’a pas de quoi mesurer : {', '.join(manquent)}."
        )
    points = []
    for nom, modele in ADRESSES.items():
        chemin = modele.format(**donnees)
        points.append(Point(nom, read_faite(chemin)))
        if nom not in REFAITES:
            points.append(
                Point(f"{nom}{INCHANGEE}", read_inchangee(chemin), ouvre=keep_etag(chemin))
            )
    envoi = Point(
        LETTRE, send_lettre(donnees), ouvre=connect(donnees), fois=1, patience=SECONDES_ENVOI
    )
    return [*points, envoi]


def read_faite(chemin: str) -> Callable[[Navigateur, int], None]:
    """Lit une page que personne n’a demandée : un signet la distingue, aucune réserve ne l’a."""
    signet = f"{chemin}{'&' if '?' in chemin else '?'}mesure="

    def read(navigateur: Navigateur, rang: int) -> None:
        check_page(navigateur.get(f"{signet}{rang}", Accept_Encoding="gzip"))

    return read


def keep_etag(chemin: str) -> Callable[[Navigateur], Page]:
    """Lit une page deux fois, la seconde avec ses témoins, et garde son empreinte."""

    def read(navigateur: Navigateur) -> Page:
        navigateur.get(chemin, Accept_Encoding="gzip")
        page = check_page(navigateur.get(chemin, Accept_Encoding="gzip"))
        navigateur.marque = page.etag
        return page

    return read


def read_inchangee(chemin: str) -> Callable[[Navigateur, int], None]:
    """Demande si une page a changé : elle n’a pas changé, sauf si un quart d’heure vient de finir.

    Ce qui dépend de l’heure se relit alors : la page neuve donne son empreinte, une fois.
    """

    def ask(navigateur: Navigateur) -> Page:
        return navigateur.get(chemin, Accept_Encoding="gzip", If_None_Match=navigateur.marque)

    def read(navigateur: Navigateur, _rang: int) -> None:
        page = ask(navigateur)
        if page.statut == 200:
            navigateur.marque = page.etag
            page = ask(navigateur)
        if page.statut != 304:
            raise ErreurServeur(f"{chemin} répond {page.statut}, et non 304.")

    return read


def connect(donnees: dict[str, str]) -> Callable[[Navigateur], None]:
    """Entre comme membre de l’équipe."""

    def enter(navigateur: Navigateur) -> None:
        navigateur.cookies["session"] = donnees["session"]

    return enter


def send_lettre(donnees: dict[str, str]) -> Callable[[Navigateur, int], None]:
    """Met la lettre en file pour ses dix mille abonnés : le geste, jusqu’à la page qui le dit."""
    chemin = f"/equipe/diffusion/lettres/{donnees['lettre']}/"

    def send(navigateur: Navigateur, _rang: int) -> None:
        page = check_page(navigateur.get(chemin))
        envoi = f"{chemin}envoyer/"
        suite = check_page(navigateur.post(envoi, page.read_caches(envoi)))
        if "part vers" not in suite.texte:
            raise ErreurServeur("La lettre n’est pas en file.")

    return send


def list_depassements(mesures: list[Mesure]) -> list[str]:
    """Rend ce qui dépasse un objectif : une phrase par point."""
    trop = []
    for mesure in mesures:
        nom = mesure.point.removesuffix(INCHANGEE)
        limite = {LETTRE: SECONDES_LETTRE * 1000} | dict.fromkeys(BILANS, SECONDES_BILAN * 1000)
        ms = limite.get(nom, P95_MS)
        if mesure.p95_ms > ms:
            trop.append(f"{mesure.point} : {mesure.p95_ms:g} ms pour {ms:g}".replace(".", ","))
        if mesure.sql > SQL + 0.5 and nom != LETTRE:  # une tâche de fond passe parfois par là
            trop.append(f"{mesure.point} : {mesure.sql:g} SQL pour {SQL}".replace(".", ","))
    return trop
