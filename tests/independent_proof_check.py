"""Checks a sale's proof by docs/books.md and docs/ledger-schema.md alone. Arguments: FILE KEY."""

import hashlib
import json
import sys
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def row_hash(row: dict[str, Any]) -> bytes:
    head = {name: row[name] for name in ("at", "desk", "id", "kind", "number")}
    if row["operator"] is not None:
        head |= {name: row[name] for name in ("act", "approval", "operator")}
    return hashlib.sha256(bytes.fromhex(row["previous"]) + f"{canonical(head)}\n{row['body']}".encode()).digest()


def climb(leaf: bytes, path: list[list[str]]) -> str:
    found = hashlib.sha256(b"\x00" + leaf).digest()
    for side, neighbour in path:
        other = bytes.fromhex(neighbour)
        found = hashlib.sha256(b"\x01" + (other + found if side == "left" else found + other)).digest()
    return found.hex()


def check(proof: dict[str, Any], key: str) -> list[str]:
    """What the proof shows, one line a row; raises for the first thing that does not hold."""
    assert proof["form"] == "vending-proof-1"
    lines = []
    for part in proof["rows"]:
        row, closing = part["row"], part["closing"]
        assert part["key"] == key, "signed by somebody else"
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(part["signature"]), canonical(closing).encode()
        )
        root = climb(row_hash(row), part["path"])
        heads = [head for head in closing["heads"] if head[0] == row["desk"] and head[1] < row["number"] <= head[2]]
        assert [head[4] for head in heads] == [root], "the closing does not bind this row"
        assert proof["sale"] in row["body"], "a row about another sale"
        lines.append(f"{row['at']} {row['kind']} at desk {row['desk']}: bound by {closing['kind']} {closing['number']}")
    return lines


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write("\n".join(check(json.load(file), sys.argv[2])) + "\n")
