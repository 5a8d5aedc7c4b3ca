# SPDX-License-Identifier: GPL-2.0
"""What pcscf.cfg leaves to Python: header fields that have to be parsed to be
changed, and sipsec(8), which makes and asks for the SAs.

Programs are started without a shell.  The 401 with ik and ck goes to sipsec on
its standard input, so that no key is on a command line, in a file or in the
log, and comes back without them.
"""

import fcntl
import ipaddress
import json
import re
import subprocess
import time

import KSR

TOKEN = r"[-!%*_+`'~.\w]+"
QUOTED = r'"(?:[^"\\]|\\.)*"'
PARAM = re.compile(rf'\s*({TOKEN})\s*=\s*({QUOTED}|[^\s,"]+)\s*(?:,|$)',
                   re.ASCII | re.DOTALL)
# name-addr or addr-spec, and its parameters, up to the next one or the end.
CONTACT = re.compile(rf"""
    \s* (?: (?: {QUOTED} | [^"<>,;]* ) \s* < (?P<inside>[^<>]*) >
         | (?P<bare>[^\s<>",;]+) )
    (?P<params> (?: \s*;\s* (?: {QUOTED} | [^",;] )* )* )
    \s* (?:,|$)""", re.ASCII | re.DOTALL | re.VERBOSE)
SPI = re.compile(r"[0-9a-f]{1,8}\Z")
# How much longer than the registration its SAs live (TS 33.203, 7.4).
GRACE = 30
# A registration that has its 2xx so soon after its challenge needs no other
# lifetime than its SAs were given by that.
PROMPT = 30
# 64*T1: retransmissions still have to be answered.
DRAIN = 32
#: Exit status of sipsec: nothing in common (RFC 3329).
NOTHING_COMMON = 4


class Refused(Exception):
    """sipsec(8) has refused; the text is its error."""

    status = 1


def sipsec(*words, message=None):
    """(standard output, standard error) of sipsec -j words."""
    KSR.info(f"calls sipsec {words[0]} {words[1]}\n")
    done = subprocess.run(["sipsec", "-j", *words], input=message,
                          stdin=None if message else subprocess.DEVNULL,
                          capture_output=True, check=False)
    if done.returncode:
        error = Refused(done.stderr.decode(errors="replace").strip())
        error.status = done.returncode
        raise error
    return done.stdout, done.stderr


def asked(*words):
    """The JSON that sipsec -j words prints."""
    try:
        return json.loads(sipsec(*words)[0])
    except ValueError as error:
        raise Refused(f"{' '.join(words[:2])}: {error}") from error


def message():
    """The message as it was received."""
    return KSR.pv.get("$mb").encode(errors="surrogateescape")


def digest(value):
    """[(name, value as written)] of a Digest credential or challenge, or None."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    params, at = [], 0
    rest = rest.strip()
    while at < len(rest):
        match = PARAM.match(rest, at)
        if not match:
            return None
        params.append((match[1], match[2]))
        at = match.end()
    return params


def written(params):
    """The field's value again."""
    return "Digest " + ",".join(f"{name}={value}" for name, value in params)


def unquoted(value):
    """Of a quoted string, its content."""
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def fields(name):
    """The values of all header fields of a name."""
    values = []
    while True:
        value = KSR.pv.get(f"$(hdr({name})[{len(values)}])")
        if value is None:
            return values
        values.append(value)


def contacts(value):
    """[(where it leads, {parameter: value})] of the value of a Contact."""
    found = []
    for one in CONTACT.finditer(value):
        uri = (one["inside"] or one["bare"] or "").strip()
        # without the parameters, which a registrar may order anew; the user's name has
        # its case, and the rest none
        scheme, colon, rest = uri.partition(";")[0].partition(":")
        user, at, host = rest.rpartition("@")
        params = {name.lower(): unquoted(content) for name, content in
                  re.findall(rf';\s*({TOKEN})\s*(?:=\s*({QUOTED}|[^\s;,"]*))?',
                             one["params"])}
        found.append((scheme.lower() + colon + user + at + host.lower(), params))
    return found


