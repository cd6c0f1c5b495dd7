"""Fiches, accompagnement, éditeurs, bancs, clauses et API : règles, journal, refus."""

from datetime import date, timedelta

import pytest

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.metiers.catalogue.enums import Cote
from socle.metiers.catalogue.errors import (
    EtapeImpossible,
    FicheIncomplete,
    FicheModifieeAilleurs,
    FichierRefuse,
    NomDejaPris,
    PasRepresentant,
)
from socle.metiers.catalogue.exports.publiccode import describe_publiccode, write_fiche
from socle.metiers.catalogue.models import Api, Clause, Solution, VersionProduit
from socle.metiers.catalogue.ports import NOMMEES_MAX, EmploiDeSource
from socle.metiers.catalogue.queries.choix import rank_solutions
from socle.metiers.catalogue.queries.comparaison import compare_solutions
from socle.metiers.catalogue.queries.encarts import count_labels, count_solutions
from socle.metiers.catalogue.queries.solutions import Criteres, filter_solutions, list_publiees
from socle.metiers.catalogue.services import api, deploiement, editeurs, solutions
from socle.metiers.catalogue.services.bancs import run_franceconnect, run_publiccode, run_seda
from socle.metiers.catalogue.services.publiccode import read_champs
from socle.metiers.catalogue.services.semence import seed
from socle.normes.publiccode.lecture import read_publiccode
from tests.metiers.catalogue.conftest import MAINTENANT
from tests.normes.seda.fabrique import remake, write_paquet


def list_actions() -> list[str]:
    with operateur():
        entrees = Entree.objects.filter(collectivite_id=INSTALLATION)
        return sorted(entrees.values_list("action", flat=True))


# Semence ------------------------------------------------------------------
def test_seed_is_whole_replayable_and_respects_people(catalogue, publik, equipe):
    assert Solution.objects.count() >= 10
    assert Api.objects.count() >= 8
    assert Clause.objects.count() >= 8
    avant = Solution.objects.values_list("modifie_le", flat=True).count()
    solutions.save_solution(solution=publik, champs={"phrase": "Changée."}, revision=0,
                            agent=equipe, maintenant=MAINTENANT)  # fmt: skip

    phrase = seed(MAINTENANT)

    publik.refresh_from_db()
    assert publik.phrase == "Changée."
    assert Solution.objects.count() == avant
    assert phrase.startswith("Catalogue : 14 solutions")


def test_every_sheet_of_the_seed_says_its_source_and_can_be_published(catalogue):
    for solution in list_publiees().order_by("id"):
        assert solutions.list_manques(solution) == [], solution.slug
        assert all(chiffre["source"] and chiffre["date"] for chiffre in solution.chiffres)


def test_the_four_solutions_of_the_programme_are_there_with_both_figures(catalogue):
    slugs = {"demarches-simplifiees", "franceconnect", "tchap", "cloud-cercle-3", "socle"}
    assert slugs <= set(Solution.objects.values_list("slug", flat=True))
    franceconnect = Solution.objects.get(slug="franceconnect")
    assert [c["valeur"] for c in franceconnect.chiffres][:3] == [
        "699", "plus de 650", "plus de 700",
    ]  # fmt: skip


def test_socle_gives_back_a_conforming_publiccode(catalogue):
    ecrit = write_fiche(Solution.objects.get(slug="socle"))
    assert read_publiccode(ecrit)["legal"]["license"] == "MIT"


