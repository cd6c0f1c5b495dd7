"""Page d’accueil : ce qui est simulé, et les identités que l’on peut choisir."""

from markupsafe import Markup

from socle.simulateurs.api_particulier.foyers import FOYERS
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.etat_civil import Personne
from socle.simulateurs.impot_particulier.foyers import FOYERS as FOYERS_FISCAUX
from socle.simulateurs.oidc.defaillances import DEFAILLANCES
from socle.simulateurs.pages.rendu import join, render, render_fragment
from socle.simulateurs.personnes import PERSONNES
from socle.simulateurs.proconnect.agents import AGENTS
from socle.simulateurs.publiques import PUBLIQUES
from socle.simulateurs.recherche_entreprises.etablissements import (
    ETABLISSEMENTS,
    PANNES,
    TRAITS_PANNES,
)

SERVICES = (
    ("FranceConnect v2", "Connexion des particuliers, niveau faible.", "franceconnect/api/v2"),
    (
        "FranceConnect+",
        "Connexion des particuliers, niveaux substantiel et élevé, réponses chiffrées.",
        "franceconnect-plus/api/v2",
    ),
    ("ProConnect", "Connexion des agents, double authentification.", "proconnect/api/v2"),
    (
        "API Particulier v3",
        "Quotient familial de la Caf et de la MSA, deux modes d’appel.",
        "api-particulier/v3/dss/quotient_familial",
    ),
    (
        "API Impôt particulier",
        "Revenu fiscal de référence et nombre de parts.",
        "impot-particulier",
    ),
    ("Recherche d’entreprises", "Nom et adresse d’un SIRET.", "recherche-entreprises/search"),
)
INCONNU = "inconnu"


def render_accueil(contexte: Contexte) -> Markup:
    services = [
        render_fragment("_service.html", nom=nom, role=role, adresse=contexte.address(chemin))
        for nom, role, chemin in SERVICES
    ]
    return render(
        "accueil.html",
        contexte,
        titre="Simulateurs des services de l’État",
        services=join(services),
        particuliers=join(
            [_render_personne(p) for p in PERSONNES.values() if not p.officielle or _has_foyer(p)]
        ),
        publiques=join(
            [
                render_fragment("_ligne3.html", a=p.nom_complet, b=p.code, c=p.trait)
                for p in PUBLIQUES
            ]
        ),
        agents=join(_render_agents(contexte)),
        entreprises=join(_render_entreprises()),
        defaillances=join(
            [
                render_fragment("_ligne2.html", a=_name(d.groupe, d.libelle), b=d.attendu)
                for d in DEFAILLANCES
            ]
        ),
    )


def _name(groupe: str, libelle: str) -> str:
    return f"{groupe} : {libelle[0].lower()}{libelle[1:]}" if groupe else libelle


def _has_foyer(personne: Personne) -> bool:
    return personne.code in FOYERS or personne.code in FOYERS_FISCAUX


def _render_personne(personne: Personne) -> Markup:
    fiscal = FOYERS_FISCAUX.get(personne.code)
    foyer = FOYERS.get(personne.code)
    revenu = INCONNU
    if fiscal:
        parts = f"{fiscal.parts:g}".replace(".", ",")
        revenu = f"{fiscal.rfr:,}".replace(",", "\u202f") + f"\u00a0€, {parts}\u00a0part"
        revenu += "s" if fiscal.parts >= 2 else ""
    return render_fragment(
        "_ligne4.html",
        a=personne.nom_complet,
        b=personne.trait,
        c=revenu,
        d=f"{foyer.valeur} ({foyer.fournisseur})" if foyer else INCONNU,
    )


def _render_agents(contexte: Contexte) -> list[Markup]:
    return [
        render_fragment(
            "_ligne4.html",
            a=f"{agent.prenom} {agent.nom}",
            b=f"{agent.fonction}. {agent.trait}.",
            c=agent.get_siret(contexte.configuration),
            d=agent.acr,
        )
        for agent in AGENTS.values()
    ]


def _render_entreprises() -> list[Markup]:
    lignes = [
        render_fragment("_ligne3.html", a=e.siret, b=e.nom, c=e.trait) for e in ETABLISSEMENTS
    ]
    pannes = [
        render_fragment("_ligne3.html", a=siret, b="Panne jouée", c=TRAITS_PANNES[panne])
        for siret, panne in PANNES.items()
    ]
    return lignes + pannes
