"""What a worker may not ask of the kernel: the rules of the filter, and the numbers of what they name.

The rules refuse what reaches beyond the process: new processes and programs, sockets, signals and attributes of others,
memory that no limit counts, mounts, and the interfaces that have no place in inference. Everything else, which the
libraries need in ways that nobody lists, is allowed; numbers above `CEILING` are not: they are newer than this table.

Numbers: asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64); None where an architecture lacks the call.
"""

from __future__ import annotations

from dataclasses import dataclass

CEILING = 462  # mseal, the last call that was looked at
CLONE_THREAD = 0x10000
AF_UNIX, SOCK_STREAM, SOCK_TYPE = 1, 1, 0xF
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ = 8, 10, 15, 1024, 1026, 1031
FIOASYNC, TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP = 0x5452, 0x5412, 0x541C, 0x8901, 0x8902
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_MM, PR_SET_PTRACER, PR_SCHED_CORE = 1, 4, 35, 0x59616D61, 62
PRIO_PROCESS, IOPRIO_WHO_PROCESS = 0, 1

NUMBERS: dict[str, tuple[int | None, int | None]] = {  # name: (x86_64, aarch64)
    "_sysctl": (156, None),
    "accept": (43, 202),
    "accept4": (288, 242),
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bind": (49, 200),
    "bpf": (321, 280),
    "chmod": (90, None),
    "chown": (92, None),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "connect": (42, 203),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fcntl": (72, 25),
    "finit_module": (313, 273),
    "fork": (57, None),
    "fremovexattr": (199, 16),
    "fsconfig": (431, 431),
    "fsetxattr": (190, 7),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "futimesat": (261, None),
    "init_module": (175, 105),
    "inotify_add_watch": (254, 27),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioctl": (16, 29),
    "ioperm": (173, None),
    "iopl": (172, None),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "lchown": (94, None),
    "listen": (50, 201),
    "lookup_dcookie": (212, 18),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "msgctl": (71, 187),
    "msgget": (68, 186),
    "msgrcv": (70, 188),
    "msgsnd": (69, 189),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "removexattr": (197, 14),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "semctl": (66, 191),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "setsid": (112, 157),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "truncate": (76, 45),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "utime": (132, None),
    "utimensat": (280, 88),
    "utimes": (235, None),
    "vfork": (58, None),
    "vhangup": (153, 58),
}
COLUMN = {"x86_64": 0, "aarch64": 1}

REFUSED = {
    "new processes and programs": "fork vfork execve execveat setsid setpgid",
    "sockets": "socket connect bind listen accept accept4",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_open "
    "pidfd_getfd pidfd_send_signal tkill rt_sigqueueinfo rt_tgsigqueueinfo",
    "memory that no limit counts": "memfd_create memfd_secret shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl "
    "semget semop semctl semtimedop mq_open mq_unlink",
    "owners and attributes of files": "chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr "
    "lremovexattr fremovexattr utime utimes futimesat",
    "file systems and handles": "mount umount2 move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr "
    "pivot_root chroot unshare setns name_to_handle_at open_by_handle_at fanotify_init fanotify_mark "
    "inotify_init inotify_init1 inotify_add_watch quotactl quotactl_fd swapon swapoff",
    "interfaces without use here": "io_uring_setup io_uring_enter io_uring_register io_setup io_submit bpf "
    "perf_event_open userfaultfd keyctl add_key request_key reboot kexec_load kexec_file_load init_module "
    "finit_module delete_module acct syslog vhangup personality settimeofday clock_settime clock_adjtime adjtimex "
    "sethostname setdomainname iopl ioperm modify_ldt lookup_dcookie nfsservctl uselib _sysctl migrate_pages",
}
# Answered with success, and nothing is done: `shutil.copy2` and archives set modes and times of what they write.
PRETENDED = "chmod fchmod fchmodat fchmodat2 utimensat"
# Answered as an unknown call: the C library then starts threads by `clone`, whose flags a filter can read.
UNKNOWN = "clone3"


@dataclass(frozen=True)
class Guard:
    """A call that is refused by one argument: all but `values`, or (`only=False`) `values` alone."""

    call: str
    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    only: bool = True


def guards(pid: int) -> list[Guard]:
    """Return the guards of the worker `pid`; several of one call must all be met."""
    me = (0, pid)
    return [
        Guard("clone", 0, (CLONE_THREAD,), CLONE_THREAD),
        Guard("socketpair", 0, (AF_UNIX,)),
        Guard("socketpair", 1, (SOCK_STREAM,), SOCK_TYPE),  # a datagram socket could still address others
        Guard("kill", 0, (pid,)),
        Guard("tgkill", 0, (pid,)),
        Guard("prlimit64", 0, me),
        Guard("move_pages", 0, me),
        *(Guard(f"sched_set{what}", 0, me) for what in ("affinity", "scheduler", "param", "attr")),
        Guard("setpriority", 0, (PRIO_PROCESS,)),
        Guard("setpriority", 1, me),
        Guard("ioprio_set", 0, (IOPRIO_WHO_PROCESS,)),
        Guard("ioprio_set", 1, me),
        Guard("fcntl", 1, (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ), only=False),
        # "Now" is a null pointer: `Path.touch` makes the file where this is refused, but not where it succeeded.
        Guard("utimensat", 2, (0,), only=False),
        Guard("ioctl", 1, (FIOASYNC, TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP), only=False),
        Guard("prctl", 0, (PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_MM, PR_SET_PTRACER, PR_SCHED_CORE), only=False),
    ]
