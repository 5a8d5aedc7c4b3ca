# SPDX-License-Identifier: GPL-2.0
"""The topology most tests use.

      peer                                    host
    +----------------------+   veth   +----------------------+
    | eth0 192.0.2.1, .3   |----------| eth0 192.0.2.2       |
    |      2001:db8::1, ::3|          |      2001:db8::2     |
    | python sockets       |          | listeners, SAs       |
    +----------------------+          +----------------------+

The module is active in namespace host only; peer signs and verifies with
lib/sip.py and sees every octet on its end of the wire.
"""

import select
import socket
import sys

from . import netns, packet, sip, sipsec
from .tap import Deadline, Failed, equal

PEER = {4: "192.0.2.1", 6: "2001:db8::1"}
HOST = {4: "192.0.2.2", 6: "2001:db8::2"}
OTHER = {4: "192.0.2.3", 6: "2001:db8::3"}
PORT = 5060


def receive(sock, count, deadline=None):
    """count payloads from a socket."""
    deadline = deadline or Deadline()
    result = []
    while len(result) < count:
        if not select.select([sock], [], [], deadline.left())[0]:
            raise Failed(f"{len(result)} of {count} datagrams delivered: "
                         f"{[one[:60] for one in result]}")
        result.append(sock.recv(1 << 16))
    return result


class Lab:
    """peer and host, and a client of the module in host."""

    def __init__(self, mtu=1500, checksums=True):
        self.checksums = checksums
        self.peer = netns.Netns("peer")
        self.host = netns.Netns("host")
        netns.link(self.peer, self.host, mtu=mtu)
        for side, far, own, others in (
                (self.peer, 2, [PEER, OTHER], [HOST]),
                (self.host, 1, [HOST], [PEER, OTHER])):
            # no neighbour discovery: each packet on the wire is the test's
            side.ip(*(f"addr add {pair[version]}/{bits} dev eth0 {more}"
                      for pair in own
                      for version, bits, more in ((4, 24, ""),
                                                  (6, 64, "nodad"))),
                    *(f"neigh replace {pair[version]} dev eth0 lladdr "
                      f"02:00:00:00:00:0{far} nud permanent"
                      for pair in others for version in (4, 6)))
        if checksums:
            # checksums on the wire, not left to a device that is none
            netns.features(self.host, "eth0", tx_checksum_ip_generic=False)
            netns.features(self.peer, "eth0", tx_checksum_ip_generic=False)
        self.client = self.host.make(sipsec.Client)
        self._wire = None

    @property
    def wire(self):
        """A packet socket on the peer's end."""
        if self._wire is None:
            self._wire = packet.Wire(self.peer)
            self._wire.assembler.partial = not self.checksums
        return self._wire

    def flow(self, version=4, **more):
        """A Flow; see there."""
        return Flow(self, version, **more)


class Flow:
    """A listener in host, a socket behind it, and a socket of the peer's."""

    def __init__(self, lab, version=4, port=PORT, direction=sip.UPLINK,
                 sport=PORT, **listener):
        self.lab, self.version = lab, version
        self.client = lab.client
        self.local, self.remote = HOST[version], PEER[version]
        self.port, self.sport = port, sport
        self.direction = direction
        self.listener = lab.client.listen(self.local, port, direction,
                                          **listener)
        self.server = lab.host.udp(self.local, port)
        self.sender = lab.peer.udp(self.remote, sport)
        self.barriers = 0

    def close(self):
        """Delete the listener, close the sockets."""
        self.listener.remove()
        self.server.close()
        self.sender.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.close()
        else:
            self.server.close()
            self.sender.close()
            self.client.clear()

    def new_in(self, alg=sip.SHA256, **more):
        """A random inbound SA of the listener's direction."""
        return self.client.new_in(alg, self.direction, **more)

    def send(self, *payloads):
        """From the peer's socket to the listener."""
        for one in payloads:
            self.sender.sendto(one, (self.local, self.port))

    def receive(self, count=1):
        """What the socket behind the listener gets."""
        return receive(self.server, count)

    def exactly(self, *delivered, **counts):
        """These counters moved, and this, in this order, was delivered.

        A keepalive is sent behind it all: what arrives before it is all that
        arrives.  What is counted may still be on its way on another CPU, so
        what has to come is waited for first.
        """
        self.listener.expect(**counts)
        got = self.receive(len(delivered)) if delivered else []
        self.barriers += 1
        barrier = b"\r\n" * (self.barriers % 16 + 1) + b"\0"
        self.sender.sendto(barrier, (self.local, self.port))
        self.listener.expect(keepalive=1)
        while True:
            one = self.receive()[0]
            if one == barrier:
                break
            got.append(one)
        if list(delivered) != got:
            raise Failed(f"delivered {[one[:200] for one in got]}, "
                         f"want {[one[:200] for one in delivered]}")

    def one(self, payload, name):
        """One datagram: it is of the class and is delivered only if verified
        (or a keepalive)."""
        self.send(payload)
        delivered = [payload] if name in ("verified", "keepalive") else []
        self.exactly(*delivered, **{name.replace("-", "_"): 1})

    def packet(self, payload, **more):
        """An IP packet with the UDP datagram the peer's socket would send."""
        return packet.packet(self.remote, self.local, packet.udp(
            self.remote, self.local, self.sport, self.port, payload, **more))

    def wire(self, *packets):
        """IP packets from the peer's end of the wire."""
        self.lab.wire.send(*packets)


def mark_socket(sock):
    """SO_RCVMARK (Linux 5.19)."""
    sock.setsockopt(socket.SOL_SOCKET, 75, 1)


def receive_mark(sock):
    """(payload, mark or None) of the next datagram."""
    if not select.select([sock], [], [], Deadline().left())[0]:
        raise Failed("nothing delivered")
    payload, control, _, _ = sock.recvmsg(1 << 16, 64)
    for level, kind, data in control:
        if level == socket.SOL_SOCKET and kind == 36:   # SO_MARK
            return payload, int.from_bytes(data, sys.byteorder)
    return payload, None


def pending(sock):
    """All there is, read without waiting."""
    result = []
    try:
        while True:
            result.append(sock.recv(1 << 16))
    except BlockingIOError:
        return result


def drop_pending(sock):
    """Read away all there is; how many."""
    return len(pending(sock))


def same(got, want, text):
    """equal() for long octets: shows where they part."""
    if got != want:
        at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b),
                  min(len(got), len(want)))
        equal((len(got), got[max(0, at - 20):at + 40]),
              (len(want), want[max(0, at - 20):at + 40]),
              f"{text}, from octet {at}")
