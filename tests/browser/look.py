#!/usr/bin/python3
"""Takes a picture of every rendered page, at desktop and phone size, light and dark.

    look.py PAGES OUT [NAME...]

PAGES is what tests/browser/render wrote. The pages are served on 127.0.0.1 with the security policy of the
real server, so that what the policy forbids shows here too. The server ends with the program.
"""
import functools
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

CSP = ("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
       "base-uri 'none'; frame-ancestors 'none'")
WEB = pathlib.Path(__file__).resolve().parents[2] / "api/web"
SIZES = {"desktop": "1280,1600", "phone": "390,1600", "narrow": "320,1200"}


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def translate_path(self, path):
        return str(WEB / path[1:]) if path in ("/style.css", "/suggest.js") else super().translate_path(path)

    def log_message(self, *_):
        pass


def picture(url, size, dark, out):
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--hide-scrollbars", f"--user-data-dir={profile}", f"--window-size={size}",
                   f"--screenshot={out}", url]
        if dark:
            command.insert(-1, "--blink-settings=preferredColorScheme=0")
        subprocess.run(command, check=True, timeout=60, stderr=subprocess.DEVNULL)


def main():
    pages, out, names = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    out.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(Handler, directory=os.fspath(pages))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for page in sorted(pages.glob("*.html")):
        if names and page.stem not in names:
            continue
        url = f"http://127.0.0.1:{server.server_port}/{page.name}"
        for size, pixels in SIZES.items():
            for dark in (False, True):
                picture(url, pixels, dark, out / f"{page.stem}.{size}{'.dark' if dark else ''}.png")
    server.shutdown()


if __name__ == "__main__":
    main()
