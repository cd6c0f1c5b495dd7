"""Deux pages ouvertes sur la même chose : la seconde voit les deux versions, et choisit."""

from bs4 import BeautifulSoup
from django.test import Client


def read_saisie(page: BeautifulSoup, formulaire: str = "main form[method=post]") -> dict[str, str]:
    """Rend ce qu’un navigateur renverrait du premier formulaire qui porte une marque, intact."""
    marques = "[name=empreinte], [name=revision]"
    voulu = next(f for f in page.select(formulaire) if f.select_one(marques))
    saisie = {}
    for champ in voulu.select("input[name], select[name], textarea[name]"):
        if champ.name == "textarea":
            saisie[champ["name"]] = champ.get_text().removeprefix("\n")
        elif champ.name == "select":
            choisi = champ.select_one("option[selected]")
            saisie[champ["name"]] = choisi["value"] if choisi else ""
        elif champ.get("type") == "file":
            continue
        elif champ.get("type") not in ("radio", "checkbox") or champ.has_attr("checked"):
            case = champ.get("type") in ("radio", "checkbox")
            saisie[champ["name"]] = champ.get("value", "on" if case else "")
    return saisie


def read_versions(page: BeautifulSoup) -> dict[str, tuple[str, str]]:
    """Rend, par libellé, la version enregistrée et celle de la page."""
    lignes = page.select(".conflit tbody tr")
    return {
        ligne.th.get_text(): tuple(td.get_text("\n") for td in ligne.select("td"))
        for ligne in lignes
    }


def check_deux_pages(
    client: Client,
    adresse: str,
    champ: str,
    *,
    autre: str,
    mienne: str,
    bouton: str = "",
    auteur: str = "vous, dans une autre page",
    montrees: tuple[str, str] | None = None,
) -> BeautifulSoup:
    """Ouvre deux fois la page, enregistre l’une puis l’autre, et vérifie tout le choix.

    Rend la page du conflit. `bouton` : nom du bouton d’envoi, s’il en porte un ; `auteur` : ce
    que la page dit de qui a enregistré l’autre version ; `montrees` : les deux valeurs telles que
    la page les écrit, si ce n’est pas ainsi qu’on les envoie (une date).
    """

    def read(reponse) -> BeautifulSoup:
        return BeautifulSoup(reponse.text, "html.parser")

    envoi = {bouton: "1"} if bouton else {}
    premiere, seconde = (read_saisie(read(client.get(adresse))) for _ in range(2))
    assert client.post(adresse, premiere | {champ: autre} | envoi).status_code == 302, adresse
    refus = client.post(adresse, seconde | {champ: mienne} | envoi)

    conflit = read(refus)
    assert refus.status_code == 409, adresse
    versions = read_versions(conflit)
    assert (montrees or (autre, mienne)) in versions.values(), versions
    assert read_saisie(conflit)[champ] == mienne, adresse
    assert auteur in conflit.select_one(".conflit").get_text(), adresse
    prise = client.get(conflit.select_one(".conflit .gestes a")["href"])
    assert read_saisie(read(prise))[champ] == autre, adresse
    garder = conflit.select_one(".conflit .gestes button")
    assert garder.get("name", "") == bouton, adresse
    assert client.post(adresse, read_saisie(conflit) | envoi).status_code == 302, adresse
    assert read_saisie(read(client.get(adresse)))[champ] == mienne, adresse
    return conflit
