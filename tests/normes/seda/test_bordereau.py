import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from socle.normes.seda import bordereau
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.grammaire.rng import load_grammaire_vitam
from socle.normes.seda.grammaire.xsd import load_notre_schema
from socle.normes.seda.modele import (
    ActionStockage,
    Agent,
    AgentLie,
    BlocDeClassification,
    BlocDeGel,
    BlocDeRegles,
    Contenu,
    Couverture,
    DescriptionDeSignature,
    EtapeDeConservation,
    Evenement,
    Gestion,
    GestionDuVersement,
    GroupeDepose,
    IdentifiantPerenne,
    InformationDeSignature,
    Lieu,
    ListesDeCodes,
    MotCle,
    Niveau,
    ObjetBinaire,
    ObjetDepose,
    ObjetPhysique,
    Position,
    Regle,
    RegleDeGel,
    Relations,
    RoleDeSignature,
    Signataire,
    Signature,
    SortFinal,
    StatutJuridique,
    Unite,
)
from tests.normes.seda.fabrique import build_transfert

JOUR = date(2026, 3, 1)
INSTANT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
LIEU = Lieu(
    nom="Clamart",
    adresse="1 place Maurice-Gunsbourg",
    code_postal="92140",
    ville="Clamart",
    region="Île-de-France",
    pays="France",
)
PERSONNE = Agent(
    prenom="Camille",
    nom_naissance="Martin",
    nom_complet="Camille Martin",
    nom_usage="Durand",
    genre="F",
    naissance=JOUR,
    lieu_naissance=LIEU,
    deces=JOUR,
    lieu_deces=LIEU,
    nationalites=("française",),
    identifiants=("usager:1",),
    fonctions=("demandeuse",),
    activites=("parent",),
    positions=("responsable légale",),
    roles=("déposante",),
    mandats=("aucun",),
)
EVENEMENT = Evenement(
    identifiant="ev-1",
    code="dossier.depose",
    type="depot",
    date=INSTANT,
    detail="Dépôt",
    resultat="OK",
    resultat_detail="dossier.depose.OK",
    message="Dossier déposé",
    donnees='{"canal": "internet"}',
    agent=AgentLie(type="usager", valeur="usager:34", role="demandeur"),
)
REGLE = Regle(code="R1", depart=JOUR)
COMPLETE = Gestion(
    stockage=BlocDeRegles(regles=(REGLE,), action=ActionStockage.TRANSFERER),
    sort_final=BlocDeRegles(regles=(REGLE,), action=SortFinal.CONSERVER, exclues=("R2",)),
    acces=BlocDeRegles(regles=(REGLE,), sans_heritage=True),
    diffusion=BlocDeRegles(regles=(REGLE,)),
    reutilisation=BlocDeRegles(regles=(REGLE,)),
    classification=BlocDeClassification(
        niveau="Non protégé",
        proprietaire="Ville",
        regles=(REGLE,),
        audience="Tous",
        exclues=("R3",),
        reexamen=JOUR,
        reexamen_autorise=True,
    ),
    journal=(EVENEMENT,),
    autorisation_requise=False,
    gel=BlocDeGel(
        regles=(
            RegleDeGel(
                code="H1",
                depart=JOUR,
                fin=JOUR,
                proprietaire="Ville",
                reexamen=JOUR,
                motif="Contentieux",
                sans_reclassement=True,
            ),
        ),
        exclues=("H2",),
    ),
)
CONTENU = Contenu(
    titre="Titre",
    niveau=Niveau.DOSSIER,
    plans_de_classement=("A/1",),
    identifiants_origine=("dossier:44171",),
    identifiants_archives=("1 W 2",),
    identifiants_producteur=("44171",),
    identifiants_versant=("v-1",),
    description="Description",
    histoire=(EtapeDeConservation(texte="Créé", date=JOUR), EtapeDeConservation(texte="Clos")),
    type="dossier",
    type_document="demande",
    langues=("fra", "oci"),
    langue_description="fra",
    statut="clos",
    version="1",
    etiquettes=("cantine",),
    mots_cles=(MotCle(contenu="école", reference="T1-1", type="subject"),),
    couverture=Couverture(lieux=("Clamart",), periodes=("2026",), juridictions=("Clamart",)),
    service_producteur="CLAMART",
    service_versant="CLAMART",
    agents=(PERSONNE, Agent(organisme="Ville de Clamart")),
    agents_autorises=(PERSONNE,),
    auteurs=(PERSONNE,),
    destinataires=(PERSONNE,),
    destinataires_en_copie=(PERSONNE,),
    transmetteurs=(PERSONNE,),
    expediteurs=(PERSONNE,),
    source="Socle",
    cree=JOUR,
    transaction=INSTANT,
    acquis="2026",
    envoye="2026-03",
    recu=JOUR,
    enregistre=JOUR,
    debut=JOUR,
    fin=JOUR,
    date_litterale="printemps 2026",
    evenements=(EVENEMENT,),
    identifiant_reponse="x",
    texte="Texte",
    relations=Relations(
        version_de=("v",), remplace=("r",), exige=("e",), partie_de=("p",), cite=("c",)
    ),
    signatures=(
        Signature(
            signataires=(Signataire(agent=PERSONNE, instant=INSTANT),),
            verificateur=Signataire(agent=Agent(organisme="Ville"), instant=INSTANT),
            objet="O1",
            empreinte="ab" * 64,
            reference="M1",
        ),
    ),
    position=Position(
        version="2.3.0.0",
        altitude=160,
        reference_altitude="0",
        latitude="48.80",
        reference_latitude="N",
        longitude="2.26",
        reference_longitude="E",
        date="2026:03:01",
    ),
)
# Ce que SEDA 2.1 ne sait pas dire, et ce que SEDA 2.3 dit de plus ou autrement.
EVENEMENT_2_1 = replace(EVENEMENT, agent=None)
CONTENU_2_1 = replace(
    CONTENU, agents=(), date_litterale="", evenements=(EVENEMENT_2_1,), identifiant_reponse="",
    texte="",
)  # fmt: skip
PERENNE = IdentifiantPerenne(type="ARK", contenu="ark:/1/2", origine="AD92", reference="r")
CONTENU_2_3 = replace(
    CONTENU,
    signatures=(),
    identifiants_perennes=(PERENNE,),
    signature=InformationDeSignature(
        roles=(RoleDeSignature.DOCUMENT, RoleDeSignature.SIGNATURE),
        roles_detaches=(RoleDeSignature.HORODATAGE,),
        documents_signes=("U1",),
        descriptions=(
            DescriptionDeSignature(
                signataire=Signataire(agent=PERSONNE, instant=INSTANT),
                verificateur=Signataire(agent=Agent(organisme="Ville"), instant=INSTANT),
                genre="PAdES",
            ),
        ),
        horodatages=(INSTANT,),
        preuves=("journal",),
    ),
)


