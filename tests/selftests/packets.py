#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What IP and UDP can do to a message before it is verified: fragments,
extension headers, wrong lengths and checksums, skbs of several pieces, and
skbs of several datagrams.

The topology is that of lib/lab.py.
"""

import fcntl
import os
import random
import socket
import struct
import subprocess
import tempfile

from lib import lab, netns, packet, sip, sipsec, tap
from lib.sipsec import STRICT
from lib.tap import both, case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
UDP_SEGMENT, UDP_GRO = 103, 104


def udp_of(flow, payload, **more):
    """A UDP datagram from the peer's socket to the listener."""
    return packet.udp(flow.remote, flow.local, flow.sport, flow.port, payload,
                      **more)


def pieces(flow, payload, size=1200, **more):
    """The fragments of such a datagram."""
    return packet.fragments(flow.remote, flow.local,
                            udp_of(flow, payload, **more), size)


@both("fragments in any order")
def fragmented(version):
    source = random.Random(version)
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        for seq, (length, size) in enumerate(
                [(1000, 512), (3000, 1200), (3000, 8), (9000, 1440),
                 (16384, 1448), (16384, 256), (1200, 1208)], 1):
            message = sa.sign(sip.request(pad_to=length - 80), seq)
            parts = pieces(flow, message, max(size, 16))
            if len(parts) > 60:
                parts = pieces(flow, message, 512)
            order = seq % 3
            if order == 1:
                parts.reverse()
            elif order == 2:
                source.shuffle(parts)
            flow.wire(*parts)
            flow.exactly(message, verified=1)
        # one octet of the last fragment is another
        message = sa.sign(sip.request(pad_to=3000), 100)
        forged = message[:-1] + b"y"
        flow.wire(*pieces(flow, forged))
        flow.exactly(bad_mac=1)
        # a fragment is missing: nothing at all
        flow.wire(*pieces(flow, message)[:-1])
        flow.exactly()
        # the checksum is that of the whole
        flow.wire(*pieces(flow, message, check=0x1234))
        flow.exactly(malformed=1)
        # two datagrams with their fragments mixed
        second = sa.sign(sip.request(pad_to=3000), 101)
        for pair in zip(pieces(flow, message), pieces(flow, second)):
            flow.wire(*pair)
        flow.exactly(message, second, verified=2)
        # unprotected ones are reassembled before they are judged too
        flow.wire(*pieces(flow, sip.request("INVITE", pad_to=4000)))
        flow.exactly(unprotected=1)
        CLIENT.flush()


@case("IPv6 atomic fragment")
def atomic():
    with LAB.flow(6, preset=STRICT) as flow:
        sa = flow.new_in()
        for seq in (1, 2):
            message = sa.sign(sip.request(), seq)
            flow.wire(packet.ipv6(
                flow.remote, flow.local, packet.fragment_header(
                    packet.UDP, 77, 0, 0) + udp_of(flow, message),
                packet.FRAGMENT))
            flow.exactly(message, verified=1)
        flow.wire(packet.ipv6(
            flow.remote, flow.local, packet.fragment_header(
                packet.UDP, 78, 0, 0) + udp_of(flow, sip.request()),
            packet.FRAGMENT))
        flow.exactly(unprotected=1)
        CLIENT.flush()


@case("IPv6 extension headers")
def extension():
    with LAB.flow(6, preset=STRICT) as flow:
        sa = flow.new_in()
        chains = [
            [packet.HOPOPTS], [packet.DSTOPTS],
            [packet.HOPOPTS, packet.DSTOPTS],
            [packet.DSTOPTS, packet.DSTOPTS],
        ]
        for seq, chain in enumerate(chains, 1):
            for octets in (8, 64):
                for good in (True, False):
                    message = sa.sign(sip.request(), seq * 256 + octets)
                    if not good:
                        message = sip.request()
                    payload, proto = udp_of(flow, message), packet.UDP
                    for kind in reversed(chain):
                        payload = packet.options_header(proto, octets) \
                            + payload
                        proto = kind
                    flow.wire(packet.ipv6(flow.remote, flow.local, payload,
                                          proto))
                    if good:
                        flow.exactly(message, verified=1)
                    else:
                        flow.exactly(unprotected=1)
        # options inside a fragmented packet
        message = sa.sign(sip.request(pad_to=3000), 5000)
        payload = packet.options_header(packet.UDP) + udp_of(flow, message)
        flow.wire(*packet.fragments(flow.remote, flow.local, payload,
                                    proto=packet.DSTOPTS))
        flow.exactly(message, verified=1)
        CLIENT.flush()


