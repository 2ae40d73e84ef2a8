"""The named cast of every story, and a fixed clock.

Ana and Bruno collect in Chen's team, Chen supervises, Olga reviews, Mia administers, Xu collects in another team.
Dora owes; her case is Ana's, and Ana visits her today with Bruno.
"""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from fieldvisit import cases as case_verbs
from fieldvisit import people, unlock
from fieldvisit.models import Address, Agency, Case, Creditor, Debt, Device, Mandate, Party, Role, Team, User

NOW = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)  # 10:14 in Beijing, a Tuesday
TODAY = date(2026, 11, 24)
PASSWORD = "a-long-test-password"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def team(db):
    return Team.objects.create(name="杭州一组")


def _user(username, name, role, team=None, language="en"):
    return people.new_user(username=username, name=name, role=role, password=PASSWORD, team=team, language=language)


@pytest.fixture
def ana(team):
    return _user("ana", "Ana", Role.COLLECTOR, team)


@pytest.fixture
def bruno(team):
    return _user("bruno", "Bruno", Role.COLLECTOR, team)


@pytest.fixture
def chen(team):
    return _user("chen", "Chen", Role.SUPERVISOR, team)


@pytest.fixture
def olga(db):
    return _user("olga", "Olga", Role.REVIEWER)


@pytest.fixture
def mia(db):
    return _user("mia", "Mia", Role.ADMINISTRATOR)


@pytest.fixture
def xu(db):
    return _user("xu", "Xu", Role.COLLECTOR, Team.objects.create(name="广州一组"))


@pytest.fixture
def creditor(db):
    creditor = Creditor.objects.create(
        name="甲银行股份有限公司",
        short_name="甲银行",
        account_name="甲银行股份有限公司",
        account_bank="甲银行杭州分行",
        account_number="6222000011113306",
        complaint_phone="95500",
    )
    agency = Agency.objects.create(name="正和资产服务有限公司", phone="0571-88880000")
    Mandate.objects.create(
        creditor=creditor,
        agency=agency,
        number="ZH-2026-001",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 3, 31),
    )
    return creditor


@pytest.fixture
def make_case(creditor):
    """make_case("傅琳", principal_fen=717585, …) → a case with one debtor, one home and one debt."""
    made = []

    def make(name="朵拉", *, contract=None, lat_e7=303000000, lon_e7=1201500000, **debt):
        case = Case.objects.create(
            creditor=creditor, contract_number=contract or f"LC{len(made):06d}", product="car", opened_at=NOW
        )
        party = Party.objects.create(
            case=case,
            name=name,
            id_number="330105197404224076",
            birth_date=date(1974, 4, 22),
            mobile="19000000006",
            employer="双敏电子网络有限公司",
            homeownership="RENT",
        )
        Address.objects.create(
            party=party,
            province="浙江省",
            city="杭州市",
            district="拱墅区",
            street="济南街99号24栋1单元1402室",
            lat_e7=lat_e7,
            lon_e7=lon_e7,
            source="test",
        )
        figures = {
            "principal_fen": 717585,
            "overdue_interest_fen": 71565,
            "penalty_fen": 12000,
            "as_of": TODAY,
            "original_fen": 750000,
            "formed_on": date(2018, 1, 1),
            "due_since": date(2026, 4, 24),
            "annual_rate_ppm": 150400,
        }
        Debt.objects.create(case=case, **(figures | debt))
        made.append(case)
        return case

    return make


@pytest.fixture
def dora(make_case):
    """Dora's case: 8,011.50 in all."""
    return make_case()


@pytest.fixture
def visit(dora, ana, bruno, chen):
    """Ana's visit to Dora, planned for today at ten."""
    case_verbs.assign(cases=[dora], collector=ana, by=chen, now=NOW)
    dora.refresh_from_db()
    (visit,) = case_verbs.plan_visits(cases=[dora], collector=ana, second=bruno, on=TODAY, by=chen, now=NOW)
    visit.planned_start, visit.planned_end = time(10, 5), time(10, 45)
    visit.save()
    return visit


def unlocked_phone(user: User) -> str:
    """The token of a phone of this user, for X-Unlock."""
    phone, _ = Device.objects.get_or_create(
        user=user, label="unlocked", defaults={"public_key": f"none of {user}", "enrolled_at": NOW}
    )
    fresh = {unlock.SIGNED_IN_AT: NOW.timestamp()}
    return unlock.issue(device=phone, session=fresh, now=NOW)


@pytest.fixture
def sign_in(client):
    """sign_in(ana) → a test client with both factors, a collector's with the token of an unlocked phone as well."""

    def into(user: User, client=client):
        from django_otp import DEVICE_ID_SESSION_KEY

        client.force_login(user)
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = user.totpdevice_set.get().persistent_id
        session[unlock.SIGNED_IN_AT] = int(timezone.now().timestamp())
        session.save()
        if user.role == Role.COLLECTOR:
            client.defaults["HTTP_X_UNLOCK"] = unlocked_phone(user)
        return client

    return into
