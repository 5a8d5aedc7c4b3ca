#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Makes kdf.json: the SA keys of clause 6, from Python's own hmac.

Shares nothing with userspace-ctl/aka but the text of the clause.  The inputs
are no secrets: each is a SHA-256 of what it is for.
"""

import hashlib
import hmac
import json

# Clause 5: name, octets of key and salt, keyed by IK.
ALGORITHMS = [
    ("hmac-md5-96", 16, True),
    ("hmac-sha-1-96", 20, True),
    ("aes-gmac", 20, False),
    ("hmac-sha-256-128", 32, False),
    ("aes-cmac-96", 16, False),
    ("uia1", 16, False),
    ("uia2", 16, False),
    ("128-eia2", 16, False),
    ("128-eia3", 16, False),
]


def octets(label, length):
    return hashlib.sha256(label.encode()).digest()[:length]


def key(name, length, is_ik, ck, ik, direction, spi):
    if is_ik:
        return ik[:16].ljust(length, b"\0")
    s = b"\xf0"
    for p in (b"sipsec:" + name.encode(), bytes([direction]), spi.to_bytes(4, "big")):
        s += p + len(p).to_bytes(2, "big")
    return hmac.new(ck + ik, s, hashlib.sha256).digest()[:length]


def main():
    keys = []
    for name, length, is_ik in ALGORITHMS:
        for direction in (0, 1):
            for ck_len, ik_len in ((16, 16), (32, 32), (16, 32), (32, 16)):
                label = f"{name} {direction} {ck_len} {ik_len}"
                ck = octets("ck " + label, ck_len)
                ik = octets("ik " + label, ik_len)
                spi = int.from_bytes(octets("spi " + label, 4), "big") | 256
                k = key(name, length, is_ik, ck, ik, direction, spi)
                keys.append({"ck": ck.hex(), "ik": ik.hex(), "algorithm": name,
                             "direction": direction, "spi": f"{spi:x}", "key": k.hex()})
    with open("kdf.json", "w", encoding="ascii") as f:
        json.dump({"spec": "sipsec clause 6", "source": "make-kdf.py", "keys": keys}, f,
                  indent=1)
        f.write("\n")


main()
