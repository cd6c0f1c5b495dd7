"""Page où l’on choisit qui se connecte et ce qui doit mal se passer."""

from dataclasses import dataclass

from markupsafe import Markup

from socle.simulateurs.api_particulier.recherche import simplify
from socle.simulateurs.oidc import defaillances
from socle.simulateurs.oidc.demande import Demande
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.pages.libelles import describe_scopes
from socle.simulateurs.pages.rendu import join, render, render_fragment

LISTE_COURTE = 20  # au-delà, un groupe à la fois, et une recherche
MOT_MAX = 80


@dataclass(frozen=True)
class Filtre:
    """Ce que la personne a demandé de voir de la liste : un rang de groupe, ou des mots."""

    groupe: str = ""
    recherche: str = ""


def render_choix(
    fournisseur: Fournisseur, *, demande: Demande, sceau: str, souvenir: str, filtre: Filtre
) -> Markup:
    """Page complète.

    Args:
        souvenir: code de l’identité de la session en cours, vide s’il n’y en a pas.
        filtre: sans effet sur une liste courte, montrée entière.
    """
    client = fournisseur.get_client(demande.client_id)
    action = fournisseur.contexte.link(f"{fournisseur.code}/api/v2/interaction")
    prechoix = souvenir or _guess(fournisseur, demande)
    montres = _filter(fournisseur, filtre, prechoix)
    if not any(prechoix in codes for _, _, codes in montres):
        prechoix = montres[0][2][0] if montres else ""
    groupes = [_render_groupe(fournisseur, titre, codes, prechoix) for _, titre, codes in montres]
    return render(
        "choix.html",
        fournisseur.contexte,
        nom=fournisseur.nom,
        service=client.nom if client else demande.client_id,
        donnees=describe_scopes(demande.scopes),
        action=action,
        demande=sceau,
        souvenir=_render_souvenir(fournisseur, action, sceau, souvenir),
        filtres=_render_filtres(fournisseur, sceau, filtre, [rang for rang, _, _ in montres]),
        groupes=join(groupes) or render_fragment("_personne.html", recherche=filtre.recherche),
        defaillances=_render_defaillances(),
        pannes=_render_pannes() if fournisseur.donnees else Markup(),
    )


def _guess(fournisseur: Fournisseur, demande: Demande) -> str:
    """Identité cochée d’avance : celle du courriel ou du SIRET suggéré, sinon la première."""
    premiere = fournisseur.list_groupes()[0][1][0]
    if not (demande.login_hint or demande.siret_hint):
        return premiere
    for code, identite in fournisseur.identites.items():
        claims = fournisseur.list_claims(identite, ("email", "siret"))
        if demande.login_hint and claims.get("email") == demande.login_hint:
            return code
        if not demande.login_hint and claims.get("siret") == demande.siret_hint:
            return code
    return premiere


def _filter(
    fournisseur: Fournisseur, filtre: Filtre, prechoix: str
) -> list[tuple[int, str, tuple[str, ...]]]:
    """Groupes à montrer : (rang, titre, codes), sans groupe vide."""
    groupes = [(rang, *groupe) for rang, groupe in enumerate(fournisseur.list_groupes())]
    if len(fournisseur.identites) <= LISTE_COURTE:
        return groupes
    mots = simplify(filtre.recherche[:MOT_MAX]).split()
    if not mots:
        voulu = [groupe for groupe in groupes if str(groupe[0]) == filtre.groupe]
        return voulu or [groupe for groupe in groupes if prechoix in groupe[2]]
    trouves = []
    for rang, titre, codes in groupes:
        gardes = tuple(code for code in codes if _contains(fournisseur, code, mots))
        trouves.append((rang, titre, gardes))
    return [groupe for groupe in trouves if groupe[2]]


def _contains(fournisseur: Fournisseur, code: str, mots: list[str]) -> bool:
    texte = simplify(" ".join((code, *fournisseur.describe(fournisseur.identites[code]))))
    return all(mot in texte for mot in mots)


def _render_filtres(
    fournisseur: Fournisseur, sceau: str, filtre: Filtre, montres: list[int]
) -> Markup:
    if len(fournisseur.identites) <= LISTE_COURTE:
        return Markup()
    liens = [
        render_fragment(
            "_lien_groupe.html",
            demande=sceau,
            rang=rang,
            titre=titre,
            nombre=len(codes),
            ici="true" if montres == [rang] and not filtre.recherche else "false",
        )
        for rang, (titre, codes) in enumerate(fournisseur.list_groupes())
    ]  # fmt: skip
    return render_fragment(
        "_filtres.html",
        demande=sceau,
        recherche=filtre.recherche[:MOT_MAX],
        nombre=len(fournisseur.identites),
        ouvert=Markup(" open") if filtre.recherche or filtre.groupe else "",
        liens=join(liens),
    )


def _render_groupe(
    fournisseur: Fournisseur, titre: str, codes: tuple[str, ...], prechoix: str
) -> Markup:
    lignes = []
    for code in codes:
        nom, trait = fournisseur.describe(fournisseur.identites[code])
        lignes.append(
            render_fragment(
                "_identite.html",
                code=code,
                nom=nom,
                trait=trait,
                coche=Markup(" checked") if code == prechoix else "",
            )
        )
    return render_fragment("_groupe.html", titre=titre, lignes=join(lignes))


def _render_souvenir(fournisseur: Fournisseur, action: str, sceau: str, souvenir: str) -> Markup:
    if not souvenir:
        return Markup()
    nom, _ = fournisseur.describe(fournisseur.identites[souvenir])
    return render_fragment(
        "_souvenir.html", action=action, demande=sceau, identite=souvenir, nom=nom
    )


def _render_options(options: list[tuple[str, str]]) -> Markup:
    return join(
        [render_fragment("_option.html", code=code, libelle=libelle) for code, libelle in options]
    )


def _render_defaillances() -> Markup:
    groupes: dict[str, list[tuple[str, str]]] = {}
    for defaillance in defaillances.DEFAILLANCES:
        groupes.setdefault(defaillance.groupe, []).append((defaillance.code, defaillance.libelle))
    fragments = [_render_options(groupes.pop(""))]
    for titre, options in groupes.items():
        fragments.append(
            render_fragment("_optgroup.html", titre=titre, options=_render_options(options))
        )
    return join(fragments)


def _render_pannes() -> Markup:
    return render_fragment(
        "_pannes.html",
        particulier=_render_options(list(defaillances.PANNES_PARTICULIER)),
        impot=_render_options(list(defaillances.PANNES_IMPOT)),
    )
