"""PyTorch's part of `benchmarks/epoch.py`; run by an interpreter that has torch."""

import json
import sys
import time

import numpy as np
import torch
from torch import nn


def main(arrays, layout):
    """Warm up, wait for the word, and print an epoch's seconds and accuracy."""
    data = {name: torch.from_numpy(array) for name, array in np.load(arrays).items()}
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )
    memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    net = net.to(memory_format=memory_format)
    for parameter in net.parameters():
        if parameter.ndim > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    loss = nn.CrossEntropyLoss()

    def epoch():
        order = torch.randperm(len(data["train_images"]))
        images, labels = data["train_images"][order], data["train_labels"][order].long()
        total_loss = correct = 0
        for X, y in zip(images.split(256), labels.split(256), strict=True):
            X = X.to(memory_format=memory_format)
            logits = net(X)
            mean_loss = loss(logits, y)
            optimizer.zero_grad()
            mean_loss.backward()
            optimizer.step()
            total_loss = total_loss + mean_loss.detach() * len(X)
            correct = correct + (logits.argmax(dim=1) == y).sum()
        with torch.no_grad():
            hits = 0
            for X, y in zip(
                data["test_images"].split(1024), data["test_labels"].split(1024), strict=True
            ):
                logits = net(X.to(memory_format=memory_format))
                hits = hits + (logits.argmax(dim=1) == y).sum()
        return float(hits) / len(data["test_images"])

    epoch()
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.perf_counter()
    accuracy = epoch()
    print(json.dumps([time.perf_counter() - start, accuracy]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
