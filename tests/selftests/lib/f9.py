# SPDX-License-Identifier: GPL-2.0
"""The integrity algorithms of 3GPP's access, written once more as their
specifications have them, bit by bit: f9 of UIA1 and UIA2, 128-EIA1, 128-EIA2 and
128-EIA3.  threegpp.py holds SAs against this; as a program it is held against all
published sets: python3 -m lib.f9, in the folder above.

mac(name, key, prefix, message) takes what the crypto API takes (docs/crypto.md).
Lists of S-boxes that a specification prints are those of kmod/crypto/tables.py;
all else is this file's own.
"""

import importlib.util
import os
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from . import vectors
from .tap import Skip

MASK32 = 0xffffffff
_TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "..", "kmod", "crypto", "tables.py")


def load(path):
    """A program of the tree as a module; the case is skipped where it is not."""
    if not os.path.exists(path):
        raise Skip(f"{path} not found")
    name = os.path.basename(path).removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def published():
    """The published vectors, rows of flatten.py, of the algorithms here."""
    rows = load(vectors.find("3gpp/flatten.py")).rows()
    return [row for row in rows if row.alg in ALGS]


def _lists():
    """S7, S9, ZUC's S0 and S1."""
    tables = load(_TABLES)
    return (tables.numbers(tables.S7), tables.numbers(tables.S9),
            tables.octets(tables.ZUC_S0), tables.octets(tables.ZUC_S1))


S7, S9, S0, S1 = _lists()


def _words(octets, size):
    """Numbers of size octets."""
    return [int.from_bytes(octets[at:at + size], "big")
            for at in range(0, len(octets), size)]


def _rol(number, count, width):
    """Rotated to the left."""
    return (number << count | number >> (width - count)) & ((1 << width) - 1)


def _bits(message, bits):
    """The message as a number, and its length in bits."""
    length = len(message) * 8 - (8 - bits) % 8
    return int.from_bytes(message, "big") >> (len(message) * 8 - length), length


# KASUMI, TS 35.202

def _fi(data, key):
    nine, seven = data >> 7, data & 0x7f
    for first, second in ((key & 0x1ff, key >> 9), (0, 0)):
        nine = S9[nine] ^ seven
        seven = S7[seven] ^ nine & 0x7f
        seven ^= second
        nine ^= first
    return seven << 9 | nine


def _fo(data, keys):
    left, right = data >> 16, data & 0xffff
    for ko, ki in keys:
        left, right = right, _fi(left ^ ko, ki) ^ right
    return left << 16 | right


def _fl(data, kl1, kl2):
    left, right = data >> 16, data & 0xffff
    right ^= _rol(left & kl1, 1, 16)
    left ^= _rol(right | kl2, 1, 16)
    return left << 16 | right


def kasumi(key):
    """A function of a block of 64 bits."""
    k = _words(key, 2)
    kc = [one ^ two for one, two in zip(k, (
        0x0123, 0x4567, 0x89ab, 0xcdef, 0xfedc, 0xba98, 0x7654, 0x3210))]
    rounds = [((_rol(k[i], 1, 16), kc[(i + 2) % 8]),
               [(_rol(k[(i + 1) % 8], 5, 16), kc[(i + 4) % 8]),
                (_rol(k[(i + 5) % 8], 8, 16), kc[(i + 3) % 8]),
                (_rol(k[(i + 6) % 8], 13, 16), kc[(i + 7) % 8])])
              for i in range(8)]

    def encrypt(block):
        left, right = block >> 32, block & MASK32
        for i, (kl, ko) in enumerate(rounds):
            out = _fl(_fo(left, ko), *kl) if i % 2 else _fo(_fl(left, *kl), ko)
            left, right = right ^ out, left
        return left << 32 | right
    return encrypt


def uia1(key, count, fresh, direction, message, bits):
    """f9 of TS 35.201."""
    number, length = _bits(message, bits)
    padded = ((count << 32 | fresh) << length | number) << 2 | direction << 1 | 1
    padded <<= -(64 + length + 2) % 64
    octets = (64 + length + 2 + 63) // 64 * 8
    encrypt, chain, total = kasumi(key), 0, 0
    for block in _words(padded.to_bytes(octets, "big"), 8):
        chain = encrypt(chain ^ block)
        total ^= chain
    return kasumi(bytes(one ^ 0xaa for one in key))(total) >> 32


