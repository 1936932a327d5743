"""Rights: signals in, one verdict out."""

from newscrawl.model import Licence
from newscrawl.rights import answers, declarations, hostfiles, hosts, robots, rsl, terms, wellknown
from newscrawl.rights.licences import LicenceError, Licences
from newscrawl.rights.notices import notices_in
from newscrawl.rights.verdict import CHANNELS, decide, signals_in, signals_in_page

__all__ = [
    "CHANNELS",
    "Licence",
    "LicenceError",
    "Licences",
    "answers",
    "decide",
    "declarations",
    "hostfiles",
    "hosts",
    "notices_in",
    "robots",
    "rsl",
    "signals_in",
    "signals_in_page",
    "terms",
    "wellknown",
]
