# SPDX-License-Identifier: GPL-2.0
"""IPv4, IPv6 and UDP by hand, right and wrong, and a wire to put them on."""

import ipaddress
import itertools
import select
import socket
import struct
from dataclasses import dataclass

from .tap import Deadline, Failed

UDP, TCP, SCTP, FRAGMENT, HOPOPTS, DSTOPTS, ROUTING = 17, 6, 132, 44, 0, 60, 43
ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 3, 0x0800, 0x86DD
PACKET_OUTGOING = 4

_ident = itertools.count(1)


def checksum(data):
    """The Internet checksum."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _packed(text):
    return ipaddress.ip_address(text).packed


def pseudo_header(src, dst, length, proto=UDP):
    """The pseudo header of either version."""
    src, dst = _packed(src), _packed(dst)
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, proto, length)
    return src + dst + struct.pack("!IHBB", length, 0, 0, proto)


def udp(src, dst, sport, dport, payload, length=None, check=None):
    """A UDP datagram; length and check override what is right."""
    if length is None:
        length = 8 + len(payload)
    head = struct.pack("!HHHH", sport, dport, length, 0)
    if check is None:
        covered = (head + payload)[:length]
        check = checksum(pseudo_header(src, dst, length) + covered) or 0xFFFF
    return head[:6] + struct.pack("!H", check) + payload


def ipv4(src, dst, payload, proto=UDP, ident=None, more=False, offset=0,
         options=b"", dont=False):
    """An IPv4 packet; offset in octets."""
    if ident is None:
        ident = next(_ident) & 0xFFFF
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0,
                       20 + len(options) + len(payload), ident,
                       dont << 14 | more << 13 | offset // 8, 64, proto, 0,
                       _packed(src), _packed(dst)) + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(src, dst, payload, proto=UDP):
    """An IPv6 packet."""
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), proto, 64,
                       _packed(src), _packed(dst)) + payload


def fragment_header(proto, ident, offset, more):
    """An IPv6 fragment header."""
    return struct.pack("!BBHI", proto, 0, offset | more, ident)


def options_header(proto, octets=8):
    """A hop-by-hop or destination options header with an unknown option that
    is to be skipped."""
    return struct.pack("!BBBB", proto, octets // 8 - 1, 0x1E, octets - 4) \
        + bytes(octets - 4)


def packet(src, dst, payload, proto=UDP):
    """An IP packet of the addresses' version."""
    return (ipv6 if ":" in src else ipv4)(src, dst, payload, proto)


def fragments(src, dst, payload, size=1200, proto=UDP):
    """A list of the fragments of a payload; size a multiple of 8."""
    ident = next(_ident)
    result = []
    for offset in range(0, len(payload), size):
        part = payload[offset:offset + size]
        more = offset + size < len(payload)
        if ":" in src:
            part = fragment_header(proto, ident, offset, more) + part
            result.append(ipv6(src, dst, part, FRAGMENT))
        else:
            result.append(ipv4(src, dst, part, proto, ident & 0xFFFF, more,
                               offset))
    return result


@dataclass
class Datagram:
    """A UDP datagram as it was on the wire, reassembled."""

    src: str
    dst: str
    sport: int
    dport: int
    length: int         # of the UDP header
    check: int          # of the UDP header
    payload: bytes
    check_ok: bool      # the checksum is right (or zero on IPv4)
    ip_ok: bool         # lengths agree, and the IPv4 header checksum
    pieces: list        # octets of the IP packets it came in
    dont: bool          # DF on any of them
    ident: int          # of IPv4, or of the fragment header


class Assembler:
    """Makes UDP datagrams of IP packets."""

    def __init__(self):
        self.parts = {}
        # checksums may have been left to the device: there is none
        self.partial = False

    def add(self, frame):
        """The Datagram this packet completes, or None."""
        if frame[0] >> 4 == 4:
            head = (frame[0] & 15) * 4
            total, ident, frag = struct.unpack_from("!HHH", frame, 2)
            proto, src, dst = frame[9], frame[12:16], frame[16:20]
            good = checksum(frame[:head]) == 0 and total == len(frame)
            payload = frame[head:total]
            offset, more, dont = (frag & 0x1FFF) * 8, frag >> 13 & 1, \
                frag >> 14 & 1
        else:
            total, proto = struct.unpack_from("!HB", frame, 4)
            src, dst = frame[8:24], frame[24:40]
            good = total + 40 == len(frame)
            payload = frame[40:]
            offset = more = dont = ident = 0
            if proto == FRAGMENT:
                proto, _, offset, ident = struct.unpack_from("!BBHI", payload)
                more, offset = offset & 1, offset & ~7
                payload = payload[8:]
        if proto != UDP:
            return None
        pieces = [len(frame)]
        if offset or more:
            key = (src, dst, ident)
            parts = self.parts.setdefault(key, [])
            parts.append((offset, more, payload, good, dont, len(frame)))
            parts.sort()
            whole = b""
            for begin, more, payload, *_ in parts:
                if begin != len(whole):
                    return None
                whole += payload
            if more:
                return None
            del self.parts[key]
            payload = whole
            good = all(part[3] for part in parts)
            dont = any(part[4] for part in parts)
            pieces = [part[5] for part in parts]
        src = str(ipaddress.ip_address(src))
        dst = str(ipaddress.ip_address(dst))
        sport, dport, length, check = struct.unpack_from("!HHHH", payload)
        if check:
            pseudo = pseudo_header(src, dst, length)
            okay = checksum(pseudo + payload[:length]) == 0
            if self.partial and ~checksum(pseudo) & 0xFFFF == check:
                okay = True
        else:
            okay = ":" not in src
        return Datagram(src, dst, sport, dport, length, check, payload[8:],
                        okay, bool(good) and length == len(payload), pieces,
                        bool(dont), ident)


class Wire:
    """A packet socket on one end of a veth pair."""

    def __init__(self, namespace, device="eth0", left=True):
        self.sock = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                     socket.htons(ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
        self.sock.bind((device, ETH_P_ALL))
        here, there = b"\2\0\0\0\0\1", b"\2\0\0\0\0\2"
        self.ether = (there + here) if left else (here + there)
        self.assembler = Assembler()

    def close(self):
        """Close the socket."""
        self.sock.close()

    def send(self, *packets):
        """Put IP packets on the wire."""
        for one in packets:
            kind = ETH_P_IP if one[0] >> 4 == 4 else ETH_P_IPV6
            self.sock.send(self.ether + struct.pack("!H", kind) + one)

    def frames(self, seconds=None):
        """A generator of the IP packets that arrive; ends at the deadline."""
        deadline = Deadline(seconds)
        while True:
            if not select.select([self.sock], [], [], deadline.left())[0]:
                return
            data, address = self.sock.recvfrom(1 << 17)
            if address[2] == PACKET_OUTGOING:
                continue
            if data[12:14] in (b"\x08\x00", b"\x86\xdd"):
                yield data[14:]

    def datagrams(self, seconds=None, dport=None):
        """A generator of the UDP datagrams that arrive."""
        for frame in self.frames(seconds):
            one = self.assembler.add(frame)
            if one and dport in (None, one.dport):
                yield one

    def datagram(self, dport=None):
        """The next UDP datagram (to a port)."""
        for one in self.datagrams(None, dport):
            return one
        raise Failed("no datagram arrived")

    def drain(self):
        """Forget what has arrived."""
        for _ in self.frames(0):
            pass
