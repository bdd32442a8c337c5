"""
Tries:      to have the name of its folder obeyed: as an option, a command, a path, markup, a formula, a line
Stopped by: judge
Honest:     all
Folder:     --help;$(touch x)|[/red]=1+1 ..\n::error::x
"""
