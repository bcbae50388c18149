"""A dialogue behind a socket, so that a real SMTP client can talk to it. Tests only."""

import contextlib
import smtplib
import socket
import threading

from relaysim.smtp.record import SmtpStage


class Served:
    """Serve one conversation over a socket pair; a context manager that gives the client's end.

    ``context`` is the server's TLS context, ``None`` where no certificate can be made: STARTTLS
    is then agreed on, and both sides go on in clear text.
    """

    def __init__(self, conversation, context=None):
        self.conversation = conversation
        self.context = context
        self.error = None

    def __enter__(self):
        self.near, far = socket.socketpair()
        self.near.settimeout(10)
        far.settimeout(10)
        self.thread = threading.Thread(target=self._serve, args=(far,), daemon=True)
        self.thread.start()
        return self.near

    def __exit__(self, *_exc):
        self.near.close()
        self.thread.join(10)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error

    def _serve(self, sock):
        try:
            send(sock, self.conversation.opening)
            while not self.conversation.closed:
                data = sock.recv(65536)
                if not data:
                    break
                for exchange in self.conversation.receive(data):
                    send(sock, exchange)
                    if exchange.moment is SmtpStage.STARTTLS and exchange.positive and self.context:
                        sock = self.context.wrap_socket(sock, server_side=True)
        except (ConnectionError, TimeoutError):
            pass
        except Exception as error:  # noqa: BLE001 - handed to the test
            self.error = error
        finally:
            with contextlib.suppress(OSError):
                sock.close()


def send(sock, exchange):
    if exchange.reply:
        sock.sendall("".join(f"{line}\r\n" for line in exchange.reply).encode())


class PairedSMTP(smtplib.SMTP):
    """smtplib's client on a socket that is connected already."""

    def __init__(self, sock):
        self._given = sock
        super().__init__("localhost", 25, local_hostname="client.example", timeout=10)

    def _get_socket(self, host, port, timeout):  # noqa: ARG002
        return self._given
