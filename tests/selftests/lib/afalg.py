# SPDX-License-Identifier: GPL-2.0
"""Hashes of the kernel's crypto API, through AF_ALG."""

import errno
import socket

from .tap import Skip

SOL_ALG, ALG_SET_KEY, MSG_MORE = 279, 1, 0x8000


class Hash:
    """A keyed hash by its name in the crypto API, which loads what serves it."""

    def __init__(self, name, key):
        try:
            self.tfm = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
        except OSError as error:
            if error.errno != errno.EAFNOSUPPORT:
                raise
            raise Skip("no AF_ALG") from error
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
