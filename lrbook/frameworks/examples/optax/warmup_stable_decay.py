import optax


def schedule(base_lr, final_lr, warmup, stable, cooldown, updates_per_epoch):
    spans = warmup, stable, cooldown
    up, stay, down = [round(epochs * updates_per_epoch) for epochs in spans]
    parts = [
        optax.linear_schedule(0.0, base_lr, up),
        optax.constant_schedule(base_lr),
        optax.linear_schedule(base_lr, final_lr, down),
    ]
    return optax.join_schedules(parts, [up, up + stay])
