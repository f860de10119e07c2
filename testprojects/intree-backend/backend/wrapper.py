"""A project's own backend, in front of setuptools."""

from setuptools import build_meta


class Backend:
    """The hooks, as attributes of an object; there is no build_editable here, on purpose."""

    build_sdist = staticmethod(build_meta.build_sdist)
    get_requires_for_build_sdist = staticmethod(build_meta.get_requires_for_build_sdist)
    get_requires_for_build_wheel = staticmethod(build_meta.get_requires_for_build_wheel)

    @staticmethod
    def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
        """Build the wheel with setuptools."""
        return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
