"""Fashion-MNIST as NumPy arrays, verified whatever its source, and its minibatches.

Fashion-MNIST is by Han Xiao, Kashif Rasul and Roland Vollgraf at Zalando Research
(https://arxiv.org/abs/1708.07747, https://github.com/zalandoresearch/fashion-mnist),
under the MIT licence.

Mirrors and distributions compress the same four IDX files differently, so what is checked is
the SHA-256 of a file's uncompressed content. A file that fails the check is never used. How
large it is is known too: nothing beyond is unpacked or downloaded.

Nothing here needs MXNet.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import tempfile
import threading
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pooch

from lrbook.making import smoke

__all__ = ["LABELS", "DataError", "Dataset", "Minibatches", "load_fashion_mnist"]

LABELS = (
    "t-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)

FOLDER_VARIABLE = "LRBOOK_DATA"
CACHE_FOLDER = Path(pooch.os_cache("lrbook"))
SYSTEM_FOLDER = Path("/usr/share/datasets/fashion-mnist")
SUBSET_FOLDER = Path(__file__).with_name("fashion_mnist_subset")
MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
)
DOWNLOAD_SECONDS = 600  # for a file, from a mirror

TRAIN_IMAGES = "train-images-idx3-ubyte.gz"
TRAIN_LABELS = "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
TEST_LABELS = "t10k-labels-idx1-ubyte.gz"

# Of the uncompressed content.
SHA256 = {
    "full": {
        TRAIN_IMAGES: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        TRAIN_LABELS: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        TEST_IMAGES: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        TEST_LABELS: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
    "subset": {
        TRAIN_IMAGES: "1c402ff5ad35530eef62f5f10acfa5aed82dd56e782abfbaeb19b0ac51fe726e",
        TRAIN_LABELS: "8d0ce891f205c2d2cc80f431abfa2ed7c21646b7cd358c6b7d5aa24f1f3eb7cf",
        TEST_IMAGES: "e0c997d2694cca522039b2f0370320b4ba1163e370d7c6f5988a44003572ce02",
        TEST_LABELS: "5fa226ecababadb14e680b1dc23963369a2fc118cd1a61b977b5a80d04776662",
    },
}

# Of the uncompressed content, in bytes: a header, then a byte a pixel or a label.
SIZES = {
    "full": {
        TRAIN_IMAGES: 16 + 60_000 * 28 * 28,
        TRAIN_LABELS: 8 + 60_000,
        TEST_IMAGES: 16 + 10_000 * 28 * 28,
        TEST_LABELS: 8 + 10_000,
    },
    "subset": {
        TRAIN_IMAGES: 16 + 10_000 * 28 * 28,
        TRAIN_LABELS: 8 + 10_000,
        TEST_IMAGES: 16 + 2_000 * 28 * 28,
        TEST_LABELS: 8 + 2_000,
    },
}


class DataError(RuntimeError):
    """A data file is missing or isn't what it should be; the message names it."""


