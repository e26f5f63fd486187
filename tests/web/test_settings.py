"""Settings: tokens that are shown once, passwords, roles."""

from __future__ import annotations

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, actor
from tests.web.visitor import Visitor


async def test_a_token_is_shown_once_and_acts_for_the_person(api: Api) -> None:
    someone = await actor(api.runtime)
    visitor = await Visitor(api.app, someone).open("/settings")
    await visitor.send("/settings/tokens", {"token_name": "catalogue", "days": "30"})
    token = visitor.text('//*[@id="secret"]')
    assert (await api.data("{ viewer { email } }", token=token))["viewer"]["email"] == someone.email
    await visitor.open("/settings")
    assert token not in visitor.text("//body")
    assert "catalogue" in visitor.text('//*[@id="tokens"]')


async def test_a_second_press_of_the_same_form_makes_one_token(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    visitor = await Visitor(api.app, someone).open("/settings")
    form = visitor.form("/settings/tokens")
    sent = dict(form.form_values()) | {"token_name": "twice", "days": "30"}
    for _press in range(2):
        assert (await visitor.http.post("/settings/tokens", data=sent)).status_code == 200
    assert database.rows("SELECT count(*) FROM tokens WHERE name = 'twice'") == [(1,)]


async def test_a_wrong_present_password_is_said_at_its_field(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    before = database.rows("SELECT password_hash FROM people")
    visitor = await Visitor(api.app, someone).open("/settings")
    await visitor.send("/settings/password", {"current": "not-this-one", "new": "another-good-password"})
    assert visitor.status >= 400
    assert visitor.page.xpath('//input[@id="current"]/@aria-invalid') == ["true"]
    assert database.rows("SELECT password_hash FROM people") == before
    await visitor.send("/settings/password", {"current": PASSWORD, "new": "another-good-password"})
    assert database.rows("SELECT password_hash FROM people") != before


async def test_who_does_not_manage_people_sees_no_way_to(api: Api) -> None:
    someone = await actor(api.runtime, roles=("VIEWER",))
    visitor = await Visitor(api.app, someone).open("/settings/people")
    assert visitor.status == 200
    assert not visitor.page.xpath('//form[contains(@action, "/settings/people/")]')
