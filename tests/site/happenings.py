"""What happened in the shop of the whole-site tests: something everywhere, so that every page has something
to show, and a canary in every text, so that a page that shows what is another's gives itself away.
"""

import datetime as dt
import io
import re
from types import SimpleNamespace

from werkzeug.datastructures import FileStorage

from harmattan.access import recovery
from harmattan.access.models import User
from harmattan.accounts import service as accounts
from harmattan.accounts.rules import NumberList
from harmattan.applications import service as applications
from harmattan.applications.models import Application
from harmattan.banking import service as banking
from harmattan.billing.models import Form
from harmattan.cart import service as carts
from harmattan.catalogue.models import Title
from harmattan.contact import service as contact
from harmattan.contact.rules import Subject
from harmattan.conversations import canned
from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.numbering import Counter
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.details import service as details
from harmattan.details.rules import Difference
from harmattan.dossiers import service as dossiers
from harmattan.dossiers.models import DossierFile
from harmattan.imports.models import CatalogueImport, ImportRemark
from harmattan.imports.rules import RunState
from harmattan.lcr import drawing, notices, presenting, remitting
from harmattan.lcr import rules as lcr_rules
from harmattan.lcr import service as lcr
from harmattan.lists import refused
from harmattan.lists import service as lists
from harmattan.lists.models import RefusedFile
from harmattan.lists.refused import Upload
from harmattan.mails import receiving
from harmattan.mails.models import IncomingMail
from harmattan.onboarding import service as onboarding
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.outbox.models import OutboxMessage
from harmattan.payments import service as payments
from harmattan.payments.rules import Means
from harmattan.quotes.models import Quote
from harmattan.returns import reception
from harmattan.returns import service as returns
from harmattan.returns.models import ReturnPhoto, ReturnSlip
from harmattan.returns.rules import Count, Refused, Route
from harmattan.settings import service as settings
from harmattan.settings.rules import differences
from harmattan.settings.sections import BANK
from harmattan.shipments import service as shipments
from harmattan.shipments.rules import NewParcel
from tests import cast
from tests.lcr.notice_files import Unpaid, file_of
from tests.mails.letters import letter

Addresses = dict[str, str]
"""Beginning of a rule -> an address there; « #… » tells one of several apart."""

RIB = NewFile("rib.txt", "text/plain", b"CANARI-RIB")


def everything() -> Addresses:
    """Let it all happen; the addresses are the Librairie Le Grand Large's (Karim's, where it matters)."""
    people, titles = cast.everybody(), cast.titles()
    cast.tariffs()
    addresses = {
        "/catalogue/<isbn>": f"/catalogue/{titles.t1.isbn}",
        "/demo/courriels/<key>": "/demo/courriels/x",
    }
    for number, (by, canary) in enumerate(
        ((people.karim, "CANARI-GRANDLARGE"), (people.paul, "CANARI-QUAIS")), start=1
    ):
        mine = _shop(by, titles, canary, number)
        addresses |= mine if by is people.karim else {}
    _quotes(people)
    db.session.add(Counter(series="CMD", year=2026, last=100))  # the orders above took no number of it
    addresses |= _documents(people, titles) | _staff(people) | _access(people) | _visitor() | _links(people)
    addresses |= _applicant() | _details(people)
    addresses |= _returns(people, titles) | _settings(people)
    addresses |= _lcr(people, titles)
    addresses["/compte/utilisateurs/<key>"] = f"/compte/utilisateurs/{people.karim.key}"
    db.session.commit()
    return addresses


