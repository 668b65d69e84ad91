"""Restored books: that they are, what paper and cards say of them, and sales that are entered again.

Until a restoration is ended, `reserving.reserve` refuses: an order made from old books could carry less than the card.
So does what pays or settles (`require_settled`): it may have been done since the copy was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.domain.keeping import ChainHead, short
from vending_app.domain.restoring import Found, PaperReceipt, ReceiptFinding, Reentry, Restoration
from vending_app.domain.sale import Sale, SaleState
from vending_app.ledger import allowances, entries, search, vended
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, time_text
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import Page, acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.sale_rows import intent_json, receipt_no, row_of

PENDING = "SELECT * FROM restorations WHERE journal NOT IN (SELECT restoration FROM restoration_ends)"
"""Restorations that nobody has ended yet."""

CARDS_SKIPPED = 1000
"""Card numbers that may have been given after the copy was made are never given again."""

# --- where the books stand -------------------------------------------------------------------------------


def knows(books: Books, heads: Iterable[ChainHead]) -> bool:
    """Whether these rows are in the books: a copy that has others is newer than the books, or of other books."""
    asked = "SELECT 1 FROM journal WHERE desk = ? AND number = ? AND hash = ?"
    return all(books.value(asked, (head.desk, head.number, head.hash)) for head in heads)


def mark_of(books: Books, desk: int, number: int) -> str | None:
    """The mark on the paper of a receipt; None if these books have no such receipt."""
    row = books.one(
        "SELECT hash, reentries.mark FROM sale_events JOIN journal ON journal.id = sale_events.journal"
        " LEFT JOIN reentries ON reentries.sale = sale_events.sale"
        " WHERE receipt_desk = ? AND receipt_number = ?",
        (desk, number),
    )
    if row is None:
        return None
    return short(row["hash"]) if row["mark"] is None else str(row["mark"])


def last_number(books: Books, desk: int) -> int:
    """The highest receipt number of a desk that is given or given up."""
    given = "SELECT max(receipt_number) FROM sale_events WHERE receipt_desk = ? AND receipt_number IS NOT NULL"
    lost = "SELECT max(last) FROM receipt_gaps WHERE desk = ?"
    return max(int(books.value(asked, (desk,)) or 0) for asked in (given, lost))


def check_receipt(books: Books, paper: PaperReceipt) -> ReceiptFinding:
    """What the books say of a paper."""
    known = mark_of(books, paper.desk, paper.number)
    if known is None:
        is_later = paper.number > last_number(books, paper.desk)
        return ReceiptFinding(paper, Found.LATER if is_later else Found.MISSING)
    # A receipt that was entered again without its mark has none to compare.
    is_same = not (paper.mark and known) or paper.mark == known
    return ReceiptFinding(paper, Found.KNOWN if is_same else Found.OTHER, known)


# --- restored --------------------------------------------------------------------------------------------


def note_restored(books: Books, *, backup: str, made_at: datetime, at: datetime, is_older: bool) -> None:
    """From now on nothing is sold until somebody has shown that nothing is missing."""
    row: Row = {"backup": backup, "made_at": time_text(made_at), "at": time_text(at)}
    with acting(books, Kind.RESTORED, at=at) as page:
        page.insert("restorations", row | {"reason": "older" if is_older else "restored"})
        books.run(
            "INSERT INTO counters VALUES ('card', ?1) ON CONFLICT (name) DO UPDATE SET value = counters.value + ?1",
            (CARDS_SKIPPED,),
        )


def restoration(books: Books) -> Restoration | None:
    """The restoration that is not ended; None for books that are as they ever were."""
    row = books.one(f"{PENDING} ORDER BY journal DESC")
    if row is None:
        return None
    return Restoration(
        made_at=datetime.fromisoformat(row["made_at"]),
        at=datetime.fromisoformat(row["at"]),
        backup=row["backup"],
        last_receipts=last_receipts(books),
    )


def require_settled(books: Books) -> None:
    """Raises OperatorError books-restored while a restoration is not ended; asked in the transaction of the act."""
    row = books.one(f"{PENDING} LIMIT 1")
    if row is not None:
        raise OperatorError(Code.BOOKS_RESTORED, made_at=datetime.fromisoformat(row["made_at"]))


def last_receipts(books: Books) -> tuple[PaperReceipt, ...]:
    """Of every desk the last receipt that these books know."""
    desks = [row["number"] for row in books.all("SELECT number FROM desks ORDER BY number")]
    numbers = ((desk, last_number(books, desk)) for desk in desks)
    return tuple(PaperReceipt(DeskNo(desk), last, mark_of(books, desk, last) or "") for desk, last in numbers)


def last_ended(books: Books) -> datetime | None:
    """When the newest restoration was ended; copies from before it are settled."""
    at = books.value("SELECT max(at) FROM restoration_ends")
    return datetime.fromisoformat(at) if at else None


def end_restoration(books: Books, papers: Iterable[PaperReceipt], *, at: datetime) -> tuple[PaperReceipt, ...]:
    """The last paper of every desk was told: numbers up to it that were not entered again are given up.

    The desks go on after them. Gives the numbers that were given up, first and last of each gap's desk.
    Raises OperatorError books-not-restored, receipts-unproven, receipt-other.
    """
    told = {paper.desk: paper for paper in papers}
    lost: list[PaperReceipt] = []
    with books.writing():
        books.lock_office()
        rows = books.all(f"{PENDING} ORDER BY journal")
        if not rows:
            raise OperatorError(Code.BOOKS_NOT_RESTORED)
        for known in last_receipts(books):
            if known.desk not in told:
                raise OperatorError(Code.RECEIPTS_UNPROVEN, desk=known.desk)
            lost += _give_up(books, told[known.desk], at=at)
        evidence = canonical([[paper.desk, paper.number, paper.mark] for paper in sorted(told.values())])
        for row in rows:
            with acting(books, Kind.RESTORATION_END, at=at) as page:
                page.insert("restoration_ends", {"restoration": row["journal"], "at": page.at, "evidence": evidence})
    return tuple(lost)


def _give_up(books: Books, last: PaperReceipt, *, at: datetime) -> list[PaperReceipt]:
    """Numbers up to the last paper that no row has, gap by gap."""
    if last.number:
        finding = check_receipt(books, last)
        if finding.found is Found.OTHER:
            raise OperatorError(Code.RECEIPT_OTHER, receipt=last.receipt, known=finding.known_mark, given=last.mark)
    gaps = _gaps(books, last)
    for first, end in gaps:
        with acting(books, Kind.RECEIPT_GAP, at=at) as page:
            page.insert("receipt_gaps", {"desk": last.desk, "first": first, "last": end, "at": page.at})
    return [PaperReceipt(last.desk, number) for first, end in gaps for number in (first, end)]


def _gaps(books: Books, last: PaperReceipt) -> list[tuple[int, int]]:
    rows = books.all(
        "SELECT receipt_number AS first, receipt_number AS last FROM sale_events"
        " WHERE receipt_desk = ?1 AND receipt_number IS NOT NULL"
        " UNION ALL SELECT first, last FROM receipt_gaps WHERE desk = ?1 ORDER BY first",
        (last.desk,),
    )
    gaps, expected = [], 1
    for row in [*rows, {"first": last.number + 1, "last": last.number + 1}]:
        if row["first"] > expected:
            gaps.append((expected, row["first"] - 1))
        expected = max(expected, row["last"] + 1)
    return gaps


# --- entering again --------------------------------------------------------------------------------------


def reenter(books: Books, entry: Reentry, *, at: datetime) -> Sale:
    """A sale that paper or card prove, stored and posted in one act.

    Its money waits in the account `reentered` until cash is counted; its energy goes from the office to the card.
    Raises OperatorError reentry-known, reentry-differs, supply-unknown, receipt-other; allowance-over,
    allowance-spent for what only a paper tells.
    """
    with books.writing():
        books.lock_supply(entry.intent.order.supply)
        skipped = _check(books, entry)
        if vended.is_on_paper(entry.intent):
            allowances.require(books, entry.intent.desk, entry.intent.energy, at=at)
        with acting(books, Kind.REENTRY, at=at) as page:
            _store(page, entry, skipped)
            post_entry(page, _posted(entry))
        search.index_supply(books, entry.intent.order.supply)
    paper = entry.paper
    receipt = receipt_no(paper.desk, paper.number) if paper else None
    return Sale(entry.intent, SaleState.POSTED, resolved_at=at, receipt=receipt)


_NOW = """
SELECT (SELECT coalesce(max(sequence), 0) FROM sales WHERE supply = ?1) AS last_sequence,
    (SELECT sale FROM open_sales WHERE held IN (?1, ?2)) AS open_sale,
    (SELECT supply FROM cards WHERE number = ?2) AS card_supply,
    coalesce((SELECT energy_total_wh FROM sales JOIN sale_events ON sale = id AND sale_events.state = 'posted'
        WHERE supply = ?1 ORDER BY sequence DESC LIMIT 1), 0) AS bought_wh,
    (SELECT meter FROM supplies WHERE number = ?1) AS meter
