"""Runs over a plan: fill, verify, measure, check, preview, retry, resume.

The package `stores` decides where pixels go.
"""
