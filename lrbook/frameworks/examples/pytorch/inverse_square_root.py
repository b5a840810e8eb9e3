import math

from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, warmup, updates_per_epoch):
    def share(update):
        t = update / updates_per_epoch
        return t / warmup if t < warmup else math.sqrt(warmup / t)

    return LambdaLR(optimizer, share)
