"""Over TLS it is the name that is asked for and has to be certified, though the connection goes to an IP address."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rag.errors import InputError
from rag.fetching import Fetcher, Policy
from tests.fetching.site import Hours, Resolver, Site, answer, moved


def certified(folder, *names, days=1):
    """A server's side of TLS that is certified for these names, the file of who certified it, and the names that it is asked for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of this test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authorities = folder / f"{names[0]}.pem"
    authorities.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / f"{names[0]}.key"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authorities, private)
    asked = []
    tls.sni_callback = lambda connection, name, context: asked.append(name)
    return tls, authorities, asked


def over_tls(site, authorities):
    policy = Policy(lambda ip: str(ip) == "127.0.0.1", frozenset({site.port}), authorities)
    return Fetcher(policy, lookup=Resolver(), clock=Hours().clock())


def test_the_name_is_asked_for_and_certified(tmp_path):
    tls, authorities, asked = certified(tmp_path, "news.example")
    with Site({"/": answer(b"here")}, tls) as site:
        got = over_tls(site, authorities).fetch(f"https://news.example:{site.port}/")
        assert got.data == b"here"
        assert site.requests[-1].fields["host"] == f"news.example:{site.port}"
    assert asked == ["news.example"] * 2


@pytest.mark.parametrize(
    ("names", "days", "reason"),
    [(["other.example"], 1, "Hostname mismatch"), (["127.0.0.1"], 1, "Hostname mismatch"), (["news.example"], -1, "certificate has expired")],
)
def test_a_certificate_for_another_name_or_day_is_refused(tmp_path, names, days, reason):
    tls, authorities, _ = certified(tmp_path, *names, days=days)
    with Site({"/": answer(b"here")}, tls) as site:
        with pytest.raises(InputError, match=rf"the server cannot prove that it is news.example \({reason}"):
            over_tls(site, authorities).fetch(f"https://news.example:{site.port}/")
        assert site.requests == []


def test_who_is_not_known_certifies_nothing_whatever_the_environment_says(tmp_path, monkeypatch):
    tls, authorities, _ = certified(tmp_path, "news.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    with Site({"/": answer(b"here")}, tls) as site, pytest.raises(InputError, match=r"cannot prove that it is news.example \(self-signed"):
        over_tls(site, None).fetch(f"https://news.example:{site.port}/")


def test_a_redirect_out_of_encryption_is_refused(tmp_path):
    tls, authorities, _ = certified(tmp_path, "news.example")
    with Site({}, tls) as site:
        site.answers["/"] = moved(f"http://news.example:{site.port}/")
        with pytest.raises(InputError, match="which is not encrypted"):
            over_tls(site, authorities).fetch(f"https://news.example:{site.port}/")


def test_who_does_not_speak_tls_is_told():
    with Site({"/": answer(b"here")}) as site, pytest.raises(InputError, match="there is no connection to the server"):
        over_tls(site, None).fetch(f"https://news.example:{site.port}/")
