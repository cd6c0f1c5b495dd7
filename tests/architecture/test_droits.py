"""Chaque adresse × chaque rôle × une autre collectivité, en GET et en POST : personne de trop.

Un motif d’adresse est soit réservé à des rôles, soit à qui est connecté, soit public avec sa raison
écrite ici : rien ne s’ajoute sans choisir.
"""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from socle.fondations.collectivites.models import Service
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import GenreCompte, Role, RoleProgramme
from socle.fondations.comptes.models import (
    Adhesion,
    DemandeRattachement,
    IdentiteFederee,
    MembreOperateur,
    MembreProgramme,
)
from socle.fondations.comptes.services.agents import invite_agent
from socle.fondations.conservation.models import Bordereau, RegleDeConservation
from socle.fondations.conservation.services.regles import describe_regle
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Message
from socle.metiers.archivage.models import Versement
from socle.metiers.dossiers.models import NoteInterne, PhrasePrete
from socle.metiers.dossiers.tasks import emettre_accuse
from tests.architecture.adresses import (
    COLLECTIVITE,
    INSTALLATION,
    compute_empreinte,
    count_ecritures,
    list_adresses,
    play_all,
)
from tests.architecture.objets_programme import create_objets
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory, ServiceFactory
from tests.metiers.adoption.fabrique import create_publics
from tests.metiers.appels.fabrique import create_propres as create_octrois
from tests.metiers.catalogue.fabrique import create_du_catalogue
from tests.metiers.echeancier.fabrique import create_echeance
from tests.metiers.espaces.fabrique import create_propres

ROLES = [role for role in Role if role != Role.OPERATEUR]
ICI = list_adresses(COLLECTIVITE)
LA_HAUT = list_adresses(INSTALLATION)
INCONNU = UUID("01900000-0000-7000-8000-000000000000")

# Publiques, et pourquoi. Un motif sans rôle ni connexion qui n’est pas ici fait échouer l’essai.
PUBLIQUES = {
    "^simulateurs/": "bac à sable seulement : 404 ailleurs",
    "sante/": "surveillance, sans donnée",
    "^theme/": "feuille de style d’une couleur",
    "logo/": "image publique d’une collectivité",
    "composants/": "vitrine, données fictives",
    "accessibilite/": "page de texte",
    "aide/": "page de texte",
    "donnees-personnelles/": "page de texte",
    "mentions-legales/": "page de texte",
    "plan-du-site/": "page de texte",
    "journal/cles/": "clés publiques et points de contrôle : faites pour être vérifiées par tous",
    "connexion/": "se connecter",
    "inscription/": "créer un compte",
    "deconnexion/": "se déconnecter",
    "agent/connexion/": "se connecter",
    "agent/invitation/": "le lien reçu est la preuve ; un jeton faux est refusé",
    "editeur/invitation/": "le lien reçu est la preuve ; un jeton faux est refusé",
    "courriels/": "le lien signé reçu par courriel est la preuve",
    "demarches/": "le portail",
    "portails/": "le choix de sa collectivité",
    "programme/": "le programme commun, sans donnée personnelle",
    "indicateurs/": "chiffres du programme",
    "recherche/": "recherche dans ce qui est public",
    "echeancier": "l’échéancier du programme, public",
    "appels": "appels relayés et sommes accordées ; s’abonner et partir se prouvent par un lien",
    "boite-a-outils": "la boîte à outils, publique",
    "outils/verifier/": "vérifier un fichier : ni compte, ni session, rien n’est gardé",
    "api/outils/verifier/": "le double REST de la même page",
    "retours/": "les retours d’expérience publiés",
    "groupes/": "liste et présentation des groupes ; le contenu demande une connexion",
    "consultations": "les campagnes publiques ; une réponse s’ouvre au compte ou au lien secret",
    "collectivites/": "qui utilise quoi : des collectivités, jamais une personne",
    "adoption/": "taux d’une solution",
    "catalogue/": "le catalogue commun : aucune personne n’y est nommée",
    "conventions/": "textes et collectivités adhérentes, sans signataire",
    "actualites": "articles parus, flux et cadre du programme",
    "instances": "qui siège et quand : fonctions publiques, agenda",
    "reunions/": "réunions annoncées, sans le lien de visioconférence",
    "decisions/": "décisions figées, leurs deux validations et leur preuve",
    "feuille-de-route/": "feuilles de route du programme",
    "^feuille-de-route/": "une feuille de route et son PDF",
    "rapports/": "rapports du mois",
    "^rapports/": "un rapport, son PDF et ses données",
    "evaluations/": "évaluations publiées",
    "sitemap.xml": "plan des pages publiques",
    "lettres/": "lettres parues ; s’abonner et partir se prouvent par un lien signé",
    "evenements": "évènements publiés ; une inscription se prouve par un lien signé",
    "contacts/opposition/": "le lien signé reçu par courriel est la preuve",
    "documents/": "droits du dossier, éprouvés plus bas",
    "dossiers/": "un invité y entre avec son témoin : éprouvé plus bas",
    "": "l’accueil",
}
# Sans rôle, pour tout agent connecté.
POUR_TOUT_AGENT = {"agent/compte/", "agent/"}
# Adresses d’un dossier qui n’en montrent aucun : liste de communes, lien de reprise signé.
SANS_DOSSIER = {
    "dossiers/communes/",
    "dossiers/<int:numero>/acces/",  # la même page pour tout numéro
    "dossiers/<int:numero>/reprendre/<str:jeton>/",
}
# Un rôle permis reçoit 403 ou 404 par les deux méthodes, et c’est juste.
FERMEES_PAR_L_ETAT = {
    "agent/demarches/<int:pk>/formulaire/baremes/<slug:bareme_id>/": "cette démarche n’en a pas",
    "agent/demarches/<int:pk>/formulaire/champs/<slug:champ_id>/modele/": "le champ n’en a pas",
}
# Pas des objets d’une collectivité.
CHOIX = {"format_", "rang", "page_id", "champ_id", "dans", "bareme_id", "code", "echeance",
         "livrable"}  # fmt: skip
