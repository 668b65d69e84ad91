"""The prose of what can go wrong with keys, in a sealed file or a token; a part of `trouble_words.TROUBLE`."""

from __future__ import annotations

from vending_app.domain.errors import Code

KEY_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.VAULT_MISSING: (("The key file is missing.",), "Restore it from the office’s safe copy.", "L-109"),
    Code.VAULT_PASSPHRASE_WRONG: (("The passphrase of the keys is wrong.",), "Type it again.", "L-110"),
    Code.VAULT_DAMAGED: (("The key file is damaged.",), "Restore it from the office’s safe copy.", "L-111"),
    Code.VAULT_LOCKED: (("The keys are locked.",), "Open them with their passphrase.", "L-112"),
    Code.VAULT_NOT_WRITTEN: (
        ("The key file “{path}” could not be written: {why}.", "The key file could not be written."),
        "Make room on its disk, or see that this program may write there, then do it again.",
        "L-251",
    ),
    Code.KEY_VERSION_UNKNOWN: (
        (
            "Meter {meter} has no keys that this desk holds.",
            "The card was made under keys that this desk does not hold.",
        ),
        "Ask the administrator for the office’s newest key file. If its keys were retired, throw a card away.",
        "L-113",
    ),
    Code.KEY_VERSION_NOT_HERE: (
        ("Version {key_version} of the keys is not in use at this desk.", "These keys are not in use at this desk."),
        "Page Keys and keys show tell which versions are. A missing one comes back of its shares, or with its file.",
        "L-253",
    ),
    Code.KEYS_RETIRED: (
        ("All keys that this desk holds were retired.",),
        "Ask the administrator for the office’s newest key file.",
        "L-250",
    ),
    Code.ALLOWANCE_OVER: (
        ("This desk was allowed to sell until {until}.", "This desk is not allowed to sell any more."),
        "Ask the office for a new allowance. Nothing was sold.",
        "L-180",
    ),
    Code.ALLOWANCE_SPENT: (
        (
            "This desk may sell {left} more, and this takes {asked}.",
            "This desk has sold what it may sell.",
        ),
        "Sell less, or ask the office for a new allowance. Typed readings and papers count too. Nothing was sold.",
        "L-181",
    ),
    Code.DESK_LIMITED: (
        ("Desk {desk} may sell only what it was granted, and keeps its number and its books.", "This desk stays."),
        "Lift its limit first, with the word of another person: allowance grant --desk NUMBER --no-limit.",
        "L-247",
    ),
    Code.ALLOWANCE_REFUSED: (
        ("This allowance is not for this desk, not signed by this office, or not newer than the one that holds.",),
        "Ask the office for the newest allowance of this desk.",
        "L-182",
    ),
    Code.ALLOWANCE_AMOUNT: (
        ("An allowance is nothing or more, and at most {most}.", "No desk is allowed so much."),
        "Type the energy that this desk may sell, in kWh. Nothing was granted.",
        "L-185",
    ),
    Code.ALLOWANCE_DAY: (
        ("{until} is over already.", "This is no day."),
        "Type the last day of the allowance like 2027-01-31: today or later. Nothing was granted.",
        "L-186",
    ),
    Code.TOKEN_MODULE: (
        ("The module of the key token cannot be loaded: {reason}.", "The module of the key token cannot be loaded."),
        "Ask the administrator: install the software of the token’s maker, and set vault_module to its path.",
        "L-160",
    ),
    Code.TOKEN_MISSING: (
        ("The key token “{token}” is not there.", "The key token is not there."),
        "Put it in, then start the counter again. What was sold stays sold.",
        "L-161",
    ),
    Code.TOKEN_AMBIGUOUS: (
        ("Two key tokens are called “{token}”.", "Two key tokens have the same name."),
        "Take out the one that does not belong here.",
        "L-162",
    ),
    Code.TOKEN_BUSY: (
        ("The key token “{token}” is open already.", "The key token is open already."),
        "Close this program and start it again.",
        "L-163",
    ),
    Code.TOKEN_FAILED: (
        ("The key token “{token}” does not do its work: {reason}.", "The key token does not do its work."),
        "Take it out, put it in again, and start the counter again.",
        "L-164",
    ),
    Code.TOKEN_PIN_WRONG: (
        ("The PIN of the key token is wrong.",),
        "Type it with care: after a few wrong ones the token locks itself.",
        "L-165",
    ),
    Code.TOKEN_PIN_LAST_TRY: (
        ("The PIN of the key token has one try left, and this program never takes it. Nothing was tried.",),
        "Ask the administrator to log in once with the software of the token’s maker.",
        "L-166",
    ),
    Code.TOKEN_PIN_LOCKED: (
        ("The PIN of the key token is locked.",),
        "Ask the administrator: its security officer gives it a new PIN.",
        "L-167",
    ),
    Code.TOKEN_KEY_MISSING: (
        ("The key token “{token}” holds no keys of this program.", "The key token holds no keys of this program."),
        "Look whether it is the right token.",
        "L-168",
    ),
    Code.TOKEN_KEY_EXISTS: (
        ("The key token “{token}” holds keys already. They were not touched.", "The key token holds keys already."),
        "Take an empty token for a new office.",
        "L-169",
    ),
    Code.TOKEN_KEY_EXPOSED: (
        ("A master key in the token could be read out of it. It is not used.",),
        "Call the administrator: that key was not made by this program.",
        "L-170",
    ),
    Code.CUSTODIANS_REFUSED: (
        ("Shares are handed to two or three custodians, each with a name of his own.",),
        "Name them: two or three people who keep their papers apart.",
        "L-171",
    ),
    Code.KEY_IN_TOKEN: (
        ("The key was made in the token and never leaves it, so it has no shares.",),
        "Keep a second token with the same keys, by the software of the token’s maker.",
        "L-172",
    ),
    Code.KEY_SHARE_WRONG: (
        ("There is a slip in group {group} of the share.", "This is not a share of a key."),
        "Look at the paper and type it once more.",
        "L-173",
    ),
    Code.KEY_SHARE_TWICE: (
        ("The same share was given twice.",),
        "Let each custodian type his own.",
        "L-174",
    ),
    Code.KEY_SHARE_OTHER: (
        ("Share {number} is not of the same sharing as the others.", "A share is not of the same sharing."),
        "Bring the papers that were handed out together: they bear the same mark.",
        "L-175",
    ),
    Code.KEY_SHARES_MISSING: (
        ("Not all shares are there; missing: {missing}.", "Not all shares are there."),
        "All custodians are needed.",
        "L-176",
    ),
    Code.KEY_SHARES_DIFFER: (
        ("The shares join to another key than that of this office.",),
        "Look whether the papers are of this office and of this version.",
        "L-177",
    ),
    Code.KEY_NOT_IN_BOOKS: (
        (
            "The books tell of no version {key_version} of the keys.",
            "The books do not tell of this version of the keys.",
        ),
        "So nothing proves these shares. Bring the vault.sealed of a desk that has this version.",
        "L-246",
    ),
    Code.KEY_VERSION_EXISTS: (
        ("The vault has version {key_version} of the keys already.", "The vault has this version of the keys already."),
        "Nothing needs to be joined. Prove the shares with `keys prove`.",
        "L-178",
    ),
    Code.KEY_VERSION_NEEDED: (
        (
            "Version {key_version} of the keys is still needed: cards {cards}, meters {meters}.",
            "This version of the keys is still needed in the field.",
        ),
        "Settle what waits, replace these cards and bring these meters a key card. Where they skipped a version, "
        "retire that one first. Nothing was retired.",
        "L-183",
    ),
    Code.KEY_VERSION_TAKEN: (
        (
            "Version {key_version} of the keys was made at another desk just now.",
            "A new version of the keys was made at another desk just now.",
        ),
        "Nothing was made here. Bring the key file of that desk to this one, and start the counter again.",
        "L-254",
    ),
    Code.KEY_VERSION_RETIRED: (
        (
            "Version {key_version} of the keys was retired just now. Nothing was written.",
            "These keys were retired just now. Nothing was written.",
        ),
        "Do it again: it is done under the keys that are in use.",
        "L-255",
    ),
    Code.KEY_OTHER: (
        (
            "The key file of this desk is not the office’s: its version {key_version} is another key.",
            "The key file of this desk is not the office’s.",
        ),
        "Bring the right one, from the desk that made this version or from a backup, and start the counter again.",
        "L-256",
    ),
    Code.KEY_VERSION_NEWEST: (
        ("Version {key_version} of the keys is the newest: it is not retired.", "The newest keys are not retired."),
        "Roll over to a new version first.",
        "L-184",
    ),
    Code.KEY_VERSIONS_USED_UP: (
        ("Version {last} of the keys is the last that there can be.", "There can be no newer version of the keys."),
        "The keys that there are go on. Tell whoever looks after this program.",
        "L-252",
    ),
}
