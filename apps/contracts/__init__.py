"""Frozen value types that cross a service's door. They know no Django and do no I/O."""
