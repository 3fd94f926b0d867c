"""Who offers what to whom: blueprints, providers for pages of lower areas, handlers of jobs, commands.

With `create_app`, the only place that knows all areas. A line here is how a higher area reaches a
page of a lower one without an import upwards.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Flask

from harmattan import serving
from harmattan.access import browsers, recovery, sessions
from harmattan.access import routes as access
from harmattan.access import second_factor_routes as second_factor
from harmattan.access import viewing_routes as viewing
from harmattan.accounts import commands as accounts
from harmattan.accounts import finding as accounts_finding
from harmattan.accounts import invitation_routes as invitations
from harmattan.accounts import journal_routes as journal
from harmattan.accounts import lookups as accounts_lookups
from harmattan.accounts import service as accounts_service
from harmattan.accounts import staff_routes as accounts_staff
from harmattan.acts import ACTS
from harmattan.applications import finding as applications_finding
from harmattan.applications import lookups as applications_lookups
from harmattan.applications import routes as applications
from harmattan.applications import service as applications_service
from harmattan.applications import staff_routes as applications_staff
from harmattan.banking import lookups as banking_lookups
from harmattan.banking import staff_routes as banking_staff
from harmattan.billing import allocation as billing_allocation
from harmattan.billing import finding as billing_finding
from harmattan.billing import lookups as billing_lookups
from harmattan.billing import routes as billing
from harmattan.billing import statement_routes as statements
from harmattan.billing import statement_staff_routes as statements_staff
from harmattan.bookkeeping import staff_routes as bookkeeping_staff
from harmattan.cart import routes as cart
from harmattan.catalogue import finding as catalogue_finding
from harmattan.catalogue import routes as catalogue
from harmattan.catalogue import schedule as catalogue_schedule
from harmattan.contact import routes as contact
from harmattan.conversations import canned_routes as conversations_canned
from harmattan.conversations import desk as conversations_desk
from harmattan.conversations import finding as conversations_finding
from harmattan.conversations import routes as conversations
from harmattan.conversations import scope as conversations_scope
from harmattan.conversations import service as conversations_service
from harmattan.conversations import shelving as conversations_shelving
from harmattan.conversations import staff_routes as conversations_staff
from harmattan.core import audit, drafts, jobs, once, registry, throttle
from harmattan.core.services import Service
from harmattan.core.worklist import Work
from harmattan.demo import commands as demo_commands
from harmattan.demo import payment_page as demo_payment_page
from harmattan.demo import routes as demo
from harmattan.details import lookups as details_lookups
from harmattan.details import routes as details
from harmattan.details import staff_routes as details_staff
from harmattan.dossiers import making as dossiers_making
from harmattan.dossiers import routes as dossiers
from harmattan.dossiers import service as dossiers_service
from harmattan.dossiers import staff_routes as dossiers_staff
from harmattan.exchanges import files as exchanges
from harmattan.exchanges import routes as exchanges_routes
from harmattan.faq import finding as faq_finding
from harmattan.faq import helped as faq_helped
from harmattan.faq import routes as faq
from harmattan.home import commands as home_commands
from harmattan.home import routes as home
from harmattan.home import staff_routes as home_staff
from harmattan.imports import commands as imports
from harmattan.imports import running as imports_running
from harmattan.imports import service as imports_service
from harmattan.imports import staff_routes as imports_staff
from harmattan.lcr import lookups as lcr_lookups
from harmattan.lcr import notice_routes as lcr_notices
from harmattan.lcr import remittance_routes as lcr_remittances
from harmattan.lcr import routes as lcr
from harmattan.lcr import service as lcr_service
from harmattan.lcr import staff_routes as lcr_staff
from harmattan.ledger import credit_staff_routes as ledger_credits
from harmattan.ledger import lookups as ledger_lookups
from harmattan.ledger import staff_routes as ledger_staff
from harmattan.lists import forms as lists_forms
from harmattan.lists import refused as lists_refused
from harmattan.lists import routes as lists
from harmattan.lists import staff_routes as lists_staff
from harmattan.mails import commands as mails_commands
from harmattan.mails import journal as mails_journal
from harmattan.mails import mailbox, preferences, quarantine
from harmattan.mails import routes as mails
from harmattan.mails import staff_routes as mails_staff
from harmattan.onboarding import routes as onboarding
from harmattan.onboarding import service as onboarding_service
from harmattan.onboarding import unanswered as onboarding_unanswered
from harmattan.orders import again_routes as orders_again
from harmattan.orders import copies as orders_copies
from harmattan.orders import deferred as orders_deferred
from harmattan.orders import finding as orders_finding
from harmattan.orders import lookups as orders_lookups
from harmattan.orders import phone_routes as orders_phone
from harmattan.orders import questions as orders_questions
from harmattan.orders import queue as orders_queue
from harmattan.orders import routes as orders
from harmattan.orders import shop_routes as orders_shop
from harmattan.orders import staff_routes as orders_staff
from harmattan.outbox import commands as outbox
from harmattan.outbox import digest
from harmattan.oversight import staff_routes as oversight_staff
from harmattan.payments import lookups as payments_lookups
from harmattan.payments import routes as payments
from harmattan.payments import staff_routes as payments_staff
from harmattan.people import routes as people
from harmattan.people import second_factor_routes as own_factor
from harmattan.quotes import expiry as quotes_expiry
from harmattan.quotes import finding as quotes_finding
from harmattan.quotes import lookups as quotes_lookups
from harmattan.quotes import routes as quotes
from harmattan.quotes import staff_routes as quotes_staff
from harmattan.reminders import lookups as reminders_lookups
from harmattan.reminders import staff_routes as reminders_staff
from harmattan.returns import finding as returns_finding
from harmattan.returns import lookups as returns_lookups
from harmattan.returns import routes as returns
from harmattan.returns import staff_routes as returns_staff
from harmattan.settings import lookups as settings_lookups
from harmattan.settings import staff_routes as settings_staff
from harmattan.shipments import address_routes as shipments_address
from harmattan.shipments import commands as shipments_commands
from harmattan.shipments import lookups as shipments_lookups
from harmattan.shipments import rest, watches
from harmattan.shipments import routes as shipments
from harmattan.shipments import staff_routes as shipments_staff
from harmattan.staff import guard
from harmattan.team import commands as team
from harmattan.team import staff_routes as team_staff

BLUEPRINTS: tuple[Blueprint, ...] = (
    access.bp,
    second_factor.bp,
    viewing.bp,
    home.bp,
    catalogue.bp,
    cart.bp,
    lists.bp,
    orders.bp,
    orders_shop.bp,
    orders_again.bp,
    exchanges_routes.bp,
    returns.bp,
    payments.bp,
    lcr.bp,
    quotes.bp,
    billing.bp,
    statements.bp,
    dossiers.bp,
    shipments.bp,
    conversations.bp,
    mails.bp,
    contact.bp,
    faq.bp,
    demo.bp,
    demo_payment_page.bp,
    people.bp,
    own_factor.bp,
    onboarding.bp,
    applications.bp,
    details.bp,
)
STAFF_BLUEPRINTS: tuple[Blueprint, ...] = (
    home_staff.bp,
    imports_staff.bp,
    conversations_staff.bp,
    conversations_canned.bp,
    mails_staff.bp,
    ledger_staff.bp,
    ledger_credits.bp,
    bookkeeping_staff.bp,
    reminders_staff.bp,
    banking_staff.bp,
    oversight_staff.bp,
    orders_staff.bp,
    orders_phone.bp,
    lists_staff.bp,
    quotes_staff.bp,
    accounts_staff.bp,
    invitations.bp,
    journal.bp,
    team_staff.bp,
    applications_staff.bp,
    details_staff.bp,
    shipments_staff.bp,
    shipments_address.bp,
    returns_staff.bp,
    payments_staff.bp,
    lcr_staff.bp,
    lcr_remittances.bp,
    lcr_notices.bp,
    statements_staff.bp,
    dossiers_staff.bp,
    settings_staff.bp,
)
PROVIDERS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("cart.header", cart.header),
    ("billing.document_file", billing_lookups.document_file),
    ("orders.recent", orders_lookups.recent),
    ("orders.of_cart", orders_lookups.of_cart),
    ("orders.of_isbns", orders_lookups.of_isbns),
    ("orders.of_title", orders_lookups.of_title),
    ("orders.summary", orders_lookups.summary),
    ("quotes.of_cart", quotes_lookups.of_cart),
    ("stock.arrived", orders_copies.serve),
    ("shipments.of_order", shipments_lookups.of_order),
    ("shipments.dispute", shipments_lookups.dispute),
    ("shipments.watched", watches.watched),
    ("conversations.written", orders_questions.answered),
    ("billing.balance", billing_lookups.balance),
    ("billing.recent", billing_lookups.recent),
    ("billing.of_order", billing_lookups.of_order),
    ("returns.of_invoices", returns_lookups.of_invoices),
    ("returns.leaving_soon", returns_lookups.leaving_soon),
    ("billing.open", billing_allocation.open_documents),
    ("conversations.matter", orders_finding.matter),
    ("conversations.matter", billing_finding.matter),
    ("conversations.matter", quotes_finding.matter),
    ("conversations.recent", conversations_scope.recent),
    ("conversations.file", conversations_service.file_content),
    ("details.of_account", details_lookups.of_account),
    ("details.of_thread", details_lookups.of_thread),
    ("details.waiting", details_lookups.waiting),
    ("reminders.latest", reminders_lookups.latest),
    ("reminders.set_aside", reminders_lookups.set_aside),
    ("lcr.taken", lcr_lookups.taken),
    ("lcr.taken_everywhere", lcr_lookups.taken_everywhere),
    ("lcr.live", lcr_service.live),
    ("lcr.brought", lcr_lookups.brought),
    ("lists.empty_form", lists_forms.empty),
    ("access.explain_pending", onboarding_service.explain_pending),
    ("find.exact", catalogue_finding.exact),
    ("find.exact", orders_finding.exact),
    ("find.exact", billing_finding.exact),
    ("find.exact", quotes_finding.exact),
    ("find.exact", conversations_finding.exact),
    ("find.exact", returns_finding.exact),
    ("find.exact", accounts_finding.exact),
    ("find.exact", applications_finding.exact),
    ("find.group", catalogue_finding.group),
    ("find.group", orders_finding.group),
    ("find.group", billing_finding.group),
    ("find.group", quotes_finding.group),
    ("find.group", conversations_finding.group),
    ("find.group", accounts_finding.group),
    ("find.group", applications_finding.group),
    ("find.group", faq_finding.group),
    ("settings.changes", settings_lookups.changes),
    ("mails.joined", quarantine.joined),
    ("mails.count_waiting", quarantine.count_waiting),
    ("outbox.delivery", preferences.delivery_of),
    ("outbox.along", exchanges.along),
    ("exchanges.file", exchanges.file),
    ("exchanges.flat", exchanges.can_be_flat),
    ("worker.look", mailbox.poll),
    ("worker.sweep", quarantine.forget_old),
    ("worker.sweep", drafts.forget_old),
    ("worker.sweep", throttle.forget_old),
    ("worker.sweep", once.forget_old),
    ("worker.sweep", jobs.forget_old),
    ("worker.sweep", sessions.forget_old),
    ("worker.sweep", browsers.forget_old),
    ("worker.sweep", applications_service.forget_old),
    ("worker.sweep", dossiers_service.forget_old),
    ("worker.sweep", faq_helped.forget_old),
    ("worker.sweep", lists_refused.forget_old),
    ("worker.sweep", lcr_service.forget_old),
)
"""(name, function): what a template or a lower area may ask for by name."""


def _mails(of: Service) -> tuple[Callable[[], Work], ...]:
    """What every service has to do with its mails: place what came in, send again what did not arrive."""
    return partial(quarantine.work, of), partial(mails_journal.work, of)


WORKLISTS: dict[Service, tuple[Callable[[], Work], ...]] = {
    Service.SALES: (
        orders_queue.work,
        partial(conversations_desk.work, Service.SALES),
        quotes_lookups.work,
        applications_lookups.work,
        details_lookups.work,
        accounts_lookups.work,
        *_mails(Service.SALES),
    ),
    Service.AFTER_SALES: (
        partial(conversations_desk.work, Service.AFTER_SALES),
        shipments_lookups.work,
        returns_lookups.work,
        *_mails(Service.AFTER_SALES),
    ),
    Service.ACCOUNTING: (
        partial(conversations_desk.work, Service.ACCOUNTING),
        ledger_lookups.work,
        payments_lookups.work,
        banking_lookups.work,
        reminders_lookups.work,
        lcr_lookups.work,
        *_mails(Service.ACCOUNTING),
    ),
    Service.SETTINGS: (settings_lookups.work,),
}
"""What each service reads under « À faire », in this order (`core.worklist`)."""

JOB_HANDLERS: dict[str, jobs.Handler] = {
    recovery.JOB: recovery.send,
    rest.JOB: rest.send_credit,
    dossiers_service.JOB: dossiers_making.make,
    conversations_shelving.WAKE_JOB: conversations_shelving.wake_due,
    imports_service.JOB: imports_running.job,
    accounts_service.SEND_JOB: accounts_service.run,
    demo_payment_page.JOB: demo_payment_page.tell_late,
    **onboarding_unanswered.JOBS,
}

DAILY_WORK: dict[str, Callable[[], None]] = {
    catalogue_schedule.JOB: catalogue_schedule.begin_today,
    watches.JOB: watches.tell,
    orders_deferred.JOB: orders_deferred.tell_sales,
    quotes_expiry.JOB: quotes_expiry.daily,
    digest.JOB: digest.send_all,  # last, so that what was written this morning goes along
}
"""Done once each day from six in the morning on (`core.jobs.every_day`)."""

COMMANDS = (
    outbox.init_app,
    mails_commands.init_app,
    imports.init_app,
    shipments_commands.init_app,
    accounts.init_app,
    team.init_app,
    home_commands.init_app,
    demo_commands.init_app,
    serving.init_app,
)


def init_app(app: Flask) -> None:
    """Put the areas together."""
    for blueprint in (*BLUEPRINTS, guard.blueprint(*STAFF_BLUEPRINTS)):
        app.register_blueprint(blueprint)
    for name, provider in PROVIDERS:
        registry.provide(app, name, provider)
    for service, works in WORKLISTS.items():
        for tell in works:
            registry.provide(app, f"worklist.{service}", tell)
    for kind, handler in JOB_HANDLERS.items():
        jobs.handle(app, kind, handler)
    for kind, work in DAILY_WORK.items():
        jobs.every_day(app, kind, work)
    audit.name_acts(app, ACTS)
    for add_commands in COMMANDS:
        add_commands(app)
