"""One answer to one question over HTTP: paced, timed, redirected only where that is safe, with the secret in place."""

from collections.abc import Mapping
from urllib.parse import urljoin

import requests

from ingest.connection_base import HttpConnection
from ingest.connectors.addresses import is_address, is_confidential, origin_of, with_parameters, without_parameters
from ingest.connectors.clock import Clock
from ingest.connectors.credentials import Secret
from ingest.connectors.pacing import Deadline, HostPacer, Interrupted
from tierline import __version__
from tierline.errors import FetchError

_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_AGENT = f"tierline/{__version__}"


class _OneStepSession(requests.Session):
    """A session that looks at no redirect itself: the library would read the body of one whole, however long it is."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Gives none."""


class Transport:
    """Asks servers as the connection says; the secret goes to the origin of the connection's address alone."""

    def __init__(self, policy: HttpConnection, secret: Secret | None, pacer: HostPacer, clock: Clock) -> None:
        self._policy, self._secret, self._pacer, self._clock = policy, secret, pacer, clock
        self._session = _OneStepSession()

    def open(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> requests.Response:
        """Gives the answer, its body unread, after at most five redirects.

        Raises Interrupted for what may pass, FetchError for what will not: a certificate that cannot be verified, a
        redirect loop, or one that leaves the encrypted way.
        """
        if not is_address(url):
            raise no_address("what was to be asked")
        name = self.shown(url)
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._send(url, headers, deadline, name)
            if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                return response
            response.close()
            url = self._redirected(url, response.headers["Location"], name)
        raise FetchError(
            f"{name} redirects more than {_MOST_REDIRECTS} times",
            remedy="Open the address in a browser, and put the one where it ends into the connection.",
        )

    def shown(self, url: str) -> str:
        """Gives an address as it may be told and kept: without the secret, wherever it is."""
        if self._policy.credential_parameter:
            url = without_parameters(url, {self._policy.credential_parameter})
        return self.redacted(url)

    def redacted(self, text: str) -> str:
        """Gives the text without the secret."""
        return self._secret.redacted(text) if self._secret else text

    def hold(self, url: str, seconds: float) -> None:
        """Keeps all threads from asking the host of an address for so long."""
        self._pacer.hold(origin_of(url)[1], seconds, self._clock)

    def _send(self, url: str, headers: Mapping[str, str], deadline: Deadline, name: str) -> requests.Response:
        host = origin_of(url)[1]
        deadline.sleep(self._pacer.reserve(host, 60 / self._policy.requests_per_minute, self._clock))
        address, carried = self._with_secret(url)
        fault: FetchError | Interrupted
        try:
            return self._session.get(
                address,
                headers={"User-Agent": _AGENT, **headers, **carried},
                stream=True,
                allow_redirects=False,
                timeout=(self._policy.connect_timeout_seconds, self._policy.read_timeout_seconds),
                auth=_as_it_is,
            )
        except requests.RequestException as error:
            fault = _fault(error, name)
        # raised here, so that the address within the library's message is in no trace
        raise fault

    def _with_secret(self, url: str) -> tuple[str, dict[str, str]]:
        policy, secret = self._policy, self._secret
        if secret is None or origin_of(url) != origin_of(policy.url):
            return url, {}
        if not is_confidential(url):
            raise FetchError(
                f"{self.shown(url)} would get the credential '{secret.name}' unencrypted",
                remedy="Use an address that begins with https://.",
            )
        if policy.credential_parameter:
            return with_parameters(url, {policy.credential_parameter: secret.value}), {}
        prefix = policy.credential_prefix
        return url, {str(policy.credential_header): f"{prefix} {secret.value}" if prefix else secret.value}

    def _redirected(self, url: str, location: str, name: str) -> str:
        try:
            target = urljoin(url, location)
        except ValueError:
            target = ""
        if not is_address(target):
            raise no_address(f"what {name} redirects to")
        if url.startswith("https:") and not target.startswith("https:"):
            raise FetchError(
                f"{name} redirects to an address that is not encrypted",
                remedy="Find the publisher's address that begins with https://.",
            )
        return target


def no_address(name: str) -> FetchError:
    """Gives the error for what cannot be asked."""
    return FetchError(f"{name} is no address that can be asked", remedy="Correct the address in the connection.")


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps the library from putting a password of the account's .netrc into the request."""
    return request


def _fault(error: requests.RequestException, name: str) -> FetchError | Interrupted:
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FetchError(
            f"the certificate of {name} cannot be verified",
            remedy="If your network has a certificate of its own, name its file in REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return Interrupted("the proxy of the environment did not answer")
    if isinstance(error, requests.exceptions.Timeout):
        return Interrupted("the server did not answer in time")
    if isinstance(error, requests.exceptions.ConnectionError):
        return Interrupted("no connection to the server")
    return no_address(name)
