"""Trainings of a second: their size, their trainers, their curves."""

from mxnet import gluon

BATCH = 256
UPDATES = 10  # an epoch of the first 2,560 images


def trainer_of(net, schedule=0.1):
    if callable(schedule):
        return gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": schedule})
    return gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": schedule})


def curves(run):
    return run.train_loss, run.train_acc, run.test_acc