@case("IPv6 extension headers before the fragment header")
def before_fragments():
    def behind(chain, fragment):
        """Its chain of headers goes between IPv6's and the fragment header."""
        body, proto = fragment[40:], packet.FRAGMENT
        for kind in reversed(chain):
            body = (struct.pack("!BBBB4x", proto, 0, 0, 0)
                    if kind == packet.ROUTING
                    else packet.options_header(proto)) + body
            proto = kind
        return packet.ipv6(flow.remote, flow.local, body, proto)

    def atomic(datagram):
        return packet.ipv6(flow.remote, flow.local, packet.fragment_header(
            packet.UDP, 77, 0, 0) + datagram, packet.FRAGMENT)

    with LAB.flow(6, preset=STRICT) as flow:
        sa = flow.new_in()
        for seq, chain in enumerate((
                [packet.HOPOPTS], [packet.DSTOPTS], [packet.ROUTING],
                [packet.HOPOPTS, packet.DSTOPTS],
                [packet.DSTOPTS, packet.ROUTING]), 1):
            message = sa.sign(sip.request(), 2 * seq)
            flow.wire(behind(chain, atomic(udp_of(flow, message))))
            flow.exactly(message, verified=1)
            message = sa.sign(sip.request(pad_to=3000), 2 * seq + 1)
            flow.wire(*(behind(chain, one) for one in pieces(flow, message)))
            flow.exactly(message, verified=1)
        # UDP's header taken for options: 200 octets of them, one that is to be
        # skipped, and behind them UDP, which nobody has looked at
        inner = packet.udp(flow.remote, flow.local, 4444, flow.port,
                           sip.request())
        for port, counts in ((0x1EC4, {}), (flow.port, {"malformed": 1})):
            flow.wire(behind([packet.DSTOPTS], atomic(packet.udp(
                flow.remote, flow.local, 0x1118, port,
                b"x" * 192 + inner))))
            flow.exactly(**counts)
        CLIENT.flush()


@case("IPv6 fragments that hide the UDP header, or overlap, get nowhere")
def hidden():
    with LAB.flow(6, preset=STRICT) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(pad_to=1500), 1)
        datagram = udp_of(flow, message)
        # the first fragment ends within the extension headers
        payload = packet.options_header(packet.UDP, 64) + datagram
        flow.wire(*packet.fragments(flow.remote, flow.local, payload, 48,
                                    proto=packet.DSTOPTS))
        flow.exactly()
        # fragments that overlap (RFC 5722)
        parts = packet.fragments(flow.remote, flow.local, datagram, 512)
        overlap = packet.fragment_header(packet.UDP, 4242, 504, 1) \
            + datagram[504:1024]
        parts = [part[:44] + struct.pack("!I", 4242) + part[48:]
                 for part in parts]
        flow.wire(parts[0], packet.ipv6(flow.remote, flow.local, overlap,
                                        packet.FRAGMENT), *parts[2:])
        flow.exactly()
        flow.one(message, "verified")
        CLIENT.flush()


@case("IPv4 options")
def options():
    with LAB.flow(4, preset=STRICT) as flow:
        sa = flow.new_in()
        for seq, some in enumerate((b"\1\1\1\0", b"\x94\4\0\0", b"\1" * 40),
                                   1):
            message = sa.sign(sip.request(), seq)
            flow.wire(packet.ipv4(flow.remote, flow.local,
                                  udp_of(flow, message), options=some))
            flow.exactly(message, verified=1)
            flow.wire(packet.ipv4(flow.remote, flow.local,
                                  udp_of(flow, sip.request()), options=some))
            flow.exactly(unprotected=1)
        CLIENT.flush()


