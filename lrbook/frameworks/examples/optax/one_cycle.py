import optax


def schedule(start_lr, max_lr, final_lr, rise, fall, updates_per_epoch):
    up, down = [round(epochs * updates_per_epoch) for epochs in (rise, fall)]
    return optax.join_schedules(
        [
            optax.cosine_decay_schedule(start_lr, up, alpha=max_lr / start_lr),
            optax.cosine_decay_schedule(max_lr, down, alpha=final_lr / max_lr),
        ],
        [up],
    )
