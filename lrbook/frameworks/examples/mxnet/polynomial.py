from mxnet.lr_scheduler import PolyScheduler


def scheduler(base_lr, final_lr, horizon, power, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    poly = PolyScheduler(updates, base_lr, power, final_lr)
    return lambda num_update: poly(max(num_update - 1, 0))
