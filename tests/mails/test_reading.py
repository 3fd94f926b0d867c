# ruff: noqa: E501 -- mails as mail programs write them
"""Reading a mail: its text without its quotation, its files by the rules, and whatever strangers send."""

import base64
import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.mails import reading, rules
from harmattan.mails.html_text import text_of_html
from harmattan.mails.reading import Unreadable, read, read_head
from harmattan.mails.reply_text import new_part
from harmattan.mails.rules import Nature
from tests.mails.letters import letter, report, with_file, written

TO = "reponse@harmattan.example"
PDF = b"%PDF-1.7 facture"
ANSWER = "Merci, 8 exemplaires.\n\nKarim"


def plain(octets: bytes, charset: str, encoding: str = "8bit") -> bytes:
    head = f"From: karim@x.example\nTo: {TO}\nSubject: x\nMessage-ID: <1@x>\n"
    return (
        f"{head}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n".encode()
        + octets
    )


# what is new


@pytest.mark.parametrize(
    "quotation",
    [
        "Le lun. 23 nov. 2026 à 10:12, Éditions L’Harmattan <sav@harmattan.example> a écrit :\n> Bonjour\n> Oui",
        "Le lun. 23 nov. 2026 à 10:12, Éditions L’Harmattan, service après-vente <\nsav@harmattan.example> a écrit\u00a0:\n\n> Bonjour",
        "On Mon, Nov 23, 2026 at 10:12 AM Éditions L’Harmattan <sav@harmattan.example> wrote:\n\n> Bonjour",
        "________________________________\nDe : Éditions L’Harmattan\nEnvoyé : lundi 23 novembre\nÀ : Karim\nObjet : Re\n\nBonjour",
        "-----Message d'origine-----\nDe : Éditions\nEnvoyé : lundi\nÀ : Karim\nObjet : Re\n\nBonjour",
        "> Bonjour\n> Oui",
    ],
)  # fmt: skip
def test_the_quotation_is_left_out(quotation: str) -> None:
    assert new_part(f"{ANSWER}\n\n{quotation}\n") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Le livre a écrit :\nnon, il a été écrit.",
        "On Mon, Nov 23, X wrote:\n> question ?\n\nMa réponse est dessous.",
        "- 3 exemplaires\n- 4 exemplaires\n\n-- \nKarim",
        f"avant\n\n{'-' * 40}\n\naprès",
        "De : quoi parle-t-on ?",
        "\n\n\n".join(f"ligne {n}" for n in range(500)),
        "x" * 50_000,
    ],
)
def test_what_quotes_nothing_or_answers_below_stays_whole(text: str) -> None:
    assert new_part(text).split() == text.split()


@given(st.text(max_size=2_000))
def test_trimming_never_fails_nor_invents(text: str) -> None:
    kept = new_part(text)
    assert set(kept.split()) <= set(text.split())
    assert bool(kept) == bool(text.strip())


# HTML


def test_html_reads_as_text_with_its_quotation_marked() -> None:
    html = """<html><head><style>p{color:red}</style><title>t</title></head><body><p>Bonjour,<br>8&nbsp;exemplaires</p>
    <script>alert(1)</script><div>Merci<img src="https://x.example/p.gif"></div><!-- secret -->
    <blockquote><p>Combien ?</p><p>Vite</p></blockquote></body></html>"""
    assert text_of_html(html) == "Bonjour,\n8 exemplaires\n\nMerci\n\n> Combien ?\n\n> Vite"


@given(st.text(max_size=500), st.integers(0, 300))
def test_any_html_gives_text(text: str, depth: int) -> None:
    assert isinstance(text_of_html("<div>" * depth + text + "<![if" + "</p>" * depth), str)


def test_a_mail_of_html_alone_is_read_and_plain_text_is_preferred() -> None:
    message = written(to=TO)
    message.set_content("<p>Oui</p><script>alert(1)</script>", subtype="html")
    assert read(bytes(message)).text == "Oui"
    message.clear_content()
    message.set_content("Texte")
    message.add_alternative("<p>Autre</p>", subtype="html")
    assert read(bytes(message)).text == "Texte"


# alphabets


