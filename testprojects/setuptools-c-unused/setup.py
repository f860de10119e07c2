from setuptools import Extension, setup

# --as-needed is the default of some distributions' compilers and not of others: said here, so that every machine
# drops the library that nothing calls.
setup(
    ext_modules=[
        Extension("unused_link._level", ["unused_link/_level.c"], libraries=["bz2"], extra_link_args=["-Wl,--as-needed"])
    ]
)
