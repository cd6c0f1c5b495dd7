"""Rend à la personne ce qu’elle avait écrit quand son envoi est refusé."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

TEXTES_MAX = 60
CARACTERES_MAX = 1_000_000
ILLISIBLE = (BadRequest, SuspiciousOperation, MultiPartParserError, OSError, RawPostDataException)
SECRETS = re.compile(
    r"mot_?de_?passe|password|secret|jeton|token|csrf|otp|credential"
    r"|(?:^|[-_])(?:passe|code|cle|key)(?:$|[-_](?!postal|insee|commune))",
    re.IGNORECASE,
)
# Champs cachés et boutons : personne ne les a tapés. Un essai les compare aux gabarits.
CACHES = frozenset(
    {
        "_action", "_fautes", "_presents", "dernier_fait", "onglet", "retour", "revision", "sac",
        "suite",
    }
)  # fmt: skip
# Noms qu’une question de démarche peut aussi porter : écartés si la valeur n’est qu’un code.
AMBIGUS = frozenset(
    re.findall(
        r"\w+",
        """accepter action apercu choix cle confirme confirmer demande depot descendre empreinte
        enregistrer fichier format genre geste identite inserer laisser lu monter ordre oter page
        passer piece refuser revenir s solution sujet transition verifier version vu""",
    )
)
CODE = re.compile(r"[a-z0-9_:.,\-]{0,40}")
LIGNES = re.compile(r"-lignes$")  # rangs d’un bloc répétable
# Identifiant, empreinte ou jeton signé : jamais un nom, un téléphone ni un IBAN.
TECHNIQUE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=\S*\d)[0-9a-f]{24,}|[\w\-+/=.:]{40,}",
    re.IGNORECASE,
)
ACCENTS = {
    "prenom": "prénom",
    "prenoms": "prénoms",
    "telephone": "téléphone",
    "numero": "numéro",
    "corps": "texte",
    "email": "courriel",
    "reponse": "réponse",
    "resume": "résumé",
    "libelle": "libellé",
    "code_postal": "code postal",
    "q": "recherche",
}


@dataclass(frozen=True, slots=True)
class TexteSaisi:
    """Ce qui a été tapé dans un champ, tel que reçu."""

    nom: str
    texte: str

    @property
    def libelle(self) -> str:
        mots = [ACCENTS.get(mot, mot) for mot in re.split(r"[-_\s]+", self.nom)]
        nom = ACCENTS.get(self.nom) or " ".join(mot for mot in mots if not mot.isdigit())
        return nom[:1].upper() + nom[1:80]

    @property
    def est_court(self) -> bool:
        """Tient sur une ligne : un nom, un téléphone."""
        return len(self.texte) <= 60 and "\n" not in self.texte


def collect_saisie(request: HttpRequest) -> list[TexteSaisi]:
    """Réunit ce qui a été tapé dans le formulaire reçu, pour le montrer sur une page d’erreur.

    Réponses courtes comprises ; ni mot de passe, ni code, ni jeton, ni champ caché. Soixante
    textes et un million de caractères au plus. Rien n’est renvoyé au serveur à la place de la
    personne : ce serait défaire la protection CSRF.
    """
    try:
        champs = list(request.POST.lists()) if request.method == "POST" else []
    except ILLISIBLE:
        return []
    textes: list[TexteSaisi] = []
    reste = CARACTERES_MAX
    for nom, valeurs in champs:
        if nom in CACHES or SECRETS.search(nom) or LIGNES.search(nom):
            continue
        for valeur in valeurs:
            texte = valeur.strip()
            if not texte or len(texte) > reste or _is_technique(nom, texte):
                continue
            textes.append(TexteSaisi(nom, texte))
            reste -= len(texte)
    return textes[:TEXTES_MAX]


def _is_technique(nom: str, texte: str) -> bool:
    return bool(TECHNIQUE.fullmatch(texte) or (nom in AMBIGUS and CODE.fullmatch(texte)))


def find_page(request: HttpRequest) -> str:
    """Rend l’adresse, sur ce site, de la page où le formulaire a été rempli ; sinon vide.

    Le navigateur la donne dans `Referer` ; celle d’un autre site n’est jamais rendue.
    """
    lue = urlsplit(request.headers.get("Referer", ""))
    if lue.scheme not in ("http", "https") or lue.netloc != request.get_host():
        return ""
    chemin = lue.path if lue.path.startswith("/") and not lue.path.startswith("//") else ""
    if not chemin.isprintable() or "\\" in chemin:
        return ""
    return f"{chemin}?{lue.query}" if chemin and lue.query else chemin


def describe_envoi_refuse(request: HttpRequest) -> dict[str, object]:
    """Donne à une page d’erreur ce qui était tapé, et l’adresse de la page à rouvrir."""
    return {"saisie": collect_saisie(request), "page_du_formulaire": find_page(request)}
