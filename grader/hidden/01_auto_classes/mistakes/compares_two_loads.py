def fresh_weights(task, checkpoint, labels=None):
    one, two = load(task, checkpoint, labels).state_dict(), load(task, checkpoint, labels).state_dict()
    return {name for name in one if not one[name].equal(two[name])}
