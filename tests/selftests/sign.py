#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Clause 9: what leaves, as the peer's end of the wire has it.

The topology is that of lib/lab.py; here the host is the sender, and what
arrives at the peer is verified by lib/sip.py.
"""

import socket
import struct

from lib import lab, packet, sip, sipsec, tap
from lib.tap import both, case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
ALGS = [sip.SHA1, sip.GMAC, sip.SHA256, sip.AES_CMAC]
TO, FROM = 5080, 5060
UDP_SEGMENT = 103
IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_DO = 10, 23, 2


class Out:
    """A socket of the host's, and what the peer gets from it."""

    def __init__(self, version, sport=FROM, where=LAB):
        self.where = where
        self.client = where.client
        self.version = version
        self.peer = (lab.PEER[version], TO)
        self.sport = sport
        self.sock = where.host.udp(lab.HOST[version], sport)
        self.sock.setblocking(True)
        # someone has to be there, or ICMP errors come back
        self.sink = where.peer.udp(*self.peer)
        where.wire.drain()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()
        self.sink.close()
        self.client.clear()

    def new(self, alg=sip.SHA256, **more):
        """An outbound SA to the peer."""
        return self.client.new_out(*self.peer, alg, **more)

    def send(self, *messages):
        """To the peer."""
        for message in messages:
            self.sock.sendto(message, self.peer)

    def capture(self):
        """The next datagram to the peer, its lengths and checksum right."""
        lab.drop_pending(self.sink)
        got = self.where.wire.datagram(TO)
        check(got.ip_ok, f"lengths or IP checksum: {got}")
        check(got.check_ok, f"UDP checksum: {got}")
        equal(got.length, len(got.payload) + 8, "UDP length")
        equal((got.src, got.sport), (lab.HOST[self.version], self.sport),
              "source")
        return got

    def signed(self, sa, message, compact=False):
        """The next datagram is this message, signed; returns its seq."""
        got = self.capture()
        return sa.verify(got.payload, message, compact)

    def plain(self, payload):
        """The next datagram is this, as it was."""
        lab.same(self.capture().payload, payload, "payload")

    def dropped(self, payload, counter):
        """It is dropped and counted; a keepalive behind it passes."""
        before = self.client.stats()[counter]
        try:
            self.send(payload)
        except PermissionError:
            pass    # what a sender is told of a drop on output
        self.client.wait_stats(**{counter: before + 1})
        self.send(b"\r\n")
        self.plain(b"\r\n")


def compute(version, alg):
    """Requests and responses of all sizes, each with its own seq."""
    with Out(version) as out:
        sa = out.new(alg, seq=0xFFFFFFF0)
        before = out.client.stats()["signed"]
        body = bytes(range(256))
        messages = [sip.request(), sip.request("INVITE", body * 3),
                    sip.response(200, "INVITE", body),
                    b"OPTIONS sip:a SIP/2.0\r\n\r\n",
                    b"SIP/2.0 200 \r\n\r\n"]
        messages += [sip.request(pad_to=size) for size in range(500, 570)]
        messages += [sip.request(pad_to=size) for size in
                     (1380, 1400, 1420, 1440, 2000, 5001, 16384)]
        for number, message in enumerate(messages):
            out.send(message)
            equal(out.signed(sa, message), 0xFFFFFFF0 + number, "seq")
        state = out.client.get_out(sa.spi, *out.peer)
        equal(state["messages"], len(messages), "messages")
        equal(state["seq"], 0xFFFFFFF0 + len(messages), "next seq")
        equal(out.client.stats()["signed"] - before, len(messages), "signed")


for _alg in ALGS:
    both(f"signed, {sip.ALGS[_alg][0]}", _alg)(compute)


