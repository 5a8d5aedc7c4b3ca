# SPDX-License-Identifier: GPL-2.0
"""Traffic that goes on while something else is done."""

import ctypes
import os
import signal
import threading

from .tap import DEADLINE, check


class Traffic:
    """Threads and processes that run until they are stopped; what threads
    raise fails the case."""

    def __init__(self):
        self.stop = threading.Event()
        self.threads = []
        self.children = []
        self.errors = []

    def fork(self, step):
        """Call step() again and again in a process of low priority, so that
        the test itself gets on."""
        child = os.fork()
        if child:
            self.children.append(child)
            return
        try:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # with its parent
            os.nice(15)
            while True:
                step()
        finally:
            os._exit(1)

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
        for child in self.children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for thread in self.threads:
            thread.join(DEADLINE)
            check(not thread.is_alive(), "a thread does not end")
        if kind is None and self.errors:
            raise self.errors[0]


def sender(sock, payloads, where):
    """A step that sends, whatever the network says to it."""
    def step():
        for one in payloads:
            try:
                sock.sendto(one, where)
            except OSError:
                pass
    return step