def _shop(by: User, titles: SimpleNamespace, canary: str, number: int) -> Addresses:
    """An order, a cart, a list under review and a thread of each service, of one shop."""
    facts = {"comment": canary, "own_reference": canary}
    order = cast.order(by, (titles.t1, 2), (titles.t2, 1), number=number, **facts)
    quote = cast.quote(by, (titles.t1, 60), (titles.t2, 2), comment=canary, event_name=canary)
    cart = carts.open_cart(by.account_id)
    carts.add(cart, {titles.t1: 3, titles.t4: 1}, by)
    cart.comment = canary
    refused.keep(Upload.of(FileStorage(io.BytesIO(canary.encode()), "commande.edi")), "Échange incomplet", by)
    pasted = lists.keep(lists.read_text(f"9782140423451 2\n{canary}\n", gln=""), by.account_id, by)
    threads = {
        subject: _thread(by, subject, canary, order=order)
        for subject in (Subject.QUOTE, Subject.TRACKING, Subject.ACCOUNTING, Subject.LCR)
    }
    db.session.flush()
    mail = db.session.query(OutboxMessage).filter_by(recipient=by.email).first()
    return _parcels(by, titles, canary, number + 10) | {
        "/commandes/<reference>": f"/commandes/{order.reference}",
        "/equipe/commandes/<reference>": f"/equipe/commandes/{order.reference}",
        "/devis/<reference>": f"/devis/{quote.reference}",
        "/devis/<reference>/<_act>": f"/devis/{quote.reference}/accepter",
        "/equipe/devis/<reference>": f"/equipe/devis/{quote.reference}",
        "/equipe/devis/<reference>/<_act>": f"/equipe/devis/{quote.reference}/calculer",
        "/panier/lignes/<isbn>": f"/panier/lignes/{titles.t1.isbn}",
        "/panier/liste/<key>": f"/panier/liste/{pasted.key}",
        "/messages/<reference>": f"/messages/{threads[Subject.QUOTE].reference}",
        "/messages/pieces/<key>": f"/messages/pieces/{_file(threads[Subject.QUOTE])}",
        "/messages/pieces/<key>#RIB": f"/messages/pieces/{_file(threads[Subject.LCR])}",
        "/messages/courriels/<key>": f"/messages/courriels/{mail.key if mail else ''}",
        "/equipe/messages/<reference>": f"/equipe/messages/{threads[Subject.QUOTE].reference}",
        "/equipe/messages/<reference>#SAV": f"/equipe/messages/{threads[Subject.TRACKING].reference}",
        "/equipe/messages/<reference>#compta": f"/equipe/messages/{threads[Subject.ACCOUNTING].reference}",
        "/equipe/messages/pieces/<key>": f"/equipe/messages/pieces/{_file(threads[Subject.QUOTE])}",
        "/equipe/messages/pieces/<key>#RIB": f"/equipe/messages/pieces/{_file(threads[Subject.LCR])}",
    }


def _documents(people: SimpleNamespace, titles: SimpleNamespace) -> Addresses:
    """The invoices and the credit note of the journeys, one invoice of them another shop's."""
    papers = cast.documents(people, titles)
    number = papers.f4.number
    paid = payments.announce(people.grand_large, [papers.f4], Means.TRANSFER, people.lucie).reference
    waiting = f"/equipe/comptabilite/reglements/{paid}"
    files = {
        f"/documents/<number>.{form.extension}": f"/documents/{number}.{form.extension}" for form in Form
    } | {
        f"/echanges/documents/<number>.{end}": f"/echanges/documents/{number}.{end}" for end in ("csv", "edi")
    }
    statement = "/equipe/releves/104512"
    return (
        _bank(people)
        | files
        | {
            "/documents/<number>": f"/documents/{number}",
            "/paiement/<reference>": f"/paiement/{paid}",
            "/equipe/comptabilite/reglements/<reference>": waiting,
            "/equipe/comptabilite/reglements/<reference>/<_step>": f"{waiting}/recu",
            "/equipe/comptabilite/comptes/<number>": "/equipe/comptabilite/comptes/104512",
            "/equipe/comptabilite/comptes/<number>/avoir": "/equipe/comptabilite/comptes/104512/avoir",
            "/equipe/comptabilite/comptes/<number>/<_act>": "/equipe/comptabilite/comptes/104512/reglements",
            "/equipe/comptabilite/relances/<number>": "/equipe/comptabilite/relances/104512",
            "/equipe/comptabilite/relances/<number>/<_act>": "/equipe/comptabilite/relances/104512/envoi",
            "/equipe/releves/<number>": statement,
            "/equipe/releves/<number>.csv": f"{statement}.csv",
            "/equipe/releves/<number>.pdf": f"{statement}.pdf",
            "/equipe/releves/<number>/papier": f"{statement}/papier",
        }
        | _dossiers(people)
    )


