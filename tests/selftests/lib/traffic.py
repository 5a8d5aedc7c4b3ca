# SPDX-License-Identifier: GPL-2.0
"""Traffic that goes on while something else is done."""

import ctypes
import os
import select
import signal
import threading

from .tap import DEADLINE, check


class Traffic:
    """Threads and processes that run until they are stopped; what threads
    raise, and a process that does not come to its end, fails the case."""

    def __init__(self):
        self.stop = threading.Event()
        self.threads = []
        # of processes: (process, where it says its count)
        self.children = []
        # whose end tells all of them to stop
        self.running = os.pipe()
        #: How often steps of processes returned what is true, once all have ended.
        self.done = 0
        self.errors = []

    def fork(self, step, nice=15):
        """Call step() again and again in a process, of low priority so that
        the test itself gets on."""
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            self.children.append((child, read))
            return
        try:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # with its parent
            os.nice(nice)
            os.close(self.running[1])
            done = 0
            while not select.select([self.running[0]], [], [], 0)[0]:
                done += bool(step())
            os.write(write, b"%d" % done)
        finally:
            os._exit(1)

    def reap(self):
        """The processes end."""
        for end in reversed(self.running):
            os.close(end)
        for child, read in self.children:
            said = select.select([read], [], [], DEADLINE)[0] and os.read(read, 20)
            os.close(read)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            if said:
                self.done += int(said)
            else:
                self.errors.append(AssertionError("a process of traffic has failed"))

    def start(self, step, *args):
        """Call step(*args) again and again."""
        def body():
            try:
                while not self.stop.is_set():
                    step(*args)
            except BaseException as error:  # pylint: disable=broad-except
                self.errors.append(error)

        thread = threading.Thread(target=body, daemon=True)
        self.threads.append(thread)
        thread.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop.set()
        self.reap()
        for thread in self.threads:
            thread.join(DEADLINE)
            check(not thread.is_alive(), "a thread does not end")
        if kind is None and self.errors:
            raise self.errors[0]


def sender(sock, payloads, where):
    """A step that sends, whatever the network says to it; true if it took all."""
    def step():
        took = True
        for one in payloads:
            try:
                sock.sendto(one, where)
            except OSError:
                took = False
        return took
    return step