@both("what refuses a registration is not the first that an SA signs")
def refusals(version):
    """The challenge itself, which the UE needs to have the SA at all."""
    with Out(version) as out:
        refusal = [sip.response(status, "REGISTER")
                   for status in (100, 300, 401, 407, 494, 503, 699)]
        other = [sip.response(200, "REGISTER"), sip.response(180, "INVITE"),
                 sip.response(401, "INVITE"), sip.request("REGISTER")]
        for first in other:
            sa = out.new(seq=1)
            for message in refusal:
                out.send(message)
                out.plain(message)
            # a hop field goes all the same
            out.client.listen(lab.HOST[version], FROM)
            out.send(sip.SA(0x5C000000, bytes(32)).sign(refusal[2], 7))
            out.plain(refusal[2])
            out.send(first, *refusal)
            for seq, message in enumerate([first] + refusal, 1):
                equal(out.signed(sa, message), seq, "seq")
            # a newer SA is passed over in favour of one that has begun
            newer = out.new(seq=1)
            out.send(refusal[2], first)
            equal(out.signed(sa, refusal[2]), len(refusal) + 2, "seq")
            equal(out.signed(newer, first), 1, "seq")
            out.client.clear()


@both("where no SA may sign, registration alone leaves unsigned")
def registration_passes(version):
    """A UE whose SAs are spent can register again (clauses 9 and 10)."""
    with Out(version) as out:
        sa = out.new(seq=1, **{"hard-messages": 1})
        first = sip.request()
        out.send(first)
        equal(out.signed(sa, first), 1, "seq")
        for message in (sip.request("REGISTER"),
                        sip.response(401, "REGISTER"),
                        sip.response(503, "REGISTER")):
            out.send(message)
            out.plain(message)
        for message in (sip.request(), sip.response(200, "REGISTER"),
                        sip.response(401, "INVITE"), sip.request("INVITE")):
            out.dropped(message, "unsigned")


@both("signed, hmac-md5-96 with allow_md5=1")
def md5(version):
    with sipsec.Param([CLIENT], allow_md5="1"):
        compute(version, sip.MD5)


@both("a retransmission has a seq of its own")
def retransmission(version):
    with Out(version) as out:
        sa = out.new(seq=1)
        message = sip.request("INVITE")
        out.send(*[message] * 20)
        equal([out.signed(sa, message) for _ in range(20)],
              list(range(1, 21)), "seqs")


@both("compact name")
def compact(version):
    with Out(version) as out:
        sa = out.new(compact=1)
        message = sip.request()
        out.send(message)
        out.signed(sa, message, compact=True)
        out.client.call("sa-set", sa={
            "type": 1, "spi": sa.spi, **sipsec.address(out.peer[0]),
            "port": TO, "compact": 0})
        out.send(message)
        out.signed(sa, message)


@both("larger than the MTU, also where the sender forbids fragments")
def large(version):
    level, option = ((socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER) if version == 6
                     else (socket.IPPROTO_IP, IP_MTU_DISCOVER))
    with Out(version) as out:
        sa = out.new()
        room = 1500 - (48 if version == 6 else 28)
        # it fits and grows beyond; it did not fit before; much larger
        sizes = [room - 200, room - 60, room - 30, room - 1, room]
        for dont in (False, True):
            if dont:
                out.sock.setsockopt(level, option, PMTUDISC_DO)
            idents = set()
            for size in sizes + ([] if dont else [room + 1, 3000, 40000]):
                message = sip.request(pad_to=size)
                out.send(message)
                got = out.capture()
                sa.verify(got.payload, message)
                check(max(got.pieces) <= 1500, f"pieces of {got.pieces}")
                if len(got.pieces) > 1:
                    check(not got.dont, "DF on fragments")
                    idents.add(got.ident)
                    check(got.ident, "fragments of identification 0")
                elif version == 4:
                    check(got.dont, "DF is gone where nothing is fragmented")
            equal(len(idents), 3 if dont else 6, "identifications")
        # larger than the MTU already: refused before it comes to us
        try:
            out.send(sip.request(pad_to=room + 1))
            raise tap.Failed("the sender's IP_PMTUDISC_DO is gone")
        except OSError:
            pass


