"""A signature holds for these bytes and this key, and for nothing else."""

import shutil
import subprocess
from pathlib import Path

import pytest

from serving.signatures import sign_manifest, signer_of
from serving.verification import Expectations, is_sound, verify_publication
from tierline.errors import ConfigError, PublishError

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path / "key")


@pytest.fixture
def signers(key: Path, tmp_path: Path) -> Path:
    return allow(tmp_path / "signers", key)


def make_key(path: Path, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)], check=True)
    return path


def allow(path: Path, key: Path) -> Path:
    public = key.with_name(f"{key.name}.pub").read_text(encoding="utf-8")
    path.write_text(f"publisher@example.org {public}", encoding="utf-8")
    return path


def test_a_signed_manifest_names_its_signer(published: Path, key: Path, signers: Path) -> None:
    assert sign_manifest(published / "c", key) == published / "c" / "manifest.json.sig"

    assert signer_of(published / "c", signers) == "publisher@example.org"
    assert "SHA256:" in signer_of(published / "c", None)
    assert is_sound(verify_publication(published, "c", Expectations(signers)))


def test_a_manifest_changed_after_signing_does_not_hold(published: Path, key: Path, signers: Path) -> None:
    sign_manifest(published / "c", key)
    path = published / "c" / "manifest.json"
    path.write_bytes(path.read_bytes() + b" ")

    for allowed in (signers, None):
        with pytest.raises(PublishError, match="does not hold"):
            signer_of(published / "c", allowed)
    assert not is_sound(verify_publication(published, "c", Expectations(signers)))


def test_the_signature_of_a_stranger_does_not_hold(published: Path, signers: Path, tmp_path: Path) -> None:
    sign_manifest(published / "c", make_key(tmp_path / "stranger"))

    with pytest.raises(PublishError, match="does not hold"):
        signer_of(published / "c", signers)


def test_who_asks_for_signers_does_not_take_an_unsigned_manifest(published: Path, signers: Path) -> None:
    assert is_sound(verify_publication(published, "c", Expectations()))
    assert not is_sound(verify_publication(published, "c", Expectations(signers)))


def test_a_signature_is_never_replaced_in_silence(published: Path, key: Path) -> None:
    sign_manifest(published / "c", key)

    with pytest.raises(PublishError, match="signed already"):
        sign_manifest(published / "c", key)


def test_a_key_that_asks_for_a_passphrase_fails_and_does_not_wait(published: Path, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="could not sign"):
        sign_manifest(published / "c", make_key(tmp_path / "locked", "a passphrase"))


def test_files_that_are_not_there_are_told(published: Path, key: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no key nowhere"):
        sign_manifest(published / "c", tmp_path / "nowhere")
    with pytest.raises(PublishError, match="has no manifest"):
        sign_manifest(published / "z", key)
    sign_manifest(published / "c", key)
    with pytest.raises(ConfigError, match="allowed signers"):
        signer_of(published / "c", tmp_path / "nowhere")
