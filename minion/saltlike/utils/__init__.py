"""`salt.utils`: before 2018 all helpers were functions of this module, and older plug-ins call them here."""
from __future__ import absolute_import, division, print_function

from salt.utils.args import clean_kwargs, invalid_kwargs                                                # noqa: F401
from salt.utils.data import (compare_dicts, compare_lists, exactly_one, filter_by, is_dictlist, is_iter,  # noqa: F401
                             is_list, is_true, repack_dictlist, traverse_dict, traverse_dict_and_list)
from salt.utils.files import (flopen, fopen, fpopen, is_fcntl_available, list_files, mkstemp,           # noqa: F401
                              rm_rf, safe_rm, set_umask)
from salt.utils.functools import alias_function, namespaced_function                                    # noqa: F401
from salt.utils.hashutils import get_hash                                                               # noqa: F401
from salt.utils.path import islink, readlink, which, which_bin                                           # noqa: F401
from salt.utils.platform import (is_aix, is_darwin, is_freebsd, is_linux, is_netbsd, is_openbsd,        # noqa: F401
                                 is_proxy, is_smartos, is_sunos, is_windows)
from salt.utils.stringutils import (contains_whitespace, dequote, is_quoted, to_bytes, to_none,         # noqa: F401
                                    to_num, to_str, to_unicode)
from salt.utils.versions import kwargs_warn_until, version_cmp, warn_until                              # noqa: F401
