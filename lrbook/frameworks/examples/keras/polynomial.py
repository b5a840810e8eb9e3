from keras.optimizers import schedules


def schedule(base_lr, final_lr, horizon, power, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    return schedules.PolynomialDecay(base_lr, updates, final_lr, power)