class _MissingError(DataError):
    pass


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels in memory.

    Images are float32 in [0, 1] of shape (n, 1, 28, 28); labels are int32 of shape (n,), an
    index into `LABELS`. `name` is ``'full'`` (60,000 training and 10,000 test images) or
    ``'subset'`` (10,000 and 2,000).
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load_fashion_mnist(name: str = "full", folder: str | os.PathLike | None = None) -> Dataset:
    """Load Fashion-MNIST, or the subset of it that comes with the book.

    ``'full'`` is read from `folder`; without it from the folder that the environment variable
    LRBOOK_DATA names; without that, file by file, from the user's cache, from the system copy,
    or from a public mirror into the cache. A folder that you name must hold all four ``.gz``
    files.

    ``'subset'`` is read from the package alone: for each class 1,000 training and 200 test
    images (`benchmarks/make_subset.py` drew them).

    In a smoke run (see `lrbook.making.smoke`) ``'full'`` is a few minibatches of the subset, named
    ``'smoke'``.

    Raises `ValueError` for another name or a folder for the subset, and `DataError` when a
    file can't be had, or is bad in the folder you named. A bad file elsewhere is a warning,
    and the next source is tried.
    """
    if not isinstance(name, str) or name not in SHA256:
        raise ValueError(f"name must be one of {', '.join(map(repr, SHA256))}, not {name!r}")
    if smoke.active() and name == "full":
        return smoke.few(load_fashion_mnist("subset"))
    if name == "subset":
        if folder is not None:
            raise ValueError(f"folder must be None for 'subset', not {str(folder)!r}")
        folder = SUBSET_FOLDER
    elif folder is None:
        folder = os.environ.get(FOLDER_VARIABLE) or None
    if folder is not None:
        try:
            folder = Path(folder).expanduser()
        except RuntimeError:
            raise DataError(f"{folder} is in no known home folder: nobody has that name") from None
    files = {}
    for file, sha256 in SHA256[name].items():
        size = SIZES[name][file]
        if folder is None:
            files[file] = _find(file, sha256, size)
        else:
            files[file] = _read(folder / file, sha256, size)
    return Dataset(
        name,
        _images(files[TRAIN_IMAGES]),
        _labels(files[TRAIN_LABELS]),
        _images(files[TEST_IMAGES]),
        _labels(files[TEST_LABELS]),
    )


