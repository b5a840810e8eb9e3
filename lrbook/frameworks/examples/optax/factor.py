import optax


def schedule(base_lr, factor, final_lr, updates_per_epoch):
    return optax.exponential_decay(
        base_lr, updates_per_epoch, factor, end_value=final_lr
    )
