from keras import config, ops
from keras.optimizers.schedules import LearningRateSchedule


class WarmupStableDecay(LearningRateSchedule):
    def __init__(
        self, base_lr, final_lr, warmup, stable, cooldown, updates_per_epoch
    ):
        self.rates = base_lr, final_lr
        epochs = warmup, stable, cooldown
        self.updates = [epoch * updates_per_epoch for epoch in epochs]

    def __call__(self, step):
        (high, low), (up, stay, down) = self.rates, self.updates
        step = ops.cast(step, config.floatx())
        left = 1 - ops.clip((step - up - stay) / down, 0, 1)
        return ops.minimum(step / up, 1) * (low + (high - low) * left)


schedule = WarmupStableDecay
