from mxnet.lr_scheduler import CosineScheduler


def scheduler(base_lr, final_lr, horizon, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    cosine = CosineScheduler(updates, base_lr, final_lr)
    return lambda num_update: cosine(max(num_update - 1, 0))
