"""The layers that shut a worker in, each by one primitive of the Linux kernel; `worker.confine` puts them in order."""