"""


def _check(books: Books, entry: Reentry) -> int:
    """That the sale fits behind what the books know; how many orders between them nobody knows."""
    order, card = entry.intent.order, entry.intent.write.card
    now = books.one(_NOW, (order.supply, card))
    assert now is not None, "a query without a table has one row"
    if now["meter"] is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=order.supply)
    if now["open_sale"] is not None:
        raise OperatorError(Code.SALE_INTERRUPTED, sale=now["open_sale"], supply=order.supply)
    if order.sequence <= now["last_sequence"]:
        raise OperatorError(Code.REENTRY_KNOWN, supply=order.supply, sequence=order.sequence)
    if now["meter"] != order.meter or (now["card_supply"] or order.supply) != order.supply:
        raise OperatorError(Code.REENTRY_DIFFERS, what="meter or card")
    assert entry.intent.quote is not None, "a sale that is entered again has its sum"
    if order.energy_total.wh != now["bought_wh"] + entry.intent.quote.energy.wh:
        raise OperatorError(Code.REENTRY_DIFFERS, what="energy bought in all")
    if entry.paper is not None:
        _check_paper(books, entry.paper)
    return int(order.sequence - now["last_sequence"] - 1)


def _check_paper(books: Books, paper: PaperReceipt) -> None:
    finding = check_receipt(books, paper)
    if finding.found is not Found.LATER:
        raise OperatorError(Code.RECEIPT_OTHER, receipt=paper.receipt, known=finding.known_mark, given=paper.mark)


def _store(page: Page, entry: Reentry, skipped: int) -> None:
    intent, paper = entry.intent, entry.paper
    page.keep(intent_json(intent))
    page.insert("sales", row_of(intent))
    if page.books.value("SELECT 1 FROM cards WHERE number = ?", (intent.write.card,)) is None:
        _enter_card(page, intent.write.card, intent.order.supply, entry)
    event: Row = {"sale": intent.id, "is_final": 1, "state": SaleState.POSTED.value, "at": page.at, "reason": ""}
    given = {"receipt_desk": paper.desk if paper else None, "receipt_number": paper.number if paper else None}
    page.insert("sale_events", event | given)
    told: Row = {"sale": intent.id, "proof": entry.proof.value, "mark": paper.mark if paper else ""}
    page.insert("reentries", told | {"sold_at": time_text(intent.order.sold_at), "skipped": skipped})


def _enter_card(page: Page, card: CardNo, supply: SupplyNo, entry: Reentry) -> None:
    """A card that was issued after the copy was made becomes the supply's current one."""
    row: Row = {"number": card, "supply": supply, "generation": entry.intent.order.generation, "sale": entry.intent.id}
    page.insert("cards", row)


def _posted(entry: Reentry) -> list[Posting]:
    quote, supply = entry.intent.quote, entry.intent.order.supply
    assert quote is not None, "a sale that is entered again has its sum"
    return [
        entries.money(entries.REENTERED, quote.total),
        *[entries.money(entries.earned(line, supply), -line.amount) for line in quote.lines],
        entries.energy(entries.OFFICE, -quote.energy),
        entries.energy(entries.on_card(supply), quote.energy),
    ]
