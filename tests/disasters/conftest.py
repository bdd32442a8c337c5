"""Options of the golden lines."""


def pytest_addoption(parser):
    group = parser.getgroup("disasters")
    group.addoption("--update", action="store_true", help="write the lines that students read instead of comparing")
    group.addoption("--seed", type=int, default=7, help="seed of the hidden inputs: the lines are the same")
