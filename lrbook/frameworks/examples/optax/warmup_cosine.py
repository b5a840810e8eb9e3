import optax


def schedule(base_lr, final_lr, horizon, warmup, updates_per_epoch):
    first = round(warmup * updates_per_epoch)
    # Optax's decay_steps are those of the warmup too.
    steps = first + round(horizon * updates_per_epoch)
    return optax.warmup_cosine_decay_schedule(
        0.0, base_lr, first, steps, end_value=final_lr
    )
