import json
import socket
import threading
import unittest
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from handler import ask_page, investigate, milliseconds

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.json"))


class Cases(unittest.TestCase):
    """One test for each case, made below."""

    maxDiff = None

    def check(self, case):
        request, page = case["request"], case.get("statusPage")
        clock = datetime.fromisoformat(case["now"])

        def ask(url, wait):
            nonlocal clock
            self.assertIsNotNone(page, "nothing may be asked in this case")
            self.assertEqual(url, request["runbook"]["parameters"]["statusPage"])
            self.assertEqual(milliseconds(wait), page["waitsMs"])
            clock += timedelta(milliseconds=page["takesMs"])
            if "timesOut" in page:
                raise TimeoutError
            if "fails" in page:
                raise OSError(page["fails"])
            return page["status"]

        self.assertEqual(investigate(request, ask, lambda: clock), case["result"])


for path in CASES:
    name = f"test_{path.stem.replace('-', '_')}"
    setattr(Cases, name, lambda self, path=path: self.check(json.loads(path.read_text("utf-8"))))


class RealPage(unittest.TestCase):
    """Asks a real page, on this machine."""

    def setUp(self):
        class Down(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(503)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Down)
        self.addCleanup(self.server.server_close)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.shutdown)

    def test_its_status(self):
        self.assertEqual(ask_page(f"http://127.0.0.1:{self.server.server_port}/", timedelta(seconds=5)), 503)

    def test_no_answer_in_time(self):
        # Connections are taken, and nobody answers.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            with self.assertRaises(TimeoutError):
                ask_page(f"http://127.0.0.1:{silent.getsockname()[1]}/", timedelta(milliseconds=50))

    def test_nobody_there(self):
        with self.assertRaises(ConnectionRefusedError):
            ask_page("http://127.0.0.1:2/", timedelta(seconds=5))


if __name__ == "__main__":
    unittest.main()
