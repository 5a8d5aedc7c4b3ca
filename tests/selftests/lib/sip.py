# SPDX-License-Identifier: GPL-2.0
"""SIP messages, and an independent signer and verifier of the Integrity field.

Written from docs/integrity.md (clauses 3 to 5) alone; it shares nothing with
the module or the tool.
"""

import base64
import hashlib
import hmac
import itertools
import os
import re
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from . import afalg

UPLINK, DOWNLINK = 0, 1
MD5, SHA1, GMAC, SHA256, AES_CMAC = 1, 2, 3, 4, 5
UIA1, UIA2, EIA2, EIA3 = 6, 7, 8, 9

#: number: name, octets of the MAC, octets of the key (salt included)
ALGS = {
    MD5: ("hmac-md5-96", 12, 16),
    SHA1: ("hmac-sha-1-96", 12, 20),
    GMAC: ("aes-gmac", 16, 20),
    SHA256: ("hmac-sha-256-128", 16, 32),
    AES_CMAC: ("aes-cmac-96", 12, 16),
    UIA1: ("uia1", 4, 16),
    UIA2: ("uia2", 4, 16),
    EIA2: ("128-eia2", 4, 16),
    EIA3: ("128-eia3", 4, 16),
}
ALG_BY_NAME = {row[0]: number for number, row in ALGS.items()}

_serial = itertools.count(1)


def new_spi():
    """An SPI that no other call of this process returned."""
    return 0x5A000000 + next(_serial)


def pseudo(scope, direction, alg, spi, seq):
    """PSEUDO of clause 4."""
    return struct.pack("!BBBBIQ", 1, scope << 1 | direction, alg, 0, spi, seq)


def compute_mac(alg, key, text, seq):
    """The MAC of clause 4 over T."""
    length = ALGS[alg][1]
    if alg == GMAC:
        nonce = key[16:20] + struct.pack("!Q", seq)
        return AESGCM(key[:16]).encrypt(nonce, b"", text)
    if alg in (UIA1, UIA2, EIA3):
        # By the kernel's crypto API, which crypto.py tests; what goes in is
        # this function's own.
        spi = text[4:8] if alg != EIA3 else bytes(4)
        head = struct.pack("!I4sBB", seq & 0xffffffff, spi, text[1] & 1, 0)
        afalg.serve_all()
        return afalg.mac(ALGS[alg][0], key, head + text)
    if alg in (AES_CMAC, EIA2):
        cmac = CMAC(AES(key))
        if alg == EIA2:
            # TS 33.401 B.2.3: COUNT, BEARER 0, DIRECTION, 26 zero bits
            cmac.update(struct.pack("!II", seq & 0xffffffff,
                                    (text[1] & 1) << 26))
        cmac.update(text)
        return cmac.finalize()[:length]
    digest = {MD5: hashlib.md5, SHA1: hashlib.sha1, SHA256: hashlib.sha256}
    return hmac.new(key, text, digest[alg]).digest()[:length]


def b64(octets):
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


