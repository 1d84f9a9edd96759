"""One machine, one command: set-up, embedded servers and the supervisor behind bin/run and bin/test.

Stdlib only: it runs before and around the application and shares no code with it.
"""
