#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The parts of the demo that a shell is too clumsy for.

    demo.py twin PORT NONCE-FIFO GO-FIFO    keeps SIPp (3PCC) waiting
    demo.py show PCAP                       prints what was heard
    demo.py account                         signed here, verified there?
    demo.py attack VERSION UE PCSCF SCENARIOS LOG
"""

import fcntl
import hashlib
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time

netns = packet = sip = None     # of tests/selftests/lib, see main()
PORT = 5060
BOLD, RED, GREEN, PLAIN = "\033[1m", "\033[31m", "\033[32m", "\033[0m"
RES = bytes.fromhex("4a90b2171ac83a76")


def twin(port, nonce_path, go_path):
    """The other end of SIPp's 3PCC connection: hands the nonce of the
    challenge on, and lets SIPp go on when the keys are in place."""
    with socket.create_server(("127.0.0.1", int(port))) as server:
        connection, _ = server.accept()
    data = b""
    while b"\x1b" not in data:
        more = connection.recv(4096)
        if not more:
            return 1
        data += more
    fields = dict(re.findall(rb"([\w-]+): *(\S+)", data))
    with open(nonce_path, "wb") as file:
        file.write(fields[b"Nonce"] + b"\n")
    with open(go_path, "rb") as file:
        if file.read() != b"go\n":
            return 1
    connection.sendall(b"Call-ID: " + fields[b"Call-ID"] + b"\r\n\r\n\x1b")
    connection.recv(1)      # until SIPp is done
    return 0


def pcap(path):
    """The IP packets of a file of tcpdump's."""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from("=I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] in (b"\x08\x00", b"\x86\xdd"):
            yield frame[14:]


def sip_datagrams(path):
    """The SIP datagrams in it, reassembled."""
    assembler = packet.Assembler()
    for frame in pcap(path):
        one = assembler.add(frame)
        if one and PORT in (one.sport, one.dport) and b"SIP/2.0" in \
                one.payload:
            yield one


def digest_ok(text):
    """Is the AKAv1-MD5 response that of the published RES (RFC 3310)?"""
    line = re.search(rb"\nAuthorization: Digest (.*)\r", text)[1].decode()
    field = {name: value for name, value in
             re.findall(r'(\w+)="?([^",]*)"?', line)}

    def md5(*parts):
        return hashlib.md5(b":".join(
            p if isinstance(p, bytes) else p.encode() for p in parts)
            ).hexdigest()

    want = md5(md5(field["username"], field["realm"], RES), field["nonce"],
               field["nc"], field["cnonce"], field["qop"],
               md5("REGISTER", field["uri"]))
    return field["response"] == want


def show(path):
    """A summary of each kind of message, and one in full."""
    seen = set()
    full = None
    for one in sip_datagrams(path):
        start, field = one.payload.split(b"\r\n")[:2]
        signed = field.startswith(b"Integrity: ")
        if not full and signed and b"\nAuthorization: Digest " in one.payload:
            full = one
        what = start.replace(b" SIP/2.0", b"").decode()
        cseq = re.search(rb"\nCSeq: \d+ (\w+)", one.payload)[1].decode()
        kind = (one.dport, ":" in one.src, what, cseq, len(one.pieces) > 1)
        if kind in seen:
            continue
        seen.add(kind)
        size = f"{len(one.payload)}"
        if len(one.pieces) > 1:
            size += f" in {len(one.pieces)}"
        print(f"{one.src:>12} > {one.dst:<12} {size:>10}  {what:28.28} "
              f"{(field.decode() if signed else '(not signed)'):.60}")
    if not full or not digest_ok(full.payload):
        return 1
    print()
    for line in full.payload.decode().rstrip().split("\r\n"):
        bold = line.startswith("Integrity")
        print(f"    {BOLD if bold else ''}{line}{PLAIN if bold else ''}")
    print("\nIts response is that of the published RES.")
    return 0


def sipsec(namespace, *words):
    """What the tool says, as JSON."""
    done = subprocess.run(["sipsec", "-n", namespace, "-j", *words],
                          capture_output=True, check=True)
    return json.loads(done.stdout)


def counters(namespace, addr=None):
    """The counters of the listeners (of one address), zeros left out."""
    total = {}
    for row in sipsec(namespace, "listen", "list"):
        if addr in (None, row["addr"]):
            for name, count in row["counters"].items():
                if count:
                    total[name] = total.get(name, 0) + count
    return total