CHOIX |= {"solution", "cle", "slug"}  # de l’installation entière : adoption, conventions


RESERVEES = {r: a for r, a in ICI.items() if a.roles}
EN_HAUT = {r: a for r, a in LA_HAUT.items() if a.roles}
CONNECTEES = {r: a for r, a in ICI.items() if not a.roles and not a.est_publique}


def keep_essentiels(valeurs: Iterable[str], *gardees: str) -> list[Any]:
    """Laisse à la part lente les cas qui refont, pour une autre personne, le même parcours."""
    return [pytest.param(v, marks=[] if v in gardees else pytest.mark.lent) for v in valeurs]


@pytest.fixture
def objets(collectivite, depose, demarche, agent, administrateur) -> dict[str, Any]:
    """Un objet de chaque sorte à Clamart."""
    maintenant = timezone.now()
    emettre_accuse(collectivite_id=collectivite.pk, numero=depose.numero)
    depose.refresh_from_db()
    regle = RegleDeConservation.objects.order_by("pk")[0]
    figee = describe_regle(regle) | {"explication": "", "article": ""}
    identite = IdentiteFederee.objects.create(
        compte=depose.usager, profil="franceconnect", nom_fournisseur="FranceConnect",
        emetteur="https://fc.example", sub="sub-1",
    )  # fmt: skip
    invitation, _ = invite_agent(
        collectivite=collectivite, courriel="neuf@exemple.fr", role=Role.INSTRUCTEUR,
        par=administrateur, maintenant=maintenant,
    )  # fmt: skip
    return {
        "dossier": depose,
        "demarche": demarche,
        "agent": agent,
        "adhesion": Adhesion.objects.get(compte=agent),
        "identite": identite,
        "invitation": invitation,
        "rattachement": DemandeRattachement.objects.create(
            collectivite=collectivite, identite=identite, sub="sub-2", demandee_le=maintenant
        ),
        "note": NoteInterne.objects.create(
            collectivite=collectivite, dossier=depose, auteur=agent, corps="Vu.",
            ecrite_le=maintenant,
        ),
        "phrase": PhrasePrete.objects.create(
            collectivite=collectivite, titre="Merci", corps="Merci de votre patience."
        ),
        "versement": Versement.objects.create(
            collectivite=collectivite, reference=depose.reference,
            titre="Cantine", producteur="Écoles", regle=figee,
            controles={"statut": "KO", "version": "2.2", "schema_verifie": False, "controles": []},
            date_debut=maintenant.date(), date_fin=maintenant.date(),
            conserver_jusqu_au=maintenant.date() + timedelta(days=3650), prepare_le=maintenant,
        ),
        "regle": regle,
        "bordereau": Bordereau.objects.create(
            collectivite=collectivite, propose_le=maintenant, propose_par="Archives"
        ),
        "entree": Entree.objects.filter(collectivite_id=collectivite.pk).order_by("pk").first(),
    }  # fmt: skip


