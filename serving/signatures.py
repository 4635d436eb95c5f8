"""Signatures of manifests, made and checked by `ssh-keygen -Y`; keys stay where their owners keep them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from serving.manifest import FILE_NAME
from tierline.errors import ConfigError, PublishError

SIGNATURE: Final = f"{FILE_NAME}.sig"
NAMESPACE: Final = "tierline-manifest"
"""What the signature is for: one made for another purpose does not count."""


def sign_manifest(publication: Path, key: Path) -> Path:
    """Signs the manifest of a publication with a private key, or a public one whose private half an agent holds.

    Gives the file of the signature, beside the manifest. Raises ConfigError where the key is not there, PublishError
    where the publication has no manifest, or is signed already, or `ssh-keygen` refuses.
    """
    manifest, signature = publication / FILE_NAME, publication / SIGNATURE
    if not key.is_file():
        raise ConfigError(f"there is no key {key.name}", remedy="Make one: ssh-keygen -t ed25519 -f KEY")
    if not manifest.is_file():
        raise PublishError(f"{publication.name} has no manifest", remedy="Publish the run first.")
    if signature.exists():
        raise PublishError(
            f"the manifest of {publication.name} is signed already",
            remedy=f"Check it with `tierline verify`; to sign anew, move {SIGNATURE} away first.",
        )
    done = _ssh_keygen(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(manifest)])
    if done.returncode != 0:
        raise PublishError(
            f"ssh-keygen could not sign: {_told(done)}",
            remedy="A key with a passphrase needs an agent: ssh-add KEY, then name the public key file.",
        )
    return signature


def signer_of(publication: Path, allowed_signers: Path | None) -> str:
    """Gives who signed the manifest, or the fingerprint of the key where no file of allowed signers is given.

    Raises PublishError where there is no signature, it is not of these bytes, or its key is not an allowed one.
    """
    signature = publication / SIGNATURE
    if not signature.is_file():
        raise PublishError("the manifest is not signed", remedy=f"Sign it: tierline sign {publication.name} --key KEY")
    common = ["-n", NAMESPACE, "-s", str(signature)]
    content = (publication / FILE_NAME).read_bytes()
    if allowed_signers is None:
        return _checked(["-Y", "check-novalidate", *common], content)
    if not allowed_signers.is_file():
        raise ConfigError(
            f"there is no file {allowed_signers.name} of allowed signers",
            remedy="Each line is a name and a public key; see ALLOWED SIGNERS in the manual of ssh-keygen.",
        )
    signers = ["-f", str(allowed_signers)]
    found = _checked(["-Y", "find-principals", "-s", str(signature), *signers], b"")
    name = found.splitlines()[0]
    _checked(["-Y", "verify", *signers, "-I", name, *common], content)
    return name


def _checked(arguments: Sequence[str], content: bytes) -> str:
    done = _ssh_keygen(arguments, content)
    if done.returncode != 0:
        raise PublishError(
            f"the signature does not hold: {_told(done)}",
            remedy="The manifest was changed after it was signed, or another key signed it; ask who published it.",
        )
    return done.stdout.decode(errors="replace").strip()


def _ssh_keygen(arguments: Sequence[str], content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        # a session of its own has no terminal, so that a key with a passphrase fails instead of asking and waiting
        return subprocess.run(
            ["ssh-keygen", *arguments], input=content, capture_output=True, check=False, start_new_session=True
        )
    except FileNotFoundError:
        raise ConfigError("there is no ssh-keygen on this machine", remedy="Install OpenSSH.") from None


def _told(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"