def account():
    """All that one side has signed the other has verified, and the rest is
    what preset ims accepts: REGISTERs and 401s."""
    good = True
    print(f"{'':14}{'signed':>8}{'verified':>10}{'unprotected':>13}  others")
    for source, target in (("ue", "pcscf"), ("pcscf", "ue")):
        signed = sipsec(source, "stats")
        counts = counters(target)
        verified = counts.pop("verified", 0)
        bare = counts.pop("unprotected", 0)
        others = ", ".join(f"{n} {c}" for n, c in counts.items()) or "none"
        print(f"{source + ' to ' + target:14}{signed['signed']:>8}"
              f"{verified:>10}{bare:>13}  {others}")
        # 3 messages a call, 12 calls, 2 registrations
        good = good and signed["signed"] == verified >= 38 and bare >= 2 \
            and not counts and not signed["unsigned"]
    return 0 if good else 1


class Attack:
    """The attacker: hears the LAN, and speaks with any address."""

    def __init__(self, version, ue, pcscf, here, log):
        self.version, self.ue, self.pcscf = int(version), ue, pcscf
        self.here, self.log = here, log
        where = netns.Named("attacker")
        self.wire = packet.Wire(where)
        # promiscuous: struct packet_mreq
        index = where.make(socket.if_nametoindex, "eth0")
        self.wire.sock.setsockopt(263, 1, struct.pack("iHH8x", index, 1, 0))
        macs = [self.mac_of(one) for one in ("pcscf", "ue")]
        self.wire.ether = b"".join(macs)
        self.rows = []

    @staticmethod
    def mac_of(name):
        """The Ethernet address of a host."""
        with netns.Named(name).socket(socket.AF_INET,
                                      socket.SOCK_DGRAM) as sock:
            answer = fcntl.ioctl(sock, 0x8927, struct.pack("256s", b"eth0"))
        return answer[18:24]

    def sipp(self, scenario):
        """The UE's SIPp, as in the demo."""
        to = f"[{self.pcscf}]" if self.version == 6 else self.pcscf
        subprocess.run(
            ["ip", "netns", "exec", "ue", "sipp", "-sf",
             f"{self.here}/{scenario}", "-i", self.ue, "-p", str(PORT), "-m",
             "1", "-key", "pad", "", "-nostdin", "-timeout", "60s",
             "-timeout_error", f"{to}:{PORT}"], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def heard(self, method):
        """The UE's last message of a method that was on the LAN."""
        found = None
        for one in self.wire.datagrams(0, PORT):
            if one.src == self.ue and one.payload.startswith(method):
                found = one.payload
        return found

    def send(self, payload):
        """As if it came from the UE."""
        self.wire.send(packet.packet(self.ue, self.pcscf, packet.udp(
            self.ue, self.pcscf, PORT, PORT, payload)))

    def row(self, title, what, want, arrives=False):
        """Send (octets, or by calling what) and see how it is counted."""
        if what in (row[1] for row in self.rows):
            raise ValueError(f"{title}: nothing new")
        before = counters("pcscf", self.pcscf)
        seen = self.received(what)
        if callable(what):
            what()
        else:
            self.send(what)
        end = time.monotonic() + 30
        while True:
            after = counters("pcscf", self.pcscf)
            new = [name for name in after
                   if after[name] != before.get(name, 0)]
            if new or time.monotonic() > end:
                break
        self.rows.append((title, what, want, arrives, "+".join(new), seen))

    def received(self, what):
        """How often SIPp has logged these octets as received."""
        if callable(what):
            return 0
        with open(self.log, "rb") as file:
            return file.read().count(b"received [%d] bytes :\n\n" % len(what)
                                     + what)

    def syn(self):
        """A TCP SYN to the P-CSCF's port."""
        head = struct.pack("!HHIIBBHHH", 4000, PORT, 1, 0, 5 << 4, 2, 1000, 0,
                           0)
        head = head[:16] + struct.pack("!H", packet.checksum(
            packet.pseudo_header(self.ue, self.pcscf, 20, packet.TCP)
            + head)) + head[18:]
        self.wire.send(packet.packet(self.ue, self.pcscf, head, packet.TCP))

    def run(self):
        """All attacks; True if each ended as it must."""
        self.sipp("ue-call.xml")
        captured = self.heard(b"INVITE")
        # a message the P-CSCF has not seen: the LAN keeps it from him
        flood = ["bridge", "-n", "lan", "link", "set", "dev", "pcscf",
                 "flood"]
        subprocess.run([*flood, "off"], check=True)
        self.sipp("ue-withheld.xml")
        fresh = self.heard(b"INVITE")
        subprocess.run([*flood, "on"], check=True)

        def flip(text, offset=0, bit=1):
            at = fresh.index(text) + offset
            return fresh[:at] + bytes([fresh[at] ^ bit]) + fresh[at + 1:]

        field = re.search(rb"Integrity: (\w+);seq=(\w+);mac=([\w-]+)\r\n",
                          fresh)
        spi, seq, mac = field[1], field[2], field[3]
        # a flip that makes another digit of it
        digit = next(bit for bit in (1, 2, 4, 8, 3) if bytes(
            [spi[-1] ^ bit]) in b"0123456789abcdef")
        # another digit, and a larger one, or it would only be a replay
        up = next(bit for bit in (1, 2, 4, 8) if seq[0] ^ bit > seq[0]
                  and bytes([seq[0] ^ bit]) in b"123456789abcdef")
        bare = fresh.replace(field[0], b"")
        stranger = sip.SA(int(spi, 16) ^ 0x1234, bytes(32))
        self.row("a captured INVITE again", captured, "replay")
        self.row("a fresh INVITE, a bit flipped in the start line",
                 flip(b"bob@"), "bad-mac")
        self.row("   ... in a header", flip(b"Max-Forwards: 70", 14),
                 "bad-mac")
        self.row("   ... in the body", flip(b"m=audio 6000", 8), "bad-mac")
        self.row("   ... in seq", flip(b";seq=", 5, up), "bad-mac")
        self.row("   ... in the SPI", flip(spi, len(spi) - 1, digit),
                 "unknown-spi")
        self.row("   ... in the MAC", flip(mac, 3, self.mac_bit(mac[3])),
                 "bad-mac")
        self.row("an unsigned INVITE", bare, "unprotected")
        self.row("an INVITE signed with an unknown SPI",
                 stranger.sign(bare, 1), "unknown-spi")
        self.row("malformed: a LF without CR",
                 fresh.replace(b"Max-Forwards: 70\r\n",
                               b"Max-Forwards: 70\n"), "malformed")
        self.row("malformed: NUL in a header",
                 fresh.replace(b"tag=", b"tag\0"), "malformed")
        self.row("malformed: two Integrity fields",
                 fresh.replace(field[0], field[0] * 2), "malformed")
        self.row("malformed: Content-Length beyond the end",
                 re.sub(rb"Content-Length: *\d+", b"Content-Length: 9999",
                        fresh), "malformed")
        self.row("malformed: no empty line", fresh.split(b"\r\n\r\n")[0],
                 "malformed")
        self.row("SigComp", b"\xf8\1\2\3" + fresh, "compressed")
        self.row("a TCP connection", self.syn, "transport")
        # the UE and the P-CSCF are none the worse for it
        self.sipp("ue-call.xml")
        self.row("the withheld INVITE, unchanged", fresh, "verified", True)
        return self.report()

    @staticmethod
    def mac_bit(octet):
        """A bit that makes another base64url digit of one."""
        digits = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                  b"0123456789-_")
        return next(bit for bit in range(1, 128) if bytes([octet ^ bit])
                    in digits)

    def report(self):
        """The table."""
        end = time.monotonic() + 30
        while not self.received(self.rows[-1][1]) and time.monotonic() < end:
            pass
        good = True
        print(f"{'sent, with the address of the UE':50}{'class':13}"
              f"{'at SIPp':9}")
        for title, what, want, arrives, got, seen in self.rows:
            arrived = self.received(what) - seen
            okay = got == want and bool(arrived) == arrives
            good = good and okay
            verdict = f"{GREEN}ok{PLAIN}" if okay else \
                f"{RED}WRONG, must be {want}{PLAIN}"
            print(f"{title:50}{got:13}{'yes' if arrived else 'no':9}{verdict}")
        with open(self.log, "rb") as file:
            total = len(re.findall(rb"message received \[", file.read()))
        print(f"SIPp received {total} messages: two calls of three, and the "
              "withheld one")
        return good and total == 7


def main():
    """Dispatch."""
    command, *words = sys.argv[1:]
    if command == "twin":
        return twin(*words)
    if command == "account":
        return account()
    # these two need more, which takes its time to load in an emulator
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(
        __file__)), "..", "selftests"))
    global netns, packet, sip   # pylint: disable=global-statement
    from lib import netns, packet, sip  # pylint: disable=C0415
    if command == "show":
        return show(*words)
    return 0 if Attack(*words).run() else 1


if __name__ == "__main__":
    sys.exit(main())
