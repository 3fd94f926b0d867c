"""Accounts and their people as our services look after them, plain and with HTMX (R1, R2, R21)."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.access.rules import Right
from harmattan.accounts.models import Invitation
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, fold

MARIE, HUGO, INES, ROOT = (f"{name}@equipe.example" for name in ("marie", "hugo", "ines", "root"))
ACCOUNTS = "/equipe/acces/comptes"
LISTS = "/equipe/acces/invitations"
NewBrowser = Callable[..., Browser]


@pytest.fixture
def marie(browser: Browser, people: SimpleNamespace) -> Browser:
    return browser.log_in(MARIE)


def mails(kind: str) -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)))


def page_of(user: User) -> str:
    return f"{ACCOUNTS}/{user.account.number}/{user.key}"


def seen(user: User, days_ago: int = 0) -> None:
    user.last_log_in_at = clock.now() - dt.timedelta(days=days_ago)
    db.session.commit()


def listed(browser: Browser) -> list[str]:
    return [fold(row.get_text(" "))[:40] for row in browser.page.select("#list tbody th strong")]


# inviting


def test_an_invitation_is_one_mail_to_the_address_on_file_with_the_link_to_the_form(
    marie: Browser, people: SimpleNamespace
) -> None:
    marie.open(f"{ACCOUNTS}/104800").submit(f"{ACCOUNTS}/104800/invitation")
    assert "L'invitation part à compta@petitport.example." in marie.text
    (mail,) = mails("invitation")
    assert mail.recipient == "compta@petitport.example"
    assert "« Demande d’accès à l’espace client »" in mail.body.replace("\u00a0", " ")
    assert "/acces?compte=104800" in mail.body
    assert "Invité" in marie.text
    visitor = Browser(marie.client.application.test_client()).open("/acces?compte=104800")
    assert visitor.page.find(id="number")["value"] == "104800"


def test_it_can_be_sent_again_and_a_form_sent_twice_sends_one(
    marie: Browser, people: SimpleNamespace
) -> None:
    url = f"{ACCOUNTS}/104800/invitation"
    marie.open(f"{ACCOUNTS}/104800")
    once = marie.page.find(attrs={"name": "once"})["value"]
    for _ in range(2):
        marie.post(url, once=once)
    assert len(mails("invitation")) == 1
    marie.open(f"{ACCOUNTS}/104800").submit(url, button="Renvoyer l'invitation")
    assert len(mails("invitation")) == 2


def test_an_account_with_a_principal_user_is_not_invited(marie: Browser, people: SimpleNamespace) -> None:
    marie.open(f"{ACCOUNTS}/104512")
    assert marie.page.find("button", string="Inviter ce compte") is None
    marie.post(f"{ACCOUNTS}/104512/invitation")
    assert marie.status == 409
    assert "Ce compte a déjà un accès" in marie.text
    assert mails("invitation") == []


def test_a_list_is_read_once_more_before_the_worker_invites_anybody(
    marie: Browser, people: SimpleNamespace
) -> None:
    cast.account("104900", trade_name="Librairie du Phare", activated_at=None)
    db.session.commit()
    marie.open(LISTS).submit(
        LISTS, numeros="Compte;Nom\n104800;Petit Port\n104 900\n104512\n999999\npas un compte\n104800"
    )
    assert marie.url == f"{LISTS}/INV-2026-000001"
    assert "2 comptes à inviter" in marie.text
    assert "1 compte a déjà des utilisateurs" in marie.text
    assert "1 numéro inconnu" in marie.text
    assert "pas un compte" in marie.text
    assert mails("invitation") == []
    marie.submit(marie.url)
    assert "En cours d'envoi" in marie.text
    jobs.run_due()
    assert {mail.recipient for mail in mails("invitation")} == {
        "compta@petitport.example",
        "contact@104900.example",
    }
    marie.open(marie.url)
    assert "2 invitations parties" in marie.text
    marie.post(marie.url)
    assert marie.status == 409
    jobs.run_due()
    assert len(mails("invitation")) == 2


def test_accounts_invited_before_are_invited_again_only_when_asked(
    marie: Browser, people: SimpleNamespace
) -> None:
    marie.open(f"{ACCOUNTS}/104800").submit(f"{ACCOUNTS}/104800/invitation")
    for again, count in ((None, 1), ("y", 2)):
        marie.open(LISTS).submit(LISTS, numeros="104800")
        assert "1 compte déjà invité" in marie.text
        marie.submit(marie.url, again=again)
        jobs.run_due()
        assert len(mails("invitation")) == count


def test_a_worker_that_starts_over_invites_nobody_twice(
    app: Flask, marie: Browser, people: SimpleNamespace
) -> None:
    marie.open(LISTS).submit(LISTS, numeros="104800")
    marie.submit(marie.url, again="y")
    jobs.run_due()
    db.session.execute(sa.update(jobs.Job).values(state=jobs.WorkState.WAITING, payload={"list_id": 1}))
    db.session.commit()
    jobs.run_due()
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 1


def test_a_file_does_as_well(marie: Browser, people: SimpleNamespace) -> None:
    content = "Numéro;Enseigne\r\n104800;Librairie du Petit Port\r\n".encode("cp1252")
    marie.open(LISTS).submit(LISTS, files={"fichier": (BytesIO(content), "à inviter.csv")})
    assert "1 compte à inviter" in marie.text
    assert "à inviter.csv" in marie.text


@pytest.mark.parametrize(
    ("numeros", "file", "message"),
    [
        ("", None, "Donnez au moins un numéro de compte, en chiffres, un par ligne"),
        ("Librairie", None, "Donnez au moins un numéro de compte, en chiffres, un par ligne"),
        ("104800", b"104512", "Envoyez le fichier ou la liste collée, un seul des deux"),
        ("", b"%PDF-1.7", "Envoyez un fichier CSV, TXT, XLSX, ODS ou XLS : le contenu de celui-ci est"),
        ("1\n" * 5_002, None, "Envoyez la liste en plusieurs fois : elle compte 5 002 lignes"),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_with_what_was_typed(
    marie: Browser, people: SimpleNamespace, numeros: str, file: bytes | None, message: str
) -> None:
    files = {"fichier": (BytesIO(file), "liste.csv")} if file else None
    marie.open(LISTS).submit(LISTS, numeros=numeros, files=files)
    assert marie.status == 422
    assert marie.faults()[0].startswith(message)
    assert marie.page.find(id="numeros").get_text().strip() == numeros.strip()


# looking up


def test_accounts_are_found_by_number_name_city_and_person_whatever_the_accents(
    marie: Browser, people: SimpleNamespace
) -> None:
    people.petit_port.city = "Saint-Évarzec"
    db.session.commit()
    for sought, found in (
        ("1047", ["Librairie des Quais"]),
        ("saint evarzec", ["Librairie du Petit Port"]),
        ("benali", ["Librairie Le Grand Large"]),
        ("paul@quais.example", ["Librairie des Quais"]),
        ("librairie", ["Librairie Le Grand Large", "Librairie des Quais", "Librairie du Petit Port"]),
        ("nulle part", []),
    ):
        assert listed(marie.open(f"{ACCOUNTS}?q={sought}")) == found


def test_every_account_is_in_one_state_and_those_never_seen_for_30_days_stand_out(
    marie: Browser, people: SimpleNamespace
) -> None:
    never = cast.account("104900", trade_name="Librairie du Phare")
    db.session.add(Invitation(account_id=never.id, sent_to="x", sent_by="Marie"))
    silent = cast.account("104901", trade_name="Librairie du Silence")
    cast.bookseller(silent, "sil@silence.example", "Sil Ence", principal=True)
    seen(people.anne)
    clock.start_at(cast.MONDAY + dt.timedelta(days=31))
    marie = Browser(marie.client.application.test_client()).log_in(MARIE)
    assert listed(marie.open(f"{ACCOUNTS}?etat=a-inviter")) == ["Librairie du Petit Port"]
    assert listed(marie.open(f"{ACCOUNTS}?etat=invites")) == ["Librairie du Phare"]
    assert listed(marie.open(f"{ACCOUNTS}?etat=actives")) == ["Librairie des Quais", "Librairie du Silence"]
    assert listed(marie.open(f"{ACCOUNTS}?etat=connectes")) == ["Librairie Le Grand Large"]
    assert listed(marie.open(f"{ACCOUNTS}?etat=jamais")) == [
        "Librairie des Quais",
        "Librairie du Phare",
        "Librairie du Silence",
    ]
    assert "3 comptes, invités ou activés il y a plus de 30 jours" in marie.open(LISTS).text


def test_long_lists_have_pages(marie: Browser, people: SimpleNamespace) -> None:
    for number in range(200_000, 200_060):
        cast.account(str(number))
    db.session.commit()
    first = listed(marie.open(ACCOUNTS))
    second = listed(marie.open(marie.page.find("a", rel="next")["href"]))
    assert (len(first), len(second)) == (50, 13)
    assert not set(first) & set(second)


def test_the_search_of_every_page_finds_accounts_for_staff_alone(
    marie: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    assert marie.open("/recherche?q=104733").url == f"{ACCOUNTS}/104733"
    assert "Librairie des Quais" in marie.open("/recherche?q=quais").text
    anne = new_browser().log_in(people.anne.email)
    assert anne.open("/recherche?q=104733").url == "/recherche?q=104733"
    assert "Librairie des Quais" not in anne.open("/recherche?q=quais").text


# one person's access


def test_sales_suspend_and_reopen_an_access_which_counts_from_the_next_request_on(
    marie: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    karim = new_browser().log_in(people.karim.email)
    marie.open(page_of(people.karim)).submit(f"{page_of(people.karim)}/suspendre")
    assert "L'accès de Karim Benali est suspendu." in marie.text
    assert karim.open("/").url.startswith("/connexion")
    assert karim.submit("/connexion", email=people.karim.email, password=cast.PASSWORD).status == 422
    marie.open(page_of(people.karim)).submit(f"{page_of(people.karim)}/rouvrir")
    assert new_browser().log_in(people.karim.email).url == "/"
    assert people.karim.rights == {Right.ORDERS, Right.RETURNS}
    assert [mail.recipient for mail in mails("access_changed")] == [people.karim.email] * 2
    acts = new_browser().log_in(people.anne.email).open("/compte/journal").text
    assert "Marie Duval Accès fermé karim@grandlarge.example" in acts
    assert "Marie Duval Accès rouvert karim@grandlarge.example" in acts


def test_the_last_principal_user_is_not_suspended_and_the_way_out_is_told(
    marie: Browser, people: SimpleNamespace
) -> None:
    marie.open(page_of(people.anne))
    assert "nommez d'abord utilisateur principal une autre personne" in marie.text
    marie.post(f"{page_of(people.anne)}/suspendre")
    assert marie.status == 409
    assert "Il faut un utilisateur principal" in marie.text


def test_sales_move_the_principal_role_and_it_is_recorded(
    marie: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    marie.open(page_of(people.karim)).submit(f"{page_of(people.karim)}/principal")
    assert "Karim Benali est désormais l'utilisateur principal." in marie.text
    assert people.karim.is_principal
    assert not people.anne.is_principal
    assert people.anne.rights == set(Right)
    acts = new_browser().log_in(people.karim.email).open("/compte/journal").text
    assert (
        "Marie Duval Nouvel utilisateur principal karim@grandlarge.example Anne Le Goff → Karim Benali"
        in acts
    )


def test_a_suspended_person_is_not_named_principal_user(marie: Browser, people: SimpleNamespace) -> None:
    people.karim.disabled_at = clock.now()
    marie.open(page_of(people.karim)).post(f"{page_of(people.karim)}/principal")
    assert marie.status == 403
    assert people.anne.is_principal


def test_a_principal_user_who_left_alone_is_replaced_by_a_new_first_access(
    marie: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    marie.open(f"{ACCOUNTS}/104733").submit(f"{ACCOUNTS}/104733/remplacement")
    assert "une invitation part à contact@quais.example" in marie.text
    assert people.paul.disabled_at is not None
    assert not people.paul.is_principal
    assert [mail.recipient for mail in mails("invitation")] == ["contact@quais.example"]


def test_whoever_has_colleagues_is_not_replaced(marie: Browser, people: SimpleNamespace) -> None:
    marie.open(f"{ACCOUNTS}/104512")
    marie.post(f"{ACCOUNTS}/104512/remplacement")
    assert marie.status == 409
    assert "Cette personne a des collègues" in marie.text
    assert people.anne.disabled_at is None


def test_sales_set_a_last_day_and_leave_the_rights_alone(marie: Browser, people: SimpleNamespace) -> None:
    url = page_of(people.karim)
    marie.open(url).submit(url, ends_on="01/01/2026")
    assert marie.faults() == ["Choisissez un dernier jour à venir, ou effacez-le pour un accès sans fin"]
    marie.submit(url, ends_on="31/01/2027")
    assert people.karim.ends_on == dt.date(2027, 1, 31)
    assert people.karim.rights == {Right.ORDERS, Right.RETURNS}


# who may


@pytest.mark.parametrize("email", [HUGO, INES])
def test_the_other_services_look_accounts_up_and_change_nothing(
    browser: Browser, people: SimpleNamespace, email: str
) -> None:
    browser.log_in(email)
    for url in (ACCOUNTS, f"{ACCOUNTS}/104512", page_of(people.karim)):
        assert browser.open(url).status == 200
        posts = {form["action"].rpartition("/")[2] for form in browser.page.find_all("form", method="post")}
        assert posts <= {"deconnexion", "vue"}
    assert browser.open(LISTS).status == 403
    browser.open("/equipe")
    for url in (
        *(f"{ACCOUNTS}/104800/invitation", f"{ACCOUNTS}/104733/remplacement", LISTS),
        *(f"{page_of(people.karim)}{act}" for act in ("", "/suspendre", "/rouvrir", "/principal")),
    ):
        assert browser.post(url).status == 403, url
    assert mails("invitation") == []


def test_a_person_of_another_account_is_not_found(marie: Browser, people: SimpleNamespace) -> None:
    assert marie.open(f"{ACCOUNTS}/104733/{people.karim.key}").status == 404
    assert marie.open(f"{ACCOUNTS}/104512/{people.marie.key}").status == 404
    assert marie.open(f"{ACCOUNTS}/999999").status == 404


# the journal


def test_the_journal_is_narrowed_by_account_person_and_act(
    marie: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    new_browser().log_in(people.anne.email)
    new_browser().log_in(people.paul.email)
    marie.open(f"{ACCOUNTS}/104800").submit(f"{ACCOUNTS}/104800/invitation")

    def acts(query: str) -> list[str]:
        marie.open(f"/equipe/journal?{query}")
        return [fold(row.get_text(" ")) for row in marie.page.select("#journal tbody tr")]

    assert len(acts("")) == 3
    assert "Paul Roy" in acts("compte=104733")[0]
    assert "Invitation à l'espace client 104800 Librairie du Petit Port" in acts("q=invitation")[0]
    assert len(acts("q=connexion")) == 2
    assert acts("compte=999999") == []
    assert acts("periode=7&q=anne%40") != []


def test_what_staff_do_among_themselves_shows_to_settings_alone(
    people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    marie, root = new_browser().log_in(MARIE), new_browser().log_in(ROOT)
    assert "Marie Duval" not in marie.open("/equipe/journal").main().get_text()
    assert "Marie Duval" in root.open("/equipe/journal").main().get_text()


# the command


def test_accounts_are_invited_from_the_command_line(app: Flask, people: SimpleNamespace) -> None:
    said = app.test_cli_runner().invoke(args=["user", "invite", "104800", "104512", "999999"]).output
    assert said.splitlines() == [
        "104800 : invitation envoyée à compta@petitport.example",
        "104512 : Ce compte a déjà un accès. Ses utilisateurs se connectent, ou demandent un nouveau mot de"
        " passe.",
        "999999 : aucun compte de ce numéro",
    ]
    assert [mail.recipient for mail in mails("invitation")] == ["compta@petitport.example"]
