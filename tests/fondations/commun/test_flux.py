"""Un seul flux Atom pour tous : adresses complètes, identifiants, dates, contenu."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from socle.fondations.commun.flux import TYPE_MIME, EntreeDeFlux, respond_atom

LE = datetime(2026, 11, 21, 9, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_feed_has_full_addresses_and_falls_back_on_the_publication_date(settings):
    settings.ADRESSE = "https://socle.exemple"
    entrees = [
        EntreeDeFlux(titre="Un <b>", chemin="/a/un/", resume="Court.", publie_le=LE),
        EntreeDeFlux(
            titre="Deux", chemin="/a/deux/", resume="Court.", publie_le=LE, auteur="Le Pré",
            contenu="<p>Long</p>", themes=("Données",), modifie_le=LE + timedelta(days=1),
        ),
    ]  # fmt: skip

    reponse = respond_atom(
        titre="Fil", resume="Tout.", page="/a/", flux="/a.atom?theme=x", entrees=entrees,
        licence="Licence Ouverte 2.0",
    )  # fmt: skip

    racine = ET.fromstring(reponse.text)
    assert reponse["Content-Type"] == TYPE_MIME
    assert [lien.attrib["href"] for lien in racine.findall(f"{ATOM}link")] == [
        "https://socle.exemple/a/", "https://socle.exemple/a.atom?theme=x",
    ]  # fmt: skip
    un, deux = racine.findall(f"{ATOM}entry")
    assert un.findtext(f"{ATOM}id") == "https://socle.exemple/a/un/"
    assert un.findtext(f"{ATOM}title") == "Un <b>"
    assert un.findtext(f"{ATOM}updated") == "2026-11-21T09:00:00+00:00"
    assert un.find(f"{ATOM}content") is None
    assert deux.findtext(f"{ATOM}updated") == "2026-11-22T09:00:00+00:00"
    assert deux.findtext(f"{ATOM}author/{ATOM}name") == "Le Pré"
    assert deux.find(f"{ATOM}category").attrib["term"] == "Données"
