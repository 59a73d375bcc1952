"""The contract's functions and types under the names that componentize-py gives them.

Never decides anything: what is imported here goes through the door, what is exported is called by it.
"""
