"""Compare the listening server with one that answers canned lines, and count idle memory.

Run it as ``python tests/bench/serve.py``. The bars: at least 0.5 of the canned server's sessions
in the same run, and 1,000 idle connections in under 100 MB.
"""

import asyncio
import socket
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import relaysim

SESSIONS = 400
LINES = [b"EHLO a", b"MAIL FROM:<app@contoso.com>", b"RCPT TO:<a@example.net>", b"DATA", None]
BODY = b"From: app@contoso.com\r\n\r\nhello\r\n.\r\n"


class Canned(asyncio.Protocol):
    """Answers every line alike, but for DATA."""

    def connection_made(self, transport):
        self.transport = transport
        self.inside = False
        transport.write(b"220 canned\r\n")

    def data_received(self, data):
        if self.inside:
            if data.endswith(b"\r\n.\r\n"):
                self.inside = False
                self.transport.write(b"250 OK\r\n")
        elif data.startswith(b"DATA"):
            self.inside = True
            self.transport.write(b"354 go on\r\n")
        elif data.startswith(b"QUIT"):
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 OK\r\n")


def start_canned():
    ready, box = threading.Event(), []

    async def main():
        server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
        box.append(server.sockets[0].getsockname()[1])
        ready.set()
        await asyncio.sleep(3600)

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    ready.wait()
    return box[0]


def rate(port):
    # Processor time, which other programs on the machine do not change; client and server share it.
    start = time.process_time()
    for _ in range(SESSIONS):
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.recv(4096)
            for line in LINES:
                sock.sendall(BODY if line is None else line + b"\r\n")
                reply = sock.recv(4096)
                assert reply[:1] in b"23", reply
            sock.sendall(b"QUIT\r\n")
            while sock.recv(4096):
                pass
    return SESSIONS / (time.process_time() - start)


def resident():
    with Path("/proc/self/status").open(encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def main():
    canned = start_canned()
    with relaysim.serve("builtin:option-2", as_ip="192.168.2.55") as server:
        rate(canned), rate(server.port)
        pairs = [(rate(canned), rate(server.port)) for _ in range(5)]
        bare, ours = (statistics.median(part) for part in zip(*pairs, strict=True))
        ratio = statistics.median(served / plain for plain, served in pairs)
        print(f"canned {bare:,.0f} sessions/s, served {ours:,.0f} sessions/s: {ratio:.2f}")
        before = resident()
        socks = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
        for sock in socks:
            sock.recv(4096)
        after = resident()
        print(f"1,000 idle connections: {after - before:.1f} MB more, {after:.1f} MB in all")
        for sock in socks:
            sock.close()


if __name__ == "__main__":
    main()