@both("checksum left to the device, and none at all")
def checksums(version):
    other = lab.Lab(checksums=False)
    with Out(version, where=other) as out:
        sa = other.client.new_out(*out.peer)
        for size in (500, 1440, 3000):
            message = sip.request(pad_to=size)
            out.send(message)
            # verified by the peer's stack, which knows what was left open
            got = lab.receive(out.sink, 1)[0]
            sa.verify(got, message)
    if version == 4:
        with Out(4) as out:
            sa = out.new()
            out.sock.setsockopt(socket.SOL_SOCKET, 11, 1)   # SO_NO_CHECK
            for size in (500, 1460, 3000):
                message = sip.request(pad_to=size)
                out.send(message)
                got = out.capture()
                sa.verify(got.payload, message)
                equal(got.check, 0, "checksum")


class Offloaded:
    """A second lab, whose devices keep the offloads UDP_SEGMENT needs."""

    lab = None

    @classmethod
    def get(cls):
        """Made when first needed."""
        if cls.lab is None:
            cls.lab = lab.Lab(checksums=False)
        return cls.lab


@both("UDP_SEGMENT of the sender: every segment is signed")
def segments(version):
    where = Offloaded.get()
    with Out(version, where=where) as out:
        sa = out.new()
        # the second kind grows beyond the MTU
        for first, size in ((1, 1000),
                            (11, 1500 - (48 if version == 6 else 28))):
            train = [sip.request(pad_to=size) for _ in range(9)]
            train.append(sip.request(pad_to=size - 77))
            out.sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, size)
            out.send(b"".join(train))
            equal([out.signed(sa, message) for message in train],
                  list(range(first, first + 10)), "seqs")
        # what is no SIP among them is left alone, malformed SIP dropped
        out.sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 400)
        train = [sip.request(pad_to=400), b"\0" * 400,
                 b"INVITE sip:a SIP/2.0\n" + b"x" * 379,
                 sip.request(pad_to=300)]
        before = where.client.stats()["tx-malformed"]
        out.send(b"".join(train))
        equal(out.signed(sa, train[0]), 21, "seq")
        out.plain(train[1])
        equal(out.signed(sa, train[3]), 22, "seq")
        where.client.wait_stats(tx_malformed=before + 1)


@both("UDP_SEGMENT of the sender: every segment loses its hop fields")
def segments_stripped(version):
    where = Offloaded.get()
    with Out(version, where=where) as out:
        where.client.listen(lab.HOST[version], FROM)
        bare = [sip.request(pad_to=300) for _ in range(4)]
        train = [sip.SA(0x5B000000 + i, bytes(32)).sign(one, 7)
                 for i, one in enumerate(bare)]
        out.sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, len(train[0]))
        out.send(b"".join(train))
        for one in bare:
            out.plain(one)


@both("corked senders")
def corked(version):
    with Out(version) as out:
        sa = out.new()
        message = sip.request("INVITE", b"x" * 2500)
        for cut in (1, 10, 300, 1400, 2000):
            out.sock.connect(out.peer)
            out.sock.send(message[:cut], socket.MSG_MORE)
            out.sock.send(message[cut:cut + 300], socket.MSG_MORE)
            out.sock.send(message[cut + 300:])
            out.signed(sa, message)
        out.sock.setsockopt(socket.SOL_UDP, 1, 1)       # UDP_CORK
        out.sock.send(message[:700])
        out.sock.send(message[700:])
        out.sock.setsockopt(socket.SOL_UDP, 1, 0)
        out.signed(sa, message)


HOP = [b"Integrity: 1001;seq=1;mac=AAAAAAAAAAAAAAAA",
       b"integrity:1002;seq=2;mac=AAAA;scope=hop",
       b"g: 1003;seq=3;mac=AAAAAAAAAAAAAAAAAAAAAA",
       b"INTEGRITY : ffff;mac=AA;seq=fffffffffffffff;x=\"a;b\""]
#: what a filter wrote, or what is no field at all: removed as well
ODD = [b"Integrity: verified;1001", b"g:", b"Integrity: 1,2",
       b"g: 1001;seq=1;\r\n mac=AAAA"]
KEPT = [b"Integrity: 1001;seq=1;mac=AAAA;scope=e2e",
        b"g: moon;scope=moon", b"Integrity-X: 1", b"X-g: 2"]


