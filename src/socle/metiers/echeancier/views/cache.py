"""Pages publiques qui se gardent : une empreinte dit si quelque chose a changé."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from socle.metiers.echeancier.queries.obligations import get_fraicheur

Vue = Callable[..., HttpResponseBase]
SECONDES = 60


def compute_empreinte(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Empreinte d’une page : son adresse, le jour, la version, le dernier changement.

    Une seule instruction SQL. Qui est connecté voit un autre en-tête : sa page n’est pas partagée.
    """
    quand, nombre = get_fraicheur()
    morceaux = (
        settings.VERSION, settings.NOM_INSTALLATION, request.get_full_path(), timezone.localdate(),
        quand, nombre, request.session.session_key or "", request.headers.get("HX-Request", ""),
    )  # fmt: skip
    return f'"{hashlib.sha256("|".join(map(str, morceaux)).encode()).hexdigest()[:32]}"'


def publique(vue: Vue) -> Vue:
    """Ouvre une page à tous et la fait garder : 304 tant que rien n’a changé."""

    @login_not_required
    @require_safe
    @condition(etag_func=compute_empreinte)
    @wraps(vue)
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        if not request.session.session_key and reponse.status_code == 200:
            patch_cache_control(reponse, public=True, max_age=SECONDES)
        return reponse

    return show
