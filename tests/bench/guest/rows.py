#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The rows of the benchmark inside a kernel: run as root where sipsec and the
bench module are loaded.

    tests/bench/guest/rows.py [--rounds N] [--batch N] [--sizes 300,800,1300]
        [--ticks] [--only ROW,...]

Prints "row size what best median driver", in ns for one datagram, or with
--ticks in ticks of the time stamp counter. In each round each row has its turn.

What arrives is counted: a row that does not deliver what it should, or delivers
what it should drop, ends the run.
"""

import argparse
import atexit
import ctypes
import os
import pathlib
import subprocess
import sys

import kamailio

HERE = pathlib.Path(__file__).resolve().parents[1]
TOP = HERE.parents[1]
PROC = "/proc/sipsec_bench"
VERIFIER = TOP / "build/bench/nfqueue/verifier"
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)

#: Octets of an Integrity field with a seq that began as the time.
FIELD = 67

UE, PROXY = "192.0.2.2", "192.0.2.1"
#: of clause 5: the crypto API's name, octets of the key, name for xfrm, its key's
#: octets and bits of the tag.
ALGS = {
    "hmac-sha-256-128": ("hmac(sha256)", 32, "auth-trunc", "hmac(sha256)", 32, 128),
    "hmac-sha-1-96": ("hmac(sha1)", 20, "auth-trunc", "hmac(sha1)", 20, 96),
    "aes-gmac": ("gcm(aes)", 20, "aead", "rfc4543(gcm(aes))", 20, 128),
    "aes-cmac-96": ("cmac(aes)", 16, "auth-trunc", "cmac(aes)", 16, 96),
}


def sh(*words, text=None):
    """Run a command; what it says when it fails ends the run."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout


def ask(what):
    """A command for the bench module, and its answer's words."""
    with open(PROC, "r+b", buffering=0) as proc:
        proc.write(what if isinstance(what, bytes) else what.encode())
        proc.seek(0)
        return proc.read().decode().split()


class Place:
    """A network namespace, which this process can go to."""

    def __init__(self):
        self.unshared = LIBC.unshare(CLONE_NEWNET)
        if self.unshared:
            sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}")
        self.file = os.open("/proc/self/ns/net", os.O_RDONLY)
        sh("ip", "link", "set", "lo", "up")

    def enter(self):
        """From now on this process is here."""
        if LIBC.setns(self.file, CLONE_NEWNET):
            sys.exit(f"setns: {os.strerror(ctypes.get_errno())}")

    def path(self):
        """What ip takes for a name."""
        return f"/proc/{os.getpid()}/fd/{self.file}"


class Path:
    """A UE's and a proxy's namespace with a link between them:

        UE u0 ---> c0 (captured)    PROXY u1 <--- p0 (injected)

    all of IPv4, with no neighbours to be asked for.
    """

    def __init__(self, name):
        self.name = name
        self.proxy = Place()
        self.ue = Place()
        self.ue.enter()
        sh("ip", "link", "add", "u0", "type", "veth", "peer", "name", "c0")
        sh("ip", "link", "set", "c0", "netns", self.proxy.path())
        sh("ip", "addr", "add", f"{UE}/24", "dev", "u0")
        sh("ip", "link", "set", "u0", "up", "mtu", "1500")
        sh("ip", "neigh", "add", PROXY, "lladdr", "02:00:00:00:00:01", "dev", "u0")
        self.proxy.enter()
        sh("ip", "link", "set", "c0", "up")
        sh("ip", "link", "add", "p0", "type", "veth", "peer", "name", "p1")
        sh("ip", "addr", "add", f"{PROXY}/24", "dev", "p0")
        sh("ip", "link", "set", "p0", "up")
        sh("ip", "link", "set", "p1", "up")
        ask("capture c0")

    def lane(self, port, arrives_at=None):
        """The name of a lane to this port; a program may hand it on to another."""
        name = f"{self.name}:{port}"
        self.ue.enter()
        ask(f"tx {name} {UE} {PROXY} {port}")
        self.proxy.enter()
        ask(f"rx {name} {PROXY} {arrives_at or port}")
        ask(f"inject {name} p0")
        return name


