from keras.optimizers import schedules


def schedule(base_lr, final_lr, horizon, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    return schedules.CosineDecay(base_lr, updates, alpha=final_lr / base_lr)