# Fiches ------------------------------------------------------------------
def test_sheet_lives_and_each_step_is_in_the_journal(db, equipe):
    commun = {"agent": equipe, "maintenant": MAINTENANT}
    solution = solutions.create_solution(nom="Comparer", **commun)
    assert solution.slug == "comparer-1"
    with pytest.raises(FicheIncomplete):
        solutions.publish_solution(solution=solution, **commun)
    champs = {
        "phrase": "Une phrase.", "description": "x" * 160, "modele_economique": "Libre.",
        "technique": "Python.", "gouvernance": "Ouverte.", "perennite": "MIT.",
        "deploiement": [{"titre": "Un"}], "besoins": ["demarches"], "sources": [{"texte": "a"}],
    }  # fmt: skip
    solutions.save_solution(solution=solution, champs=champs, revision=0, **commun)
    solutions.publish_solution(solution=solution, **commun)
    with pytest.raises(FicheModifieeAilleurs):
        solutions.save_solution(solution=solution, champs={"phrase": "z"}, revision=0, **commun)
    solution.refresh_from_db()
    with pytest.raises(FicheIncomplete):
        solutions.save_solution(solution=solution, champs={"perennite": ""},
                                revision=solution.revision, **commun)  # fmt: skip
    with pytest.raises(EtapeImpossible):
        solutions.withdraw_solution(solution=solution, motif=" ", **commun)
    solutions.withdraw_solution(solution=solution, motif="Remplacée.", **commun)

    assert list_actions() == [
        "solution.creee", "solution.modifiee", "solution.publiee", "solution.retiree",
    ]  # fmt: skip


def test_withdrawn_sheet_stays_readable_and_says_why(client, publik, equipe):
    solutions.withdraw_solution(solution=publik, motif="Remplacée.", agent=equipe,
                                maintenant=MAINTENANT)  # fmt: skip
    page = client.get("/catalogue/publik/")
    assert page.status_code == 410
    assert "Remplacée." in page.text


def test_draft_is_not_public(client, equipe, db):
    solutions.create_solution(nom="Secrète", agent=equipe, maintenant=MAINTENANT)
    assert client.get("/catalogue/secrete/").status_code == 404


def test_two_sheets_never_share_an_address(publik, equipe):
    with pytest.raises(NomDejaPris):
        solutions.create_solution(nom="Publik", agent=equipe, maintenant=MAINTENANT)


def test_postponed_step_keeps_its_first_date(publik, equipe, client):
    commun = {"solution": publik, "agent": equipe, "maintenant": MAINTENANT}
    etape = solutions.save_etape(
        etape=None, champs={"titre": "V2", "date_prevue": date(2027, 1, 1)}, **commun
    )
    etape = solutions.save_etape(
        etape=etape, champs={"date_prevue": date(2027, 6, 1), "etat": "reportee"}, **commun
    )
    assert (etape.date_initiale, etape.is_decalee) == (date(2027, 1, 1), True)
    fil = client.get("/catalogue/publik/").text.replace("\xa0", " ").split("<b>V2</b>")[1]
    assert ">1er juin 2027</time><span>Reportée, annoncée d’abord pour le 1er janvier 2027" in fil
    faite = solutions.save_etape(etape=etape, champs={"etat": "faite"}, **commun)
    assert faite.date_faite == date(2026, 11, 21)


def test_publiccode_in_gives_the_fields_and_refuses_with_a_place(catalogue):
    ecrit = write_fiche(Solution.objects.get(slug="socle"))
    assert read_champs(ecrit)["nom"] == "Socle"
    with pytest.raises(FichierRefuse, match="url : Cette clé manque"):
        read_champs(b"name: Rien\n")


def test_publiccode_out_is_refused_for_a_service_without_code(client, catalogue):
    assert client.get("/catalogue/tchap/publiccode.yml").status_code == 404
    assert describe_publiccode(Solution.objects.get(slug="tchap"))["name"] == "Tchap"


# Chercher, choisir, comparer ------------------------------------------------------------------
def test_search_ignores_accents_and_adds_filters(catalogue):
    trouvees = filter_solutions(Criteres(texte="DEMARCHES simplifiees"))
    assert [s.slug for s in trouvees.order_by("id")] == ["demarches-simplifiees"]
    petites = filter_solutions(Criteres(besoin="archives", taille="petite", libre=True))
    assert [s.slug for s in petites.order_by("id")] == ["socle"]


def test_choice_is_ordered_by_reserves_and_says_each_reason(catalogue):
    rangees = rank_solutions(
        filter_solutions(Criteres(besoin="demarches")).order_by("id"),
        besoin="demarches", taille="petite", moyens="aucun",
    )  # fmt: skip

    assert rangees[0].solution.slug == "demarches-simplifiees"
    assert [p.reserves for p in rangees] == sorted(p.reserves for p in rangees)
    publik = next(p for p in rangees if p.solution.slug == "publik")
    assert [r.favorable for r in publik.raisons] == [True, False, False]
    assert all(len(p.raisons) == 3 for p in rangees)


