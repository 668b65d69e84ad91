"""What a customer reports from his meter: the plain cause, what to say to him, the next step. No Qt here.

The codes are those of docs/card-format.md, "What the meter does with a card".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.card import MeterStatus
from vending_app.domain.folding import folded
from vending_app.domain.meter import MeterDecision, TripReason
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, may


class Step(StrEnum):
    """What a person at the desk can begin from an answer."""

    READ = "read"
    SELL = "sell"
    ARREARS = "arrears"
    HISTORY = "history"
    SUPPLY = "supply"
    REISSUE = "reissue"
    PARAMETERS = "parameters"
    METER = "meter"
    NOTE = "note"
    TOOLS = "tools"


STEPS: dict[Step, tuple[str, str, Act]] = {
    Step.READ: ("Read the card", "identification-card", Act.LOOK),
    Step.SELL: ("Sell", "lightning", Act.SELL),
    Step.ARREARS: ("Pay arrears", "money", Act.SELL),
    Step.HISTORY: ("History", "clock-counter-clockwise", Act.LOOK),
    Step.SUPPLY: ("The supply", "house-line", Act.LOOK),
    Step.REISSUE: ("Re-issue card", "identification-card", Act.REISSUE),
    Step.PARAMETERS: ("Parameters", "sliders-horizontal", Act.RECORDS),
    Step.METER: ("Change meter", "swap", Act.METER_CHANGE),
    Step.NOTE: ("Write a note", "note-pencil", Act.RECORDS),
    Step.TOOLS: ("Tool cards", "wrench", Act.READ_TOOL),
}
"""Word, icon, and what the role must be allowed to."""
Sign = MeterDecision | TripReason | MeterStatus


@dataclass(frozen=True, slots=True)
class MeterAnswer:
    """One code or symptom, and what it is answered with."""

    title: str
    """As the customer says it."""
    cause: str
    say: str
    """To the customer, in his words."""
    next: str
    steps: tuple[Step, ...]
    """The first is the likeliest."""
    signs: tuple[Sign, ...] = ()
    """What of the reference meter it stands for."""
    words: str = ""
    """By which it is found, besides its own."""
    icon: str = "question"

    @property
    def code(self) -> str:
        """What the display shows, such as `E-03`; empty for a symptom."""
        return next((sign.error_code for sign in self.signs if isinstance(sign, MeterDecision)), "")

    @property
    def spelt(self) -> str:
        """The code as people type it: `e-03`, `e03`, `e3`, `3`."""
        if not self.code:
            return ""
        number = int(self.code[2:])
        return f"{self.code} e{number:02d} e{number} {number}"

    def steps_of(self, operator: Operator | None) -> tuple[Step, ...]:
        """What this person may begin."""
        return tuple(step for step in self.steps if may(operator, STEPS[step][2]))


_REFUSED = (
    MeterAnswer(
        "Not a card of ours",
        "The card is none of this utility's customers' cards, or the front of its memory is damaged. The meter took"
        " nothing and wrote nothing on it.",
        "Your meter does not know this card. Your credit is safe: it belongs to your supply, not to the card.",
        "Read the card here. If it is not ours, ask for his own card; if it is damaged, it is re-issued.",
        (Step.READ, Step.REISSUE),
        (MeterDecision.NOT_OURS,),
        "wrong foreign damaged bank practice tool",
    ),
    MeterAnswer(
        "No whole order",
        "No order on the card is complete: it was taken out while it was written, or its memory is damaged.",
        "The card was not finished at the counter. We finish it now; you pay nothing twice.",
        "Put the card in. An interrupted sale is offered by itself. If none waits for it, the card is re-issued.",
        (Step.READ, Step.REISSUE),
        (MeterDecision.MAC_WRONG,),
        "torn interrupted early damaged",
    ),
    MeterAnswer(
        "Card of another meter",
        "The order on the card names another meter: a neighbour's card, or a card from before the meter was changed.",
        "Compare the meter number on your receipt with the plate of your meter. Each card serves one meter.",
        "Read the card and compare the meter number. After a meter change the new supply has a card of its own.",
        (Step.READ, Step.SUPPLY),
        (MeterDecision.OTHER_METER,),
        "neighbour wrong changed mixed up",
    ),
    MeterAnswer(
        "Card of another supply",
        "The meter belongs to another supply: it was moved without being cleared, or it was cleared of this one.",
        "Your meter is still entered for somebody else. A technician puts that right; your credit waits on the card.",
        "Compare the meter number of the supply with the plate. If the wrong meter hangs there, it is changed.",
        (Step.SUPPLY, Step.METER, Step.NOTE),
        (MeterDecision.OTHER_SUPPLY,),
        "moved stranger bound house",
    ),
    MeterAnswer(
        "Card was replaced",
        "A newer card of this supply was in the meter. From then on this older one is dead.",
        "You have a newer card. Use that one; all your credit is on it. Leave the old one here.",
        "Keep the old card out of use. If the newer one is lost, another one is issued.",
        (Step.READ, Step.REISSUE),
        (MeterDecision.CARD_REPLACED,),
        "old found again lost second",
    ),
    MeterAnswer(
        "Not the card it knows",
        "The card is of the right age, but the meter is bound to its twin: one issue was begun on two cards.",
        "Your meter knows another card of yours. You get one that it takes; your credit moves with it.",
        "Ask for the other card. If it is not there, re-issue: the newest card wins, whichever was bound.",
        (Step.READ, Step.REISSUE),
        (MeterDecision.OTHER_CARD,),
        "copy double two cards twin",
    ),
    MeterAnswer(
        "More than the meter may hold",
        "With this purchase the meter would hold more than its hoarding limit. It took nothing; all of it is still on"
        " the card.",
        "Nothing is lost. Use some energy, then put the card in again; the meter takes it once there is room.",
        "Read the card to see what the meter held. A technician can raise the limit; it travels with the next order.",
        (Step.READ, Step.PARAMETERS),
        (MeterDecision.OVER_HOARDING,),
        "hoarding limit too much full cap",
    ),
)
_TOOLS = (
    MeterAnswer(
        "Tool card without a whole mandate",
        "The mandate of the tool card is torn, or neither it nor the limits were made by this office.",
        "That is a card of our technicians, not yours. Your own card and your credit have nothing to do with it.",
        "Whoever carries it brings it here: it is issued anew. The meters still have all that they told.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.TOOL_NOT_VALID,),
        "check parameter clear inspector torn forged",
        "wrench",
    ),
    MeterAnswer(
        "Tool card of another place",
        "A check or parameter card serves one area, a clear card one meter. This meter belongs elsewhere.",
        "That is a card of our technicians. Nothing in your meter was changed.",
        "Look at the area of the supply and of the card. A meter without an area takes no tool card of an area.",
        (Step.TOOLS, Step.SUPPLY, Step.READ),
        (MeterDecision.TOOL_ELSEWHERE,),
        "area inspector check parameter clear wrong meter",
        "wrench",
    ),
    MeterAnswer(
        "Tool card past its last day",
        "The last day of the tool card is over, by the clock of the meter.",
        "That is a card of our technicians. Nothing in your meter was changed.",
        "Read the card in, then issue it anew with days to come.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.TOOL_EXPIRED,),
        "expired old inspector late days",
        "wrench",
    ),
    MeterAnswer(
        "Tool card is full",
        "Every place on the card holds the record of another meter: five on a check card, four on a parameter card.",
        "That is a card of our technicians. Nothing in your meter was changed.",
        "Go on with another card. Reading this one in and issuing it anew makes room.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.TOOL_FULL,),
        "full inspector round places",
        "wrench",
    ),
    MeterAnswer(
        "Clear card came too late",
        "A clear card is taken within two minutes after the mains came back, so that nobody clears a meter from afar.",
        "That is a card of our technicians. Your meter is as it was.",
        "Switch the mains of the meter off and on, and put the card in at once.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.TOOL_LATE,),
        "clear two minutes mains technician",
        "wrench",
    ),
    MeterAnswer(
        "Key card of keys it has",
        "The meter has the keys that this card brings, or newer ones. Another card brought them.",
        "That is a card of our technicians. Nothing in your meter was changed.",
        "Read the card in. This meter needs no key card.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.KEYS_KNOWN,),
        "key card keys version replayed old",
        "wrench",
    ),
    MeterAnswer(
        "Key card that does not open",
        "The new keys on the card were changed, or are not for the keys of this meter. It keeps those it has.",
        "That is a card of our technicians. Your meter works as before.",
        "Issue another key card for this meter. If that is refused too, the meter’s own keys are not ours: change it.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.KEYS_NOT_OPENED,),
        "key card keys wrapped forged changed",
        "wrench",
    ),
    MeterAnswer(
        "Took a technician’s card",
        "The meter wrote its registers on a tool card. Limits or keys hold now, or it is cleared, as the card said.",
        "Somebody of ours read your meter. Your credit did not change.",
        "The supply shows what was read in the field, and limits that changed. A cleared meter needs its new card.",
        (Step.SUPPLY, Step.TOOLS, Step.READ),
        (MeterDecision.COLLECTED, MeterDecision.LIMITS_SET, MeterDecision.CLEARED, MeterDecision.KEYS_LEARNT),
        "check parameter clear inspector collected",
        "check-circle",
    ),
    MeterAnswer(
        "Clear card came out too early",
        "The last registers were not safe on the card, so the meter cleared nothing.",
        "Your meter is as it was.",
        "Switch the mains off and on, put the same card in again, and leave it until the display changes.",
        (Step.TOOLS, Step.READ),
        (MeterDecision.NOT_CLEARED,),
        "clear pulled torn early technician",
        "hand-palm",
    ),
)
_POWER = (
    MeterAnswer(
        "No power, the display shows 0.00",
        "The credit is used up, and the relay opened. It closes once there is credit.",
        "Buy, put the card into the meter, and wait until the display shows the credit. Power comes by itself.",
        "Sell. A card without a new purchase does not bring the power back.",
        (Step.SELL, Step.HISTORY),
        (TripReason.ZERO, MeterStatus.AT_ZERO),
        "zero empty off dark cut disconnected",
        "lightning-slash",
    ),
    MeterAnswer(
        "No power although there is credit",
        "At the second alarm level the meter opens once, as a last warning. Any card of its own closes it again.",
        "Put your card into the meter: the power comes back at once. Then buy soon, little is left.",
        "Nothing is broken. Sell if he wants; a purchase above the alarm level lets the meter warn again next time.",
        (Step.SELL, Step.READ),
        (TripReason.LOW_CREDIT, MeterStatus.LOW_CREDIT_TRIPPED),
        "off low credit trip warning tripped switched",
        "warning-circle",
    ),
    MeterAnswer(
        "Switches off under load",
        "More was drawn than the overload limit allows, so the relay opened. A card of its own closes it again.",
        "Switch the largest appliance off, then put your card into the meter. Do not run all of them together.",
        "Read the card: it tells the peak and how often it tripped. A technician can change the limit.",
        (Step.READ, Step.PARAMETERS, Step.NOTE),
        (TripReason.OVERLOAD, MeterStatus.OVERLOAD_TRIPPED),
        "overload trip off cooker heater power kw",
        "gauge",
    ),
    MeterAnswer(
        "Alarm lamp or sound",
        "The credit is at or below the first alarm level. The power stays on.",
        "Your credit is getting low. Buy before it is used up; nothing is switched off yet.",
        "Sell. A technician can set another alarm level; it travels with the next order.",
        (Step.SELL, Step.PARAMETERS),
        (MeterStatus.LOW_CREDIT,),
        "low credit warning beep buzzer light red blink",
        "warning",
    ),
    MeterAnswer(
        "No power, and he does not know why",
        "The relay is open: no credit, a warning at low credit, or too much load. The display tells which.",
        "Tell me the credit on your display, and whether a large appliance was running.",
        "0.00: sell. Little credit: the card in the meter helps. Much credit: less load, then the card.",
        (Step.READ, Step.SELL),
        (MeterStatus.RELAY_OPEN,),
        "off relay open cut disconnected outage",
        "power",
    ),
    MeterAnswer(
        "Display dark",
        "The meter has no mains, or it is broken. Its registers keep without power.",
        "Look whether the house next door has light. Your credit is safe in the meter and in our books.",
        "Neighbours dark: an outage, note it. Only he: a technician goes; a dead meter is changed by an estimate.",
        (Step.NOTE, Step.METER, Step.SUPPLY),
        (MeterDecision.NO_POWER,),
        "blank off dead broken outage nothing",
        "monitor",
    ),
    MeterAnswer(
        "Shows less than zero",
        "The overdraft limit lets him use some energy before he pays it, or energy flowed until the relay opened.",
        "You used a little more than you had bought. The next purchase pays that first.",
        "Sell. If it grows while the power should be off, the relay is broken: a technician goes.",
        (Step.SELL, Step.PARAMETERS, Step.NOTE),
        (),
        "negative minus overdraft below crossing",
        "minus-circle",
    ),
)
_CARD = (
    MeterAnswer(
        "The card does nothing",
        "The meter has had this order already, or an older picture of it: there is nothing to credit. Or the contacts"
        " are dirty.",
        "Wipe the gold contacts, push the card in to the stop, and wait until the display changes.",
        "Read the card. If its order is newer than what the meter wrote back, the meter has not seen it yet.",
        (Step.READ, Step.REISSUE),
        (MeterDecision.NOTHING_NEW, MeterDecision.OLD_ORDER),
        "no reaction nothing happens dirty again twice",
        "identification-card",
    ),
    MeterAnswer(
        "The credit is not there",
        "The card was not in the meter since the purchase, it was refused with a code, or the meter has it and shows"
        " another register.",
        "Put the card in once more and tell me what the display shows. A purchase counts once, never twice.",
        "Read the card: the last write-back tells what the meter took, and the order what is still on the card.",
        (Step.READ, Step.HISTORY),
        (),
        "missing lost purchase not credited added paid",
        "magnifying-glass",
    ),
    MeterAnswer(
        "Shows several figures after the card",
        "The meter took the card. It shows total bought, number of purchases, last purchase, used and remaining.",
        "All is well. The last figure is what you have now.",
        "Nothing is to be done.",
        (Step.HISTORY,),
        (MeterDecision.CREDITED,),
        "accepted taken cycle total ok",
        "check-circle",
    ),
    MeterAnswer(
        "The card came out of the meter too early",
        "The meter keeps the credit before it writes on the card: the card merely looks unused.",
        "Put it in again and leave it until the figures have passed. Nothing is lost.",
        "Read the card when he comes next; the write-back brings its registers.",
        (Step.READ,),
        (),
        "pulled removed early torn",
        "hand-palm",
    ),
    MeterAnswer(
        "The card is lost, stolen or broken",
        "The credit belongs to the supply. A new card carries all of it, and the old one is dead from then on.",
        "Look on your display how many purchases it counts. With that we see what was still on the card.",
        "Re-issue. Whichever card reaches the meter first, each purchase counts once.",
        (Step.REISSUE, Step.SUPPLY),
        (),
        "gone missing replace new stolen bent",
        "identification-card",
    ),
)
_OTHER = (
    MeterAnswer(
        "Fewer kWh than last time",
        "Part of the money went to arrears or to a monthly charge, or the month's cheap step is used up.",
        "Your receipt has a line for each part. What is owed is taken a share at a time.",
        "Show him the last receipts in the history. Arrears can be paid at once.",
        (Step.HISTORY, Step.ARREARS),
        (),
        "less energy arrears debt tariff price expensive charged",
        "receipt",
    ),
    MeterAnswer(
        "Used up too soon",
        "Something draws more than he thinks, or the meter counts wrongly. The months on his card tell.",
        "Switch everything off and look whether the lamp on the meter still blinks.",
        "Read the card and compare the months. If it blinks with everything off, a technician goes.",
        (Step.READ, Step.SUPPLY, Step.NOTE),
        (),
        "fast consumption high leak runs",
        "trend-up",
    ),
    MeterAnswer(
        "The figures stand still",
        "No load, or the meter no longer counts.",
        "Switch a heater on: the lamp on the meter must blink.",
        "If it does not, a technician goes; the meter is changed with what its display still shows.",
        (Step.METER, Step.NOTE, Step.SUPPLY),
        (),
        "frozen stuck pulse lamp not counting",
        "pause-circle",
    ),
    MeterAnswer(
        "The sign for an open cover",
        "The meter noted that its cover was opened. It keeps working.",
        "Leave the cover closed; live parts are behind it. Somebody looks at it.",
        "Write down what he tells, so that whoever goes there knows it.",
        (Step.NOTE, Step.SUPPLY),
        (MeterStatus.COVER_OPEN,),
        "tamper lid seal opened",
        "shield-warning",
    ),
)
ANSWERS = (*_REFUSED, *_TOOLS, *_POWER, *_CARD, *_OTHER)


def answers_for(text: str) -> tuple[MeterAnswer, ...]:
    """Those in which every typed word begins some word; what stands in a title comes first. All for an empty text."""
    typed = folded(text).split()
    close = [each for each in ANSWERS if _has(each.title, each.spelt, typed=typed)]
    far = [each for each in ANSWERS if _has(each.title, each.spelt, each.words, each.cause, typed=typed)]
    return tuple(dict.fromkeys((*close, *far)))


def _has(*texts: str, typed: list[str]) -> bool:
    known = folded(" ".join(texts)).split()
    return all(any(word.startswith(each) for word in known) for each in typed)
