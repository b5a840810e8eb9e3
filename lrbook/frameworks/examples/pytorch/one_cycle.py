from torch.optim.lr_scheduler import OneCycleLR


def scheduler(
    optimizer, start_lr, max_lr, final_lr, rise, fall, updates_per_epoch
):
    up, down = [round(epochs * updates_per_epoch) for epochs in (rise, fall)]
    # It counts both ends, and refuses to be stepped past the last.
    return OneCycleLR(
        optimizer,
        max_lr,
        total_steps=up + down + 1,
        pct_start=(up + 1) / (up + down + 1),
        div_factor=max_lr / start_lr,
        final_div_factor=start_lr / final_lr,
        cycle_momentum=False,
    )