@pytest.fixture
def valeurs(objets) -> dict[str, str]:
    """De quoi remplir les adresses ; `segment/nom` dit l’objet d’après ce qui précède."""
    dossier, demarche = objets["dossier"], objets["demarche"]
    return {
        "numero": str(dossier.numero),
        "demarches/pk": str(demarche.pk),
        "guichet/chemin": demarche.chemin,
        "chemin": demarche.chemin,
        "notes/pk": str(objets["note"].pk),
        "phrases/pk": str(objets["phrase"].pk),
        "services/pk": str(demarche.service_id),
        "agents/pk": str(objets["agent"].pk),
        "roles/pk": str(objets["adhesion"].pk),
        "invitations/pk": str(objets["invitation"].pk),
        "rattachements/pk": str(objets["rattachement"].pk),
        "identites/pk": str(objets["identite"].pk),
        "conservation/pk": str(objets["regle"].pk),
        "eliminations/pk": str(objets["bordereau"].pk),
        "journal/pk": str(objets["entree"].pk),
        "operateur/pk": str(dossier.collectivite_id),
        "page_id": "vous",
        "champ_id": "prenom",
        "dans": "vous",
        "rang": "1",
        "bareme_id": "tarif",
        "reference": dossier.reference,
        "documents/identifiant": str(dossier.accuse_id or INCONNU),
        "identifiant": str(INCONNU),
        "format_": "csv",
        "code": "dossier_accuse",
        "echeance": create_echeance().slug,  # publique, la même pour toutes les collectivités
        "jeton": "un-jeton-faux",
        **create_publics(),
        **create_propres(dossier.collectivite),
        **create_octrois(f"commune-{dossier.collectivite.code_cog}"),
        **create_du_catalogue(dossier.collectivite.siren),
    }


@pytest.fixture
def envoi(objets) -> dict[str, Any]:
    """Un envoi plausible pour toute page : les objets de Clamart, et des textes."""
    dossier, agent = objets["dossier"], objets["agent"]
    return {
        "transition": "passer_en_instruction",
        "motif": "Parce que.",
        "corps": "Bonjour, voici un texte.",
        "texte": "Bonjour",
        "titre": "Un titre",
        "nom": "Un nom",
        "numeros": [str(dossier.numero)],
        "numero": str(dossier.numero),
        "dossiers": [str(dossier.pk)],
        "dossier": str(dossier.pk),
        "objet": f"dossier:{dossier.numero}",
        "suivi_par": str(agent.pk),
        "vu": "",
        "demarche": str(objets["demarche"].pk),
        "service": str(objets["demarche"].service_id),
        "phrase": str(objets["phrase"].pk),
        "note": str(objets["note"].pk),
        "regle": str(objets["regle"].pk),
        "role": "instructeur",
        "courriel": "neuf@exemple.fr",
        "email": "neuf@exemple.fr",
        "geste": "descendre:prenom",
        "action": "accepter",
        "_action": "continuer",
        "confirmer": "1",
        "prenom": "Pirate",
        "inserer": "message",
    }


def list_ouvertes(essais) -> dict[str, str]:
    return {r: f"{e.statuts} {e.change}" for r, e in essais.items() if not e.est_refuse}


# Tout motif est rangé ---------------------------------------------------------------------------
@pytest.mark.parametrize("adresses", [ICI, LA_HAUT], ids=["collectivité", "installation"])
def test_every_pattern_names_its_roles_asks_for_a_login_or_says_why_it_is_public(adresses):
    sans_raison = [
        route
        for route, adresse in adresses.items()
        if adresse.est_publique
        and not any(route.startswith(p) if p else route == "" for p in PUBLIQUES)
    ]
    assert sans_raison == []


