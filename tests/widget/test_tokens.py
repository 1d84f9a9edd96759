"""Who a visitor is: wrong, expired, foreign and replayed proofs are refused, never read as "anonymous" (clause 4.1)."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from psycopg import Connection

from app.actions import webchat
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from tests.widget.conftest import Visitor, one, proof, shown, signed, words_of

pytestmark = pytest.mark.clause("4.1")


def test_who_the_site_has_signed_in_is_known_in_every_browser(app: Flask, key: str) -> None:
    phone, office = Visitor(app, key), Visitor(app, key)
    assert phone.enters(proof(key)).json["signed"] is True
    phone.says("Telefondan")
    assert words_of(shown(office.enters(proof(key, jti="2")).json)) == ["Telefondan"]
    assert one("SELECT count(*) FROM customer") == 1


def test_the_sites_own_number_of_the_client_stands_nowhere_in_the_clear(
    app: Flask, key: str, superuser: "Connection[tuple[object, ...]]"
) -> None:
    visitor = Visitor(app, key)
    visitor.enters(proof(key, "PINFL-31505851234567"))
    visitor.says("Salom")
    rows = "".join(
        str(superuser.execute(f"SELECT * FROM {table}").fetchall()) for table in ("widget_token", "identity")
    )
    assert "31505851234567" not in rows


def test_a_reload_with_the_same_proof_is_the_same_visitor_even_when_it_has_expired(app: Flask, key: str) -> None:
    visitor, told = Visitor(app, key), proof(key)
    visitor.enters(told)
    visitor.says("Salom")
    assert words_of(shown(visitor.enters(told).json)) == ["Salom"]


def test_a_proof_that_was_overheard_opens_nothing(app: Flask, key: str) -> None:
    told = proof(key)
    Visitor(app, key).enters(told)
    refused(Visitor(app, key), told)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 4_000_000_000},
        {"aud": "another-chat"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 77},
        {"nbf": 4_000_000_000},
    ],
)
def test_a_proof_with_wrong_claims_is_refused(app: Flask, key: str, claims: dict[str, object]) -> None:
    refused(Visitor(app, key), proof(key, **claims))  # type: ignore[arg-type]


def test_who_was_refused_is_not_let_in_as_anonymous(app: Flask, key: str) -> None:
    visitor = Visitor(app, key)
    refused(visitor, proof(key, exp=1_700_000_000))
    assert visitor.says("Salom").status_code == 401
    assert one("SELECT count(*) FROM widget_token") == 0


def test_a_clock_that_is_half_a_minute_off_is_forgiven(app: Flask, key: str) -> None:
    now = int(clock.now().timestamp())
    assert Visitor(app, key).enters(proof(key, exp=now - 30, iat=now - 90)).status_code == 200
    assert Visitor(app, key).enters(proof(key, iat=now + 30, nbf=now + 30)).status_code == 200


def test_a_foreign_signature_and_another_algorithm_are_refused(app: Flask, key: str) -> None:
    body = {"aud": key, "sub": "cl-77", "exp": int(clock.now().timestamp()) + 300}
    good = proof(key)
    refused(Visitor(app, key), signed(body, secret="boshqa-kalit-" * 4))
    refused(Visitor(app, key), signed(body, {"alg": "none"}).rpartition(".")[0] + ".")
    refused(Visitor(app, key), signed(body, {"alg": "RS256"}))
    refused(Visitor(app, key), signed(body, {"alg": "HS256", "crit": ["x"]}))
    refused(Visitor(app, key), good[:-4] + "AAAA")
    refused(Visitor(app, key), good.replace(".", "", 1))
    refused(Visitor(app, key), "a.b.c")
    refused(Visitor(app, key), "." * 9000)


def test_the_public_key_is_no_shared_secret(app: Flask, key: str) -> None:
    """The old confusion: a token signed by HMAC with the published RSA key (RFC 8725, section 2.1)."""
    private = generate_private_key(65537, 2048)
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    wish = webchat.Wish("Second site", proof="RS256", proof_key=pem)
    rsa = webchat.connect(wish, SYSTEM, HERE, clock.now()).key
    body = {"aud": rsa, "sub": "cl-77", "exp": int(clock.now().timestamp()) + 300}
    refused(Visitor(app, rsa), signed(body, secret=pem))
    assert Visitor(app, rsa).enters(_rs256(private, body)).status_code == 200


def test_a_chat_without_a_key_believes_nobody(app: Flask, key: str) -> None:
    plain = webchat.connect(webchat.Wish("Plain site"), SYSTEM, HERE, clock.now()).key
    refused(Visitor(app, plain), proof(plain))


def test_an_anonymous_token_does_not_become_somebody(app: Flask, key: str) -> None:
    visitor = Visitor(app, key)
    visitor.enters()
    refused(visitor, proof(key))


def test_a_signed_token_without_its_proof_opens_nothing_at_the_door(app: Flask, key: str) -> None:
    visitor = Visitor(app, key)
    visitor.enters(proof(key))
    assert visitor.enters().status_code == 401


def test_leaving_forgets_the_token(app: Flask, key: str) -> None:
    visitor = Visitor(app, key)
    visitor.enters(proof(key))
    visitor.says("Salom")
    assert visitor.post("leave").status_code == 204
    assert visitor.get().status_code == 401


def test_only_the_hash_of_a_token_is_kept(dilshod: Visitor, superuser: "Connection[tuple[object, ...]]") -> None:
    rows = superuser.execute("SELECT * FROM widget_token").fetchall()
    assert rows
    assert dilshod.token not in str(rows)


@pytest.mark.parametrize("token", ["", "short", "x" * 200, "ж" * 43, "' OR 1=1 --" + "a" * 32])
def test_a_token_of_another_shape_is_refused(app: Flask, key: str, token: str) -> None:
    visitor = Visitor(app, key)
    visitor.token = token.encode().decode("latin-1")
    assert visitor.enters().status_code == 401


def test_a_token_of_one_chat_opens_no_other(app: Flask, key: str, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    dilshod.key = webchat.connect(webchat.Wish("Second site"), SYSTEM, HERE, clock.now()).key
    assert dilshod.get().status_code == 401


def test_a_stranger_reads_nothing(app: Flask, key: str, dilshod: Visitor) -> None:
    dilshod.says("Sirim bor")
    stranger = Visitor(app, key)
    assert stranger.get().status_code == 401
    stranger.enters()
    assert "Sirim" not in stranger.get().get_data(as_text=True)


def refused(visitor: Visitor, told: str) -> None:
    answer = visitor.enters(told)
    assert (answer.status_code, answer.json["error"]) == (403, "ProofRefused"), told[:60]


def _rs256(key: RSAPrivateKey, body: dict[str, object]) -> str:
    said = ".".join(_coded(json.dumps(one).encode()) for one in ({"alg": "RS256"}, body))
    return f"{said}.{_coded(key.sign(said.encode(), PKCS1v15(), SHA256()))}"


def _coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
