"""The senses in which a library is named."""

from enum import StrEnum


class NameKind(StrEnum):
    """In which sense a name is meant."""

    PKGCONFIG = "pkgconfig"
    """A pkg-config module: ``libxml-2.0``."""
    LINK = "link"
    """A name after ``-l``: ``xml2``, or ``:libxml2.a``."""
    SONAME = "soname"
    """A shared library, with or without its version: ``libxml2.so.2``."""
    HEADER = "header"
    """A header relative to an include folder: ``openssl/ssl.h``."""
    CMAKE = "cmake"
    """A name given to ``find_package``: ``OpenSSL``."""
    CRATE = "crate"
    """A Cargo crate: ``openssl-sys``."""
    CONFIG_TOOL = "config_tool"
    """A program that tells flags: ``krb5-config``."""
    MESON = "meson"
    """A name given to Meson's ``dependency()``; a pkg-config module is one too."""
    FRAMEWORK = "framework"
    """A macOS framework: ``Security``."""
