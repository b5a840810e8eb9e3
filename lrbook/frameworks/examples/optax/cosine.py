import optax


def schedule(base_lr, final_lr, horizon, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    return optax.cosine_decay_schedule(
        base_lr, updates, alpha=final_lr / base_lr
    )
