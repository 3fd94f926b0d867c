"""The ledger's accounts: the numbers that the house gave them, and which one each means of payment debits."""

from harmattan.billing.models import Means
from harmattan.bookkeeping.rules import Accounts, Treasury
from harmattan.core.settings import house

_TREASURY = {
    Means.TRANSFER: Treasury.BANK,
    Means.CHEQUE: Treasury.CHEQUES,
    Means.ONLINE: Treasury.CARDS,
    Means.CARD: Treasury.CARDS,
    Means.CASH: Treasury.CASH,
    Means.COUNTER: Treasury.CASH,
    Means.LCR: Treasury.BILLS,
}


def treasury_of(means: Means) -> Treasury:
    """Where money that came this way stands; what the counter took before it told cash is the till's."""
    return _TREASURY[means]


def of_the_house() -> Accounts:
    """The numbers that the house gave its accounts."""
    our = house()
    return Accounts(
        customers=our.customers_account,
        sales=our.sales_account,
        carriage=our.carriage_account,
        treasury={
            Treasury.BANK: our.bank_account,
            Treasury.CHEQUES: our.cheques_account,
            Treasury.CASH: our.cash_account,
            Treasury.CARDS: our.cards_account,
            Treasury.BILLS: our.bills_account,
        },
        vat={int(rate_bp): account for rate_bp, account in our.vat_accounts.items()},
        other_vat=our.other_vat_account,
    )
