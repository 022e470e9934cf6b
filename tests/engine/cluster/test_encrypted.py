"""A cluster that is encrypted, by the settings that the help names."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgui.cli.answers import FAILED, WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.cluster.parts import Cluster, same_stacks

pytest.importorskip("distributed", reason="Dask is not installed")
x509 = pytest.importorskip("cryptography.x509")


def certificate(file: Path) -> None:
    """Write a certificate that vouches for itself, with its key."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stackgui")])
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    number = x509.random_serial_number()
    asked = x509.CertificateBuilder(name, name, key.public_key(), number, now - day, now + 2 * day)
    asked = asked.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = asked.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))


@pytest.fixture
def cluster(tmp_path, monkeypatch) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    certificate(folder / "all.pem")
    for name in ("CA_FILE", "SCHEDULER__CERT", "WORKER__CERT", "CLIENT__CERT"):
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}", str(folder / "all.pem"))
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION", "True")
    made = Cluster(folder, scheme="tls")
    yield made
    made.end()


@pytest.mark.timeout(300)
def test_a_stack_is_made_and_nobody_without_a_certificate_is_let_in(
    engine, scan, pictures, tmp_path, cluster, monkeypatch
):
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    coordinator = cluster.convert(pictures, tmp_path / "two")
    assert coordinator.wait(200) == WITH_FAILURES, coordinator.log()
    assert "listens at tls://" in cluster.parts["scheduler"].log()
    same_stacks(tmp_path / "one", tmp_path / "two")
    for name in ("TLS__CA_FILE", "TLS__WORKER__CERT", "TLS__CLIENT__CERT", "REQUIRE_ENCRYPTION"):
        monkeypatch.delenv(f"DASK_DISTRIBUTED__COMM__{name}")
    for name, words in {
        "bare worker": ("cluster", "worker", cluster.address),
        "bare client": ("scan", str(pictures), "--cluster", cluster.address),
    }.items():
        part = cluster.part(name, *words)
        assert part.wait(100) == FAILED, part.log()
        part.end()
        assert "this computer has no certificate" in part.log()
        assert part.log().count("\n") == 1, "one sentence, and no traceback"
    assert "Traceback" not in cluster.parts["scheduler"].log()