@pytest.mark.parametrize(
    ("octets", "charset"),
    [
        ("été".encode(), "utf-8"),
        ("été".encode("latin-1"), "iso-8859-1"),
        ("été".encode("cp1252"), "utf-8"),
        ("été".encode(), "x-inconnu"),
        ("été".encode(), "idna"),
        ("été".encode(), "unicode_escape"),
        ("été".encode(), '"utf-8\0"'),
        ("été".encode("utf-16"), "utf-16"),
    ],
)
def test_the_text_survives_what_it_says_of_its_alphabet(octets: bytes, charset: str) -> None:
    assert read(plain(octets, charset)).text == "été"


def test_broken_base64_is_no_failure() -> None:
    assert isinstance(read(plain(b"%%%not base64%%%", "utf-8", "base64")).text, str)


def test_control_characters_do_not_enter() -> None:
    assert read(plain(b"a\x00b\x1b[31mc\r\nd", "utf-8")).text == "ab[31mc\nd"


# headers


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=120))
def test_a_subject_comes_on_one_line_as_it_was_written(subject: str) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message.set_content("x")
    message["From"] = "a@x.example"
    message["Subject"] = one_line = " ".join(subject.split())
    found = read(bytes(message)).subject
    assert "\n" not in found
    assert "\r" not in found
    if one_line.isprintable() and one_line.isascii() and "=?" not in one_line:
        assert found == one_line


HEADER = st.binary(max_size=200).map(lambda octets: octets.replace(b"\n", b"").replace(b"\r", b""))


@given(HEADER, HEADER, HEADER, st.binary(max_size=400))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_any_octets_are_read_or_refused(sender: bytes, subject: bytes, kind: bytes, body: bytes) -> None:
    octets = b"From: %b\nSubject: %b\nTo: %b\nContent-Type: %b\n\n%b" % (sender, subject, sender, kind, body)
    try:
        found = read(octets)
    except Unreadable:
        found = read_head(octets)
    for line in (found.sender, found.sender_name, found.subject, *found.recipients):
        assert "\n" not in line
        assert "\r" not in line
        assert "\0" not in line
    assert found.message_id.startswith("<")


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "karim",
        "karim@grandlarge.example, paul@quais.example",
        "karim@grandlarge.example)<mechant@x.example",
        "karim@grandlarge.example\u2028",
        "@grandlarge.example",
    ],
)
def test_a_sender_that_is_not_one_address_is_nobody(sender: str) -> None:
    assert read(f"From: {sender}\nMessage-ID: <1@x>\n\nx".encode()).sender in ("", "mechant@x.example")


def test_a_name_that_looks_like_an_address_is_a_name() -> None:
    found = read(b'From: "karim@grandlarge.example" <mechant@x.example>\nMessage-ID: <1@x>\n\nx')
    assert found.sender == "mechant@x.example"


def test_two_senders_are_nobody() -> None:
    assert read(b"From: a@x.example\nFrom: b@x.example\nMessage-ID: <1@x>\n\nx").sender == ""


# files


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("rib.pdf", PDF, True),
        ("photo.JPG", b"\xff\xd8\xffphoto", True),
        ("../../etc/rib.pdf", PDF, True),
        ("facture.pdf", b"MZ\x90 not a pdf", False),
        ("facture.pdf.exe", b"MZ", False),
        ("page.html", b"<script>alert(1)</script>", False),
        ("image.svg", b"<svg onload=alert(1)>", False),
        ("macro.docm", b"PK\x03\x04", False),
        ("liste.txt", b"<html><script>", False),
        ("vide.pdf", b"", False),
    ],
)
def test_files_are_taken_by_the_same_rules(name: str, content: bytes, taken: bool) -> None:
    found = read(with_file(name, content, TO))
    assert (len(found.files), len(found.refused)) == ((1, 0) if taken else (0, 1))
    assert all("/" not in file.name for file in found.files)
    if not taken:
        assert "Pièce jointe non reprise" in found.reply


