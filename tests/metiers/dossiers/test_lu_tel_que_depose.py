"""L’agent lit la demande telle qu’elle a été déposée : chaque ligne, chaque pièce, rien de plus."""

import io
from copy import deepcopy
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag

from socle.fondations.documents.models import Document
from socle.fondations.documents.services import receive_document
from socle.fondations.formulaires.ports import ReponseSource, Trace
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services import correction, depot
from tests.factories import RegleFactory, ServiceFactory
from tests.fondations.formulaires.exemples import CANTINE, REPONSES
from tests.metiers.conftest import MAINTENANT

SOURCE = "Impôts, avis 2025, le 21 novembre 2026 à 10 h 30"
# Question, réponse, source : la demande de Léonie Tessandre, de la première page à la dernière.
ATTENDU = [
    ("Votre civilité", "Madame", ""),
    ("Votre nom", "Tessandre", ""),
    ("Votre adresse électronique", "leonie.tessandre@exemple.fr", ""),
    ("Votre téléphone", "06 39 98 00 12", ""),
    ("Enfant 1", "", ""),
    ("Prénom", "Marin", ""),
    ("Date de naissance", "14 juin 2019", ""),
    ("A-t-il une allergie alimentaire ?", "Non", ""),
    ("Repas par semaine", "4 repas", ""),
    ("Enfant 2", "", ""),
    ("Prénom", "Lou", ""),
    ("Date de naissance", "2 mars 2021", ""),
    ("A-t-il une allergie alimentaire ?", "Oui", ""),
    ("Laquelle ?", "Arachide <b>", ""),
    ("Repas par semaine", "2 repas", ""),
    ("Revenu fiscal de référence", "32 832 €", SOURCE),
    ("Nombre de parts", "3", SOURCE),
    ("Votre quotient familial", "", ""),
    ("Quotient familial", "912 €", ""),
    ("Prix d’un repas", "3,42 €", ""),
    ("Votre situation a-t-elle changé depuis l’avis d’impôt ?", "Non", ""),
    ("Jours de cantine", "Lundi, Jeudi", ""),
    ("Régime", "Sans gluten", ""),
    ("J’ai lu le règlement de la cantine", "Oui", ""),
    ("Votre assurance", "assurance.pdf, 916 octets", ""),
]


def build_definition() -> dict:
    definition = deepcopy(CANTINE)
    piece = {"type": "piece_justificative", "id": "assurance", "libelle": "Votre assurance"}
    definition["pages"][-1]["champs"].append(piece)
    return definition


def attach(dossier: Dossier, usager, nom: str) -> dict[str, object]:
    contenu = io.BytesIO(b"%PDF-1.7\n" + nom.encode().ljust(900) + b"\n%%EOF\n")
    document = receive_document(
        collectivite=dossier.collectivite, fichier=contenu, nom=nom, objet=dossier.objet,
        depose_par=usager.acteur, maintenant=MAINTENANT,
    )  # fmt: skip
    return {"document": str(document.pk), "nom": nom, "taille": document.taille,
            "type_mime": document.type_mime}  # fmt: skip


def answer(dossier: Dossier, usager) -> dict[str, object]:
    """Tout ce que la personne a tapé, y compris ce qu’une condition a masqué depuis."""
    reponses = deepcopy(REPONSES) | {
        "regime": {"autre": "Sans gluten"},
        "motif": "Plus rien à demander : la page « aide » est masquée",
        "jugement": [attach(dossier, usager, "jugement-masque.pdf")],
        "assurance": [attach(dossier, usager, "assurance.pdf")],
    }
    attach(dossier, usager, "envoi-perdu.pdf")  # rangé, mais jamais rattaché à une réponse
    marin = reponses["enfants"][0]["valeurs"]
    lou = marin | {"prenom": "Lou", "naissance": "2021-03-02", "allergie": True, "repas": 2,
                   "allergie_detail": "Arachide <b>"}  # fmt: skip
    marin["allergie_detail"] = "Réponse masquée"
    reponses["enfants"].append({"ligne": "01KADCG5C0000000000000000B", "valeurs": lou})
    trace = Trace(endpoint="/ir/2025", statut_http=200, identifiant_requete="abc")
    avis = ReponseSource(
        valeurs={"revenu_fiscal_reference": 32832, "nombre_parts": "3"},
        date_donnee=date(2025, 12, 31), libelle_source="Impôts, avis 2025", trace=trace,
    )  # fmt: skip
    formulaire = get_formulaire(dossier.version_id)
    recue = formulaire.apply_source("impots", avis, reponses, maintenant=MAINTENANT)
    return recue.reponses