def _bank(people: SimpleNamespace) -> Addresses:
    """A statement of the bank, of which one line waits, to be checked."""
    data = "Date;Libellé;Montant\n20/11/2026;VIR COMPTE 104512;7,00\n20/11/2026;FRAIS;-3,00\n".encode()
    file = banking.keep("releve.csv", data, banking.read("releve.csv", data), people.ines)
    rule, here = "/equipe/comptabilite/banque/<reference>", f"/equipe/comptabilite/banque/{file.reference}"
    line = f"{here}/lignes/{file.lines[0].id}"
    return {
        rule: here,
        f"{rule}/lignes/<line_id>": line,
        f"{rule}/lignes/<line_id>/<_act>": f"{line}/compte",
    }


def _dossiers(people: SimpleNamespace) -> Addresses:
    """A month that is ready, and one that is being made."""
    days = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
    ready = dossiers.of_month(people.grand_large, *days, people.lucie)
    db.session.flush()
    content = {"name": "2026-09_dossier.zip", "label": "Tout, fichier par fichier", "content": b"PK"}
    ready.files.append(DossierFile(position=0, octets=2, **content))
    ready.finished_at = clock.now()
    dossiers.of_month(people.grand_large, dt.date(2026, 8, 1), dt.date(2026, 8, 31), people.lucie)
    address = f"/documents/dossiers/{ready.reference}"
    return {
        "/documents/dossiers/<reference>": address,
        "/documents/dossiers/<reference>/<name>": f"{address}/2026-09_dossier.zip",
    }


def _parcels(by: User, titles: SimpleNamespace, canary: str, number: int) -> Addresses:
    """An order of which a part has left, and one that is ready to leave."""
    ready, begun = (
        cast.order(by, (titles.t1, 5), (titles.t2, 2), number=number + more, own_reference=canary)
        for more in (0, 10)
    )
    for order in (ready, begun):
        orders.act(order, Action.VALIDATE, by)
    first = begun.lines[0].id
    parcel = NewParcel("colissimo", f"6A{number:06}", 1_200, {first: 4})
    note = shipments.record(begun, [parcel], by, delivery_on=clock.today() + dt.timedelta(days=2))
    return {
        **{
            f"/echanges/bons/<note>.{end}": f"/echanges/bons/{note.reference}.{end}" for end in ("csv", "edi")
        },
        **{
            f"/echanges/commandes/<reference>{end}": f"/echanges/commandes/{begun.reference}{end}"
            for end in (".csv", ".edi", ".txt", "/reponse.edi")
        },
        "/commandes/<reference>/bons/<note>.pdf": f"/commandes/{begun.reference}/bons/{note.reference}.pdf",
        "/commandes/<reference>/colis/<number>": f"/commandes/{begun.reference}/colis/1",
        "/equipe/commandes/<reference>/reste": f"/equipe/commandes/{begun.reference}/reste",
        "/commandes/<reference>/titres/<isbn>": f"/commandes/{begun.reference}/titres/{titles.t2.isbn}",
        "/equipe/commandes/<reference>/adresse": f"/equipe/commandes/{ready.reference}/adresse",
        "/equipe/commandes/<reference>/expedition": f"/equipe/commandes/{ready.reference}/expedition",
        "/equipe/commandes/<reference>/preparation": f"/equipe/commandes/{ready.reference}/preparation",
    }