# SNOW 3G, TS 35.216

def _mulx(value, poly, width):
    """Times x, modulo x^width + poly."""
    top = value >> (width - 1)
    return (value << 1) & ((1 << width) - 1) ^ (poly if top else 0)


def _times(one, two, poly, width):
    """A product in GF(2^width)."""
    result = 0
    while two:
        if two & 1:
            result ^= one
        one, two = _mulx(one, poly, width), two >> 1
    return result


def _power(value, exponent, poly):
    result = 1
    for _ in range(exponent):
        result = _times(result, value, poly, 8)
    return result


def _sbox(box, poly):
    """S1 or S2: the function of a word."""
    def word(value):
        w = [box[one] for one in value.to_bytes(4, "big")]
        twice = [_mulx(one, poly, 8) for one in w]
        return int.from_bytes(bytes((
            twice[0] ^ w[1] ^ w[2] ^ twice[3] ^ w[3],
            twice[0] ^ w[0] ^ twice[1] ^ w[2] ^ w[3],
            w[0] ^ twice[1] ^ w[1] ^ twice[2] ^ w[3],
            w[0] ^ w[1] ^ twice[2] ^ w[2] ^ twice[3])), "big")
    return word


def _rijndael(value):
    inverse = _power(value, 254, 0x1b)
    result = 0x63
    for count in range(5):
        result ^= _rol(inverse, count, 8)
    return result


def _dickson(value):
    result = 0x25
    for exponent in (1, 9, 13, 15, 33, 41, 45, 47, 49):
        result ^= _power(value, exponent, 0x69)
    return result


def _alpha(exponents):
    """MULalpha or DIValpha, as a table."""
    roots = [_power(2, one, 0xa9) for one in exponents]
    return [int.from_bytes(bytes(_times(value, root, 0xa9, 8)
                                 for root in roots), "big")
            for value in range(256)]


class _Lazy:
    """What takes a while in an emulator is made when it is needed first."""

    @classmethod
    def boxes(cls):
        """S1, S2, MULalpha, DIValpha."""
        if not hasattr(cls, "made"):
            cls.made = (_sbox([_rijndael(one) for one in range(256)], 0x1b),
                        _sbox([_dickson(one) for one in range(256)], 0x69),
                        _alpha((23, 245, 48, 239)), _alpha((16, 39, 6, 64)))
        return cls.made


def snow3g(key, initial, count):
    """Words of keystream; initial: IV0 to IV3."""
    s1, s2, mul, div = _Lazy.boxes()
    k = _words(key, 4)[::-1]
    inverted = [one ^ MASK32 for one in k]
    lfsr = inverted + k + inverted + k
    for at, word in zip((15, 12, 10, 9), initial):
        lfsr[at] ^= word
    r1 = r2 = r3 = 0
    stream = []
    for clock in range(32 + 1 + count):
        f = ((lfsr[15] + r1) & MASK32) ^ r2
        r1, r2, r3 = (r2 + (r3 ^ lfsr[5])) & MASK32, s1(r1), s2(r2)
        if clock > 32:
            stream.append(f ^ lfsr[0])
        v = ((lfsr[0] << 8) & MASK32 ^ mul[lfsr[0] >> 24] ^ lfsr[2] ^
             lfsr[11] >> 8 ^ div[lfsr[11] & 0xff])
        lfsr = lfsr[1:] + [v ^ f if clock < 32 else v]
    return stream


