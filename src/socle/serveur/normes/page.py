"""Le rapport en une page HTML qui se suffit : ni script, ni image, ni adresse extérieure."""

from html import escape

from socle.serveur.normes.ports import Resultat

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#eee}"
)
LIGNES_MAX = 10_000


def build_page(titre: str, resultat: Resultat) -> str:
    """Rend la page ; tout ce qui vient du fichier est échappé."""
    verdict = "Fichier valide" if resultat.valide else "Fichier à corriger"
    return "\n".join(
        [
            '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(verdict)} – {escape(titre)}</title>",
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{escape(verdict)}</h1>\n<p>{escape(titre)}</p>",
            *(f"<p>{escape(phrase)}</p>" for phrase in resultat.phrases),
            _build_table("Fautes", resultat.fautes),
            _build_table("Remarques", resultat.notes),
            "</main>\n</body>\n</html>",
        ]
    )


def _build_table(titre: str, fautes: list[tuple[str, str, str]]) -> str:
    if not fautes:
        return ""
    rangs = "\n".join(
        f"<tr><td>{escape(lieu)}</td><td>{escape(message)}</td><td>{escape(code)}</td></tr>"
        for lieu, code, message in fautes[:LIGNES_MAX]
    )
    reste = len(fautes) - LIGNES_MAX
    suite = f"<p>Et {reste} autres.</p>" if reste > 0 else ""
    return (
        f'<table>\n<caption>{titre} ({len(fautes)})</caption>\n<thead><tr><th scope="col">Où</th>'
        f'<th scope="col">Que faire</th><th scope="col">Code</th></tr></thead>\n'
        f"<tbody>\n{rangs}\n</tbody>\n</table>{suite}"
    )
