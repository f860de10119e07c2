"""Facts as frozen data: what was seen, and what is reported.

Standard library only, no input, no output. A field's docstring is its description in the report's JSON Schema.
"""
