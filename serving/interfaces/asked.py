"""Takes a request apart: bytes within a limit, forms and JSON in UTF-8, held against the shape they must have."""

from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import HTTPException
from pydantic import TypeAdapter, ValidationError

from serving.interfaces.limits import MOST_BYTES

Shape = TypeVar("Shape")
_MOST_FIELDS: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"


def refused(why: str, status: int = 422) -> HTTPException:
    """Gives the error by which a request is refused; it says why and never repeats a value."""
    return HTTPException(status, why)


async def form_of(request: Request) -> dict[str, str]:
    """Gives the fields of a form; raises HTTPException 413, 415 or 422 where it is too large, no form or not UTF-8."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise refused(f"Send a form as {_FORM}.", 415)
    body = await bytes_of(request)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
    except UnicodeDecodeError:
        raise refused("The form is not UTF-8.") from None
    except ValueError:
        raise refused(f"The form has more than {_MOST_FIELDS} fields.") from None


async def bytes_of(request: Request) -> bytes:
    """Gives the body; raises HTTPException 413 where it is too large."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise refused(f"The request is larger than {MOST_BYTES // 2**20} MiB. Send fewer queries at once.", 413)
    return bytes(content)


def shaped(shape: TypeAdapter[Shape], content: bytes | str, what: str) -> Shape:
    """Gives JSON as what it must be; raises HTTPException 422 that names the places that are wrong."""
    try:
        return shape.validate_json(content)
    except (ValidationError, RecursionError) as error:
        raise refused(f"{what} is not as it must be{_places(error)}.") from None
    except UnicodeDecodeError:
        raise refused(f"{what} is not UTF-8.") from None


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Gives a JSON schema with its definitions in their places, for parts of OpenAPI that can hold no others."""
    definitions = schema.get("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return resolved(definitions[part["$ref"].rpartition("/")[2]])
        return {name: resolved(one) for name, one in part.items() if name != "$defs"}

    whole: dict[str, Any] = resolved(schema)
    return whole


def _places(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return ": it is nested too deeply"
    told = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        steps = [str(step) if isinstance(step, int) else _safe(step) for step in detail["loc"]]
        told.append(f"{'.'.join(steps) or 'the whole'} ({detail['type']})")
    return ": " + "; ".join(told)


def _safe(step: str) -> str:
    return step if step.isidentifier() and step.isascii() and len(step) < 40 else "…"
