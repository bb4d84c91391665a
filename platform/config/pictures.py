"""Where the sizes of clinics' pictures are stored: in a local folder, or in an S3 bucket if one is set."""

import tempfile
from pathlib import Path
from typing import Any

from config.environment import Environment

_LOCAL = "clinics.picture_folder.PictureFolder"
_S3 = "storages.backends.s3.S3Storage"


def pictures_storage(env: Environment) -> dict[str, Any]:
    """Return the entry of STORAGES."""
    bucket = env.str("PICTURES_S3_BUCKET", "")
    if not bucket:
        folder = env.str("PICTURES_DIR", str(Path(tempfile.gettempdir(), "clinic-pictures")))
        return {"BACKEND": _LOCAL, "OPTIONS": {"location": folder}}
    from botocore.config import Config  # noqa: PLC0415  slow to import, and needed for S3 only

    return {
        "BACKEND": _S3,
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("PICTURES_S3_ENDPOINT", "") or None,
            "region_name": env.str("PICTURES_S3_REGION", "") or None,
            "access_key": env.str("PICTURES_S3_ACCESS_KEY", "") or None,
            "secret_key": env.str("PICTURES_S3_SECRET_KEY", "") or None,
            "location": "pictures",
            "default_acl": None,
            "file_overwrite": True,
            # A request that waits for the bucket holds a thread of the web server.
            "client_config": Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2}),
        },
    }
