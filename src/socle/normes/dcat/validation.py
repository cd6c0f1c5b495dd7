"""Ce qui manque à un catalogue pour être conforme à DCAT-AP et lu en entier par data.gouv.fr."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from socle.normes.dcat import vocabulaire as v
from socle.normes.dcat.adresses import is_adresse, propose_adresse
from socle.normes.dcat.modele import (
    Agent,
    Catalogue,
    Contact,
    Distribution,
    JeuDeDonnees,
    Lieu,
    Periode,
    ServiceDeDonnees,
    Theme,
)

ANOMALIES_MAX = 10_000
TITRE_MAX, DESCRIPTION_MAX = 350, 100_000  # ce que data.gouv.fr garde
TAILLE_MAX = 2**63 - 1
_COURRIEL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SIRET = re.compile(r"[0-9]{14}")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ().-]{1,20}")
_LANGUE = re.compile(r"[a-z]{2,3}")
_MIME = re.compile(r"[a-zA-Z0-9][\w!#$&^.+-]{0,126}/[a-zA-Z0-9][\w!#$&^.+-]{0,126}", re.ASCII)
_HEXA = re.compile(r"[0-9A-Fa-f]+")
_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOMS = {
    "absent": "Valeur absente",
    "adresse": "Adresse incorrecte",
    "doublon": "Valeur répétée",
    "vocabulaire": "Terme inconnu",
    "date": "Dates incorrectes",
    "emprise": "Emprise incorrecte",
    "empreinte": "Empreinte incorrecte",
    "forme": "Forme incorrecte",
    "longueur": "Texte trop long",
    "caractere": "Caractère interdit",
    "lien": "Lien perdu",
    "conseil": "Conseillé",
    "type": "Mauvaise sorte de valeur",
    "inconnu": "Champ inconnu",
    "illisible": "Fichier illisible",
}


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Une faute ou un conseil.

    Attributes:
        champ: « jeux[3].distributions[0].url ».
        bloque: vrai si le catalogue ne peut pas être écrit ainsi.
    """

    code: str
    champ: str
    message: str
    bloque: bool = True
    valeur: str | None = None
    ligne: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "ligne": self.ligne,
            "champ": self.champ or None,
            "code": self.code,
            "nom": NOMS[self.code],
            "message": self.message,
            "cellule": self.valeur,
        }

    def __str__(self) -> str:
        return f"{self.champ or 'catalogue'} : {self.message} ({self.code})"


def check_catalogue(catalogue: Catalogue, *, aujourd_hui: date | None = None) -> list[Anomalie]:
    """Rend les fautes et les conseils, dans l’ordre du catalogue ; dix mille au plus.

    Args:
        aujourd_hui: s’il est donné, signale les dates à venir, que data.gouv.fr ignore.
    """
    return list(islice(_Controle(catalogue, aujourd_hui).iterate(), ANOMALIES_MAX))


