"""What a call of a webhook means: its body as inputs, and who may have sent it. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from exekra.hub.core.errors import Invalid, Unauthenticated, Unsupported
from exekra.kit import json

SIGNATURE = "x-exekra-signature"
TIMESTAMP = "x-exekra-timestamp"
LONGEST_AGE_SECONDS = 300
"""A signed call that is older was recorded by somebody and sent again."""
MOST_FIELDS = 1_000
"""How many fields a form may have."""


def secret_of(signing_secret: str, id: UUID, number: int) -> str:
    """The secret of a webhook. It is derived and stored nowhere; another `number` gives another one."""
    return hmac.new(signing_secret.encode(), f"webhook {id} {number}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a call: `sha256=` and the HMAC of the timestamp, a dot and the body, in hexadecimal digits."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Unauthenticated where a call is not signed with the secret, or was signed too long ago."""
    given, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    hint = "Send X-Exekra-Timestamp (seconds since 1970) and X-Exekra-Signature: see the webhook's page."
    if not given or not timestamp:
        raise Unauthenticated("The call is not signed.", code="signature-missing", hint=hint)
    if not hmac.compare_digest(given.encode(), signature(secret, timestamp, body).encode()):
        raise Unauthenticated("The signature is not valid.", code="signature-wrong", hint=hint)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unauthenticated("The timestamp is not a number of seconds.", code="signature-wrong", hint=hint)
    if abs(now.timestamp() - int(timestamp)) > LONGEST_AGE_SECONDS:
        raise Unauthenticated(
            f"The call was signed more than {LONGEST_AGE_SECONDS // 60} minutes ago, or in the future.",
            code="signature-old",
            hint="Check the sender's clock.",
        )


def inputs_of(body: bytes, content_type: str, body_input: str | None) -> dict[str, Any]:
    """The inputs that a body stands for.

    Args:
        body: JSON, or the fields of a form.
        content_type: Which of them.
        body_input: The input that takes all of it, or None where each field is an input.

    Raises:
        Invalid: It cannot be read, or it has no fields.
        Unsupported: It is something else.
    """
    value = _read(body, content_type.partition(";")[0].strip().lower())
    if body_input is not None:
        return {body_input: value}
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(
            "The body must be an object: each of its fields is an input of the workflow.",
            where="body",
            hint="Or let one input of the workflow take the whole body.",
        )
    return value


def _read(body: bytes, kind: str) -> Any:
    if not body.strip():
        return None
    if kind in {"", "application/json", "text/json"} or kind.endswith("+json"):
        try:
            return json.decode(body)
        except ValueError as error:
            raise Invalid(f"The body is not valid JSON: {str(error).rstrip('.')}.", where="body") from None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Invalid("The body is not UTF-8.", where="body") from None
    if kind == "application/x-www-form-urlencoded":
        try:
            fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except UnicodeDecodeError:
            raise Invalid("The form is not encoded in UTF-8.", where="body") from None
        except ValueError:
            raise Invalid(f"The form has more than {MOST_FIELDS:,} fields.", where="body") from None
        return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
    if kind == "text/plain":
        return text
    raise Unsupported(
        f"A webhook does not take {kind}.",
        where="header.content-type",
        hint="Send application/json, application/x-www-form-urlencoded or text/plain.",
    )
