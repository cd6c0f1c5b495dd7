"""Juger des contrats lus en JSON, avec les mots-clés du schéma officiel."""

from collections.abc import Iterator
from typing import Any

from socle.normes.decp.grammaire import CONTRATS, Liste, Noeud, Objet, Suite
from socle.normes.decp.messages import say_type, show
from socle.normes.decp.rapport import Anomalie, Chemin, Rapport, show_chemin
from socle.normes.decp.simples import judge_json

ELEMENTS_MAX = 10_000  # d’une liste, jugés un à un
INCONNUS_MAX = 1_000  # champs inconnus d’un objet, nommés un à un


class Juge:
    """Descend dans la grammaire ; range ce qu’il trouve dans le rapport."""

    def __init__(self, rapport: Rapport) -> None:
        self.rapport = rapport
        self.contrat = ""

    def judge_racine(self, racine: Any) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
        """Juge tout le fichier ; rend chaque contrat, son nom et son chemin."""
        if not isinstance(racine, dict):
            self.add((), "type", say_type("un objet { … }", racine), racine)
            return
        if "marches" not in racine:
            self.add(
                (), "required", "Mettez les contrats dans « marches ».", None, manque="marches"
            )
            return
        marches = racine["marches"]
        if not isinstance(marches, dict):
            message = say_type("un objet { … }", marches)
            if isinstance(marches, list):
                message = 'Écrivez "marches": { "marche": [ … ] } ; une liste est du format 1.5.'
            self.add(("marches",), "type", message, marches)
            return
        if not CONTRATS.keys() & marches.keys():
            self.add(("marches",), "anyOf", "Ajoutez « marche » ou « contrat-concession ».", None)
        self._ignore((), racine, {"marches"})
        self._ignore(("marches",), marches, CONTRATS.keys())
        for nom in CONTRATS:
            if nom in marches:
                yield from self._judge_contrats(nom, marches[nom])

    def _judge_contrats(
        self, nom: str, contrats: Any
    ) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
        base: Chemin = ("marches", nom)
        if not isinstance(contrats, list):
            self.add(base, "type", say_type("une liste [ … ]", contrats), contrats)
            return
        for rang, contrat in enumerate(contrats):
            if self.rapport.plein:
                break
            chemin = (*base, rang)
            identifiant = contrat.get("id") if isinstance(contrat, dict) else None
            self.contrat = show(identifiant) if isinstance(identifiant, str) else f"n° {rang + 1}"
            self.judge(CONTRATS[nom], contrat, chemin)
            if isinstance(contrat, dict):
                yield nom, chemin, contrat
        self.contrat = ""

    def judge(self, noeud: Noeud, valeur: Any, chemin: Chemin) -> None:
        """Juge une valeur et tout ce qu’elle contient."""
        if isinstance(noeud, Objet):
            self._judge_objet(noeud, valeur, chemin)
        elif isinstance(noeud, Liste):
            self._judge_liste(noeud, valeur, chemin)
        elif isinstance(noeud, Suite):
            self._judge_suite(noeud, valeur, chemin)
        else:
            for faute in judge_json(noeud, valeur):
                self.add(chemin, faute.code, faute.message, valeur, officiel=faute.officiel)

    def _judge_objet(self, noeud: Objet, valeur: Any, chemin: Chemin) -> None:
        if not isinstance(valeur, dict):
            self.add(chemin, "type", say_type("un objet { … }", valeur), valeur)
            return
        noms = {champ.nom for champ in noeud.champs}
        for champ in noeud.champs:
            if champ.nom in valeur:
                self.judge(champ.noeud, valeur[champ.nom], (*chemin, champ.nom))
            elif champ.requis:
                self.add(chemin, "required", f"Ajoutez « {champ.nom} ».", None, manque=champ.nom)
        if noeud.ferme:
            for nom in sorted(valeur.keys() - noms)[:INCONNUS_MAX]:
                message = f"Ôtez « {show(nom)} », inconnu ici ; vérifiez l’orthographe et la casse."
                self.add(chemin, "additionalProperties", message, valeur[nom], manque=show(nom))
        else:
            self._ignore(chemin, valeur, noms)

    def _judge_liste(self, noeud: Liste, valeur: Any, chemin: Chemin) -> None:
        if not isinstance(valeur, dict):
            message = f'Écrivez {{ "{noeud.nom}": [ … ] }}.'
            self.add(chemin, "type", message, valeur)
            return
        if noeud.nom not in valeur:
            self.add(chemin, "required", f"Ajoutez « {noeud.nom} ».", None, manque=noeud.nom)
            return
        elements, dedans = valeur[noeud.nom], (*chemin, noeud.nom)
        if not isinstance(elements, list):
            self.add(dedans, "type", say_type("une liste [ … ]", elements), elements)
            return
        self._count(elements, dedans, minimum=1, uniques=True)
        for rang, element in enumerate(elements[:ELEMENTS_MAX]):
            self.judge(noeud.noeud, element, (*dedans, rang))

    def _judge_suite(self, noeud: Suite, valeur: Any, chemin: Chemin) -> None:
        if not isinstance(valeur, list):
            self.add(chemin, "type", say_type("une liste [ … ]", valeur), valeur)
            return
        self._count(valeur, chemin, minimum=noeud.minimum, uniques=noeud.uniques)
        for rang, element in enumerate(valeur[:ELEMENTS_MAX]):
            self._judge_element(noeud, element, (*chemin, rang))

    def _judge_element(self, noeud: Suite, element: Any, chemin: Chemin) -> None:
        if not isinstance(element, dict):
            message = f'Écrivez {{ "{noeud.nom}": {{ … }} }}.'
            self.add(chemin, "type", message, element, officiel=noeud.type_dit)
        elif noeud.nom not in element:
            self.add(chemin, "required", f"Ajoutez « {noeud.nom} ».", None, manque=noeud.nom)
        else:
            self.judge(noeud.noeud, element[noeud.nom], (*chemin, noeud.nom))

    def _count(self, elements: list[Any], chemin: Chemin, *, minimum: int, uniques: bool) -> None:
        if len(elements) < minimum:
            self.add(chemin, "minItems", "Mettez au moins un élément, ou ôtez ce champ.", None)
        if uniques and len({freeze(element) for element in elements}) < len(elements):
            self.add(chemin, "uniqueItems", "Ôtez l’élément répété.", None)
        if len(elements) > ELEMENTS_MAX:
            message = f"Gardez {ELEMENTS_MAX} éléments au plus ; les suivants ne sont pas jugés."
            self.add(chemin, "maxItems", message, elements, officiel=False)

    def _ignore(self, chemin: Chemin, valeur: dict[str, Any], connus: Any) -> None:
        for nom in sorted(valeur.keys() - connus)[:INCONNUS_MAX]:
            self.rapport.warn(
                Anomalie(
                    "champ-ignore",
                    f"« {show(nom)} » n’est pas du format : personne ne le lira.",
                    chemin,
                    show_chemin((*chemin, show(nom))),
                    contrat=self.contrat,
                )
            )

    def add(
        self,
        chemin: Chemin,
        code: str,
        message: str,
        valeur: Any,
        *,
        manque: str = "",
        officiel: bool = True,
    ) -> None:
        champ = show_chemin((*chemin, manque) if manque else chemin)
        montre = None if valeur is None and code != "type" else show(valeur)
        self.rapport.add(Anomalie(code, message, chemin, champ, 0, montre, officiel, self.contrat))


def freeze(valeur: Any, niveaux: int = 20) -> Any:
    """Une image comparable : deux valeurs égales en JSON ont la même (1 et 1.0, pas 1 et true).

    Au-delà de vingt niveaux, hors de tout format connu, deux valeurs passent pour différentes.
    """
    if not niveaux:
        return ("…", id(valeur))
    if isinstance(valeur, dict):
        return ("{", frozenset((cle, freeze(v, niveaux - 1)) for cle, v in valeur.items()))
    if isinstance(valeur, list):
        return ("[", tuple(freeze(element, niveaux - 1) for element in valeur))
    return (isinstance(valeur, bool), valeur)
