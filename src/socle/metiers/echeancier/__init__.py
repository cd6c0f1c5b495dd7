"""Échéancier : ce qui tombe sur les collectivités, quand, et d’après quel texte.

Cinq mots : une **obligation** (ou un projet), son **public** (genre, taille, territoire), sa
**date** (connue, estimée, permanente), l’**histoire** de cette date, qui n’efface rien, et le
**suivi** qu’en tient une collectivité.

Entrées : `queries.obligations` (lire, filtrer), `queries.profils` (qui est concerné),
`services.obligations` (écrire), `exports.frise` (dessiner), `tasks.alerter` (prévenir).
"""
