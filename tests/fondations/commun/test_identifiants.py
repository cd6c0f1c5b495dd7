"""Les identifiants : de version 7, uniques, et toujours dans l’ordre de leur création."""

import time
from concurrent.futures import ThreadPoolExecutor

from socle.fondations.commun import identifiants
from socle.fondations.commun.identifiants import uuid7


def test_identifier_carries_its_version_and_its_time():
    avant = time.time_ns() // 1_000_000
    identifiant = uuid7()
    apres = time.time_ns() // 1_000_000

    assert (identifiant.version, identifiant.variant) == (7, "specified in RFC 4122")
    assert avant <= identifiant.int >> 80 <= apres + 1


def test_identifiers_follow_each_other_in_the_same_millisecond():
    suite = [uuid7() for _ in range(20_000)]

    assert suite == sorted(set(suite))


def test_they_still_follow_when_the_clock_goes_back(monkeypatch):
    premier = uuid7()
    monkeypatch.setattr(identifiants.time, "time_ns", lambda: 0)

    assert premier < uuid7() < uuid7()


def test_full_millisecond_goes_to_the_next(monkeypatch):
    millisecondes = 1 << 47
    monkeypatch.setattr(identifiants.time, "time_ns", lambda: millisecondes * 1_000_000)
    plein = (1 << identifiants.BITS_DU_HASARD) - 1
    monkeypatch.setattr(identifiants, "_dernier", (millisecondes, plein))

    assert uuid7().int >> 80 == millisecondes + 1


def test_threads_never_share_one():
    with ThreadPoolExecutor(4) as fils:
        lots = list(fils.map(lambda _: [uuid7() for _ in range(500)], range(8)))

    assert len({identifiant for lot in lots for identifiant in lot}) == 4000
