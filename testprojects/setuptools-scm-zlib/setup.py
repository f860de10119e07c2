from setuptools import Extension, setup

setup(ext_modules=[Extension("squeeze._zlib", ["src/squeeze/_zlib.c"], libraries=["z"])])
