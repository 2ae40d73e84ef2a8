"""Cases are found as names are written and as they are typed; a search keeps its name for the one who gave it."""

import pytest

from fieldvisit import cases, contacts, saved_views, search
from fieldvisit.models import Case, Party
from fieldvisit.problems import Refused
from tests.cast import NOW


def found(words):
    return {case.parties.get().name for case in search.by_words(Case.objects.all(), words)}


@pytest.fixture
def people(make_case):
    for name in ("张伟", "章薇", "曾国藩", "吕布", "尉迟恭", "Maria López"):
        make_case(name)


@pytest.mark.parametrize(
    "words, names",
    [
        ("zhangwei", {"张伟", "章薇"}),
        ("Zhang Wei", {"张伟", "章薇"}),
        ("zw", {"张伟", "章薇"}),
        ("张", {"张伟"}),
        ("zeng", {"曾国藩"}),  # as a surname, not "ceng"
        ("zgf", {"曾国藩"}),
        ("lübu", {"吕布"}),
        ("lvb", {"吕布"}),
        ("yuchi", {"尉迟恭"}),
        ("maria l", {"Maria López"}),
        ("López", {"Maria López"}),
        ("wei", set()),  # a name is typed from its beginning
        ("'%", set()),
    ],
)
def test_a_name_is_found_as_it_is_written_and_as_it_is_typed(people, words, names):
    assert found(words) == names


def test_a_name_that_is_spelt_anew_is_found_anew(dora, mia):
    contacts.change(party=dora.parties.get(), property="name", before="朵拉", after="多啦", by=mia, now=NOW)
    assert found("duola") == {"多啦"} and found("dl") == {"多啦"}
    Party.objects.bulk_create([Party(case=dora, role="guarantor", name="韩梅梅")])
    assert search.by_words(Case.objects.all(), "hmm").get() == dora


def test_cases_by_state_and_by_who_has_them(make_case, ana, chen):
    hers, free, closed = make_case("甲"), make_case("乙"), make_case("丙")
    cases.assign(cases=[hers, closed], collector=ana, by=chen, now=NOW)
    cases.close(case=closed, reason="paid", by=chen, now=NOW)
    every = Case.objects.all()
    assert set(search.by_state(every, "open", None)) == {hers, free}
    assert set(search.by_state(every, "free", None)) == {free}
    assert set(search.by_state(every, "closed", ana)) == {closed}
    assert set(search.by_state(every, "", ana)) == {hers, closed}


def test_a_search_is_kept_under_a_name_by_each_for_himself(client, sign_in, olga, mia, people):
    desk = sign_in(olga)
    desk.post("/office/views/", {"name": "张家", "query": "q=zw&after=x&state=open"})
    page = desk.get("/office/cases/?q=zw&state=open").content.decode()
    assert "张家" in page and 'aria-current="page">张家' in page.replace("\n", "")
    assert olga.saved_views.get().query == "q=zw&state=open"
    assert "张家" not in sign_in(mia).get("/office/cases/?q=zw").content.decode()
    sign_in(olga).post("/office/views/", {"drop": "张家"})
    assert not olga.saved_views.exists()


def test_a_view_needs_a_name_and_a_search_and_there_are_not_too_many(olga):
    for name, query in (("", "q=x"), ("x" * 41, "q=x"), ("x", "")):
        with pytest.raises(Refused):
            saved_views.keep(user=olga, name=name, query=query)
    for n in range(saved_views.MOST):
        saved_views.keep(user=olga, name=str(n), query="q=x")
    saved_views.keep(user=olga, name="0", query="q=y")
    with pytest.raises(Refused) as refused:
        saved_views.keep(user=olga, name="more", query="q=x")
    assert refused.value.code == "view.full"
