import optax


def schedule(base_lr, final_lr, horizon, power, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    return optax.polynomial_schedule(base_lr, final_lr, power, updates)
