"""Fashion-MNIST from each source, good and bad, and its minibatches.

Most tests use four small files in the same format and their hashes, so that they need neither
the network nor the full set. Servers are real and local.
"""

import contextlib
import functools
import gzip
import hashlib
import http.server
import os
import re
import runpy
import socket
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrbook.mxnet_today import compat
from lrbook.training import data
from lrbook.training.data import (
    LABELS,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    DataError,
    Minibatches,
    load_fashion_mnist,
)

ROOT = Path(__file__).parents[1]
FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


def idx(array):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="session")
def arrays():
    random = np.random.default_rng(0)
    return {
        TRAIN_IMAGES: random.integers(0, 256, (30, 28, 28), np.uint8),
        TRAIN_LABELS: random.integers(0, 10, 30, np.uint8),
        TEST_IMAGES: random.integers(0, 256, (20, 28, 28), np.uint8),
        TEST_LABELS: random.integers(0, 10, 20, np.uint8),
    }


@pytest.fixture(scope="session")
def good(arrays, tmp_path_factory):
    """A folder with the four small files."""
    folder = tmp_path_factory.mktemp("good")
    for file, array in arrays.items():
        (folder / file).write_bytes(gzip.compress(idx(array)))
    return folder


@pytest.fixture
def copy(good, tmp_path):
    """Return a function that copies the four small files to a new folder."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        for file, content in contents(good).items():
            (folder / file).write_bytes(content)
        return folder

    return make


@pytest.fixture
def refused():
    """The address of a mirror that refuses every connection."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # never listens
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture(autouse=True)
def sandbox(request, monkeypatch, tmp_path):
    """Keep a test from this machine's data and network, but for tests of the real data."""
    monkeypatch.delenv(data.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    if "good" in request.fixturenames:
        small = {
            file: hashlib.sha256(idx(array)).hexdigest()
            for file, array in request.getfixturevalue("arrays").items()
        }
        monkeypatch.setitem(data.SHA256, "full", small)
        sizes = {file: len(idx(array)) for file, array in request.getfixturevalue("arrays").items()}
        monkeypatch.setitem(data.SIZES, "full", sizes)
        monkeypatch.setattr(data, "CACHE_FOLDER", tmp_path / "cache")
        monkeypatch.setattr(data, "SYSTEM_FOLDER", tmp_path / "system")
        monkeypatch.setattr(data, "MIRRORS", (request.getfixturevalue("refused"),) * 2)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class CutHandler(Handler):
    """Promises a whole file, sends half of it, and hangs up."""

    def copyfile(self, source, outputfile):
        content = source.read()
        outputfile.write(content[: len(content) // 2])


@pytest.fixture
def serve():
    """Return a function that serves a folder; it returns the address."""
    servers = []

    def start(folder, handler=Handler):
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(handler, directory=folder)
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_small(dataset, arrays):
    assert dataset.name == "full"
    for images, file in ((dataset.train_images, TRAIN_IMAGES), (dataset.test_images, TEST_IMAGES)):
        assert images.dtype == np.float32
        assert images.shape == (len(arrays[file]), 1, 28, 28)
        np.testing.assert_array_equal(np.rint(images[:, 0] * 255), arrays[file])
        assert images.min() == 0
        assert images.max() == 1
    for labels, file in ((dataset.train_labels, TRAIN_LABELS), (dataset.test_labels, TEST_LABELS)):
        assert labels.dtype == np.int32
        np.testing.assert_array_equal(labels, arrays[file])


def load_quietly(*args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load_fashion_mnist(*args, **kwargs)


def load_and_collect_reports(arrays):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert_small(load_fashion_mnist(), arrays)
    assert {warning.filename for warning in caught} <= {__file__}
    return [str(warning.message) for warning in caught]


# The real data


def in_reach():
    return any(
        all((folder / file).exists() for file in FILES)
        for folder in (data.CACHE_FOLDER, data.SYSTEM_FOLDER)
    )


@pytest.fixture(scope="module")
def subset():
    return load_quietly("subset")


@pytest.fixture(scope="module")
def full():
    if not in_reach():
        pytest.skip("needs the 60,000 images, in the cache or the system copy")
    return load_quietly("full")


def assert_stratified(dataset, train, test):
    assert dataset.train_images.shape == (10 * train, 1, 28, 28)
    assert dataset.test_images.shape == (10 * test, 1, 28, 28)
    assert np.bincount(dataset.train_labels).tolist() == [train] * 10
    assert np.bincount(dataset.test_labels).tolist() == [test] * 10
    for images in (dataset.train_images, dataset.test_images):
        assert images.dtype == np.float32
        assert (images.min(), images.max()) == (0, 1)


def test_full(full):
    assert full.name == "full"
    assert_stratified(full, 6_000, 1_000)


def test_subset_is_stratified(subset):
    assert subset.name == "subset"
    assert_stratified(subset, 1_000, 200)


def test_subset_is_mixed(subset):
    for labels in (subset.train_labels, subset.test_labels):
        for part in np.split(labels, 10):
            assert np.bincount(part, minlength=10).min() > 0


def test_subset_is_drawn_as_the_script_says(full, subset):
    script = runpy.run_path(str(ROOT / "benchmarks" / "make_subset.py"))
    random = np.random.default_rng(script["SEED"])
    train = script["draw"](full.train_labels, script["TRAIN_PER_CLASS"], random)
    test = script["draw"](full.test_labels, script["TEST_PER_CLASS"], random)
    np.testing.assert_array_equal(subset.train_images, full.train_images[train])
    np.testing.assert_array_equal(subset.train_labels, full.train_labels[train])
    np.testing.assert_array_equal(subset.test_images, full.test_images[test])
    np.testing.assert_array_equal(subset.test_labels, full.test_labels[test])


def test_subset_is_small_and_licensed():
    files = contents(data.SUBSET_FOLDER)
    assert sum(map(len, files.values())) < 6e6
    assert "Copyright (c) 2017 Zalando SE" in files["LICENSE.txt"].decode()


def test_bad_subset_is_refused(copy, monkeypatch):
    monkeypatch.setattr(data, "SUBSET_FOLDER", copy("subset"))
    with pytest.raises(DataError, match=TRAIN_IMAGES):
        load_fashion_mnist("subset")


def test_subset_ignores_other_sources(tmp_path, monkeypatch):
    monkeypatch.setenv(data.FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    assert len(load_quietly("subset").train_labels) == 10_000


def test_labels():
    assert len(set(LABELS)) == 10


# Arguments


@pytest.mark.parametrize("name", ["Full", "", None, 3, ["full"], {}])
def test_bad_name(name):
    with pytest.raises(ValueError, match="'full', 'subset'"):
        load_fashion_mnist(name)


def test_folder_for_the_subset(good):
    with pytest.raises(ValueError, match="folder"):
        load_fashion_mnist("subset", good)


# A folder that the reader names


@pytest.mark.parametrize("kind", [str, Path])
def test_folder(good, arrays, kind):
    assert_small(load_quietly("full", kind(good)), arrays)


def test_environment_variable(good, arrays, monkeypatch):
    monkeypatch.setenv(data.FOLDER_VARIABLE, str(good))
    assert_small(load_quietly(), arrays)


def test_folder_comes_before_the_environment_variable(good, arrays, tmp_path, monkeypatch):
    monkeypatch.setenv(data.FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    assert_small(load_quietly(folder=good), arrays)


def test_home_folder(copy, arrays, tmp_path, monkeypatch):
    copy("mnist")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert_small(load_quietly(folder="~/mnist"), arrays)


def test_compression_does_not_matter(copy, arrays):
    folder = copy("named")
    for file in FILES:
        content = gzip.decompress((folder / file).read_bytes())
        (folder / file).write_bytes(gzip.compress(content, compresslevel=1, mtime=12345))
    assert_small(load_quietly(folder=folder), arrays)


@pytest.mark.parametrize("how", ["argument", "variable"])
@pytest.mark.parametrize("file", FILES)
def test_named_folder_lacks_a_file(copy, monkeypatch, file, how):
    copy("cache")  # good, but not what was asked for
    folder = copy("named")
    (folder / file).unlink()
    if how == "variable":
        monkeypatch.setenv(data.FOLDER_VARIABLE, str(folder))
    with pytest.raises(DataError, match=re.escape(f"{folder / file} is missing")):
        load_fashion_mnist(folder=folder if how == "argument" else None)


def test_named_folder_does_not_exist(good, tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        load_fashion_mnist(folder=tmp_path / "nowhere")


def truncate(path):
    path.write_bytes(path.read_bytes()[:-20])


def empty(path):
    path.write_bytes(b"")


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def change_a_pixel(path):
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] ^= 1
    path.write_bytes(gzip.compress(content))


def swap(path):
    kind = "images-idx3" if "images" in path.name else "labels-idx1"
    part = "t10k" if path.name.startswith("train") else "train"
    other = path.with_name(f"{part}-{kind}-ubyte.gz")
    mine, others = path.read_bytes(), other.read_bytes()
    path.write_bytes(others)
    other.write_bytes(mine)


def write_a_page(path):
    path.write_text("<html>Please log in to the network.</html>")


def make_a_folder(path):
    path.unlink()
    path.mkdir()


def make_a_bomb(path):
    # 30 MB in 30 kB; the limits are the same for one of 6 GB.
    path.write_bytes(gzip.compress(bytes(30_000_000)))


def add_an_image(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + bytes(784)))


def add_empty_members(path):
    path.write_bytes(path.read_bytes() + 20_000 * gzip.compress(b""))


DAMAGE = [
    *(truncate, empty, flip, change_a_pixel, swap, write_a_page, make_a_folder),
    *(make_a_bomb, add_an_image, add_empty_members),
]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("file", FILES)
def test_named_folder_has_a_bad_file(copy, damage, file):
    copy("cache")
    folder = copy("named")
    damage(folder / file)
    # A swap makes two files bad; whichever is read first is named.
    with pytest.raises(DataError, match=re.escape(f"{folder}{os.sep}")) as caught:
        load_fashion_mnist(folder=folder)
    assert damage is swap or file in str(caught.value)


def test_a_bomb_is_not_unpacked(copy):
    folder = copy("named")
    make_a_bomb(folder / TRAIN_LABELS)
    # Small enough, packed, for the file of labels to pass for one of images.
    (folder / TRAIN_LABELS).replace(folder / TRAIN_IMAGES)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=f"{TRAIN_IMAGES} .*(too large|larger than)"):
            load_fashion_mnist(folder=folder)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_a_pipe_is_not_waited_for(copy):
    folder = copy("named")
    (folder / TRAIN_IMAGES).unlink()
    os.mkfifo(folder / TRAIN_IMAGES)
    with pytest.raises(DataError, match=f"{TRAIN_IMAGES} can't be read: it is no regular file"):
        load_fashion_mnist(folder=folder)


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_a_home_of_nobody(good, monkeypatch, how):
    monkeypatch.setenv(data.FOLDER_VARIABLE, "~nosuchuser/x")
    with pytest.raises(DataError, match="~nosuchuser/x is in no known home folder"):
        load_fashion_mnist(folder="~nosuchuser/x" if how == "argument" else None)


def test_the_sizes_are_those_of_the_files(subset):
    for name, sizes in data.SIZES.items():
        assert sizes.keys() == data.SHA256[name].keys()
    for file, size in data.SIZES["subset"].items():
        assert len(gzip.decompress((data.SUBSET_FOLDER / file).read_bytes())) == size


def test_every_damage_is_seen(copy, arrays):
    """Cut a file at every length and flip each of its bits: wrong data never comes out."""
    path = copy("named") / TRAIN_LABELS
    packed = path.read_bytes()
    damaged = [packed[:length] for length in range(len(packed))]
    for bit in range(8 * len(packed)):
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        damaged.append(bytes(flipped))
    refused = 0
    for content in damaged:
        path.write_bytes(content)
        try:
            found = data._read(
                path, *(of["full"][TRAIN_LABELS] for of in (data.SHA256, data.SIZES))
            )
        except DataError as error:
            assert TRAIN_LABELS in str(error)
            refused += 1
        else:  # some bits of the header, such as its time, mean nothing here
            assert found == idx(arrays[TRAIN_LABELS])
    assert refused > 0.85 * len(damaged)


# The cache and the system copy


@pytest.mark.parametrize("source", ["cache", "system"])
def test_local_source(copy, arrays, source):
    copy(source)
    assert_small(load_quietly(), arrays)


def test_files_of_different_sources(copy, arrays):
    cache, system = copy("cache"), copy("system")
    (cache / TRAIN_IMAGES).unlink()
    (system / TEST_LABELS).unlink()
    assert_small(load_quietly(), arrays)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("bad", ["cache", "system"])
def test_bad_local_file_is_reported_and_not_used(
    copy, serve, good, arrays, monkeypatch, bad, damage
):
    folder = copy(bad)
    damage(folder / TEST_IMAGES)
    if bad == "cache":
        copy("system")
    else:
        monkeypatch.setattr(data, "MIRRORS", (serve(good),))
    reports = load_and_collect_reports(arrays)
    assert any(f"{folder / TEST_IMAGES} " in report for report in reports)
    assert len(reports) == (2 if damage is swap else 1)


# Mirrors


def test_download(serve, good, arrays, monkeypatch):
    monkeypatch.setattr(data, "MIRRORS", (serve(good),))
    assert_small(load_quietly(), arrays)
    assert contents(data.CACHE_FOLDER) == contents(good)
    monkeypatch.setattr(data, "MIRRORS", ())
    assert_small(load_quietly(), arrays)


def test_only_what_is_missing_is_downloaded(serve, copy, good, arrays, monkeypatch):
    requested = []

    class Logger(Handler):
        def do_GET(self):
            requested.append(self.path)
            super().do_GET()

    (copy("cache") / TEST_LABELS).unlink()
    monkeypatch.setattr(data, "MIRRORS", (serve(good, Logger),))
    assert_small(load_quietly(), arrays)
    assert requested == [f"/{TEST_LABELS}"]


@pytest.mark.parametrize("damage", [None, *DAMAGE])
def test_second_mirror(serve, copy, good, arrays, refused, monkeypatch, damage):
    first = refused
    if damage:
        folder = copy("mirror")
        damage(folder / TRAIN_LABELS)
        first = serve(folder)
    monkeypatch.setattr(data, "MIRRORS", (first, serve(good)))
    assert_small(load_quietly(), arrays)
    assert contents(data.CACHE_FOLDER) == contents(good)


def test_mirrors_are_encrypted():
    assert all(mirror.startswith("https://") for mirror in data.MIRRORS)


class Endless(Handler):
    """Sends as long as somebody listens."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100_000):
                self.wfile.write(bytes(1000))
            pytest.fail("somebody took 100 MB")


class Dripping(Handler):
    """Sends a byte now and then."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(300):
                self.wfile.write(b"x")
                time.sleep(0.05)


class Babbling(Handler):
    """Says of its length what is no number."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "many")
        self.end_headers()


@pytest.mark.parametrize(
    ("handler", "seconds", "message"),
    [
        (Endless, 60, "it sends more than the file can hold"),
        (Dripping, 0.5, "it wasn't done after 0.5 s"),
        (Babbling, 60, "many"),
    ],
)
def test_mirror_that_never_ends(serve, good, arrays, monkeypatch, handler, seconds, message):
    monkeypatch.setattr(data, "DOWNLOAD_SECONDS", seconds)
    bad = serve(good, handler)
    monkeypatch.setattr(data, "MIRRORS", (bad,))
    with pytest.raises(DataError, match=re.escape(f"{bad}/{TRAIN_IMAGES}: ") + f".*{message}"):
        load_fashion_mnist()
    assert contents(data.CACHE_FOLDER) == {}
    if seconds > 1:  # enough for the good mirror, however busy the machine
        monkeypatch.setattr(data, "MIRRORS", (bad, serve(good)))
        assert_small(load_quietly(), arrays)


def test_connection_that_breaks_off(serve, good, arrays, monkeypatch):
    broken = serve(good, CutHandler)
    monkeypatch.setattr(data, "MIRRORS", (broken,))
    with pytest.raises(DataError, match=re.escape(f"{broken}/{TRAIN_IMAGES}")):
        load_fashion_mnist()
    assert contents(data.CACHE_FOLDER) == {}
    monkeypatch.setattr(data, "MIRRORS", (broken, serve(good)))
    assert_small(load_quietly(), arrays)


# A folder isn't replaced by a file: see test_cache_cannot_be_written.
@pytest.mark.parametrize("damage", [damage for damage in DAMAGE if damage is not make_a_folder])
def test_cache_is_repaired(serve, copy, good, arrays, monkeypatch, damage):
    folder = copy("cache")
    damage(folder / TRAIN_LABELS)
    monkeypatch.setattr(data, "MIRRORS", (serve(good),))
    reports = load_and_collect_reports(arrays)
    assert any(f"{folder / TRAIN_LABELS} " in report for report in reports)
    assert contents(data.CACHE_FOLDER) == contents(good)
    assert_small(load_quietly(), arrays)


def test_bad_download_replaces_nothing(serve, copy, monkeypatch):
    cache, mirror = copy("cache"), copy("mirror")
    (cache / TEST_IMAGES).unlink()
    for file in FILES:
        truncate(mirror / file)
    before = contents(cache)
    monkeypatch.setattr(data, "MIRRORS", (serve(mirror),))
    with pytest.raises(DataError, match=f"{TEST_IMAGES} is truncated"):
        load_fashion_mnist()
    assert contents(cache) == before


def test_no_network(good, tmp_path, refused):
    with pytest.raises(DataError) as caught:
        load_fashion_mnist()
    message = str(caught.value)
    for source in (tmp_path / "cache", tmp_path / "system"):
        assert f"{source / TRAIN_IMAGES} is missing" in message
    assert message.count(f"{refused}/{TRAIN_IMAGES}: ") == 2
    for advice in ("Connect to the internet", "LRBOOK_DATA", "load_fashion_mnist('subset')"):
        assert advice in message


@pytest.mark.parametrize("obstacle", ["cache is a file", "folder in the file's place"])
def test_cache_cannot_be_written(serve, good, monkeypatch, obstacle):
    if obstacle == "cache is a file":
        data.CACHE_FOLDER.write_text("")
    else:
        (data.CACHE_FOLDER / TRAIN_IMAGES).mkdir(parents=True)
    monkeypatch.setattr(data, "MIRRORS", (serve(good),))
    with (
        pytest.warns(UserWarning, match="can't be read"),
        pytest.raises(DataError, match="can't be written"),
    ):
        load_fashion_mnist()


# Processes of their own

PATIENCE = 600  # seconds: a busy machine is no fault
LOAD = """
import sys
from pathlib import Path
from lrbook.training import data
cache, mirror, *facts = sys.argv[1:]
data.CACHE_FOLDER = Path(cache)
data.SYSTEM_FOLDER = Path(cache, "nowhere")
data.MIRRORS = (mirror,)
data.SHA256["full"] = dict(zip(data.SHA256["full"], facts[:4]))
data.SIZES["full"] = dict(zip(data.SIZES["full"], map(int, facts[4:])))
print(data.load_fashion_mnist().train_labels.tolist())
"""


def python(*args):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", *map(str, args)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_load(mirror):
    facts = [*data.SHA256["full"].values(), *data.SIZES["full"].values()]
    return python(LOAD, data.CACHE_FOLDER, mirror, *facts)


def test_two_processes_at_once(serve, good, arrays):
    both = threading.Barrier(2, timeout=PATIENCE)

    class Meeting(Handler):
        def copyfile(self, source, outputfile):
            content = source.read()
            outputfile.write(content[:10])
            outputfile.flush()
            both.wait()  # both processes are inside the same download
            outputfile.write(content[10:])

    mirror = serve(good, Meeting)
    processes = [start_load(mirror) for _ in range(2)]
    for process in processes:
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        assert output == f"{arrays[TRAIN_LABELS].tolist()}\n"
    assert contents(data.CACHE_FOLDER) == contents(good)


def test_killed_while_it_downloads(serve, good, arrays, monkeypatch):
    halfway, killed = threading.Event(), threading.Event()

    class Stalling(Handler):
        def copyfile(self, source, outputfile):
            outputfile.write(source.read(100))
            outputfile.flush()
            halfway.set()
            killed.wait(PATIENCE)

    process = start_load(serve(good, Stalling))
    assert halfway.wait(PATIENCE)
    process.kill()
    process.communicate(timeout=PATIENCE)
    killed.set()
    assert not any(path.is_file() for path in data.CACHE_FOLDER.iterdir())
    monkeypatch.setattr(data, "MIRRORS", (serve(good),))
    assert_small(load_quietly(), arrays)


def test_mxnet_is_not_imported():
    process = python(
        "import sys\n"
        "from lrbook.training import data\n"
        "subset = data.load_fashion_mnist('subset')\n"
        "next(iter(data.Minibatches(subset.test_images, subset.test_labels, 256, 0)))\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'mxnet'])"
    )
    output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output) == (0, "[]\n"), errors


# Minibatches

numbers = st.integers(0, 60)
sizes = st.integers(1, 70)
seeds = st.integers(0, 2**32 - 1)


def numbered(n):
    """Return n images, each filled with its number, and their numbers as labels."""
    labels = np.arange(n, dtype=np.int32)
    return np.broadcast_to(labels.astype(np.float32)[:, None, None, None], (n, 1, 2, 2)), labels


@given(numbers, sizes, st.none() | seeds)
def test_each_image_once_an_epoch_with_its_label(n, batch_size, seed):
    minibatches = Minibatches(*numbered(n), batch_size, seed)
    for _ in range(2):
        epoch = list(minibatches)
        assert len(epoch) == len(minibatches)
        lengths = [len(y) for _, y in epoch]
        assert lengths[:-1] == [batch_size] * (len(epoch) - 1)
        assert all(1 <= length <= batch_size for length in lengths)
        for X, y in epoch:
            assert X.shape == (len(y), 1, 2, 2)
            np.testing.assert_array_equal(X, np.broadcast_to(y[:, None, None, None], X.shape))
        assert Counter(label for _, y in epoch for label in y.tolist()) == Counter(range(n))


def orders(n, batch_size, seed, epochs=3):
    minibatches = Minibatches(*numbered(n), batch_size, seed)
    return [[label for _, y in minibatches for label in y.tolist()] for _ in range(epochs)]


@given(numbers, sizes, sizes, seeds)
def test_same_seed_same_orders(n, batch_size, other_size, seed):
    assert orders(n, batch_size, seed) == orders(n, other_size, seed)


def test_epochs_and_seeds_differ():
    seen = orders(60, 7, seed=0) + orders(60, 7, seed=1) + [list(range(60))]
    assert len(set(map(tuple, seen))) == len(seen)


@given(numbers, sizes)
def test_no_seed_no_shuffling(n, batch_size):
    assert orders(n, batch_size, None) == [list(range(n))] * 3


def test_minibatches_leave_the_arrays_alone():
    images, labels = np.arange(20.0).reshape(20, 1, 1, 1), np.arange(20)
    for _ in Minibatches(images, labels, 3, 0):
        pass
    assert (images.ravel() == np.arange(20)).all()
    assert (labels == np.arange(20)).all()


def test_minibatches_of_the_chapter(subset):
    minibatches = Minibatches(subset.train_images, subset.train_labels, 256, 0)
    assert len(minibatches) == 40
    assert [len(y) for _, y in minibatches] == [256] * 39 + [16]


def test_minibatches_of_mxnet_arrays(subset):
    compat.install()
    mx = pytest.importorskip("mxnet")
    mx.npx.set_np()
    images, labels = subset.test_images, subset.test_labels
    ours = Minibatches(images, labels, 256, seed=3)
    theirs = Minibatches(mx.np.array(images), mx.np.array(labels, dtype="int32"), 256, seed=3)
    for _ in range(2):
        for (X, y), (mxnet_X, mxnet_y) in zip(ours, theirs, strict=True):
            assert isinstance(mxnet_X, mx.np.ndarray)
            np.testing.assert_array_equal(mxnet_X.asnumpy(), X)
            np.testing.assert_array_equal(mxnet_y.asnumpy(), y)


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, "8", None, True])
def test_bad_batch_size(batch_size):
    with pytest.raises(ValueError, match=re.escape(f"not {batch_size!r}")):
        Minibatches(*numbered(5), batch_size, 0)


def test_images_and_labels_of_different_lengths():
    images, labels = numbered(5)
    with pytest.raises(ValueError, match="5 and 4"):
        Minibatches(images, labels[:-1], 2, 0)