class Row:
    """One row: a lane, how its frames are treated, whether they arrive."""

    # pylint: disable=too-many-arguments
    def __init__(self, name, path, port, *options, arrives=True, arrives_at=None, message=None,
                 mac=None):
        self.name = name
        self.options = " ".join(options + (("arrives",) if arrives else ()))
        self.arrives = arrives
        self.message = message
        self.lane = path.lane(port, arrives_at)
        self.path = path
        self.driver = ask(f"mac {self.lane} {mac}")[0] if mac else "-"

    def run(self, batch):
        """Ticks for one datagram sent, and received."""
        for _ in range(100):
            sent, received, captured, arrived, late = map(int, ask(
                f"run {self.lane} {batch} {self.options}".strip()))
            if captured != batch or arrived != (batch if self.arrives else 0):
                sys.exit(f"{self.name}: {batch} sent, {captured} captured, {arrived} arrived")
            # the kernel may put work off to a thread; then it was not measured
            if not late:
                break
        else:
            sys.exit(f"{self.name}: {late} of {batch} always late")
        return sent / batch, received / batch


def sipsec_sa(path, alg, port, spi, key, inbound=True, window=128):
    """An SA of the UE's to the proxy's port and, there, its other end."""
    words = ["spi", hex(spi), "dir", "uplink", "alg", alg, "key-file", "-"]
    path.ue.enter()
    sh("sipsec", "sa", "add", "out", "peer", PROXY, "port", str(port), *words, text=key)
    if inbound:
        path.proxy.enter()
        sh("sipsec", "sa", "add", "in", *words, "window", str(window), text=key)


def sipsec_rows():
    """Verify and sign by each algorithm, and the drop paths."""
    path = Path("sipsec")
    path.proxy.enter()
    rows = []
    for number, (alg, (_, octets, *_)) in enumerate(ALGS.items()):
        port = 5060 + number
        path.proxy.enter()
        sh("sipsec", "listen", "add", "addr", PROXY, "port", str(port), "dir", "uplink",
           "preset", "strict")
        sipsec_sa(path, alg, port, 0x4f1a2200 + number, bytes([number + 1]).hex() * octets)
        rows.append(Row(f"sipsec-{alg}", path, port))
    first = next(iter(ALGS))
    drops = {"unknown-spi": 5070, "malformed": 5071, "unprotected": 5072, "replay": 5073,
             "bad-mac": 5074}
    for number, (drop, port) in enumerate(drops.items()):
        path.proxy.enter()
        sh("sipsec", "listen", "add", "addr", PROXY, "port", str(port), "dir", "uplink",
           "preset", "strict")
        if drop not in ("malformed", "unprotected"):
            sipsec_sa(path, first, port, 0x4f1a2300 + number, bytes([number + 65]).hex() * 32,
                      inbound=drop != "unknown-spi")
        options = {"replay": ["twice"], "bad-mac": ["flip"]}.get(drop, [])
        rows.append(Row(f"drop-{drop}", path, port, *options, arrives=False,
                        message=malform if drop == "malformed" else None))
    return rows


def malform(message):
    """A stray LF in the last header line: all of the header is read to find it."""
    end = message.index(b"\r\n\r\n")
    return message[:end - 1] + b"\n" + message[end:]


def esp_rows():
    """ESP in transport mode without encryption, by each algorithm."""
    rows = []
    for number, (alg, (_, _, kind, name, octets, bits)) in enumerate(ALGS.items()):
        path = Path(f"esp-{alg}")
        key = "0x" + bytes([number + 1]).hex() * octets
        words = ["ip", "xfrm", "state", "add", "src", UE, "dst", PROXY, "proto", "esp", "spi",
                 hex(0x1000 + number), "mode", "transport", "replay-window", "128"]
        if kind == "aead":
            words += ["aead", name, key, str(bits)]
        else:
            words += ["enc", "ecb(cipher_null)", "", "auth-trunc", name, key, str(bits)]
        for place, way in ((path.ue, "out"), (path.proxy, "in")):
            place.enter()
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"# esp-{alg}: {done.stderr.strip()}", flush=True)
                break
            sh("ip", "xfrm", "policy", "add", "src", UE, "dst", PROXY, "proto", "udp", "dir", way,
               "tmpl", "src", UE, "dst", PROXY, "proto", "esp", "mode", "transport")
        else:
            rows.append(Row(f"esp-{alg}", path, 5060))
    return rows