class _Controle:
    def __init__(self, catalogue: Catalogue, aujourd_hui: date | None) -> None:
        self.catalogue, self.aujourd_hui = catalogue, aujourd_hui
        self.services = {service.uri for service in catalogue.services}
        self.jeux = {jeu.uri for jeu in catalogue.jeux}

    def iterate(self) -> Iterator[Anomalie]:
        catalogue = self.catalogue
        yield from check_adresse("uri", catalogue.uri)
        yield from check_texte("titre", catalogue.titre, TITRE_MAX)
        yield from check_texte("description", catalogue.description, DESCRIPTION_MAX)
        yield from check_adresse("page", catalogue.page, requise=False)
        yield from _check_agent("editeur", catalogue.editeur)
        if not _LANGUE.fullmatch(catalogue.langue):
            yield _fault("forme", "langue", "Écrivez un code de langue : fr, br…", catalogue.langue)
        yield from check_terme("langue", catalogue.langue, v.LANGUES)
        yield from check_terme("licence", catalogue.licence, v.LICENCES)
        yield from self._check_jours("", catalogue)
        yield from self._check_doublons()
        for rang, jeu in enumerate(catalogue.jeux):
            yield from self._check_jeu(f"jeux[{rang}].", jeu)
        for rang, service in enumerate(catalogue.services):
            yield from self._check_service(f"services[{rang}].", service)

    def _check_doublons(self) -> Iterator[Anomalie]:
        """Une adresse ne nomme qu’une chose ; un identifiant, qu’un jeu ou service."""
        c = self.catalogue
        objets = [(f"jeux[{r}]", jeu) for r, jeu in enumerate(c.jeux)]
        objets += [(f"services[{r}]", s) for r, s in enumerate(c.services)]  # type: ignore[misc]
        uris: list[tuple[str, str]] = [("uri", c.uri)]
        uris += [(f"{lieu}.uri", objet.uri) for lieu, objet in objets]
        for lieu, jeu in zip((lieu for lieu, _ in objets), c.jeux, strict=False):
            uris += [(f"{lieu}.distributions[{r}].uri", d.uri)
                     for r, d in enumerate(jeu.distributions)]  # fmt: skip
        yield from _check_uniques(uris)
        yield from _check_uniques([(f"{lieu}.identifiant", o.identifiant) for lieu, o in objets])

    def _check_commun(
        self, lieu: str, objet: JeuDeDonnees | ServiceDeDonnees
    ) -> Iterator[Anomalie]:
        yield from check_adresse(f"{lieu}uri", objet.uri)
        yield from check_texte(f"{lieu}identifiant", objet.identifiant, TITRE_MAX)
        yield from check_texte(f"{lieu}titre", objet.titre, TITRE_MAX)
        yield from check_adresse(f"{lieu}page", objet.page, requise=False)
        if objet.editeur:
            yield from _check_agent(f"{lieu}editeur", objet.editeur)
        if objet.contact:
            yield from _check_contact(f"{lieu}contact", objet.contact)
        yield from check_terme(f"{lieu}licence", objet.licence, v.LICENCES)
        yield from check_terme(f"{lieu}acces", objet.acces, v.ACCES)
        for mot in objet.mots_cles:
            yield from check_texte(f"{lieu}mots_cles", mot, TITRE_MAX)
        for theme in objet.themes:
            yield from _check_theme(f"{lieu}themes", theme)
        for uri in objet.conforme_a:
            yield from check_adresse(f"{lieu}conforme_a", uri)
        yield from self._check_jours(lieu, objet)

    def _check_jeu(self, lieu: str, jeu: JeuDeDonnees) -> Iterator[Anomalie]:
        yield from self._check_commun(lieu, jeu)
        yield from check_texte(f"{lieu}description", jeu.description, DESCRIPTION_MAX)
        yield from check_terme(f"{lieu}frequence", jeu.frequence, v.FREQUENCES)
        yield from check_terme(f"{lieu}langue", jeu.langue, v.LANGUES)
        yield from check_texte(f"{lieu}version", jeu.version, TITRE_MAX, requis=False)
        if jeu.periode:
            yield from _check_periode(f"{lieu}periode", jeu.periode)
        for rang, endroit in enumerate(jeu.lieux):
            yield from _check_lieu(f"{lieu}lieux[{rang}]", endroit)
        for uri in jeu.documentation:
            yield from check_adresse(f"{lieu}documentation", uri)
        for rang, d in enumerate(jeu.distributions):
            yield from self._check_distribution(f"{lieu}distributions[{rang}].", d)
        yield from _advise(lieu, jeu)

    def _check_distribution(self, lieu: str, d: Distribution) -> Iterator[Anomalie]:
        yield from check_adresse(f"{lieu}uri", d.uri)
        yield from check_adresse(f"{lieu}url", d.url)
        yield from check_adresse(f"{lieu}page", d.page, requise=False)
        for nom, texte, maximum in (
            ("titre", d.titre, TITRE_MAX),
            ("description", d.description, DESCRIPTION_MAX),
            ("identifiant", d.identifiant, TITRE_MAX),
        ):
            yield from check_texte(f"{lieu}{nom}", texte, maximum, requis=False)
        yield from check_terme(f"{lieu}format", d.format, v.FORMATS)
        yield from check_terme(f"{lieu}licence", d.licence, v.LICENCES)
        for uri in d.conforme_a:
            yield from check_adresse(f"{lieu}conforme_a", uri)
        yield from _check_fichier(lieu, d)
        yield from self._check_jours(lieu, d)
        if d.service and d.service not in self.services:
            message = "Ce service n’est pas dans le catalogue : ajoutez-le à « services »."
            yield _fault("lien", f"{lieu}service", message, d.service)

    def _check_service(self, lieu: str, service: ServiceDeDonnees) -> Iterator[Anomalie]:
        yield from self._check_commun(lieu, service)
        yield from check_adresse(f"{lieu}url", service.url)
        yield from check_adresse(f"{lieu}contrat", service.contrat, requise=False)
        description = service.description
        yield from check_texte(f"{lieu}description", description, DESCRIPTION_MAX, requis=False)
        for uri in service.jeux:
            if uri not in self.jeux:
                message = "Ce jeu n’est pas dans le catalogue : ôtez-le, ou ajoutez-le."
                yield _fault("lien", f"{lieu}jeux", message, uri)

    def _check_jours(self, lieu: str, objet: Any) -> Iterator[Anomalie]:
        publie, modifie = _day(objet.publie_le), _day(objet.modifie_le)
        if publie and modifie and modifie < publie:
            yield _fault("date", f"{lieu}modifie_le", "La modification précède la publication.",
                         modifie.isoformat(), bloque=False)  # fmt: skip
        if modifie and self.aujourd_hui and modifie > self.aujourd_hui:
            yield _fault("date", f"{lieu}modifie_le", "Cette date est à venir.",
                         modifie.isoformat(), bloque=False)  # fmt: skip


