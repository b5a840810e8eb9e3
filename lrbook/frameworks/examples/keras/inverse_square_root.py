from keras import config, ops
from keras.optimizers.schedules import LearningRateSchedule


class InverseSquareRoot(LearningRateSchedule):
    def __init__(self, base_lr, warmup, updates_per_epoch):
        self.base_lr, self.first = base_lr, warmup * updates_per_epoch

    def __call__(self, step):
        step = ops.cast(step, config.floatx())
        falling = ops.sqrt(self.first / ops.maximum(step, self.first))
        return self.base_lr * ops.minimum(step / self.first, falling)


schedule = InverseSquareRoot