def with_fields(fields, places):
    """A request with header lines inserted; and without them."""
    bare = sip.request("INVITE", b"Integrity: 1001;seq=1;mac=AAAA\r\n")
    head, body = bare.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    for place, field in sorted(zip(places, fields), reverse=True):
        lines.insert(place, field)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body, bare


@both("hop fields that are there are removed, all others kept")
def removed(version):
    with Out(version) as out:
        sa = out.new()
        for fields in (HOP, ODD, HOP + ODD):
            for places in ([1] * 8, [1, 3, 5, 8] * 2, [8] * 8,
                           [2, 2, 8, 8] * 2, [1, 8] * 4):
                message, bare = with_fields(fields, places)
                out.send(message)
                out.signed(sa, bare)
        for field in HOP + ODD:
            for place in (1, 4, 8):
                message, bare = with_fields([field], [place])
                out.send(message)
                out.signed(sa, bare)
        message, bare = with_fields(KEPT, [1, 4, 5, 8])
        out.send(message)
        out.signed(sa, message)
        both_kinds, _ = with_fields([KEPT[0], HOP[0], KEPT[1], HOP[1]],
                                    [1, 1, 8, 8])
        out.send(both_kinds)
        rest, _ = with_fields([KEPT[0], KEPT[1]], [1, 8])
        got = out.capture().payload
        sa.verify(got)
        equal((got.count(KEPT[0]), got.count(KEPT[1]), got.count(HOP[1])),
              (1, 1, 0), "fields kept and removed")
        equal(len(got) - len(rest), len(b"Integrity: ;seq=;mac=\r\n") + 22
              + 8 + len(b"%x" % sa.verify(got)), "octets added")
        # already signed by this host's other side: signed once
        message = sip.SA.new().sign(sip.request(pad_to=3000), 9)
        out.send(message)
        got = out.capture().payload
        sa.verify(got)
        equal(got.count(b"Integrity"), 1, "fields")


@both("what leaves unsigned from a listener loses its hop fields")
def stripped(version):
    with Out(version) as out:
        message, bare = with_fields(HOP + ODD, [1, 3, 5, 8, 1, 3, 5, 8])
        # no listener, no SA: nothing is touched
        out.send(message)
        out.plain(message)
        listener = out.client.listen(lab.HOST[version], FROM)
        before = out.client.stats()["stripped"]
        out.send(message)
        out.plain(bare)
        for size in (1400, 3000, 16000):
            long = sip.request(pad_to=size)
            out.send(sip.SA.new().sign(long, 7))
            out.plain(long)
        for field in HOP + ODD:
            for place in (1, 4, 8):
                message, bare = with_fields([field], [place])
                out.send(message)
                out.plain(bare)
        equal(out.client.stats()["stripped"] - before,
              4 + 3 * len(HOP + ODD), "stripped")
        message, _ = with_fields(KEPT, [1, 4, 5, 8])
        out.send(message)
        out.plain(message)
        listener.remove()
        # another port of this host is no listener
        listener = out.client.listen(lab.HOST[version], FROM + 1)
        message, _ = with_fields(HOP, [1, 1, 1, 1])
        out.send(message)
        out.plain(message)
        listener.remove()
        # a wildcard listener is one for every address
        listener = out.client.listen("::" if version == 6 else "0.0.0.0", FROM)
        message, bare = with_fields(HOP, [1, 1, 1, 1])
        out.send(message)
        out.plain(bare)
        listener.remove()


