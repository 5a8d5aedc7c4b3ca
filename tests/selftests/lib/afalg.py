# SPDX-License-Identifier: GPL-2.0
"""Hashes of the kernel's crypto API, through AF_ALG."""

import atexit
import errno
import functools
import os
import socket

from .tap import Skip

SOL_ALG, ALG_SET_KEY, MSG_MORE = 279, 1, 0x8000

#: From 7.3 on AF_ALG serves a short list of names alone unless this is 0.
RESTRICT = "/proc/sys/crypto/af_alg_restrict"


def _socket():
    """One of AF_ALG."""
    try:
        return socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
    except OSError as error:
        if error.errno != errno.EAFNOSUPPORT:
            raise
        raise Skip("no AF_ALG") from error


def _restrict(level):
    """Set it and return what it was."""
    with open(RESTRICT, "r+", encoding="ascii") as file:
        before = file.read()
        file.seek(0)
        file.write(level)
    return before


@functools.cache
def serve_all():
    """Have every algorithm served, until this program ends."""
    _socket().close()   # loads what has the sysctl
    if os.path.exists(RESTRICT):
        atexit.register(_restrict, _restrict("0"))


class Hash:
    """A keyed hash by its name in the crypto API, which loads what serves it."""

    def __init__(self, name, key):
        self.tfm = _socket()
        try:
            self.tfm.bind(("hash", name))
            self.tfm.setsockopt(SOL_ALG, ALG_SET_KEY, key)
            self.sock = self.tfm.accept()[0]
        except OSError:
            self.tfm.close()
            raise

    def digest(self, *pieces):
        """Of data in pieces; OSError where the kernel refuses."""
        for piece in pieces[:-1]:
            self.sock.send(piece, MSG_MORE)
        self.sock.send(pieces[-1])
        return self.sock.recv(64)

    def copy(self):
        """One that goes on from here."""
        other = Hash.__new__(Hash)
        other.tfm = self.tfm.dup()
        other.sock = self.sock.accept()[0]
        return other

    def close(self):
        """Of the kernel's objects, too."""
        self.sock.close()
        self.tfm.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def mac(name, key, data):
    """One MAC."""
    with Hash(name, key) as one:
        return one.digest(data)
