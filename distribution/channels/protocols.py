"""Which file speaks a channel's protocol."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from distribution.channels import s3, sftp
from distribution.channels.base import Connection, S3Settings, SftpSettings


def open_connection(settings: SftpSettings | S3Settings) -> AbstractAsyncContextManager[Connection]:
    """Connect to a partner; raises `PartnerError`."""
    return s3.connect(settings) if isinstance(settings, S3Settings) else sftp.connect(settings)
