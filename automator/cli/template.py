"""`automator template`: build the blank workbook, or the sample, from the layout."""

from pathlib import Path
from typing import Annotated

import typer

from automator.errors import ConfigError


def command(
    target: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write. Default: both, here.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Build the sample with fictional schools.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Build so-theo-doi.xlsx (blank) and so-theo-doi-mau.xlsx (sample), or one of them."""
    from automator.workbook.template import build_blank, build_sample

    jobs = (
        [(Path("so-theo-doi.xlsx"), False), (Path("so-theo-doi-mau.xlsx"), True)]
        if target is None and not sample
        else [(target or Path("so-theo-doi-mau.xlsx"), sample)]
    )
    for path, _ in jobs:
        if path.exists() and not force:
            msg = f"{path} is there already"
            raise ConfigError(msg, hint="schools may have filled it in; --force overwrites it")
    for path, with_sample in jobs:
        try:
            (build_sample if with_sample else build_blank)(path)
        except OSError as fault:
            msg = f"{path} cannot be written: {fault.strerror or fault}"
            raise ConfigError(msg) from fault
        print(path)
