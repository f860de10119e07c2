from setuptools import setup

setup(
    name="legacy-words",
    version="1.0.2",
    description="A setup.py alone: no pyproject.toml, so the backend is setuptools' legacy one.",
    python_requires=">=3.9",
    py_modules=["legacy_words"],
)
