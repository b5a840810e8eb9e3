import jax.numpy as jnp


def schedule(base_lr, updates_per_epoch):
    return lambda count: base_lr / jnp.sqrt(1 + count / updates_per_epoch)
