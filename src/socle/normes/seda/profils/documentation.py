"""Documentation d’un profil : une page HTML qui se suffit, à relire et à valider."""

from collections.abc import Iterator
from html import escape

from socle.normes.seda.profils.libelles import get_libelle
from socle.normes.seda.profils.modele import NoeudProfil, ProfilAbstrait

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}thead th{background:#eee}tbody th{font-weight:normal}code{color:#444}"
    + "".join(f".n{n}{{padding-left:{n * 1.25 + 0.5}rem}}" for n in range(1, 16))
    # Sur un petit écran, une ligne devient un bloc : quatre colonnes n’y tiendraient pas.
    + "@media(max-width:40rem){thead{display:none}table,caption,tbody,tr,th,td{display:block}"
    "tr{border:1px solid #767676;margin-bottom:.5rem}th,td{border:0}td:empty{display:none}"
    + "".join(f".n{n}{{padding-left:.5rem;margin-left:{n * 0.4}rem}}" for n in range(1, 16))
    + "}"
)
_NOMBRES = {
    "1": "une fois",
    "0-1": "au plus une fois",
    "1-n": "au moins une fois",
    "0-n": "autant que l’on veut",
}


def build_html(profil: ProfilAbstrait) -> str:
    """Écrit la documentation : un élément par ligne, son nombre, ses valeurs, son aide."""
    lignes = "\n".join(_write_lignes(profil.racine, 0))
    versions = ", ".join(profil.versions)
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(profil.nom)} – profil {escape(profil.identifiant)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(profil.nom)}</h1>
<p>Profil d’archivage {escape(profil.identifiant)}, SEDA {versions}.</p>
<p>{escape(profil.description)}</p>
<table role="table">
<caption>Éléments du bordereau</caption>
<thead><tr><th scope="col">Élément</th><th scope="col">Nombre</th>
<th scope="col">Valeur</th><th scope="col">Aide</th></tr></thead>
<tbody role="rowgroup">
{lignes}
</tbody>
</table>
</main>
</body>
</html>
"""


def _write_lignes(noeud: NoeudProfil, niveau: int) -> Iterator[str]:
    nom = f"{escape(get_libelle(noeud.element))} <code>{escape(noeud.element)}</code>"
    classe = f' class="n{min(niveau, 15)}"' if niveau else ""
    yield (
        f'<tr role="row"><th role="rowheader" scope="row"{classe}>{nom}</th>'
        f'<td role="cell">{_NOMBRES[noeud.cardinalite]}</td>'
        f'<td role="cell">{_write_valeur(noeud)}</td>'
        f'<td role="cell">{escape(noeud.aide)}</td></tr>'
    )
    for enfant in noeud.enfants or ():
        yield from _write_lignes(enfant, niveau + 1)


def _write_valeur(noeud: NoeudProfil) -> str:
    if len(noeud.valeurs) == 1:
        return f"toujours « {escape(noeud.valeurs[0])} »"
    if noeud.valeurs:
        return "au choix : " + escape(" ; ".join(noeud.valeurs))
    if noeud.motif:
        return f"de la forme <code>{escape(noeud.motif)}</code>, comme « {escape(noeud.exemple)} »"
    return f"par exemple « {escape(noeud.exemple)} »" if noeud.exemple else ""
