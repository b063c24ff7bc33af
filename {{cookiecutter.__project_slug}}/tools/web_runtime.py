"""ONNX Runtime for browsers, onnxruntime-web: one version of it, fetched once and then kept."""

import base64
import gzip
import hashlib
import io
import os
import tarfile
import urllib.request
from pathlib import Path

from engine.program import line_of
from engine.settings import UserError
from engine.whole_files import write_whole

VERSION = "1.30.0"
ADDRESS = f"https://registry.npmjs.org/onnxruntime-web/-/onnxruntime-web-{VERSION}.tgz"

# What npm names as its integrity, in hexadecimal: sha512.
DIGEST = (
    "ab4cbe26baedba45d2cec05610c71c55fa97db92d19a8b171c5f8269126683ca"
    "590a5cdc57bb2f35ce2b298de32f4d956fb42644c0ecd528a0a91e025c07ca61"
)
SECONDS = 60  # without a byte
SCRIPT = "ort.wasm.min.js"  # what a page loads; it is MIT-licensed, and says so in its first lines
LOADER = "ort-wasm-simd-threaded.mjs"
RUNTIME = "ort-wasm-simd-threaded.wasm"


def write_runtime(folder: Path) -> None:
    """Write onnxruntime-web into the folder of a page: its script, and runtime.js with the rest.

    A page that is opened from a disk may read no other files. So they are text in a script.

    Args:
        folder: Of the page.

    Raises:
        UserError: It is not kept here, and cannot be fetched.
    """
    files = read_package(kept_package())
    (folder / SCRIPT).write_bytes(files[SCRIPT])
    lines = [
        f'const LOADER = "{packed(files[LOADER])}";',
        f'const RUNTIME = "{packed(files[RUNTIME])}";',
    ]
    (folder / "runtime.js").write_text("\n".join(lines) + "\n", encoding="utf-8")


def packed(content: bytes) -> str:
    """Return bytes as web_page.js unpacks them: with gzip, then as base64."""
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()


def kept_package() -> bytes:
    """Return the package, which is fetched if it is not kept yet.

    Raises:
        UserError: It cannot be fetched, or is another one.
    """
    path = place_of_package()
    if path.is_file() and is_right(path.read_bytes()):
        return path.read_bytes()
    print(f"fetching onnxruntime-web {VERSION}, once: 33 MB")
    advice = f"fetch {ADDRESS} elsewhere and put it at {path}"
    try:
        with urllib.request.urlopen(ADDRESS, timeout=SECONDS) as answer:
            content = answer.read()
    except (OSError, ValueError) as error:
        reason = line_of(error)
        raise UserError(
            f"onnxruntime-web is not here and cannot be fetched ({reason}): {advice}"
        ) from error
    if not is_right(content):
        raise UserError(f"what {ADDRESS} sent is not the onnxruntime-web that was tried: {advice}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda file: file.write(content))
    return content


def place_of_package() -> Path:
    """Return where the package is kept: for all projects of this user.

    Raises:
        UserError: This user has no home.
    """
    caches = os.environ.get("XDG_CACHE_HOME")
    if not caches:
        try:
            caches = Path.home() / ".cache"
        except RuntimeError as error:
            raise UserError(
                "no home folder to keep onnxruntime-web in: set XDG_CACHE_HOME to a folder"
            ) from error
    return Path(caches) / "torch-starter" / f"onnxruntime-web-{VERSION}.tgz"


def is_right(content: bytes) -> bool:
    """Return whether this is the package that was tried, to the last bit."""
    return hashlib.sha512(content).hexdigest() == DIGEST


def read_package(content: bytes) -> dict[str, bytes]:
    """Return the files of the package that a page needs, by their names. Nothing is unpacked."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        for name in (SCRIPT, LOADER, RUNTIME):
            file = package.extractfile(f"package/dist/{name}")
            assert file  # the digest says that it is there
            files[name] = file.read()
    return files
