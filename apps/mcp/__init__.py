"""Hookloop as tools for a language model, over the Model Context Protocol. Calls the gateway's door only."""
