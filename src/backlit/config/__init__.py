"""What the project, the environment and the front end ask for. The only reader of the environment.

Loaded inside every hook: see docs/adr/0007 for what that costs.
"""