def test_every_agent_page_names_its_roles():
    a_roles = ("agent/", "^agent/", "operateur/", "equipe/", "editeur/")
    sans_role = {
        route
        for adresses in (ICI, LA_HAUT)
        for route, adresse in adresses.items()
        if route.startswith(a_roles) and not adresse.roles and not adresse.est_publique
    }
    assert sorted(sans_role - POUR_TOUT_AGENT) == []
    assert len(RESERVEES) > 60
    assert {r for r in LA_HAUT if r.startswith("operateur/")} <= set(EN_HAUT)


def test_every_value_of_an_address_has_a_real_object(valeurs):
    """Sinon l’adresse répondrait 404 à tous, et l’essai ne prouverait rien."""
    manquent = {
        f"{segment}/{nom}"
        for adresse in RESERVEES.values()
        for segment, nom in adresse.parametres
        if f"{segment}/{nom}" not in valeurs and nom not in valeurs
    }
    assert manquent == set()


def test_what_a_gesture_writes_is_seen(collectivite):
    """Sans quoi « rien n’a changé » serait toujours vrai."""
    ecritures, empreinte = count_ecritures(), compute_empreinte(collectivite.pk)

    with transaction.atomic():
        Service.objects.create(collectivite=collectivite, nom="Écrit par un autre")
        apres = count_ecritures()
        assert apres > ecritures
        assert compute_empreinte(collectivite.pk) != empreinte
        transaction.set_rollback(True)

    assert count_ecritures() == apres  # ce qui est défait reste compté : voir `play_all`


# Les rôles ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", keep_essentiels(ROLES, "instructeur", "administrateur"))
def test_pages_open_to_their_roles_and_to_no_other(client, collectivite, valeurs, envoi, role):
    compte = AdhesionFactory(collectivite=collectivite, role=role).compte
    client.force_login(compte)
    permises = {r: a for r, a in RESERVEES.items() if role in a.roles}
    fermees = {r: a for r, a in RESERVEES.items() if role not in a.roles}

    interdites = play_all(client, fermees, "/c/clamart/", valeurs, envoi, collectivite.pk)
    assert list_ouvertes(interdites) == {}

    NoteInterne.objects.update(auteur=compte)  # une note ne s’ouvre qu’à son auteur
    sien = {"messages/identifiant": str(write_message(compte, collectivite).pk)}
    essais = play_all(client, permises, "/c/clamart/", valeurs | sien, envoi)
    closes = {r: e.statuts for r, e in essais.items() if not e.entre}
    assert {r: s for r, s in closes.items() if r not in FERMEES_PAR_L_ETAT} == {}
    assert [r for r, e in essais.items() if 500 in e.statuts.values()] == []
    assert permises, "ce rôle n’ouvre aucune page : le test ne prouve rien"


def write_message(compte, collectivite) -> Message:
    """Un message pour cette personne, dans sa table à elle."""
    with locataire(collectivite.pk, personne_id=compte.pk):
        return Message.objects.create(
            personne=compte, collectivite=collectivite, code="x", sujet="x", texte="x",
            recu_le=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    "genre",
    keep_essentiels(["personne", "usager", "agent_sans_role", "operateur"], "agent_sans_role"),
)
def test_pages_of_agents_are_closed_to_others(client, collectivite, valeurs, envoi, genre):
    if genre != "personne":
        compte = CompteFactory(agent=genre != "usager")
        client.force_login(compte)
        if genre == "operateur":
            MembreOperateur.objects.create(compte=compte)

    essais = play_all(client, RESERVEES, "/c/clamart/", valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}


# L’installation ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "qui",
    keep_essentiels(["personne", "usager", "agent_de_tous_les_roles"], "agent_de_tous_les_roles"),
)
def test_pages_of_the_installation_are_closed_to_all_but_the_operator(
    client, collectivite, valeurs, envoi, qui
):
    if qui != "personne":
        compte = CompteFactory(agent=qui != "usager")
        client.force_login(compte)
        if qui == "agent_de_tous_les_roles":
            for role in ROLES:
                AdhesionFactory(collectivite=collectivite, compte=compte, role=role)

    assert list_ouvertes(play_all(client, EN_HAUT, "/", valeurs, envoi, collectivite.pk)) == {}


