# SPDX-License-Identifier: MIT
"""A server for curl.sh. usage: curl.py CERTIFICATE KEY

Prints its two ports, of HTTP and HTTPS, and serves on 127.0.0.1 until its input
ends. Says nothing that differs between two runs.
"""
import gzip
import http.server
import ssl
import sys
import threading

BIG = b"".join(b"line %6d of many\n" % i for i in range(200000))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, status=200, headers=()):
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers = (*headers, ("Content-Encoding", "gzip"))
        self.send_response_only(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-From", "curl.py")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        if self.path == "/big":
            self.answer(BIG)
        elif self.path == "/redirect":
            self.answer(b"moved\n", 302, (("Location", "/headers"),
                                          ("Set-Cookie", "taste=sweet")))
        elif self.path == "/headers":
            self.answer("".join(
                f"{name}: {value}\n" for name, value in self.headers.items()
                if name.startswith("X-") or name == "Cookie").encode())
        elif self.path.startswith("/text"):
            self.answer(b"a text of this server\n")
        else:
            self.answer(b"not here\n", 404)

    do_HEAD = do_GET

    def do_POST(self):
        if self.headers.get("Expect") == "100-continue":
            pass  # told by the base class
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/parts":  # without what is between them: it is random
            body = b"".join(line for line in body.splitlines(True)
                            if not line.startswith(b"--"))
        self.answer(self.command.encode() + b" " + body)

    do_PUT = do_POST

    def log_message(self, *_):
        pass


def main():
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    secure = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:3])
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    for server in plain, secure:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(plain.server_port, secure.server_port, flush=True)
    sys.stdin.read()


main()
