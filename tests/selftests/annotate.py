#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Clause 12, annotate: the verdict in the message, and that it stays here.

The topology is that of lib/lab.py.  What the host delivers is seen by a UDP
socket, and, with its UDP header, by a raw socket behind the same hook.
"""

import errno
import functools
import re
import select
import socket
import struct

from lib import lab, packet, sip, sipsec, tap
from lib.sipsec import ACCEPT, ANSWER, DROP, OPEN
from lib.tap import both, case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
WORD = "Trusted-1"
UDP_SEGMENT, SO_NO_CHECK = 103, 11
ALGS = [sip.SHA1, sip.GMAC, sip.SHA256, sip.AES_CMAC]


def annotated(message, spi, word=WORD):
    """What a verified message is to become."""
    field = re.search(rb"\r\n(?:Integrity|g)[ \t]*:[ \t]*([0-9a-f]+ ?;[^\r]*)\r\n",
                      message, re.I)
    text = b"%s;%x" % (word.encode(), spi)
    return (message[:field.start(1)] + text.ljust(len(field[1]))
            + message[field.end(1):])


def wiped(message):
    """The same in monitor mode, not verified."""
    field = re.search(rb"\r\nIntegrity: ([^\r]*)\r\n", message)
    return (message[:field.start(1)] + b" " * len(field[1])
            + message[field.end(1):])


def raw_socket(version):
    """A raw socket in the host, for UDP."""
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    raw = LAB.host.socket(family, socket.SOCK_RAW, socket.IPPROTO_UDP)
    raw.bind((lab.HOST[version], 0))
    return raw


def checksum_of(version, raw, payload):
    """The checksum of the datagram with that payload, which must be right."""
    while True:
        data = lab.receive(raw, 1)[0]
        if version == 4:
            data = data[(data[0] & 15) * 4:]
        if data[8:] == payload:
            break
    check_field = int.from_bytes(data[6:8], "big")
    if check_field:
        head = packet.pseudo_header(lab.PEER[version], lab.HOST[version],
                                    len(data))
        equal(packet.checksum(head + data), 0, "sum over the datagram")
    return check_field


@both("in place, with its checksum, wherever the field stands")
def in_place(version):
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        raw = raw_socket(version)
        seq = 0
        for alg in ALGS:
            sa = flow.new_in(alg)
            for line in (b"Integrity: %(spi)x;seq=%(seq)x;mac=%(mac)s",
                         b"g:%(spi)x;seq=%(seq)x;mac=%(mac)s",
                         b"Integrity:\t %(spi)08X ; mac=%(mac)s;seq=%(seq)x \t",
                         b"INTEGRITY : %(spi)x;seq=%(seq)x;mac=%(mac)s;x=\"y\""):
                for at, more in ((0, b""), (0, b"x"), (3, b""), (7, b"xyz")):
                    seq += 1
                    message = sa.sign(
                        sip.request(headers=[b"X: " + more]), seq,
                        line.replace(b"08X", b"08x"), at)
                    want = annotated(message, sa.spi)
                    equal(len(want), len(message), "length")
                    flow.send(message)
                    flow.exactly(want, verified=1)
                    checksum_of(version, raw, want)
        raw.close()
        CLIENT.flush()


@both("a datagram without a checksum, and one whose new checksum is zero")
def checksums(version):
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        raw = raw_socket(version)
        sa = flow.new_in(window=0)
        if version == 4:
            flow.sender.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
            message = sa.sign(sip.request(), 1)
            flow.send(message)
            flow.exactly(annotated(message, sa.spi), verified=1)
            equal(checksum_of(4, raw, annotated(message, sa.spi)), 0,
                  "checksum field")
            flow.sender.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 0)
        # The last two octets, which are not annotated, make the sum of what
        # is delivered zero, and that stands for none.
        ends = (lab.PEER[version], lab.HOST[version], flow.sport, flow.port)
        for pad in (b"", b"x"):
            message = sip.request(headers=[b"X:" + pad], body=b"\0\0")
            signed = sa.sign(message, 1)
            if len(signed) % 2 == 0:
                break
        datagram = packet.udp(*ends, annotated(signed, sa.spi))
        signed = sa.sign(message[:-2] + datagram[6:8], 1)
        want = annotated(signed, sa.spi)
        equal(packet.udp(*ends, want)[6:8], b"\xff\xff", "checksum wanted")
        flow.send(signed)
        flow.exactly(want, verified=1)
        got = checksum_of(version, raw, want)
        equal(got, 0xFFFF, "the checksum")
        raw.close()
        CLIENT.flush()


@both("a clone keeps what arrived; fragments and segments")
def shapes(version):
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        watcher = packet.Wire(LAB.host, left=False)
        message = sa.sign(sip.request(), 1)
        flow.send(message)
        flow.exactly(annotated(message, sa.spi), verified=1)
        equal(watcher.datagram(flow.port).payload, message,
              "what a packet socket saw")
        # in fragments: the field in the first, across two, in the last
        raw = raw_socket(version)
        for seq, size in enumerate((1380, 1440, 1450, 2900, 5000), 100):
            big = sip.request(headers=[b"X: " + b"x" * size], pad_to=7000)
            message = sa.sign(big, seq, at=7)
            for one in packet.fragments(
                    lab.PEER[version], lab.HOST[version], packet.udp(
                        lab.PEER[version], lab.HOST[version], flow.sport,
                        flow.port, message), 1440):
                flow.wire(one)
            want = annotated(message, sa.spi)
            flow.exactly(want, verified=1)
            checksum_of(version, raw, want)
        raw.close()
        watcher.close()
        CLIENT.flush()


@case("checksums left to the device by the sender, on loopback")
def loopback():
    with LAB.flow(4, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        local = LAB.host.udp("127.0.0.1", 0)
        for seq in range(1, 5):
            message = sa.sign(sip.request(headers=[b"X: " + b"x" * seq]), seq)
            local.sendto(message, (flow.local, flow.port))
            flow.exactly(annotated(message, sa.spi), verified=1)
        local.close()
        CLIENT.flush()


@functools.lru_cache
def offload_lab():
    """A second lab, whose devices keep the offloads UDP_SEGMENT needs."""
    return lab.Lab(checksums=False)


def send_train(sock, train, to):
    """Datagrams of one length, by one system call and in one skb."""
    equal(len({len(one) for one in train}), 1, "lengths")
    sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, len(train[0]))
    sock.sendto(b"".join(train), to)
    sock.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 0)


@both("many datagrams in one skb, checksums left to the device")
def segments(version):
    where = offload_lab()
    with where.flow(version, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        big = sa.sign(sip.request(pad_to=3000), 1)
        flow.send(big)
        flow.exactly(annotated(big, sa.spi), verified=1)
        train = [sa.sign(sip.request(pad_to=500), 0x100 + i)
                 for i in range(8)]
        send_train(flow.sender, train, (flow.local, flow.port))
        inside = [annotated(one, sa.spi) for one in train]
        flow.exactly(*inside, verified=8)
        # and out again, by the listener's socket and by another
        sink = where.peer.udp(lab.PEER[version], 5090)
        elsewhere = where.host.udp(lab.HOST[version], 0)
        for sock in (flow.server, elsewhere):
            send_train(sock, inside, (lab.PEER[version], 5090))
            for one in lab.receive(sink, 8):
                check(WORD.encode() not in one, f"the word left: {one}")
                equal(len(one), 500, "octets")
        sink.close()
        elsewhere.close()
        where.client.flush()


@case("the word: at random, as set, read by the administrator")
def words():
    with LAB.flow(4, annotate=1) as one, \
            LAB.flow(6, annotate=1) as other:
        first = one.listener.get()["word"]
        second = other.listener.get()["word"]
        check(re.fullmatch("[a-z2-7]{16}", first), f"word {first}")
        check(re.search("[g-z]", first), f"hexadecimal: {first}")
        check(first != second, "two listeners have one word")
        sa = one.new_in()
        message = sa.sign(sip.request(), 1)
        one.send(message)
        one.exactly(annotated(message, sa.spi, first), verified=1)
        one.listener.set(word="x1234567")
        message = sa.sign(sip.request(), 2)
        one.send(message)
        one.exactly(annotated(message, sa.spi, "x1234567"), verified=1)
        # off and on again it is the same
        one.listener.set(annotate=0)
        message = sa.sign(sip.request(), 3)
        one.send(message)
        one.exactly(message, verified=1)
        equal(one.listener.get()["word"], "x1234567", "word")
        one.listener.set(annotate=1)
        message = sa.sign(sip.request(), 4)
        one.send(message)
        one.exactly(annotated(message, sa.spi, "x1234567"), verified=1)
    with LAB.flow(4) as flow:
        check("word" not in flow.listener.get(), "a word that nobody wants")
    CLIENT.flush()


def refused(text, call, *args, **more):
    """The kernel refuses, with this in its reason."""
    try:
        call(*args, **more)
    except OSError as error:
        # what the policy refuses has no words, but the attribute's place
        check(text in (error.msg or "") or error.offset is not None,
              f"{error.msg}, want {text}")
        return
    raise tap.Failed(f"not refused: {more}")


@case("words that are none, and actions that annotation does not go with")
def refusals():
    with LAB.flow(4) as flow:
        for word in ("", "short7!", "x" * 17, "12345678", "deadBEEF",
                     "with space", "semi;colon", "\u00fcmlaut-longer"):
            refused("word", flow.listener.set, word=word)
        for name in ("malformed", "compressed"):
            for action in (ACCEPT, ANSWER):
                flow.listener.set(actions={name: action})
                refused("annotate", flow.listener.set, annotate=1)
                flow.listener.set(actions={name: DROP})
        flow.listener.set(annotate=1)
        refused("annotate", flow.listener.set, actions={"malformed": ANSWER})
        refused("annotate", flow.listener.set, preset=OPEN,
                actions={"compressed": ACCEPT})
        equal(flow.listener.get()["preset"], 0, "preset after a refusal")


@both("who knows the word cannot write it")
def forged(version):
    with LAB.flow(version, annotate=1, word=WORD, preset=OPEN) as flow:
        sa = flow.new_in(window=0)
        word = WORD.encode()
        for field in (b"Integrity: %s;1000;scope=moon", b"g:%s;scope=moon",
                      b"Integrity:%s ; scope=moon", b"INTEGRITY: %s;scope=m"):
            fake = sip.request(headers=[field % word])
            flow.one(fake, "malformed")
            flow.one(sip.request(headers=[field % word.upper()]), "malformed")
            flow.one(sa.sign(fake, 1), "malformed")
        flow.one(sip.request(headers=[b"Integrity: " + word]), "malformed")
        # another word of an unknown scope does no harm
        for other in (word + b"2", word[:-1], b"x" + word):
            good = sip.request(headers=[b"Integrity: %s;scope=moon" % other])
            flow.send(good)
            flow.exactly(good, unprotected=1)
        CLIENT.flush()


@both("what is only answered is not annotated; monitor mode wipes it")
def unverified(version):
    with LAB.flow(version, annotate=1, word=WORD, rate=1000,
                  actions={"unknown-spi": ANSWER}) as flow:
        sa = flow.new_in()
        good = sa.sign(sip.request(), 1)
        unknown = sip.SA.new().sign(sip.request(), 1)
        bad = sip.SA(sa.spi, bytes(32)).sign(sip.request(), 2)
        flow.send(unknown)
        flow.exactly(unknown, unknown_spi=1)
        flow.one(bad, "bad-mac")
        flow.listener.set(monitor=1, actions={"unknown-spi": DROP})
        flow.send(good)
        flow.exactly(annotated(good, sa.spi), verified=1)
        flow.send(good)
        flow.exactly(wiped(good), replay=1, would_drop=1)
        flow.send(bad)
        flow.exactly(wiped(bad), bad_mac=1, would_drop=1)
        flow.send(unknown)
        flow.exactly(wiped(unknown), unknown_spi=1, would_drop=1)
        plain = sip.request()
        flow.send(plain)
        flow.exactly(plain, unprotected=1, would_drop=1)
        flow.send(b"malformed", b"\xf8compressed")
        flow.exactly(malformed=1, compressed=1)
        CLIENT.flush()


@both("the word leaves the host by no socket")
def stays(version):
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(pad_to=3000), 1)
        flow.send(message)
        flow.exactly(annotated(message, sa.spi), verified=1)
        inside = annotated(message, sa.spi)
        start = message.index(b"\r\nIntegrity") + 2
        bare = message[:start] + message[message.index(b"\r\n", start) + 2:]
        sink = LAB.peer.udp(lab.PEER[version], 5090)
        elsewhere = LAB.host.udp(lab.HOST[version], 0)
        for sock in (flow.server, elsewhere):
            sock.sendto(inside, (lab.PEER[version], 5090))
            lab.same(lab.receive(sink, 1)[0], bare, "what left")
            # wiped by monitor mode
            sock.sendto(wiped(message), (lab.PEER[version], 5090))
            lab.same(lab.receive(sink, 1)[0], bare, "what left")
        # not SIP, or not ours to judge
        for other in (b"RTP", b"\x80\0" + bytes(40), b"OPTIONS a SIP/2.0\n\n"):
            elsewhere.sendto(other, (lab.PEER[version], 5090))
            equal(lab.receive(sink, 1), [other], "what left")
        # what a proxy has made too long to be read
        field = re.search(rb"Integrity:.*\r\n", annotated(message, sa.spi))[0]
        for long in (b"\r\n".join([b"OPTIONS sip:a@b SIP/2.0", field + b"\r\n".join(
                     [b"Via: SIP/2.0/UDP a"] * 257), b"", b""]),
                     inside + b"x" * (65400 - len(inside))):
            before = CLIENT.stats()["tx-too-big"]
            try:
                elsewhere.sendto(long, (lab.PEER[version], 5090))
            except PermissionError:
                pass
            equal(CLIENT.stats()["tx-too-big"], before + 1, "too long")
        # to a program of this host it may go
        local = LAB.host.udp("::1" if version == 6 else "127.0.0.1", 0)
        sender = LAB.host.udp(local.getsockname()[0], 0)
        sender.sendto(inside, local.getsockname()[:2])
        equal(lab.receive(local, 1), [inside], "within the host")
        # nobody annotates: nothing is looked at
        flow.listener.set(annotate=0)
        elsewhere.sendto(inside, (lab.PEER[version], 5090))
        lab.same(lab.receive(sink, 1)[0], inside, "what left")
        for sock in (sink, elsewhere, local, sender):
            sock.close()
        CLIENT.flush()


def redirect(version):
    """What goes to the host's own address, port 5099, goes to the peer, port 5090."""
    family = "ip6" if version == 6 else "ip"
    to = f"[{lab.PEER[6]}]" if version == 6 else lab.PEER[4]
    try:
        LAB.host.run("nft", "-f", "-", input=f"""
            add table {family} turned
            add chain {family} turned out {{ type nat hook output priority -100 ; }}
            add rule {family} turned out udp dport 5099 dnat to {to}:5090
            """)
    except RuntimeError as error:
        raise tap.Skip("no NAT") from error
    return family