@pytest.mark.lent
def test_operator_opens_only_the_pages_of_the_operator(client, collectivite, valeurs, envoi):
    compte = CompteFactory(agent=True)
    MembreOperateur.objects.create(compte=compte)
    client.force_login(compte)

    essais = play_all(client, EN_HAUT, "/", valeurs, envoi)

    assert {r for r, e in essais.items() if e.entre} == {
        r for r, a in EN_HAUT.items() if Role.OPERATEUR in a.roles
    }


@pytest.mark.parametrize("role", keep_essentiels(RoleProgramme, RoleProgramme.PARTENAIRE))
def test_member_of_the_programme_opens_only_the_pages_of_this_role(
    client, collectivite, valeurs, envoi, role
):
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=role)
    client.force_login(compte)

    essais = play_all(client, EN_HAUT, "/", valeurs | create_objets(), envoi, collectivite.pk)

    assert {r for r, e in essais.items() if e.entre} == {
        r for r, a in EN_HAUT.items() if role in a.roles
    }
    assert [r for r, e in essais.items() if 500 in e.statuts.values()] == []


@pytest.mark.parametrize("racine", ["/", "/c/clamart/"])
def test_pages_of_a_person_ask_who_is_there(client, collectivite, valeurs, envoi, racine):
    adresses = CONNECTEES if racine != "/" else LA_HAUT
    connectees = {r: a for r, a in adresses.items() if not a.roles and not a.est_publique}

    essais = play_all(client, connectees, racine, valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}
    assert len(connectees) > 25


@pytest.mark.parametrize("racine", ["/", "/c/clamart/"])
def test_agent_never_enters_the_space_of_a_citizen(client, collectivite, valeurs, envoi, racine):
    client.force_login(AdhesionFactory(collectivite=collectivite).compte)
    adresses = ICI if racine != "/" else LA_HAUT
    espace = {r: a for r, a in adresses.items() if r.startswith("espace/")}

    essais = play_all(client, espace, racine, valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}
    assert len(espace) >= 5


# Une autre collectivité --------------------------------------------------------------------------
@pytest.fixture
def etranger(collectivite):
    """Un agent qui a tous les rôles, mais à côté."""
    autre = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(autre.pk):
        compte = CompteFactory(agent=True)
        for role in ROLES:
            AdhesionFactory(collectivite=autre, compte=compte, role=role)
    return compte


def test_agent_of_another_authority_enters_nowhere(client, collectivite, etranger, valeurs, envoi):
    client.force_login(etranger)

    essais = play_all(client, RESERVEES, "/c/clamart/", valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}


def test_our_objects_do_not_exist_in_another_authority(
    client, collectivite, etranger, valeurs, envoi
):
    """Chez lui, avec nos numéros dans l’adresse : aucun n’existe."""
    client.force_login(etranger)
    a_objet = {r: a for r, a in RESERVEES.items() if {nom for _, nom in a.parametres} - CHOIX}

    essais = play_all(client, a_objet, "/c/autre/", valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}
    assert len(a_objet) > 40


def test_our_objects_in_a_form_of_another_authority_change_nothing_here(
    client, collectivite, etranger, valeurs, envoi
):
    """Chez lui, avec nos numéros dans l’envoi : rien ne change ni ne se lit chez nous."""
    client.force_login(etranger)
    sans_objet = {
        r: a for r, a in RESERVEES.items() if not {nom for _, nom in a.parametres} - CHOIX
    }

    essais = play_all(client, sans_objet, "/c/autre/", valeurs, envoi, collectivite.pk)

    assert [r for r, e in essais.items() if e.change] == []
    assert [r for r, e in essais.items() if 500 in e.statuts.values()] == []