def uia2(key, count, fresh, direction, message, bits):
    """f9 of TS 35.215."""
    z = snow3g(key, (fresh ^ direction << 15, count ^ direction << 31, fresh,
                     count), 5)
    p, q = z[0] << 32 | z[1], z[2] << 32 | z[3]
    number, length = _bits(message, bits)
    padded = (number << -length % 64).to_bytes((length + 63) // 64 * 8, "big")
    value = 0
    for block in _words(padded, 8):
        value = _times(value ^ block, p, 0x1b, 64)
    return _times(value ^ length, q, 0x1b, 64) >> 32 ^ z[4]


# ZUC, TS 35.222

def zuc(key, initial, count):
    """Words of keystream."""
    d = (0x44d7, 0x26bc, 0x626b, 0x135e, 0x5789, 0x35e2, 0x7135, 0x09af,
         0x4d78, 0x2f13, 0x6bc4, 0x1af1, 0x5e26, 0x3c4d, 0x789a, 0x47ac)
    s = [k << 23 | c << 8 | iv for k, c, iv in zip(key, d, initial)]
    r1 = r2 = 0
    stream = []

    def nonlinear(value, turns):
        total = value
        for turn in turns:
            total ^= _rol(value, turn, 32)
        return int.from_bytes(bytes(
            box[one] for box, one in zip((S0, S1, S0, S1),
                                         total.to_bytes(4, "big"))), "big")

    for clock in range(32 + 1 + count):
        x0 = (s[15] >> 15) << 16 | s[14] & 0xffff
        x1 = (s[11] & 0xffff) << 16 | s[9] >> 15
        x2 = (s[7] & 0xffff) << 16 | s[5] >> 15
        x3 = (s[2] & 0xffff) << 16 | s[0] >> 15
        w = ((x0 ^ r1) + r2) & MASK32
        w1, w2 = (r1 + x1) & MASK32, r2 ^ x2
        r1 = nonlinear((w1 << 16 | w2 >> 16) & MASK32, (2, 10, 18, 24))
        r2 = nonlinear((w2 << 16 | w1 >> 16) & MASK32, (8, 14, 22, 30))
        if clock > 32:
            stream.append(w ^ x3)
        v = (s[15] * 2**15 + s[13] * 2**17 + s[10] * 2**21 + s[4] * 2**20 +
             s[0] * 257 + (w >> 1 if clock < 32 else 0)) % (2**31 - 1)
        s = s[1:] + [v or 2**31 - 1]
    return stream


def eia3(key, count, bearer, direction, message, bits):
    """128-EIA3 of TS 35.221; bearer: in the upper bits of a word."""
    half = count.to_bytes(4, "big") + bearer.to_bytes(4, "big")
    initial = bytearray(half + half)
    initial[8] ^= direction << 7
    initial[14] ^= direction << 7
    number, length = _bits(message, bits)
    stream = zuc(key, initial, (length + 31) // 32 + 2)
    z = int.from_bytes(b"".join(one.to_bytes(4, "big") for one in stream), "big")
    width = len(stream) * 32

    def window(at):
        return z >> (width - 32 - at) & MASK32

    tag = window(length) ^ stream[-1]
    for at in range(length):
        if number >> (length - 1 - at) & 1:
            tag ^= window(at)
    return tag


def eia2(key, count, bearer, direction, message, bits):
    """128-EIA2 of TS 33.401, B.2.3."""
    number, length = _bits(message, bits)
    whole = (count << 32 | bearer | direction << 26) << length | number
    length += 64
    if not length % 8:
        cmac = CMAC(AES(key))
        cmac.update(whole.to_bytes(length // 8, "big"))
        return int.from_bytes(cmac.finalize()[:4], "big")
    # of other lengths: pad, and undo what is done to a block that is whole
    padded = (whole << 1 | 1) << (-(length + 1) % 128)
    subkey = _ecb(key, bytes(16))
    k1 = _times(2, int.from_bytes(subkey, "big"), 0x87, 128)
    k2 = _times(2, k1, 0x87, 128)
    padded ^= k1 ^ k2
    cmac = CMAC(AES(key))
    cmac.update(padded.to_bytes((length + 128) // 128 * 16, "big"))
    return int.from_bytes(cmac.finalize()[:4], "big")


def _ecb(key, block):
    """One block of AES."""
    return Cipher(AES(key), modes.ECB()).encryptor().update(block)


ALGS = {"uia1": uia1, "uia2": uia2, "128-eia1": uia2, "128-eia2": eia2,
        "128-eia3": eia3}


def mac(name, key, prefix, message):
    """Four octets."""
    count, fresh = _words(prefix[:8], 4)
    return ALGS[name](key, count, fresh, prefix[8], message,
                      prefix[9]).to_bytes(4, "big")


def main():
    """Each published set, as TAP."""
    rows = published()
    bad = 0
    for number, row in enumerate(rows, 1):
        good = mac(row.alg, row.key, row.prefix, row.msg) == row.mac
        bad += not good
        print(f"{'' if good else 'not '}ok {number} - "
              f"reference: {row.alg}, {row.name}")
    print(f"1..{len(rows)}")
    return 1 if bad or len(rows) < 80 else 0


if __name__ == "__main__":
    sys.exit(main())
