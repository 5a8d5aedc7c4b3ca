# SPDX-License-Identifier: GPL-2.0
"""Generic netlink from scratch: any attributes, broken ones too, and the
extended ACK in full."""

import errno
import os
import select
import socket
import struct

from .tap import Deadline, Failed

NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP_INTR = 1, 2, 4, 16
NLM_F_DUMP = 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NETLINK_CAP_ACK, NETLINK_EXT_ACK = 10, 11
NLA_F_NESTED = 0x8000
NLA_TYPE_MASK = 0x3FFF


def attr(kind, payload=b"", length=None):
    """One attribute; length overrides what its header says."""
    head = struct.pack("=HH", 4 + len(payload) if length is None else length,
                       kind)
    return head + payload + bytes(-len(payload) % 4)


def nest(kind, payload):
    """A nested attribute, with the flag set."""
    return attr(kind | NLA_F_NESTED, payload)


def parse_attrs(data):
    """[(type without flags, payload)]"""
    result = []
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4 or length > len(data):
            raise Failed(f"attribute of length {length} in {len(data)} octets")
        result.append((kind & NLA_TYPE_MASK, data[4:length]))
        data = data[(length + 3) & ~3:]
    return result


class NlError(OSError):
    """A refusal, with its extended ACK.

    msg: its text; offset: of the bad attribute in the request; miss_type: the
    type of a missing attribute; miss_nest: the offset of the nest it lacks in.
    """

    def __init__(self, number, tlvs):
        self.msg = tlvs[1].rstrip(b"\0").decode() if 1 in tlvs else None

        def word(kind):
            return struct.unpack("=I", tlvs[kind])[0] if kind in tlvs else None

        self.offset = word(2)
        self.miss_type = word(5)
        self.miss_nest = word(6)
        text = f"{os.strerror(number)} [{self.msg}]"
        if self.offset is not None:
            text += f" at {self.offset}"
        if self.miss_type is not None:
            text += f" missing {self.miss_type}"
        super().__init__(number, text)

    @property
    def name(self):
        """EINVAL and so on."""
        if self.errno == errno.EOPNOTSUPP:  # which has two names
            return "EOPNOTSUPP"
        return errno.errorcode.get(self.errno, str(self.errno))


class Genl:
    """A socket to one family.  Make it inside the namespace it is for."""

    def __init__(self, family, version=1):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.seq = 0
        self.flags = 0      # of all replies of the last dump
        self.log = None     # a bytearray that takes all that is received
        self.version = version
        self.groups = {}
        self.resolve(family)

    def resolve(self, family):
        """Find the family's number, which changes when it is loaded anew.

        By a dump: asking for it by name would load the module.
        """
        self.family = GENL_ID_CTRL
        name = family.encode() + b"\0"
        for _, pairs in self.dump(CTRL_CMD_GETFAMILY):
            attrs = dict(pairs)
            if attrs[2] == name:
                break
        else:
            raise NlError(errno.ENOENT, {})
        self.family = struct.unpack("=H", attrs[1])[0]
        for _, group in parse_attrs(attrs.get(7, b"")):
            fields = dict(parse_attrs(group))
            name = fields[1].rstrip(b"\0").decode()
            self.groups[name] = struct.unpack("=I", fields[2])[0]

    def close(self):
        """Close the socket."""
        self.sock.close()

    def pack(self, command, payload=b"", flags=NLM_F_REQUEST | NLM_F_ACK):
        """A message as octets; takes the next sequence number."""
        self.seq += 1
        return struct.pack("=IHHIIBBH", 20 + len(payload), self.family, flags,
                           self.seq, 0, command, self.version, 0) + payload

    def read(self, deadline=None):
        """The messages of one datagram: [(type, flags, seq, payload)]."""
        deadline = deadline or Deadline()
        if not select.select([self.sock], [], [], deadline.left())[0]:
            raise Failed("no answer on netlink")
        data = self.sock.recv(1 << 18)
        if self.log is not None:
            self.log += data
        result = []
        while len(data) >= 16:
            length, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            result.append((kind, flags, seq, data[16:length]))
            data = data[(length + 3) & ~3:]
        return result

    @staticmethod
    def error_of(flags, payload):
        """The NlError of an NLMSG_ERROR or NLMSG_DONE; None for success."""
        number = -struct.unpack_from("=i", payload)[0]
        if not number:
            return None
        rest = payload[4:]
        if flags & NLM_F_ACK_TLVS:
            if not flags & NLM_F_CAPPED:
                rest = rest[struct.unpack_from("=I", rest)[0]:]
            else:
                rest = rest[16:]
            return NlError(number, dict(parse_attrs(rest)))
        return NlError(number, {})

    def call(self, command, payload=b""):
        """A do; the replies as [(command, [(type, payload)])]."""
        return self.transact(self.pack(command, payload))

    def transact(self, message):
        """Send one packed do and read until its ACK."""
        self.sock.send(message)
        replies = []
        deadline = Deadline()
        while True:
            for kind, flags, seq, body in self.read(deadline):
                if seq != self.seq:
                    continue
                if kind == NLMSG_ERROR:
                    error = self.error_of(flags, body)
                    if error:
                        raise error
                    return replies
                replies.append((body[0], parse_attrs(body[4:])))

    def batch(self, calls, step=200):
        """Many dos, (command, payload) each, several per system call.

        Returns the NlErrors by index.
        """
        errors = {}
        calls = list(calls)
        for base in range(0, len(calls), step):
            part = calls[base:base + step]
            first = self.seq + 1
            self.sock.send(b"".join(self.pack(*one) for one in part))
            left = set(range(first, first + len(part)))
            deadline = Deadline()
            while left:
                for kind, flags, seq, body in self.read(deadline):
                    if kind != NLMSG_ERROR or seq not in left:
                        continue
                    left.discard(seq)
                    error = self.error_of(flags, body)
                    if error:
                        errors[base + seq - first] = error
        return errors

    def dump_steps(self, command, payload=b"", seconds=None):
        """A generator over a dump's datagrams, each a list of replies.  One
        that does not end fails, too."""
        self.flags = 0
        self.sock.send(self.pack(command, payload, NLM_F_REQUEST | NLM_F_DUMP))
        deadline = Deadline(seconds)
        while True:
            if deadline.over():
                raise Failed("a dump does not end")
            part = []
            done = False
            for kind, flags, seq, body in self.read(deadline):
                if seq != self.seq:
                    continue
                self.flags |= flags
                if kind == NLMSG_DONE:
                    if len(body) >= 4 and struct.unpack_from("=i", body)[0]:
                        raise self.error_of_done(flags, body)
                    done = True
                elif kind == NLMSG_ERROR:
                    error = self.error_of(flags, body)
                    if error:
                        raise error
                    done = True
                else:
                    part.append((body[0], parse_attrs(body[4:])))
            yield part
            if done:
                return

    @staticmethod
    def error_of_done(flags, body):
        """A dump's NLMSG_DONE has no copy of a header before the TLVs."""
        number = -struct.unpack_from("=i", body)[0]
        tlvs = dict(parse_attrs(body[4:])) if flags & NLM_F_ACK_TLVS else {}
        return NlError(number, tlvs)

    def dump(self, command, payload=b""):
        """All replies of a dump."""
        return [one for part in self.dump_steps(command, payload)
                for one in part]

    def join(self, group):
        """Listen to a multicast group."""
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                             self.groups[group])