def test_comparison_marks_what_differs(catalogue):
    deux = list(list_publiees().filter(slug__in=["tchap", "publik"]).order_by("id"))
    lignes = {ligne.titre: ligne for partie in compare_solutions(deux) for ligne in partie.lignes}

    assert lignes["Licence"].differe
    assert not lignes["Label"].differe
    assert len(lignes["Gouvernance"].valeurs) == 2


# Accompagnement ------------------------------------------------------------------
def test_request_is_answered_by_each_side_and_closed(collectivite, publik, equipe, representant):
    demande = deploiement.request_deploiement(
        solution=publik, collectivite=collectivite, agent=equipe, besoin="Aidez-nous.",
        echeance="", contact="Ada", courriel="ada@exemple.fr", maintenant=MAINTENANT,
    )  # fmt: skip
    with pytest.raises(EtapeImpossible):
        deploiement.request_deploiement(
            solution=publik, collectivite=collectivite, agent=equipe, besoin="Encore.",
            echeance="", contact="Ada", courriel="ada@exemple.fr", maintenant=MAINTENANT,
        )  # fmt: skip

    def answer(cote, auteur, texte="", etat=""):
        return deploiement.answer_demande(demande=demande, cote=cote, auteur=auteur, texte=texte,
                                          etat=etat, maintenant=MAINTENANT)  # fmt: skip

    answer(Cote.EDITEUR, representant, "Bonjour.", "en_cours")
    with pytest.raises(EtapeImpossible):
        answer(Cote.EDITEUR, representant, etat="deployee")
    with pytest.raises(EtapeImpossible):
        answer(Cote.EQUIPE, equipe)
    answer(Cote.EQUIPE, equipe, "Fait.", "deployee")
    with pytest.raises(EtapeImpossible):
        answer(Cote.COLLECTIVITE, equipe, "Merci.")

    demande.refresh_from_db()
    assert (demande.etat, demande.suivie_par, demande.close_le) == ("deployee", equipe, MAINTENANT)
    assert list_actions().count("deploiement.repondu") == 2


# Éditeurs et bancs ------------------------------------------------------------------
def test_vendor_answers_on_its_own_sheet_only(publik, representant, client):
    commun = {"agent": representant, "maintenant": MAINTENANT}
    with pytest.raises(PasRepresentant):
        editeurs.answer_solution(
            solution=Solution.objects.get(slug="tchap"), texte="Nous.", **commun
        )
    reponse = editeurs.answer_solution(solution=publik, texte="Version 2 en mai.", **commun)
    assert "Version 2 en mai." in client.get("/catalogue/publik/").text
    editeurs.withdraw_reponse(reponse=reponse, **commun)
    assert "Version 2 en mai." not in client.get("/catalogue/publik/").text


@pytest.fixture
def version(publik, representant) -> VersionProduit:
    return editeurs.add_version(
        solution=publik, numero="1.0", sortie_le=None, notes="", agent=representant,
        maintenant=MAINTENANT,
    )  # fmt: skip


def test_trial_is_kept_and_public_good_or_bad(version, representant, client):
    essai = editeurs.run_essai(
        version=version, banc="publiccode", octets=b"name: Publik\n", nom_fichier="p.yml",
        agent=representant, maintenant=MAINTENANT,
    )  # fmt: skip

    assert essai.statut == "non_conforme"
    assert len(essai.empreinte) == 64
    assert "Non conforme" in client.get("/catalogue/publik/").text
    assert "url" in client.get("/catalogue/editeurs/entrouvert/").text
    assert "editeur.essai" in list_actions()


@pytest.mark.parametrize(("banc", "octets"), [("inconnu", b"x"), ("publiccode", b""),
                                              ("franceconnect", b"x" * 70_000)])  # fmt: skip
def test_trial_refuses_unknown_bench_empty_or_huge_file(version, representant, banc, octets):
    with pytest.raises(FichierRefuse):
        editeurs.run_essai(version=version, banc=banc, octets=octets, nom_fichier="x",
                           agent=representant, maintenant=MAINTENANT)  # fmt: skip


