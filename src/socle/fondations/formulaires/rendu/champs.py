"""Rendu des champs d’une page, un par un."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.fondations.formulaires.definition import BlocRepetable, ChampCalcule, Source
from socle.fondations.formulaires.formules import Etape
from socle.fondations.formulaires.moteur import FormulaireCompile, Saisie
from socle.fondations.formulaires.moteur.echanges import find_provenance, is_verrouille
from socle.fondations.formulaires.moteur.etat import Etat
from socle.fondations.formulaires.moteur.resume import make_calcul
from socle.fondations.formulaires.moteur.saisie import CLE_BRUTS
from socle.fondations.formulaires.moteur.structure import ChampCompile, PageCompilee
from socle.fondations.formulaires.rendu import blocs, sources
from socle.fondations.formulaires.rendu.adresse import make_lignes
from socle.fondations.formulaires.rendu.contexte import ContexteRendu, LienChamp, make_id
from socle.fondations.formulaires.types.choix import is_deroulant
from socle.fondations.formulaires.types.identifiant import is_cherche
from socle.fondations.formulaires.valeurs import Json

SYMBOLE_MAX = 3
# Un contexte de gabarit : les clés que « _avant.html » et les gabarits lisent toujours.
Valeurs = dict[str, Any]


class RenduChamps:
    """Rend les champs d’une page. Un objet par requête."""

    def __init__(
        self,
        formulaire: FormulaireCompile,
        page: PageCompilee,
        etat: Etat,
        saisie: Saisie | None,
        contexte: ContexteRendu,
    ) -> None:
        self.formulaire, self.page, self.etat, self.contexte = formulaire, page, etat, contexte
        self.saisie = saisie
        self.erreurs: Mapping[str, str] = saisie.erreurs if saisie else {}
        self.avis: Mapping[str, str] = saisie.avis if saisie else {}
        bruts = etat.reponses.get(CLE_BRUTS)
        self.bruts: Mapping[str, Json] = bruts if isinstance(bruts, dict) else {}
        self.presents: list[str] = []
        self.libelles: dict[str, str] = {}
        self.lignes_fausses: dict[str, list[Valeurs]] = {}
        self.fichiers = False
        self.gestes = False
        self.gabarits: dict[str, Template] = {}
        self.htmx_recalcul = self._make_htmx(contexte.url_recalculer, "outerHTML")
        self.htmx_simple = self._make_htmx(contexte.url_enregistrer, "none")

    def _make_htmx(self, url: str, echange: str) -> SafeString:
        if not url:
            return SafeString("")
        cible = f' hx-target="#zone-{self.page.id}"' if echange != "none" else ""
        return mark_safe(  # noqa: S308 (adresse échappée, le reste est écrit ici)
            f' hx-post="{escape(url)}" hx-trigger="change"{cible} hx-swap="{echange}"'
        )

    def render(self, nom: str, valeurs: Valeurs) -> SafeString:
        """Rend un gabarit sans processeur de contexte : bien plus vite que `render_to_string`."""
        gabarit = self.gabarits.get(nom)
        if gabarit is None:
            chemin = nom if "/" in nom else f"formulaires_types/{nom}"
            gabarit = get_template(chemin).template  # type: ignore[attr-defined]
            self.gabarits[nom] = gabarit
        return gabarit.render(Context(valeurs))

    def render_zone(self) -> SafeString:
        """Rend la zone que HTMX peut remplacer."""
        champs = self.render_suite(
            [
                (compile_, compile_.id, self.etat.reponses.get(compile_.id))
                for compile_ in self.page.champs
                if compile_.id in self.etat.visibles and not sources.is_tu(self, compile_)
            ]
        )
        valeurs = {
            "id": f"zone-{self.page.id}",
            "champs": champs,
            "presents": " ".join(self.presents),
            "gestes": self.gestes,
        }
        return self.render("page.html", valeurs)

    def render_suite(self, suite: Sequence[tuple[ChampCompile, str, Json]]) -> list[SafeString]:
        """Rend des champs dans l’ordre ; les calculs qui se suivent partagent un encadré."""
        rendus: list[SafeString] = []
        calculs: list[str] = []
        for compile_, chemin, valeur in suite:
            if isinstance(compile_.champ, ChampCalcule):
                calculs.append(chemin)
                continue
            if calculs:
                rendus.append(self.render_calculs(calculs))
                calculs = []
            rendus.append(self.render_champ(compile_, chemin, valeur))
        return [*rendus, self.render_calculs(calculs)] if calculs else rendus

    def render_calculs(self, chemins: Sequence[str]) -> SafeString:
        """Rend un ou plusieurs calculs, le premier en grand, avec un seul détail."""
        structure = self.formulaire.structure
        montres: list[Valeurs] = []
        etapes: list[Etape] = []
        noms = {chemin.rpartition("-")[2] for chemin in chemins}
        for chemin in chemins:
            champ = structure.champs[chemin.rpartition("-")[2]].champ
            resultat = self.etat.calculs.get(chemin)
            if not isinstance(champ, ChampCalcule) or resultat is None:
                continue
            calcul = make_calcul(structure, chemin, champ, resultat)
            if montres and calcul.attente and not montres[0]["texte"]:
                continue  # il attend le premier calcul de l’encadré, qui dit déjà pourquoi
            attente = f"Se calculera tout seul, {calcul.attente}." if calcul.attente else ""
            montres.append(
                {
                    "id": make_id(chemin),
                    "libelle": calcul.libelle,
                    "texte": calcul.texte,
                    "conclusion": calcul.conclusion,
                    "suite": calcul.erreur or attente,
                    "aide": champ.aide,
                }
            )
            etapes += [etape for etape in calcul.etapes if etape.champ not in noms]
        if not montres:
            return SafeString("")
        nom = montres[0]["libelle"]
        return self.render("calcul.html", {"calculs": montres, "etapes": etapes, "nom": nom})

    def render_champ(self, compile_: ChampCompile, chemin: str, valeur: Json) -> SafeString:
        """Rend un champ, un titre, un bloc ou une source."""
        champ = compile_.champ
        if is_verrouille(compile_, self.etat.reponses):
            return self.render_donnee(compile_, chemin, valeur)
        valeurs = self.make_commun(compile_, chemin)
        if isinstance(champ, BlocRepetable):
            valeurs |= blocs.make_bloc(self, compile_, champ, valeur)
        elif isinstance(champ, Source):
            valeurs |= sources.make_source(self, champ)
        else:
            valeurs |= compile_.type.make_contexte(champ, valeur, self.bruts.get(chemin), chemin)
            self.complete(compile_, chemin, valeurs)
        if compile_.saisi or isinstance(champ, Source):
            self.presents.append(chemin)
        gabarit = "deroulant.html" if is_deroulant(champ) else compile_.type.gabarit
        return self.render(gabarit, valeurs)

    def render_donnee(self, compile_: ChampCompile, chemin: str, valeur: Json) -> SafeString:
        """Rend une réponse reçue d’une source placée sur une autre page : elle se lit seulement."""
        valeurs = {
            "id": make_id(chemin),
            "libelle": compile_.champ.libelle,
            "reponse": compile_.type.show_html(compile_.champ, valeur),
            "provenance": find_provenance(compile_, self.etat.reponses),
        }
        return self.render("donnee.html", valeurs)

    def make_commun(self, compile_: ChampCompile, chemin: str) -> Valeurs:
        """Rend ce que tous les gabarits attendent, attributs ARIA compris."""
        champ = compile_.champ
        self.libelles[chemin] = champ.libelle
        textes = {
            "aide": compile_.type.write_aide(champ),
            "avis": self.avis.get(chemin, ""),
            "erreur": self.erreurs.get(chemin, ""),
        }
        decrit = _make_describedby(make_id(chemin), textes)
        return textes | {
            "id": make_id(chemin),
            "nom": chemin,
            "libelle": champ.libelle,
            "unite": _write_unite(getattr(champ, "unite", "")),
            "facultatif": compile_.saisi and not compile_.obligatoire,
            "htmx": self.htmx_recalcul if compile_.declencheur else self.htmx_simple,
            "describedby": decrit,
            "attributs": self.make_attributs(compile_, chemin, decrit, textes["erreur"]),
        }

    def make_attributs(
        self, compile_: ChampCompile, chemin: str, decrit: str, erreur: str
    ) -> SafeString:
        """Rend les attributs communs à tous les contrôles, déjà échappés."""
        faux = ' aria-invalid="true"' if erreur else ""
        accepte_requis = compile_.obligatoire and compile_.type.code != "piece_justificative"
        requis = ' aria-required="true"' if accepte_requis else ""
        jeton = getattr(compile_.champ, "autocomplete", "")
        remplissage = f' autocomplete="{escape(jeton)}"' if jeton else ""
        return mark_safe(  # noqa: S308 (chemin sans signe spécial, jeton échappé)
            f' id="{make_id(chemin)}" name="{chemin}"{remplissage}{requis}{faux}{decrit}'
        )

    def complete(self, compile_: ChampCompile, chemin: str, valeurs: Valeurs) -> None:
        """Ajoute ce qui dépend de la page : adresses des documents, lignes, communes."""
        code = compile_.type.code
        if code == "piece_justificative":
            self.fichiers = True
            valeurs["htmx"] = self.htmx_recalcul  # l’envoi vide le champ et montre le fichier reçu
            self.gestes = self.gestes or bool(valeurs["pieces"])
            for piece in valeurs["pieces"]:
                piece["url"] = self.make_url(piece["document"])
            if modele := valeurs["modele"]:
                valeurs["modele"] = {"nom": modele.nom, "url": self.make_url(modele.document)}
        elif code == "adresse":
            self.complete_adresse(compile_, chemin, valeurs)
        elif code == "commune":
            valeurs["htmx_communes"] = self.make_htmx_communes(chemin)
        elif code == "siret":
            # Dans un bloc répétable, l’annuaire n’est pas interrogé.
            connu = is_cherche(valeurs["etablissement"])
            valeurs["cherchable"] = self.contexte.annuaire and "-" not in chemin and not connu
        elif code == "date":
            valeurs["type_html"] = "text" if chemin in self.bruts else "date"

    def complete_adresse(self, compile_: ChampCompile, chemin: str, valeurs: Valeurs) -> None:
        """Donne à chaque ligne son erreur ; le groupe ne garde que ce qui n’est d’aucune."""
        defauts = valeurs["defauts"] if valeurs["erreur"] else {}
        if defauts:
            valeurs["erreur"] = ""
            valeurs["describedby"] = _make_describedby(make_id(chemin), valeurs)
        decrit = f"{make_id(chemin)}_error" if valeurs["erreur"] else ""
        lignes = make_lignes(compile_, chemin, valeurs["adresse"], defauts, decrit)
        valeurs["lignes"] = lignes
        self.lignes_fausses[chemin] = [ligne for ligne in lignes if ligne["erreur"]]

    def make_url(self, document: str) -> str:
        """Rend l’adresse d’un document, vide si la vue n’en donne pas."""
        return self.contexte.make_url_document(document) if self.contexte.make_url_document else ""

    def make_htmx_communes(self, chemin: str) -> SafeString:
        """Rend les attributs qui proposent des communes pendant la frappe."""
        url = self.contexte.url_communes
        if not url:
            return SafeString("")
        liste = f"{make_id(chemin)}_liste"
        return mark_safe(  # noqa: S308 (adresse échappée)
            f' list="{liste}" hx-get="{escape(url)}" hx-trigger="input changed delay:300ms"'
            f' hx-target="#{liste}" hx-swap="innerHTML"'
        )

    def list_liens(self, erreurs: Mapping[str, str]) -> list[LienChamp]:
        """Rend les erreurs dans l’ordre de la page, avec le libellé devant."""
        ordre = {chemin: rang for rang, chemin in enumerate(self.libelles)}
        triees = sorted(erreurs.items(), key=lambda item: ordre.get(item[0], len(ordre)))
        return [lien for chemin, message in triees for lien in self._make_liens(chemin, message)]

    def _make_liens(self, chemin: str, message: str) -> list[LienChamp]:
        """Rend un lien par ligne fausse d’une adresse, un seul pour tout autre champ."""
        libelle = self.libelles.get(chemin, "")
        return [
            LienChamp(id=ligne["id"], phrase=_join(libelle, ligne["erreur"]))
            for ligne in self.lignes_fausses.get(chemin, ())
        ] or [LienChamp(id=make_id(chemin), phrase=_join(libelle, message))]

    def list_apparus(self) -> list[LienChamp]:
        """Rend les questions apparues depuis que la page a été servie."""
        apparus = self.saisie.apparus if self.saisie else ()
        return [
            LienChamp(id=make_id(chemin), phrase=self.libelles[chemin])
            for chemin in apparus
            if chemin in self.libelles
        ]


def _write_unite(unite: str) -> str:
    """Rend « en € » pour un symbole, « enfants » pour un mot."""
    return f"en {unite}" if 0 < len(unite) <= SYMBOLE_MAX else unite


def _make_describedby(identifiant: str, textes: Mapping[str, str]) -> SafeString:
    suffixes = (("aide", "helptext"), ("avis", "avis"), ("erreur", "error"))
    decrit = " ".join(f"{identifiant}_{suffixe}" for cle, suffixe in suffixes if textes[cle])
    if not decrit:
        return SafeString("")
    return mark_safe(f' aria-describedby="{decrit}"')  # noqa: S308 (identifiants sûrs)


def _join(libelle: str, message: str) -> str:
    """Rend « Votre téléphone : ce numéro a 9 chiffres… », ou la question telle quelle."""
    if not libelle or libelle.endswith(("?", ":", ".")):
        return f"{libelle} {message}".strip()
    suite = message[:1].lower() + message[1:] if message[1:2].islower() else message
    return f"{libelle} : {suite}"