def _day(jour: date | datetime | None) -> date | None:
    return jour.date() if isinstance(jour, datetime) else jour


def _fault(
    code: str, champ: str, message: str, valeur: str | None = None, *, bloque: bool = True
) -> Anomalie:
    montre = (
        None
        if valeur is None
        else "".join(signe if signe.isprintable() else "\ufffd" for signe in valeur[:80])
    )
    return Anomalie(code, champ, message, bloque, montre)


def check_adresse(champ: str, uri: str, *, requise: bool = True) -> Iterator[Anomalie]:
    """Une adresse absolue, http ou https, en ASCII."""
    if not uri:
        if requise:
            yield _fault("absent", champ, "Donnez une adresse, par exemple https://…")
    elif len(uri) > 2000:
        yield _fault("longueur", champ, "Gardez 2000 signes au plus.", uri)
    elif not is_adresse(uri):
        yield _fault("adresse", champ, propose_adresse(uri), uri)


def check_texte(champ: str, texte: str, maximum: int, *, requis: bool = True) -> Iterator[Anomalie]:
    """Un texte présent, pas trop long, sans signe de contrôle."""
    if not texte.strip():
        if requis or texte:
            yield _fault("absent", champ, "Écrivez ce texte : il est obligatoire.")
    elif len(texte) > maximum:
        yield _fault(
            "longueur", champ, f"Gardez {maximum} signes au plus ; il y en a {len(texte)}."
        )
    if _INTERDITS.search(texte):
        yield _fault("caractere", champ, "Ôtez les signes de contrôle ou abîmés.", texte)


def check_terme(champ: str, terme: str, vocabulaire: dict[str, str]) -> Iterator[Anomalie]:
    """Un de nos noms, ou l’adresse d’un terme."""
    if terme and terme not in vocabulaire and any(check_adresse(champ, terme)):
        noms = ", ".join(vocabulaire)
        message = f"Choisissez parmi {noms}, ou donnez l’adresse du terme."
        yield _fault("vocabulaire", champ, message, terme)


def _check_uniques(valeurs: Sequence[tuple[str, str]]) -> Iterator[Anomalie]:
    vues: dict[str, str] = {}
    for champ, valeur in valeurs:
        if valeur in vues:
            message = f"Déjà pris par {vues[valeur]} : donnez-en un autre, et n’en changez plus."
            yield _fault("doublon", champ, message, valeur)
        elif valeur:
            vues[valeur] = champ


def _check_agent(champ: str, agent: Agent) -> Iterator[Anomalie]:
    yield from check_adresse(f"{champ}.uri", agent.uri)
    yield from check_texte(f"{champ}.nom", agent.nom, TITRE_MAX)
    if agent.siret and not _SIRET.fullmatch(agent.siret):
        message = "Écrivez les 14 chiffres du SIRET, sans espace."
        yield _fault("forme", f"{champ}.siret", message, agent.siret)
    yield from check_adresse(f"{champ}.page", agent.page, requise=False)
    yield from _check_courriel(f"{champ}.courriel", agent.courriel)


