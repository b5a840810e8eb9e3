from mxnet.lr_scheduler import CosineScheduler


def scheduler(base_lr, final_lr, horizon, warmup, updates_per_epoch):
    first = round(warmup * updates_per_epoch)
    # MXNet's max_update is that of the warmup too.
    last = first + round(horizon * updates_per_epoch)
    cosine = CosineScheduler(last, base_lr, final_lr, first)
    return lambda num_update: cosine(max(num_update - 1, 0))
