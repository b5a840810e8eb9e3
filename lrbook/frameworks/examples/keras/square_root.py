import keras


class SquareRoot(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, base_lr, updates_per_epoch):
        self.base_lr, self.updates_per_epoch = base_lr, updates_per_epoch

    def __call__(self, step):
        t = keras.ops.cast(step, keras.config.floatx()) / self.updates_per_epoch
        return self.base_lr / keras.ops.sqrt(1 + t)


schedule = SquareRoot
