"""The demo for a phone: `make phone` serves it over HTTPS on the local network. DEMO=1 only.

A browser keeps a worker, a camera and keys only for pages that came over HTTPS from a certificate it trusts. So a
certificate authority of this machine's own is made once under FIELDVISIT_DATA/phone, and a fresh certificate for this
machine's address at each start. The phone fetches the authority over plain HTTP, once, and its owner trusts it.

ADDRESS  how phones reach this machine: an IP address of a private network or NAME.local; found by itself
PORT     of the demo; 8443.   CA_PORT  of the page with the authority; one more
"""

import ipaddress
import os
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import segno
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

ROOT = Path(__file__).resolve().parent.parent
FILE = "fieldvisit-demo-ca.crt"
# iOS refuses server certificates of more than 825 days, those of public authorities of more than 398: take the less.
LEAF = timedelta(days=398)
DAY = timedelta(days=1)


def address():
    """How this machine is reached from its network: the address it would send from. No packet leaves."""
    if wanted := os.environ.get("ADDRESS"):
        return wanted
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: nobody's
        except OSError:
            sys.exit("This machine is on no network: join the phone's Wi-Fi, or name the address: make phone ADDRESS=…")
        return probe.getsockname()[0]


def authority(folder):
    """The certificate authority kept in `folder`, made on first use; its key is this user's alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, certificate = folder / "ca.key", folder / "ca.pem"
    if not (key.exists() and certificate.exists()):
        made = trustme.CA(organization_name="Fieldvisit demo", organization_unit_name=f"CA of {socket.gethostname()}")
        _write(key, made.private_key_pem.bytes())
        _write(certificate, made.cert_pem.bytes())
    return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())


def leaf(ca, folder, host):
    """(certificate, key) as files, for `host` and this machine itself."""
    now = datetime.now(UTC).replace(tzinfo=None)
    issued = ca.issue_cert(host, "localhost", "127.0.0.1", not_before=now - DAY, not_after=now - DAY + LEAF)
    # granian reads PKCS#8 only
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = b"".join(each.bytes() for each in issued.cert_chain_pems)
    return _write(folder / "server.pem", chain), _write(folder / "server.key", pem)


def _write(path, data):
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path


def fingerprint(ca):
    """As both phones show it: SHA-256 of the certificate, in pairs."""
    return x509.load_pem_x509_certificate(ca.cert_pem.bytes()).fingerprint(SHA256()).hex(":").upper()


def offer(ca, url, port):
    """The page with the authority, over plain HTTP: the fingerprint on this machine's screen is what vouches for it."""
    der = x509.load_pem_x509_certificate(ca.cert_pem.bytes()).public_bytes(Encoding.DER)
    page = (ROOT / "config" / "phone.html").read_text()
    answers = {
        "/": ("text/html; charset=utf-8", page.format(file=FILE, url=url).encode()),
        f"/{FILE}": ("application/x-x509-ca-cert", der),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self):
            kind, body = answers.get(self.path, ("text/plain", b"not found"))
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    try:
        server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    except OSError:
        sys.exit(f"Port {port} is in use: choose another one, for example CA_PORT={port + 1}.")
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    host, port = address(), int(os.environ.get("PORT", "8443"))
    ca_port = int(os.environ.get("CA_PORT", str(port + 1)))
    url, sys.path[:1] = f"https://{_bracketed(host)}:{port}", [str(ROOT)]
    os.chdir(ROOT)
    os.environ |= {"PORT": str(port), "HOST": "0.0.0.0", "PHONE": "1", "PUBLIC_URL": url}
    os.environ |= {"ALLOWED_HOSTS": f"{_bracketed(host)},localhost,127.0.0.1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        if not settings.DEMO:
            sys.exit("make phone serves the demo only: for work, put the server behind a proxy (docs/operations.md).")
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    from config import serve

    folder = settings.FIELDVISIT_DATA / "phone"
    ca = authority(folder)
    certificate, key = leaf(ca, folder, host)
    os.environ |= {"GRANIAN_SSL_CERTIFICATE": str(certificate), "GRANIAN_SSL_KEYFILE": str(key)}
    os.environ |= {"GRANIAN_SSL_PROTOCOL_MIN": "tls1.2"}
    fetch = f"http://{_bracketed(host)}:{ca_port}/"
    offer(ca, url, ca_port)
    serve.main(said=lambda greeting: tell(fetch, fingerprint(ca), f"{url}/m/", greeting))


def tell(fetch, print_, url, greeting):
    print(f"\n1. 每部手机一次 · once per phone:  {fetch}")
    qr(fetch)
    print(f"   SHA-256 {print_[:47]}\n           {print_[48:]}")
    print("   Android  设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书")
    print("            Settings → Security → Encryption & credentials → Install a certificate → CA certificate")
    print("   iOS      设置 → 已下载描述文件 → 安装；再到 通用 → 关于本机 → 证书信任设置，打开")
    print("            Settings → Profile Downloaded → Install; then General → About → Certificate Trust Settings: on")
    print("   Remove it from the phone when you have done: who has the key of this authority can vouch for any site.")
    print(f"\n2. {url}  (添加到主屏幕 · add it to the home screen)")
    qr(url)
    print(greeting, flush=True)


def qr(text):
    segno.make(text, error="m").terminal(compact=True)


def _bracketed(host):
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


if __name__ == "__main__":
    main()
