"""Tests that need real commits work on a copy, and leave nothing behind."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from fieldvisit.models import Team


def test_threads_see_what_another_has_committed(committed):
    Team.objects.create(name="committed")

    def look():
        try:
            return Team.objects.filter(name="committed").count()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(look).result() == 1


def test_the_next_copy_is_fresh(committed):
    assert not Team.objects.exists()


def test_the_ordinary_database_is_back_afterwards(db):
    assert not Team.objects.exists()
