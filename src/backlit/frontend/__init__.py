"""The front end for people: from a folder, an sdist or ``NAME==VERSION`` to a wheel, an sdist and a report.

Here, and nowhere else, is the network reached: through pip.
"""