def test_no_more_than_ten_files_are_taken() -> None:
    message = written(to=TO)
    message.set_content("Voici.")
    for number in range(13):
        message.add_attachment(PDF, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    found = read(bytes(message))
    assert (len(found.files), len(found.refused)) == (10, 3)


def test_an_encoded_file_name_is_read() -> None:
    head = b'Content-Type: multipart/mixed; boundary="B"\nMessage-ID: <1@x>\nFrom: a@x.example\n\n--B\n'
    part = b'Content-Disposition: attachment; filename="=?utf-8?q?re=C3=A7u.pdf?="\n\n%b\n--B--'
    assert read(head + part % PDF).files[0].name == "reçu.pdf"


def test_a_forwarded_mail_is_not_opened() -> None:
    message = written(to=TO)
    message.set_content("Voir ci-joint.")
    inner = written(to=TO)
    inner.set_content("<script>")
    message.add_attachment(inner)
    found = read(bytes(message))
    assert found.text == "Voir ci-joint."
    assert found.files == []
    assert len(found.refused) == 1


# too much


def nested(depth: int) -> bytes:
    head = "From: a@x.example\nMessage-ID: <1@x>\n"
    levels = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return (head + "".join(levels) + "\nx").encode()


@pytest.mark.parametrize("octets", [nested(20), nested(150), nested(5_000)])
def test_parts_within_parts_are_not_followed(octets: bytes) -> None:
    with pytest.raises(Unreadable):
        read(octets)
    assert read_head(octets).sender == "a@x.example"


def test_a_thousand_parts_are_not_read() -> None:
    parts = "".join(f"--B\n\npart {n}\n" for n in range(1_000))
    with pytest.raises(Unreadable):
        read(f'From: a@x.example\nContent-Type: multipart/mixed; boundary="B"\n\n{parts}--B--'.encode())


def test_a_long_text_is_cut_and_says_so() -> None:
    found = read(letter("mot " * 50_000))
    assert len(found.text) <= rules.LONGEST_TEXT
    assert len(found.reply) <= rules.LONGEST_REPLY + 10
    assert found.reply.endswith("[…]")


def test_hostile_headers_of_great_length_are_bounded() -> None:
    long = b"=?utf-8?q?" * 100_000
    found = read(
        b"From: %b\nSubject: %b\nReferences: %b\nMessage-ID: <1@x>\n\nx" % (long, long, b"<a@b> " * 50_000)
    )
    assert len(found.subject) <= 200
    assert len(found.references) <= 25


# who wrote it


@pytest.mark.parametrize(
    ("headers", "nature"),
    [
        ({}, Nature.PERSON),
        ({"Auto_Submitted": "no"}, Nature.PERSON),
        ({"Auto_Submitted": "auto-replied"}, Nature.AUTOMATIC),
        ({"Auto_Submitted": "auto-generated"}, Nature.AUTOMATIC),
        ({"Precedence": "bulk"}, Nature.AUTOMATIC),
        ({"Precedence": "auto_reply"}, Nature.AUTOMATIC),
        ({"X_Autoreply": "yes"}, Nature.AUTOMATIC),
        ({"List_Id": "<liste.example>"}, Nature.AUTOMATIC),
        ({"Return_Path": "<>"}, Nature.AUTOMATIC),
    ],
)
def test_machines_are_told_from_people(headers: dict[str, str], nature: Nature) -> None:
    assert read(letter("Absente jusqu’à lundi.", **headers)).nature is nature


@pytest.mark.parametrize(
    ("action", "nature"),
    [("failed", Nature.BOUNCE), ("delayed", Nature.DELAY), ("delivered", Nature.AUTOMATIC)],
)
def test_a_report_names_the_mail_and_what_happened(action: str, nature: Nature) -> None:
    found = read(report("<abc@harmattan.example>", action))
    assert found.nature is nature
    assert "550 5.1.1 no such user" in found.diagnosis
    if nature is not Nature.AUTOMATIC:
        assert "<abc@harmattan.example>" in found.references


def test_a_report_in_base64_or_without_fields_is_no_failure() -> None:
    hidden = base64.b64encode(b"Action: failed\n")
    part = b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n" + hidden
    octets = (
        b'From: a@x.example\nMessage-ID: <1@x>\nContent-Type: multipart/report; boundary="B"\n\n--B\n%b\n--B--'
        % part
    )
    assert reading.read(octets).nature in (Nature.AUTOMATIC, Nature.BOUNCE)