FAUTES = {
    "iss_etranger": "refuse", "iss_absent": "refuse", "state_altere": "refuse",
    "id_absent": "refuse", "id_nonce": "refuse", "id_signature": "refuse",
    "id_alg_none": "refuse", "id_expire": "refuse", "id_acr_bas": "refuse", "id_iss": "refuse",
    "id_aud": "refuse", "userinfo_non_signe": "refuse", "userinfo_signature": "refuse",
    "userinfo_sub": "refuse", "token_500": "attend", "userinfo_500": "attend",
    "rotation": "connecte",
}  # fmt: skip
AUTORISATION = (
    "https://fc.exemple.fr/api/v2/authorize?client_id=a&redirect_uri=https%3A%2F%2Fa.fr%2Fretour"
    "&response_type=code&scope=openid%20profile&state=abcdefghijklmnopqrstuvw"
    "&nonce=abcdefghijklmnopqrstuvw&acr_values=eidas1"
)


def build_releve(autorisation: str = AUTORISATION, **fautes: str) -> bytes:
    import json

    return json.dumps({"autorisation": autorisation, "defaillances": FAUTES | fautes}).encode()


def test_strict_franceconnect_client_conforms():
    assert run_franceconnect(build_releve()).statut == "conforme"


def test_what_the_vendor_noted_itself_is_called_declared(version, representant, client):
    def show(banc: str, octets: bytes, heure: int) -> tuple[str, str]:
        editeurs.run_essai(
            version=version, banc=banc, octets=octets, nom_fichier="r", agent=representant,
            maintenant=MAINTENANT + timedelta(hours=heure),
        )  # fmt: skip
        fiche = client.get("/catalogue/publik/").text.split('id="t-essais"')[1]
        return fiche.split("</section>")[0], client.get("/catalogue/editeurs/entrouvert/").text

    carte, page = show("franceconnect", build_releve(), 0)
    assert "Déclaré conforme" in carte
    assert "Déclaré conforme, essayé" in page
    assert page.count("Déclaré respecté.") == len(FAUTES)
    assert "<b>Respecté.</b> Le périmètre demande" in page  # l’adresse, elle, est mesurée
    carte, page = show("franceconnect", build_releve(id_aud="connecte"), 1)
    assert "Déclaré non conforme" in carte
    assert "Déclaré non respecté." in page
    carte, _ = show("franceconnect", build_releve(AUTORISATION + "&x=1"), 2)
    assert "Non conforme" in carte
    assert "Déclaré non conforme" not in carte
    nul = build_releve(AUTORISATION + "&%00=1", iss_absent="\0", id_aud="\ud800")
    _, page = show("franceconnect", nul, 3)  # des signes que la base ne garde pas
    assert "De trop" in page
    assert page.count("\N{REPLACEMENT CHARACTER}.") >= 3
    _, page = show("publiccode", b"name: x\n", 3)
    assert "Non conforme, essayé" in page
    carte, page = show("api:quotient-familial", b"{}", 4)
    assert "Appel d’une API de l’État : API Particulier, quotient familial" in carte
    assert "la liste log.entries manque" in page


@pytest.mark.parametrize(
    "releve",
    [
        build_releve(AUTORISATION + "&code_challenge=x"),
        build_releve(AUTORISATION.replace("nonce=abcdefghijklmnopqrstuvw", "nonce=court")),
        build_releve(AUTORISATION.replace("&acr_values=eidas1", "")),
        build_releve(AUTORISATION.replace("https%3A", "http%3A")),
        build_releve(AUTORISATION + "&state=autre"),
        build_releve(id_aud="connecte"),
        build_releve(token_500="refuse"),
        b"{}", b"[", b"\xff", b'{"autorisation": 3}',
    ],
)  # fmt: skip
def test_lax_franceconnect_client_does_not_conform(releve):
    assert run_franceconnect(releve).statut == "non_conforme"


def test_seda_bench_refuses_what_is_not_a_package():
    rapport = run_seda(b"pas un paquet")
    assert rapport.statut == "non_conforme"
    assert rapport.constats[0].detail


