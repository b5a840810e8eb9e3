from keras.optimizers import schedules


def schedule(base_lr, final_lr, period, multiplier, updates_per_epoch):
    return schedules.CosineDecayRestarts(
        base_lr,
        round(period * updates_per_epoch),
        t_mul=multiplier,
        alpha=final_lr / base_lr,
    )