# Un autre service --------------------------------------------------------------------------------
# S’ouvrent à un rôle donné pour un service, sans objet dans l’adresse : ce que la vue montre est
# éprouvé dans tests/metiers/dossiers/test_services.py.
DU_SERVICE = {
    "agent/", "agent/demarches/", "agent/demarches/importer/", "agent/demarches/nouvelle/",
    "agent/dossiers/", "agent/dossiers/colonnes/", "agent/dossiers/lot/",
    "agent/dossiers/lot/bilan/", "agent/guichet/", "agent/messages/", "agent/messages/lus/",
    "agent/messages/preferences/", "agent/phrases/", "agent/phrases/nouvelle/",
}  # fmt: skip


def test_agent_of_another_service_enters_nothing_of_this_one(client, collectivite, valeurs, envoi):
    """Tous les rôles, pour un service qui n’a la charge de rien.

    Toute vue ouverte à un service et qui nomme un objet y passe : un geste ajouté demain sans borne
    échoue ici. Les autres vues demandent le rôle pour tous les services.
    """
    compte, sports = CompteFactory(agent=True), ServiceFactory(collectivite=collectivite)
    for role in ROLES:
        AdhesionFactory(collectivite=collectivite, compte=compte, role=role, service=sports)
    client.force_login(compte)
    ouvertes = {r: a for r, a in RESERVEES.items() if a.par_service}
    a_objet = {r: a for r, a in ouvertes.items() if a.parametres}

    essais = play_all(client, a_objet, "/c/clamart/", valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}
    assert ouvertes.keys() - a_objet.keys() == DU_SERVICE


# L’usager ----------------------------------------------------------------------------------------
DU_DOSSIER = {
    r: a
    for r, a in ICI.items()
    if r.startswith(("dossiers/", "documents/")) and r not in SANS_DOSSIER
}


@pytest.mark.parametrize("qui", ["personne", "autre_usager", "agent_d_ailleurs"])
def test_case_of_a_citizen_is_closed_to_others(client, collectivite, etranger, valeurs, envoi, qui):
    if qui == "autre_usager":
        client.force_login(CompteFactory())
    elif qui == "agent_d_ailleurs":
        client.force_login(etranger)

    essais = play_all(client, DU_DOSSIER, "/c/clamart/", valeurs, envoi, collectivite.pk)

    assert list_ouvertes(essais) == {}
    assert len(DU_DOSSIER) >= 11


def test_case_of_a_citizen_does_not_exist_in_another_authority(
    client, collectivite, usager, valeurs, envoi
):
    """Même à son propre usager : l’adresse d’une autre collectivité n’y mène pas."""
    CollectiviteFactory(nom="Autre", slug="autre")
    client.force_login(usager)

    ailleurs = play_all(client, DU_DOSSIER, "/c/autre/", valeurs, envoi, collectivite.pk)
    ici = play_all(client, DU_DOSSIER, "/c/clamart/", valeurs, envoi)

    assert list_ouvertes(ailleurs) == {}
    assert "dossiers/<int:numero>/" in {r for r, e in ici.items() if e.entre}


def test_things_of_another_person_are_not_found(client, collectivite, valeurs, envoi, usager):
    """Une identité, une clé, un message, une session d’autrui : ni lus, ni ôtés."""
    from allauth.usersessions.models import UserSession

    sienne = UserSession.objects.create(user=usager, ip="127.0.0.1", session_key="x" * 32)
    compte = CompteFactory(genre=GenreCompte.USAGER)
    client.force_login(compte)
    confirme = client.session  # la personne vient de redonner son mot de passe
    confirme["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    confirme["account_authentication_methods_user"] = str(compte.pk)
    confirme.save()
    a_objet = {
        r: a for r, a in CONNECTEES.items() if {nom for _, nom in a.parametres} - {"rang", "code"}
    }
    essais = play_all(
        client,
        a_objet,
        "/c/clamart/",
        {**valeurs, "sessions/pk": str(sienne.pk)},
        envoi,
        collectivite.pk,
    )

    assert UserSession.objects.filter(pk=sienne.pk).exists()
    assert IdentiteFederee.objects.filter(pk=valeurs["identites/pk"]).exists()
    # Fermer une session répond pareil qu’elle existe ou non : celle d’autrui est restée.
    assert set(list_ouvertes(essais)) <= {"compte/sessions/<int:pk>/fermer/"}
    assert len(a_objet) >= 4
