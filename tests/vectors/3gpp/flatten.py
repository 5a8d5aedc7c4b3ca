#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The vectors of the 3GPP algorithms in one form: how the kernel's crypto API
takes them (kmod/crypto/threegpp.h, docs/crypto.md).

As a program it writes a line for each, fields separated by tabs; as a module it
has rows(), the same as named tuples.
"""

import collections
import json
import pathlib

Row = collections.namedtuple("Row", "alg name key prefix msg mac own")

#: File, name in the crypto API, and whether it is of the specification itself.
FILES = [
    ("uia1_kasumi_f9", "uia1", True), ("uia1_kasumi_f9_extra", "uia1", False),
    ("uia2_snow3g_f9", "uia2", True), ("snow3g_f9_intel", "uia2", False),
    ("eia1_snow3g", "128-eia1", True), ("nia1_octet_aligned", "128-eia1", False),
    ("eia2_aes_cmac", "128-eia2", True), ("nia2_octet_aligned", "128-eia2", False),
    ("eia3_zuc", "128-eia3", True), ("eia3_zuc_intel", "128-eia3", False),
    ("eia3_zuc_dpdk", "128-eia3", False), ("nia3_octet_aligned", "128-eia3", False),
    ("zuc256_mac", "zuc256-mac", True),
]
HERE = pathlib.Path(__file__).resolve().parent


def prefix(count, fresh, direction, bits):
    """COUNT, FRESH or BEARER << 27, DIRECTION, LENGTH modulo 8."""
    return (count.to_bytes(4, "big") + fresh.to_bytes(4, "big") +
            bytes([direction, bits % 8]))


def _uia2_iv(iv, bits):
    """The IV of SNOW 3G that UIA2 makes, taken apart."""
    count, fresh, direction = iv[:4], iv[4:8], iv[8] >> 7 ^ iv[0] >> 7
    again = bytearray(count + fresh)
    again[0] ^= direction << 7
    again[6] ^= direction << 7
    assert again == iv[8:]
    return prefix(int.from_bytes(count, "big"), int.from_bytes(fresh, "big"),
                  direction, bits)


def rows():
    """All vectors."""
    for file, alg, own in FILES:
        text = (HERE / f"{file}.json").read_text(encoding="ascii")
        for test in json.loads(text)["tests"]:
            bits = test["msg_bits"]
            if file == "zuc256_mac":
                alg = f"zuc256-mac-{test['mac_bits']}"
                own = "paper" in test["name"]
                head = bytes.fromhex(test["iv"]) + bytes([bits % 8])
            elif "iv" in test:
                # 128-EIA3 makes its IV in the same way
                head = _uia2_iv(bytes.fromhex(test["iv"]), bits)
            else:
                fresh = (int(test["fresh"], 16) if "fresh" in test
                         else int(test["bearer"], 16) << 27)
                head = prefix(int(test["count"], 16), fresh, test["direction"], bits)
            msg = bytes.fromhex(test["msg"])
            assert (bits + 7) // 8 <= len(msg)
            yield Row(alg, test["name"], bytes.fromhex(test["key"]), head,
                      msg[:(bits + 7) // 8], bytes.fromhex(test["mac"]), own)


def ciphers():
    """Of the ciphers alone: cipher, name, and in hexadecimal key, input or IV,
    output; in decimal how often, or at which octet of the keystream."""
    for file, cipher in (("kasumi_block", "kasumi"), ("snow3g_keystream", "snow3g"),
                         ("zuc_keystream", "zuc")):
        text = (HERE / f"{file}.json").read_text(encoding="ascii")
        for test in json.loads(text)["tests"]:
            if cipher == "kasumi":
                yield (cipher, test["name"], test["key"], test["input"],
                       test["output"], test["iterations"])
            else:
                for part in test["keystream"]:
                    yield (cipher, test["name"], test["key"], test["iv"],
                           part["hex"], part["offset"])


def main():
    """One line each."""
    for one in ciphers():
        print(*one, sep="\t")
    for row in rows():
        print(row.alg, row.name, *(one.hex() or "-" for one in row[2:6]), sep="\t")


if __name__ == "__main__":
    main()