def _returns(people: SimpleNamespace, titles: SimpleNamespace) -> Addresses:
    """A return announced, one refused with a photo, one begun."""
    _slip(people.paul, titles.t1, "CANARI-QUAIS")
    checked = _slip(people.karim, titles.t5, "CANARI-GRANDLARGE")
    reception.receive(checked, people.hugo)
    line = checked.lines[0]
    reception.check(checked, people.hugo, {line.id: Count(1, 0, Refused.DAMAGED, "CANARI-GRANDLARGE")})
    line.photos.append(ReturnPhoto.of(NewFile("photo.txt", "text/plain", b"CANARI-GRANDLARGE")))
    announced = _slip(people.karim, titles.t1, "CANARI-GRANDLARGE")
    returns.wish(
        returns.open_draft(people.karim.account_id, people.karim), {titles.t1.isbn: 2, titles.t3.isbn: 1}
    )
    db.session.flush()
    return {
        "/retours/<reference>": f"/retours/{announced.reference}",
        "/retours/photos/<key>": f"/retours/photos/{line.photos[0].key}",
        "/retours/nouveau/<_added>": "/retours/nouveau/lignes",
        "/equipe/retours/<reference>": f"/equipe/retours/{announced.reference}",
        "/equipe/retours/<reference>/<_step>": f"/equipe/retours/{announced.reference}/avoir",
    }


def _settings(people: SimpleNamespace) -> Addresses:
    """New bank details, which Root has proposed."""
    found = differences(BANK, BANK.values(house()), {"bank_name": "Autre banque"})
    settings.keep(BANK, found, clock.today(), 0, people.root)
    return {
        "/equipe/reglages/<slug>": "/equipe/reglages/banque",
        "/equipe/reglages/<slug>/<number>": "/equipe/reglages/banque/1",
    }


def _lcr(people: SimpleNamespace, titles: SimpleNamespace) -> Addresses:
    """One shop's request is refused; another's LCR is at the bank, its next remittance under review."""
    asked = {}
    for by in (people.lucie, people.paul):
        asked[by] = lcr.ask(by.account, "CANARI-RIB", "FR7630004000031234567890143", by, [RIB])
    lcr.act(asked[people.lucie], lcr_rules.Action.REFUSE, people.ines, "RIB illisible.")
    lcr.act(asked[people.paul], lcr_rules.Action.ACCEPT, people.ines)
    sent = remitting.prepare(dt.date(2026, 12, 31), people.ines)
    presenting.create(sent, drawing.mark(drawing.drafts(sent)), people.ines)
    cast.invoice(people.quais, (titles.t1, 1), issued_on=dt.date(2026, 11, 2))
    prepared = remitting.prepare(dt.date(2027, 1, 15), people.ines)
    notice = notices.keep(file_of([Unpaid("2600000001", 100)]).encode(), people.ines)
    db.session.flush()
    desk = "/equipe/comptabilite/lcr"
    mandate, lot = f"{desk}/mandats/{asked[people.lucie].reference}", f"{desk}/lots/{prepared.reference}"
    return {
        f"{desk}/avis/<reference>": f"{desk}/avis/{notice.reference}",
        f"{desk}/mandats/<reference>": mandate,
        f"{desk}/mandats/<reference>/<_act>": f"{mandate}/accepter",
        f"{desk}/mandats/<reference>/<step>": f"{mandate}/accepter",
        f"{desk}/rib/<key>": f"{desk}/rib/{asked[people.lucie].files[0].key}",
        f"{desk}/lots/<reference>": lot,
        f"{desk}/lots/<reference>#sent": f"{desk}/lots/{sent.reference}",
        f"{desk}/lots/<reference>.txt": f"{desk}/lots/{sent.reference}.txt",
        f"{desk}/lots/<reference>/<_act>": f"{lot}/creer",
    }


def _slip(by: User, title: Title, canary: str) -> ReturnSlip:
    slip = returns.open_draft(by.account_id, by)
    slip.own_reference = canary
    returns.wish(slip, {title.isbn: 1})
    returns.issue(slip, by, route=Route.PRISME, parcel_count=2, is_declared=True)
    return slip


