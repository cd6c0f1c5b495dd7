"""Sauvegarde et remise en place : une archive ZIP sans compression, et son manifeste.

`MANIFESTE.json` (écrit en dernier), `base.dump` (pg_dump), `documents/…`, parfois `cles.chiffre`.
"""
