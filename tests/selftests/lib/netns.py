# SPDX-License-Identifier: GPL-2.0
"""Network namespaces without names, and veth pairs.

A namespace lives as long as its file descriptor (or a process or socket in
it), so nothing is left behind however a test ends.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import threading

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _setns(fd):
    if _libc.setns(fd, CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _current():
    return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net",
                   os.O_RDONLY | os.O_CLOEXEC)


class Netns:
    """A new network namespace; lo is up."""

    def __init__(self, label):
        self.label = label
        self.fd = -1
        before = _current()
        try:
            if _libc.unshare(CLONE_NEWNET):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
            self.fd = _current()
        finally:
            _setns(before)
            os.close(before)
        self.ip("link set lo up")

    @contextlib.contextmanager
    def inside(self):
        """This thread (and what it starts) is in the namespace meanwhile."""
        before = _current()
        _setns(self.fd)
        try:
            yield self
        finally:
            _setns(before)
            os.close(before)

    def enter(self):
        """This thread is in the namespace from now on."""
        _setns(self.fd)

    def run(self, *command, check=True, **more):
        """Run a command in it; returns its standard output."""
        with self.inside():
            done = subprocess.run(command, capture_output=True, text=True,
                                  check=False, **more)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def ip(self, *lines):
        """ip commands, in one process."""
        return self.run("ip", "-batch", "-", input="\n".join(lines) + "\n")

    def socket(self, *args):
        """socket.socket() in it."""
        with self.inside():
            return socket.socket(*args)

    def make(self, function, *args):
        """function(*args) in it."""
        with self.inside():
            return function(*args)

    def udp(self, addr=None, port=0, reuse=False):
        """A UDP socket, bound if an address is given."""
        family = socket.AF_INET6 if addr and ":" in addr else socket.AF_INET
        sock = self.socket(family, socket.SOCK_DGRAM)
        if reuse:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        if addr:
            sock.bind((addr, port))
        sock.setblocking(False)
        return sock

    def sysctl(self, name, value):
        """Set net.* of the namespace."""
        with self.inside():
            path = "/proc/sys/" + name.replace(".", "/")
            with open(path, "w", encoding="ascii") as file:
                file.write(str(value))

    def __del__(self):
        self.close()

    def close(self):
        """Let go of it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Named(Netns):
    """One that exists, by its name in /run/netns."""

    def __init__(self, name):     # pylint: disable=super-init-not-called
        self.label = name
        self.fd = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)


def link(left, right, name="eth0", mtu=1500):
    """A veth pair between two namespaces, the same name in both."""
    path = f"/proc/{os.getpid()}/fd/{right.fd}"
    left.ip(f"link add {name} mtu {mtu} address 02:00:00:00:00:01 type veth "
            f"peer name {name} mtu {mtu} address 02:00:00:00:00:02 "
            f"netns {path}", f"link set {name} up")
    right.ip(f"link set {name} up")


SIOCETHTOOL, ETHTOOL_GSTRINGS, ETHTOOL_GSSET_INFO = 0x8946, 0x1B, 0x37
ETHTOOL_SFEATURES, ETH_SS_FEATURES = 0x3B, 4


def _ethtool(namespace, device, buffer):
    data = ctypes.create_string_buffer(bytes(buffer), len(buffer))
    request = struct.pack("16sP16x", device.encode(), ctypes.addressof(data))
    with namespace.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCETHTOOL, request)
    return data.raw


def features(namespace, device, **wanted):
    """ethtool -K: features(ns, "eth0", tx_checksum_ip_generic=False)."""
    info = _ethtool(namespace, device, struct.pack(
        "=IIQI", ETHTOOL_GSSET_INFO, 0, 1 << ETH_SS_FEATURES, 0))
    count = struct.unpack_from("=I", info, 16)[0]
    strings = _ethtool(namespace, device, struct.pack(
        "=III", ETHTOOL_GSTRINGS, ETH_SS_FEATURES, count) + bytes(32 * count))
    names = [strings[12 + 32 * i:44 + 32 * i].split(b"\0")[0].decode()
             for i in range(count)]
    blocks = (count + 31) // 32
    valid, requested = [0] * blocks, [0] * blocks
    for name, value in wanted.items():
        index = names.index(name.replace("_", "-"))
        valid[index // 32] |= 1 << index % 32
        requested[index // 32] |= bool(value) << index % 32
    _ethtool(namespace, device, struct.pack("=II", ETHTOOL_SFEATURES, blocks)
             + b"".join(struct.pack("=II", *pair)
                        for pair in zip(valid, requested)))