@both("UDP length")
def length(version):
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(body=b"x" * 100), 1)
        right = len(message) + 8
        # longer than the packet, shorter than the header
        for wrong in (right + 1, right + 8, 65535, 7, 1, 0):
            flow.wire(flow.packet(message, length=wrong))
            flow.exactly(malformed=1)
        # shorter: the message ends there
        flow.wire(flow.packet(message, length=right - 1))
        flow.listener.which()
        check("verified" not in flow.listener.want, "cut short and verified")
        flow.exactly()
        # octets behind the UDP datagram belong to no message
        flow.wire(flow.packet(message + b"trailing", length=right))
        flow.exactly(message, verified=1)
        short = sa.sign(sip.request(), 2)
        flow.wire(*packet.fragments(
            flow.remote, flow.local, udp_of(
                flow, short + b"y" * 3000, length=len(short) + 8)))
        flow.exactly(short, verified=1)
        # a signature that is only right with them
        long = sa.sign(sip.request(body=b"x" * 100) + b"tail", 3)
        flow.wire(flow.packet(long, length=len(long) + 4))
        flow.exactly(bad_mac=1)
        # not even a UDP header: no class, and not delivered
        for stub in (b"", b"\x13\xc4", b"\x13\xc4\x13\xc4\0\7",
                     b"\x13\xc4\x13\xc4\0\7\0"):
            flow.wire(packet.packet(flow.remote, flow.local, stub))
        flow.send(b"\r\n")
        sipsec.wait_for(lambda: flow.listener.counters().get("keepalive", 0)
                        > flow.listener.want.get("keepalive", 0),
                        "the keepalive")
        flow.listener.want = flow.listener.counters()
        check(flow.listener.want["verified"] == 2, "verified a stub")
        equal(flow.receive(), [b"\r\n"], "delivered after the stubs")
        CLIENT.flush()


@both("UDP checksum")
def checksum(version):
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(), 1)
        right = struct.unpack_from("!H", udp_of(flow, message), 6)[0]
        for wrong in (right ^ 1, right ^ 0x8000, ~right & 0xFFFF):
            flow.wire(flow.packet(message, check=wrong))
            flow.exactly(malformed=1)
        # nothing is believed before: no SA has counted it
        equal(sipsec.counted(CLIENT.get_in(sa.spi)["counters"]), {},
              "counters of the SA")
        flow.wire(flow.packet(message, check=0))
        if version == 4:
            flow.exactly(message, verified=1)
        else:
            flow.exactly(malformed=1)
        flow.wire(flow.packet(sip.request(), check=0))
        flow.exactly(**{"unprotected" if version == 4 else "malformed": 1})
        # fragments without a checksum
        long = sa.sign(sip.request(pad_to=4000), 2)
        flow.wire(*pieces(flow, long, check=0))
        if version == 4:
            flow.exactly(long, verified=1)
        else:
            flow.exactly(malformed=1)
        # a checksum that comes out as zero is sent as 0xffff: with port 0 it
        # would be what the port has to be
        message = sa.sign(sip.request(), 3)
        sport = struct.unpack_from("!H", packet.udp(
            flow.remote, flow.local, 0, flow.port, message), 6)[0]
        datagram = packet.udp(flow.remote, flow.local, sport, flow.port,
                              message)
        equal(datagram[6:8], b"\xff\xff", "checksum")
        flow.wire(packet.packet(flow.remote, flow.local, datagram))
        flow.exactly(message, verified=1)
        CLIENT.flush()


@case("Ethernet padding")
def padding():
    with LAB.flow(4, preset=STRICT) as flow:
        for count in (1, 18, 100):
            flow.wire(flow.packet(b"\r\n\r\n") + b"p" * count)
            flow.exactly(b"\r\n\r\n", keepalive=1)


@both("messages in several pieces of memory")
def nonlinear(version):
    with LAB.flow(version, preset=STRICT, **{"max-size": 65000}) as flow:
        sa = flow.new_in()
        # as the sender's stack fragments and the receiver's reassembles
        for seq, size in enumerate((1500, 4097, 16384, 33000, 64900), 1):
            message = sa.sign(sip.request(pad_to=size - 80), seq)
            flow.send(message)
            flow.exactly(message, verified=1)
        CLIENT.flush()


@both("pages of a file, which is written to once the message has verified")
def written_to(version):
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        flow.sender.connect((flow.local, flow.port))
        # whole; and behind octets of its own, in fragments, the first of which may
        # have no page, and become one with the next when they are put together
        for seq, (size, own) in enumerate(((1300, 0), (4000, 1000), (4000, 1448),
                                           (4000, 1472), (4000, 2500)), 1):
            message = sa.sign(sip.request(pad_to=size), seq)
            with tempfile.TemporaryFile() as file:
                file.write(message)
                file.flush()
                if own:
                    flow.sender.send(message[:own], socket.MSG_MORE)
                os.sendfile(flow.sender.fileno(), file.fileno(), own, len(message) - own)
                flow.listener.expect(verified=1)
                os.pwrite(file.fileno(), b"y" * len(message), 0)
                lab.same(flow.receive()[0], message, f"{size} octets, {own} its own")
        CLIENT.flush()


