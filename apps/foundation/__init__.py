"""Plumbing every room stands on. It knows no service and no word of the domain."""
