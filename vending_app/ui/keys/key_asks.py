"""What is asked before something is done with a master key, or a desk is let sell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from vending_app.domain.allowance import SignedGrant
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.key_ceremony import LONGEST_CUSTODIAN, SHARES, KeyShare, require_custodians, require_together
from vending_app.domain.key_share import parse_share
from vending_app.domain.wiping import erase_typed
from vending_app.services.allowance_cases import AllowanceShown, GrantAllowance, TakeGrant
from vending_app.services.keeping_cases import BackUp
from vending_app.services.key_cases import JoinShares, KeyTold, ProveShares, RetireKey, RollKeys, ShareKey
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.keys.key_words import SEALED, UNCLEARED, UNLIMITED, said_check, said_granted, said_left, since
from vending_app.ui.phrases import counted, day_and_year

PASSPHRASE = {SEALED: "Passphrase of the sealed file", "pkcs11": "PIN of the key token"}
AFTER_ROLL = {
    SEALED: "Then share it out, make a backup, and bring the file to every desk.",
    "pkcs11": "Then bring it to every desk’s token, by the software of the token’s maker.",
}
SEPARATORS = "[,;،؛、，；]"
"""Commas and semicolons of Latin, Arabic and Chinese keyboards."""
PROVE, RESTORE = "prove", "restore"
LIMITED, NO_LIMIT = "limited", "no-limit"
OLD_CARDS = "Old cards cannot be made blank then: throw away what comes back."
LOOKED_AWAY = "Only whoever types looks at the keys. The share is not shown."


def ask_share(key: KeyTold) -> Ask:
    """To whom."""

    def make(filled: Filled) -> Ask:
        names = require_custodians(tuple(name for name in _names(filled.reference) if name))
        return _ask_share_for(key, names)

    return Ask(
        title=f"Share out version {key.version}",
        button="Next",
        make=make,
        sentence="Two or three people get a share each, on paper. Together they have the key; fewer have nothing.",
        facts=_who(key),
        reference="Custodians, with commas between",
        reference_letters=SHARES[-1] * (LONGEST_CUSTODIAN + len(", ")),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(SEPARATORS, text))


def _ask_share_for(key: KeyTold, names: tuple[str, ...]) -> Ask:
    told = ", ".join(names)
    return Ask(
        title=f"Share out version {key.version}",
        button="Make the shares",
        icon="share-network",
        make=lambda _: Deed(
            ShareKey(key.version, names), f"Version {key.version} of the master keys is shared out to {told}."
        ),
        sentence="Each is shown to its custodian alone, once, and kept nowhere. The names stand in the books first.",
        facts=tuple((f"Share {at} of {len(names)}", name, "") for at, name in enumerate(names, 1)),
        note=("accent", "eye", "Let all of them sit here before you go on."),
    )


def ask_roll(newest: KeyTold, place: str) -> Ask:
    """The passphrase once more, then the second person."""
    return Ask(
        title=f"New version {newest.version + 1}",
        button="Make the key",
        icon="key",
        make=lambda filled: Deed(
            RollKeys(filled.secret), f"Version {newest.version + 1} of the master keys is made; the old ones go on."
        ),
        sentence="Cards and meters go on as they are. Key cards bring the new keys to meters, one by one.",
        facts=_who(newest),
        secret=PASSPHRASE[place],
        is_typed_once=True,
        note=("warn", "warning-fill", AFTER_ROLL[place]),
    )


def ask_retire(key: KeyTold) -> Ask:
    """The summary before two people's word."""
    lost = f"; {counted(key.uncleared, 'old card', 'old cards')} can never be made blank then" if key.uncleared else ""
    return Ask(
        title=f"Retire version {key.version}",
        button="Retire",
        icon="archive",
        make=lambda _: Deed(
            RetireKey(key.version), f"Nothing is made or taken under version {key.version} of the keys any more{lost}."
        ),
        sentence="It is refused while a card, a meter or what waits needs it. The master key stays where it is.",
        facts=(*_who(key), *(((UNCLEARED, str(key.uncleared), "warn"),) if key.uncleared else ())),
        note=("warn", "warning-fill", OLD_CARDS if key.uncleared else "A version that is retired does not come back."),
    )


def ask_back_up() -> Ask:
    """What a backup has of the keys."""
    return Ask(
        title="Back up",
        button="Back up now",
        icon="cloud-arrow-up",
        make=lambda _: Deed(BackUp(), "A sealed backup is made."),
        sentence="The sealed file of the keys is in every backup, with the books, sealed to the recovery key.",
        note=("accent", "info", "A key in a token is in no backup: keep a second token."),
    )


def ask_join(place: str, typed: list[KeyShare], *, may_restore: bool) -> Ask:
    """What for; then each custodian types his own. `typed` gets what was typed, for the page to wipe."""
    options = [Option(PROVE, "For trial", "handshake", "whether they still give the key")]
    if may_restore and place == SEALED:
        options.append(Option(RESTORE, "To bring back", "arrow-u-up-left", "a version that this vault lacks"))

    def make(filled: Filled) -> Ask:
        finish = _ask_restore if filled.choice == RESTORE else _ask_prove
        return _ask_typed(typed, finish)

    return Ask(
        title="Join shares",
        button="Next",
        make=make,
        sentence="All custodians of one sharing are needed. Each types his share unseen by the others.",
        choices=tuple(options),
        choice="What for",
    )


Finish = Callable[[tuple[KeyShare, ...]], Ask]