class Offloaded:
    """A second lab, whose devices keep all offloads."""

    lab = None

    @classmethod
    def get(cls):
        """Made when first needed."""
        if cls.lab is None:
            cls.lab = lab.Lab(checksums=False)
        return cls.lab


def make_train(sa, size, count, seq, spoil=()):
    """count messages of size octets (the last one shorter)."""
    train = []
    for i in range(count):
        length = size if i + 1 < count else size - 100
        message = sa.sign(sip.request(pad_to=length - 200), seq + i)
        message = sa.sign(sip.request(
            pad_to=length - (len(message) - (length - 200))), seq + i)
        equal(len(message), length, "size of a message")
        if i in spoil:
            message = message[:-1] + b"y"
        train.append(message)
    return train


@both("UDP_SEGMENT of the sender: each segment has a class of its own")
def segmented(version):
    where = Offloaded.get()
    tap_sock = packet.Wire(where.host, left=False)
    with where.flow(version, preset=STRICT, rate=1000) as flow:
        sa = flow.new_in()
        flow.sender.connect((flow.local, flow.port))

        def send(train, size):
            flow.sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, size)
            flow.sender.send(b"".join(train))
            flow.sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 0)

        seq = 1
        for size, count in ((600, 2), (700, 30), (1400, 8)):
            train = make_train(sa, size, count, 0x1000 * seq)
            tap_sock.drain()
            send(train, size)
            flow.exactly(*train, verified=count)
            merged = max(len(one) for one in tap_sock.frames(0))
            check(merged > size + 300, f"not merged: {merged} octets")
            spoil = set(range(0, count, 2))
            train = make_train(sa, size, count, 0x1000 * seq + 0x800, spoil)
            send(train, size)
            flow.exactly(*(m for i, m in enumerate(train) if i not in spoil),
                         verified=count - len(spoil), bad_mac=len(spoil))
            seq += 1
        # good, forged, unsigned, malformed and replayed ones in one skb
        train = make_train(sa, 900, 6, 0x9000, {1})
        train[2] = sip.request(pad_to=900)
        train[3] = b"m" * 900
        train[4] = train[0]
        send(train, 900)
        flow.exactly(train[0], train[5], verified=2, bad_mac=1, unprotected=1,
                     malformed=1, replay=1)
        # a message that is signed as a whole but arrives in segments is none
        whole = sa.sign(sip.request(pad_to=2900), 0xA000)
        send([whole], 1000)
        flow.exactly(malformed=3)
        # without Content-Length: the first segment is well-formed by itself
        head = b"OPTIONS sip:a SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n"
        whole = sa.sign(head + b"x" * (1900 - len(head)), 0xA001)
        send([whole], 1000)
        flow.exactly(bad_mac=1, malformed=1)
        where.client.flush()
    tap_sock.close()


def behind_options(flow, sa, tap_sock, how):
    """A train behind a header that IPv6 has still to walk."""
    # were UDP's header taken for options, these ports would tell of 200 octets, an
    # option to be skipped, and UDP behind them
    sender = flow.lab.peer.udp(flow.remote, 0x1118)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS,
                      packet.options_header(0))
    train = make_train(sa, 800, 12, 0x100)
    tap_sock.drain()
    for one in train:
        sender.sendto(one, (flow.local, flow.port))
    flow.listener.expect(verified=12)
    got = b""
    while len(got) < len(b"".join(train)):
        got += flow.receive()[0]
    lab.same(got, b"".join(train), f"delivered behind options, {how}")
    check(max(len(one) for one in tap_sock.frames(0)) > 1500,
          f"{how}: nothing was merged behind options")
    sender.close()