def build_complet():
    return build_transfert(
        commentaire="Versement <complet>",
        listes_de_codes=ListesDeCodes(encodages="E0", compressions="C0", autorisations="A0"),
        transferts_lies=("T1",),
        reponse_a_demande="D1",
        gestion=GestionDuVersement(
            service_producteur="SP",
            service_versant="SV",
            profil="PR-1",
            niveau_de_service="S1",
            modalite_entree="Versement",
            statut_juridique=StatutJuridique.MIXTE,
            regles=COMPLETE,
        ),
        groupes=(),
        unites=[
            Unite(identifiant="U1", profil="AUP-1", gestion=COMPLETE, contenu=CONTENU),
        ],
    )


def ecris(transfert, groupes=()) -> etree._Element:
    morceaux: list[str] = []
    bordereau.write_bordereau(morceaux.append, transfert, groupes)
    return etree.fromstring("".join(morceaux).encode())


def test_exemple_complet_fills_every_champ():
    for modele in (CONTENU, COMPLETE, PERSONNE, EVENEMENT):
        oublies = {"organisme"} if modele is PERSONNE else set()
        if modele is CONTENU:  # ce que seule une autre version sait dire
            oublies = {"signature", "identifiants_perennes"}
        vides = {f.name for f in fields(modele) if getattr(modele, f.name) in (None, "", ())}
        assert vides == oublies


def test_bordereau_with_every_champ_follows_the_official_schema(schema):
    arbre = ecris(build_complet())

    schema.assertValid(arbre.getroottree())