def test_seda_bench_accepts_real_packages_and_names_what_is_wrong(tmp_path, donnees_officielles):
    notre = tmp_path / "notre.zip"
    write_paquet(notre)
    vitam = donnees_officielles / "seda" / "samples" / "OK_468.zip"
    for paquet in (notre, vitam):
        rapport = run_seda(paquet.read_bytes())
        assert rapport.statut == "conforme", (paquet.name, rapport)
        assert len(rapport.constats) >= 15

    for balise, ajout, statut, regle in (
        ("<Size>", "1", "a_ameliorer", "Tailles des fichiers"),
        ('<MessageDigest algorithm="SHA-512">', "0", "non_conforme", "Empreintes des fichiers"),
    ):
        faux = remake(notre, tmp_path / "faux.zip",
                      manifeste=lambda t, b=balise, a=ajout: t.replace(b, b + a, 1))  # fmt: skip
        rapport = run_seda(faux.read_bytes())
        assert rapport.statut == statut, regle
        assert regle in {c.regle for c in rapport.constats if not c.respectee}


def test_publiccode_bench_tells_advice_from_errors(catalogue):
    conforme = write_fiche(Solution.objects.get(slug="socle"))
    assert run_publiccode(conforme).statut == "conforme"
    assert run_publiccode(conforme + b"couleur: bleu\n").statut == "a_ameliorer"
    assert run_publiccode(b"[").statut == "non_conforme"


# Clauses et API ------------------------------------------------------------------
def test_changed_clause_becomes_a_new_version(catalogue, equipe, client):
    clause = Clause.objects.get(slug="reversibilite")
    commun = {"clause": clause, "champs": {}, "changement": "", "agent": equipe,
              "maintenant": MAINTENANT}  # fmt: skip
    texte = clause.versions.get().texte
    editeurs.save_clause(texte=texte, **commun)
    assert clause.versions.count() == 1
    editeurs.save_clause(texte="Autre texte.", **commun)
    assert [v.numero for v in clause.versions.order_by("numero")] == [1, 2]
    reprise = client.get("/catalogue/clauses/reversibilite/clause.txt")
    assert reprise.headers["Content-Disposition"].endswith('filename="clause-reversibilite.txt"')
    assert reprise.text == f"{clause.titre}\n\nAutre texte.\n"


def test_delay_between_announcement_and_use_is_measured_with_sources(catalogue, equipe, client):
    entreprise = Api.objects.get(slug="api-entreprise")
    commun = {"api": entreprise, "agent": equipe, "maintenant": MAINTENANT}
    dates = {"annoncee_le": date(2026, 1, 1), "operable_le": date(2026, 3, 2)}
    with pytest.raises(EtapeImpossible):
        api.save_api(champs=dates, **commun)
    sources = {"annoncee_source": "Communiqué", "operable_source": "Essai"}
    with pytest.raises(EtapeImpossible):
        api.save_api(champs=dates | sources | {"operable_le": date(2025, 1, 1)}, **commun)

    ecrite = api.save_api(champs=dates | sources, **commun)

    assert ecrite.delai_jours == 60
    assert "60 jours" in client.get("/catalogue/api/api-entreprise/").text
    assert "inconnue" in client.get("/catalogue/api/hubee/").text


def test_uses_keep_the_greatest_count_and_a_bounded_list(catalogue):
    api.store_emplois({"cnaf_quotient": EmploiDeSource(42, 5, tuple(range(30))),
                       "cnaf_foyer": EmploiDeSource(3, 3, (7, 99))}, MAINTENANT)  # fmt: skip
    quotient = Api.objects.get(slug="api-particulier-quotient-familial")
    assert (quotient.demarches, quotient.collectivites) == (42, 5)
    assert quotient.demarches_nommees == list(range(NOMMEES_MAX))
    assert quotient.autres_demarches == 42 - NOMMEES_MAX
    api.store_emplois({}, MAINTENANT)
    quotient.refresh_from_db()
    assert (quotient.demarches, quotient.demarches_nommees) == (0, [])


def test_measures_count_at_the_end_of_a_day(catalogue):
    assert count_solutions(date(2026, 11, 21)) == 14
    assert count_solutions(date(2026, 11, 20)) == 0
    assert count_labels(date(2026, 11, 21)) == 0