def _images(idx):
    # The header is 16 bytes: a magic number, then the three sizes.
    pixels = np.frombuffer(idx, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return pixels.astype(np.float32) / np.float32(255)


def _labels(idx):
    return np.frombuffer(idx, np.uint8, offset=8).astype(np.int32)


def _packed(size):
    """Return how many bytes a gzip file of so much content has at most, with room for names."""
    return size + size // 100 + 4096


def _read(path, sha256, size):
    """Return the uncompressed content of a good file; for any other, raise `DataError`."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
            raise DataError(f"{path} can't be read: it is no regular file")
        if found.st_size > _packed(size):
            raise DataError(f"{path} is too large: {found.st_size:,} bytes for {size:,} of content")
        with gzip.open(path) as file:
            content = file.read(size + 1)  # at the end of the content, its checksum is read too
    except FileNotFoundError:
        raise _MissingError(f"{path} is missing") from None
    except EOFError:
        raise DataError(f"{path} is truncated") from None
    except (OSError, ValueError, zlib.error) as error:
        raise DataError(f"{path} can't be read: {error}") from error
    if len(content) > size:
        raise DataError(
            f"{path} doesn't hold Fashion-MNIST's {path.name}: "
            f"its uncompressed content is larger than {size:,} bytes"
        )
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"{path} doesn't hold Fashion-MNIST's {path.name}: "
            f"the SHA-256 of its uncompressed content is {found}, not {sha256}"
        )
    return content


def _find(file, sha256, size):
    tried = []
    for folder in (CACHE_FOLDER, SYSTEM_FOLDER):
        try:
            return _read(folder / file, sha256, size)
        except _MissingError as error:
            tried.append(str(error))
        except DataError as error:
            tried.append(str(error))
            warnings.warn(f"{error}; trying the next source", stacklevel=3)
    return _download(file, sha256, size, tried)


def _download(file, sha256, size, tried):
    """Fetch a file into the cache; what is there is replaced only by a verified file."""
    try:
        CACHE_FOLDER.mkdir(parents=True, exist_ok=True)
        # In the cache itself, so that the last step is a rename, which is atomic; a folder of
        # its own, so that processes that fetch at once don't meet.
        with tempfile.TemporaryDirectory(dir=CACHE_FOLDER, prefix="download-") as folder:
            path = Path(folder) / file
            for mirror in MIRRORS:
                url = f"{mirror}/{file}"
                try:
                    _fetch(url, path, _packed(size))
                    content = _read(path, sha256, size)
                except (OSError, DataError) as error:
                    tried.append(f"{url}: {error}")
                    continue
                path.replace(CACHE_FOLDER / file)
                return content
    except OSError as error:
        tried.append(f"the cache {CACHE_FOLDER} can't be written: {error}")
    raise DataError(
        f"Fashion-MNIST's {file} can't be had. Tried:\n"
        + "".join(f"- {line}\n" for line in tried)
        + "Connect to the internet and try again, or put the four .gz files of "
        "https://github.com/zalandoresearch/fashion-mnist/tree/master/data/fashion in a folder "
        f"and name it in the environment variable {FOLDER_VARIABLE}. "
        "The subset needs no download: load_fashion_mnist('subset')."
    )


def _fetch(url, path, limit):
    """Download into a file, within a limit of bytes and `DOWNLOAD_SECONDS`."""
    # Some servers would otherwise unpack the .gz on its way.
    fetch = pooch.HTTPDownloader(progressbar=True, headers={"Accept-Encoding": "identity"})
    errors = []

    def download(file):
        try:
            fetch(url, file, None)
        except Exception as error:  # of whatever kind: it is the mirror's
            errors.append(error)

    # In a thread, since a mirror that sends a byte now and then never lets the downloader go.
    with _Limited(path, limit) as file:
        thread = threading.Thread(target=download, args=(file,), daemon=True)
        thread.start()
        thread.join(DOWNLOAD_SECONDS)
        if thread.is_alive():
            raise DataError(f"it wasn't done after {DOWNLOAD_SECONDS} s")
    if errors:
        raise DataError(str(errors[0])) from errors[0]


class _Limited(io.FileIO):
    """A file to write that takes so many bytes; closed, it ends whoever still writes to it."""

    def __init__(self, path, limit):
        super().__init__(path, "w")
        self._left = limit

    def write(self, chunk):
        self._left -= len(chunk)
        if self._left < 0:
            raise DataError("it sends more than the file can hold")
        return super().write(chunk)


class Minibatches:
    """The minibatches of one epoch after another, as slices of arrays in memory.

    Each iteration is an epoch. It yields pairs ``(X, y)`` of `batch_size` images and labels.
    What is left when no more of them can be filled makes a last, smaller one with
    ``last_batch='keep'``, and sits out this epoch with ``'discard'``. With a seed, every epoch
    has a new order, and the same seed gives the same orders; ``seed=None`` keeps the order as it
    is, for a test set. ``len()`` is the number of minibatches in an epoch.

    `images` and `labels` are NumPy arrays or ``mxnet.np`` arrays of the same length. Raises
    `ValueError` when their lengths differ, `batch_size` isn't an integer of at least 1,
    `last_batch` is neither, or not one minibatch could be filled.
    """

    def __init__(self, images, labels, batch_size: int, seed: int | None, last_batch: str = "keep"):
        """Take whole arrays; nothing is drawn or copied before the first iteration."""
        if (
            isinstance(batch_size, bool)
            or not isinstance(batch_size, (int, np.integer))
            or batch_size < 1
        ):
            raise ValueError(f"batch_size must be an integer in [1, ∞), not {batch_size!r}")
        if last_batch not in ("discard", "keep"):
            raise ValueError(f"last_batch must be 'discard' or 'keep', not {last_batch!r}")
        if len(images) != len(labels):
            raise ValueError(
                f"images and labels must be as many, not {len(images)} and {len(labels)}"
            )
        if last_batch == "discard" and batch_size > len(labels):
            raise ValueError(
                f"batch_size must be in [1, {len(labels)}], the number of images, with "
                f"last_batch='discard', not {batch_size!r}"
            )
        self.images = images
        self.labels = labels
        self.batch_size = int(batch_size)
        self.last_batch = last_batch
        self._random = None if seed is None else np.random.default_rng(seed)

    def __len__(self) -> int:
        """Count the minibatches of an epoch."""
        whole, rest = divmod(len(self.labels), self.batch_size)
        return whole + (rest > 0 and self.last_batch == "keep")

    def __iter__(self) -> Iterator[tuple]:
        """Go through one epoch."""
        images, labels = self.images, self.labels
        if self._random is not None:
            # One gather an epoch costs far less than one a minibatch.
            order = self._random.permutation(len(labels))
            images, labels = images[order], labels[order]
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            stop = start + self.batch_size
            yield images[start:stop], labels[start:stop]
