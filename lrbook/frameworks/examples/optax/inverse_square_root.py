import jax.numpy as jnp


def schedule(base_lr, warmup, updates_per_epoch):
    def lr(count):
        t = count / updates_per_epoch
        return base_lr * jnp.minimum(
            t / warmup, jnp.sqrt(warmup / jnp.maximum(t, warmup))
        )

    return lr
