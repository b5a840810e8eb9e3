from keras.optimizers import schedules


def schedule(base_lr, final_lr, horizon, warmup, updates_per_epoch):
    # Keras' decay_steps begin after the warmup.
    return schedules.CosineDecay(
        0.0,
        round(horizon * updates_per_epoch),
        alpha=final_lr / base_lr,
        warmup_target=base_lr,
        warmup_steps=round(warmup * updates_per_epoch),
    )