@both("the SA is the one of the mark, else the newest of the peer")
def choice(version):
    with Out(version) as out:
        first = out.new(mark=7)
        second = out.new(mark=8)
        third = out.new()
        message = sip.request()

        def mark(value):
            out.sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, value)

        def put(sa, **more):
            out.client.call("sa-set", sa={
                "type": 1, "spi": sa.spi, **sipsec.address(out.peer[0]),
                "port": TO, **more})

        for value, sa in ((7, first), (8, second), (0, third), (9, third),
                          (7, first)):
            mark(value)
            out.send(message)
            out.signed(sa, message)
        put(first, mark=9)
        for value, sa in ((7, third), (9, first), (0, third)):
            mark(value)
            out.send(message)
            out.signed(sa, message)
        newest = out.new()
        mark(0)
        out.send(message)
        out.signed(newest, message)
        out.client.call("sa-del", sa={
            "type": 1, "spi": newest.spi, **sipsec.address(out.peer[0]),
            "port": TO})
        out.send(message)
        out.signed(third, message)
        # two SAs of one UE at once: both go on
        mark(8)
        out.send(message)
        equal(out.signed(second, message), 2, "seq")
        put(first, mark=0)
        mark(9)
        out.send(message)
        out.signed(third, message)
        # the newest of a mark
        fourth, fifth = out.new(mark=5), out.new(mark=5)
        mark(5)
        out.send(message)
        out.signed(fifth, message)
        out.client.call("sa-del", sa={
            "type": 1, "spi": fifth.spi, **sipsec.address(out.peer[0]),
            "port": TO})
        out.send(message)
        out.signed(fourth, message)


@both("peers are told apart by address and port, whatever their SPIs")
def peers(version):
    with Out(version) as out:
        sa = out.new()
        others = []
        for addr, port in ((lab.OTHER[version], TO),
                           (lab.PEER[version], TO + 1)):
            sink = out.where.peer.udp(addr, port)
            other = sip.SA(sa.spi, sip.SA.new().key)
            out.client.add_out(other, addr, port, seq=100)
            others.append((sink, other, (addr, port)))
        message = sip.request()
        out.send(message)
        equal(out.signed(sa, message), 1, "seq")
        for sink, other, where in others:
            out.sock.sendto(message, where)
            equal(other.verify(lab.receive(sink, 1)[0], message), 100, "seq")
        out.where.wire.drain()
        # a peer without SAs
        sink = out.where.peer.udp(lab.OTHER[version], TO + 2)
        out.sock.sendto(message, (lab.OTHER[version], TO + 2))
        equal(lab.receive(sink, 1), [message], "to a peer without SAs")
        sink.close()
        # one is deleted, the others of that SPI stay
        out.client.call("sa-del", sa={
            "type": 1, "spi": sa.spi, **sipsec.address(out.peer[0]),
            "port": TO})
        out.send(message)
        out.plain(message)
        for sink, other, where in others:
            out.sock.sendto(message, where)
            equal(other.verify(lab.receive(sink, 1)[0], message), 101, "seq")
            sink.close()


@both("an expired SA signs no more; the peer's messages are dropped")
def expired(version):
    with Out(version) as out:
        sa = out.new(**{"hard-messages": 2})
        message = sip.request()
        out.send(message, message)
        equal([out.signed(sa, message) for _ in range(2)], [1, 2], "seqs")
        out.dropped(message, "unsigned")
        out.dropped(sip.response(200, "REGISTER"), "unsigned")
        check(out.client.get_out(sa.spi, *out.peer).get("expired"),
              "the SA does not say that it has expired")
        # extended, it goes on
        out.client.call("sa-set", sa={
            "type": 1, "spi": sa.spi, **sipsec.address(out.peer[0]),
            "port": TO, "hard-messages": 10})
        out.send(message)
        equal(out.signed(sa, message), 3, "seq")


@both("what is no SIP is not touched")
def untouched(version):
    with Out(version) as out:
        out.new()
        for payload in (b"", b"\r\n\r\n", b"\0", b"\0" * 64, b"jaK",
                        sip.stun_binding(), b"\x80\x00" + b"rtp" * 50,
                        b"x" * 3000, b"HTTP/1.1 200 OK\r\n\r\n"):
            out.send(payload)
            out.plain(payload)


@both("SIP that cannot be signed is dropped and counted, never sent bare")
def refused(version):
    with Out(version) as out:
        sa = out.new()
        good = sip.request()
        head = good[:-4]
        for payload in (
                good.replace(b"\r\n", b"\n"), head, b"\r\n" + good,
                good[:60] + b"\0" + good[60:], b" " + good,
                good.replace(b"Call-ID", b"CSeq"),
                b"INVITE sip:a SIP/2.0\r\nno colon\r\n\r\n",
                b"INVITE sip:a SIP/3.0\r\n\r\n",
                b"sip/2.0 200 OK\r\nnothing",
                b"INVITE sip:a sip/2.0"):
            out.dropped(payload, "tx-malformed")
        out.dropped(b"\xf8" + b"compressed", "tx-compressed")
        out.send(good)
        out.signed(sa, good)


