import math

from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, base_lr, final_lr, horizon, warmup, updates_per_epoch):
    def share(update):
        t = update / updates_per_epoch
        if t < warmup:
            return t / warmup
        left = (1 + math.cos(math.pi * min((t - warmup) / horizon, 1))) / 2
        return (final_lr + (base_lr - final_lr) * left) / base_lr

    return LambdaLR(optimizer, share)