def _check_contact(champ: str, contact: Contact) -> Iterator[Anomalie]:
    yield from check_texte(f"{champ}.nom", contact.nom, 255)
    yield from check_adresse(f"{champ}.page", contact.page, requise=False)
    yield from _check_courriel(f"{champ}.courriel", contact.courriel)
    if contact.telephone and not _TELEPHONE.fullmatch(contact.telephone):
        yield _fault("forme", f"{champ}.telephone", "Écrivez +33123456789.", contact.telephone)


def _check_courriel(champ: str, courriel: str) -> Iterator[Anomalie]:
    if courriel and (len(courriel) > 254 or not _COURRIEL.fullmatch(courriel)):
        yield _fault("forme", champ, "Écrivez une adresse, par exemple donnees@ville.fr.", courriel)


def _check_theme(champ: str, theme: str | Theme) -> Iterator[Anomalie]:
    if isinstance(theme, Theme):
        yield from check_adresse(f"{champ}.uri", theme.uri)
        yield from check_texte(f"{champ}.nom", theme.nom, TITRE_MAX)
    elif v.resolve(v.THEMES, theme) not in v.NOMS_DE_THEMES:
        message = f"Choisissez parmi {', '.join(v.THEMES)}, ou donnez son adresse et son nom."
        yield _fault("vocabulaire", champ, message, theme)


def _check_periode(champ: str, periode: Periode) -> Iterator[Anomalie]:
    if periode.debut is None and periode.fin is None:
        yield _fault("absent", champ, "Donnez le début ou la fin.")
    elif periode.debut and periode.fin and periode.fin < periode.debut:
        yield _fault("date", f"{champ}.fin", "La fin précède le début.", periode.fin.isoformat())


def _check_lieu(champ: str, lieu: Lieu) -> Iterator[Anomalie]:
    if not (lieu.uri or lieu.nom or lieu.emprise):
        yield _fault("absent", champ, "Donnez une adresse, un nom ou une emprise.")
    yield from check_adresse(f"{champ}.uri", lieu.uri, requise=False)
    yield from check_texte(f"{champ}.nom", lieu.nom, TITRE_MAX, requis=False)
    if lieu.emprise and not _is_emprise(lieu.emprise):
        message = "Donnez ouest, sud, est, nord, en degrés."
        yield _fault("emprise", f"{champ}.emprise", message, str(lieu.emprise))


def _is_emprise(emprise: tuple[float, ...]) -> bool:
    if len(emprise) != 4:
        return False
    ouest, sud, est, nord = emprise
    return -180 <= ouest <= est <= 180 and -90 <= sud <= nord <= 90


def _check_fichier(lieu: str, d: Distribution) -> Iterator[Anomalie]:
    if d.type_mime and not _MIME.fullmatch(d.type_mime):
        yield _fault("forme", f"{lieu}type_mime", "Écrivez par exemple text/csv.", d.type_mime)
    if d.taille is not None and not 0 <= d.taille <= TAILLE_MAX:
        yield _fault("forme", f"{lieu}taille", "Donnez la taille en octets.")
    longueur = v.ALGORITHMES.get(d.algorithme)
    if longueur is None:
        message = f"Choisissez parmi {', '.join(v.ALGORITHMES)}."
        yield _fault("vocabulaire", f"{lieu}algorithme", message, d.algorithme)
    elif d.empreinte and (len(d.empreinte) != longueur or not _HEXA.fullmatch(d.empreinte)):
        message = f"Une empreinte {d.algorithme} a {longueur} chiffres hexadécimaux."
        yield _fault("empreinte", f"{lieu}empreinte", message, d.empreinte)


def _advise(lieu: str, jeu: JeuDeDonnees) -> Iterator[Anomalie]:
    """Ce que compte la note de qualité de data.gouv.fr."""
    conseils = (
        (not jeu.distributions, "distributions", "Ajoutez un fichier à télécharger."),
        (not jeu.licence, "licence", "Choisissez une licence, par exemple lov2."),
        (not jeu.contact, "contact", "Donnez à qui écrire."),
        (not jeu.frequence, "frequence", "Dites quand le jeu est mis à jour."),
        (not jeu.periode, "periode", "Dites quelle période le jeu couvre."),
        (not jeu.lieux, "lieux", "Dites quel territoire le jeu couvre."),
    )
    for manque, champ, message in conseils:
        if manque:
            yield _fault("conseil", f"{lieu}{champ}", message, bloque=False)