def plain_rows():
    """No one looks; and one rule of nftables."""
    rows = [Row("plain", Path("plain"), 5060)]
    path = Path("nft")
    sh("nft", "-f", "-", text="""
        table ip bench {
            chain in {
                type filter hook input priority 0;
                udp dport 5060 counter
            }
        }""")
    rows.append(Row("nft", path, 5060))
    return rows


def covered(message):
    """As many octets as the MAC of sipsec covers: a field and PSEUDO besides."""
    return message + b" " * (FIELD + 16)


def mac_rows():
    """A plain receive, and then the bare MAC by the crypto API."""
    path = Path("mac")
    return [Row(f"mac-{alg}", path, 5060 + number, message=covered, mac=name)
            for number, (alg, (name, *_)) in enumerate(ALGS.items())]


def verifier(queue, spi, key):
    """Start the program that verifies behind NFQUEUE, in this namespace."""
    child = subprocess.Popen([VERIFIER, str(queue), hex(spi), key], stdout=subprocess.PIPE)
    atexit.register(child.kill)
    if child.stdout.readline() != b"ready\n":
        sys.exit("nfqueue: the verifier is not ready")
    return child


def nfqueue_rows():
    """A program behind NFQUEUE verifies; none where it has not been built."""
    if not VERIFIER.exists():
        print("# nfqueue: not built", flush=True)
        return []
    path, port, spi, key = Path("nfqueue"), 5060, 0x4f1a2400, "66" * 32
    sh("nft", "-f", "-", text="""
        table ip bench {
            chain in {
                type filter hook input priority 0;
                udp dport 5060 queue num 7
            }
        }""")
    verifier(7, spi, key)
    sipsec_sa(path, "hmac-sha-256-128", port, spi, key, inbound=False)
    return [Row("nfqueue-hmac-sha-256-128", path, port, "wait")]


def report(name, size, what, values, unit, driver):
    """A line of the result."""
    values = sorted(value / unit for value in values)
    print(name, size, what, f"{values[0]:.1f}", f"{values[len(values) // 2]:.1f}", driver,
          flush=True)


def main():
    """Make all rows, then let them take turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--sizes", default="300,800,1300")
    parser.add_argument("--ticks", action="store_true")
    parser.add_argument("--only")
    args = parser.parse_args()
    rows = plain_rows() + mac_rows() + sipsec_rows() + esp_rows()
    # elsewhere system calls do not cost what they should
    if args.ticks and (not args.only or "nfqueue" in args.only):
        rows += nfqueue_rows()
    if args.ticks and (not args.only or "kamailio" in args.only):
        rows += kamailio.kamailio_rows(sys.modules[__name__])
    if args.only:
        rows = [row for row in rows if row.name in args.only.split(",")]
    begin = list(map(int, ask("ticks")))
    for size in args.sizes.split(","):
        message = (HERE / f"messages/{size}.sip").read_bytes()
        sending, receiving = {}, {}
        for _ in range(args.rounds):
            for row in rows:
                text = row.message(message) if row.message else message
                if not text:
                    continue
                ask(b"message " + text)
                sent, received = row.run(args.batch)
                sending.setdefault(row.name, []).append(sent)
                receiving.setdefault(row.name, []).append(received)
        end = list(map(int, ask("ticks")))
        unit = 1 if args.ticks else (end[0] - begin[0]) / (end[1] - begin[1])
        for row in rows:
            if row.name not in receiving:
                continue
            report(row.name, size, "receive", receiving[row.name], unit, row.driver)
            if not row.name.startswith(("drop-", "mac-")):
                report(row.name, size, "send", sending[row.name], unit, row.driver)
    return 0


if __name__ == "__main__":
    sys.exit(main())