@dataclass
class SA:
    """The secrets of one direction, as both ends know them."""

    spi: int
    key: bytes
    alg: int = SHA256
    direction: int = UPLINK

    @classmethod
    def new(cls, alg=SHA256, direction=UPLINK):
        """A random one."""
        return cls(new_spi(), os.urandom(ALGS[alg][2]), alg, direction)

    def mac_text(self, message, seq):
        """mac value for a message that already has A characters in it."""
        text = pseudo(0, self.direction, self.alg, self.spi, seq) + message
        return b64(compute_mac(self.alg, self.key, text, seq))

    def sign(self, message, seq, line=None, at=None):
        """Insert a hop field.

        line: its text with %(spi)x, %(seq)x and %(mac)s; at: before which
        header line (0 the first).
        """
        if line is None:
            line = b"Integrity: %(spi)x;seq=%(seq)x;mac=%(mac)s"
        zero = b"A" * len(b64(bytes(ALGS[self.alg][1])))
        values = {b"spi": self.spi, b"seq": seq, b"mac": zero}
        field = line % values + b"\r\n"
        offset = message.index(b"\r\n") + 2
        for _ in range(at or 0):
            offset = message.index(b"\r\n", offset) + 2
        zeroed = message[:offset] + field + message[offset:]
        place = zeroed.index(zero, offset)
        mac = self.mac_text(zeroed, seq)
        return zeroed[:place] + mac + zeroed[place + len(mac):]

    def verify(self, message, original=None, compact=False):
        """Verify a signed message whose hop field is the first header field.

        Returns its seq; raises ValueError.  original: what it must be without
        the field.  The form is the one clause 9's sender SHOULD use.
        """
        name = b"g:" if compact else b"Integrity: "
        start = message.index(b"\r\n") + 2
        match = re.compile(name + rb"([0-9a-f]+);seq=([0-9a-f]+);"
                           rb"mac=([A-Za-z0-9_-]+)\r\n").match(message, start)
        if not match:
            raise ValueError(f"first header line is no signature: "
                             f"{message[start:start + 80]!r}")
        spi, seq = int(match[1], 16), int(match[2], 16)
        if match[1] != b"%x" % spi or match[2] != b"%x" % seq:
            raise ValueError("leading zeros")
        if spi != self.spi:
            raise ValueError(f"SPI {spi:x}, not {self.spi:x}")
        zeroed = (message[:match.start(3)] + b"A" * len(match[3])
                  + message[match.end(3):])
        if match[3] != self.mac_text(zeroed, seq):
            raise ValueError("wrong MAC")
        if original is not None:
            bare = message[:start] + message[match.end():]
            if bare != original:
                raise ValueError("the message was changed beyond the field")
        return seq


def request(method="OPTIONS", body=b"", call_id=None, headers=(), uri=None,
            cseq=1, pad_to=None):
    """A request as UEs send them; pad_to: octets of the whole message."""
    serial = next(_serial)
    method = method.encode()
    lines = [
        method + b" " + (uri or b"sip:home1.example") + b" SIP/2.0",
        b"Via: SIP/2.0/UDP ue.example:5060;branch=z9hG4bK%x;rport" % serial,
        b"Max-Forwards: 70",
        b"From: <sip:alice@home1.example>;tag=%x" % serial,
        b"To: <sip:bob@home1.example>",
        b"Call-ID: " + (call_id or b"%x@ue.example" % serial),
        b"CSeq: %d " % cseq + method,
        *headers,
    ]

    def whole(octets):
        return b"\r\n".join(
            lines + [b"Content-Length: %d" % len(octets), b"", octets])

    if pad_to is not None:
        body = body + b"x" * (pad_to - len(whole(body)))
        body = body[:len(body) - (len(whole(body)) - pad_to)]
        if len(whole(body)) < pad_to:   # Content-Length has lost a digit
            lines[2] = b"Max-Forwards: 070"
        if len(whole(body)) != pad_to:
            raise ValueError(f"cannot make a message of {pad_to} octets")
    return whole(body)


def response(status=200, method="OPTIONS", body=b"", headers=(), cseq=1,
             call_id=None):
    """A response to a request of a method."""
    serial = next(_serial)
    lines = [
        b"SIP/2.0 %d Reason" % status,
        b"Via: SIP/2.0/UDP ue.example:5060;branch=z9hG4bK%x" % serial,
        b"From: <sip:alice@home1.example>;tag=1",
        b"To: <sip:bob@home1.example>;tag=%x" % serial,
        b"Call-ID: " + (call_id or b"%x@ue.example" % serial),
        b"CSeq: %d " % cseq + method.encode(),
        *headers,
        b"Content-Length: %d" % len(body), b"", body,
    ]
    return b"\r\n".join(lines)


def stun_binding(response_type=False, pad=0):
    """A STUN Binding request or success response of RFC 5389."""
    kind = 0x0101 if response_type else 0x0001
    software = b""
    if pad:
        software = struct.pack("!HH", 0x8022, pad) + bytes(pad)
    return struct.pack("!HHI", kind, len(software), 0x2112A442) \
        + os.urandom(12) + software
