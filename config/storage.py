"""Where media go: files by default, an S3 bucket by one variable. Only wiring."""

from typing import Any

import environ

#: Seconds a presigned link works, as for local files.
LINK_SECONDS = 3600


def media_storage(env: environ.Env, folder: str) -> dict[str, Any]:
    """Django's STORAGES entry for media: `folder` unless S3_BUCKET is set."""
    bucket = env("S3_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "apps.foundation.blobs.SignedFileSystemStorage", "OPTIONS": {"location": folder}}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env("S3_ENDPOINT_URL", default=None),
        "region_name": env("S3_REGION", default="us-east-1"),
        "access_key": env("S3_ACCESS_KEY", default=None),
        "secret_key": env("S3_SECRET_KEY", default=None),
        "addressing_style": env("S3_ADDRESSING_STYLE", default=None),
        "signature_version": "s3v4",
        "file_overwrite": True,  # a blob made twice is one blob
        "querystring_auth": True,
        "querystring_expire": LINK_SECONDS,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