@both("the word leaves the host by no redirection of what was its own")
def redirected(version):
    family = redirect(version)
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(), 1)
        start = message.index(b"\r\nIntegrity") + 2
        sink = LAB.peer.udp(lab.PEER[version], 5090)
        elsewhere = LAB.host.udp(lab.HOST[version], 0)
        elsewhere.sendto(annotated(message, sa.spi), (lab.HOST[version], 5099))
        lab.same(lab.receive(sink, 1)[0],
                 message[:start] + message[message.index(b"\r\n", start) + 2:], "what left")
        for sock in (sink, elsewhere):
            sock.close()
        CLIENT.flush()
    LAB.host.run("nft", "delete", "table", family, "turned")


@both("the word leaves the host in no ICMP error")
def quoted(version):
    with LAB.flow(version, annotate=1, word=WORD) as flow:
        sa = flow.new_in()
        flow.server.close()
        raw = LAB.peer.socket(*((socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
                                if version == 6 else
                                (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)))
        raw.setblocking(False)
        flow.sender.connect((flow.local, flow.port))
        for turn, want in enumerate((True, False), 1):
            flow.listener.set(annotate=want)
            flow.sender.send(sa.sign(sip.request(), turn))
            flow.listener.expect(verified=1)
            # the kernel takes it for whole, and an answer
            select.select([flow.sender], [], [], tap.DEADLINE)
            equal(flow.sender.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
                  errno.ECONNREFUSED, "what the sender is told")
            while True:
                error = lab.receive(raw, 1)[0][0 if version == 6 else 20:]
                if error[0] == (1 if version == 6 else 3):
                    break
            quoted_udp = 8 + (40 if version == 6 else 20)
            equal(error[quoted_udp:][:4], struct.pack("!HH", flow.sport, flow.port),
                  "ports quoted")
            equal(len(error) == quoted_udp + 8, want, f"cut: {error}")
            check(WORD.encode() not in error, f"the word was quoted: {error}")
        raw.close()
        CLIENT.flush()


if __name__ == "__main__":
    tap.run()