@both("GRO: what the receiver merges is verified one by one")
def merged_by_gro(version):
    where = Offloaded.get()
    netns.features(where.host, "eth0", rx_gro=True)
    # without this veth keeps its own peer's packets from GRO
    tso = dict.fromkeys(("tx_tcp_segmentation", "tx_tcp_ecn_segmentation",
                         "tx_tcp_mangleid_segmentation",
                         "tx_tcp6_segmentation"), False)
    netns.features(where.peer, "eth0", **tso)
    # hold packets for a while, so that those that follow are merged
    where.host.run("unshare", "-m", "sh", "-c",
                   "mount -t sysfs none /sys && "
                   "echo 300000000 > /sys/class/net/eth0/gro_flush_timeout")
    tap_sock = packet.Wire(where.host, left=False)
    try:
        for how in ("socket", "rx_udp_gro_forwarding", "rx_gro_list"):
            if how != "socket":
                netns.features(where.host, "eth0", **{how: True})
            with where.flow(version, preset=STRICT) as flow:
                if how == "socket":
                    flow.server.setsockopt(socket.SOL_UDP, UDP_GRO, 1)
                sa = flow.new_in()
                train = make_train(sa, 800, 12, 1, {3, 7})
                tap_sock.drain()
                flow.send(*train)
                flow.listener.expect(verified=10, bad_mac=2)
                good = [m for i, m in enumerate(train) if i not in (3, 7)]
                got = b""
                while len(got) < len(b"".join(good)):
                    got += flow.receive()[0]
                lab.same(got, b"".join(good), f"delivered, {how}")
                longest = max(len(one) for one in tap_sock.frames(0))
                tap.diag(f"{how}: up to {longest} octets in one skb")
                check(longest > 1500, f"{how}: nothing was merged")
                if version == 6:
                    behind_options(flow, sa, tap_sock, how)
                where.client.flush()
            if how != "socket":
                netns.features(where.host, "eth0", **{how: False})
    finally:
        netns.features(where.host, "eth0", rx_gro=False)
        tap_sock.close()


def guest(host, addr):
    """A tun device of the host's, as a virtual machine has it, or None."""
    subprocess.run(["modprobe", "tun"], check=False, capture_output=True)
    with host.inside():
        try:
            fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
            # TUNSETIFF: IFF_TUN, IFF_NO_PI, IFF_VNET_HDR
            fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH14x", b"tun7", 0x5001))
        except OSError:
            return None
    host.ip(f"addr add {addr} dev tun7" + (" nodad" if ":" in addr else ""),
            "link set tun7 up")
    return fd


@both("a large datagram that a guest leaves to its host to make fragments of")
def ufo(version):
    here, there, width = ("198.18.0.1", "198.18.0.2", 24) if version == 4 else \
        ("2001:db8:18::1", "2001:db8:18::2", 64)
    fd = guest(LAB.host, f"{here}/{width}")
    if fd is None:
        raise tap.Skip("no tun device")
    listener = CLIENT.listen(here, 5060, preset=STRICT)
    server = LAB.host.udp(here, 5060)
    sa = CLIENT.new_in()
    message = sa.sign(sip.request(pad_to=8000), 1)
    forged = sa.sign(sip.request(pad_to=8000), 2)[:-1] + b"!"
    for payload, counts in ((message, {"verified": 1}), (forged, {"bad_mac": 1})):
        # the pseudo-header's sum, as who leaves the rest to others has it
        size = 8 + len(payload)
        part = ~packet.checksum(packet.pseudo_header(there, here, size)) & 0xffff
        one = packet.packet(there, here, packet.udp(there, here, 5080, 5060, payload, check=part))
        start = len(one) - size
        os.write(fd, struct.pack("=BBHHHH", 1, 3, start + 8, 1400, start, 6) + one)
        listener.expect(**counts)
    lab.same(lab.receive(server, 1)[0], message, "delivered")
    equal(lab.pending(server), [], "delivered besides")
    listener.remove()
    server.close()
    os.close(fd)
    CLIENT.flush()


@both("over the loopback device")
def loopback(version):
    local = "127.0.0.1" if version == 4 else "::1"
    listener = CLIENT.listen(local, 5060, preset=STRICT)
    server = LAB.host.udp(local, 5060)
    sender = LAB.host.udp(local, 5080)
    sa = CLIENT.new_in()
    for seq, size in enumerate((500, 3000, 16000), 1):
        message = sa.sign(sip.request(pad_to=size), seq)
        sender.sendto(message, (local, 5060))
        listener.expect(verified=1)
        lab.same(lab.receive(server, 1)[0], message, "delivered")
    sender.sendto(sip.request(), (local, 5060))
    listener.expect(unprotected=1)
    train = make_train(sa, 600, 10, 100, {4})
    sender.connect((local, 5060))
    sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 600)
    sender.send(b"".join(train))
    listener.expect(verified=9, bad_mac=1)
    equal(lab.receive(server, 9), train[:4] + train[5:], "delivered")
    listener.remove()
    server.close()
    sender.close()
    CLIENT.flush()


if __name__ == "__main__":
    tap.run()