@pytest.fixture
def depose(collectivite, administrateur, usager) -> Dossier:
    demarche = demarches.create_demarche(
        collectivite=collectivite, titre="Cantine", agent=administrateur, maintenant=MAINTENANT,
        definition=build_definition(), resume="Inscrire un enfant.", cadre_juridique="Code",
        service=ServiceFactory(collectivite=collectivite),
        regle=RegleFactory(collectivite=collectivite),
    )  # fmt: skip
    demarches.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    demarche.refresh_from_db()
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), compte=usager,
        maintenant=MAINTENANT,
    )  # fmt: skip
    reponses = answer(dossier, usager)
    depot.save_reponses(dossier=dossier, reponses=reponses, revision=dossier.revision)
    return depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )


def read_ligne(donnee: Tag) -> tuple[str, str, str]:
    """Rend une ligne : question, réponse, source ; le détail d’un calcul est à part."""
    question, reponse = donnee.find("dt", recursive=False), donnee.find("dd", recursive=False)
    source = "".join(s.extract().get_text(" ") for s in reponse.select(".source"))
    return plat(question.get_text()), plat(reponse.get_text(" ")), plat(source)


def plat(texte: str) -> str:
    return " ".join(texte.replace(" ,", ",").split())


def test_agent_reads_every_answer_and_every_file_as_filed(client, depose, agent):
    client.force_login(agent)
    page = client.get(f"/c/clamart/agent/dossiers/{depose.numero}/").text
    soupe = BeautifulSoup(page, "html.parser")
    reponses = soupe.find("section", {"aria-labelledby": "t-rep"})
    calculs = [plat(detail.extract().get_text(" ")) for detail in reponses.select("details")]
    lignes = [read_ligne(donnee) for donnee in reponses.select("dl > .donnee")]

    assert lignes == ATTENDU
    assert [h.get_text() for h in reponses.find_all("h3")] == [
        "Votre enfant", "Vos ressources", "Les jours et les régimes",
    ]  # fmt: skip
    assert len(calculs) == 2
    assert "Délibération n° 2026-118 du 16 novembre 2026" in calculs[1]

    pieces = soupe.find("section", {"aria-labelledby": "t-pieces"})
    assurance = Document.objects.presents().get(objet=depose.objet)
    liens = [(a.get_text(), a["href"]) for a in pieces.find_all("a")]
    assert liens == [("assurance.pdf", f"/c/clamart/documents/{assurance.pk}/")]
    assert "masqu" not in page


def test_file_of_a_correction_is_read_once_the_correction_is_filed(client, depose, agent, usager):
    adresse = f"/c/clamart/agent/dossiers/{depose.numero}/"
    rendu = correction.request_correction(
        dossier=depose, agent=agent, texte="Et l’année en cours ?", maintenant=MAINTENANT
    )
    reponses = depose.reponses | {"assurance": [attach(depose, usager, "assurance-2027.pdf")]}
    correction.save_correction(dossier=rendu, reponses=reponses, revision=rendu.revision)
    client.force_login(agent)

    avant = client.get(adresse).text
    correction.submit_correction(
        numero=depose.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    apres = client.get(adresse).text

    assert ("assurance.pdf" in avant, "assurance-2027.pdf" in avant) == (True, False)
    assert "assurance-2027.pdf</a>" in apres
