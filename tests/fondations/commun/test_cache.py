"""Cache partagé : mêmes gestes que celui de Django, vus de plusieurs processus."""

import pytest
from django.core.cache import cache

from socle.fondations.commun.cache import CachePartage

pytestmark = pytest.mark.django_db


def test_cache_is_the_shared_one():
    assert isinstance(cache._connections["default"], CachePartage)


def test_get_set_delete():
    assert cache.get("absent", "rien") == "rien"
    cache.set("cle", [1.5, 2.5], 60)
    assert cache.get("cle") == [1.5, 2.5]
    assert cache.delete("cle") is True
    assert cache.delete("cle") is False
    assert cache.get("cle") is None


def test_add_only_when_absent_or_expired(monkeypatch):
    assert cache.add("verrou", True, 10) is True
    assert cache.add("verrou", True, 10) is False
    monkeypatch.setattr("socle.fondations.commun.cache.time.time", lambda: 5_000_000_000.0)
    assert cache.get("verrou") is None
    assert cache.add("verrou", True, 10) is True


def test_values_expire_and_can_be_purged():
    cache.set("court", 1, 0)
    cache.set("long", 1, None)

    assert (cache.get("court"), cache.get("long")) == (None, 1)
    assert cache.purge() == 1
    assert cache.touch("long", 60) is True
    assert cache.touch("court", 60) is False
    cache.clear()
    assert cache.get("long") is None


def test_values_are_json_never_pickle():
    with pytest.raises(TypeError):
        cache.set("objet", object())