def _ask_typed(typed: list[KeyShare], finish: Finish) -> Ask:
    of = f" of {typed[0].of}" if typed else ""

    def make(filled: Filled) -> Ask:
        try:
            share = parse_share(filled.secret)
        finally:
            erase_typed(filled.secret)
        _require_fits(typed, share)
        typed.append(share)
        if len(typed) < share.of:
            return _ask_typed(typed, finish)
        return finish(tuple(typed))

    return Ask(
        title=f"Custodian {len(typed) + 1}{of}",
        button="Next",
        make=make,
        sentence="11 groups of five signs, as they stand on the paper. A slip is found in its group.",
        secret="Share",
        is_typed_once=True,
        note=("accent", "eye-slash", LOOKED_AWAY),
    )


def _require_fits(typed: list[KeyShare], share: KeyShare) -> None:
    """A share that does not belong to those before is refused before the next custodian is called."""
    try:
        require_together((*typed, share))
    except OperatorError as refused:
        if refused.code is not Code.KEY_SHARES_MISSING:
            share.wipe()
            raise


def _ask_prove(shares: tuple[KeyShare, ...]) -> Ask:
    return Ask(
        title="Prove the shares",
        button="Prove",
        icon="handshake",
        make=lambda _: Deed(ProveShares(shares), "The shares are joined for trial."),
        sentence="They are joined for a moment and compared with the key of this office. Nothing is changed.",
        facts=_joined(shares),
    )


def _ask_restore(shares: tuple[KeyShare, ...]) -> Ask:
    version = shares[0].key_version
    return Ask(
        title=f"Bring back version {version}",
        button="Bring it back",
        icon="arrow-u-up-left",
        make=lambda filled: Deed(
            JoinShares(shares, filled.secret),
            f"Version {version} of the master keys, check value {shares[0].check_value}, comes back of its shares.",
        ),
        sentence="It is sealed into the file of this desk, beside the versions that are there.",
        facts=_joined(shares),
        secret=PASSPHRASE[SEALED],
        is_typed_once=True,
    )


def ask_allowance(shown: AllowanceShown) -> Ask:
    """So much until a day; or not limited any more."""
    if shown.allowance is None or shown.allowance.left is None:
        return _ask_limit(shown)

    def make(filled: Filled) -> Ask:
        return _ask_no_limit(shown) if filled.choice == NO_LIMIT else _ask_limit(shown)

    return Ask(
        title=f"What desk {shown.desk} may sell",
        button="Next",
        make=make,
        facts=_stands(shown),
        choices=(Option(LIMITED, "So much, until a day", "gauge"), Option(NO_LIMIT, "Not limited", "infinity")),
        choice="From now on",
    )


def _ask_limit(shown: AllowanceShown) -> Ask:
    def make(filled: Filled) -> Deed:
        energy, until = Energy.parse(filled.reference), _day(filled.reason)
        return Deed(
            GrantAllowance(shown.desk, energy, until),
            f"Desk {shown.desk} may sell {energy} kWh from now on, until {until.isoformat()}.",
        )

    return Ask(
        title=f"What desk {shown.desk} may sell",
        button="Grant",
        icon="gauge",
        make=make,
        sentence="It begins anew: what was sold before counts for nothing. The office signs it.",
        facts=_stands(shown),
        reference="Energy, kWh",
        reason="Last day",
        reason_hint="2027-01-31",
    )


def _ask_no_limit(shown: AllowanceShown) -> Ask:
    return Ask(
        title=f"What desk {shown.desk} may sell",
        button="Lift the limit",
        icon="infinity",
        make=lambda _: Deed(
            GrantAllowance(shown.desk, None, date.max), f"Desk {shown.desk} may sell without a limit from now on."
        ),
        facts=_stands(shown),
    )


def ask_take(signed: SignedGrant) -> Ask:
    """A grant that came in a file; the books say whether this office signed it."""
    grant = signed.grant
    is_limited = grant.energy is not None
    energy = f"{grant.energy} kWh" if is_limited else UNLIMITED
    says = f"may sell {energy}, until {grant.until.isoformat()}" if is_limited else "may sell without a limit"
    return Ask(
        title=f"What desk {grant.desk} may sell",
        button="Take the grant",
        icon="download-simple",
        make=lambda _: Deed(TakeGrant(signed), f"Desk {grant.desk} {says}, by grant number {grant.number}."),
        sentence="It came in a file. It is entered only if this office signed it and no newer one holds.",
        facts=(
            ("Allowance", energy, ""),
            *((("Last day", day_and_year(grant.until), ""),) if is_limited else ()),
            ("Number", str(grant.number), ""),
            ("Granted", day_and_year(grant.granted_at.astimezone().date()), ""),
        ),
    )


def _day(text: str) -> date:
    """Raises OperatorError allowance-day for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperatorError(Code.ALLOWANCE_DAY) from None


def _stands(shown: AllowanceShown) -> tuple[Fact, ...]:
    left = said_left(shown)
    return (("Now", said_granted(shown), ""), *((("Left", left, ""),) if left else ()))


def _who(key: KeyTold) -> tuple[Fact, ...]:
    return ("Version", str(key.version), ""), ("Check value", said_check(key), ""), ("Since", since(key), "")


def _joined(shares: tuple[KeyShare, ...]) -> tuple[Fact, ...]:
    first = shares[0]
    return (
        ("Version", str(first.key_version), ""),
        ("Check value", first.check_value, ""),
        ("Mark of this sharing", first.sharing, ""),
        ("Shares", f"{len(shares)} of {first.of}", ""),
    )
