"""Doors for programs: an HTTP API, an MCP server, and the guard before them and the page.

Its modules import FastAPI and the MCP SDK, which take seconds: import them when they are needed.
"""