def build_version(version: str):
    """Le versement le plus complet que cette version sache dire, avec un groupe de deux objets."""
    contenus = {"2.1": CONTENU_2_1, "2.2": CONTENU, "2.3": CONTENU_2_3}
    gestion = COMPLETE
    if version == "2.1":
        gestion = replace(COMPLETE, gel=None, journal=(EVENEMENT_2_1,))
    perennes = (PERENNE,) if version == "2.3" else ()
    objet = ObjetBinaire(
        identifiant="O1", nom="a.pdf", ouvrir=BytesIO, type_mime="application/pdf",
        modifie=INSTANT, logiciel="Socle", identifiants_perennes=perennes,
    )  # fmt: skip
    physique = ObjetPhysique(
        identifiant="O2", cote="1 W 1", pages=3, identifiants_perennes=perennes
    )
    depose = ObjetDepose(objet=objet, uri="content/a.pdf", empreinte="ab" * 64, taille=3)
    transfert = replace(
        build_complet(),
        version=version,
        gestion=replace(build_complet().gestion, regles=gestion),
        unites=[
            Unite(
                identifiant="U1", profil="AUP-1", gestion=gestion, contenu=contenus[version],
                groupe="G1",
            )
        ],
    )  # fmt: skip
    groupes = [GroupeDepose(identifiant="G1", objets=(depose,), physiques=(physique,))]
    return transfert, groupes


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
def test_bordereau_complet_of_each_version_follows_its_schema(version, donnees_officielles):
    """Schéma officiel, notre grammaire, et ce que Vitam admet."""
    arbre = ecris(*build_version(version)).getroottree()
    choisi = Schematheque(dossier=donnees_officielles / "seda")(version)

    assert choisi.officiel
    choisi.objet.assertValid(arbre)
    load_notre_schema(version).assertValid(arbre)
    load_grammaire_vitam(version).assertValid(arbre)
    texte = etree.tostring(arbre, encoding="unicode")
    assert max(texte.count(">", 0, texte.find("\n")), 1) == 1
    assert not re.search(r">[ \t]*<(?!/)", texte), "un élément par ligne"


@pytest.mark.parametrize(
    ("version", "champ"),
    [
        ("2.1", {"agents": (PERSONNE,)}),
        ("2.1", {"texte": "x"}),
        ("2.1", {"evenements": (EVENEMENT,)}),
        ("2.2", {"signature": CONTENU_2_3.signature}),
        ("2.2", {"identifiants_perennes": (PERENNE,)}),
        ("2.3", {"signatures": CONTENU.signatures}),
    ],
)
def test_champ_that_the_version_ignores_is_refused_not_lost(version, champ):
    unite = Unite(identifiant="U1", contenu=Contenu(titre="T", **champ))

    with pytest.raises(bordereau.ChampHorsVersion, match=f"SEDA {version}"):
        ecris(build_transfert(version=version, groupes=(), unites=[unite]))


def test_bordereau_with_only_required_champs_follows_the_official_schema(schema):
    transfert = build_transfert(
        groupes=(), unites=[Unite(identifiant="U1", contenu=Contenu(titre="T"))]
    )

    schema.assertValid(ecris(transfert).getroottree())


def test_bordereau_writes_one_element_per_line():
    morceaux: list[str] = []
    bordereau.write_bordereau(morceaux.append, build_complet(), ())

    lignes = "".join(morceaux).splitlines()

    assert all(ligne.count("<") <= 2 for ligne in lignes)
    assert len(lignes) > 200


def test_instant_keeps_its_fuseau_and_loses_its_microsecondes():
    arbre = ecris(build_complet())

    assert arbre.findtext(".//{*}Content/{*}Event/{*}EventDateTime") == "2026-03-01T12:00:00+00:00"


def test_instant_without_fuseau_is_refused():
    transfert = build_transfert(date=datetime(2026, 3, 1, 12, 0))

    with pytest.raises(ValueError, match="fuseau"):
        ecris(transfert)


@pytest.mark.parametrize("identifiant", ["", "1U", "a b", "é", 'x"y'])
def test_identifiant_that_is_not_xml_is_refused(identifiant):
    unite = Unite(identifiant=identifiant, contenu=Contenu(titre="T"))

    with pytest.raises(ValueError, match="identifiant XML"):
        ecris(build_transfert(groupes=(), unites=[unite]))


def test_unites_too_deep_are_refused():
    unite = Unite(identifiant="F", contenu=Contenu(titre="T"))
    for rang in range(bordereau.PROFONDEUR_MAX):
        unite = Unite(identifiant=f"U{rang}", contenu=Contenu(titre="T"), unites=(unite,))

    with pytest.raises(ValueError, match="emboîtées"):
        ecris(build_transfert(groupes=(), unites=[unite]))


def test_agent_cannot_be_a_personne_and_an_organisme():
    with pytest.raises(ValueError, match="pas les deux"):
        Agent(prenom="Camille", organisme="Ville")


@settings(max_examples=150, deadline=None)
@given(titre=st.text(min_size=1), description=st.text())
def test_any_text_gives_a_bordereau_that_reads_back(titre, description):
    contenu = replace(CONTENU, titre=f"T{titre}", description=description)
    unites = [Unite(identifiant="U1", contenu=contenu)]

    arbre = ecris(build_transfert(groupes=(), unites=unites))

    lu = arbre.findtext(".//{*}Content/{*}Title")
    assert lu == _lisible(f"T{titre}".strip())
    assert (arbre.findtext(".//{*}Content/{*}Description") or "") == _lisible(description.strip())


def _lisible(texte: str) -> str:
    """Ce que XML 1.0 peut porter : le reste devient le caractère de remplacement."""
    return "".join(
        c
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
        else "\ufffd"
        for c in texte
    )