def _thread(by: User, subject: Subject, canary: str, order: Order) -> Thread:
    file = RIB if subject is Subject.LCR else NewFile("note.txt", "text/plain", canary.encode())
    return contact.send(
        Writer.of(by), subject, f"{canary}-{subject.usual_service.slug}", about=order, files=[file]
    )


def _quotes(people: SimpleNamespace) -> None:
    """Marie has answered each shop's request."""
    for quote in db.session.query(Quote):
        canary = "CANARI-GRANDLARGE" if quote.account_id == people.karim.account_id else "CANARI-QUAIS"
        cast.offer(quote, people.marie, text=canary)


def _staff(people: SimpleNamespace) -> Addresses:
    """A note on every thread, one answered, and a passage of the catalogue."""
    for thread in db.session.query(Thread):
        conversations.add_note(thread, people.marie, "CANARI-NOTE")
    answered = cast.thread(people.karim, body="CANARI-GRANDLARGE-commercial")
    conversations.answer(answered, people.marie, "CANARI-GRANDLARGE-commercial", answered.version)
    given = canned.add(Service.SALES, "Merci", "Merci, {client}.", people.marie, clock.today())
    to_come = clock.today() + dt.timedelta(days=30)
    canned.write(given.answer, "Merci bien", "Merci bien.", people.marie, to_come, after=1)
    reply = letter("CANARI-INCONNU", sender="x@inconnu.example", subject=f"Re: {answered.reference}")
    receiving.receive(reply)
    sent = db.session.query(OutboxMessage).filter_by(kind="message_answered").one()
    sent.state, sent.error = WorkState.FAILED, "550 5.1.1"
    incoming = db.session.query(IncomingMail).one()
    now = clock.now()
    run = CatalogueImport(
        reference="IMP-2026-000001", state=RunState.DONE, file_name="notices.xml", path="", size=9, sha256="",
        total=1, read=1, rejected=1, requested_by_name=people.marie.name, started_at=now, finished_at=now,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    refused_key = db.session.scalars(db.select(RefusedFile.key)).first()
    db.session.add(ImportRemark(import_id=run.id, is_warning=False, position=1, reason="Prix absent"))
    return {
        "/equipe/fichiers-refuses/<key>": f"/equipe/fichiers-refuses/{refused_key}",
        "/equipe/catalogue/<reference>": f"/equipe/catalogue/{run.reference}",
        "/equipe/courriels/<key>": f"/equipe/courriels/{sent.key}",
        "/equipe/courriels/recus/<key>": f"/equipe/courriels/recus/{incoming.key}",
        "/equipe/messages/<slug>": "/equipe/messages/commercial",
        "/equipe/messages/<slug>/reponses-types/<key>": (
            f"/equipe/messages/commercial/reponses-types/{given.key}"
        ),
        "/equipe/messages/<slug>/reponses-types/<key>/<number>": (
            f"/equipe/messages/commercial/reponses-types/{given.key}/2"
        ),
    }


def _access(people: SimpleNamespace) -> Addresses:
    """An account was invited, and a list of numbers waits to be read once more."""
    accounts.invite(people.petit_port, people.marie.name)
    kept = accounts.keep(NumberList(["104800", "999999"], ["sans numéro"]), "comptes.csv", people.marie)
    account = f"/equipe/acces/comptes/{people.grand_large.number}"
    return {
        "/equipe/acces/comptes/<number>": account,
        "/equipe/acces/comptes/<number>/<_act>": f"{account}/invitation",
        "/equipe/acces/comptes/<number>/<key>": f"{account}/{people.karim.key}",
        "/equipe/acces/comptes/<number>/<key>/<_act>": f"{account}/{people.karim.key}/rouvrir",
        "/equipe/utilisateurs/<key>": f"/equipe/utilisateurs/{people.marie.key}",
        "/equipe/utilisateurs/<key>/<_act>": f"/equipe/utilisateurs/{people.marie.key}/rouvrir",
        "/equipe/acces/invitations/<reference>": f"/equipe/acces/invitations/{kept.reference}",
    }


def _visitor() -> Addresses:
    """Somebody without an account wrote, and follows the private link of the acknowledgement."""
    writer = Writer("Vic Passant", "vic@visiteur.example")
    file = NewFile("carte.txt", "text/plain", b"CANARI-VISITEUR")
    thread = contact.send(writer, Subject.OTHER, "CANARI-VISITEUR", files=[file])
    link = "/messages/suivi/" + _word_of_mail(writer.email, "/messages/suivi/")
    return {
        "/messages/suivi/<token>": link,
        "/messages/suivi/<token>/pieces/<key>": f"{link}/pieces/{_file(thread)}",
    }


def _applicant() -> Addresses:
    """A bookshop applies for an account, with a piece."""
    details = dict.fromkeys(("siret", "vat_number", "iban"), "") | {
        "trade_name": "Librairie des Marges", "legal_name": "SARL Les Marges", "gln": "3025000001015",
        "street": "4 rue du Chapitre", "postal_code": "35000", "city": "Rennes", "phone": "02 99 00 00 01",
        "email": "lea@marges.example", "first_name": "Léa", "last_name": "Martin",
    }  # fmt: skip
    piece = NewFile("kbis.txt", "text/plain", b"CANARI-DEMANDE")
    link = f"/ouvrir-un-compte/{applications.submit(details, 'CANARI-DEMANDE', [piece])}"
    db.session.flush()
    made = db.session.query(Application).one()
    key = made.events[0].pieces[0].key
    return {
        "/ouvrir-un-compte/<token>": link,
        "/ouvrir-un-compte/<token>/pieces/<key>": f"{link}/pieces/{key}",
        "/equipe/acces/<reference>": f"/equipe/acces/{made.reference}",
        "/equipe/acces/<reference>/pieces/<key>": f"/equipe/acces/{made.reference}/pieces/{key}",
    }


def _details(people: SimpleNamespace) -> Addresses:
    """Both shops want another telephone number on file."""
    shops = (
        (people.paul, "CANARI-QUAIS", "CANARI-TEL-QUAIS"),
        (people.karim, "CANARI-GRANDLARGE", "CANARI-TEL-GL"),
    )
    for by, canary, phone in shops:
        wished = (Difference("phone", by.account.phone, phone),)
        change = details.ask(by.account, wished, f"{canary}-commercial", by)
    return {"/equipe/coordonnees/<reference>": f"/equipe/coordonnees/{change.reference}"}


def _links(people: SimpleNamespace) -> Addresses:
    """A colleague and a first user ask for access; Anne forgot her password."""
    for number, name in (("104512", "Zoé"), ("104800", "Eva")):
        asked = {"number": number, "first_name": name, "last_name": "Prat", "words": f"CANARI-{number}"}
        email = f"{name}@x.example".lower().replace("é", "e")
        onboarding.send(asked | {"email": email, "password_hash": people.anne.password_hash})
    db.session.commit()
    recovery.send({"email": people.anne.email})
    return {
        "/acces/<token>": "/acces/" + _word_of_mail(people.anne.email, "/acces/"),
        "/acces/<token>#first": "/acces/" + _word_of_mail(people.petit_port.email, "/acces/"),
        "/mot-de-passe-oublie/<token>": "/mot-de-passe-oublie/"
        + _word_of_mail(people.anne.email, "/mot-de-passe-oublie/"),
    }


def _file(thread: Thread) -> str:
    db.session.flush()
    return thread.messages[0].attachments[0].key


def _word_of_mail(recipient: str, before: str) -> str:
    """The secret word of the link in the latest mail that has one."""
    db.session.flush()
    mails = db.session.query(OutboxMessage).filter_by(recipient=recipient).order_by(OutboxMessage.id.desc())
    words = (re.search(re.escape(before) + r"([\w-]+)", mail.body) for mail in mails)
    return next(word.group(1) for word in words if word)