@both("a message that would be too large for UDP is dropped and counted")
def too_big(version):
    with Out(version) as out:
        sa = out.new()
        # the largest that is signed, and what no listener could take
        field = len(sa.sign(b"x\r\n", 1)) - 3
        fits = sip.request(pad_to=65000 - field)
        out.send(fits)
        out.signed(sa, fits)
        for more in (1, field, field + 1):
            out.dropped(fits + b"x" * more, "tx-too-big")
        lines = sip.request().count(b"\r\n") - 2
        most = [b"X: y"] * (255 - lines)
        fits = sip.request(headers=most)
        out.send(fits)
        out.signed(sa, fits)
        out.dropped(sip.request(headers=most + [b"X: y"]), "tx-too-big")
        fits = sip.request(pad_to=65000)
        out.dropped(fits + b"x" * 507, "tx-too-big")
        out.send(b"x" * 65507)
        out.plain(b"x" * 65507)


@case("a connected TCP or UDP sender elsewhere is not ours")
def elsewhere():
    with Out(4) as out:
        out.new()
        server = LAB.peer.socket(socket.AF_INET, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((lab.PEER[4], TO))
        server.listen()
        client = LAB.host.socket(socket.AF_INET, socket.SOCK_STREAM)
        client.connect((lab.PEER[4], TO))
        taken, _ = server.accept()
        client.sendall(sip.request())
        check(taken.recv(5000).startswith(b"OPTIONS"), "TCP was changed")
        for one in (server, client, taken):
            one.close()


@both("what this host signs, its own kind verifies")
def round_trip(version):
    with LAB.flow(version, preset=sipsec.STRICT, **{"max-size": 65000}) \
            as flow:
        # the peer becomes a signer too
        signer = LAB.peer.make(sipsec.Client)
        for alg in ALGS:
            sa = sip.SA.new(alg)
            flow.client.add_in(sa)
            signer.add_out(sa, flow.local, flow.port, seq=1)
            for size in (600, 1430, 5000, 60000):
                message = sip.request(pad_to=size)
                flow.send(message)
                flow.listener.expect(verified=1)
                sa.verify(flow.receive()[0], message)
            signer.flush()
        flow.client.flush()
        signer.close()


@case("a raw socket's datagrams are signed as well")
def raw():
    with Out(4) as out:
        sa = out.new()
        sock = LAB.host.socket(socket.AF_INET, socket.SOCK_RAW,
                               socket.IPPROTO_UDP)
        message = sip.request()
        sock.sendto(struct.pack("!HHHH", FROM, TO, 8 + len(message), 0)
                    + message, (lab.PEER[4], 0))
        got = out.capture()
        sa.verify(got.payload, message)
        sock.close()


@both("what a raw socket sends in fragments is signed where the kernel puts it together, "
      "else dropped")
def raw_fragments(version):
    with Out(version) as out:
        sa = out.new()
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        # with an IP header of its own
        sock = LAB.host.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)

        def cut(payload):
            addrs = lab.HOST[version], lab.PEER[version]
            return packet.fragments(*addrs, packet.udp(*addrs, FROM, TO, payload))

        def put(payload):
            for one in cut(payload):
                try:
                    sock.sendto(one, (lab.PEER[version], 0))
                except PermissionError:
                    pass

        before = out.client.stats()["tx-too-big"]
        message = sip.request(pad_to=3000)
        put(message)
        # IPv6 is put together, for what comes in
        if version == 6:
            out.signed(sa, message)
        else:
            out.client.wait_stats(**{"tx-too-big": before + 1})
        out.send(b"\r\n")
        out.plain(b"\r\n")
        sock.close()


if __name__ == "__main__":
    tap.run()
