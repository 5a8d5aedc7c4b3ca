#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Where datagrams pass the hooks twice, or wrapped in others: a VRF, AH, a tunnel.

The topology is that of lib/lab.py, one for each.
"""

import json
import socket
import subprocess
import threading

from lib import lab, sip, sipsec, tap
from lib.sipsec import OPEN, STRICT
from lib.tap import Deadline, Failed, Skip, both, equal

sipsec.need_module()
FROM, TO = 5060, 5080


def need(*modules):
    """The kernel has these modules, or has them built in."""
    for name in modules:
        done = subprocess.run(["modprobe", name], capture_output=True, check=False)
        if done.returncode:
            raise Skip(f"no {name}")


def counted(client, before, **want):
    """So much more of these statistics, and no other."""
    now = client.stats()
    equal({name: now[name] - before[name] for name in now
           if isinstance(now[name], int) and now[name] != before[name]}, want, "statistics")


def in_vrf(qdisc):
    """A lab whose host has its device in a VRF."""
    need("vrf")
    where = lab.Lab()
    where.host.ip("link add vrf0 type vrf table 10", "link set vrf0 up",
                  "link set eth0 master vrf0",
                  # which takes the addresses of IPv6 away
                  f"addr replace {lab.HOST[6]}/64 dev eth0 nodad",
                  *(f"neigh replace {pair[version]} dev eth0 lladdr 02:00:00:00:00:01 nud permanent"
                    for pair in (lab.PEER, lab.OTHER) for version in (4, 6)))
    if qdisc:
        where.host.run("tc", "qdisc", "add", "dev", "vrf0", "root", "pfifo")
    return where


def in_device(namespace, addr, port, device):
    """A UDP socket of a device."""
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    sock = namespace.socket(family, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    sock.bind((addr, port))
    return sock


def vrf(version, qdisc):
    """Signed once, and verified once."""
    where = in_vrf(qdisc)
    client = where.client
    peer = where.peer.udp(lab.PEER[version], TO)
    host = in_device(where.host, lab.HOST[version], FROM, "vrf0")
    client.listen(lab.HOST[version], FROM, preset=STRICT)
    out = client.new_out(lab.PEER[version], TO)
    own = client.new_in()
    before = client.stats()
    for seq in (1, 2, 3):
        message = sip.request(pad_to=500)
        host.sendto(message, (lab.PEER[version], TO))
        equal(out.verify(lab.receive(peer, 1)[0], message), seq, "seq")
    equal(client.get_out(out.spi, lab.PEER[version], TO)["messages"], 3, "messages signed")
    counted(client, before, signed=3)
    signed = own.sign(sip.request(), 1)
    peer.sendto(signed, (lab.HOST[version], FROM))
    lab.same(lab.receive(host, 1)[0], signed, "delivered")
    equal(client.get_in(own.spi)["messages"], 1, "messages verified")
    # what stays on the host passes once
    itself = in_device(where.host, lab.HOST[version], TO, "vrf0")
    out = client.new_out(lab.HOST[version], TO)
    before = client.stats()
    message = sip.request()
    host.sendto(message, (lab.HOST[version], TO))
    equal(out.verify(lab.receive(itself, 1)[0], message), 1, "seq to itself")
    counted(client, before, signed=1)
    client.clear()
    for sock in (peer, host, itself):
        sock.close()


both("in a VRF", False)(vrf)
both("in a VRF that has a queue", True)(vrf)


def with_ah(where, version):
    """AH in transport mode between the two."""
    udp = socket.IPPROTO_UDP    # not each host has /etc/protocols
    ends = (lab.PEER[version], lab.HOST[version])
    for side, out in ((where.peer, 0), (where.host, 1)):
        lines = []
        for number, (src, dst) in enumerate((ends, ends[::-1])):
            way = "out" if number == out else "in"
            lines += [f"xfrm state add src {src} dst {dst} proto ah spi {0x1000 + number} "
                      f"mode transport auth hmac(sha256) 0x{'11' * 32}",
                      f"xfrm policy add src {src} dst {dst} proto {udp} dir {way} "
                      f"tmpl src {src} dst {dst} proto ah mode transport"]
        side.ip(*lines)


@both("under AH")
def authenticated(version):
    need("ah4" if version == 4 else "ah6")
    where = lab.Lab()
    client = where.client
    with_ah(where, version)
    with where.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        out = client.new_out(flow.remote, flow.sport)
        before = client.stats()
        for seq in (1, 2, 3):
            flow.one(sa.sign(sip.request(), seq), "verified")
            message = sip.request(pad_to=500)
            flow.server.sendto(message, (flow.remote, flow.sport))
            equal(out.verify(lab.receive(flow.sender, 1)[0], message), seq, "seq")
        flow.one(sa.sign(sip.request(), 3), "replay")
        equal(client.get_out(out.spi, flow.remote, flow.sport)["messages"], 3, "signed")
        counted(client, before, signed=3)
        client.flush()


SIZE = 4 << 20


def send_all(sock):
    """From a thread of its own."""
    def run():
        with sock:
            sock.sendall(bytes(SIZE))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@both("a tunnel's trains pass where a listener annotates")
def tunnel(version):
    """TCP in VXLAN, merged by the device that is none."""
    need("vxlan")
    where = lab.Lab(checksums=False)
    for number, (side, own, far) in enumerate(
            ((where.peer, lab.PEER, lab.HOST), (where.host, lab.HOST, lab.PEER)), 1):
        side.ip(f"link add vx0 type vxlan id 7 dstport 4789 local {own[version]} "
                f"remote {far[version]} dev eth0", f"addr add 198.51.100.{number}/24 dev vx0",
                "link set vx0 up")
    where.client.listen(lab.HOST[version], FROM, preset=OPEN, annotate=1)
    with where.peer.make(socket.create_server, ("198.51.100.1", 9)) as server:
        begin = where.host.make(socket.create_connection, ("198.51.100.1", 9))
        end, _ = server.accept()
    thread = send_all(begin)
    got, deadline = 0, Deadline()
    with end:
        while got < SIZE:
            end.settimeout(deadline.left())
            try:
                piece = end.recv(1 << 20)
            except TimeoutError as error:
                raise Failed(f"{got} of {SIZE} octets arrived") from error
            if not piece:
                raise Failed(f"{got} of {SIZE} octets arrived, then the end")
            got += len(piece)
    thread.join()
    # TCP sends again in single segments what was dropped on its way out
    sent = json.loads(where.host.run("ip", "-j", "-s", "link", "show", "vx0"))[0]["stats64"]["tx"]
    equal((sent["errors"], sent["dropped"]), (0, 0), "errors and drops of the tunnel's device")
    where.client.clear()


if __name__ == "__main__":
    tap.run()
