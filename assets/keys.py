"""The home's key, under which buyers become pseudonyms: made once, and never another without being asked.

What it is used for stands in `exports.privacy`; under which key something was landed, in the ledger.
"""

import hashlib
import secrets

from assets.home import Home, UsageError, write_durably
from assets.ledger import Ledger


def key_id(key: bytes) -> str:
    """A name for a key that does not give it away."""
    return hashlib.sha256(b"edgewise key id\0" + key).hexdigest()[:12]


def pseudonym_key(home: Home, ledger: Ledger, *, new_epoch: bool = False) -> bytes:
    """The home's key, made once.

    Raises:
        UsageError: the ledger names a key that is not there, others can read it, or it is too short.
    """
    if not home.key.exists():
        if ledger.key_ids and not new_epoch:
            raise UsageError(
                f"the pseudonym key {home.key} is missing, so new buyers could not be told from old ones: "
                "put it back, or go on with `edgewise run --new-key-epoch`"
            )
        write_durably(home.key, secrets.token_bytes(32), mode=0o600)
    if home.key.stat().st_mode & 0o077:
        raise UsageError(f"others can read the pseudonym key {home.key}: chmod 600 it")
    key = home.key.read_bytes()
    if len(key) < 32:  # noqa: PLR2004  256 bits
        raise UsageError(f"the pseudonym key {home.key} is shorter than 32 bytes")
    if ledger.key_ids and key_id(key) != ledger.key_ids[-1] and not new_epoch:
        raise UsageError(
            f"the pseudonym key {home.key} is another than the one the ledger names: put the old one back, or go on with "
            "`edgewise run --new-key-epoch`"
        )
    return key
