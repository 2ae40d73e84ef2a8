"""The creditor's electronic seal and its timestamps: bytes in, bytes out. pyHanko is used in this folder only.

`signers` opens a key, `seal` certifies, `tokens` asks an authority for the time, `archive` makes it last, `verdict`
judges any bytes that claim to bear it. `canonical` is why the unsigned gaps of a file cannot be altered either.
"""

from .archive import Proof, Unproved, archived
from .authorities import HttpAuthority, LocalAuthority
from .seal import imprint, seal, stamped
from .signers import Remote, Unavailable, from_pkcs11, from_pkcs12
from .tokens import NoToken, Token, ask, attested
from .verdict import Stamp, Verdict, verify

__all__ = [
    "HttpAuthority", "LocalAuthority", "NoToken", "Proof", "Remote", "Stamp", "Token", "Unavailable", "Unproved",
    "Verdict", "archived", "ask", "attested", "from_pkcs11", "from_pkcs12", "imprint", "seal", "stamped", "verify",
]  # fmt: skip