def seconds(text):
    """Of expires; 0 where it is no number."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def peer(addr, port):
    """Where a UE is, as the parameter ue has it."""
    if ":" in addr:
        # As Kamailio writes it.
        groups = ipaddress.IPv6Address(addr.strip("[]")).exploded.split(":")
        addr = "[" + ":".join(f"{int(one, 16):x}" for one in groups) + "]"
    return f"{addr}:{port}"


def remember(spi, slot, user, impi, where):
    """$sht(user): whose an uplink SA is; where there is no private identity, it is the
    place that owns what begins there."""
    KSR.pv.sets(f"$sht(user=>{spi})", f"{slot} {user} {impi or where} {where}")


class PCscf:
    """What python_exec() calls; each returns 1, or -1 for false."""

    def __init__(self):
        self.asked_at = -1.0

    def child_init(self, _rank):
        """Called in each process of Kamailio."""
        return 0

    def listener_word(self, _msg):
        """$shv(word): what the kernel writes over what it has verified.  Where that
        cannot be had, at most once a second it is asked for again."""
        now = time.monotonic()
        if now - self.asked_at < 1:
            return -1
        self.asked_at = now
        try:
            for one in asked("listen", "list"):
                if one.get("word") and one["dir"] == "uplink":
                    KSR.pv.sets("$shv(word)", one["word"])
                    return 1
        except Refused as why:
            KSR.err(f"listener: {why}\n")
        return -1

    def authorization(self, _msg, protected):
        """Write integrity-protected into each Authorization; keep what the REGISTER
        says for its challenge."""
        client = fields("Security-Client")
        if client:
            KSR.pv.sets("$avp(client)", ", ".join(client))
        values = [digest(one) for one in fields("Authorization")]
        if None in values:
            return -1
        KSR.pv.sets("$avp(contact)", ", ".join(fields("Contact")))
        names = [value for params in values for name, value in params
                 if name.lower() == "username"]
        # Of two the S-CSCF may take the other one.
        if len(names) > 1:
            return -1
        if names:
            KSR.pv.sets("$avp(impi)", unquoted(names[0]))
        KSR.hdr.remove("Authorization")
        for params in values:
            params = [one for one in params
                      if one[0].lower() != "integrity-protected"]
            params.append(("integrity-protected", f'"{protected}"'))
            KSR.hdr.append(f"Authorization: {written(params)}\r\n")
        return 1

    def lookup(self, _msg, spi):
        """Ask the kernel whose SA it is; the answer goes to $sht(user)."""
        if not SPI.match(spi):
            return -1
        try:
            # Both of a pair have its identities.  That one's SPI is the UE's choice,
            # and may be another's too.
            one = asked("sa", "list", "out", "pair", f"0x{spi}")[0]
        except (Refused, KeyError, IndexError) as why:
            KSR.err(f"SA {spi}: {why}\n")
            return -1
        remember(spi, int(one.get("mark", "0"), 0), (one.get("impu") or [""])[0],
                 one.get("impi"), peer(one["addr"], one["port"]))
        return 1

    def offer(self, _msg):
        """$var(offer): what this proxy can do, for 421 and 494."""
        try:
            made = asked("agree", "offer")
            KSR.pv.sets("$var(offer)", made["security-server"])
        except Refused as why:
            KSR.err(f"offer: {why}\n")
            KSR.pv.sets("$var(offer)", "sipsec;ver=1;alg=hmac-sha-256-128")
        return 1

    def verify_agreement(self, _msg, spi):
        """Clause 15: the first protected REGISTER of a pair says what was
        agreed, or somebody has bid down."""
        agreed = KSR.pv.get(f"$sht(agreed=>{spi})")
        try:
            if agreed:
                client, _, server = agreed.partition("\n")
                sipsec("agree", "check", "security-client", client,
                       "security-server", server, message=message())
                return 1
            uplink = asked("sa", "get", "in", "spi", f"0x{spi}")
            if uplink["state"] != "temporary":
                return 1
        except Refused as why:
            KSR.err(f"SA {spi}: {why}\n")
        self.delete(spi)
        return -1

    @staticmethod
    def delete(spi):
        """A pair, by the SPI of its uplink SA."""
        try:
            uplink = asked("sa", "get", "in", "spi", f"0x{spi}")
            sipsec("sa", "del", "in", "spi", f"0x{spi}", "pair",
                   uplink["pair"])
        except (Refused, KeyError) as why:
            KSR.err(f"SA {spi}: {why}\n")

    def challenge(self, _msg, slots):
        """The 401: the pair of SAs is made, ik and ck are taken out."""
        client = KSR.pv.get("$avp(client)")
        addr, port = KSR.pv.get("$avp(addr)"), str(KSR.pv.get("$avp(port)"))
        if client is None:
            return self.strip()
        wanted, slot = str(KSR.pv.get("$avp(expires)") or ""), 0
        wanted = int(wanted) if re.fullmatch("[0-9]{1,7}", wanted) else 0
        try:
            words = ["peer", addr, "port", port, "security-client", client]
            # As the registration wants it; the 2xx may say otherwise.
            if wanted:
                words += ["hard-seconds", str(wanted + GRACE + PROMPT)]
            impi = KSR.pv.get("$avp(impi)")
            if impi:
                words += ["impi", impi]
            with open(__file__, encoding="ascii") as lock:
                if int(slots):
                    # Until it has its SAs another process would find it free.
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    slot = self.free_slot(addr, port, int(slots))
                    words += ["mark", str(slot)]
                out, err = sipsec("sa", "from-challenge", *words,
                                  message=message())
        except Refused as why:
            KSR.err(f"{addr}:{port}: no SAs: {why}\n")
            if why.status == NOTHING_COMMON:
                KSR.pv.seti("$avp(nothing_common)", 1)
            return -1
        made = json.loads(err)
        KSR.hdr.remove("WWW-Authenticate")
        head = re.sub(rb"\r\n[ \t]+", b" ", out.split(b"\r\n\r\n", 1)[0])
        for line in head.split(b"\r\n"):
            if line.partition(b":")[0].strip().lower() in (
                    b"www-authenticate", b"security-server"):
                KSR.hdr.append(line.decode(errors="replace") + "\r\n")
        spi = made["spi-uplink"][2:].lstrip("0")
        KSR.pv.sets(f"$sht(agreed=>{spi})",
                    f"{made['security-client']}\n{made['security-server']}")
        KSR.pv.sets(f"$sht(made=>{spi})",
                    f"{int(time.time())} {wanted} {KSR.pv.get('$tu')}")
        # Else the kernel is asked for the one that was made of To.
        if impi:
            remember(spi, slot, KSR.pv.get("$tu"), impi, peer(addr, port))
        else:
            KSR.htable.sht_rm("user", spi)
        return 1

    @staticmethod
    def strip():
        """A challenge for a UE that does not do sipsec: without the keys."""
        for value in fields("WWW-Authenticate"):
            params = digest(value)
            if params is None:
                return -1
            KSR.hdr.append("WWW-Authenticate: " + written(
                [one for one in params if one[0].lower() not in ("ik", "ck")])
                + "\r\n")
        KSR.hdr.remove("WWW-Authenticate")
        return 1

    @staticmethod
    def free_slot(addr, port, slots):
        """The packet mark of a user among those behind one address and port:
        his own again, or one that nobody else has."""
        impi, others = KSR.pv.get("$avp(impi)"), set()
        for one in asked("sa", "list", "out", "addr", addr, "port", port):
            mark = int(one.get("mark", "0"), 0)
            if one.get("impi") == impi and mark:
                return mark
            others.add(mark)
        for slot in range(1, slots + 1):
            if slot not in others:
                return slot
        raise Refused(f"all {slots} slots are in use")

    def registered(self, _msg):
        """The 2xx: the SAs live as long as the registration and a little
        longer, and the core has told his identities and Service-Route."""
        spi = KSR.pv.get("$avp(spi)")
        if not spi:
            return 1
        users = [one for value in fields("P-Associated-URI")
                 for one in re.findall(r"<([^>]*)>", value)]
        if not self.as_made(spi, self.expires(), users):
            self.change(spi, self.expires(), users)
        KSR.htable.sht_rm("agreed", spi)
        KSR.htable.sht_rm("made", spi)
        route = ", ".join(fields("Service-Route"))
        if route:
            KSR.pv.sets(f"$sht(serviceroute=>{spi})", route)
        else:
            KSR.htable.sht_rm("serviceroute", spi)
        known = (KSR.pv.get(f"$sht(user=>{spi})") or "").split(" ")
        if users and len(known) == 4:
            remember(spi, known[0], users[0], *known[2:])
        return 1

    @staticmethod
    def as_made(spi, granted, users):
        """Is what the 2xx says what the SAs were given at the challenge?"""
        made = KSR.pv.get(f"$sht(made=>{spi})")
        if not made or not granted:
            return False
        when, wanted, user = made.split(" ", 2)
        return (int(wanted) == granted and users in ([], [user])
                and 0 <= time.time() - int(when) <= PROMPT)

    @staticmethod
    def change(spi, granted, users):
        """The SAs of a registration for so many seconds, of these users."""
        life = granted + GRACE if granted else DRAIN
        try:
            uplink = asked("sa", "get", "in", "spi", f"0x{spi}")
            words = ["hard-seconds", str(uplink["age"] + life)]
            more = [word for one in users[:16] for word in ("impu", one)]
            sipsec("sa", "set", "in", "spi", f"0x{spi}", *words, *more)
            # where it leads, which need not be where this REGISTER came from
            out = asked("sa", "list", "out", "pair", f"0x{spi}")[0]
            sipsec("sa", "set", "out", "spi", out["spi"], "peer", out["addr"],
                   "port", str(out["port"]), *words)
        except (Refused, KeyError, IndexError) as why:
            KSR.err(f"SA {spi}: {why}\n")

    @staticmethod
    def expires():
        """The longest that the 2xx grants to a contact of this REGISTER: the user's others
        are other UEs'.  Where none of it is there, as where the registrar writes them anew,
        the longest of all, if it has asked for any time."""
        default = KSR.pv.get("$hdr(Expires)") or ""
        asked_for = contacts(KSR.pv.get("$avp(contact)") or "")
        granted = [(uri, seconds(params.get("expires", default)))
                   for value in fields("Contact") for uri, params in contacts(value)]
        mine = [life for uri, life in granted if uri in dict(asked_for)]
        wanted = KSR.pv.get("$avp(expires)") or "1"
        if not mine and any(seconds(params.get("expires", wanted)) for _, params in asked_for):
            mine = [life for _, life in granted]
        return max(mine, default=0)

    def refused(self, _msg):
        """A temporary pair with which the registration has failed is not
        needed but for retransmissions."""
        spi = KSR.pv.get("$avp(spi)")
        try:
            if spi:
                uplink = asked("sa", "get", "in", "spi", f"0x{spi}")
                if uplink["state"] == "temporary":
                    sipsec("sa", "set", "in", "spi", f"0x{spi}",
                           "temporary-seconds", str(uplink["age"] + DRAIN))
        except (Refused, KeyError) as why:
            KSR.err(f"SA {spi}: {why}\n")
        return 1


def mod_init():
    """Called by app_python3."""
    return PCscf()
