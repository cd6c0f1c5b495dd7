"""Du catalogue au graphe : DCAT-AP 3.0.1, chaque terme de vocabulaire typé sur place.

Les contraintes SHACL veulent la classe de chaque terme cité dans le même graphe ; chaque page porte
donc ses propres annexes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from socle.normes.dcat import vocabulaire as v
from socle.normes.dcat.graphe import Litteral, Noeud, Objet, Ref
from socle.normes.dcat.modele import (
    Agent,
    Catalogue,
    Contact,
    Distribution,
    JeuDeDonnees,
    Jour,
    Lieu,
    Periode,
    ServiceDeDonnees,
    Theme,
)
from socle.normes.dcat.pages import Page

Proprietes = list[tuple[str, list[Objet]]]


class Empreintes(StrEnum):
    """Comment écrire l’empreinte d’un fichier.

    DCAT-AP veut `xsd:hexBinary` et l’algorithme de SPDX ; data.gouv.fr (udata 17.18) refuse alors
    tout le jeu, et veut un texte nu. Prudentes : conformes, avec l’algorithme nommé par le W3C, que
    data.gouv.fr laisse de côté sans refuser le jeu.
    """

    PRUDENTES = "prudentes"
    DCAT_AP = "dcat-ap"
    DATA_GOUV = "data.gouv.fr"


def compose(
    catalogue: Catalogue,
    page: Page | None = None,
    *,
    empreintes: Empreintes = Empreintes.PRUDENTES,
) -> Iterator[Noeud]:
    """Rend un à un les nœuds du catalogue, ou d’une de ses pages, toujours dans le même ordre."""
    return _Composition(catalogue, empreintes).compose(page)


class _Fiche:
    """Les propriétés d’un nœud ; ce qui est vide n’est pas ajouté."""

    def __init__(self, langue: str) -> None:
        self.langue = langue
        self.proprietes: Proprietes = []

    def add(self, predicat: str, objets: Iterable[Objet]) -> None:
        gardes = list(dict.fromkeys(objets)) if not isinstance(objets, list) else objets
        if gardes:
            self.proprietes.append((predicat, gardes))

    def texte(self, predicat: str, *textes: str) -> None:
        langue = self.langue
        self.add(predicat, [Litteral(t, langue) for t in dict.fromkeys(textes) if t])

    def nu(self, predicat: str, texte: str, type_: str = "") -> None:
        if texte:
            self.proprietes.append((predicat, [Litteral(texte, "", type_)]))

    def lien(self, predicat: str, *uris: str) -> None:
        self.add(predicat, [Ref(uri) for uri in dict.fromkeys(uris) if uri])

    def jour(self, predicat: str, jour: Jour) -> None:
        if jour is not None:
            type_ = "xsd:dateTime" if isinstance(jour, datetime) else "xsd:date"
            self.nu(predicat, jour.isoformat(), type_)


class _Composition:
    def __init__(self, catalogue: Catalogue, empreintes: Empreintes) -> None:
        self.catalogue, self.empreintes = catalogue, empreintes
        self.langue = catalogue.langue
        self.annexes: dict[str, tuple[dict[str, None], Proprietes]] = {}
        self.agents: set[str] = set()
        self.identifiants = {jeu.uri: jeu.identifiant for jeu in catalogue.jeux}

    def compose(self, page: Page | None) -> Iterator[Noeud]:
        jeux = page.jeux if page else self.catalogue.jeux
        services = page.services if page else self.catalogue.services
        yield self._compose_catalogue(jeux, services, page)
        if page:
            yield self._compose_page(page)
        for jeu in jeux:
            yield self._compose_jeu(jeu)
            for distribution in jeu.distributions:
                yield self._compose_distribution(distribution, jeu)
        presents = {jeu.uri for jeu in jeux}
        for service in services:
            yield self._compose_service(service, presents)
        ailleurs = {service.uri for service in self.catalogue.services}
        ailleurs -= {service.uri for service in services}
        yield from self._stub_services(jeux, ailleurs)
        for uri in sorted(self.annexes):
            types, proprietes = self.annexes[uri]
            yield Noeud(uri, tuple(types), proprietes)

    def _compose_catalogue(
        self,
        jeux: Sequence[JeuDeDonnees],
        services: Sequence[ServiceDeDonnees],
        page: Page | None,
    ) -> Noeud:
        catalogue, fiche = self.catalogue, _Fiche(self.langue)
        fiche.texte("dct:title", catalogue.titre)
        fiche.texte("dct:description", catalogue.description)
        fiche.lien("dct:publisher", self._publish(catalogue.editeur))
        fiche.lien("foaf:homepage", self._document(catalogue.page))
        fiche.lien("dct:language", self._langue(catalogue.langue))
        fiche.lien("dct:license", self._licence(catalogue.licence))
        fiche.jour("dct:issued", catalogue.publie_le)
        fiche.jour("dct:modified", catalogue.modifie_le)
        if any(v.resolve(v.THEMES, str(t)) in v.NOMS_DE_THEMES for j in jeux for t in j.themes):
            titre: Proprietes = [("dct:title", [Litteral("Thèmes de données", "fr")])]
            taxonomie = self._annexe(v.TAXONOMIE, "skos:ConceptScheme", titre)
            fiche.lien("dcat:themeTaxonomy", taxonomie)
        if page:
            fiche.nu("hydra:totalItems", str(len(catalogue.jeux)), "xsd:integer")
            fiche.lien("hydra:view", page.adresse)
        fiche.lien("dcat:dataset", *(jeu.uri for jeu in jeux))
        fiche.lien("dcat:service", *(service.uri for service in services))
        types = ("dcat:Catalog", "hydra:Collection") if page else ("dcat:Catalog",)
        return Noeud(catalogue.uri, types, fiche.proprietes)

    def _compose_page(self, page: Page) -> Noeud:
        fiche = _Fiche(self.langue)
        fiche.lien("hydra:first", page.premiere)
        fiche.lien("hydra:previous", page.precedente)
        fiche.lien("hydra:next", page.suivante)
        fiche.lien("hydra:last", page.derniere)
        return Noeud(page.adresse, ("hydra:PartialCollectionView",), fiche.proprietes)

    def _compose_jeu(self, jeu: JeuDeDonnees) -> Noeud:
        fiche = _Fiche(self.langue)
        self._describe(fiche, jeu)
        fiche.lien("dct:language", self._langue(jeu.langue or self.langue))
        if jeu.frequence:
            uri = v.resolve(v.FREQUENCES, jeu.frequence)
            fiche.lien("dct:accrualPeriodicity", self._annexe(uri, "dct:Frequency"))
        fiche.add("dct:temporal", _compose_periode(jeu.periode))
        fiche.add("dct:spatial", [self._lieu(lieu) for lieu in jeu.lieux])
        fiche.nu("dcat:version", jeu.version)
        fiche.lien("foaf:page", *(self._document(uri) for uri in jeu.documentation))
        fiche.lien("dcat:distribution", *(d.uri for d in jeu.distributions))
        return Noeud(jeu.uri, ("dcat:Dataset",), fiche.proprietes)

    def _compose_service(self, service: ServiceDeDonnees, presents: set[str]) -> Noeud:
        fiche = _Fiche(self.langue)
        self._describe(fiche, service)
        fiche.lien("dcat:endpointURL", self._annexe(service.url, "rdfs:Resource"))
        fiche.lien("dcat:endpointDescription", self._annexe(service.contrat, "rdfs:Resource"))
        fiche.lien("dcat:servesDataset", *service.jeux)
        for uri in service.jeux:
            if uri not in presents:
                self._stub_jeu(uri)
        return Noeud(service.uri, ("dcat:DataService",), fiche.proprietes)

    def _stub_jeu(self, uri: str) -> None:
        """Un jeu d’une autre page : son identifiant, sans type : il n’est pas décrit ici."""
        if identifiant := self.identifiants.get(uri):
            self.annexes.setdefault(uri, ({}, [("dct:identifier", [Litteral(identifiant)])]))

    def _stub_services(self, jeux: Sequence[JeuDeDonnees], ailleurs: set[str]) -> list[Noeud]:
        """Un service d’une autre page, cité par une distribution : ce que le profil exige."""
        cites = dict.fromkeys(
            d.service for jeu in jeux for d in jeu.distributions if d.service in ailleurs
        )
        connus = {service.uri: service for service in self.catalogue.services}
        noeuds = []
        for uri in cites:
            fiche = _Fiche(self.langue)
            fiche.texte("dct:title", connus[uri].titre)
            fiche.lien("dcat:endpointURL", self._annexe(connus[uri].url, "rdfs:Resource"))
            noeuds.append(Noeud(uri, ("dcat:DataService",), fiche.proprietes))
        return noeuds

    def _describe(self, fiche: _Fiche, objet: JeuDeDonnees | ServiceDeDonnees) -> None:
        """Ce qu’un jeu et un service ont en commun."""
        fiche.nu("dct:identifier", objet.identifiant)
        fiche.texte("dct:title", objet.titre)
        fiche.texte("dct:description", objet.description)
        fiche.lien("dct:publisher", self._publish(objet.editeur or self.catalogue.editeur))
        fiche.add("dcat:contactPoint", _compose_contact(objet.contact))
        fiche.texte("dcat:keyword", *objet.mots_cles)
        fiche.lien("dcat:theme", *(self._theme(theme) for theme in objet.themes))
        fiche.lien("dct:license", self._licence(objet.licence))
        if objet.acces:
            uri = v.resolve(v.ACCES, objet.acces)
            fiche.lien("dct:accessRights", self._annexe(uri, "dct:RightsStatement"))
        fiche.lien("dcat:landingPage", self._document(objet.page))
        fiche.lien("dct:conformsTo", *self._standards(objet.conforme_a))
        fiche.jour("dct:issued", objet.publie_le)
        fiche.jour("dct:modified", objet.modifie_le)

    def _compose_distribution(self, d: Distribution, jeu: JeuDeDonnees) -> Noeud:
        fiche = _Fiche(self.langue)
        fiche.nu("dct:identifier", d.identifiant)
        fiche.texte("dct:title", d.titre)
        fiche.texte("dct:description", d.description)
        fiche.lien("dcat:accessURL", d.page or d.url)
        if not d.service:
            fiche.lien("dcat:downloadURL", d.url)
        self._describe_fichier(fiche, d)
        fiche.lien("dct:license", self._licence(d.licence or jeu.licence))
        fiche.lien("dct:conformsTo", *self._standards(d.conforme_a))
        fiche.jour("dct:issued", d.publie_le)
        fiche.jour("dct:modified", d.modifie_le)
        fiche.lien("dcat:accessService", d.service)
        return Noeud(d.uri, ("dcat:Distribution",), fiche.proprietes)

    def _describe_fichier(self, fiche: _Fiche, d: Distribution) -> None:
        if d.format:
            uri = v.resolve(v.FORMATS, d.format)
            fiche.lien("dct:format", self._annexe(uri, "dct:MediaTypeOrExtent"))
        mime = d.type_mime or v.TYPES_MIME.get(d.format, "")
        if mime:
            fiche.lien("dcat:mediaType", self._annexe(v.resolve_mime(mime), "dct:MediaType"))
        if d.taille is not None:
            fiche.nu("dcat:byteSize", str(d.taille), "xsd:nonNegativeInteger")
        if d.empreinte:
            fiche.add("spdx:checksum", [self._compose_empreinte(d)])

    def _compose_empreinte(self, d: Distribution) -> Noeud:
        spdx = f"{v.SPDX}#checksumAlgorithm_{d.algorithme}"
        somme = _Fiche(self.langue)
        if self.empreintes is Empreintes.PRUDENTES:
            proche: Proprietes = [("skos:exactMatch", [Ref(spdx)])]
            w3c = v.ALGORITHMES_W3C[d.algorithme]
            algorithme = self._annexe(w3c, "spdx:ChecksumAlgorithm", proche)
        else:
            algorithme = self._annexe(spdx, "spdx:ChecksumAlgorithm")
        somme.lien("spdx:algorithm", algorithme)
        type_ = "" if self.empreintes is Empreintes.DATA_GOUV else "xsd:hexBinary"
        somme.nu("spdx:checksumValue", d.empreinte, type_)
        return Noeud("", ("spdx:Checksum",), somme.proprietes)

    def _annexe(self, uri: str, type_: str, proprietes: Proprietes | None = None) -> str:
        """Retient la classe d’un terme cité ; rend son adresse."""
        if not uri:
            return ""
        types, connues = self.annexes.setdefault(uri, ({}, _build_liste(uri)))
        types[type_] = None
        if proprietes and connues != proprietes:
            connues += [p for p in proprietes if p not in connues]
        return uri

    def _document(self, uri: str) -> str:
        return self._annexe(uri, "foaf:Document")

    def _licence(self, terme: str) -> str:
        return self._annexe(v.resolve(v.LICENCES, terme), "dct:LicenseDocument")

    def _langue(self, terme: str) -> str:
        return self._annexe(v.resolve(v.LANGUES, terme), "dct:LinguisticSystem")

    def _standards(self, uris: tuple[str, ...]) -> list[str]:
        return [self._annexe(uri, "dct:Standard") for uri in uris]

    def _theme(self, theme: str | Theme) -> str:
        if isinstance(theme, Theme):
            uri, nom = theme.uri, theme.nom
        else:
            uri = v.resolve(v.THEMES, theme)
            nom = v.NOMS_DE_THEMES.get(uri, theme)
        return self._annexe(uri, "skos:Concept", [("skos:prefLabel", [Litteral(nom, self.langue)])])

    def _publish(self, agent: Agent) -> str:
        if agent.uri not in self.agents:
            self.agents.add(agent.uri)
            fiche = _Fiche(self.langue)
            fiche.texte("foaf:name", agent.nom)
            fiche.nu("dct:identifier", agent.siret)
            fiche.lien("foaf:homepage", self._document(agent.page))
            fiche.lien("foaf:mbox", f"mailto:{agent.courriel}" if agent.courriel else "")
            self._annexe(agent.uri, "foaf:Agent", fiche.proprietes)
            self._annexe(agent.uri, "foaf:Organization")
        return agent.uri

    def _lieu(self, lieu: Lieu) -> Objet:
        fiche = _Fiche(self.langue)
        fiche.texte("rdfs:label", lieu.nom)
        if lieu.emprise:
            fiche.nu("dcat:bbox", _write_emprise(lieu.emprise), "geosparql:wktLiteral")
        if not lieu.uri:
            return Noeud("", ("dct:Location",), fiche.proprietes)
        return Ref(self._annexe(lieu.uri, "dct:Location", fiche.proprietes))


def _build_liste(uri: str) -> Proprietes:
    """Un terme européen dit de quelle liste il vient."""
    liste, _, _terme = uri.rpartition("/")
    if not uri.startswith(v.AUTORITE) or liste == v.AUTORITE:
        return []
    return [("skos:inScheme", [Ref(liste)])]


def _compose_periode(periode: Periode | None) -> list[Objet]:
    """Anonyme : certains moissonneurs vont chercher une période qui a une adresse."""
    if periode is None:
        return []
    fiche = _Fiche("")
    fiche.jour("dcat:startDate", periode.debut)
    fiche.jour("dcat:endDate", periode.fin)
    return [Noeud("", ("dct:PeriodOfTime",), fiche.proprietes)]


def _compose_contact(contact: Contact | None) -> list[Objet]:
    if contact is None:
        return []
    fiche = _Fiche("")
    fiche.nu("vcard:fn", contact.nom)
    fiche.lien("vcard:hasEmail", f"mailto:{contact.courriel}" if contact.courriel else "")
    fiche.lien("vcard:hasURL", contact.page)
    numero = contact.telephone.replace(" ", "")
    fiche.lien("vcard:hasTelephone", f"tel:{numero}" if numero else "")
    return [Noeud("", ("vcard:Kind", "vcard:Organization"), fiche.proprietes)]


def _write_emprise(emprise: tuple[float, ...]) -> str:
    ouest, sud, est, nord = (f"{degre:.6f}".rstrip("0").rstrip(".") for degre in emprise)
    coins = ((ouest, sud), (est, sud), (est, nord), (ouest, nord), (ouest, sud))
    return f"POLYGON(({','.join(f'{x} {y}' for x, y in coins)}))"
