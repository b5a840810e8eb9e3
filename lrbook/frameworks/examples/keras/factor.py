import keras
from keras.optimizers import schedules


class Factor(schedules.ExponentialDecay):
    """Keras' own, with a floor."""

    def __init__(self, base_lr, factor, final_lr, updates_per_epoch):
        super().__init__(base_lr, updates_per_epoch, factor)
        self.final_lr = final_lr

    def __call__(self, step):
        return keras.ops.maximum(super().__call__(step), self.final_lr)


schedule = Factor
