def scheduler(schedule, updates_per_epoch):
    """For gluon.Trainer(params, "sgd", {"lr_scheduler": ...})."""
    return schedule.per_update(updates_per_epoch)
