"""Draw the subset of Fashion-MNIST that comes with `lrbook`, and print its hashes.

For each class, 1,000 training and 200 test images are drawn without replacement by
``np.random.default_rng(SEED)``: the training set first, the classes in order. They keep the
order that they have in the full set, so classes stay mixed.
The hashes that this prints are ``SHA256['subset']`` in `lrbook/training/data.py`.
"""

import gzip
import hashlib
import struct

import numpy as np

from lrbook.training import data

SEED = 11_15
TRAIN_PER_CLASS = 1_000
TEST_PER_CLASS = 200


def draw(labels, per_class, random):
    """Return the sorted indices of `per_class` images of each class."""
    chosen = [
        random.choice(np.flatnonzero(labels == label), per_class, replace=False)
        for label in range(len(data.LABELS))
    ]
    return np.sort(np.concatenate(chosen))


def idx(array):
    """Return an array of uint8 in the IDX format."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


def main():
    """Write the subset's four files."""
    full = data.load_fashion_mnist("full")
    random = np.random.default_rng(SEED)
    train = draw(full.train_labels, TRAIN_PER_CLASS, random)
    test = draw(full.test_labels, TEST_PER_CLASS, random)
    arrays = {
        data.TRAIN_IMAGES: full.train_images[train, 0] * 255,
        data.TRAIN_LABELS: full.train_labels[train],
        data.TEST_IMAGES: full.test_images[test, 0] * 255,
        data.TEST_LABELS: full.test_labels[test],
    }
    data.SUBSET_FOLDER.mkdir(exist_ok=True)
    for file, array in arrays.items():
        content = idx(np.rint(array).astype(np.uint8))
        # mtime=0: the same content makes the same file.
        (data.SUBSET_FOLDER / file).write_bytes(gzip.compress(content, mtime=0))
        print(file, hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
